"""A YAML text that cannot be read is taken apart: every fault of it is told, and what is sound is read all the same.

A text that people write is made of lines that belong together by their indentation. Each part is read for itself: a
part that cannot be read has a fault, and hides none of the others.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from comsoc_cli.message import Message, said
from comsoc_cli.office.conflicts import conflict_in, conflicts, is_mark
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.yaml_faults import CLOSING, INDENTED, KEY, NO_COLON, TAB, diagnosed, is_content, trouble_in

MOST = 200  #: faults that are told of one text
_DEEPEST = 500  #: brackets within brackets
_MOST_READINGS = 20  #: how often what is left is read again, to find what only the whole shows
_MOST_JOINED = 200  #: lines over which a bracket may close

_BY_TAB = 10_000  #: deeper than any line of a text

_DASH = re.compile(r"-(?=\s|$)")
_NOTHING = re.compile(r"\s*(?:&\S+\s*)?(?:#.*)?")


@dataclass(frozen=True, kw_only=True)
class Salvage:
    """What is wrong with a text, and what is left of it."""

    faults: tuple[FileFault, ...]  #: by line
    text: str  #: the same text, where the lines that cannot be read are empty

    def fault(self) -> FileFault:
        """The first of them, which knows the others."""
        first, *others = self.faults
        first.more = tuple(others)
        return first


def salvage(text: str, read: Callable[[str], object], first_line: int = 1) -> Salvage:
    """Every fault of a YAML text, and what can be read of it; `read` raises FileFault for what it finds in the rest."""
    found = _Parts(text.split("\n"), first_line)
    found.take_conflicts()
    if not _is_nested_without_end(text):
        found.block(0, len(found.lines))
    for _ in range(_MOST_READINGS):
        try:
            read("\n".join(found.lines))
            break
        except FileFault as fault:
            found.faults.append(fault)
            found.empty_around((fault.line or first_line) - first_line)
    faults = sorted(found.faults, key=lambda fault: fault.line or 0)
    return Salvage(faults=tuple(faults[:MOST]), text="\n".join(found.lines))


def _is_nested_without_end(text: str) -> bool:
    """Whether brackets nest deeper than anybody writes: libyaml takes a time that grows with its square."""
    depth = 0
    for sign in re.findall(r"[\[{}\]]", text):
        depth += 1 if sign in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False


@dataclass(frozen=True)
class _Part:
    """Lines that belong together: a key with its value, or an entry of a list."""

    begin: int
    end: int
    strays: bool = False  #: not indented like the parts beside it


class _Parts:
    """A text on its way into pieces; `lines` loses what is found wrong."""

    def __init__(self, lines: list[str], first_line: int) -> None:
        self.lines = lines
        self.first_line = first_line
        self.faults: list[FileFault] = []

    def take_conflicts(self) -> None:
        """Of a conflict one version is kept, so that what stands around it can be read."""
        self.faults += conflicts(self.lines, self.first_line)
        for begin, last in list(conflict_in(self.lines)):
            ours = True
            for number in range(begin, last + 1):
                mark = is_mark(self.lines[number])
                ours = ours and not (mark and not self.lines[number].startswith("<"))
                if mark or not ours:
                    self.lines[number] = ""

    def block(self, begin: int, end: int, entry: _Part | None = None) -> None:
        """Find what is wrong with parts that stand below each other; `entry` is the entry of a list they belong to."""
        if trouble_in(self.lines[begin:end]) is None and _sort(self.lines[begin:end]) != "text":
            return
        parts = self._joined(_parts(self.lines, begin, end))
        sorts = Counter(_looks(self.lines[part.begin]) for part in parts if not part.strays)
        usual = "entry" if sorts["entry"] > sorts["key"] else "key"
        for part in parts:
            if part.strays:
                self._fault(part.begin, INDENTED, entry or part)
            elif _has_tab(self.lines[part.begin]):
                self._fault(part.begin, TAB, entry or part)
            elif self.lines[part.begin].startswith(("---", "...")):
                continue
            else:
                self._part(part, usual, entry)

    def empty_around(self, line: int) -> None:
        """Take away the entry, or the key with its value, to which a line belongs."""
        begin = min(max(line, 0), len(self.lines) - 1)
        while begin and (not self.lines[begin].strip() or not self._begins(begin)):
            begin -= 1
        end = begin + 1
        while end < len(self.lines) and (
            not is_content(self.lines[end]) or _indent(self.lines[end]) > _indent(self.lines[begin])
        ):
            end += 1
        self._empty(_Part(begin, end))

    def _begins(self, line: int) -> bool:
        text = self.lines[line]
        return bool(_DASH.match(text.strip())) or (is_content(text) and not _indent(text))

    def _part(self, part: _Part, usual: str, entry: _Part | None) -> None:
        lines = self.lines[part.begin : part.end]
        trouble = trouble_in(lines)
        if trouble is None:
            if _sort(lines) in (("text", "list") if usual == "key" else ("text", "group")):
                self._fault(part.begin, _misses(lines[0], usual), entry or part)
            return
        known = len(self.faults)
        dash = _DASH.match(lines[0].lstrip())
        if dash:
            rest = " " * (_indent(lines[0]) + 1) + lines[0].lstrip()[1:]
            if _looks(rest) != "text" and not _has_tab(rest):
                self.lines[part.begin] = rest
                self.block(part.begin, part.end, entry or part)
                if len(self.faults) == known:
                    self.lines[part.begin] = lines[0]
        elif _has_only_a_key(lines[0]):
            self.block(part.begin + 1, part.end, entry)
        if len(self.faults) == known:
            line, message = diagnosed(lines, trouble)
            self._fault(part.begin + line, message, entry or part)

    def _joined(self, parts: list[_Part]) -> list[_Part]:
        """The same parts, where a bracket that closes further down takes with it what stands between."""
        joined: list[_Part] = []
        for position, part in enumerate(parts):
            if joined and part.begin < joined[-1].end:
                continue
            end = self._end_of_bracket(part, parts[position + 1 : position + 1 + _MOST_JOINED])
            joined.append(_Part(part.begin, end, part.strays))
        return joined

    def _end_of_bracket(self, part: _Part, following: list[_Part]) -> int:
        text = self.lines[part.begin : part.end]
        if not any(letter in line for line in text for letter in "[{"):
            return part.end
        trouble = trouble_in(text)
        if trouble is None or "flow" not in trouble.context:
            return part.end
        for other in following:
            if other.end <= part.begin + _MOST_JOINED and trouble_in(self.lines[part.begin : other.end]) is None:
                return other.end
        return part.end

    def _fault(self, line: int, message: Message, whole: _Part) -> None:
        self.faults.append(FileFault(message, line + self.first_line, "syntax"))
        self._empty(whole)

    def _empty(self, part: _Part) -> None:
        for number in range(part.begin, part.end):
            self.lines[number] = ""


def _parts(lines: list[str], begin: int, end: int) -> list[_Part]:
    """The parts of a block: each begins at the block's indentation, and what is indented deeper belongs to it."""
    content = [number for number in range(begin, end) if is_content(lines[number])]
    if not content:
        return []
    indent = _usual_indent([_indent(lines[number]) for number in content])
    starts, has_list = [content[0]], False
    for number in content:
        line, depth = lines[number], _indent(lines[number])
        is_entry = bool(_DASH.match(line.lstrip()))
        begins = depth < indent or (depth == indent and line.lstrip()[0] not in CLOSING)
        if begins and number != content[0] and not (is_entry and has_list and depth == indent):
            starts.append(number)
        if depth <= indent and not is_entry:
            has_list = depth == indent and _has_only_a_key(line)  # whose entries may stand as deep as it
    ends = [*starts[1:], end]
    return [_Part(start, stop, _indent(lines[start]) != indent) for start, stop in zip(starts, ends, strict=True)]


