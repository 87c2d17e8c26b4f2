"""The plan: who would receive which release, and who would not and why. Pure; computed anew by every run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from comsoc_cli.model.alike import fold
from comsoc_cli.model.contact import SUPPRESSION_REASONS, Contact, ContactBook
from comsoc_cli.model.delivery import Outcome, Recipient
from comsoc_cli.model.segments import selected

#: Why somebody does not get it, in the order in which the reasons are shown.
SUPPRESSED, EXPIRED, DUPLICATE, NOT_ALLOWED = "suppressed", "expired", "duplicate", "not_allowed"
ALREADY, REFUSED, UNCERTAIN, LATER = "already_sent", "refused", "uncertain", "over_limit"
REASONS = (SUPPRESSED, REFUSED, DUPLICATE, EXPIRED, NOT_ALLOWED, ALREADY, UNCERTAIN, LATER)


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """A contact that a segment selects and that does not get it."""

    reason: str
    contact: Contact
    detail: str = ""
    kind: str = ""  #: of one who is suppressed, the reason as SUPPRESSION_REASONS has it


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who gets it and who does not; together they are all that the segments select."""

    segments: tuple[str, ...]
    recipients: tuple[Recipient, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    selected: int = 0  #: entries of the contact book that the segments select
    types: Mapping[str, int] = field(default_factory=dict)  #: how many recipients of each `type`

    def suppressed(self) -> dict[str, int]:
        """How many are suppressed for each reason; "" for words of the office's own."""
        counts = Counter(one.kind for one in self.excluded if one.reason == SUPPRESSED)
        return {kind: counts[kind] for kind in (*SUPPRESSION_REASONS, "") if counts[kind]}

    def reasons(self) -> dict[str, int]:
        """How many are excluded for each reason."""
        found: dict[str, int] = {}
        for reason in REASONS:
            many = sum(1 for one in self.excluded if one.reason == reason)
            if many:
                found[reason] = many
        return found


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person who sends asks for."""

    limit: int | None = None
    resend_uncertain: bool = False
    retry_refused: bool = False


def plan(
    book: ContactBook,
    segments: tuple[str, ...],
    *,
    today: date,
    allow: tuple[str, ...] = (),
    known: Mapping[str, Outcome] | None = None,
    wishes: Wishes | None = None,
) -> Plan:
    """Who of these segments gets a revision now.

    `today` is the office's day; `known` is what came of this revision at each address key; `allow`, while not empty,
    names the only addresses and domains that may be written to.
    """
    wishes, known = wishes or Wishes(), known or {}
    recipients: list[Recipient] = []
    excluded: list[Excluded] = []
    types: Counter[str] = Counter()
    entries, waiting = _selected(book, segments)
    for contact in entries:
        key = contact.key
        reason, detail = _reason(contact, key, book, today, allow)
        names: tuple[str, ...] = ()
        if not reason:
            reason = _after(known.get(key), wishes) if key in waiting else DUPLICATE
            names = waiting.pop(key, ())
        if not reason and wishes.limit is not None and len(recipients) >= wishes.limit:
            reason = LATER
        if reason:
            excluded.append(_left_out(reason, contact, detail, book))
            continue
        types[next(iter(contact.values("type")), "")] += 1
        recipients.append(recipient_of(contact, key, names))
    return Plan(
        segments=segments,
        recipients=tuple(recipients),
        excluded=tuple(excluded),
        selected=len(entries),
        types=_alike(types),
    )


def plan_again(
    book: ContactBook,
    holders: Sequence[Recipient],
    segments: tuple[str, ...],
    *,
    today: date,
    allow: tuple[str, ...] = (),
    known: Mapping[str, Outcome] | None = None,
    wishes: Wishes | None = None,
) -> Plan:
    """The recipients of a correction or a kill: all who may have the earlier text, and new ones of the segments.

    A holder is told even where no segment selects them any more; never one who is suppressed.
    """
    wishes, known = wishes or Wishes(), known or {}
    wanted = {holder.key for holder in holders}
    entries: dict[str, list[Contact]] = {}
    for contact in book.contacts:
        if contact.key in wanted:
            entries.setdefault(contact.key, []).append(contact)
    recipients: list[Recipient] = []
    excluded: list[Excluded] = []
    types: Counter[str] = Counter()
    for holder in holders:
        entry = _entry_of(holder, entries.get(holder.key, ()))
        if entry:  # as he is called and reads now
            holder = recipient_of(entry, holder.key, holder.segments)
        contact = entry or Contact(email=holder.address, name=holder.name, outlet=holder.outlet)
        reason, detail = _forbidden(holder.address, holder.key, book, allow)
        reason = reason or _after(known.get(holder.key), wishes)
        if not reason and wishes.limit is not None and len(recipients) >= wishes.limit:
            reason = LATER
        if reason:
            excluded.append(_left_out(reason, contact, detail, book))
            continue
        types[next(iter(contact.values("type")), "")] += 1
        recipients.append(holder)
    left = None if wishes.limit is None else wishes.limit - len(recipients)
    told = {holder.key for holder in holders}
    others = [contact for contact in book.contacts if contact.key not in told]
    new = plan(replace(book, contacts=tuple(others)), segments, today=today, allow=allow, known=known,
               wishes=replace(wishes, limit=left))  # fmt: skip
    return Plan(
        segments=segments,
        recipients=(*recipients, *new.recipients),
        excluded=(*excluded, *new.excluded),
        selected=len(holders) + new.selected,
        types=_alike(types + Counter(new.types)),
    )


def _left_out(reason: str, contact: Contact, detail: str, book: ContactBook) -> Excluded:
    kind = book.suppressions[contact.key].kind if reason == SUPPRESSED else ""
    return Excluded(reason=reason, contact=contact, detail=detail, kind=kind)


def _alike(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of values, those that only blanks, capitals or accents separate under the first spelling."""
    spelled: dict[str, str] = {}
    found: dict[str, int] = {}
    for value, many in counts.items():
        name = spelled.setdefault(fold(value), value.strip())
        found[name] = found.get(name, 0) + many
    return found


def _entry_of(holder: Recipient, entries: Sequence[Contact]) -> Contact | None:
    """The entry of the contact book that is meant: the only one of the address, or the one that is called the same."""
    if len(entries) == 1:
        return entries[0]
    return next((one for one in entries if (one.name, one.outlet) == (holder.name, holder.outlet)), None)


def allowed(address: str, allow: tuple[str, ...]) -> bool:
    """Whether an address may be written to: by itself, or by its domain ("diario.example" or "@diario.example")."""
    if not allow:
        return True
    address = address.lower()
    domain = address.rpartition("@")[2]
    return any(entry.lower() == address or entry.lower().lstrip("@") == domain for entry in allow)


def _selected(book: ContactBook, segments: tuple[str, ...]) -> tuple[list[Contact], dict[str, tuple[str, ...]]]:
    """All entries that any of the segments selects; and for each address, the segments that select an entry of it."""
    entries: list[Contact] = []
    names_of: dict[str, tuple[str, ...]] = {}
    for contact, names in selected(book, segments):
        entries.append(contact)
        before = names_of.setdefault(contact.key, names)
        if before is not names:
            names_of[contact.key] = tuple(name for name in segments if name in before or name in names)
    return entries, names_of


def _reason(contact: Contact, key: str, book: ContactBook, today: date, allow: tuple[str, ...]) -> tuple[str, str]:
    if key not in book.suppressions and contact.until is not None and contact.until < today:
        return EXPIRED, contact.until.isoformat()
    return _forbidden(contact.email, key, book, allow)


def _forbidden(address: str, key: str, book: ContactBook, allow: tuple[str, ...]) -> tuple[str, str]:
    """Why an address must not be written to, whatever it is about."""
    if key in book.suppressions:
        return SUPPRESSED, book.suppressions[key].words
    if not allowed(address, allow):
        return NOT_ALLOWED, ""
    return "", ""


def _after(outcome: Outcome | None, wishes: Wishes) -> str:
    """Why an earlier attempt keeps a contact from getting it again."""
    if outcome is Outcome.ACCEPTED:
        return ALREADY
    if outcome is Outcome.REFUSED and not wishes.retry_refused:
        return REFUSED
    if outcome in (Outcome.UNCERTAIN, Outcome.CLAIMED) and not wishes.resend_uncertain:
        return UNCERTAIN
    return ""


def recipient_of(contact: Contact, key: str, segments: tuple[str, ...]) -> Recipient:
    """A contact of the book as a plan has it."""
    return Recipient(
        key=key,
        address=contact.email,
        name=contact.name,
        outlet=contact.outlet,
        language=contact.language,
        segments=segments,
    )
