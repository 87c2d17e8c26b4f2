"""The kinds of release: those that every office has, and what is wrong with its own."""

import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.folder import SETTINGS
from comsoc_cli.office.validation import Place, wrong_value


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
            expected = said("a text with {names} only", names="{label} {LABEL} {number} {headline} {place} {moment}")
            yield wrong_value(SETTINGS, place, f"kinds.{name}.subject", kind.subject, expected)
        if kind.audience not in {"public", "internal"}:
            place, expected = line(("kinds", name, "audience")), said("“public” or “internal”")
            yield wrong_value(SETTINGS, place, f"kinds.{name}.audience", kind.audience, expected)
        if kind.is_internal and kind.public:
            place, expected = (
                line(("kinds", name, "public")),
                said("false: an internal document is never published"),
            )
            yield wrong_value(SETTINGS, place, f"kinds.{name}.public", "true", expected)


def _is_subject(pattern: str) -> bool:
    """Whether a subject's pattern uses what there is."""
    try:
        parts = list(Formatter().parse(pattern))
    except ValueError:
        return False
    known = {"label", "LABEL", "number", "headline", "place", "moment"}
    return all(name is None or (name in known and not spec and not conversion) for _, name, spec, conversion in parts)
