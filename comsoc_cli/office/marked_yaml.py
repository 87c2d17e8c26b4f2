"""YAML with the line of every key, read strictly: every scalar is text, a duplicate key is a fault.

YAML 1.1 reads `no` as False, `12:30` as 750 and `2026-11-23` as a date; a press officer means what was typed. The event
stream is walked instead of building nodes: a hundred thousand contacts take a second, and each is done when it is read.
"""

from collections.abc import Callable, Iterator
from sys import intern
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from comsoc_cli.message import said
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.yaml_faults import SPECIAL, diagnosed, told_by
from comsoc_cli.office.yaml_salvage import Salvage, salvage

DEEPEST = 50
MOST_BORROWED = 100_000  #: values that `*name` may repeat in one file
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_EMPTY = {"", "~", "null", "Null", "NULL"}


class Marked(dict[str, Any]):
    """A mapping that knows the lines (from 1) of its keys."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class MarkedList(list[Any]):
    """A list that knows the lines (from 1) of its items."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class YamlReader:
    """Walks the events of one document."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._first = first_line
        # Only the bytes are kept: whoever hands in a long text and lets go of it has it once in memory, not twice.
        self._events = self._guarded(text.encode("utf-8"))
        self.next: Callable[[], Event] = self._events.__next__
        self._anchors: dict[str, tuple[Any, int, int]] = {}  # with how many values it stands for, and how deep
        self._unnamed: dict[str, int] = {}  # names that were given to a text and not used yet, and on which line
        self._deepest = 0
        self._values = 0
        self._borrowed = 0

    def _guarded(self, data: bytes) -> Iterator[Event]:
        loader = _Loader(data)
        try:
            while (event := loader.get_event()) is not None:
                yield event
        except yaml.YAMLError as fault:
            text = data.decode("utf-8")
            line, message = diagnosed(text.split("\n"), told_by(fault, text))
            raise FileFault(message, self._first + line, "syntax") from None
        finally:
            loader.dispose()

    def line(self, event: Event) -> int:
        mark: Any = event.start_mark
        return self._first + int(mark.line)

    def opening(self) -> Event | None:
        """The first event of the content, or None for an empty document."""
        for event in self._events:
            if isinstance(event, StreamEndEvent):
                return None
            if not isinstance(event, StreamStartEvent | DocumentStartEvent):
                return event
        return None

    def entries(self, mapping: Marked) -> Iterator[tuple[str, Event]]:
        """The keys of a mapping whose start has been read, each with the first event of its value."""
        following, lines, above = self.next, mapping.lines, self._first
        while type(event := following()) is ScalarEvent:
            mark: Any = event.start_mark
            line = above + mark.line
            key = intern(event.value)  # a hundred thousand contacts have seven keys
            if key in lines:
                message = said("the key “{key}” stands here twice (first on line {first})", key=key, first=lines[key])
                raise FileFault(message, line, "duplicate-key")
            lines[key] = line
            yield key, following()
        if not isinstance(event, MappingEndEvent):
            raise FileFault(said("a key must be a word"), self.line(event), "syntax")

    def value(self, event: Event, depth: int = 0) -> Any:
        """What begins with this event: text, None, Marked or MarkedList."""
        if depth > DEEPEST:
            raise FileFault(said("the lists are nested too deeply"), self.line(event), "syntax")
        node: Any = event
        if node.anchor is None:
            return self._content(node, depth)
        if type(node) is AliasEvent:
            return self._repeated(node, depth)
        before, around = self._values, self._deepest
        self._deepest = depth
        value = self._content(node, depth)
        self._anchors[node.anchor] = (value, self._values - before, self._deepest - depth)
        # `&Socios y amigos` would lose a word; `&k boletin` is a name that somebody gave, used or not.
        if type(node) is ScalarEvent and not node.style and (not node.value or " " in node.value):
            self._unnamed.setdefault(node.anchor, self.line(node))
        self._deepest = max(around, self._deepest)
        return value

    def _content(self, event: Any, depth: int) -> Any:
        """The value of a node, whether it has a name or not."""
        self._values += 1
        if depth > self._deepest:
            self._deepest = depth
        kind = type(event)
        if kind is ScalarEvent:
            text = event.value
            if event.tag is not None and event.tag.startswith("!") and event.tag != "!":
                raise FileFault(SPECIAL, self.line(event), "syntax")
            return None if text in _EMPTY and not event.style else text
        if kind is SequenceStartEvent:
            items = MarkedList()
            while type(item := self.next()) is not SequenceEndEvent:
                items.lines.append(self.line(item))
                items.append(self.value(item, depth + 1))
            return items
        value = Marked(self.line(event))
        for key, first in self.entries(value):
            value[key] = self.value(first, depth + 1)
        return value

    def _repeated(self, event: AliasEvent, depth: int) -> Any:
        """The value that `*name` stands for."""
        if event.anchor not in self._anchors:
            raise FileFault(
                said("“*{name}” refers to itself or to nothing", name=event.anchor), self.line(event), "syntax"
            )
        self._unnamed.pop(event.anchor, None)
        value, weight, height = self._anchors[event.anchor]
        self._deepest = max(self._deepest, depth + height)
        self._values += weight
        self._borrowed += weight
        if self._borrowed > MOST_BORROWED or depth + height > DEEPEST:
            raise FileFault(said("“*{name}” repeats too much", name=event.anchor), self.line(event), "syntax")
        return value

    def finish(self) -> None:
        """Nothing may follow the document, and a name without a use was meant as text: `&Co y socios`."""
        for line in self._unnamed.values():
            raise FileFault(SPECIAL, line, "syntax")
        for event in self._events:
            if not isinstance(event, DocumentEndEvent | StreamEndEvent):
                raise FileFault(said("a second document begins here; one file holds one"), self.line(event), "syntax")


def read_yaml(text: str, first_line: int = 1) -> Any:
    """The one document of a YAML text: Marked, MarkedList, text or None; raises FileFault, which knows all faults."""
    try:
        return _the_document(text, first_line)
    except FileFault:
        saved = salvaged(text, first_line)
    raise saved.fault()


def salvaged(text: str, first_line: int = 1) -> Salvage:
    """What is wrong with a text that cannot be read, and the text without it."""
    return salvage(text, lambda rest: _the_document(rest, first_line), first_line)


def _the_document(text: str, first_line: int) -> Any:
    """Raises FileFault at the first fault."""
    reader = YamlReader(text, first_line)
    event = reader.opening()
    if event is None:
        return None
    value = reader.value(event)
    reader.finish()
    return value


def read_mapping(text: str, first_line: int = 1) -> Marked:
    """Like `read_yaml`, for files that hold `key: value` at the top; an empty one is an empty mapping."""
    value = read_yaml(text, first_line)
    if value is None:
        return Marked(first_line)
    if not isinstance(value, Marked):
        raise FileFault(
            said("“key: value” lines are expected here, and something else was found"), first_line, "syntax"
        )
    return value


def is_mapping_start(event: Event | None) -> bool:
    return isinstance(event, MappingStartEvent)


def is_empty(event: Event | None) -> bool:
    """Whether a document holds nothing: no event, or a blank behind ---."""
    return event is None or (isinstance(event, ScalarEvent) and not event.style and event.value in _EMPTY)


def is_list_start(event: Event | None) -> bool:
    return isinstance(event, SequenceStartEvent)


def is_list_end(event: Event) -> bool:
    return isinstance(event, SequenceEndEvent)


def plain(value: Any) -> Any:
    """The same value as ordinary dicts and lists, without empty entries; what the digest is made over."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [plain(entry) for entry in value if entry is not None]
    return value


def line_of(value: Any, way: tuple[str | int, ...]) -> int | None:
    """The line of a place such as ("images", 0, "src"), as near as it is known."""
    line = getattr(value, "line", None)
    for step in way:
        if isinstance(value, Marked) and isinstance(step, str) and step in value.lines:
            line, value = value.lines[step], value.get(step)
        elif isinstance(value, MarkedList) and isinstance(step, int) and step < len(value):
            line, value = value.lines[step], value[step]
        else:
            break
    return line
