"""The public newsroom: which releases stand there, its lists, feeds, calendar and map."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card
from comsoc_cli.newsroom.feeds import json_feed
from comsoc_cli.newsroom.listing import Listing, listings
from comsoc_cli.rendering.calendar import calendar
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import Viewer
from comsoc_cli.rendering.wording import Wording, language_name

FEED_ENTRIES = 50
#: Listings that have feeds of their own.
_FED = ("", "topic")
_NEVER = "1970-01-01T00:00:00+00:00"


@dataclass(frozen=True)
class Edition:
    """The newsroom in one language."""

    language: str
    name: str  #: "English"
    folder: str  #: of its front page


@dataclass(frozen=True)
class SiteFile:
    """A file of the site that shows several releases."""

    path: str
    key: str  #: a digest of everything that it shows of them
    render: Callable[[], bytes]


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
        self.language = settings.office.language
        self.url = f"{settings.office.url.rstrip('/')}/" if settings.office.url else ""
        self.listings = listings(cards, self.language)
        self.languages = self._languages()
        self.words: dict[str, Wording] = {}

    def _languages(self) -> tuple[Edition, ...]:
        """The front pages in all languages, where there is more than the office's."""
        others = [
            Edition(language=one.language, name=one.title, folder=one.folder)
            for one in self.listings
            if one.group == "language"
        ]
        own = Edition(language=self.language, name=language_name(self.language), folder="")
        return (own, *others) if others else ()

    def files(self) -> Iterator[SiteFile]:
        for listing in reversed(self.listings):
            yield from self._pages(listing)
        yield self._corrections()
        yield self._overview()
        # It is shown for any address, so its own links have to be whole.
        missing = self._rendering("site_404.html", "404.html", {}, root=self.url)
        yield SiteFile("404.html", _key(*self.languages), missing)
        yield SiteFile("robots.txt", "", self._rendering("robots.txt", "robots.txt", {}))
        yield self._calendar()
        for listing in self.listings:
            if listing.group in _FED:
                yield from self._feeds(listing)
        yield self._map()

    def _pages(self, listing: Listing) -> Iterator[SiteFile]:
        about = (listing.title, listing.language, listing.pages, *self.languages)
        for number in range(listing.pages, 0, -1):
            cards = listing.page(number)
            path = listing.path(number)
            values = {"listing": listing, "number": number}
            render = self._rendering("site_index.html", path, values, listing.language, cards=cards)
            yield SiteFile(path, _key(number, *about, *_digests(cards)), render)

    def _overview(self) -> SiteFile:
        found = [listing for listing in self.listings if listing.group]
        key = _key(*self.languages, *(f"{one.folder} {one.title} {len(one.cards)}" for one in found))
        path = "archive/index.html"
        return SiteFile(path, key, self._rendering("site_archive.html", path, {"listings": found}))

    def _corrections(self) -> SiteFile:
        """Every correction and everything that is of no effect, the newest first."""
        cards = [card for card in self.cards if card.corrections]
        found = sorted(((one.iso, card.slug, card, one) for card in cards for one in card.corrections), reverse=True,
                       key=lambda entry: (datetime.fromisoformat(entry[0]), entry[1]))  # fmt: skip
        values = {"corrections": [(card, one) for _, _, card, one in found]}
        path = "corrections/index.html"
        key = _key(*self.languages, *_digests(cards))
        return SiteFile(path, key, self._rendering("site_corrections.html", path, values))

    def _feeds(self, listing: Listing) -> Iterator[SiteFile]:
        """Atom and JSON Feed of a listing, in its folder."""
        cards = listing.cards[:FEED_ENTRIES]
        key = _key(listing.title, *_digests(cards))
        name = self.settings.office.name
        title = f"{name}: {listing.title}" if listing.title else name
        atom, as_json = f"{listing.folder}feed.atom", f"{listing.folder}feed.json"
        values = {
            "cards": cards,
            "title": title,
            "listing": listing,
            "id": self.url + atom if self.url else uuid.uuid5(uuid.NAMESPACE_URL, f"comsoc:{name}/{atom}").urn,
            "updated": max((card.iso_updated for card in cards), key=datetime.fromisoformat, default=_NEVER),
        }
        yield SiteFile(atom, key, self._rendering("feed.atom", atom, values))
        yield SiteFile(as_json, key, lambda: json_feed(self.settings, self.url, listing.folder, title, cards))

    def _calendar(self) -> SiteFile:
        """All events that are still to come, the next one first."""
        entries = [card.event for card in self.cards if card.event and card.event.over >= self.now]
        entries.sort(key=lambda entry: (entry.start, entry.uid))
        return SiteFile("events.ics", _key(*entries), lambda: calendar(entries, self.settings.office.name))

    def _map(self) -> SiteFile:
        key = _key(*_digests(self.cards), *(listing.folder for listing in self.listings))
        values = {"cards": self.cards, "listings": self.listings}
        return SiteFile("sitemap.xml", key, self._rendering("sitemap.xml", "sitemap.xml", values))

    def _rendering(
        self,
        template: str,
        path: str,
        values: Mapping[str, object],
        language: str = "",
        *,
        cards: Sequence[Card] = (),
        root: str | None = None,
    ) -> Callable[[], bytes]:
        """How a file is made, when it is needed; of `cards` it shows the text in its language."""
        language = language or self.language
        root = "../" * path.count("/") if root is None else root  # from a page to the site's front page
        at = "" if self.url else "index.html"  # files are opened from a folder
        folder = next((one.folder for one in self.languages if one.language == language), "")

        def render() -> bytes:
            everywhere = {
                "office": self.office,
                "words": self._words(language),
                "root": root,
                "at": at,
                "home": f"{root}{folder}{at}" or "./",
                "is_home": path == f"{folder}index.html",
                "site_url": self.url,
                "path": path,
                "language": language,
                "languages": self.languages,
                "entries": [card.read_in(language) for card in cards],
            }
            return self.templates.render(
                template, language=language, release="site", values={**everywhere, **values}
            ).encode()

        return render

    def _words(self, language: str) -> Wording:
        return self.words.setdefault(language, Wording(language, self.settings.zone))


def _digests(cards: Sequence[Card]) -> Iterator[str]:
    return (card.digest for card in cards)


def _key(*parts: object) -> str:
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24]
