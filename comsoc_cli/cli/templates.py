"""comsoc templates: what is packaged, and a copy of it for an office that wants its own."""

from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import note
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.cli.layout import table
from comsoc_cli.cli.terminal import shown
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from pathlib import Path

    from comsoc_cli.office.folder import Office

app = typer.Typer(no_args_is_help=True)


class NoSuchTemplate(Refusal):
    """A name that no packaged template has."""

    exit_code = USAGE

    def __init__(self, name: str) -> None:
        super().__init__(
            said("There is no template “{name}”.", name=name), said("“comsoc templates list” shows them all.")
        )


class TemplateThere(Refusal):
    """Nothing of the office's is ever overwritten."""

    exit_code = SAFEGUARD

    def __init__(self, path: "Path") -> None:
        super().__init__(
            said("{path} is there already and was left as it is.", path=path),
            said("Move it away first, if you want the packaged one again."),
        )


@app.command("list", help=N_("Show the packaged templates, and which of them the office replaces."))
def list_templates(context: typer.Context, as_json: bool = counter.Json) -> None:
    """Show the templates."""
    here = counter.of(context, as_json)
    office = here.office()
    names = packaged_templates()
    mine = own_templates(office)
    rows = [
        {"name": name, "own": name in mine, "packaged": name in names} for name in sorted({*names, *mine}, key=_order)
    ]
    here.answer({"templates": rows})
    if as_json:
        return
    print(
        table(
            [tr("Template"), tr("Whose")],
            [[str(row["name"]), tr("the office's own") if row["own"] else tr("packaged")] for row in rows],
        )
    )


@app.command("copy", help=N_("Copy a packaged template into templates/, to change it there."))
def copy_template(
    context: typer.Context,
    name: str = typer.Argument(..., metavar="NAME", help=N_("Such as page.html.")),
) -> None:
    """Copy a template."""
    from comsoc_cli.office.files import write_bytes
    from comsoc_cli.rendering.templates import packaged_folder

    office = counter.of(context).office()
    if name not in packaged_templates():
        raise NoSuchTemplate(name)
    path = office.templates / name
    if path.exists():
        raise TemplateThere(path)
    write_bytes(path, (packaged_folder() / name).read_bytes())
    print(shown(office.name_of(path)))
    extends = '{% extends "comsoc/' + name + '" %}'
    note(tr("A file that begins with {extends} and changes a block keeps up with new versions.", extends=extends))


def packaged_templates() -> set[str]:
    """The names of the packaged templates."""
    from comsoc_cli.rendering.templates import packaged_folder

    folder = packaged_folder()
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if path.parts[0] not in {"fonts", "init"}}


def own_templates(office: "Office") -> set[str]:
    """The names of the office's own; where the packaged ones lie there, as in this project, none."""
    from comsoc_cli.rendering.templates import packaged_folder

    folder = office.templates
    if not folder.is_dir() or folder.resolve() == packaged_folder().resolve():
        return set()
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _order(name: str) -> tuple[int, str]:
    return name.count("/"), name
