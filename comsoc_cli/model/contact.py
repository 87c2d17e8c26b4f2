"""Who is written to: contacts, the segments that select them, and who must not be written to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from comsoc_cli.model.alike import fold

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


#: Why an address must not be written to, as suppressions.yaml says it; and other words for it.
UNSUBSCRIBED, BOUNCED, COMPLAINT, OPPOSITION, ERASURE, BY_HAND = (
    "baja",
    "rebote",
    "queja",
    "oposición",
    "cancelación",
    "manual",
)
SUPPRESSION_REASONS = (UNSUBSCRIBED, BOUNCED, COMPLAINT, OPPOSITION, ERASURE, BY_HAND)
_OTHER_WORDS = {
    "unsubscribed": UNSUBSCRIBED,
    "unsubscribe": UNSUBSCRIBED,
    "bounce": BOUNCED,
    "bounced": BOUNCED,
    "complaint": COMPLAINT,
    "spam": COMPLAINT,
    "objection": OPPOSITION,
    "opposition": OPPOSITION,
    "erasure": ERASURE,
    "cancellation": ERASURE,
    "bloqueo": BY_HAND,
}
_REASON_OF = {fold(one): one for one in SUPPRESSION_REASONS} | _OTHER_WORDS


def suppression_reason(words: str) -> str:
    """The reason that some words name, by their first; nothing for words of the office's own."""
    first = next(iter(re.split(r"[\W_]+", fold(words).strip())), "")
    return _REASON_OF.get(first, "")


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """An address that must not be written to, since when and why."""

    email: str
    since: date
    reason: str = ""  #: one of SUPPRESSION_REASONS, or, in older files, words of the office's own
    detail: str = ""

    @property
    def key(self) -> str:
        return address_key(self.email)

    @property
    def kind(self) -> str:
        """One of SUPPRESSION_REASONS, or nothing where the reason says something else."""
        return suppression_reason(self.reason)

    @property
    def words(self) -> str:
        """Reason and detail, as they are shown."""
        return ": ".join(part for part in (self.reason, self.detail) if part)


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
