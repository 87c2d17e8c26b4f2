"""What every command has at hand: the office, the clock, and ways to say things."""

import os
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.terminal import answer_to, harmless, json_text, shown, width
from comsoc_cli.errors import Refusal
from comsoc_cli.model.problem import Objection, Problem, Severity

if TYPE_CHECKING:
    from comsoc_cli.office.folder import Office

#: Before what stands below its row.
_BELOW = " " * 8
#: What stands before the words of a line: an indent, a mark, the name of a row.
_BEGINNING = re.compile(r"\s*(?:→ |✗ )?(?:\S[^\n]*?\s{2,})?")

Json = typer.Option(False, "--json", help=N_("One JSON document on stdout and nothing else there."))


@dataclass
class Counter:
    """The state of one call: where the office is, whether somebody is watching, what time it is."""

    folder: Path
    as_json: bool = False

    def office(self) -> "Office":
        """The office; raises NoOffice or SettingsUnusable."""
        from comsoc_cli.office.settings import open_office

        return open_office(self.folder)

    def say(self, text: str = "") -> None:
        """A result: on stdout, or on stderr where stdout is for JSON."""
        stream = sys.stderr if self.as_json else sys.stdout
        print(_on_screen(text, stream), file=stream, flush=True)

    def answer(self, document: dict[str, Any]) -> None:
        """The one JSON document, where it was asked for."""
        if self.as_json:
            print(json_text(document, getattr(sys.stdout, "shown_in", "utf-8")), flush=True)

    @property
    def is_terminal(self) -> bool:
        """Whether a person can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def is_watched(self) -> bool:
        """Whether a person sees stderr, and a moving display makes sense."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def of(context: typer.Context, as_json: bool = False) -> Counter:
    """The counter of a call."""
    counter: Counter = context.obj
    counter.as_json = as_json
    return counter


def clock() -> datetime:
    """Now. COMSOC_NOW sets another moment, for tests and rehearsals."""
    given = os.environ.get("COMSOC_NOW")
    if given:
        with suppress(ValueError):
            moment = datetime.fromisoformat(given)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.now(UTC)


def note(text: str) -> None:
    """Progress or a hint: always on stderr."""
    print(_on_screen(text, sys.stderr), file=sys.stderr, flush=True)


def refuse(refusal: Refusal, prefix: str = "") -> None:
    """One sentence that names the thing and the place, then what to do next."""
    note(f"{prefix}{told(refusal.message)}")
    if refusal.hint:
        note("→ " + told(refusal.hint))


def stop(code: int) -> "typer.Exit":
    """What a command raises to end with an exit code."""
    return typer.Exit(code)


_SEVERITIES = {Severity.ERROR: N_("error"), Severity.WARNING: N_("warning"), Severity.INFO: N_("info")}


def problem_line(problem: Problem) -> str:
    """releases/becas.md:14  error  fecha: “…” was found …"""
    field = f"{problem.field}: " if problem.field and problem.field != "body" else ""
    return shown(f"{problem.where}  {tr(_SEVERITIES[problem.severity])}  {field}{told(problem.message)}")


def problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "field": problem.field,
        "severity": problem.severity.value,
        "rule": problem.rule,
        "message": told(problem.message),
        "column": problem.column,
        "words": problem.words,
        "suggestion": problem.suggestion,
    }


def objection_json(objection: Objection) -> dict[str, str]:
    return {"rule": objection.rule, "message": told(objection.message), "lifted_by": told(objection.lifted_by)}


def counted(problems: Iterable[Problem]) -> tuple[int, int]:
    """How many errors and warnings."""
    found = list(problems)
    return (
        sum(1 for problem in found if problem.severity is Severity.ERROR),
        sum(1 for problem in found if problem.severity is Severity.WARNING),
    )


def agreed(question: str) -> bool:
    """Whether somebody says yes to a question on the terminal; anything else is a no."""
    return answer_to(f"{question} [{tr('y/N')}] ").casefold() in {"s", "si", "sí", "y", "yes"}


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Columns that line up; nothing is cut, so that a slug can be copied.

    On a terminal that is too narrow for them, the widest columns of words stand below their row.
    """
    return "\n".join(table_rows(headings, rows))


def table_rows(headings: list[str], rows: list[list[str]]) -> list[str]:
    """The headings and each row of a `table`, of one line or more."""
    columns, room = list(range(len(headings))), _room(sys.stdout)
    rows = [[shown(cell) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in (headings, *rows)) for column in columns]
    below: list[int] = []
    wordy = [column for column in columns if any(" " in row[column].strip() for row in rows)]
    while room and wordy and sum(widths[column] + 2 for column in columns) - 2 > room:
        widest = max(wordy, key=lambda column: widths[column])
        wordy.remove(widest)
        columns.remove(widest)
        below = sorted([*below, widest])
    told = []
    for row in (headings, *rows):
        lines = ["  ".join(_filled(row[column], widths[column]) for column in columns).rstrip()]
        for column in below if row is not headings else ():
            name = f"{headings[column]}: " if headings[column] else ""
            lines += _wrapped(f"{_BELOW}{name}{row[column]}", room) if row[column].strip() else []
        told.append("\n".join(lines))
    return told


def _filled(cell: str, columns: int) -> str:
    return cell + " " * (columns - width(cell))


def _room(stream: Any) -> int:
    """How many characters a line of the terminal has; 0 where nobody looks at one."""
    if not stream.isatty():
        return 0
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _on_screen(text: str, stream: Any) -> str:
    """A text whose long lines go on between words and below their beginning, where a terminal shows it."""
    room, text = _room(stream), harmless(text)
    if not room:
        return text
    return "\n".join(line if width(line) <= room else "\n".join(_wrapped(line, room)) for line in text.split("\n"))


def _wrapped(line: str, room: int) -> list[str]:
    import textwrap

    beginning = _BEGINNING.match(line)
    indent = len(beginning[0]) if beginning and len(beginning[0]) <= room // 2 else 0
    return textwrap.wrap(line, room, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
