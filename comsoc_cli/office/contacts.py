"""Reading contacts.yaml: contacts one by one as they come, a hundred thousand in a few seconds."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, TypeVar

from comsoc_cli.errors import Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import OWN_FIELDS, Contact, ContactBook, FieldValue, Segment, address_key
from comsoc_cli.model.problem import Problem, Severity, errors
from comsoc_cli.model.segments import circle
from comsoc_cli.office.addresses import NoAddress, address_expected, normalised, visible
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.marked_yaml import (
    Marked,
    YamlReader,
    is_empty,
    is_list_end,
    is_list_start,
    is_mapping_start,
    salvaged,
)
from comsoc_cli.office.moments import day
from comsoc_cli.office.suppressions import read_suppressions
from comsoc_cli.office.validation import unknown_key, wrong_value

#: What would break a header of a message, or hide in it.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
#: How many different values, and sets of fields, are looked out for so that contacts have them in common.
MOST_SHARED = 10_000
_OWN_FIELDS = frozenset(OWN_FIELDS)
_SEGMENT_KEYS = ("title", "where", "include", "exclude", "embargo", "internal")
_Value = TypeVar("_Value", bound=FieldValue)


class ContactsUnusable(Refusal):
    """contacts.yaml or suppressions.yaml has errors: comsoc writes to no one from half a list."""

    def __init__(self, problems: list[Problem]) -> None:
        wrong = errors(problems)
        first = wrong[0]
        super().__init__(
            said("{place}: {message}.", place=first.place, message=first.message),
            said("Correct it ({count} in all); “comsoc contacts check” shows every one.", count=len(wrong)),
        )
        self.problems = problems


def contact_book(office: Office) -> ContactBook:
    """The contact book; raises ContactsUnusable if it has any error."""
    book, problems = read_contacts(office)
    if errors(problems):
        raise ContactsUnusable(problems)
    return book


def read_contacts(office: Office) -> tuple[ContactBook, list[Problem]]:
    """The contact book as far as it can be read, and every problem of its two files."""
    suppressions, problems = read_suppressions(office)
    reader = _Reader(office.name_of(office.contacts))
    if office.contacts.exists():
        try:
            text = read_text(office.contacts)
        except FileFault as fault:
            reader.tell(fault)
        else:
            with _collector_paused():
                reader = _read(text, reader.path)
    reader.judge_segments()
    book = ContactBook(contacts=tuple(reader.contacts), segments=reader.segments, suppressions=suppressions)
    return book, [*reader.problems, *problems]


def _read(text: str, path: str) -> "_Reader":
    """All contacts and segments of a text; where it has faults, those that stand beside them."""
    reader = _Reader(path)
    try:
        reader.read(YamlReader(text))
    except FileFault as fault:
        saved = salvaged(text)
        reader = _Reader(path)
        for one in saved.faults or (fault,):
            reader.tell(one)
        with suppress(FileFault):
            reader.read(YamlReader(saved.text))
    return reader


class _Reader:
    """Collects contacts, segments and what is wrong with them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.contacts: list[Contact] = []
        self.segments: dict[str, Segment] = {}
        self.problems: list[Problem] = []
        self._lines: dict[str, int] = {}
        self._values: dict[FieldValue, Any] = {}
        self._fields: dict[tuple[tuple[str, FieldValue], ...], Mapping[str, FieldValue]] = {}

    def add(
        self, line: int | None, field: str | None, rule: str, message: Message, severity: Severity = Severity.ERROR
    ) -> None:
        problem = Problem(path=self.path, line=line, field=field, severity=severity, rule=rule, message=message)
        self.problems.append(problem)

    def tell(self, fault: FileFault) -> None:
        self.add(fault.line, None, fault.rule, fault.message)

    def wrong(self, line: int | None, field: str, found: object, expected: Message) -> None:
        self.problems.append(wrong_value(self.path, line, field, found, expected))

    def read(self, reader: YamlReader) -> None:
        opening = reader.opening()
        if opening is None or is_empty(opening):
            return
        if not is_mapping_start(opening):
            raise FileFault(said("the file must begin with “segments:” or “contacts:”"), reader.line(opening), "syntax")
        for key, event in reader.entries(top := Marked(reader.line(opening))):
            if key == "contacts" and is_list_start(event):
                while not is_list_end(item := reader.next()):
                    self._contact(reader.value(item), reader.line(item))
                continue
            value = reader.value(event)
            if key == "segments" and isinstance(value, Marked):
                self._segments(value)
            elif key not in {"contacts", "segments"}:
                self.problems.append(unknown_key(self.path, key, ("contacts", "segments"), top.lines[key]))
            elif value is not None:
                self.wrong(
                    top.lines[key], key, value, said("a list of contacts") if key == "contacts" else said("segments")
                )
        reader.finish()

    def _contact(self, value: Any, line: int) -> None:
        if not isinstance(value, Marked):
            self.wrong(line, "contacts", value, said("a contact with “email: …”"))
            return
        email = self._email(value, line)
        contact = Contact(
            email=email,
            name=self._text(value, "name"),
            outlet=self._shared(self._text(value, "outlet")),
            language=self._shared(self._text(value, "language")),
            until=self._until(value),
            segments=self._many(value, "segments"),
            fields=self._own(value),
            line=line,
        )
        if not email:
            return
        key = contact.key
        if key in self._lines:
            message = said(
                "{address} stands here a second time (first on line {first})", address=email, first=self._lines[key]
            )
            self.add(line, "email", "contact-twice", message, Severity.WARNING)
        self._lines.setdefault(key, line)
        self.contacts.append(contact)

    def _shared(self, value: _Value) -> _Value:
        """The same value, as the object it was when it was met first: outlets and regions repeat again and again."""
        if len(self._values) < MOST_SHARED:
            self._values.setdefault(value, value)
        known: _Value = self._values.get(value, value)
        return known

    def _own(self, value: Marked) -> Mapping[str, FieldValue]:
        """The office's own fields; contacts that say the same have one mapping in common."""
        entries = tuple(
            [(key, self._field(value, key)) for key in value if key not in _OWN_FIELDS and value[key] is not None]
        )
        fields = self._fields.get(entries)
        if fields is None:
            fields = {key: self._shared(found) for key, found in entries}
            if len(self._fields) < MOST_SHARED:
                self._fields[entries] = fields
        return fields

    def _email(self, value: Marked, line: int) -> str:
        text = value.get("email")
        if not isinstance(text, str):
            self.add(line, "email", "missing", said("“{field}” is missing", field="email"))
            return ""
        try:
            return normalised(text)
        except NoAddress:
            self.wrong(value.lines["email"], "email", visible(text), address_expected(text))
            return ""

    def _text(self, value: Marked, key: str) -> str:
        text = value.get(key)
        if text is None:
            return ""
        if not isinstance(text, str):
            self.wrong(value.lines[key], key, text, said("a text"))
            return ""
        if UNPRINTABLE.search(text.strip()):
            self.wrong(value.lines[key], key, text, said("a text on one line"))
            return ""
        return text.strip()

    def _until(self, value: Marked) -> date | None:
        text = value.get("until")
        if text is None:
            return None
        try:
            return day(str(text))
        except ValueError:
            self.wrong(value.lines["until"], "until", text, said("a date such as 2026-11-23"))
            return None

    def _many(self, value: Marked, key: str) -> tuple[str, ...]:
        found = self._field(value, key) if value.get(key) is not None else ()
        return found if isinstance(found, tuple) else (found,)

    def _field(self, value: Marked, key: str) -> FieldValue:
        found = value[key]
        if isinstance(found, str):
            return found
        if isinstance(found, list) and all(isinstance(entry, str) for entry in found):
            return tuple(found)
        self.wrong(value.lines[key], key, found, said("a text or a list of texts"))
        return ""

    def _segments(self, value: Marked) -> None:
        for name, rule in value.items():
            line = value.lines[name]
            if not isinstance(rule, Marked):
                if rule is not None:
                    self.wrong(line, f"segments.{name}", rule, said("a group of “key: value” lines"))
                rule = Marked(line)
            for key in rule:
                if key not in _SEGMENT_KEYS:
                    self.problems.append(unknown_key(self.path, key, _SEGMENT_KEYS, rule.lines[key]))
            self.segments[name] = Segment(
                name=name,
                title=self._text(rule, "title") or name,
                where=self._where(rule),
                include=self._many(rule, "include"),
                exclude=self._many(rule, "exclude"),
                embargo=self._yes(rule, "embargo"),
                internal=self._yes(rule, "internal"),
                line=line,
            )

    def _where(self, rule: Marked) -> dict[str, tuple[str, ...]]:
        where = rule.get("where")
        if where is None:
            return {}
        if not isinstance(where, Marked):
            self.wrong(rule.lines["where"], "where", where, said("a group of “key: value” lines"))
            return {}
        return {key: self._many(where, key) for key in where}

    def _yes(self, rule: Marked, key: str) -> bool:
        text = rule.get(key)
        if text is None:
            return False
        if str(text).casefold() in {"true", "yes", "sí", "si", "on"}:
            return True
        if str(text).casefold() not in {"false", "no", "off"}:
            self.wrong(rule.lines[key], key, text, said("true or false"))
        return False

    def judge_segments(self) -> None:
        """What can only be seen when all of the file has been read."""
        for segment in list(self.segments.values()):
            for other in (*segment.include, *segment.exclude):
                if other not in self.segments:
                    message = said(
                        "segment “{name}” names a segment “{other}” that does not exist", name=segment.name, other=other
                    )
                    self.add(segment.line, segment.name, "unknown-segment", message)
            way = circle(self.segments, segment.name)
            if way:
                message = said("segment “{name}” includes itself: {way}", name=segment.name, way=" → ".join(way))
                self.add(segment.line, segment.name, "segment-circle", message)
        for contact in self.contacts:
            for name in contact.segments:
                if name not in self.segments:
                    message = said(
                        "{address} names a segment “{other}” that does not exist", address=contact.email, other=name
                    )
                    self.add(contact.line, "segments", "unknown-segment", message)


def find_contact(book: ContactBook, address: str) -> list[Contact]:
    """Every entry of one address."""
    key = address_key(address)
    return [contact for contact in book.contacts if contact.key == key]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Nothing that is read here is garbage, and looking for it takes longer than the reading."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
