"""How lines and tables stand on a terminal, whatever its width; elsewhere (a pipe, a file) nothing is cut or broken."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comsoc_cli.cli.terminal import harmless, shown, width

_GAP = 2  #: columns of the terminal between two of a table
_BELOW = 8  #: columns before what stands below its row
#: What stands before the words of a line: an indent, a mark, the name of a row.
_BEGINNING = re.compile(r"\s*(?:→ |✗ )?(?:\S[^\n]*?\s{2,})?")
_DEEPEST = 16  #: columns that the second line of a text stands below the first at most
_HANGING = 4  #: and where the first line begins with more than that


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], cut: Mapping[int, int] | None = None) -> str:
    """Columns that line up. On a terminal that is too narrow those in `cut` are shortened (…), to so much at least.

    The others are never cut, so that a slug or an address can be copied: where it is still too narrow, the widest
    columns of words stand below their row.
    """
    return "\n".join(table_rows(headings, rows, cut))


def table_rows(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    cut: Mapping[int, int] | None = None,
    room: int | None = None,
) -> list[str]:
    """The headings and each row of a `table`, of one line or more; `room` is the terminal's if nothing is said."""
    room = room_of(sys.stdout) if room is None else room
    rows = [[shown(cell) for cell in row] for row in rows]
    widths = [max(width(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    beside, below = _columns(widths, rows, cut or {}, room)
    told = []
    for row in (headings, *rows):
        cells = [_filled(_shortened(row[column], widths[column]), widths[column]) for column in beside]
        lines = [(" " * _GAP).join(cells).rstrip()]
        if below and row is not headings:
            lines += _below([_named(headings[column], row[column]) for column in below if row[column].strip()], room)
        told.append("\n".join(lines))
    return told


def room_of(stream: Any) -> int:
    """How many columns the terminal has; 0 without a terminal."""
    if not stream.isatty():
        return 0
    from shutil import get_terminal_size

    return get_terminal_size().columns


def on_screen(text: str, stream: Any) -> str:
    """A text whose long lines go on between words and below their beginning, where a terminal shows it."""
    room, text = room_of(stream), harmless(text)
    if not room:
        return text
    return "\n".join(part for line in text.split("\n") for part in _wrapped(line, room))


def _columns(
    widths: list[int], rows: Sequence[Sequence[str]], cut: Mapping[int, int], room: int
) -> tuple[list[int], list[int]]:
    """Which columns stand beside each other and which below; `widths` become those that there is room for."""
    columns, below = list(range(len(widths))), list[int]()
    wordy = [column for column in columns if any(" " in row[column].strip() for row in rows)]
    while room and _over(widths, columns, room) > 0:
        narrowed = _narrowed(widths, columns, {column: cut[column] for column in cut if column in columns}, room)
        if narrowed:
            widths[:] = narrowed
            break
        if not wordy:
            break
        widest = max(wordy, key=lambda column: widths[column])
        wordy.remove(widest)
        columns.remove(widest)
        below = sorted([*below, widest])
    return columns, below


def _over(widths: Sequence[int], columns: Sequence[int], room: int) -> int:
    """How many columns of the terminal are missing."""
    return sum(widths[column] + _GAP for column in columns) - _GAP - room


def _narrowed(widths: Sequence[int], columns: Sequence[int], cut: Mapping[int, int], room: int) -> list[int] | None:
    """The widths with which it fits, where the widest of those that may be cut give way first."""
    narrowed = list(widths)
    while _over(narrowed, columns, room) > 0:
        wide = [column for column in cut if narrowed[column] > cut[column]]
        if not wide:
            return None
        narrowed[max(wide, key=lambda column: narrowed[column])] -= 1
    return narrowed


def _named(heading: str, cell: str) -> str:
    return f"{heading}: {cell}" if heading else cell


def _below(cells: list[str], room: int) -> Iterator[str]:
    """What stands below a row: on one line if it fits."""
    indent = " " * _BELOW
    together = indent + " · ".join(cells)
    if not cells:
        return
    for line in [together] if width(together) <= room else [indent + cell for cell in cells]:
        yield from _wrapped(line, room)


def _filled(cell: str, columns: int) -> str:
    return cell + " " * (columns - width(cell))


def _shortened(cell: str, columns: int) -> str:
    if width(cell) <= columns:
        return cell
    while width(cell) >= columns:
        cell = cell[:-1]
    return cell.rstrip() + "…"


def _wrapped(line: str, room: int) -> list[str]:
    if width(line) <= room:
        return [line]
    import textwrap

    beginning = _BEGINNING.match(line)
    indent, blank = len(beginning[0]) if beginning else 0, len(line) - len(line.lstrip())
    if indent > min(_DEEPEST, room // 2):
        indent = blank + _HANGING
    elif indent and indent == blank:
        indent += _GAP
    return textwrap.wrap(line, room, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
