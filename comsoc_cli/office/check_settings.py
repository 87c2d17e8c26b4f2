"""The tables [check] and [style] of comsoc.toml: what of them nothing can be done with.

Whether a rule of that name exists is told by the copy desk, which has them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.folder import SETTINGS
from comsoc_cli.office.validation import Place, unknown_key, wrong_value

OFF = "off"
EVERY_KIND = "*"
_SEVERITIES = {*(severity.value for severity in Severity), OFF}


def with_limits(data: dict[str, Any]) -> None:
    """A limit that stands alone is one for every kind."""
    check = data.get("check")
    limits = check.get("limits") if isinstance(check, dict) else None
    if isinstance(limits, dict):
        for rule, limit in limits.items():
            limits[rule] = limit if isinstance(limit, dict) else {EVERY_KIND: limit}


def check_faults(settings: Settings, line: Callable[[Place], int | None]) -> Iterator[Problem]:
    """Values of the right type that are of no use; `line` tells where a key stands."""
    for rule, severity in settings.check.severity.items():
        if severity not in _SEVERITIES:
            place = ("check", "severity", rule)
            expected = said("“error”, “warning”, “info” or “off”")
            yield wrong_value(SETTINGS, line(place), ".".join(place), severity, expected)
    yield from _limit_faults(settings, line)
    for term, better in settings.style.terms.items():
        if not term.strip(" *") or not (term + better).isprintable():
            yield wrong_value(SETTINGS, line(("style", "terms", term)), "style.terms", term, said("a text on one line"))
    for name in settings.style.officials:
        if not name.strip() or not name.isprintable():
            yield wrong_value(SETTINGS, line(("style", "officials")), "style.officials", name, said("a person’s name"))


def _limit_faults(settings: Settings, line: Callable[[Place], int | None]) -> Iterator[Problem]:
    for rule, limits in settings.check.limits.items():
        for kind, limit in limits.items():
            place = ("check", "limits", rule, kind)
            if not 0 <= limit < float("inf"):
                expected = said("a number that is not negative")
                yield wrong_value(SETTINGS, line(place), ".".join(place), limit, expected)
            if kind not in {*settings.kinds, EVERY_KIND}:
                yield unknown_key(SETTINGS, ".".join(place), tuple(settings.kinds), line(place))
