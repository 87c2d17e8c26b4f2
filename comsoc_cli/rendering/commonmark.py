"""Markdown as Word, pandoc and Google Docs write it, made into what Python-Markdown reads, by CommonMark's rules.

A list or a table may stand right below its paragraph, nesting begins where the item's text begins, `1)` counts as `1.`
does, a backslash escapes every mark of ASCII and ends a line, #Hashtag is a word, and {.underline} is for programs.
Code stays as it is.
"""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor
from markdown.inlinepatterns import SubstituteTagInlineProcessor

_TAB = 4  #: blanks by which Python-Markdown nests
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_VERBATIM = re.compile(r"(?i)<(pre|script|style|textarea)\b")
_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)])( +)(?=\S)")
_RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
_SEPARATOR = re.compile(r" *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")
_BLOCK = re.compile(r" {0,3}(?:#{1,6}\s|>|\[[^\]]+\]:|\||:\s|<)")
#: pandoc's attributes: {.underline}, {#anexo .unnumbered}, {width="3in" target=_blank}
_ATTRIBUTE = r"(?:[#.][^\s{}\"'=]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s{}\"']+)|-)"
ATTRIBUTES = rf"\{{:?[ ]*{_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE})*[ ]*\}}"
_UNDERLINED = re.compile(r"\[([^\[\]\n]+)\]\{[ ]*\.(?:underline|ul)[ ]*\}")
_SPAN = re.compile(rf"(?<!\\)\[([^\[\]\n]+)\]{ATTRIBUTES}")
_AFTER = re.compile(rf"(?<=[)\]>`]){ATTRIBUTES}|(?m:(?<=[ \t]){ATTRIBUTES}[ \t]*$)")
_DIVISION = re.compile(rf"(?m)^[ \t]*:{{3,}}[ \t]*(?:{ATTRIBUTES}|[\w-]+)?[ \t]*:*[ \t]*$")
_AT_THE_END = re.compile(r"(?<!\\)((?:\\\\)*)\\[ \t]*(?=\n[ \t]*(?:\n|\Z)|\Z)")
#: Lines with quotation marks that pandoc escapes; print has its own for them.
_QUOTES = re.compile(r"(?m)^[^`\n]*\\[\"'][^`\n]*$")
_QUOTED = re.compile(r" {0,3}> ?")
_MAY_BE_ONE = re.compile(r"(?m)^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]")


class _HeadingProcessor(HashHeaderProcessor):
    """A heading by hashes: a single one is followed by a blank, else it begins a hashtag."""

    RE = re.compile(
        r"(?:^|\n)(?P<level>#{2,6}(?!#)|#(?=[ \t\n]|$))(?P<header>(?:\\.|[^\\#\n]|#+(?=[^#\n]))*?)(?:#+[ \t]*)?(?:\n|$)"
    )


def with_commonmark(markdown: Markdown) -> Markdown:
    """The same converter with CommonMark's escapes, line breaks and headings."""
    markdown.ESCAPED_CHARS = list(string.punctuation)
    markdown.parser.blockprocessors.register(_HeadingProcessor(markdown.parser), "hashheader", 70)
    markdown.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 185)
    return markdown


def without_attributes(text: str) -> str:
    """The text without what pandoc writes for programs, and with what it underlines as such."""
    if "{" not in text and ":::" not in text:
        return text
    text = _UNDERLINED.sub(r"<u>\1</u>", text)
    text = _AFTER.sub("", _SPAN.sub(r"\1", text))
    return _DIVISION.sub("", text)


def as_commonmark(source: str) -> str:
    """A text that Python-Markdown reads as CommonMark would have it."""
    may_have_lists = _MAY_BE_ONE.search(source) is not None
    if not (may_have_lists or "{" in source or ":::" in source or "\\" in source or "|" in source):
        return source
    parts = list(_parts(source.split("\n")))
    return "\n".join("\n".join(lines) if verbatim else _prepared(lines, may_have_lists) for lines, verbatim in parts)


def _parts(lines: list[str]) -> Iterator[tuple[list[str], bool]]:
    """The lines in groups: (lines, whether they are code)."""
    group: list[str] = []
    end: re.Pattern[str] | None = None
    for line in lines:
        if end is not None:
            group.append(line)
            if end.search(line):
                yield group, True
                group, end = [], None
            continue
        fence = _FENCE.match(line)
        opened = _VERBATIM.search(line) if "<" in line else None
        if fence or (opened and f"</{opened[1].lower()}" not in line.lower()):
            if group:
                yield group, False
            group = [line]
            end = (
                re.compile(rf" {{0,3}}{re.escape(fence[1])}[`~]*[ \t]*$")
                if fence
                else re.compile(rf"(?i)</{opened[1] if opened else ''}\s*>")
            )
            continue
        group.append(line)
    if group:
        yield group, end is not None


def _prepared(lines: list[str], may_have_lists: bool) -> str:
    text = without_attributes("\n".join(lines))
    if "\\" in text:
        text = _QUOTES.sub(_unescaped, _AT_THE_END.sub(r"\1", text))
    if not may_have_lists and "|" not in text:
        return text
    lines = _parted(_within_quotations(text.expandtabs(_TAB).split("\n")))
    return "\n".join(_nested(lines) if may_have_lists else lines)


