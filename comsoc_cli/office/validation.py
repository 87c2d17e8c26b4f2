"""What pydantic finds wrong, as problems in plain words with their lines."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Problem, Severity

Place = tuple[str | int, ...]

_EXPECTED = {
    "string": said("a text"),
    "int": said("a whole number"),
    "float": said("a number"),
    "bool": said("true or false"),
    "tuple": said("a list"),
    "list": said("a list"),
    "dict": said("a group of “key: value” lines"),
    "dataclass": said("a group of “key: value” lines"),
    "datetime": said("a date such as 2026-11-23 10:00"),
    "date": said("a date such as 2026-11-23"),
}


def problems_of(
    fault: ValidationError,
    *,
    path: str,
    known: tuple[str, ...],
    line: Callable[[Place], int | None],
    written: Callable[[Place], Place] = lambda place: place,
) -> list[Problem]:
    """Every error of a validation.

    `line` tells the line of a place such as ("images", 0, "src"), `written` its place as people write it.
    """
    found = fault.errors(include_url=False, include_context=False)
    return [_problem(error, written(tuple(error["loc"])), path, known, line) for error in found]


def unknown_key(
    path: str, key: str, known: tuple[str, ...], line: int | None, severity: Severity = Severity.ERROR
) -> Problem:
    """A key that means nothing, with the one that was perhaps meant."""
    nearest = get_close_matches(key.rpartition(".")[2], known, n=1, cutoff=0.6)
    message = (
        said("the key “{key}” is unknown; “{nearest}” was perhaps meant", key=key, nearest=nearest[0])
        if nearest
        else said("the key “{key}” is unknown", key=key)
    )
    return Problem(path=path, line=line, field=key, severity=severity, rule="unknown-key", message=message)


def wrong_value(path: str, line: int | None, field: str, found: object, expected: Message) -> Problem:
    """A value of the wrong sort."""
    if found is None or not str(found).strip():
        message = said("it is empty, and {expected} is expected", expected=expected)
        return Problem(path=path, line=line, field=field, rule="wrong-value", message=message)
    message = said("“{found}” was found and {expected} is expected", found=_short(found), expected=expected)
    return Problem(path=path, line=line, field=field, rule="wrong-value", message=message)


def _problem(
    error: Any, place: Place, path: str, known: tuple[str, ...], line: Callable[[Place], int | None]
) -> Problem:
    field = _dotted(place)
    sort = str(error["type"])
    if sort in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        message = said("“{field}” is missing", field=field)
        return Problem(path=path, line=line(place), field=field, rule="missing", message=message)
    if sort in {"unexpected_keyword_argument", "extra_forbidden"}:
        return unknown_key(path, field, known, line(place))
    expected = _EXPECTED.get(sort.split("_")[0], said("another value"))
    return wrong_value(path, line(place), field, error["input"], expected)


def _dotted(place: Place) -> str:
    """images[1].src, counted from 1 as people do."""
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"
