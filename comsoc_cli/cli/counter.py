"""What every command has at hand: the office, the clock, and ways to say things."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.layout import on_screen
from comsoc_cli.cli.terminal import answer_to, json_text, shown
from comsoc_cli.errors import Refusal
from comsoc_cli.model.person import looks
from comsoc_cli.model.problem import Objection, Problem, Severity

if TYPE_CHECKING:
    from comsoc_cli.office.folder import Office

Json = typer.Option(False, "--json", help=N_("One JSON document on stdout and nothing else there."))


@dataclass
class Counter:
    """The state of one call: where the office is, whether a person watches the screen, what time it is."""

    folder: Path
    as_json: bool = False

    def office(self) -> "Office":
        """The office; raises NoOffice or SettingsUnusable."""
        from comsoc_cli.office.settings import open_office

        return open_office(self.folder)

    def say(self, text: str = "") -> None:
        """A result: on stdout, or on stderr where stdout is for JSON."""
        stream = sys.stderr if self.as_json else sys.stdout
        print(on_screen(text, stream), file=stream, flush=True)

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
    print(on_screen(text, sys.stderr), file=sys.stderr, flush=True)


def put(text: str = "") -> None:
    """A result on stdout, whose long lines go on between words."""
    print(on_screen(text, sys.stdout))


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


def words(text: str, option: str) -> str:
    """What a person gave for an option, on one line; refused where nothing of it can be seen."""
    line = " ".join(text.split())
    if text and not looks(line):
        raise typer.BadParameter(tr("there is nothing in it that can be read"), param_hint=option)
    return line


def agreed(question: str) -> bool:
    """Whether the person at the terminal says yes to a question; anything else is a no."""
    choice = tr("y/N")
    return answer_to(f"{question} [{choice}] ").casefold() in {"s", "si", "sí", "y", "yes"}
