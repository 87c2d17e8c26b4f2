"""One text as the copy desk reads it: taken apart once, for all rules.

Every offset counts in `Copy.body`, the Markdown as written; `Copy.prose` has the same length.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from comsoc_cli.copydesk.blocks import Span, blocks, sentences
from comsoc_cli.copydesk.prose import prose
from comsoc_cli.model.release import Release, primary
from comsoc_cli.model.settings import Settings

__all__ = ["Copy", "Span", "folded"]

#: Words that only one of the two languages has, and that no text in it can do without.
_SPANISH = "el los las del que por con una para se su al como más este esta fue son y"
_ENGLISH = "the of and to that for with is are was by on this from it be at which will"
_SPOKEN = {"es": frozenset(_SPANISH.split()), "en": frozenset(_ENGLISH.split())}
_ASKED_WORDS = "we you your our us do does how what when where why who coming real are can"
_ASKED = frozenset(_ASKED_WORDS.split())
_FEWEST = 12  #: such words, below which nothing is said about a language
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*")


Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One text of a release, original or translation, prepared once."""

    release: Release  #: this text
    original: Release  #: the one that it translates, or itself
    settings: Settings
    earlier: Mapping[str, str] = field(default_factory=dict)  #: other releases' headlines, folded, and their slugs
    own_words: frozenset[str] = frozenset()  #: of the office's dictionary.txt
    blanks: frozenset[str] = frozenset()  #: of the office's own drafts, folded

    @cached_property
    def language(self) -> str:
        """The language that it is written in, by its primary subtag: "es", "en"."""
        return spoken(self.prose) or primary(self.release.language)

    @property
    def kind(self) -> str:
        return self.original.kind

    @property
    def headline(self) -> str:
        return self.release.headline

    @property
    def body(self) -> str:
        """The Markdown as written."""
        return self.release.body

    @cached_property
    def prose(self) -> str:
        """The body with everything that is no text (code, addresses, tags, marks of Markdown) blanked by spaces."""
        return prose(self.body)

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Its blocks in their order: paragraphs, headings, quotes, items of lists, tables, captions."""
        return tuple(blocks(self.body, self.prose))

    @cached_property
    def lead(self) -> Span | None:
        """The first paragraph, where the text begins with one."""
        first = next((span for span in self.paragraphs if span.kind != "caption"), None)
        return first if first and first.kind == "paragraph" else None

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of paragraphs, quotes and lists."""
        return tuple(
            sentence
            for span in self.paragraphs
            if span.kind in {"paragraph", "quote", "list"}
            for sentence in sentences(span)
        )

    @cached_property
    def _found(self) -> dict[str, Any]:
        return {}

    def once(self, name: str, look: "Callable[[Copy], Found]") -> "Found":
        """What several rules look for in a text is looked for once."""
        if name not in self._found:
            self._found[name] = look(self)
        found: Found = self._found[name]
        return found

    def span_at(self, offset: int) -> Span | None:
        """The block in which an offset of the body lies."""
        return next((span for span in self.paragraphs if span.start <= offset < span.end), None)

    def fields(self) -> Iterator[tuple[str, int | None, str]]:
        """The texts beside the body: (field, which one of a list, text)."""
        release = self.release
        yield "headline", None, release.headline
        if release.subhead:
            yield "subhead", None, release.subhead
        for number, line in enumerate(release.summary):
            yield "summary", number, line
        for number, image in enumerate(release.images):
            if image.caption:
                yield "images", number, image.caption


def spoken(text: str) -> str:
    """Whether a text is plainly in Spanish or in English; empty where that cannot be told."""
    found = re.findall(r"[^\W\d_]+", text[:20_000].lower())
    counts = {language: sum(1 for word in found if word in few) for language, few in _SPOKEN.items()}
    most = max(counts, key=lambda language: counts[language])
    others = max(count for language, count in counts.items() if language != most)
    return most if counts[most] >= _FEWEST and counts[most] > 5 * others else ""


def in_english(text: str) -> bool:
    """Whether a few words are rather English than Spanish."""
    found = re.findall(r"[^\W\d_]+", text.lower())
    english = sum(1 for word in found if word in _SPOKEN["en"] or word in _ASKED)
    return english > sum(1 for word in found if word in _SPOKEN["es"]) and not re.search("[áéíóúñ¿¡]", text.lower())


def words(text: str) -> list[str]:
    """The words of a text; a number with its separators is one."""
    return _WORD.findall(text)


def folded(text: str) -> str:
    """A text for comparison: lower case, without accents and marks."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.findall(r"[a-z0-9]+", plain))
