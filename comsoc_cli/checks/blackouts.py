"""Blackouts that do not say whether the site hides what was public before."""

from collections.abc import Iterator

from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.folder import SETTINGS, Office
from comsoc_cli.office.settings import line_in_settings


def blackout_problems(office: Office) -> Iterator[Problem]:
    """A warning for each of them; until it is answered the site hides what was public before, as the law is safe with.

    A warning and no error: nothing that is sent waits for the answer.
    """
    for number, blackout in enumerate(office.settings.blackouts):
        if blackout.hide_site is None:
            yield Problem(
                path=SETTINGS,
                line=line_in_settings(office, ("blackouts", number)),
                field=f"blackouts[{number + 1}].hide_site",
                severity=Severity.WARNING,
                rule="hide-site",
                message=said(
                    "“{name}” does not say whether the site hides what was public before: write hide_site = true or"
                    " hide_site = false, as the legal department says; until then the site hides it",
                    name=blackout.name,
                ),
            )