def _usual_indent(indents: list[int]) -> int:
    """How deep the parts of a block stand: as its first line, unless more stand less deep."""
    first, least = indents[0], min(indents)
    return least if indents.count(least) > max(1, indents.count(first)) else first


def _sort(lines: list[str]) -> str:
    """What some lines are that can be read: "group" of keys, "list", "text", or nothing."""
    content = [line for line in lines if is_content(line)]
    if not content:
        return ""
    first = content[0].lstrip()
    return "list" if _DASH.match(first) else "group" if KEY.match(first) or first[0] in "{[?" else "text"


def _looks(line: str) -> str:
    """What begins on a line: an "entry" of a list, a "key", or only "text"."""
    text = line.lstrip()
    return "entry" if _DASH.match(text) else "key" if KEY.match(text) else "text"


def _misses(line: str, usual: str) -> Message:
    """What a line lacks to be a part like its neighbours."""
    text = line.strip()
    if re.match(r"-\S", text):
        return said("a space is missing after the dash")
    if usual == "entry" or text.startswith("-"):
        return INDENTED
    return said("a space is missing after the colon") if re.match(r"[\w.-]+:\S", text) else NO_COLON


def _has_only_a_key(line: str) -> bool:
    text = line.strip()
    found = KEY.match(text)
    return bool(found and _NOTHING.fullmatch(text[found.end() :]))


def _indent(line: str) -> int:
    """How many spaces a line begins with; a tab among them is a fault of a line that belongs to the one above."""
    return _BY_TAB if _has_tab(line) else len(line) - len(line.lstrip(" "))


def _has_tab(line: str) -> bool:
    return "\t" in line[: len(line) - len(line.lstrip())]
