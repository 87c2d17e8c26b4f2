"""Tables that are read whole: on a sheet, on a phone and in a mail.

How broad a table must be is told by its words, before anything is laid out: a column by the longest word in it. So
the type can be made smaller, the sheet be turned, or the frame say that it scrolls.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup, escape

#: A table of the text: those of layout, in mails, have attributes. One within another is measured by itself.
_TABLE = re.compile(
    r"(?P<heading><h[2-6]\b[^>]*>(?:(?!</h).)*</h[2-6]>\s*)?<table>(?P<rows>(?:(?!</?table\b).)*)</table>", re.DOTALL
)
#: Where a line may end within a word (UAX 14): after a hyphen, unless a figure follows.
_PIECES = re.compile(r"\s+|(?<=[-–—])(?=\D)")
#: Characters of the longest word that is kept whole: what is longer is an address, or a number to be copied.
LONGEST = 20
#: Characters beyond which a cell asks for no more width: its text takes several lines.
_MOST_WANTED = 40
_PADDING = 2  #: between two columns, in characters
#: Widths of a character in em: capitals and figures in a heading's weight; on screens, whose fonts are not ours, of the
#: broad ones, and of the usual ones.
_EM, _BROAD_EM, _USUAL_EM = 0.56, 0.6, 0.5
#: Sheets and sizes in points, from the best on: Letter with margins of 24 mm, upright and turned (points of width).
_UPRIGHT, _TURNED = 476, 655
_SHEETS = ((_UPRIGHT, 9.5), (_UPRIGHT, 8), (_UPRIGHT, 7), (_TURNED, 8), (_TURNED, 7), (_TURNED, 6))
#: Widths of a page's text in em, beyond which a table of 1 em scrolls there: a phone, a large one, any screen.
_SCREENS = ((44, "over-44"), (30, "over-30"), (19, "over-19"))
#: Pixels of a mail's text, of the least that a phone shows of it, and of a character in small type.
_MAIL, _MAIL_ON_A_PHONE, _MAIL_CHARACTER = 536, 284, 7.2
#: Characters that stand side by side in the text of a page, or of a mail, on a large screen.
_ROOM_ON_SCREENS = 62


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How much room a table takes, in characters."""

    words: tuple[int, ...]  #: of each column, its longest word, LONGEST at most
    wanted: tuple[int, ...]  #: of each column, its longest cell, within reason
    breaks: bool  #: whether a word in it is longer than LONGEST

    @property
    def need(self) -> int:
        """So many characters must stand side by side if no word is to be broken."""
        return sum(self.words) + _PADDING * len(self.words)

    def shares(self, room: float) -> tuple[float, ...]:
        """The width of each column in hundredths, where `room` characters stand side by side."""
        more = [max(0, wanted - word) for word, wanted in zip(self.words, self.wanted, strict=True)]
        left = max(0.0, room - self.need) / (sum(more) or 1)
        widths = [word + _PADDING + left * one for word, one in zip(self.words, more, strict=True)]
        return tuple(round(100 * width / sum(widths), 2) for width in widths)


@lru_cache(maxsize=64)
def shape_of(rows: str) -> Shape:
    """The shape of a table, by the markup between its tags."""
    reader = _Cells()
    reader.feed(rows)
    reader.close()
    columns = reader.columns()
    words = [max((_longest(text) for text in column), default=0) for column in columns]
    return Shape(
        words=tuple(min(LONGEST, max(1, word)) for word in words),
        wanted=tuple(min(_MOST_WANTED, max(map(len, column), default=1)) for column in columns),
        breaks=any(word > LONGEST for word in words),
    )


def on_sheet(markup: str) -> Markup:
    """Tables for paper: smaller type for broad ones, a turned sheet for the broadest, and cells that break."""

    def lay(found: re.Match[str]) -> str:
        shape = shape_of(found["rows"])
        width, size = next(((width, size) for width, size in _SHEETS if shape.need <= _room(width, size)), _SHEETS[-1])
        if (width, size) == _SHEETS[0] and not shape.breaks:
            return found[0]
        columns = _columns(shape.shares(_room(width, size)))
        heading, table = found["heading"] or "", f'<table class="broad t{size:g}">{columns}{found["rows"]}</table>'
        table = table.replace("t9.5", "t9")
        return f'<div class="turned">{heading}{table}</div>' if width == _TURNED else heading + table

    return Markup(_TABLE.sub(lay, markup))  # noqa: S704 - sanitised in body_html


