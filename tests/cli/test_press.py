"""Nothing is done twice: what a build reads and renders anew, and what it says of that."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.offices import Layout, a_release, an_office, comsoc
from support.pages import grown_old

TUESDAY = "2026-11-24T19:00:00+00:00"
WEB = ("--only", "web")


def built(folder: Path, *words: str, **more: str) -> dict[str, Any]:
    """What a build says of its releases, by slug."""
    answer = comsoc(folder, "build", "--json", *words, **more)
    assert answer.code == 0, answer.err
    return {one["slug"]: one for one in answer.json["releases"]}


def explained(folder: Path, slug: str, *words: str, **more: str) -> dict[tuple[str, str], str]:
    """Why, by place and output; nothing where it would not be rendered."""
    answer = comsoc(folder, "build", slug, "--explain", "--json", *words, **more)
    assert answer.code == 0, answer.err
    return {
        (one["place"], one["output"]): "; ".join(one["reasons"]) if one["rendered"] or not one["output"] else ""
        for one in answer.json["explanations"]
    }


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def approved(tmp_path: Path) -> Path:
    """An office with an approved release, built for the web."""
    folder = an_office(tmp_path / "office", {"releases/agua.md": a_release(headline="Agua para el sur")})
    assert comsoc(folder, "approve", "becas").code == 0
    built(folder, *WEB)
    return folder


def test_what_did_not_change_is_not_even_read(approved: Path) -> None:
    grown_old(approved)
    built(approved, *WEB)
    # Bytes that cannot be read would be told of, were they read; the file keeps its place, size and times.
    with closing(sqlite3.connect(approved / ".comsoc/build.db")) as base:
        marks = dict(base.execute("SELECT slug, desk_marks FROM readings"))
    assert "?" not in marks["becas"]
    assert built(approved, *WEB)["becas"]["unchanged"] == ["web"]


def test_a_text_that_was_touched_is_read_and_not_rendered(approved: Path) -> None:
    before = times(approved / "dist")
    (approved / "releases/becas.md").touch()
    assert built(approved, *WEB)["becas"]["rendered"] == []
    assert times(approved / "dist") == before


def test_an_edited_release_leaves_every_other_file_alone(approved: Path) -> None:
    before = times(approved / "dist")
    (approved / "releases/agua.md").write_text(a_release(headline="Otra agua"))
    assert built(approved, *WEB)["agua"]["rendered"] == ["web"]
    after = times(approved / "dist")
    changed = {Path(name).parent.name for name in after if after[name] != before.get(name)}
    assert changed == {"agua"}


def test_a_kit_and_a_newsroom_that_show_the_same_hold_the_same_bytes(approved: Path) -> None:
    kit, room = approved / "dist/press/becas", approved / "dist/site/releases/becas"
    page = (room / "index.html").read_text(encoding="utf-8")
    # The page in the newsroom leads back to its lists also as a file; a kit has no lists beside it.
    back = page.replace('href="../../index.html"', 'href="https://prensa.sinaloa.example"')
    assert (kit / "index.html").read_text(encoding="utf-8") == back != page


def test_the_moment_itself_renders_what_waited_for_it(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(embargo="2026-11-24 09:00", segments=["acreditada"])})
    comsoc(folder, "approve", "becas")
    built(folder, *WEB)
    assert not (folder / "dist/site/releases/becas").exists()
    assert explained(folder, "becas", *WEB)[("site/releases/becas", "")].startswith("“becas” becomes public on")
    said = explained(folder, "becas", *WEB, now=TUESDAY)
    assert "its state “embargoed” was true and is false" in said[("press/becas", "web")]
    built(folder, *WEB, now=TUESDAY)
    assert (folder / "dist/site/releases/becas/index.html").is_file()


def test_a_template_renders_only_the_outputs_that_it_reaches(office: Layout) -> None:
    folder = office()
    built(folder, "--only", "web,pdf")
    (folder / "templates").mkdir()
    (folder / "templates/pdf.html").write_text("<html lang=es><title>x</title><h1>{{ release.headline }}</h1></html>")
    said = explained(folder, "becas", "--only", "web,pdf")
    assert said[("press/becas", "web")] == ""
    assert "the template pdf.html has changed" in said[("press/becas", "pdf")]
    assert built(folder, "--only", "web,pdf")["becas"]["rendered"] == ["pdf"]


def test_an_explanation_names_what_changed_and_builds_nothing(approved: Path) -> None:
    assert set(explained(approved, "becas", *WEB).values()) == {""}
    text = approved / "releases/becas.md"
    text.write_text(text.read_text() + "\nMás.\n")
    settings = approved / "comsoc.toml"
    settings.write_text(settings.read_text().replace("667 000 0000", "667 000 0001"))
    (approved / "dist/site/releases/becas/index.html").unlink()
    before = times(approved / "dist")
    said = explained(approved, "becas", *WEB)
    assert "releases/becas.md has changed" in said[("press/becas", "web")]
    assert "[press_contacts] in comsoc.toml has changed" in said[("press/becas", "web")]
    assert "site/releases/becas/index.html is missing" in said[("site/releases/becas", "web")]
    assert "it was not made yet" in explained(approved, "becas", "--only", "pdf")[("press/becas", "pdf")]
    assert times(approved / "dist") == before
    answer = comsoc(approved, "build", "becas", "--explain", *WEB)
    assert "press/becas  web  would be rendered: " in answer.out


def test_an_explanation_is_of_releases_that_are_named(office: Layout) -> None:
    answer = comsoc(office(), "build", "--explain")
    assert answer.code == 2
    assert "--explain" in answer.err


def test_the_mail_server_reaches_no_document(approved: Path) -> None:
    settings = approved / "comsoc.toml"
    settings.write_text(settings.read_text() + '\n[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\n')
    assert built(approved, *WEB)["becas"]["rendered"] == []


def test_pages_alone_make_no_pdf_but_none_contradicts_its_page(office: Layout) -> None:
    folder = office()
    comsoc(folder, "approve", "becas")
    built(folder, *WEB)
    assert not list((folder / "dist").rglob("*.pdf"))
    built(folder)
    pdf = folder / "dist/site/releases/becas/becas.pdf"
    before = pdf.read_bytes()
    text = folder / "releases/becas.md"
    text.write_text(text.read_text() + "\nSe corrige.\n")
    assert comsoc(folder, "approve", "becas").code == 0
    built(folder, *WEB)
    assert pdf.read_bytes() != before


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_cache_that_is_none_is_begun_anew(approved: Path, content: bytes) -> None:
    (approved / ".comsoc/build.db").write_bytes(content)
    assert built(approved, *WEB)["becas"]["rendered"] == ["web"]
    assert built(approved, *WEB)["becas"]["unchanged"] == ["web"]


def test_without_its_cache_a_build_still_withdraws_first(approved: Path) -> None:
    (approved / ".comsoc/build.db").unlink()
    (approved / "approved/becas/r1/index.md").unlink()
    built(approved, *WEB)
    assert not (approved / "dist/site/releases/becas").exists()
    assert "becas" not in (approved / "dist/site/index.html").read_text()


def test_the_faults_of_one_release_leave_the_newsroom_of_the_others(office: Layout) -> None:
    files = {f"releases/r{number}.md": a_release(headline=f"Número {number}") for number in range(3)}
    template = "{{ (1 // (1 if release.slug != 'r1' else 0)) }}{{ release.headline }}"
    folder = office({**files, "templates/release.txt": template})
    for slug in ("r0", "r1", "r2"):
        comsoc(folder, "approve", slug)
    answer = comsoc(folder, "build", "--json", *WEB)
    assert answer.code == 1
    by = {one["slug"]: one for one in answer.json["releases"]}
    assert by["r1"]["problems"]
    assert by["r0"]["rendered"] == by["r2"]["rendered"] == ["web"]
    feed = json.loads((folder / "dist/site/feed.json").read_text())
    assert {item["title"] for item in feed["items"]} == {"Número 0", "Número 2"}
