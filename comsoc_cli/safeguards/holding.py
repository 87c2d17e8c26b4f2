"""What would hold each release if it were sent now, to its own segments."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.segments import selected
from comsoc_cli.model.settings import Settings
from comsoc_cli.safeguards.objections import Audience, objections
from comsoc_cli.safeguards.standing import Standing


def held_today(
    standings: Mapping[str, Standing], book: ContactBook, *, settings: Settings, now: datetime
) -> dict[str, list[Objection]]:
    """The objections to each release as `send` by its name would meet them."""
    few = _one_of_each(book)
    return {
        slug: objections(standing, _audience(standing, few), settings=settings, now=now)
        for slug, standing in standings.items()
    }


def _audience(standing: Standing, book: ContactBook) -> Audience:
    """Its own segments; of a correction, those who have an earlier revision."""
    newest = standing.newest
    if newest is None or newest.ordinal > 1:
        return Audience(holders=True)
    segments = tuple(book.segments[name] for name in newest.release.segments if name in book.segments)
    return Audience(segments=segments, holders=not segments, book=book)


def _one_of_each(book: ContactBook) -> ContactBook:
    """A book with one contact of each segment: enough to tell which of them are empty, however many releases ask."""
    missing = set(book.segments)
    kept = []
    for contact, names in selected(book, tuple(book.segments)):
        if missing & set(names):
            kept.append(contact)
            missing -= set(names)
        if not missing:
            break
    return replace(book, contacts=tuple(kept))
