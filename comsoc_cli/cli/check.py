"""comsoc check"""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, counted, problem_json, problem_line, put
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.terminal import shown
from comsoc_cli.model.problem import Problem, Severity

if TYPE_CHECKING:
    from comsoc_cli.office.desk import Desk
    from comsoc_cli.office.folder import Office

_MOST = 3  #: of one rule in one text, where every release is checked
#: What GitHub calls them in a workflow's output.
_ANNOTATIONS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def command(
    context: typer.Context,
    release: list[str] = typer.Argument(
        None,
        metavar="RELEASE",
        autocompletion=completion.slugs,
        help=N_("Slugs or paths; every release if nothing is said."),
    ),
    strict: bool = typer.Option(False, "--strict", help=N_("Warnings count as errors.")),
    verbose: bool = typer.Option(False, "--verbose", help=N_("Show what is for information as well.")),
    fix: bool = typer.Option(False, "--fix", help=N_("Mend what is safe: spaces, quotation marks, dashes.")),
    yes: bool = typer.Option(False, "--yes", help=N_("Do not ask.")),
    explain: str = typer.Option("", "--explain", metavar="RULE", help=N_("Say what a rule wants, and why.")),
    layout: str = typer.Option(
        "text", "--format", metavar="text|github", help=N_("How problems are printed; github: as annotations.")
    ),
    as_json: bool = counter.Json,
) -> None:
    """Show every problem."""
    here = counter.of(context, as_json)
    if layout not in {"text", "github"}:
        raise typer.BadParameter(
            tr("“{found}” is none of {known}", found=layout, known="text, github"), param_hint="--format"
        )
    if explain:
        _explain(here, explain)
        return
    from comsoc_cli.checks.contacts import NOWHERE, many_nowhere

    problems, headlines, fixed = _problems(here, release or [], fix=fix, yes=yes)
    errors, warnings = counted(problems)
    document: dict[str, Any] = {
        "problems": [problem_json(problem) for problem in problems],
        "errors": errors,
        "warnings": warnings,
    }
    if not release:
        document["nowhere"] = many_nowhere(problems)
    here.answer({**document, "fixed": fixed} if fix else document)
    if not as_json:
        shown = [one for one in problems if verbose or release or one.severity is not Severity.INFO]
        _show(shown, headlines, layout, most=None if verbose or release else _MOST)
        if layout == "text":
            beside = [one for one in problems if one.rule == NOWHERE and one not in shown]
            _sum_up(errors, warnings, len(problems) - len(shown) - len(beside))
            for problem in beside:
                put(told(problem.message))
    if errors or (strict and warnings):
        raise counter.stop(1)


def _show(problems: list[Problem], headlines: dict[str, str], layout: str, most: int | None) -> None:
    """Each problem, by release; of one rule in one text no more than `most`."""
    if layout == "github":
        for problem in problems:
            print(_annotation(problem))
        return
    for path, group in groupby(problems, key=lambda problem: problem.path):
        if path in headlines:
            put(shown(headlines[path]))
        many: Counter[str] = Counter()
        for problem in sorted(group, key=lambda problem: (problem.line or 0, problem.column or 0)):
            many[problem.rule] += 1
            if path not in headlines or most is None or many[problem.rule] <= most:
                _show_one(problem)
        if path in headlines:
            for rule, count in many.items():
                if most is not None and count > most:
                    put("    " + tr("and {many} more of {rule}", many=count - most, rule=rule))
            put()


def _show_one(problem: Problem) -> None:
    put(f"{problem_line(problem)}  [{problem.rule}]")  # from the first column on, where editors look for it
    if beside := _beside(problem):
        put(shown(f"    {beside}"))


def _beside(problem: Problem) -> str:
    """The words in question and what might stand there, as far as the sentence does not say them."""
    message = told(problem.message)
    if problem.suggestion and problem.suggestion not in message:
        return f"“{problem.words}”  →  “{problem.suggestion}”" if problem.words else f"→  “{problem.suggestion}”"
    return f"“{problem.words}”" if problem.words and problem.words not in message else ""


def _sum_up(errors: int, warnings: int, hidden: int) -> None:
    if errors or warnings:
        put(tr("{errors} errors, {warnings} warnings.", errors=errors, warnings=warnings))
    else:
        put(tr("No problems."))
    if hidden:
        put(tr("{many} more for information: comsoc check --verbose", many=hidden))


def _annotation(problem: Problem) -> str:
    """A line that a workflow of GitHub shows beside the text (workflow commands: properties are escaped)."""
    places = {"file": problem.path, "line": problem.line, "col": problem.column, "title": problem.rule}
    named = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in places.items() if value)
    text = told(problem.message)
    if problem.suggestion and problem.suggestion not in text:
        text += f" → {problem.suggestion}"
    return f"::{_ANNOTATIONS[problem.severity]} {named}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    for letter in "%\r\n" + more:
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def _explain(here: counter.Counter, name: str) -> None:
    from comsoc_cli.cli.rules import explained, explanation, found_rule
    from comsoc_cli.errors import Refusal

    rule = found_rule(name)
    try:
        settings = here.office().settings
    except Refusal:
        settings = None  # a rule can be explained anywhere
    document = explanation(rule, settings)
    here.answer(document)
    if not here.as_json:
        put(explained(document))


def _problems(
    here: counter.Counter, wanted: list[str], *, fix: bool, yes: bool
) -> tuple[list[Problem], dict[str, str], int]:
    """Every problem, the headlines by the path of their text, and how many places were mended before."""
    from comsoc_cli.checks.office import office_problems
    from comsoc_cli.cli.mending import mend
    from comsoc_cli.office.desk import find_slugs, read_desk
    from comsoc_cli.office.folder import SettingsUnusable

    try:
        office = here.office()
    except SettingsUnusable as refusal:
        return refusal.problems, {}, 0
    slugs = find_slugs(office, wanted) if wanted else None
    desk = read_desk(office, slugs)
    fixed = mend(here, office, desk, yes=yes) if fix else 0
    if fixed:
        desk = read_desk(office, slugs)
    today = clock().astimezone(office.settings.zone).date()
    return office_problems(office, desk, slugs, today=today), dict(_headlines(office, desk)), fixed


def _headlines(office: "Office", desk: "Desk") -> "Iterable[tuple[str, str]]":
    for release in desk.releases.values():
        for text in release.texts:
            yield office.name_of(text.path), text.headline
