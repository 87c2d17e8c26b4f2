"""The plan: who would receive which release, and who would not and why. Pure; computed anew by every run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from comsoc_cli.model.contact import Contact, ContactBook
from comsoc_cli.model.delivery import Delivery, Outcome, Recipient
from comsoc_cli.model.segments import matching, members

#: Why somebody does not get it, in the order in which the reasons are shown.
SUPPRESSED, EXPIRED, DUPLICATE, NOT_ALLOWED = "suppressed", "expired", "duplicate", "not_allowed"
ALREADY, REFUSED, UNCERTAIN, LATER = "already_sent", "refused", "uncertain", "over_limit"
REASONS = (SUPPRESSED, REFUSED, DUPLICATE, EXPIRED, NOT_ALLOWED, ALREADY, UNCERTAIN, LATER)


@dataclass(frozen=True, kw_only=True)
class Excluded:
    """Somebody whom a segment selects and who does not get it."""

    reason: str
    contact: Contact
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who gets it and who does not; together they are all that the segments select."""

    segments: tuple[str, ...]
    recipients: tuple[Recipient, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    selected: int = 0  #: entries of the contact book that the segments select
    types: Mapping[str, int] = field(default_factory=dict)  #: how many recipients of each `type`

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
    known: Iterable[Delivery] = (),
    wishes: Wishes | None = None,
) -> Plan:
    """Who of these segments gets a revision now.

    `today` is the office's day; `known` are the deliveries of this revision and purpose that the ledger has; `allow`,
    while not empty, names the only addresses and domains that may be written to.
    """
    wishes = wishes or Wishes()
    outcomes = {delivery.recipient.key: delivery.outcome for delivery in known}
    in_segments = matching(book, segments)
    recipients: list[Recipient] = []
    excluded: list[Excluded] = []
    seen: set[str] = set()
    types: dict[str, int] = {}
    selected = _selected(book, segments)
    for contact in selected:
        reason, detail = _reason(contact, book, today, allow)
        if not reason and contact.key in seen:
            reason = DUPLICATE
        if not reason:
            seen.add(contact.key)
            reason = _after(outcomes.get(contact.key), wishes)
        if not reason and wishes.limit is not None and len(recipients) >= wishes.limit:
            reason = LATER
        if reason:
            excluded.append(Excluded(reason=reason, contact=contact, detail=detail))
            continue
        for kind in contact.values("type")[:1] or ("",):
            types[kind] = types.get(kind, 0) + 1
        recipients.append(_recipient(contact, tuple(name for name in segments if contact.key in in_segments[name])))
    return Plan(
        segments=segments,
        recipients=tuple(recipients),
        excluded=tuple(excluded),
        selected=len(selected),
        types=types,
    )


def allowed(address: str, allow: tuple[str, ...]) -> bool:
    """Whether an address may be written to: by itself, or by its domain ("diario.example" or "@diario.example")."""
    if not allow:
        return True
    address = address.casefold()
    domain = address.rpartition("@")[2]
    return any(entry.casefold() == address or entry.casefold().lstrip("@") == domain for entry in allow)


def _selected(book: ContactBook, segments: tuple[str, ...]) -> list[Contact]:
    """All entries that any of the segments selects, in the order of contacts.yaml."""
    if len(segments) == 1:
        return members(book, segments[0])
    chosen = {id(contact) for name in segments for contact in members(book, name)}
    return [contact for contact in book.contacts if id(contact) in chosen]


def _reason(contact: Contact, book: ContactBook, today: date, allow: tuple[str, ...]) -> tuple[str, str]:
    if contact.key in book.suppressions:
        return SUPPRESSED, book.suppressions[contact.key].reason
    if contact.until is not None and contact.until < today:
        return EXPIRED, contact.until.isoformat()
    if not allowed(contact.email, allow):
        return NOT_ALLOWED, ""
    return "", ""


def _after(outcome: Outcome | None, wishes: Wishes) -> str:
    """Why an earlier attempt keeps somebody from getting it again."""
    if outcome is Outcome.ACCEPTED:
        return ALREADY
    if outcome is Outcome.REFUSED and not wishes.retry_refused:
        return REFUSED
    if outcome in (Outcome.UNCERTAIN, Outcome.CLAIMED) and not wishes.resend_uncertain:
        return UNCERTAIN
    return ""


def _recipient(contact: Contact, segments: tuple[str, ...]) -> Recipient:
    return Recipient(
        key=contact.key,
        address=contact.email,
        name=contact.name,
        outlet=contact.outlet,
        language=contact.language,
        segments=segments,
    )
