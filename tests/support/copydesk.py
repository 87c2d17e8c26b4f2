"""What the copy desk says of a text."""

from collections.abc import Callable
from pathlib import Path

from comsoc_cli.copydesk.findings import text_problems
from comsoc_cli.copydesk.office import knowledge
from comsoc_cli.copydesk.rules import RULES
from comsoc_cli.model.problem import Problem
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office

from .offices import a_release

LEAD = "El Gobierno del Estado puso en marcha hoy el programa estatal de becas, con apoyo para 48 mil estudiantes."


def found_on(root: Path) -> list[Problem]:
    """Everything that the rules say of an office's releases."""
    office = open_office(root)
    desk = read_desk(office)
    around = knowledge(office, desk)
    return [
        problem
        for slug, release in desk.releases.items()
        for problem in text_problems(release, RULES, around[slug], path=office.name_of(release.path))
    ]


def rules_on(root: Path) -> set[str]:
    return {problem.rule for problem in found_on(root)}


def told(office: Callable[..., Path], rule: str, body: str = LEAD, **changes: object) -> list[Problem]:
    """What one rule says of a release with this body."""
    root = office({"releases/becas.md": a_release(body, **changes)})
    return [problem for problem in found_on(root) if problem.rule == rule]
