"""The release: one announcement with its translations, as it lies on the desk or in the vault."""

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture that belongs to a release."""

    src: str
    alt: str = ""
    credit: str = ""
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Material that lies elsewhere: audio, video, a dossier."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """Where and when the press is invited to."""

    start: datetime
    end: datetime | None = None
    place: str = ""
    address: str = ""
    accreditation: str = ""
    all_day: bool = False  #: whether its days were written without hours

    @property
    def over(self) -> datetime:
        """From when on it is past; days without hours last to their midnight."""
        if not self.all_day:
            return self.end or self.start
        return (self.end or self.start) + timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What a revision changes in the one before it, as journalists are told."""

    revision: int  #: the revision that it makes
    note: str = ""
    said: str = ""  #: what the earlier text said, where it is told so
    should: str = ""  #: and what it should have said
    addition: bool = False  #: more material, no error
    minor: bool = False  #: nobody is written to


@dataclass(frozen=True, kw_only=True)
class Release:
    """One announcement: a Markdown text with its frontmatter."""

    slug: str
    language: str
    headline: str
    date: datetime  #: the date it bears, always with a zone
    subhead: str = ""
    summary: tuple[str, ...] = ()
    kind: str = "boletin"
    embargo: datetime | None = None
    dateline: str = ""
    topics: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    contact: str = ""
    author: str = ""
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[str, ...] = ()
    event: Event | None = None
    correction: Correction | None = None
    body: str = ""  #: Markdown, without the frontmatter
    body_line: int = 1  #: the file's line on which the body begins
    path: Path = Path()  #: the file it was read from
    frontmatter: Mapping[str, object] = field(default_factory=dict)  #: as written, every scalar as text
    files: Mapping[str, Path] = field(default_factory=dict)  #: pictures and attachments that are there, by their name
    sources: Mapping[str, str] = field(default_factory=dict)  #: from what is written to the name, where they differ
    translations: tuple["Release", ...] = ()
    moved: datetime | None = None  #: its public moment, where the embargo was lifted or moved after the approval

    @property
    def folder(self) -> Path:
        """The folder that its media may lie in."""
        return self.path.parent

    def name_of(self, src: str) -> str:
        """The name in `files` of what the text writes as `src`; of what is not there, the name that it would have."""
        return self.sources.get(src) or file_name(src)

    @property
    def public_moment(self) -> datetime:
        """The latest date and embargo of all its texts, unless they were overruled: from then on anyone may have it."""
        return self.moved or self.written_moment

    @property
    def written_moment(self) -> datetime:
        """The same, as the texts themselves have it."""
        return max(moment for text in self.texts for moment in (text.date, text.embargo) if moment)

    @property
    def texts(self) -> tuple["Release", ...]:
        """The original, then its translations."""
        return (self, *self.translations)

    def under_embargo(self, now: datetime) -> bool:
        return any(text.embargo for text in self.texts) and now < self.public_moment

    def in_its_order(self, segments: Iterable[str]) -> tuple[str, ...]:
        """Segments in the order in which the release names them, then those that it does not name."""
        wanted = tuple(segments)
        named = [name for name in self.segments if name in wanted]
        return (*named, *(name for name in wanted if name not in named))

    def in_language(self, language: str) -> "Release":
        """The text for a reader of `language`: a translation where there is one, else the original."""
        wanted = primary(language)
        if not wanted or primary(self.language) == wanted:
            return self
        return next((text for text in self.translations if primary(text.language) == wanted), self)


def primary(language: str) -> str:
    """The primary subtag of a language tag (RFC 5646): "es" of "es-MX"."""
    return language.replace("_", "-").split("-")[0].lower()


def file_name(src: str) -> str:
    """One name for "./foto.jpg", "foto.jpg" and "foto%2Ejpg", as `Release.files` has it."""
    name = unquote(src.split("#")[0].split("?")[0]).replace("\\", "/")
    return posixpath.normpath(name) if name else ""
