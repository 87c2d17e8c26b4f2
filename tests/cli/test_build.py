"""Building: a kit for every release on the desk, and a public site that shows only what anyone may have."""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from support.offices import PIXEL, Layout, a_release, an_environment, an_office, comsoc
from support.processes import a_full_disk, ended, is_alive, running, until

MONDAY_NOON = "2026-11-23T19:00:00+00:00"
TUESDAY = "2026-11-24T19:00:00+00:00"
A_FOLDER = {
    "releases/becas.md": None,
    "releases/becas/index.md": a_release(
        images=[{"src": "foto.png", "alt": "Un aula", "caption": "Aula uno"}],
        attachments=["anexo.pdf"],
        topics=["educacion"],
        body="El programa arranca hoy.\n\n![Una mesa](mesa.png)\n",
    ),
    "releases/becas/index.en.md": a_release(headline="Scholarship programme begins", body="It begins today."),
    "releases/becas/foto.png": PIXEL,
    "releases/becas/mesa.png": PIXEL,
    "releases/becas/anexo.pdf": b"%PDF-1.4 anexo",
}


def names(folder: Path) -> set[str]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


def built(folder: Path, *words: str, code: int = 0, **more: str) -> dict[str, Any]:
    """What a build says in JSON; by slug under "by"."""
    answer = comsoc(folder, "build", "--json", *words, **more)
    assert answer.code == code, answer.err
    document: dict[str, Any] = answer.json
    return {**document, "by": {one["slug"]: one for one in document["releases"]}}


def test_a_kit_and_the_site_hold_the_files_of_the_contract(office: Layout) -> None:
    folder = office(A_FOLDER)
    assert comsoc(folder, "approve", "becas").code == 0
    document = built(folder)
    kit = names(folder / "dist/press/becas")
    assert {"index.html", "becas.pdf", "email.html", "email.txt", "email.eml", "becas.txt"} <= kit
    assert {"media/foto.png", "media/mesa.png", "media/anexo.pdf"} <= kit
    assert any(name.startswith("index") and "en" in name for name in kit - {"index.html"}), "the translation's page"
    site = names(folder / "dist/site")
    assert {"index.html", "feed.atom", "feed.json", "sitemap.xml", "releases/becas/index.html"} <= site
    assert {"releases/becas/becas.pdf", "releases/becas/media/foto.png"} <= site
    assert not [name for name in site if "email" in name]
    assert not [name for name in kit | site if name.startswith(".") or ".tmp" in name]
    one = document["by"]["becas"]
    assert set(document) - {"by"} == {"releases", "site", "waiting", "seconds"}
    assert set(one) == {"slug", "status", "rendered", "unchanged", "outputs", "problems"}
    assert (one["status"], one["rendered"], one["unchanged"]) == ("approved", ["web", "pdf", "email"], [])
    assert set(one["outputs"]) == {"web", "pdf", "email_html", "email_text", "email"}
    assert all(Path(path).is_file() for path in one["outputs"].values())
    assert Path(document["site"]) == folder / "dist/site"
    assert document["seconds"] > 0


def test_the_specimen_mail_is_to_nobody_and_bears_the_date_of_the_release(office: Layout) -> None:
    folder = office()
    built(folder, "--only", "email")
    message = message_from_bytes((folder / "dist/press/becas/email.eml").read_bytes(), policy=policy.default)
    [recipient] = message["To"].addresses
    assert recipient.domain.endswith((".example", ".invalid", ".test"))
    assert message["Date"].datetime.isoformat() == "2026-11-23T10:00:00-07:00"
    contacts = (folder / "contacts.yaml").read_text()
    assert recipient.addr_spec not in contacts


