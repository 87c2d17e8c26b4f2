"""The command line: every verb has a file of its own."""

from pathlib import Path

import typer

from comsoc_cli import __version__
from comsoc_cli.cli import (
    approve,
    build,
    check,
    contacts,
    correct,
    embargo,
    init,
    kill,
    new,
    releases,
    send,
    status,
    templates,
)
from comsoc_cli.cli.counter import Counter
from comsoc_cli.cli.language import N_, tr

app = typer.Typer(
    name="comsoc",
    help=N_("Write, render and distribute the releases of a press office."),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "color": False},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"comsoc {__version__}")
        raise typer.Exit


@app.callback()
def office(
    context: typer.Context,
    folder: Path = typer.Option(
        Path(), "--office", metavar="DIR", help=N_("The office's folder, if it is not this one.")
    ),
    lang: str = typer.Option("", "--lang", metavar="es|en", help=N_("The language that comsoc speaks.")),
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help=N_("Show the version and end.")
    ),
) -> None:
    """What comes before the command."""
    if lang and lang.split("-")[0] not in {"es", "en"}:
        raise typer.BadParameter(tr("“{found}” is none of {known}", found=lang, known="es, en"), param_hint="--lang")
    context.obj = Counter(folder=folder)


app.command("init", help=N_("Lay out a new office with one example release."))(init.command)
app.command("new", help=N_("Draft a release from its kind's template."))(new.command)
app.command("list", help=N_("Show the releases with number, date, status and headline."))(releases.command)
app.command("check", help=N_("Show every problem of office, contacts and releases."))(check.command)
app.command("build", help=N_("Render what changed: pages, PDFs, mails and the public site."))(build.command)
app.command("approve", help=N_("Copy a release into the vault under an approval."))(approve.command)
app.command("send", help=N_("Distribute approved releases to segments of the contact book."))(send.command)
app.command("correct", help=N_("Open the next revision of a release that was sent."))(correct.command)
app.command("embargo", help=N_("Lift or move an embargo, and tell everybody who has it."))(embargo.command)
app.command("kill", help=N_("Declare a release of no effect, and tell all who may have it."))(kill.command)
app.command("status", help=N_("Show what was sent to whom and what came of it."))(status.command)
app.add_typer(contacts.app, name="contacts", help=N_("The contact book: who is written to."))
app.add_typer(templates.app, name="templates", help=N_("The templates: what is packaged, and copies of your own."))
