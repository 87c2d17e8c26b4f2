"""A command reads and loads what is asked for: the files that it opens, and the libraries that it imports."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import email_validator
import pytest
from support.offices import PIXEL, a_release, an_environment, an_office, comsoc

from comsoc_cli.office.addresses import RESERVED

PROBE = """
import json, sys
opened = []
def hook(event, args):
    if event == "open" and isinstance(args[0], str):
        opened.append(args[0])
sys.addaudithook(hook)
from comsoc_cli.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, opened, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


@dataclass(frozen=True)
class Seen:
    """What a call opened below the office, and what it imported."""

    code: int
    opened: Counter[str]
    modules: frozenset[str]


def seen(office: Path, *words: str) -> Seen:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words],
        cwd=office,
        env=an_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    code, opened, modules = json.loads(done.stderr.splitlines()[-1])
    root = f"{office.resolve()}{os.sep}"
    below = Counter(path.removeprefix(root) for path in opened if path.startswith(root))
    return Seen(code, below, frozenset(modules))


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """An office with two approved releases with pictures, one of them sent some time ago."""
    files: dict[str, str | bytes | None] = {"releases/becas.md": None}
    for slug in ("becas", "agua"):
        image = {"src": "foto.png", "alt": "La fachada de la escuela"}
        files[f"releases/{slug}/index.md"] = a_release(headline=f"Arranca {slug}", image=image)
        files[f"releases/{slug}/foto.png"] = PIXEL
    office = an_office(tmp_path, files)
    for slug in ("becas", "agua"):
        done = comsoc(office, "approve", slug)
        assert done.code == 0, done.said
    assert comsoc(office, "send", "becas", "--segment", "media", "--yes").code == 0
    return office


PICTURE = "approved/becas/r1/foto.png"


def test_status_of_one_release_reads_no_other(sent: Path) -> None:
    found = seen(sent, "status", "becas")
    assert found.code == 0
    assert not [path for path in found.opened if "agua" in path and not path.startswith("dispatches")]


def test_list_loads_neither_the_ledgers_library_nor_the_validator_of_odd_addresses(sent: Path) -> None:
    found = seen(sent, "list")
    assert found.code == 0
    assert not found.modules & {"sqlalchemy", "email_validator", "weasyprint", "jinja2", "markdown", "rich"}
    [row] = [row for row in comsoc(sent, "list", "--json").json["releases"] if row["slug"] == "becas"]
    assert row["status"] == "sent"


def test_list_reads_a_picture_of_the_vault_again_only_when_it_changed(sent: Path) -> None:
    time.sleep(2.1)  # what is younger may change again without another time
    first = seen(sent, "list").opened[PICTURE]
    assert seen(sent, "list").opened[PICTURE] == first - 1
    before = (sent / PICTURE).stat()
    (sent / PICTURE).write_bytes(PIXEL[:-1] + b"\x00")
    os.utime(sent / PICTURE, ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = comsoc(sent, "list", "--json").json["releases"]
    assert ["vault" in row["objections"] for row in changed if row["slug"] == "becas"] == [True]


def test_a_send_reads_what_it_sends_whatever_list_remembers(sent: Path) -> None:
    picture = PICTURE.replace("becas", "agua")
    before = seen(sent, "send", "agua", "--segment", "media", "--dry-run").opened
    time.sleep(2.1)
    seen(sent, "list")
    assert seen(sent, "send", "agua", "--segment", "media", "--dry-run").opened[picture] == before[picture] > 0


def test_an_office_without_a_folder_of_its_own_gets_none_from_a_listing(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    assert comsoc(office, "list").code == 0
    assert not (office / ".comsoc").exists()


def test_a_ledger_that_is_damaged_is_told_by_a_listing_as_before(sent: Path) -> None:
    for end in ("-wal", "-shm"):
        (sent / ".comsoc" / f"ledger.db{end}").unlink(missing_ok=True)
    (sent / ".comsoc" / "ledger.db").write_bytes(b"nothing that a database begins with" * 100)
    assert comsoc(sent, "list").code == 5


def test_the_names_that_nobody_has_a_mailbox_under_are_the_validators() -> None:
    assert sorted(RESERVED) == sorted(email_validator.SPECIAL_USE_DOMAIN_NAMES)


def made(office: Path) -> dict[str, int]:
    """When each file of the newsroom's releases was written."""
    folder = office / "dist" / "site" / "releases"
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_a_build_of_one_release_leaves_the_pages_of_others_that_only_settings_made_old(sent: Path) -> None:
    assert comsoc(sent, "build").code == 0
    before = made(sent)
    settings = sent / "comsoc.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("667 000", "667 111"), encoding="utf-8")
    done = comsoc(sent, "build", "becas", "--json").json
    assert (done["waiting"], [one["slug"] for one in done["releases"]]) == (["agua"], ["becas"])
    after = made(sent)
    assert {name: time for name, time in after.items() if name.startswith("agua/")} == {
        name: time for name, time in before.items() if name.startswith("agua/")
    }
    assert after["becas/index.html"] != before["becas/index.html"]
    index = (sent / "dist" / "site" / "index.html").read_text(encoding="utf-8")
    assert "Arranca agua" in index
    assert "Arranca becas" in index
    assert comsoc(sent, "build", "--json").json["waiting"] == []
    assert made(sent)["agua/index.html"] != before["agua/index.html"]


def test_a_build_of_one_release_in_a_new_newsroom_names_what_is_not_there(sent: Path) -> None:
    done = comsoc(sent, "build", "becas", "--only", "web").out
    assert "1 other pages of the newsroom" in done
    assert {name.split("/")[0] for name in made(sent)} == {"becas"}
    assert "Arranca agua" not in (sent / "dist" / "site" / "index.html").read_text(encoding="utf-8")


def test_a_build_of_one_release_takes_away_what_another_may_not_show_any_more(sent: Path) -> None:
    assert comsoc(sent, "build").code == 0
    assert comsoc(sent, "kill", "agua", "--reason", "Falso", "--yes").code in (0, 4)
    assert comsoc(sent, "build", "becas").code == 0
    page = sent / "dist" / "site" / "releases" / "agua" / "index.html"
    assert "El programa arranca hoy" not in (page.read_text(encoding="utf-8") if page.exists() else "")
    assert not (page.parent / "foto.png").exists()
