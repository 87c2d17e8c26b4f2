"""A rule of the copy desk: what it says, how much it weighs, and the function that looks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from comsoc_cli.message import Message
from comsoc_cli.model.problem import Severity

if TYPE_CHECKING:
    from comsoc_cli.copydesk.text import Copy


class Scope(StrEnum):
    """What a rule looks at."""

    HEADLINE = "headline"
    SUBHEAD = "subhead"
    SUMMARY = "summary"
    BODY = "body"
    MEDIA = "media"  #: pictures, links and attachments
    RELEASE = "release"  #: the text as a whole, with its data
    OFFICE = "office"  #: the text against what the office and its other releases say


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One place where a rule has something to say."""

    message: Message
    start: int | None = None  #: where the words begin in `Copy.body`; None: in a field
    end: int | None = None
    field: str = "body"
    index: int | None = None  #: which one of a field that is a list, from 0
    words: str = ""  #: the words in question, as written
    suggestion: str = ""  #: what might stand there
    replacement: str | None = None  #: what may replace body[start:end] without a second look
    more: tuple[tuple[int, int, str], ...] = ()  #: further places that it speaks of: (start, end, replacement)
    in_data: tuple[tuple[str, str], ...] = ()  #: words of the data, and what may replace each without a second look


#: Looks at a text; the limit is the one for the release's kind, None where there is none.
Look = Callable[["Copy", float | None], Iterator[Finding]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule, with everything that is told about it."""

    name: str
    severity: Severity  #: unless comsoc.toml says otherwise
    scope: Scope
    summary: Message  #: one sentence
    explanation: Message  #: why, and what to do
    bad: str  #: an example in Spanish
    good: str  #: and how it would be right
    look: Look
    languages: tuple[str, ...] = ("es", "en")  #: of texts that it can read; none: of all
    limits: Mapping[str, float] = field(default_factory=dict)  #: by kind, "" for all others; none: no limit
    fixable: bool = False  #: whether its findings may bring a replacement
