"""What a test reads back from the folder that it laid out."""

from collections.abc import Iterable
from pathlib import Path

from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.office.desk import Desk, read_desk
from comsoc_cli.office.settings import open_office


def the_desk(root: Path) -> Desk:
    """Everything on an office's desk."""
    return read_desk(open_office(root))


def the_release(root: Path, slug: str = "becas") -> Release:
    """A release of which a page can be made; the test fails with its problems if it cannot."""
    desk = the_desk(root)
    assert slug in desk.releases, sentences(desk.all_problems())
    return desk.releases[slug]


def the_problems(root: Path, slug: str = "becas") -> list[Problem]:
    """Every problem of one release on the desk."""
    return the_desk(root).problems[slug]


def rules(problems: Iterable[Problem]) -> list[str]:
    """The names of the rules, in order."""
    return sorted(problem.rule for problem in problems)


def sentences(problems: Iterable[Problem]) -> list[str]:
    """The problems as a person reads them in English."""
    return [f"{problem.path}:{problem.line}: {problem.message}" for problem in problems]
