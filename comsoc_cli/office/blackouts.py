"""The [[blackouts]] of comsoc.toml: periods as people write them."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Blackout
from comsoc_cli.model.zones import zone_named
from comsoc_cli.office.folder import SETTINGS
from comsoc_cli.office.moments import UnsureHour, moment
from comsoc_cli.office.validation import Place, wrong_value

_A_DAY = timedelta(days=1) - timedelta(microseconds=1)


def with_moments(data: dict[str, Any], line: Callable[[Place], int | None]) -> list[Problem]:
    """Make moments of `from`, `until` and `signed_since`; a day alone is meant from its beginning, or to its end.

    Problems are hours that clocks show twice, or never; `line` tells where a place stands.
    """
    entries = data.get("blackouts")
    zone, problems = _zone(data), []
    approval = data.get("approval")
    if isinstance(approval, dict) and "signed_since" in approval:
        with contextlib.suppress(UnsureHour):
            approval["signed_since"] = _moment(approval["signed_since"], zone)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        begins = entry.pop("from", entry.get("since")) if isinstance(entry, dict) else None
        ends = entry.get("until") if isinstance(entry, dict) else None
        for key, written, value in (("since", "from", begins), ("until", "until", ends)):
            if value is None:
                continue
            try:
                entry[key] = _moment(value, zone, to_its_end=key == "until")
            except UnsureHour as fault:
                entry[key] = fault.moment
                field, place = f"blackouts[{number + 1}].{written}", ("blackouts", number, written)
                problems.append(
                    Problem(path=SETTINGS, line=line(place), field=field, rule="unsure-hour", message=fault.what)
                )
    return problems


def place_as_written(place: Place) -> Place:
    """A place in the settings by the name that people write, since `from` is no name for a field."""
    return (*place[:2], "from") if place[:1] == ("blackouts",) and place[2:] == ("since",) else place


def blackout_problems(blackouts: Iterable[Blackout], line: Callable[[Place], int | None]) -> Iterator[Problem]:
    """What is wrong with them; `line` tells where a place stands."""
    for number, blackout in enumerate(blackouts):
        for key, found, expected in _faults(blackout):
            place = ("blackouts", number, key)
            yield wrong_value(SETTINGS, line(place), f"blackouts[{number + 1}].{key}", found, expected)


def _faults(blackout: Blackout) -> Iterator[tuple[str, object, Message]]:
    """What is wrong with one: key, value, and what is expected."""
    if not blackout.name.strip():
        yield "name", blackout.name, said("what the period is called")
    if blackout.until and blackout.until < blackout.since:
        yield "until", f"{blackout.until:%Y-%m-%d %H:%M}", said("a moment after {since}", since=blackout.since)


def _zone(data: Mapping[str, Any]) -> tzinfo:
    office = data.get("office")
    name = office.get("timezone", "America/Mazatlan") if isinstance(office, dict) else "America/Mazatlan"
    with contextlib.suppress(ValueError, OSError, TypeError, KeyError):
        return zone_named(name)
    return UTC  # the wrong zone is told by itself


def _moment(value: object, zone: tzinfo, *, to_its_end: bool = False) -> object:
    """A moment; what is none stays as it is, and is told where settings are validated. Raises UnsureHour."""
    text = str(value).strip()
    try:
        found = moment(text, zone)
    except UnsureHour:
        raise
    except ValueError:
        return value if isinstance(value, str) else text
    is_day = (isinstance(value, date) and not isinstance(value, datetime)) or ":" not in text
    return found + _A_DAY if to_its_end and is_day else found
