"""comsoc check"""

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import counted, problem_json, problem_line
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.model.problem import Problem


def command(
    context: typer.Context,
    release: list[str] = typer.Argument(
        None,
        metavar="RELEASE",
        autocompletion=completion.slugs,
        help=N_("Slugs or paths; every release if nothing is said."),
    ),
    strict: bool = typer.Option(False, "--strict", help=N_("Warnings count as errors.")),
    as_json: bool = counter.Json,
) -> None:
    """Show every problem."""
    here = counter.of(context, as_json)
    problems = _problems(here, release or [])
    errors, warnings = counted(problems)
    here.answer({"problems": [problem_json(problem) for problem in problems], "errors": errors, "warnings": warnings})
    if not as_json:
        for problem in problems:
            print(problem_line(problem))
        print(
            tr("{errors} errors, {warnings} warnings.", errors=errors, warnings=warnings)
            if problems
            else tr("No problems.")
        )
    if errors or (strict and warnings):
        raise counter.stop(1)


def _problems(here: counter.Counter, wanted: list[str]) -> list[Problem]:
    from comsoc_cli.checks.office import office_problems
    from comsoc_cli.office.desk import find_slugs, read_desk
    from comsoc_cli.office.folder import SettingsUnusable

    try:
        office = here.office()
    except SettingsUnusable as refusal:
        return refusal.problems
    slugs = find_slugs(office, wanted) if wanted else None
    return office_problems(office, read_desk(office, slugs), slugs)
