"""comsoc check: the listing, JSON, annotations, explanations, what is mended, and where else the copy desk is heard."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from support.copydesk import LEAD, found_on
from support.offices import ROOT, Layout, a_release

from comsoc_cli.copydesk import spelling
from comsoc_cli.copydesk.findings import Around
from comsoc_cli.copydesk.fixes import apply, fixes
from comsoc_cli.copydesk.rule import Finding, Rule
from comsoc_cli.copydesk.structure import EMPTY
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import said
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office


def test_the_hook_for_pre_commit_runs_check_when_an_office_changes() -> None:
    [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "comsoc check"
    assert hook["pass_filenames"] is False
    changed = ["releases/becas.md", "releases/becas/foto.jpg", "comsoc.toml", "contacts.yaml", "dictionary.txt"]
    assert all(re.search(hook["files"], path) for path in changed)
    assert not [
        path for path in ("docs/comsoc.toml", "README.md", "dist/press/x.html") if re.search(hook["files"], path)
    ]


def _spaces(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for found in re.finditer(r"(?<=\S)  +(?=\S)|x+", copy.body):
        message = said("too many spaces")
        yield Finding(
            start=found.start(), end=found.end(), message=message, replacement="ñ" if "x" in found[0] else " "
        )


SPACES = replace(EMPTY, name="spaces", look=_spaces, fixable=True)


def mended(root: Path, rule: Rule = SPACES) -> bytes:
    office = open_office(root)
    release = read_desk(office).releases["becas"]
    found = list(fixes(release, [rule], Around(settings=office.settings)))
    apply(release.path, found)
    return release.path.read_bytes()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_mending_changes_its_places_and_no_other_byte(office: Layout, mark: bytes, ends: bytes) -> None:
    head = "---\nheadline:   Becas  2027   # dos  espacios\nkind: boletin\ndate: 2026-11-23 10:00\n---\n\n"
    before = f"{head}  Hoy  arrancan   las becas.  \nDos  más\n\nxx y  fin.  \n\n".encode()
    after = f"{head}  Hoy arrancan las becas.  \nDos más\n\nñ y fin.  \n\n".encode()
    root = office({"releases/becas.md": mark + before.replace(b"\n", ends)})
    assert mended(root) == mark + after.replace(b"\n", ends)
    assert mended(root) == mark + after.replace(b"\n", ends), "and the second time there is nothing to do"


def test_what_cannot_be_mended_safely_is_left_alone(office: Layout) -> None:
    before = a_release(f"{LEAD}  Sí.")
    root = office({"releases/becas.md": before})
    assert mended(root, replace(SPACES, fixable=False)) == before.encode()
    (root / "releases/becas.md").write_text(a_release(f"<!-- comsoc: allow spaces Es un verso. -->\n{LEAD}  Sí."))
    assert "  Sí." in mended(root).decode()


def test_without_a_dictionary_nothing_is_said_of_spelling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "FOLDERS", (str(tmp_path),))
    assert spelling.dictionary("es_MX", f"{tmp_path}:/nonexistent") is None


def test_the_sample_releases_have_nothing_that_an_editor_would_change() -> None:
    assert [(one.where, one.rule) for one in found_on(ROOT) if one.severity != "info"] == []
