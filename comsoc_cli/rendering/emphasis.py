"""Stars and underscores of Markdown as emphasis, by CommonMark's rules (0.31, 6.2 and its "process emphasis").

Python-Markdown's own reading loses letters where emphasis is nested and a mark follows a blank (`**_A:_ ** _b._`).
Three readings go beyond CommonMark, for what Word and Google Docs leave behind: bold that ends or begins with a blank
(`**Nota: **texto`), four stars where one bold ends and the next begins, and underscores in a row, which are a line to
write on.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement  # nosec - trees are built here, none is read

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import ETX, STX

_RUN = re.compile(r"\*+|_+")
_LINE_TO_WRITE_ON = 4  #: underscores in a row
_TAGS = {1: "em", 2: "strong"}


@dataclass(slots=True)
class _Run:
    """A row of one sign. `front` of its signs have closed something, `left` are still free."""

    number: int
    start: int
    length: int
    sign: str
    opens: bool
    closes: bool
    after_blank: bool
    before_blank: bool
    front: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        self.left = self.length


class Region(NamedTuple):
    """Emphasised text with its signs: `size` of them at `start`, and as many that end at `end`."""

    start: int
    end: int
    size: int


class Emphasis(InlineProcessor):
    """Finds all emphasis of a text at its first sign, and gives one outermost region after the other."""

    def __init__(self, markdown: Markdown) -> None:
        super().__init__(_RUN.pattern, markdown)
        self._text = ""
        self._regions: dict[int, list[Region]] = {}  #: outermost regions, by where their first run begins
        self._last = ""  #: the same text as it last came
        self._done = 0  #: up to where the text was given back
        self._head = ""  #: what now stands before the last replacement

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int, int]:
        """The element that begins with these signs, and its place; no element where they are only signs."""
        moved = self._moved(data, m.start())
        inside = self._regions.pop(m.start() - moved, None)
        if inside is None:
            return None, m.start(), m.end()
        first = inside[0]
        element = _element(self._text, inside)
        self._done = first.end
        self._head = data[: first.start + moved]
        return element, first.start + moved, first.end + moved

    def _moved(self, data: str, place: int) -> int:
        """How far the rest of the text has moved since it was read; it is read where it is another text."""
        moved = len(data) - len(self._text)
        if (data is self._last or data == self._last) and place - moved >= self._done:
            return moved
        if self._continues(data) and place - moved >= self._done:
            self._last = data
            return moved
        self._last = data
        self._text, self._done, self._head = data, 0, ""
        self._regions = {}
        end = 0
        for group in _outermost(regions(data)):
            first = group[0].start
            while first > end and data[first - 1] == data[first]:
                first -= 1
            self._regions[first], end = group, group[0].end
        return 0

    def _continues(self, data: str) -> bool:
        """Whether this is the text that was read, with a placeholder instead of the last element."""
        rest = len(self._text) - self._done
        return (
            self._done > 0
            and data[len(data) - rest - 1 : len(data) - rest] == ETX
            and data.startswith(self._head + STX)
            and data.endswith(self._text[self._done :])
        )


def with_emphasis(markdown: Markdown) -> Markdown:
    """The same converter, which reads stars and underscores as CommonMark does."""
    markdown.inlinePatterns.deregister("em_strong", strict=False)
    markdown.inlinePatterns.deregister("em_strong2", strict=False)
    markdown.inlinePatterns.register(Emphasis(markdown), "em_strong", 60)
    return markdown


def regions(text: str) -> list[Region]:
    """All emphasis of a text, by where it begins, what holds before what is held."""
    runs = list(_runs(text))
    found = _paired(runs)
    if any(run.left for run in runs):
        found += _with_blanks(text, runs, found)
    return sorted(found, key=lambda one: (one.start, -one.end))


def _runs(text: str) -> Iterator[_Run]:
    number = 0
    for found in _RUN.finditer(text):
        start, length = found.start(), len(found[0])
        sign = text[start]
        if sign == "_" and length >= _LINE_TO_WRITE_ON:
            continue
        before = _nature(text[start - 1]) if start else "blank"
        after = _nature(text[start + length]) if start + length < len(text) else "blank"
        left = after != "blank" and (after != "mark" or before != "word")
        right = before != "blank" and (before != "mark" or after != "word")
        opens = left and (sign == "*" or not right or before == "mark")
        closes = right and (sign == "*" or not left or after == "mark")
        halves = [(start, length, opens, closes)]
        if length == 4 and before == after == "word":
            halves = [(start, 2, False, True), (start + 2, 2, True, False)]
        for begins, many, may_open, may_close in halves:
            yield _Run(
                number=number, start=begins, length=many, sign=sign, opens=may_open, closes=may_close,
                after_blank=before == "blank", before_blank=after == "blank",
            )  # fmt: skip
            number += 1


@lru_cache(maxsize=1000)
def _nature(letter: str) -> str:
    """What a letter beside a run is: "blank", "mark" (punctuation, a symbol, what was set aside) or "word"."""
    if letter.isspace():
        return "blank"
    if letter in "\x02\x03" or "\ue0f0" <= letter <= "\ue0ff" or unicodedata.category(letter)[0] in "PS":
        return "mark"
    return "word"


def _paired(runs: Sequence[_Run]) -> list[Region]:
    """Pairs of opening and closing signs, by CommonMark's "process emphasis"."""
    found: list[Region] = []
    openers: list[_Run] = []
    bottom: dict[tuple[str, bool, int], int] = defaultdict(lambda: -1)
    for run in runs:
        while run.closes and run.left:
            key = (run.sign, run.opens, run.length % 3)
            place = _opener(openers, run, bottom[key])
            if place is None:
                bottom[key] = run.number - 1
                break
            opener = openers[place]
            del openers[place + 1 :]
            size = 2 if min(opener.left, run.left) >= 2 else 1
            found.append(_close(opener, run, size))
            if not opener.left:
                openers.pop()
        if run.opens and run.left:
            openers.append(run)
    return found