def test_a_second_build_renders_nothing_and_a_changed_release_only_itself(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua para el sur")})
    built(folder, "--only", "web")
    before = {name: (folder / "dist" / name).stat().st_mtime_ns for name in names(folder / "dist")}
    again = built(folder, "--only", "web")
    assert {slug: one["rendered"] for slug, one in again["by"].items()} == {"agua": [], "becas": []}
    assert again["by"]["agua"]["unchanged"] == ["web"]
    assert {name: (folder / "dist" / name).stat().st_mtime_ns for name in names(folder / "dist")} == before
    (folder / "releases/agua.md").write_text(a_release(headline="Más agua para el sur"))
    third = built(folder, "--only", "web")
    assert third["by"]["agua"]["rendered"] == ["web"]
    assert third["by"]["becas"]["rendered"] == []
    assert built(folder, "--only", "web", "--force")["by"]["becas"]["rendered"] == ["web"]


def test_a_file_of_a_kit_that_was_lost_is_made_again(office: Layout) -> None:
    folder = office()
    built(folder, "--only", "web")
    (folder / "dist/press/becas/becas.txt").unlink()
    assert built(folder, "--only", "web")["by"]["becas"]["rendered"] == ["web"]
    assert (folder / "dist/press/becas/becas.txt").is_file()


def test_the_same_office_gives_the_same_bytes_anywhere_at_any_time(tmp_path: Path) -> None:
    trees: list[dict[str, bytes]] = []
    for name, now in (("one", MONDAY_NOON), ("two/deeper", TUESDAY)):
        folder = an_office(tmp_path / name, A_FOLDER)
        assert comsoc(folder, "approve", "becas", now=MONDAY_NOON).code == 0
        built(folder, now=now, TZ="Asia/Tokyo" if name == "one" else "UTC", PYTHONHASHSEED=str(len(trees)))
        trees.append(contents(folder / "dist"))
    assert trees[0].keys() == trees[1].keys()
    assert [name for name in trees[0] if trees[0][name] != trees[1][name]] == []


def test_only_the_outputs_that_were_asked_for_are_rendered(office: Layout) -> None:
    folder = office()
    document = built(folder, "--only", "web,email")
    assert document["by"]["becas"]["rendered"] == ["web", "email"]
    assert set(document["by"]["becas"]["outputs"]) == {"web", "email_html", "email_text", "email"}
    kit = names(folder / "dist/press/becas")
    assert "becas.pdf" not in kit
    assert {"index.html", "email.eml"} <= kit
    built(folder, "--only", "pdf")
    assert names(folder / "dist/press/becas") == kit | {"becas.pdf"}


def test_only_the_releases_that_were_asked_for_are_rendered_and_the_others_stay(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua")})
    built(folder, "--only", "web")
    document = built(folder, "becas", "--force", "--only", "web")
    assert list(document["by"]) == ["becas"]
    assert (folder / "dist/press/agua/index.html").is_file()


def test_a_build_may_go_to_another_folder(office: Layout, tmp_path: Path) -> None:
    folder = office()
    document = built(folder, "--only", "web", "--output", str(tmp_path / "elsewhere"))
    assert "index.html" in names(tmp_path / "elsewhere/press/becas")
    assert Path(document["site"]) == tmp_path / "elsewhere/site"
    assert not (folder / "dist").exists()


def test_what_others_keep_in_the_folder_stays(office: Layout, tmp_path: Path) -> None:
    theirs = [tmp_path / "web" / name for name in ("press/tesis/tesis.doc", "site/releases/vieja/a.html", "site/b.txt")]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not comsoc's")
    built(office(), "--only", "web", "--output", str(tmp_path / "web"))
    assert [path.name for path in theirs if not path.exists()] == []


def test_a_folder_elsewhere_holds_nothing_of_a_killed_release_though_nobody_remembers_it(
    office: Layout, tmp_path: Path
) -> None:
    folder, web = office(A_FOLDER), tmp_path / "web"
    assert comsoc(folder, "approve", "becas").code == 0
    built(folder, "--only", "web", "--output", str(web))
    (web / "de-otros.txt").write_text("not comsoc's")
    assert "releases/becas/media/mesa.png" in names(web / "site")
    assert comsoc(folder, "kill", "becas", "--reason", "Era falso", "--yes").code == 0
    shutil.rmtree(folder / ".comsoc")
    shutil.rmtree(folder / "releases")
    built(folder, "--only", "web", "--output", str(web))
    left = {name.removeprefix("releases/becas/") for name in names(web / "site") if name.startswith("releases/")}
    assert left == {"index.html", "index.en.html", "ninjs.json"}
    assert names(web / "press") == set()
    assert (web / "de-otros.txt").exists()


def test_a_broken_release_keeps_no_other_from_being_built(office: Layout) -> None:
    folder = office(
        {
            "releases/rota.md": "---\nheadline: [\n---\n",
            "releases/mala.md": a_release(headline="Mala", date="2026-13-01"),
            "releases/agua.md": a_release(headline="Agua"),
        }
    )
    document = built(folder, "--only", "web", code=1)
    assert names(folder / "dist/press/becas")
    assert names(folder / "dist/press/agua")
    assert document["by"]["rota"]["rendered"] == []
    [problem] = [one for one in document["by"]["mala"]["problems"] if one["severity"] == "error"]
    assert (problem["path"], problem["field"]) == ("releases/mala.md", "date")
    said = comsoc(folder, "build", "--only", "web").err
    assert "releases/mala.md:" in said
    assert "releases/rota.md:" in said


def test_a_missing_picture_is_a_visible_placeholder_and_a_warning(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(images=[{"src": "falta.png", "alt": "El aula nueva"}])})
    document = built(folder, "--only", "web")
    [problem] = document["by"]["becas"]["problems"]
    assert problem["severity"] == "warning"
    assert "falta.png" in problem["message"]
    assert "El aula nueva" in (folder / "dist/press/becas/index.html").read_text()


def test_what_a_release_no_longer_has_leaves_its_kit(office: Layout) -> None:
    folder = office({**A_FOLDER, "releases/agua.md": a_release(headline="Agua")})
    built(folder, "--only", "web")
    assert "media/mesa.png" in names(folder / "dist/press/becas")
    (folder / "releases/becas/index.md").write_text(a_release(body="Sin fotos."))
    (folder / "releases/becas/index.en.md").unlink()
    (folder / "releases/agua.md").unlink()
    built(folder, "--only", "web")
    assert names(folder / "dist/press/becas") == {"index.html", "becas.txt", "becas.whatsapp.txt"}
    assert not (folder / "dist/press/agua").exists()


SECRETS = {
    "borrador": a_release(headline="SECRETOBORRADOR", body="SECRETOBORRADOR"),
    "embargada": a_release(
        headline="SECRETOEMBARGO", body="SECRETOEMBARGO", date="2026-11-23 10:00", embargo="2026-11-24 09:00",
        segments=["acreditada"],
    ),
    "futura": a_release(headline="SECRETOFUTURO", body="SECRETOFUTURO", date="2026-11-24 09:00"),
    "nota": a_release(headline="SECRETOTARJETA", body="SECRETOTARJETA", kind="tarjeta", segments=[]),
}  # fmt: skip


def test_nothing_of_what_is_not_public_stands_anywhere_in_the_site(office: Layout) -> None:
    folder = office({f"releases/{slug}.md": text for slug, text in SECRETS.items()})
    for slug in ("becas", "embargada", "futura", "nota"):
        assert comsoc(folder, "approve", slug).code == 0
    built(folder, "--only", "web")
    site = folder / "dist/site"
    found = b"\0".join([*(name.encode() for name in names(site)), *contents(site).values()])
    assert b"SECRETO" not in found
    assert not [slug for slug in SECRETS if slug.encode() in found]
    assert "releases/becas/index.html" in names(site)
    built(folder, "--only", "web", now=TUESDAY)
    later = b"".join(contents(site).values())
    assert b"SECRETOEMBARGO" in later
    assert b"SECRETOFUTURO" in later
    assert b"SECRETOBORRADOR" not in later
    assert b"SECRETOTARJETA" not in later
    feed = json.loads((site / "feed.json").read_text())
    assert [item["title"] for item in feed["items"]][-1] == "Arranca el programa estatal de becas"
    assert len(feed["items"]) == 3


def test_the_site_shows_what_was_approved_whatever_becomes_of_the_desk(office: Layout) -> None:
    folder = office({f"releases/{slug}.md": a_release(headline=slug.title()) for slug in ("agua", "luz")})
    for slug in ("becas", "agua", "luz"):
        comsoc(folder, "approve", slug)
    (folder / "releases/becas.md").write_text(a_release(headline="TITULARNUEVO"))
    (folder / "releases/agua.md").unlink()
    document = built(folder, "--only", "web")
    assert {slug: one["status"] for slug, one in document["by"].items()} == {"becas": "changed", "luz": "approved"}
    press, site = contents(folder / "dist/press"), contents(folder / "dist/site")
    assert b"TITULARNUEVO" in b"".join(press.values())
    assert b"TITULARNUEVO" not in b"".join(site.values())
    assert "releases/agua/index.html" in site, "what was taken off the desk stays public"
    assert not (folder / "dist/press/agua").exists()
    [text] = (folder / "approved/luz").rglob("*.md")
    text.write_text(text.read_text().replace("arranca hoy", "se cancela"))
    built(folder, "--only", "web")
    assert not (folder / "dist/site/releases/luz").exists(), "a vault that was edited by hand is not published"
    assert b"se cancela" not in b"".join(contents(folder / "dist/site").values())


def test_a_build_says_that_a_release_was_sent(office: Layout) -> None:
    folder = office()
    comsoc(folder, "approve", "becas")
    comsoc(folder, "send", "becas", "--segment", "media", "--yes")
    assert built(folder, "--only", "email")["by"]["becas"]["status"] == "sent"


def refused_for_want_of_room(code: int, err: str, place: str = "dist") -> None:
    assert code == 5
    assert "Traceback" not in err
    assert place in err
    assert len(err.strip().splitlines()) <= 3


def test_a_full_disk_ends_the_build_with_a_sentence_and_leaves_no_half_file(office: Layout) -> None:
    folder = office()
    with a_full_disk(folder / "dist"):
        answer = comsoc(folder, "build")
        refused_for_want_of_room(answer.code, answer.err)
        for name in names(folder / "dist"):
            assert not Path(name).name.startswith("."), "no temporary file stays behind"
            assert not name.endswith(".pdf"), "what has no room is not there at all"
    assert comsoc(folder, "build").code == 0


def test_a_limit_on_the_size_of_files_ends_the_build_with_a_sentence(office: Layout) -> None:
    folder = office()
    done = subprocess.run(
        [sys.executable, "-m", "comsoc_cli", "build"],
        cwd=folder,
        env=an_environment(),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000)),
        timeout=60,
    )
    refused_for_want_of_room(done.returncode, done.stderr, ".comsoc")
    assert not [name for name in names(folder / "dist") if name.endswith(".pdf")]


