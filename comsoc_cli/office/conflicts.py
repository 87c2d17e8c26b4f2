"""Places that a merge of git left undecided: two people changed the same lines, and both versions stand there."""

import re
from collections.abc import Iterator, Sequence

from comsoc_cli.message import said
from comsoc_cli.office.files import FileFault

_MARK = re.compile(r"<{7}(?: .*)?|\|{7}(?: .*)?|={7}|>{7}(?: .*)?")


def is_mark(line: str) -> bool:
    """Whether a line is one that git puts around and between the versions."""
    return bool(_MARK.fullmatch(line.rstrip()))


def conflict_in(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and last line (from 0) of each place that a merge of git left undecided."""
    begin = None
    for number, line in enumerate(lines):
        if not is_mark(line):
            continue
        if line.startswith("<"):
            if begin is not None:
                yield begin, begin
            begin = number
        elif line.startswith(">"):
            yield (number if begin is None else begin), number
            begin = None
    if begin is not None:
        yield begin, begin


def conflicts(lines: Sequence[str], first_line: int = 1) -> list[FileFault]:
    """A fault for each place; lines count from `first_line`."""
    return [
        FileFault(
            said(
                "a conflict of git begins here and ends on line {last}: keep one of the two versions, and delete the"
                " lines <<<<<<<, ======= and >>>>>>>",
                last=last + first_line,
            ),
            begin + first_line,
            "conflict",
        )
        for begin, last in conflict_in(lines)
    ]
