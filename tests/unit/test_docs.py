"""README and docs are true: every command in them is run, every option and setting is named in them."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from support.docs import PAGES, blocks
from support.offices import ROOT

from comsoc_cli.cli.app import app
from comsoc_cli.model import settings
from comsoc_cli.model.release import Correction, Event, Image, Link, Release
from comsoc_cli.office.frontmatter_text import split


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_setting_is_in_the_docs() -> None:
    page = (ROOT / "docs/office.md").read_text(encoding="utf-8")
    tables = (
        settings.OfficeSettings, settings.PressContact, settings.Kind, settings.Sender, settings.Smtp, settings.Send,
        settings.LedgerSettings, settings.ApprovalRules, settings.EmbargoSettings, settings.Blackout,
    )  # fmt: skip
    written = {"since": "from"}
    missing = [
        field.name
        for table in tables
        for field in fields(table)
        if field.name != "domains" and not re.search(rf"^{written.get(field.name, field.name)} = ", page, re.M)
    ]
    assert not missing


def test_the_frontmatter_in_the_docs_is_the_one_that_is_read() -> None:
    example = next(block for block in blocks(ROOT / "docs/office.md", "yaml") if block.startswith("---"))
    matter, _, _ = split(example)
    ours = {field.name for field in fields(Release)}
    inner = {"slug", "body", "body_line", "path", "frontmatter", "files", "sources", "translations", "moved"}
    assert set(matter) == ours - inner
    for key, record in (("images", Image), ("links", Link), ("event", Event), ("correction", Correction)):
        found = matter[key][0] if isinstance(matter[key], list) else matter[key]
        told = {"all_day"}  # by how the days are written, and by nobody
        assert set(found) == {field.name for field in fields(record)} - told


def test_every_command_and_option_is_in_the_docs() -> None:
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    missing = []
    for path, command in all_commands(typer.main.get_command(app), ()):
        names = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        missing += [f"{' '.join(path)} {name}" for name in names if name not in page and "completion" not in name]
        if path and path[-1] not in page:
            missing.append(" ".join(path))
    assert not missing


def all_commands(command: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], typer.core.TyperCommand]]:
    yield path, command  # type: ignore[misc]
    for name, other in getattr(command, "commands", {}).items():
        yield from all_commands(other, (*path, name))