@pytest.mark.parametrize("place", ["dist", "dist/press", "dist/press/becas", "dist/site"])
def test_a_build_that_cannot_write_says_where(office: Layout, place: str) -> None:
    folder = office()
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text("in the way")
    answer = comsoc(folder, "build", "--only", "web")
    assert answer.code == 5, answer.said
    assert place in answer.err


MANY = {f"releases/r{number}.md": a_release(headline=f"Número {number}") for number in range(4)}


def test_a_second_build_at_once_is_refused_and_a_killed_one_is_no_obstacle(office: Layout) -> None:
    folder = office(MANY)
    press = folder / "dist/press"
    with running(folder, "build", "--jobs", "1", "--only", "web,pdf", TMPDIR=str(folder.parent)) as first:
        until(lambda: press.is_dir() and list(press.rglob("*.pdf")))
        os.kill(first.pid, signal.SIGSTOP)
        second = comsoc(folder, "build", "--json")
        assert (second.code, second.out) == (5, "")
        assert str(first.pid) in second.err
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    document = built(folder, "--jobs", "1", "--only", "web,pdf")
    assert all(one["outputs"] and not one["problems"] for one in document["by"].values())
    fresh = an_office(folder.parent / "fresh", MANY)
    built(fresh, "--jobs", "1", "--only", "web,pdf")
    assert contents(folder / "dist") == contents(fresh / "dist")


