"""The parts of a text that another person speaks: what stands between quotation marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from comsoc_cli.copydesk.text import Copy, Span

_MARK = re.compile(r"[“”«»]|(?<!=)\"(?!>)")
_ENTITY = re.compile(r"&(?:#8220|ldquo|#8221|rdquo|#34|quot|#171|laquo|#187|raquo);")
_MEANS = {"#8220": "“", "ldquo": "“", "#8221": "”", "rdquo": "”", "#171": "«", "laquo": "«", "#187": "»", "raquo": "»"}
_CLOSED_BY = {"“": '”"', '"': '"”', "«": "»"}
_OPENED_BY = {"”": "“", "»": "«"}
_GOES_ON = re.compile(r"\s*[”»](?=[\w¿¡])")
_PRIME = re.compile(r"\d[ ]?$")
_OPENS = re.compile(r"(?:^|[\s(\[¿¡—–“«‘/-])$")


@dataclass
class _Reading:
    """The marks of one block as they are read."""

    quotes: list[tuple[int, int]] = field(default_factory=list)  #: the outermost, with their marks
    open: list[tuple[str, int]] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)  #: marks that close nothing

    def read(self, mark: str, place: int, *, opens: bool) -> None:
        if opens:
            self.open.append((mark, place))
            return
        at = next((n for n in range(len(self.open) - 1, -1, -1) if _closes(self.open[n][0], mark)), None)
        if at is None:
            self.stray.append(place)
            return
        start = self.open[at][1]
        del self.open[at:]
        if not self.open:
            self.quotes.append((start, place + 1))


def _closes(opening: str, mark: str) -> bool:
    return mark in _CLOSED_BY[opening]


def _read(text: str) -> _Reading:
    reading = _Reading()
    for found in _MARK.finditer(text):
        mark, place = found[0], found.start()
        if mark == "»" and "«" not in text:
            continue  # an arrow
        if mark != '"':
            reading.read(mark, place, opens=mark in "“«")
        elif any(opening == '"' for opening, _ in reading.open):
            reading.read(mark, place, opens=False)
        elif not _PRIME.search(text[max(0, place - 2) : place]) or reading.open:
            reading.read(mark, place, opens=bool(_OPENS.search(text[max(0, place - 1) : place])))
    return reading


def _marked(copy: Copy, span: Span) -> str:
    """A block's prose with the quotation marks that are written as entities of HTML."""
    text = span.text
    if "&" in copy.body[span.start : span.end]:
        letters = list(text)
        for found in _ENTITY.finditer(copy.body, span.start, span.end):
            letters[found.start() - span.start] = _MEANS.get(found[0][1:-1], '"')
        text = "".join(letters)
    # In Spanish a paragraph in which a quotation goes on begins with the mark that closes it: comillas de seguimiento.
    if copy.language == "es" and (goes_on := _GOES_ON.match(text)):
        place = goes_on.end() - 1
        text = text[:place] + _OPENED_BY[text[place]] + text[place + 1 :]
    return text


def quotations(copy: Copy, span: Span) -> list[tuple[int, int]]:
    """What stands between quotation marks in a block, by its place in the body; one left open runs to its end."""
    reading = _read(_marked(copy, span))
    quotes = [(span.start + start, span.start + end) for start, end in reading.quotes]
    if reading.open:
        quotes.append((span.start + reading.open[0][1], span.end))
    return quotes


def unpaired(copy: Copy) -> Iterator[tuple[int, bool]]:
    """Marks without their other: (place, whether it opens). Quotations over several paragraphs are none."""
    spans = [span for span in copy.paragraphs if span.kind != "table"]
    running = False  #: whether a quotation of the paragraph before goes on
    for number, span in enumerate(spans):
        reading = _read(_marked(copy, span))
        for place in reading.stray[1 if running else 0 :]:
            yield span.start + place, False
        running = running and not reading.stray
        if not reading.open:
            continue
        after = spans[number + 1 : number + 8]
        running = span.kind in {"paragraph", "quote", "list"} and _goes_on(copy, after)
        for _, place in reading.open[1 if running else 0 :]:
            yield span.start + place, True


def _goes_on(copy: Copy, after: list[Span]) -> bool:
    """Whether a quotation that is left open ends in one of the blocks that follow, or opens again in the next."""
    for number, span in enumerate(after):
        if span.kind == "heading":
            return False
        text = _marked(copy, span)
        again = text.lstrip()[:1] in {"“", "«", "»", '"'}
        reading = _read(text)
        if again and (number == 0 or reading.open or reading.quotes):
            return True
        if reading.stray:
            return True
        if reading.open or reading.quotes:
            return False
    return False


def outside(text: str, start: int, quotes: list[tuple[int, int]]) -> str:
    """A text with its quotations blanked; `start` is its place in the body."""
    letters = list(text)
    for first, last in quotes:
        for place in range(max(0, first - start), min(len(letters), last - start)):
            if letters[place] != "\n":
                letters[place] = " "
    return "".join(letters)


def own_words(copy: Copy) -> str:
    """The prose without what others say: quotations and quoted blocks are blanked, every place stays."""
    parts, done = [], 0
    for span in copy.paragraphs:
        quotes = [(span.start, span.end)] if span.kind == "quote" else quotations(copy, span)
        parts += [copy.prose[done : span.start], outside(span.text, span.start, quotes)]
        done = span.end
    return "".join([*parts, copy.prose[done:]])
