"""What the copy desk mends by itself: only what has one right answer, in the text and in the words of its data."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.copydesk.findings import Around, copies, findings
from comsoc_cli.copydesk.rule import Finding, Rule
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.release import Release
from comsoc_cli.office.files import FileFault, read_text, write_bytes

_AROUND = 30  #: characters that are shown beside a change
_MARK = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One change in a text."""

    path: Path
    rule: str
    line: int
    column: int
    start: int  #: in the file's text with plain line ends
    end: int
    replacement: str
    before: str  #: the words as they stand, with those beside them
    after: str


def fixes(release: Release, rules: Iterable[Rule], around: Around) -> Iterator[Fix]:
    """Every safe change in the texts of a release, in their order; none reaches into another."""
    fixable = [rule for rule in rules if rule.fixable]
    for copy in copies(release, around):
        body, path = copy.body, copy.release.path
        offset = _offset(path, body)
        every = list(findings(copy, fixable))
        found = [
            (start, end, rule.name, replacement)
            for rule, _, one in every
            for start, end, replacement in ((one.start, one.end, one.replacement), *one.more)
            if start is not None and end is not None and replacement is not None
        ]
        if offset is not None:
            yield from _in_the_data(path, offset, every)
        done = 0
        for start, end, name, replacement in sorted(found) if offset is not None else ():
            if start < done or body[start:end] == replacement:
                continue
            done = end
            left, right = _beside(body, start, end)
            yield Fix(
                path=path, rule=name, line=copy.release.body_line + body.count("\n", 0, start),
                column=start - body.rfind("\n", 0, start), start=start + (offset or 0), end=end + (offset or 0),
                replacement=replacement, before=left + body[start:end] + right, after=left + replacement + right,
            )  # fmt: skip


def _in_the_data(path: Path, offset: int, found: Iterable[tuple[Rule, Severity, Finding]]) -> Iterator[Fix]:
    """Words of headline, subhead, summary and captions that are replaced wherever the data have them."""
    data = read_text(path)[:offset]
    done: set[int] = set()
    pairs = [(rule.name, *pair) for rule, _, one in found for pair in one.in_data]
    for name, words, better in sorted(pairs, key=lambda one: -len(one[1])):  # the longer words have the shorter ones
        for place in re.finditer(re.escape(words), data):
            start, end = place.span()
            if not done.isdisjoint(range(start, end)):
                continue
            done.update(range(start, end))
            left, right = _beside(data, start, end)
            yield Fix(
                path=path, rule=name, line=data.count("\n", 0, start) + 1, column=start - data.rfind("\n", 0, start),
                start=start, end=end, replacement=better, before=left + words + right, after=left + better + right,
            )  # fmt: skip


def _beside(body: str, start: int, end: int) -> tuple[str, str]:
    """The words of the same line before and after a place."""
    left, right = body[:start].rpartition("\n")[2], body[end:].partition("\n")[0]
    if len(left) > _AROUND:
        left = "…" + left[-_AROUND:].partition(" ")[2]
    if len(right) > _AROUND:
        right = right[:_AROUND].rpartition(" ")[0] + "…"
    return left, right


def apply(path: Path, changes: Sequence[Fix]) -> None:
    """Make these changes in a file, at once; every other byte stays, line ends and byte-order mark with them."""
    written = path.read_bytes().decode("utf-8")
    places = _places(written)
    ends = "\r\n" if "\r\n" in written else "\n"
    for change in sorted(changes, key=lambda one: one.start, reverse=True):
        replacement = change.replacement.replace("\n", ends)
        written = written[: places[change.start]] + replacement + written[places[change.end] :]
    write_bytes(path, written.encode("utf-8"))


def _offset(path: Path, body: str) -> int | None:
    """Where the body begins in its file: it is the file's end, but for white space."""
    try:
        text = read_text(path).rstrip()
    except FileFault:
        return None
    return len(text) - len(body) if body and text.endswith(body) else None


def _places(written: str) -> list[int]:
    """For each character of the text with plain line ends, and for its end, the place in the text as written."""
    places = []
    for place, letter in enumerate(written):
        if (letter == _MARK and place == 0) or (letter == "\n" and place and written[place - 1] == "\r"):
            continue
        places.append(place)
    places.append(len(written))
    return places
