"""What is wrong with a few lines of YAML that cannot be read, where it is to be mended, and in words for everybody.

libyaml often names the line after the fault: it sees that a colon is missing when the next key comes, and that a
quotation mark is never closed when the text ends.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from comsoc_cli.message import Message, said

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: A key and its colon, bare or between quotation marks.
KEY = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'\[\]{},&*!|>%@`-][^:#]*?)\s*:(?=\s|$)""")
_WORD_AS_KEY = re.compile(r"""["']?[\w.-]+["']?\s*""")
_OPENING, CLOSING = "[{", "]}"
_SIGNS = "@`%*&!|>,-?"

INDENTED = said("this line is not indented like its neighbours")
NO_COLON = said("a colon is missing: every line reads “key: value”")
TAB = said("a tab stands here; use spaces")
SPECIAL = said('a text that begins with a special character must stand between quotation marks ("…")')
_COLON = said('a text that contains “: ” must stand between quotation marks ("…")')
_OPEN = said("the bracket that opens here is never closed")
_INVISIBLE = said("an invisible control character stands here")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What libyaml says of a part; lines and columns from 0, within the part."""

    problem: str
    context: str
    line: int
    column: int
    opened: int  #: the line on which began what it was reading
    opened_column: int


def trouble_in(lines: list[str]) -> Trouble | None:
    """What libyaml says of some lines, or None where they can be read."""
    text = "\n".join(lines)
    loader = _Loader(text.encode("utf-8"))
    try:
        while loader.get_event() is not None:
            pass
    except yaml.YAMLError as fault:
        return told_by(fault, text)
    finally:
        loader.dispose()
    return None


def told_by(fault: yaml.YAMLError, text: str) -> Trouble:
    mark: Any = getattr(fault, "problem_mark", None) or getattr(fault, "context_mark", None)
    opened: Any = getattr(fault, "context_mark", None) or mark
    # Of a character that may not be there libyaml tells the byte only.
    position = getattr(fault, "position", 0) or 0
    line = mark.line if mark else text.encode("utf-8")[:position].count(b"\n")
    return Trouble(
        problem=str(getattr(fault, "problem", "") or fault),
        context=str(getattr(fault, "context", "") or ""),
        line=line,
        column=mark.column if mark else 0,
        opened=opened.line if opened else line,
        opened_column=opened.column if opened else 0,
    )


def is_content(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#")


def diagnosed(lines: list[str], trouble: Trouble) -> tuple[int, Message]:
    """Where a part is to be mended (from its first line on), and how."""
    last = max(number for number, line in enumerate(lines) if is_content(line))
    for rule in _RULES:
        found = rule(lines, trouble)
        if found:
            return min(found[0], last), found[1]
    return min(trouble.line, last), said("this line cannot be understood; compare it with its neighbours")


_Found = tuple[int, Message] | None


def _invisible(lines: list[str], trouble: Trouble) -> _Found:
    if "special characters" in trouble.problem or "control characters" in trouble.problem:
        return trouble.line, _INVISIBLE
    return None


def _tab(lines: list[str], trouble: Trouble) -> _Found:
    line = lines[trouble.line] if trouble.line < len(lines) else ""
    blank = line[: len(line) - len(line.lstrip())]
    here = line[trouble.column : trouble.column + 1]
    return (trouble.line, TAB) if "\t" in blank or here == "\t" or "tab character" in trouble.problem else None


def _open_quote(lines: list[str], trouble: Trouble) -> _Found:
    if "quoted scalar" not in trouble.context:
        return None
    if "escape" in trouble.problem:
        return trouble.line, said('within "…" a backslash must be written twice (\\\\)')
    return trouble.opened, said("the quotation mark that opens here is never closed")


def _bracket(lines: list[str], trouble: Trouble) -> _Found:
    if "flow" not in trouble.context:
        return None
    opened, column = trouble.opened, trouble.opened_column
    if opened >= len(lines) or "flow node" in trouble.context:  # libyaml names what it looked for behind the bracket
        opened, column = _first_open(lines)
    if not _closes(lines, opened, column):
        return opened, _OPEN
    line = min(trouble.line, len(lines) - 1)
    before = lines[line][: trouble.column].strip()
    if line > opened and _WORD_AS_KEY.fullmatch(before or "-") and not lines[line - 1].rstrip().endswith(","):
        line -= 1
    return line, said(
        'a comma is missing here, or a text with “: ” or a special character must stand between quotation marks ("…")'
    )


def _special(lines: list[str], trouble: Trouble) -> _Found:
    """A value that begins with a character that means something else to YAML."""
    line = min(trouble.line, len(lines) - 1)
    value = _value(lines[line])
    begins = value[:1]
    if (begins and begins in _SIGNS) or "cannot start any token" in trouble.problem:
        return line, SPECIAL
    if begins and begins in _OPENING and "expected key" in trouble.problem:
        return line, said('a text that begins with a bracket must stand between quotation marks ("…")')
    return None


def _quote_within(lines: list[str], trouble: Trouble) -> _Found:
    if "expected key" not in trouble.problem and "block end" not in trouble.problem:
        return None
    for number, line in enumerate(lines[: trouble.line + 1]):
        begins = _value(line)[:1]
        if begins and begins in "\"'":
            return (trouble.line if number == trouble.line else number), said(
                "a quotation mark stands in the middle of this text, or is not closed on its line"
            )
    return None


def _colon(lines: list[str], trouble: Trouble) -> _Found:
    if "mapping values" not in trouble.problem:
        return None
    line = lines[trouble.line]
    before = line[: trouble.column]
    if trouble.line and _WORD_AS_KEY.fullmatch(before.strip()):
        above = next((number for number in range(trouble.line - 1, -1, -1) if is_content(lines[number])), 0)
        if not KEY.match(re.sub(r"^\s*-\s", "", lines[above]).lstrip()):
            return above, NO_COLON
        return trouble.line, INDENTED
    return trouble.line, _COLON


def _no_colon(lines: list[str], trouble: Trouble) -> _Found:
    return (trouble.opened, NO_COLON) if "could not find expected ':'" in trouble.problem else None


def _too_many(lines: list[str], trouble: Trouble) -> _Found:
    here = lines[trouble.line][trouble.column : trouble.column + 1] if trouble.line < len(lines) else ""
    return (trouble.line, said("a bracket closes here that never opened")) if here and here in CLOSING else None


def _indentation(lines: list[str], trouble: Trouble) -> _Found:
    return (trouble.line, INDENTED) if "block" in trouble.context or "expected" in trouble.problem else None


_RULES = (
    _invisible, _tab, _open_quote, _bracket, _too_many, _special, _quote_within, _colon, _no_colon, _indentation,
)  # fmt: skip


def _value(line: str) -> str:
    """What follows the key of a line, or the dash of an entry."""
    text = re.sub(r"^\s*(?:-\s+)*", "", line)
    found = KEY.match(text)
    return text[found.end() :].lstrip() if found else text


def _first_open(lines: list[str]) -> tuple[int, int]:
    """Line and column of the first bracket that is never closed; of the last line where all are. In linear time."""
    ahead: list[tuple[str, int, int]] = []
    for number, line in enumerate(lines):
        for at, sign in enumerate(line):
            if sign in _OPENING:
                ahead.append((CLOSING[_OPENING.index(sign)], number, at))
            elif ahead and sign == ahead[-1][0]:
                ahead.pop()
    return (ahead[0][1], ahead[0][2]) if ahead else (len(lines) - 1, 0)


def _closes(lines: list[str], line: int, column: int) -> bool:
    """Whether a bracket is closed at all; brackets between quotation marks do not count."""
    ahead, quote = "", ""
    for letter in "\n".join([lines[line][column:], *lines[line + 1 :]]):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in _OPENING:
            ahead += CLOSING[_OPENING.index(letter)]
        elif letter in CLOSING:
            if not ahead.endswith(letter):
                return False
            ahead = ahead[:-1]
            if not ahead:
                return True
    return False
