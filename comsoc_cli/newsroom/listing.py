"""The pages that list releases: all of them, and by year, topic, agency, municipality, kind and language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card
from comsoc_cli.office.slugs import slugify

PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Releases under one address, newest first."""

    folder: str  #: relative to the site's root, "" or ending in a slash
    title: str  #: "" for the front page
    group: str  #: year, topic, agency, municipality, kind or language; "" for the front page
    cards: tuple[Card, ...]
    language: str = ""  #: of its words; the office's if nothing is said

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.cards) // PER_PAGE))

    def page(self, number: int) -> tuple[Card, ...]:
        """The cards of a page, counted from 1."""
        return self.cards[(number - 1) * PER_PAGE : number * PER_PAGE]

    def path(self, number: int) -> str:
        """The file of a page."""
        return f"{self.folder}index.html" if number == 1 else f"{self.folder}page/{number}/index.html"


def listings(cards: Sequence[Card], settings: Settings) -> list[Listing]:
    """Every listing: the front page first, then the groups in the order in which the overview shows them."""
    return [Listing(folder="", title="", group="", cards=tuple(cards)), *_groups(cards, settings), *_languages(cards)]


def _groups(cards: Sequence[Card], settings: Settings) -> Iterator[Listing]:
    """The listings that narrow the front page down."""
    yield from _grouped(cards, "year", "archive", lambda card: [str(card.year)], newest_first=True)
    kinds = {card.kind: card.label for card in reversed(cards)}
    yield from _grouped(cards, "kind", "kinds", lambda card: [card.kind], kinds)
    yield from _grouped(cards, "topic", "topics", lambda card: card.topics, settings.topics)
    yield from _grouped(cards, "agency", "agencies", lambda card: card.agencies, settings.agencies)
    yield from _grouped(
        cards, "municipality", "municipalities", lambda card: card.municipalities, settings.municipalities
    )


def _grouped(
    cards: Sequence[Card],
    group: str,
    folder: str,
    names: Callable[[Card], Iterable[str]],
    written: Mapping[str, str] | None = None,
    *,
    newest_first: bool = False,
) -> Iterator[Listing]:
    """One listing for each name; two names with one slug share it. `written` says how a slug is to be written."""
    found: dict[str, dict[str, Card]] = {}
    titles = dict(written or {})
    for card in cards:
        for name in names(card):
            slug = slugify(name)
            if slug:
                found.setdefault(slug, {}).setdefault(card.slug, card)
                titles.setdefault(slug, _in_words(name))
    for slug in sorted(found, reverse=newest_first):
        yield Listing(folder=f"{folder}/{slug}/", title=titles[slug], group=group, cards=tuple(found[slug].values()))


def _in_words(name: str) -> str:
    """obra-publica is "Obra publica"; what was written as words stays as it is."""
    words = name.replace("-", " ") if name == slugify(name) else name
    return words[:1].upper() + words[1:]


def _languages(cards: Sequence[Card]) -> Iterator[Listing]:
    """For each language into which something was translated, what there is in it."""
    found: dict[str, list[Card]] = {}
    titles: dict[str, tuple[str, str]] = {}
    for card in cards:
        for text in card.languages:
            if not text.current:
                short = text.language.split("-")[0].lower()
                titles.setdefault(short, (text.name, text.language))
                translated = replace(
                    card,
                    headline=text.headline,
                    description=text.description,
                    href=card.href + text.href,
                    language=text.language,
                )
                found.setdefault(short, []).append(translated)
    for short in sorted(found):
        name, language = titles[short]
        yield Listing(folder=f"{short}/", title=name, group="language", cards=tuple(found[short]), language=language)
