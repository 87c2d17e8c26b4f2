"""The kinds of release: those that every office has, and what is wrong with its own."""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Kind, Settings
from comsoc_cli.office.folder import SETTINGS
from comsoc_cli.office.validation import Place, wrong_value

_IN_SUBJECTS = ("label", "LABEL", "number", "year", "agency", "headline", "place", "moment")


@cache
def packaged_kinds() -> dict[str, dict[str, Any]]:
    """The kinds that every office has."""
    return tomllib.loads((Path(__file__).parent / "kinds.toml").read_text(encoding="utf-8"))


def with_packaged_kinds(own: Any) -> Any:
    """The office's kinds as comsoc.toml has them, each with what the packaged one of its name says besides."""
    if not isinstance(own, dict):
        return own
    kinds: dict[str, Any] = {name: dict(kind) for name, kind in packaged_kinds().items()}
    for name, kind in own.items():
        kinds[name] = {**_without_audience(kinds.get(name, {}), kind), **kind} if isinstance(kind, dict) else kind
    for name, kind in kinds.items():
        if isinstance(kind, dict) and kind.get("audience") == "internal":
            kinds[name] = {"public": False, **kind}
    return kinds


def _without_audience(packaged: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A packaged kind for an office that publishes it, and said so before kinds had an audience."""
    if own.get("public") is not True or "audience" in own:
        return packaged
    return {key: value for key, value in packaged.items() if key != "audience"}


def kind_faults(settings: Settings, line: Callable[[Place], int | None]) -> Iterator[Problem]:
    """What is wrong with the kinds; `line` tells where a place stands."""
    for name, kind in settings.kinds.items():
        if not _is_subject(kind.subject):
            place = line(("kinds", name, "subject"))
            expected = said("a text with {names} only", names=" ".join(f"{{{one}}}" for one in _IN_SUBJECTS))
            yield wrong_value(SETTINGS, place, f"kinds.{name}.subject", kind.subject, expected)
        for key, found, expected in _number_faults(kind):
            yield wrong_value(SETTINGS, line(("kinds", name, key)), f"kinds.{name}.{key}", found, expected)
        if kind.audience not in {"public", "internal"}:
            place, expected = line(("kinds", name, "audience")), said("“public” or “internal”")
            yield wrong_value(SETTINGS, place, f"kinds.{name}.audience", kind.audience, expected)
        if kind.is_internal and kind.public:
            place, expected = (
                line(("kinds", name, "public")),
                said("false: an internal document is never published"),
            )
            yield wrong_value(SETTINGS, place, f"kinds.{name}.public", "true", expected)


def _number_faults(kind: Kind) -> Iterator[tuple[str, object, Message]]:
    if not _is_number_format(kind.number_format):
        expected = said("a text with {number}, such as {example}", number="{number}", example="{number:04}/{year}")
        yield "number_format", kind.number_format, expected
    if kind.series not in {"", "agency"}:
        yield "series", kind.series, said("“agency”, or nothing")
    if kind.first_number < 1:
        yield "first_number", kind.first_number, said("a number from 1 on")
    for place, number in kind.first_numbers.items():
        if number < 1 or not re.fullmatch(r"([a-z0-9-]+/)?[0-9]{4}", place):
            expected = said(
                "a year, or an agency and a year, and a number from 1 on: {example}", example='"2027" = 413'
            )
            yield "first_numbers", f"{place} = {number}", expected


def _is_number_format(pattern: str) -> bool:
    """Whether a pattern writes a number on one line, with what there is."""
    try:
        parts = [part for part in Formatter().parse(pattern) if part[1] is not None]
    except ValueError:
        return False
    names = [name for _, name, _, _ in parts]
    plain = all(not conversion and (not spec or name == "number") for _, name, spec, conversion in parts)
    specs = [spec or "" for _, name, spec, _ in parts if name == "number"]
    return (
        "number" in names
        and set(names) <= {"number", "year", "agency"}
        and plain
        and all(re.fullmatch(r"(0?[1-9]d?)?", spec) for spec in specs)
        and pattern.isprintable()
    )


def _is_subject(pattern: str) -> bool:
    """Whether a subject's pattern uses what there is."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return False
    return all(
        name is None or (name in _IN_SUBJECTS and not spec and not conversion) for _, name, spec, conversion in parts
    )