def _unescaped(line: re.Match[str]) -> str:
    return line[0].replace('\\"', '"').replace("\\'", "'")


def _within_quotations(lines: list[str]) -> list[str]:
    """The same within quotations that have a list or a table."""
    found: list[str] = []
    for quoted, group in groupby(lines, key=lambda line: bool(_QUOTED.match(line))):
        written = list(group)
        inner = "\n".join(_QUOTED.sub("", line, count=1) for line in written) if quoted else ""
        if _MAY_BE_ONE.search(inner) or "|" in inner:
            found += [f"> {line}" for line in as_commonmark(inner).split("\n")]
        else:
            found += written
    return found


def _parted(lines: list[str]) -> list[str]:
    """With an empty line between a paragraph and the list or table right below it."""
    found: list[str] = []
    paragraph = False  #: whether the line before is one of a paragraph
    for number, line in enumerate(lines):
        if paragraph and (_begins_table(lines, number) or _begins_list(lines, number)):
            found.append("")
            paragraph = False
        found.append(line)
        if not line.strip() or _RULE.match(line):
            paragraph = False
        elif not paragraph:
            before = lines[number - 1] if number else ""
            paragraph = not before.strip() and not _ITEM.match(line) and not _BLOCK.match(line) and line[:4] != "    "
    return found


def _begins_table(lines: list[str], number: int) -> bool:
    line, below = lines[number], lines[number + 1] if number + 1 < len(lines) else ""
    return (
        "|" in line
        and "|" in below
        and "-" in below
        and bool(_SEPARATOR.match(below))
        and _cells(line) == _cells(below)
    )


def _cells(row: str) -> int:
    return len(re.findall(r"(?<!\\)\|", row.strip().removeprefix("|").removesuffix("|")))


def _begins_list(lines: list[str], number: int) -> bool:
    """Whether a list interrupts a paragraph: one of several items, or one that a colon announces.

    A single hyphen at a line's beginning may be an aside, and a number other than 1 the end of a sentence.
    """
    item = _ITEM.match(lines[number])
    if item is None or len(item[1]) > 3 or _RULE.match(lines[number]):
        return False
    if item[2][0].isdigit() and item[2][:-1] != "1":
        return False
    if lines[number - 1].rstrip().rstrip("*_\\").endswith(":"):
        return True
    return any(_is_sibling(item, line) for line in _rest_of_block(lines, number))


def _rest_of_block(lines: list[str], number: int) -> Iterator[str]:
    for line in lines[number + 1 :]:
        if not line.strip():
            return
        yield line


def _is_sibling(item: re.Match[str], line: str) -> bool:
    other = _ITEM.match(line)
    return (
        other is not None
        and other[1] == item[1]
        and (other[2] == item[2] or (other[2][0].isdigit() and item[2][0].isdigit()))
    )


@dataclass(slots=True)
class _Open:
    """An item of a list that is not ended: where its mark stands, and where its text begins."""

    mark: int
    text: int


def _nested(lines: list[str]) -> list[str]:
    """Items of lists and what belongs to them, four blanks for each level; other lines as they are."""
    found: list[str] = []
    stack: list[_Open] = []
    after_blank, in_list = True, False
    for line in lines:
        if not line.strip():
            found.append(line)
            after_blank = True
            continue
        indent = len(line) - len(line.lstrip(" "))
        item = None if _RULE.match(line) else _ITEM.match(line)
        if item and (stack or after_blank) and (stack or indent < _TAB):
            if not after_blank and not in_list:
                found.append("")  # below a further paragraph of the item before
            found.append(_as_item(stack, item, line))
            in_list = True
        elif stack and after_blank:
            found.append(_after_a_blank(stack, indent, line))
            in_list = False
        elif stack:
            found.append(" " * (_TAB * (len(stack) - 1) + min(indent, 2)) + line.lstrip(" "))
        else:
            found.append(line)
        after_blank = False
    return found


def _as_item(stack: list[_Open], item: re.Match[str], line: str) -> str:
    indent, mark, blanks = len(item[1]), item[2], len(item[3])
    while stack and indent < stack[-1].text:
        if len(stack) == 1 and indent >= max(_TAB, stack[-1].mark + 2):
            break  # four blanks nest below “10. ” as well
        stack.pop()
    level = len(stack)
    stack.append(_Open(mark=indent, text=indent + len(mark) + (blanks if blanks <= _TAB else 1)))
    return " " * (_TAB * level) + mark.replace(")", ".") + " " + line[item.end() :]


def _after_a_blank(stack: list[_Open], indent: int, line: str) -> str:
    """A further paragraph of an item, or what follows the list."""
    while stack and indent < stack[-1].text and indent < _TAB * len(stack):
        stack.pop()
    if not stack:
        return line
    return " " * (_TAB * len(stack)) + line[min(indent, max(stack[-1].text, _TAB * len(stack))) :]
