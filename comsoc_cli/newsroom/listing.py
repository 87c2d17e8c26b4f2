"""The pages that list releases: all of them, and by year, topic, agency, municipality, kind and language."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from comsoc_cli.model.release import primary
from comsoc_cli.newsroom.card import Card, Named
from comsoc_cli.office.slugs import slugify

PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Releases under one address, newest first."""

    folder: str  #: relative to the site's root, "" or ending in a slash
    title: str  #: "" for the front page
    group: str  #: year, topic, agency, municipality, kind or language; "" for the front page
    cards: tuple[Card, ...]
    language: str  #: of its words

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.cards) // PER_PAGE))

    @property
    def is_front(self) -> bool:
        """Whether it is the front page of a language."""
        return self.group in ("", "language")

    def page(self, number: int) -> tuple[Card, ...]:
        """The cards of a page, counted from 1."""
        return self.cards[(number - 1) * PER_PAGE : number * PER_PAGE]

    def path(self, number: int) -> str:
        """The file of a page."""
        return f"{self.folder}index.html" if number == 1 else f"{self.folder}page/{number}/index.html"


def listings(cards: Sequence[Card], language: str) -> list[Listing]:
    """Every listing: the front page first, then the groups in the order in which the overview shows them.

    `language` is the office's.
    """
    front = Listing(folder="", title="", group="", cards=tuple(cards), language=language)
    return [front, *_groups(cards, language), *_languages(cards, language)]


def _groups(cards: Sequence[Card], language: str) -> Iterator[Listing]:
    """The listings that narrow the front page down."""
    yield from _grouped(
        cards, language, "year", "archive",
        lambda card: (Named(slug=str(card.year), name=str(card.year)),), newest_first=True,
    )  # fmt: skip
    yield from _grouped(cards, language, "kind", "kinds", lambda card: (card.kind,))
    yield from _grouped(cards, language, "topic", "topics", lambda card: card.topics)
    yield from _grouped(cards, language, "agency", "agencies", lambda card: card.agencies)
    yield from _grouped(cards, language, "municipality", "municipalities", lambda card: card.municipalities)


def _grouped(
    cards: Sequence[Card],
    language: str,
    group: str,
    folder: str,
    names: Callable[[Card], Sequence[Named]],
    *,
    newest_first: bool = False,
) -> Iterator[Listing]:
    """One listing for each slug, under its newest name, by which they are sorted."""
    found: dict[str, list[Card]] = {}
    titles: dict[str, str] = {}
    for card in cards:
        for one in names(card):
            found.setdefault(one.slug, []).append(card)
            titles.setdefault(one.slug, one.name)
    for slug in sorted(found, key=lambda slug: (slugify(titles[slug]), slug), reverse=newest_first):
        yield Listing(
            folder=f"{folder}/{slug}/", title=titles[slug], group=group, cards=tuple(found[slug]), language=language
        )


def _languages(cards: Sequence[Card], own: str) -> Iterator[Listing]:
    """For each other language into which something was translated, what there is in it."""
    titles: dict[str, tuple[str, str]] = {}
    for card in cards:
        for text in card.languages:
            titles.setdefault(primary(text.language), (text.name, text.language))
    for short in sorted(titles.keys() - {primary(own)}):
        name, language = titles[short]
        mine = tuple(card for card in cards if card.has(short))
        yield Listing(folder=f"{short}/", title=name, group="language", cards=mine, language=language)
