"""comsoc init"""

from pathlib import Path

import typer

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import clock
from comsoc_cli.cli.language import N_, tr

#: The scaffold's templates, and where they are laid down.
PLACES = {
    "comsoc.toml": "comsoc.toml",
    "contacts.yaml": "contacts.yaml",
    "suppressions.yaml": "suppressions.yaml",
    "gitignore": ".gitignore",
    "LEEME.md": "LEEME.md",
    "ejemplo.md": "releases/ejemplo.md",
}
DEFAULT_NAME = "Coordinación de Comunicación Social"


def command(
    context: typer.Context,
    folder: Path = typer.Argument(Path(), metavar="DIR", help=N_("Where; this folder if nothing is said.")),
    name: str = typer.Option("", "--name", metavar="NAME", help=N_("The office's name.")),
    as_json: bool = counter.Json,
) -> None:
    """Lay out a new office."""
    from comsoc_cli.model.settings import OfficeSettings
    from comsoc_cli.model.zones import zone_named
    from comsoc_cli.office import git
    from comsoc_cli.office.drafting import AnOfficeAlready, found_office
    from comsoc_cli.office.moments import written
    from comsoc_cli.rendering.templates import Templates

    here = counter.of(context, as_json)
    target = folder if folder != Path() else here.folder
    if (target / "comsoc.toml").exists():
        raise AnOfficeAlready(target.resolve())
    if not name and here.is_terminal:
        name = typer.prompt(tr("The office's name"), default=DEFAULT_NAME, err=True)
    name = " ".join(name.split()) or DEFAULT_NAME
    now = clock().astimezone(zone_named(OfficeSettings(name=name).timezone))
    values = {"name": name, "date": written(now)}
    templates = Templates(None)
    files = {
        place: templates.render(f"init/{source}", language="es", release="init", values=values)
        for source, place in PLACES.items()
    }
    paths = found_office(target, files)
    git.start(target)
    here.answer({"office": str(target.resolve()), "written": [str(path) for path in paths]})
    here.say(tr("A new office lies in {folder}:", folder=target.resolve()))
    for path in paths:
        here.say(f"  {path.relative_to(target)}")
    first = "" if target.resolve() == Path.cwd().resolve() else f"cd {target} && "
    here.say(tr("Next: {command}", command=f"{first}comsoc build"))
    here.say(tr("Then: {command}", command="comsoc approve ejemplo && comsoc send ejemplo --segment media"))