def test_a_killed_build_leaves_no_worker_behind(office: Layout) -> None:
    folder = office(MANY)
    with running(folder, "build", "--jobs", "2", "--only", "web,pdf") as first:
        until(lambda: (folder / "dist/press").is_dir() and list((folder / "dist/press").rglob("*.pdf")))
        children = [int(pid) for pid in Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()]
        assert children
        first.kill()
        first.wait()
        try:
            until(lambda: not any(map(is_alive, children)), seconds=10)
        finally:
            for pid in filter(is_alive, children):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_build_leaves_nothing_in_the_folder_for_temporary_files(office: Layout, tmp_path: Path, jobs: str) -> None:
    folder, scratch = office(MANY), tmp_path / "scratch"
    scratch.mkdir()
    done = comsoc(folder, "build", "--jobs", jobs, "--only", "web,pdf", TMPDIR=str(scratch))
    assert (done.code, names(scratch)) == (0, set())


def test_what_a_killed_build_rendered_with_goes_with_its_workers(office: Layout, tmp_path: Path) -> None:
    folder, scratch = office(MANY), tmp_path / "scratch"
    scratch.mkdir()
    with running(folder, "build", "--jobs", "2", "--only", "web,pdf", TMPDIR=str(scratch)) as first:
        until(lambda: rendered_with(scratch))
        first.kill()
        first.wait()
        until(lambda: not rendered_with(scratch), seconds=10)


