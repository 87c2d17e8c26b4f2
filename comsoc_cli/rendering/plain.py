"""HTML as plain text that reads well by itself: wrapped lines, links as footnotes, nothing of Markdown left over."""

import textwrap
from dataclasses import dataclass, field
from html.parser import HTMLParser

from comsoc_cli.rendering.typography import NO_BREAK, glued

WIDTH = 72
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "dt", "dd", "figcaption", "caption", "figure"}
_SKIPPED = {"script", "style", "title"}


@dataclass
class _Text:
    """A piece of the page under construction."""

    blocks: list[str] = field(default_factory=list)
    indent: str = ""
    first: str = ""  #: what stands before the first line only: a bullet or number


class _Reader(HTMLParser):
    def __init__(self, width: int, photo: str) -> None:
        super().__init__(convert_charrefs=True)
        self.width = width
        self.photo = photo
        self.stack = [_Text()]
        self.line: list[str] = []
        self.links: list[str] = []
        self.open_links: list[str] = []
        self.lists: list[int | None] = []  # the next number of each open list, None for bullets
        self.items: list[int] = []  # how many items each open list has
        self.table: list[list[str]] | None = None
        self.cell: list[str] | None = None
        self.verbatim = False
        self.silent = 0

    # what is written where: a table's cell, else the current line

    def _write(self, text: str) -> None:
        (self.line if self.cell is None else self.cell).append(text)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._write(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SKIPPED:
            self.silent += 1
        elif tag in _BLOCKS:
            self._end_line()
        elif opens := getattr(self, f"_open_{tag}", None):
            opens(given)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self._end_line(upper=tag in {"h1", "h2"})
        elif closes := getattr(self, f"_close_{tag}", None):
            closes()

    def _open_br(self, _: dict[str, str]) -> None:
        self._write("\n")

    def _open_hr(self, _: dict[str, str]) -> None:
        self._end_line()
        self._add("-" * 20)

    def _open_pre(self, _: dict[str, str]) -> None:
        self._end_line()
        self.verbatim = True

    def _close_pre(self) -> None:
        self._end_line()
        self.verbatim = False

    def _open_img(self, given: dict[str, str]) -> None:
        if given.get("alt"):
            self._write(f"[{self.photo}: {given['alt']}]")

    def _open_a(self, given: dict[str, str]) -> None:
        kind = given.get("class", "")
        if kind == "footnote-ref":
            self._write(" (")
        self.open_links.append(kind or given.get("href", ""))
        self.silent += kind == "footnote-backref"

    def _close_a(self) -> None:
        href = self.open_links.pop() if self.open_links else ""
        self.silent -= href == "footnote-backref"
        if href == "footnote-ref":
            self._write(")")
        if href.startswith(("http://", "https://")):
            if href not in self.links:
                self.links.append(href)
            self._write(f" [{self.links.index(href) + 1}]")

    def _open_blockquote(self, _: dict[str, str]) -> None:
        self._end_line()
        self._indent("> ")

    def _close_blockquote(self) -> None:
        self._end_line()
        self._outdent(tight=False)

    def _open_ul(self, _: dict[str, str]) -> None:
        self._end_line()
        self.lists.append(None)
        self.items.append(0)

    def _open_ol(self, given: dict[str, str]) -> None:
        self._end_line()
        start = given.get("start", "")
        self.lists.append(int(start) if start.isdigit() else 1)
        self.items.append(0)

    def _close_ul(self) -> None:
        self._end_line()
        if self.lists:
            self.lists.pop()
            self.items.pop()

    _close_ol = _close_ul

    def _close_li(self) -> None:
        self._end_line()
        self._outdent(tight=True)

    def _open_table(self, _: dict[str, str]) -> None:
        self._end_line()
        self.table = []

    def _open_tr(self, _: dict[str, str]) -> None:
        if self.table is not None:
            self.table.append([])

    def _open_td(self, _: dict[str, str]) -> None:
        if self.table is not None:
            self.cell = []

    _open_th = _open_td

    def _close_td(self) -> None:
        if self.cell is not None:
            row = self.table[-1] if self.table else []
            row.append(" ".join("".join(self.cell).split()))
            self.cell = None

    _close_th = _close_td

    def _close_table(self) -> None:
        if self.table is not None:
            self._add("\n".join(_table(self.table, self._room())))
            self.table = None

    def _open_li(self, _: dict[str, str]) -> None:
        self._end_line()
        number = self.lists[-1] if self.lists else None
        mark = "• " if number is None else f"{number}. "
        if self.lists and number is not None:
            self.lists[-1] = number + 1
        self._indent(" " * len(mark), mark)

    def _indent(self, indent: str, first: str = "") -> None:
        self.stack.append(_Text(indent=indent, first=first or indent))

    def _outdent(self, *, tight: bool) -> None:
        """Put a finished quotation or list item into what stands around it."""
        if len(self.stack) == 1:
            return
        piece = self.stack.pop()
        text = "\n\n".join(piece.blocks)
        lines = text.split("\n")
        marked = [(piece.first if number == 0 else piece.indent) + line for number, line in enumerate(lines)]
        block = "\n".join(line.rstrip() for line in marked)
        around = self.stack[-1].blocks
        if tight and self.items and self.items[-1] and around:
            around[-1] += "\n" + block
        else:
            around.append(block)
        if tight and self.items:
            self.items[-1] += 1

    def _room(self) -> int:
        return max(20, self.width - sum(len(piece.indent) for piece in self.stack))

    def _add(self, block: str) -> None:
        if block:
            self.stack[-1].blocks.append(block)

    def _end_line(self, *, upper: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        if self.verbatim:
            self._add(text.strip("\n"))
            return
        if upper:
            text = text.upper()
        lines = (
            [wrapped(part, self._room()) for part in text.split("\n")]
            if "\n" in text
            else [wrapped(text, self._room())]
        )
        self._add("\n".join(lines).strip("\n"))


def wrapped(text: str, width: int = WIDTH) -> str:
    """One paragraph in lines of at most `width`; a word that is longer stays whole, since it is an address."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    lines = textwrap.wrap(glued(line), width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(NO_BREAK, " ")


def plain_text(markup: str, *, width: int = WIDTH, photo: str = "Foto") -> str:
    """The text of an HTML fragment; links are numbered and listed at its end."""
    reader = _Reader(width, photo)
    # A line break in the source is a space; one that is meant is <br>.
    reader.feed(_joined(markup))
    reader.close()
    reader._end_line()
    while len(reader.stack) > 1:
        reader._outdent(tight=False)
    text = "\n\n".join(reader.stack[0].blocks)
    if reader.links:
        text += "\n\n" + "\n".join(f"[{number}] {link}" for number, link in enumerate(reader.links, start=1))
    return text


def _joined(markup: str) -> str:
    parts = markup.split("<pre>")
    kept = [parts[0].replace("\n", " ")]
    for part in parts[1:]:
        inside, end, outside = part.partition("</pre>")
        kept.append(inside + end + outside.replace("\n", " "))
    return "<pre>".join(kept)


def _table(rows: list[list[str]], width: int) -> list[str]:
    """Columns where they fit into the width, else each row as "heading: value" lines."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return []
    columns = max(len(row) for row in rows)
    rows = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(columns)]
    if sum(widths) + 2 * (columns - 1) <= width:
        lines = [
            "  ".join(_aligned(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        return [lines[0], "-" * min(width, max(map(len, lines))), *lines[1:]]
    heading, *others = rows
    lines = []
    for row in others:
        for name, cell in zip(heading, row, strict=True):
            lines += wrapped(f"{name}: {cell}" if name else cell, width).split("\n")
        lines.append("")
    return lines[:-1]


def _aligned(cell: str, size: int) -> str:
    """Figures stand to the right."""
    figure = cell.replace(",", "").replace(".", "").replace("$", "").replace("%", "").replace(" ", "")
    return cell.rjust(size) if figure.isdigit() else cell.ljust(size)
