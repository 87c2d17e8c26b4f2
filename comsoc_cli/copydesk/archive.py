"""Headlines of other releases, to find one that is the same."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.copydesk.text import folded
from comsoc_cli.model.release import Release
from comsoc_cli.office.desk import survey
from comsoc_cli.office.folder import Office
from comsoc_cli.office.moments import date_in_name

_DATA = 8000  #: bytes within which a headline stands
_HEADLINE = re.compile(r"(?m)^(?:headline|title):[ \t]*([\"']?)(?P<text>.+?)\1[ \t]*(?:#.*)?$")
_DAY = re.compile(r"(?m)^date:[ \t]*[\"']?(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class _Entry:
    """A headline with the day that its release bears."""

    folded: str
    day: str
    slug: str


def earlier_headlines(
    office: Office, releases: Iterable[Release], broken: Iterable[str] = ()
) -> dict[str, dict[str, str]]:
    """For each of these releases, by slug, the headlines like its own that are earlier: folded, and whose they are.

    Other files are only looked into, not read: nothing but a headline and a day is wanted of them. Those of `broken`
    releases are left alone.
    """
    mine = [_Entry(folded(one.headline), f"{one.date:%Y-%m-%d}", one.slug) for one in releases]
    alike: dict[str, list[_Entry]] = {entry.folded: [] for entry in mine}
    for entry in (*mine, *_others(office, {*broken, *(entry.slug for entry in mine)})):
        if entry.folded in alike:
            alike[entry.folded].append(entry)
    found: dict[str, dict[str, str]] = {}
    for entry in mine:
        before = [one for one in alike[entry.folded] if one.slug != entry.slug and _is_before(one, entry)]
        found[entry.slug] = {entry.folded: max(before, key=lambda one: (one.day, one.slug)).slug} if before else {}
    return found


def _is_before(one: _Entry, other: _Entry) -> bool:
    return (one.day, one.slug) < (other.day, other.slug)


def _others(office: Office, known: set[str]) -> Iterator[_Entry]:
    """The headlines of desk and vault besides those of `known` releases."""
    places, _ = survey(office)
    for slug, place in places.items():
        if slug not in known:
            yield from _entry(slug, place.text)
    for folder in sorted(office.vault.glob("*")):
        if folder.name not in known and folder.name not in places:
            for revision in sorted(folder.glob("r*")):
                yield from _entry(folder.name, revision / "index.md")


def _entry(slug: str, path: Path) -> Iterator[_Entry]:
    try:
        with path.open("rb") as file:
            data = file.read(_DATA).decode("utf-8", "replace")
    except OSError:
        return
    headline, day = _HEADLINE.search(data), _DAY.search(data)
    if headline:
        yield _Entry(folded(headline["text"]), day[1] if day else (date_in_name(path.name) or date_in_name(slug)), slug)