def on_screen(markup: str, label: str, hint: str) -> Markup:
    """Tables in a frame that scrolls where a screen is too small, and says so.

    `label` is what a screen reader says of the frame, {number} in it the table's; `hint` is what stands above it.
    """
    counted: list[str] = []

    def lay(found: re.Match[str]) -> str:
        counted.append(found[0])
        shape = shape_of(found["rows"])
        sort = next((name for least, name in _SCREENS if shape.need * _USUAL_EM > least), "")
        named = escape(label.format(number=len(counted)).strip())
        frame = f'<div class="scroll{" " + sort if sort else ""}" role="region" tabindex="0" aria-label="{named}">'
        table = "<table>" + found["rows"]
        if sort or shape.breaks:
            columns, least = _columns(shape.shares(_ROOM_ON_SCREENS)), round(shape.need * _BROAD_EM)
            table = f'<table class="broad" style="min-width: {least}em">{columns}{found["rows"]}'
        hinted = f'<p class="hint {sort}" aria-hidden="true">{escape(hint)}</p>' if sort else ""
        return f"{found['heading'] or ''}{hinted}{frame}{table}</table></div>"

    return Markup(_TABLE.sub(lay, markup))  # noqa: S704 - sanitised in body_html


def in_mail(markup: str, hint: str) -> Markup:
    """Tables for mails: smaller type for broad ones, cells that break, and a frame that says that it scrolls."""

    def lay(found: re.Match[str]) -> str:
        shape = shape_of(found["rows"])
        pixels = round(shape.need * _MAIL_CHARACTER)
        about, columns, hinted = "", "", ""
        if pixels > _MAIL_ON_A_PHONE:
            about = f' class="broad tight" style="min-width: {pixels}px"'
            sort = "hint" if pixels <= _MAIL else "hint always"
            hinted = f'<p class="{sort}">{escape(hint)} &rarr;</p>'
        elif shape.breaks:
            about = ' class="broad"'
        if about:
            columns = _columns(shape.shares(_ROOM_ON_SCREENS))
        opening = f'<div class="scroll"><table width="100%" cellpadding="5" cellspacing="0" border="0"{about}>'
        return f"{found['heading'] or ''}{hinted}{opening}{columns}{found['rows']}</table></div>"

    return Markup(_TABLE.sub(lay, markup))  # noqa: S704 - sanitised in body_html


def _room(width: float, size: float) -> float:
    """Characters of a size that stand side by side."""
    return width / (_EM * size)


def _columns(shares: Sequence[float]) -> str:
    return "<colgroup>" + "".join(f'<col style="width: {share:g}%">' for share in shares) + "</colgroup>"


def _longest(text: str) -> int:
    """Characters of the longest piece that no line's end divides."""
    return max(map(len, _PIECES.split(text)), default=0)


class _Cells(HTMLParser):
    """The cells of one table by the columns in which they stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[tuple[int, int, int, list[str]]] = []  #: row, columns and rows that it spans, text
        self.row = -1
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.row += 1
        elif tag in ("td", "th"):
            spans = dict(attrs)
            self.cells.append((max(0, self.row), _span(spans.get("colspan")), _span(spans.get("rowspan")), []))
            self.is_open = True
        elif tag in ("br", "p", "li") and self.is_open:
            self.cells[-1][3].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.cells[-1][3].append(data)

    def columns(self) -> list[list[str]]:
        """The texts of each column; a cell that spans several is shared among them."""
        found: list[list[str]] = []
        for column, wide, text in self._placed():
            while len(found) < column + wide:
                found.append([])
            if wide == 1:
                found[column].append(text)
        return found or [[]]

    def _placed(self) -> Iterator[tuple[int, int, str]]:
        """Each cell's column, how many it spans, and its text (HTML, 4.9.12.1)."""
        taken: set[tuple[int, int]] = set()
        row = column = 0
        for its_row, wide, high, parts in self.cells:
            row, column = (its_row, 0) if its_row != row else (row, column)
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(high) for right in range(wide)}
            yield column, wide, " ".join("".join(parts).split())


def _span(value: str | None) -> int:
    return min(50, max(1, int(value))) if value and value.isascii() and value.isdigit() else 1
