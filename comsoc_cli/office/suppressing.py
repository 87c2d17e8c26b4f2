"""Adding to suppressions.yaml: in order of the address, line by line, so that nothing that stands there is touched."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comsoc_cli.errors import Refusal
from comsoc_cli.message import said
from comsoc_cli.model.contact import Suppression, address_key
from comsoc_cli.office.files import FileFault, plain_text, read_bytes, write_bytes
from comsoc_cli.office.folder import Office
from comsoc_cli.office.marked_yaml import Marked, MarkedList, plain, read_mapping
from comsoc_cli.office.suppressions import read_suppressions

_KEY = "suppressions"
_SIMPLE = re.compile(r"[a-z0-9][\w.+-]*(@[\w.-]+)?")  # of these no YAML reader makes anything but a text
_ENTRY = re.compile(r"( *)-(?=\s|$)")
_NOTHING = re.compile(
    rf"(?P<key>(?:{_KEY}|\"{_KEY}\"|'{_KEY}')[ \t]*:)[ \t]*(?:\[[ \t]*\]|~|[Nn]ull|NULL)?(?P<rest>[ \t]*(?:#.*)?)"
)
_COMMENT = re.compile(r"[ \t]*#")
_NO_COMMENT = re.compile(r"(?!)")


class SuppressionsOdd(Refusal):
    """suppressions.yaml is written in a way to which nothing can be added without a loss."""

    def __init__(self, name: str, line: int | None) -> None:
        place = f"{name}:{line}" if line else name
        super().__init__(
            said("{place}: nothing was added, because something that stands here would be lost.", place=place),
            said(
                "Write each entry on lines of its own, as “  - email: nadie@diario.example”; then repeat the command."
            ),
        )


def suppress(office: Office, wanted: Sequence[Suppression]) -> list[str]:
    """Adds suppressions; answers with the keys of those that were added, the others stood there before.

    The list is kept in order of the address, its comments stay. The file is written whole or not at all. Raises
    FileFault where it cannot be read, SuppressionsOdd where something in it would be lost, StoreUnusable.
    """
    known, _ = read_suppressions(office)
    fresh = {one.key: one for one in wanted if one.key not in known}
    if not fresh:
        return []
    path = office.suppressions.resolve()
    data = read_bytes(path) if path.exists() else b""
    text = plain_text(data)
    before = read_mapping(text)
    entries = before.get(_KEY)
    if entries is not None and not isinstance(entries, MarkedList):
        raise SuppressionsOdd(office.name_of(office.suppressions), before.lines[_KEY])
    added = [fresh[key] for key in sorted(fresh)]
    for way in (_sorted, _inserted, _inserted_below_comments, _as_block):
        written = way(text, before, added)
        if written is not None and _holds_all(written := written.rstrip("\n") + "\n", before, added):
            write_bytes(path, _as_it_was(written, data))
            return list(fresh)
    raise SuppressionsOdd(office.name_of(office.suppressions), before.lines.get(_KEY))


def _holds_all(written: str, before: Marked, added: Sequence[Suppression]) -> bool:
    """Whether a text says all that was said before, and what is added, and nothing else."""
    try:
        after = read_mapping(written)
    except FileFault:
        return False
    if {key: value for key, value in after.items() if key != _KEY} != {
        key: value for key, value in before.items() if key != _KEY
    }:
        return False
    expected = [*(before.get(_KEY) or []), *map(_entry, added)]
    return sorted(map(_canonical, after.get(_KEY) or [])) == sorted(map(_canonical, expected))


def _canonical(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False)


def _entry(one: Suppression) -> dict[str, str]:
    entry = {"email": one.email, "since": one.since.isoformat(), "reason": one.reason, "detail": one.detail}
    return {key: value for key, value in entry.items() if value}


def _lines_of(entry: dict[str, Any], indent: str) -> list[str]:
    """An entry of texts as it stands in the file."""
    marks = ["- ", *["  "] * len(entry)]
    return [f"{indent}{mark}{key}: {_scalar(value)}" for mark, (key, value) in zip(marks, entry.items(), strict=False)]


def _scalar(text: str) -> str:
    if _SIMPLE.fullmatch(text) or re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    return json.dumps(text, ensure_ascii=False)


@dataclass
class _Block:
    """One entry of a list in block form, with the comments right above it."""

    key: str
    lines: list[str]


def _sorted(text: str, before: Marked, added: Sequence[Suppression]) -> str | None:
    """The list with all in order of the address; None where it is in another form, or other things stand between."""
    found = _blocks(text, before)
    if found is None:
        return None
    head, blocks, tail, indent = found
    keys = [block.key for block in blocks]
    if keys != sorted(keys) and any(_COMMENT.match(block.lines[0]) for block in blocks):
        return None  # a comment may be the heading of several
    for one in added:
        entry = _Block(key=one.key, lines=_lines_of(_entry(one), indent))
        place = next((number for number, block in enumerate(blocks) if block.key > one.key), len(blocks))
        blocks.insert(place, entry)
    blocks.sort(key=lambda block: block.key)
    return "\n".join([*head, *[line for block in blocks for line in block.lines], *tail])


def _blocks(text: str, before: Marked) -> tuple[list[str], list[_Block], list[str], str] | None:
    """The lines before the list, its entries, the lines after it, and how far the entries stand from the margin."""
    lines, starts = text.split("\n"), _starts(text, before)
    if not starts:
        return None
    entries, indent = before[_KEY], _ENTRY.match(lines[starts[0]])
    end = _end_of_list(lines, starts[-1], before)
    firsts = [_above(lines, start) for start in starts]
    blocks = []
    for number, (first, entry) in enumerate(zip(firsts, entries, strict=True)):
        last = firsts[number + 1] if number + 1 < len(firsts) else end
        block = lines[first:last]
        if not all(line.strip() for line in block):
            return None  # a blank line parts groups that mean something
        email = entry.get("email") if isinstance(entry, Marked) else ""
        blocks.append(_Block(key=address_key(str(email or "")), lines=block))
    assert indent
    return lines[: firsts[0]], blocks, lines[end:], indent[1]


def _inserted(text: str, before: Marked, added: Sequence[Suppression]) -> str | None:
    """The list as it is, each new entry before the first that has a later address, and before its comments."""
    return _with(text, before, added, _COMMENT)


def _inserted_below_comments(text: str, before: Marked, added: Sequence[Suppression]) -> str | None:
    """The same where a line that looks like a comment belongs to a text of several lines."""
    return _with(text, before, added, _NO_COMMENT)


def _with(text: str, before: Marked, added: Sequence[Suppression], comment: re.Pattern[str]) -> str | None:
    lines, starts = text.split("\n"), _starts(text, before)
    if not starts:
        return None
    indent = _ENTRY.match(lines[starts[0]])
    assert indent
    keys = [address_key(str(one.get("email") or "")) if isinstance(one, Marked) else "" for one in before[_KEY]]
    places = [*[_above(lines, start, comment) for start in starts], _end_of_list(lines, starts[-1], before, comment)]
    for one in reversed(added):
        place = next((place for place, key in zip(places, keys, strict=False) if key > one.key), places[-1])
        lines[place:place] = _lines_of(_entry(one), indent[1])
    return "\n".join(lines)


def _as_block(text: str, before: Marked, added: Sequence[Suppression]) -> str | None:
    """A list that was empty, absent, or between brackets, written with an entry a line."""
    lines = text.split("\n")
    entries = [*({**plain(one)} for one in before.get(_KEY) or [] if isinstance(one, Marked)), *map(_entry, added)]
    entries.sort(key=lambda entry: address_key(str(entry.get("email", ""))))
    if not all(isinstance(value, str) for entry in entries for value in entry.values()):
        return None
    block = [line for entry in entries for line in _lines_of(entry, "  ")]
    if _KEY not in before:
        end = _end_of_document(lines)
        return "\n".join([*lines[:end], f"{_KEY}:", *block, *(lines[end:] or [""])])
    first = before.lines[_KEY] - 1
    last = min((line - 1 for line in before.lines.values() if line - 1 > first), default=_end_of_document(lines))
    if found := _NOTHING.fullmatch(lines[first]):
        return "\n".join([*lines[:first], found["key"] + found["rest"], *block, *(lines[first + 1 :] or [""])])
    if any(_COMMENT.match(line) or " #" in line or "\t#" in line for line in lines[first:last]):
        return None  # a comment would be lost
    return "\n".join([*lines[:first], f"{_KEY}:", *block, *(lines[last:] or [""])])


def _starts(text: str, before: Marked) -> list[int]:
    """Where each entry of a list in block form begins, counted from 0; nothing for any other list."""
    lines, entries = text.split("\n"), before.get(_KEY)
    if not isinstance(entries, MarkedList) or not entries:
        return []
    starts, after = [], before.lines[_KEY] - 1
    for line in entries.lines:
        start = line - 1
        while start > after and not _ENTRY.match(lines[start]):
            start -= 1  # the dash stands alone above what belongs to it
        if start <= after:
            return []
        starts.append(start)
        after = start
    return starts


def _above(lines: Sequence[str], start: int, comment: re.Pattern[str] = _COMMENT) -> int:
    """Where the comments begin that stand right above an entry."""
    while start and comment.match(lines[start - 1]):
        start -= 1
    return start


def _end_of_list(lines: Sequence[str], last: int, before: Marked, comment: re.Pattern[str] = _COMMENT) -> int:
    """Behind the last line of the last entry."""
    following = [line - 1 for line in before.lines.values() if line - 1 > last]
    end = min(following, default=_end_of_document(lines))
    while end > last + 1 and (not lines[end - 1].strip() or comment.match(lines[end - 1])):
        end -= 1
    return end


def _end_of_document(lines: Sequence[str]) -> int:
    """Behind the last line that is not empty, before an end mark."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].rstrip() == "..."):
        end -= 1
    return end


def _as_it_was(text: str, data: bytes) -> bytes:
    """A text with the byte-order mark and the line ends that the file had."""
    mark = data[:3] if data.startswith(b"\xef\xbb\xbf") else b""
    if data.count(b"\r\n") * 2 > data.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return mark + text.encode("utf-8")


def addresses_in(texts: Iterable[str]) -> list[str]:
    """The addresses that a pasted text names, in its order: one a line, or parted by blanks, commas or semicolons.

    “Ana <ana@diario.example>” and “mailto:…” are understood, “#” begins a comment. Whatever else stands there is
    answered as well, for the validator to refuse.
    """
    found: list[str] = []
    for text in texts:
        for line in text.splitlines():
            named = re.findall(r"<([^<>\s]+)>", line)
            words = named or re.split(r"[\s,;]+", re.sub(r"(^|\s)#.*", "", line))
            found += [word.removeprefix("mailto:") for word in words if word]
    return list(dict.fromkeys(found))
