"""A rule that speaks often in one text says it once, and where else."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from comsoc_cli.copydesk.rule import Finding
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import said

_MOST = 6  #: lines that are named


def gathered(copy: Copy, findings: Iterable[Finding]) -> Iterator[Finding]:
    """All findings of a rule in a body as its first, which names the lines of the others and carries their changes."""
    every = list(findings)
    if len(every) < 2:
        yield from every
        return
    ends = [place for place, letter in enumerate(copy.body) if letter == "\n"]
    lines = list(dict.fromkeys(copy.release.body_line + bisect_left(ends, one.start or 0) for one in every[1:]))
    shown = ", ".join(map(str, lines[:_MOST])) + ("…" if len(lines) > _MOST else "")
    yield replace(
        every[0],
        message=said("{what}; {many} times, also in line {lines}", what=every[0].message, many=len(every), lines=shown),
        more=tuple(
            (one.start, one.end, one.replacement)
            for one in every[1:]
            if one.start is not None and one.end is not None and one.replacement is not None
        ),
    )
