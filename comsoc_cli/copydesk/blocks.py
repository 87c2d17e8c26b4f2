"""The blocks of a Markdown text and the sentences in them, by their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_QUOTE = re.compile(r" {0,3}>")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_ROW = re.compile(r".*\|")
_SEPARATOR = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*(?::?-+:?[ \t]*)?)*$")
_PICTURES = re.compile(r"[ \t]*(?:\[?!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])(?:\]\([^)]*\))?[ \t]*)+$")
_END = re.compile(r"(?<![.!?…])[.!?…]+(?: {0,3}[)\]”»\"'’])*(?=\s+[¿¡(\[“«\"'‘—–-]*[A-ZÁÉÍÓÚÜÑ0-9])")
_LAST = re.compile(r"(?<![\w.])(?:[^\W\d_]{1,2}\.)*[^\W\d_]+(?=\.$)")
#: Words that end in a stop which ends no sentence.
_TITLES = """lic ing dr dra drs mtro mtra mtros profr profra prof arq biól psic c cc cp gral cap cmdte cmte tte sgto
    sr sra sres sras srta d dña fr hno pbro mr mrs ms jr gov sen rep sec srio subsrio"""
_PLACES = "av avda blvd calz carr col fracc km dir depto dept gob mpio edo st sta sto tel tels ext cel"
_REFERENCES = "núm núms num nro art arts frac inc párr pág págs pp vol ed aprox máx mín vs ref fig cf p ej"
_SHORTENED = frozenset(f"{_TITLES} {_PLACES} {_REFERENCES}".split())
#: The same, where a number follows.
_BEFORE_A_NUMBER = frozenset({"no", "nos", "cap", "vol", "s"})


@dataclass(frozen=True)
class Span:
    """A stretch of the body; `text` is its prose, of the same length, so that text[n] stands at start + n."""

    start: int
    end: int
    text: str
    kind: str = "paragraph"  #: or heading, quote, list, table, caption
    level: int = 0  #: of a heading

    @property
    def plain(self) -> str:
        """Its words, one space between them."""
        return " ".join(self.text.split())


def blocks(body: str, prose: str) -> Iterator[Span]:
    """The blocks of a text in their order; those without a word are left out."""
    for start, end, kind, level in _joined(_lines(body, prose)):
        text = prose[start:end]
        if text.strip():
            yield Span(start, end, text, kind, level)


def _lines(body: str, prose: str) -> Iterator[tuple[int, int, str, int, bool]]:
    """Each line: (start, end, kind, level, whether it begins a block); an empty kind ends one."""
    lines = body.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    before = ""
    for number, line in enumerate(lines):
        start, end = starts[number], starts[number] + len(line)
        below = lines[number + 1] if number + 1 < len(lines) else ""
        kind, level, begins = _kind(line, below, before)
        if not prose[start:end].strip() and kind not in {"table", "quote"}:
            kind = ""
        yield start, end, kind, level, begins
        before = kind


def _kind(line: str, below: str, before: str) -> tuple[str, int, bool]:
    """What a line is: (kind, level of a heading, whether it begins a block)."""
    if not line.strip():
        return "", 0, False
    if heading := _HEADING.match(line):
        return "heading", len(heading[1]), True
    if _QUOTE.match(line):
        return "quote", 0, not line.strip("> \t")
    if before == "table" and _ROW.match(line):
        return "table", 0, False
    if _ROW.match(line) and "-" in below and "|" in below + line and _SEPARATOR.match(below):
        return "table", 0, True
    if _ITEM.match(line):
        return "list", 0, True
    if _PICTURES.match(line):
        return "caption", 0, True
    if before in {"list", "quote"}:
        return before, 0, False
    if before != "paragraph" and (underline := _UNDERLINE.match(below)) and line.strip():
        return "heading", 1 if underline[1][0] == "=" else 2, True
    return "paragraph", 0, False


def _joined(lines: Iterator[tuple[int, int, str, int, bool]]) -> Iterator[tuple[int, int, str, int]]:
    """Lines of one block together."""
    block: tuple[int, int, str, int] | None = None
    for start, end, kind, level, begins in lines:
        if block and (begins or kind != block[2]):
            yield block
            block = None
        if kind and block:
            block = (block[0], end, kind, block[3])
        elif kind:
            block = (start, end, kind, level)
    if block:
        yield block


def sentences(span: Span) -> Iterator[Span]:
    """The sentences of a block; abbreviations, initials and numbers end none."""
    start = 0
    for found in _END.finditer(span.text):
        if _ends(span.text, found):
            yield from _sentence(span, start, found.end())
            start = found.end()
    yield from _sentence(span, start, len(span.text))


def _ends(text: str, found: re.Match[str]) -> bool:
    if found[0] != ".":
        return True
    word = _LAST.search(text[max(0, found.start() - 20) : found.start() + 1])
    if word is None:
        return True
    short = word[0].casefold()
    follows = text[found.end() :].lstrip()[:1]
    if short in {"a.m", "p.m", "etc"}:
        return True
    if short in _BEFORE_A_NUMBER and follows.isdigit():
        return False
    return not (short in _SHORTENED or "." in short or (len(short) == 1 and word[0].isupper()))


def _sentence(span: Span, start: int, end: int) -> Iterator[Span]:
    text = span.text[start:end]
    if text.strip():
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip())
        yield Span(span.start + first, span.start + last, span.text[first:last], span.kind)
