"""The public newsroom: which releases stand there, its lists, feeds, calendar and map."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from comsoc_cli.model.approval import Revision
from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card
from comsoc_cli.newsroom.feeds import json_feed
from comsoc_cli.newsroom.listing import Listing, listings
from comsoc_cli.rendering.calendar import calendar
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import Viewer
from comsoc_cli.rendering.wording import Wording
from comsoc_cli.safeguards.objections import PUBLIC, objections
from comsoc_cli.safeguards.standing import Standing

FEED_ENTRIES = 50
#: Listings that have feeds of their own.
_FED = ("", "topic")


@dataclass(frozen=True)
class SiteFile:
    """A file of the site that shows several releases."""

    path: str
    key: str  #: a digest of everything that it shows of them
    render: Callable[[], bytes]


def public_revisions(standings: dict[str, Standing], settings: Settings, now: datetime) -> list[Revision]:
    """The approved revisions that anyone may have now, newest first."""
    found = [
        standing.newest
        for standing in standings.values()
        if standing.newest and not objections(standing, PUBLIC, settings=settings, now=now)
    ]
    return sorted(found, key=lambda revision: (revision.release.public_moment, revision.slug), reverse=True)


def files(settings: Settings, templates: Templates, cards: Sequence[Card], now: datetime) -> Iterator[SiteFile]:
    """Every file that lists releases, for cards from the newest on.

    Pages come before what leads to them: the overview after the lists, feeds and map at the end.
    """
    return _Site(settings, templates, cards, now).files()


class _Site:
    def __init__(self, settings: Settings, templates: Templates, cards: Sequence[Card], now: datetime) -> None:
        self.settings = settings
        self.templates = templates
        self.cards = cards
        self.now = now
        self.office = Viewer(settings).office()
        self.url = settings.office.url.rstrip("/") + "/"

    def files(self) -> Iterator[SiteFile]:
        found = listings(self.cards, self.settings)
        for listing in reversed(found):
            yield from self._pages(listing)
        yield self._overview(found)
        # It is shown for any address, so its own links have to be whole.
        whole = {"root": self.url} if self.settings.office.url else {}
        yield SiteFile("404.html", "", self._rendering("site_404.html", "", whole))
        yield SiteFile("robots.txt", "", self._rendering("robots.txt", "", {}))
        yield self._calendar()
        for listing in found:
            if listing.group in _FED:
                yield from self._feeds(listing)
        yield self._map(found)

    def _pages(self, listing: Listing) -> Iterator[SiteFile]:
        for number in range(listing.pages, 0, -1):
            cards = listing.page(number)
            key = _key(listing.title, number, listing.pages, *_digests(cards))
            path = listing.path(number)
            values = {"listing": listing, "entries": cards, "number": number}
            yield SiteFile(path, key, self._rendering("site_index.html", path, values, listing.language))

    def _overview(self, found: Sequence[Listing]) -> SiteFile:
        named = [listing for listing in found if listing.group]
        key = _key(*(f"{listing.folder} {listing.title} {len(listing.cards)}" for listing in named))
        path = "archive/index.html"
        return SiteFile(path, key, self._rendering("site_archive.html", path, {"listings": named}))

    def _feeds(self, listing: Listing) -> Iterator[SiteFile]:
        """Atom and JSON Feed of a listing, in its folder."""
        cards = listing.cards[:FEED_ENTRIES]
        key = _key(listing.title, *_digests(cards))
        home, name = self.url + listing.folder, self.settings.office.name
        title = f"{name}: {listing.title}" if listing.title else name
        atom, as_json = f"{listing.folder}feed.atom", f"{listing.folder}feed.json"
        values = {
            "entries": cards,
            "title": title,
            "home": home,
            "feed_url": self.url + atom,
            "updated": max((card.iso_updated for card in cards), default="1970-01-01T00:00:00+00:00"),
        }
        yield SiteFile(atom, key, self._rendering("feed.atom", atom, values))
        yield SiteFile(as_json, key, lambda: json_feed(self.settings, home, self.url + as_json, title, cards))

    def _calendar(self) -> SiteFile:
        """All events that are still to come, the next one first."""
        entries = [card.event for card in self.cards if card.event and (card.event.end or card.event.start) >= self.now]
        entries.sort(key=lambda entry: (entry.start, entry.uid))
        return SiteFile("events.ics", _key(*map(repr, entries)), lambda: calendar(entries, self.settings.office.name))

    def _map(self, found: Sequence[Listing]) -> SiteFile:
        key = _key(*_digests(self.cards), *(listing.folder for listing in found))
        values = {"entries": self.cards, "listings": [listing for listing in found if listing.cards]}
        return SiteFile("sitemap.xml", key, self._rendering("sitemap.xml", "sitemap.xml", values))

    def _rendering(
        self, template: str, path: str, values: Mapping[str, object], language: str = ""
    ) -> Callable[[], bytes]:
        language = language or self.settings.office.language
        everywhere = {
            "office": self.office,
            "words": Wording(language, self.settings.zone),
            "root": "../" * path.count("/"),  # from a page to the site's front page
            "at": "" if self.settings.office.url else "index.html",  # files are opened from a folder
            "site_url": self.url,
            "language": language,
        }
        return lambda: self.templates.render(
            template, language=language, release="site", values={**everywhere, **values}
        ).encode()


def _digests(cards: Sequence[Card]) -> Iterator[str]:
    return (card.digest for card in cards)


def _key(*parts: object) -> str:
    return sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()[:24]