def _opener(openers: Sequence[_Run], run: _Run, bottom: int) -> int | None:
    """The nearest run that this one may close; of those up to `bottom` it is known that none will do."""
    for place in range(len(openers) - 1, -1, -1):
        opener = openers[place]
        if opener.number <= bottom:
            return None
        if opener.sign == run.sign and not _by_three(opener, run):
            return place
    return None


def _by_three(opener: _Run, run: _Run) -> bool:
    """Whether CommonMark's rule of three keeps them apart."""
    if not (opener.closes or run.opens):
        return False
    return (opener.length + run.length) % 3 == 0 and bool(opener.length % 3 or run.length % 3)


def _close(opener: _Run, run: _Run, size: int) -> Region:
    """One pair: the opener gives its last signs, the closing run its first."""
    opener.left -= size
    region = Region(opener.start + opener.front + opener.left, run.start + run.front + size, size)
    run.front += size
    run.left -= size
    return region


def _with_blanks(text: str, runs: Sequence[_Run], found: Sequence[Region]) -> list[Region]:
    """Bold that begins or ends with a blank, which CommonMark shows as stars."""
    more: list[Region] = []
    waiting: dict[tuple[int, str, int], _Run] = {}
    for run, around in _free(runs, sorted(found, key=lambda one: (one.start, -one.end))):
        key = (around, run.sign, run.length)
        opener = waiting.pop(key, None)
        if opener is None or not _holds(text, opener, run):
            waiting[key] = run
            continue
        while run.left:
            more.append(_close(opener, run, 2 if run.left == 2 else 1))
        waiting = {other: it for other, it in waiting.items() if it.start < opener.start}
    return more


def _free(runs: Sequence[_Run], found: Sequence[Region]) -> Iterator[tuple[_Run, int]]:
    """The runs with all their signs free, each with the start of the emphasis around it (-1: none)."""
    around: list[Region] = []
    following = 0
    for run in runs:
        while following < len(found) and found[following].start < run.start + run.length:
            around.append(found[following])
            following += 1
        while around and around[-1].end <= run.start:
            around.pop()
        if run.left == run.length <= 3:
            yield run, around[-1].start if around else -1


def _holds(text: str, opener: _Run, run: _Run) -> bool:
    """Whether two runs that CommonMark leaves alone are meant to hold what stands between them."""
    if not text[opener.start + opener.length : run.start].strip():
        return False
    if run.length > 1:
        return not opener.before_blank or (opener.after_blank and run.closes)
    return opener.opens and run.after_blank == run.before_blank == (run.sign == "_")


def _outermost(found: Sequence[Region]) -> Iterator[list[Region]]:
    """Each region that no other holds, with all that it holds."""
    group: list[Region] = []
    for region in found:
        if group and region.start >= group[0].end:
            yield group
            group = []
        group.append(region)
    if group:
        yield group


def _element(text: str, inside: Sequence[Region]) -> Element:
    """The first of these regions as an element, with all others in it."""
    first = inside[0]
    top = Element(_TAGS[first.size])
    open_ones: list[tuple[Region, Element]] = [(first, top)]
    place = first.start + first.size

    def close() -> None:
        nonlocal place
        region, element = open_ones.pop()
        _append(element, text[place : region.end - region.size])
        place = region.end

    for region in inside[1:]:
        while open_ones[-1][0].end <= region.start:
            close()
        parent = open_ones[-1][1]
        _append(parent, text[place : region.start])
        open_ones.append((region, SubElement(parent, _TAGS[region.size])))
        place = region.start + region.size
    while open_ones:
        close()
    return top


def _append(element: Element, text: str) -> None:
    """Text at the end of an element; signs that are only signs are set aside, so that no later pass reads them."""
    text = _RUN.sub(lambda found: f"{STX}{ord(found[0][0])}{ETX}" * len(found[0]), text)
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
