"""comsoc new"""

import os
import shlex
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, note
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.terminal import shown

if TYPE_CHECKING:
    from datetime import datetime

    from comsoc_cli.office.folder import Office


def command(
    context: typer.Context,
    headline: str = typer.Argument(..., metavar="HEADLINE", help=N_("The headline, between quotation marks.")),
    kind: str = typer.Option(
        "boletin", "--kind", metavar="K", autocompletion=completion.kinds, help=N_("What sort of release.")
    ),
    segment: list[str] = typer.Option(
        [], "--segment", metavar="S", autocompletion=completion.segments, help=N_("For whom; may be repeated.")
    ),
    date: str = typer.Option(
        "", "--date", metavar="DATE", help=N_("The date it bears, such as “2026-11-23 10:00”; now if nothing is said.")
    ),
    embargo: str = typer.Option("", "--embargo", metavar="DATE", help=N_("Until when nobody may publish it.")),
    language: str = typer.Option(
        "", "--language", metavar="L", help=N_("The language of the text, such as es-MX or en.")
    ),
    no_edit: bool = typer.Option(False, "--no-edit", help=N_("Do not open the editor.")),
    as_json: bool = counter.Json,
) -> None:
    """Draft a release."""
    from comsoc_cli.office.drafting import Draft, UnknownKind, write_draft
    from comsoc_cli.rendering.templates import Templates

    here = counter.of(context, as_json)
    office = here.office()
    settings = office.settings
    if kind not in settings.kinds:
        raise UnknownKind(kind, list(settings.kinds))
    headline = " ".join(headline.encode("utf-8", "ignore").decode().split())
    if not headline:
        raise typer.BadParameter(tr("a headline is needed"), param_hint="HEADLINE")
    now = clock().astimezone(settings.zone).replace(second=0, microsecond=0)
    segments = tuple(segment) or _known(office, settings.kinds[kind].segments)
    _refuse_unknown(office, tuple(segment))
    draft = Draft(
        headline=headline,
        kind=kind,
        segments=segments,
        date=_moment("--date", date, office) if date else now,
        embargo=_moment("--embargo", embargo, office) if embargo else None,
        language=language,
        contact=next(iter(settings.press_contacts), ""),
        event_start=(now + timedelta(days=1)).replace(hour=10, minute=0) if settings.kinds[kind].invites else None,
    )
    templates = Templates(office.templates)
    name = f"new/{kind}.md" if templates.has(f"new/{kind}.md") else "new/release.md"
    wanted = language or settings.office.language
    values = {"headline": headline, "kind": kind, "language": wanted}
    path = write_draft(office, draft, templates.render(name, language=wanted, release=headline, values=values))
    here.answer({"slug": path.stem, "path": str(path)})
    if not as_json:
        print(shown(_from_here(path)))
        note("→ " + tr("Write the text there; then: {command}",
                       command=f"comsoc check {path.stem} && comsoc approve {path.stem}"))  # fmt: skip
    if not no_edit and here.is_terminal:
        _edit(path)


def _known(office: "Office", names: tuple[str, ...]) -> tuple[str, ...]:
    """The kind's usual segments, as far as the office has them."""
    from comsoc_cli.office.contacts import read_contacts

    book, _ = read_contacts(office)
    return tuple(name for name in names if name in book.segments)


def _refuse_unknown(office: "Office", names: tuple[str, ...]) -> None:
    from comsoc_cli.delivery.refusals import UnknownSegment
    from comsoc_cli.office.contacts import read_contacts

    if names:
        book, _ = read_contacts(office)
        for name in names:
            if name not in book.segments:
                raise UnknownSegment(name, list(book.segments))


def _moment(option: str, text: str, office: "Office") -> "datetime":
    from comsoc_cli.office.moments import UnsureHour, moment

    try:
        return moment(text, office.settings.zone).astimezone(office.settings.zone)
    except UnsureHour as fault:
        raise typer.BadParameter(told(fault.what), param_hint=option) from None
    except (ValueError, OverflowError):
        message = tr("“{found}” is no date; write it as 2026-11-23 10:00", found=text)
        raise typer.BadParameter(message, param_hint=option) from None


def _from_here(path: Path) -> str:
    """The path as a person in the current folder writes it."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _edit(path: Path) -> None:
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        note(tr("No editor was opened, since VISUAL and EDITOR name none; open the file with yours."))
        return
    try:
        subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError):
        note(tr("The editor “{editor}” could not be started; the draft is in {path}.", editor=editor, path=path))
