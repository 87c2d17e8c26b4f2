"""Who is written to: contacts, the segments that select them, and who must not be written to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

FieldValue = str | tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """A person or desk that is written to."""

    email: str
    name: str = ""
    outlet: str = ""
    language: str = ""
    until: date | None = None  #: the last day of the accreditation or consent
    segments: tuple[str, ...] = ()
    fields: Mapping[str, FieldValue] = field(default_factory=dict)  #: the office's own: type, region, tags, …
    line: int = 0  #: where it stands in contacts.yaml

    @property
    def key(self) -> str:
        """The same for every spelling of one address."""
        return address_key(self.email)

    def values(self, name: str) -> tuple[str, ...]:
        """All values of one of its fields, none if it has no such field."""
        if name in OWN_FIELDS:
            own = getattr(self, name)
            value: FieldValue = own if isinstance(own, tuple) else "" if own is None else str(own)
        else:
            value = self.fields.get(name, "")
        return value if isinstance(value, tuple) else (value,) if value else ()


OWN_FIELDS = ("email", "name", "outlet", "language", "until", "segments")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A named rule that selects contacts; it is evaluated when a release is sent."""

    name: str
    title: str = ""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    embargo: bool = False  #: may be written to under embargo
    internal: bool = False  #: the government's own people, who may have internal documents
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """An address that must not be written to, since when and why."""

    email: str
    since: date
    reason: str = ""

    @property
    def key(self) -> str:
        return address_key(self.email)


@dataclass(frozen=True, kw_only=True)
class ContactBook:
    """All contacts and segments of an office, and its suppressions by address."""

    contacts: tuple[Contact, ...] = ()
    segments: Mapping[str, Segment] = field(default_factory=dict)
    suppressions: Mapping[str, Suppression] = field(default_factory=dict)

    @property
    def internal_segments(self) -> tuple[str, ...]:
        """The names of the segments that may have internal documents, in their order."""
        return tuple(name for name, segment in self.segments.items() if segment.internal)


def address_key(email: str) -> str:
    """What makes two spellings one mailbox: case does not (RFC 5321 lets it, no mail server does)."""
    key = email.strip().lower()  # not `casefold`, which takes "ß" for "ss"
    return email if key == email else key  # nearly every address is its own key, and need not be kept twice
