"""Who must not be written to: suppressions.yaml."""

from datetime import date
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.model.contact import Suppression
from comsoc_cli.model.problem import Problem
from comsoc_cli.office.addresses import NoAddress, address_expected, normalised, visible
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.marked_yaml import Marked, MarkedList, read_mapping, salvaged
from comsoc_cli.office.moments import day
from comsoc_cli.office.validation import unknown_key, wrong_value

_KEYS = ("email", "since", "reason", "detail")


def read_suppressions(office: Office) -> tuple[dict[str, Suppression], list[Problem]]:
    """The suppressions by address key, and every problem of the file."""
    path = office.name_of(office.suppressions)
    if not office.suppressions.exists():
        return {}, []
    problems: list[Problem] = []
    try:
        data = read_mapping(read_text(office.suppressions))
    except FileFault as fault:
        problems = [Problem(path=path, line=one.line, rule=one.rule, message=one.message) for one in fault.all()]
        data = _what_is_sound(office)
    problems += [unknown_key(path, key, ("suppressions",), data.lines[key]) for key in data if key != "suppressions"]
    entries = data.get("suppressions")
    if entries is None:
        return {}, problems
    if not isinstance(entries, MarkedList):
        expected = said("a list of addresses with “email: …”")
        return {}, [*problems, wrong_value(path, data.lines["suppressions"], "suppressions", entries, expected)]
    found: dict[str, Suppression] = {}
    for line, entry in zip(entries.lines, entries, strict=True):
        suppression, wrong = _suppression(entry, path, line)
        problems += wrong
        if suppression:
            found.setdefault(suppression.key, suppression)
    return found, problems


def _what_is_sound(office: Office) -> Marked:
    """The entries that can be read: a person who asked to be left alone is, whatever stands beside it."""
    try:
        return read_mapping(salvaged(read_text(office.suppressions)).text)
    except FileFault:
        return Marked(1)


def _suppression(entry: Any, path: str, line: int) -> tuple[Suppression | None, list[Problem]]:
    if not isinstance(entry, Marked):
        return None, [wrong_value(path, line, "suppressions", entry, said("a group of “key: value” lines"))]
    problems = [unknown_key(path, key, _KEYS, entry.lines[key]) for key in entry if key not in _KEYS]
    email, since = str(entry.get("email") or ""), entry.get("since")
    try:
        address = normalised(email)
    except NoAddress:
        return None, [
            *problems,
            wrong_value(path, entry.lines.get("email", line), "email", visible(email), address_expected(email)),
        ]
    try:
        day_since = day(str(since)) if since is not None else date.min
    except ValueError:
        day_since = date.min  # a slip in the date must not let the address be written to
        problems.append(wrong_value(path, entry.lines["since"], "since", since, said("a date such as 2026-11-23")))
    return (
        Suppression(
            email=address,
            since=day_since,
            reason=str(entry.get("reason") or ""),
            detail=str(entry.get("detail") or ""),
        ),
        problems,
    )