def rendered_with(scratch: Path) -> list[str]:
    """The folders that the renderer keeps; looked for while they come and go."""
    return [name for _, names, _ in os.walk(scratch) for name in names if name.startswith("weasyprint-")]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_build_with_130_and_the_same_command_goes_on(office: Layout, jobs: str) -> None:
    folder = office(MANY)
    with running(folder, "build", "--jobs", jobs, "--only", "web,pdf", "--json") as first:
        until(lambda: (folder / "dist/press").is_dir() and list((folder / "dist/press").rglob("*.pdf")))
        os.killpg(first.pid, signal.SIGINT)
        answer = ended(first)
    assert (answer.code, answer.out) == (130, "")
    assert built(folder, "--only", "web")["by"].keys() == {*(f"r{number}" for number in range(4)), "becas"}


def test_a_build_folder_that_was_taken_away_is_made_again(office: Layout) -> None:
    folder = office()
    built(folder, "--only", "web")
    shutil.rmtree(folder / "dist")
    assert built(folder, "--only", "web")["by"]["becas"]["rendered"] == ["web"]
    assert (folder / "dist/press/becas/index.html").is_file()


def test_a_link_that_is_a_script_stands_on_no_page_and_in_no_mail(office: Layout) -> None:
    links = [{"title": "Audio", "url": "javascript:alert(1)"}, {"title": "Video", "url": "https://x.example/v"}]
    folder = office({"releases/becas.md": a_release(links=links)})
    built(folder)
    for path in (folder / "dist/press/becas").iterdir():
        if path.is_file():
            assert b"javascript:" not in path.read_bytes()
    assert "https://x.example/v" in (folder / "dist/press/becas/index.html").read_text(encoding="utf-8")


def test_a_foreign_tag_within_an_attribute_closes_no_quotation_mark(office: Callable[..., Path]) -> None:
    body = """<a href='{{" onclick="alert(1)" x="}}'>hola</a>"""
    root = office({"releases/becas.md": a_release(body)})
    comsoc(root, "build")
    assert 'onclick="alert(1)"' not in (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
