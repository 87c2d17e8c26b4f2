"""Who may have what was sent of a release: by the ledger here, and by the receipts of colleagues."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comsoc_cli.delivery.elsewhere import elsewhere
from comsoc_cli.delivery.plan import recipient_of
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.approval import EmbargoChange
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import TEXTS, Outcome, Recipient
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey
from comsoc_cli.office.receipts import receipts_of
from comsoc_cli.rendering.heading import message_id

_UNTRIED = {None, Outcome.PLANNED, Outcome.DEFERRED}
_MAY_HAVE_IT = {Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.CLAIMED}


@dataclass(frozen=True, kw_only=True)
class Had:
    """What one recipient has of a release: the revision that is sure, and when the first text was sent."""

    revision: int
    sent: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Everybody who may have a text of one release."""

    recipients: tuple[Recipient, ...] = ()
    uncertain: frozenset[str] = frozenset()  #: the address keys of those of whom nothing is certain
    replying: Mapping[str, str]  #: by address key, the Message-ID of the first message
    had: Mapping[str, Had] = field(default_factory=dict)  #: by address key
    unknown: int = 0  #: how many have it by colleagues' receipts, and it is not known here who they are
    damaged: tuple[Path, ...] = ()  #: receipts that cannot be read at all
    unreadable: tuple[Path, ...] = ()  #: receipts of which it cannot be told here whom they are about


def holders_of(
    office: Office,
    book: ContactBook,
    ledger: Ledger | None,
    key: OfficeKey | None,
    slug: str,
    *,
    revisions: range,
    untold_of: EmbargoChange | None = None,
) -> Holders:
    """Who may have one of these revisions: accepted or uncertain, here or elsewhere.

    `untold_of`: only those whose message does not tell of this change of its embargo.
    """
    found: dict[str, Recipient] = {}
    replying: dict[str, str] = {}
    own = ledger.own_receipts() if ledger else set()
    certain: set[str] = set()
    had: dict[str, Had] = {}
    told = _told(office, slug, revisions, own, untold_of) if untold_of else set()
    for delivery in ledger.holders(slug, revisions.stop) if ledger else ():
        if delivery.planned_at in told:
            continue
        found[delivery.recipient.key] = delivery.recipient
        if delivery.outcome is Outcome.ACCEPTED:
            certain.add(delivery.recipient.key)
        replying.setdefault(delivery.recipient.key, delivery.message_id)
        _note(had, delivery.recipient.key, delivery.revision, delivery.outcome, delivery.planned_at)
    contacts = {contact.key: contact for contact in reversed(book.contacts)}
    blocked = {key: one for key, one in book.suppressions.items() if key not in contacts}
    known = [*contacts, *found, *blocked]
    domain = office.settings.sender.email.rpartition("@")[2]
    unknown, unreadable, damaged = 0, list[Path](), list[Path]()
    for ordinal in revisions:
        for purpose in TEXTS:
            others = elsewhere(office, slug, ordinal, purpose, own=own, key=key, untold_of=untold_of)
            unreadable += others.unreadable
            damaged += others.damaged
            here = others.among(known)
            certain.update(key for key, outcome in here.items() if outcome is Outcome.ACCEPTED)
            unknown += max(0, others.many - len(here)) + others.untold
            for address in sorted(here):
                _note(had, address, ordinal, here[address], others.since)
                if address in contacts:
                    contact = contacts[address]
                    found.setdefault(address, recipient_of(contact, address, ()))
                elif address in blocked:
                    # The plan leaves him out and says so: he is to be called.
                    found.setdefault(address, Recipient(key=address, address=blocked[address].email))
                assert key
                replying.setdefault(address, message_id(slug, ordinal, purpose, address, domain, key.secret))
    return Holders(
        recipients=tuple(found.values()),
        uncertain=frozenset(found) - certain,
        replying=replying,
        had=had,
        unknown=unknown,
        damaged=tuple(dict.fromkeys(damaged)),
        unreadable=tuple(dict.fromkeys(unreadable)),
    )


def _note(had: dict[str, Had], key: str, revision: int, outcome: Outcome, sent: datetime | None) -> None:
    """A recipient has a revision, or may have it: what is not sure leaves them with the one before."""
    before = had.get(key)
    if before is None:
        had[key] = Had(revision=revision, sent=sent)
        return
    newest = max(before.revision, revision) if outcome is Outcome.ACCEPTED else before.revision
    had[key] = Had(revision=newest, sent=min(filter(None, (before.sent, sent)), default=None))


def _told(office: Office, slug: str, revisions: range, own: Container[str], change: EmbargoChange) -> set[datetime]:
    """When sends from here were planned whose messages told of a change already; those dates stand in the ledger too.

    Not by which was later: a clock may have been wrong, and a colleague's change may not have been here yet.
    """
    told: dict[datetime, bool] = {}
    for ordinal in revisions:
        for receipt in receipts_of(office, slug, ordinal)[0]:
            if receipt.of_a_text and receipt.path.name in own and receipt.started:
                told[receipt.started] = told.get(receipt.started, True) and receipt.tells_of(change)
    return {moment for moment, all_of_them in told.items() if all_of_them}


def already_theirs(holders: Holders) -> dict[str, Outcome]:
    """What is known of people who have an earlier revision and are not to be written to again."""
    return {
        one.key: Outcome.UNCERTAIN if one.key in holders.uncertain else Outcome.ACCEPTED for one in holders.recipients
    }


def completed(known: dict[str, Outcome], receipts: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """What the ledger says, and where it is older than the office's own receipts (put back from a copy), those."""
    older = {key: outcome for key, outcome in receipts.items() if known.get(key) in _UNTRIED}
    return {**known, **older}


def surest(one: Mapping[str, Outcome], other: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """What two sources say of each address key: who has it by either has it, and likewise who may have it."""
    found = dict(one)
    for key, outcome in other.items():
        if outcome is Outcome.ACCEPTED or found.get(key) not in _MAY_HAVE_IT:
            found[key] = outcome
    return found
