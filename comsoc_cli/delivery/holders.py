"""Who may have what was sent of a release: by the ledger here, and by the receipts of colleagues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comsoc_cli.delivery.elsewhere import elsewhere
from comsoc_cli.delivery.plan import recipient_of
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import TEXTS, Outcome, Recipient
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey
from comsoc_cli.rendering.heading import message_id


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Everybody who may have a text of one release."""

    recipients: tuple[Recipient, ...] = ()
    replying: Mapping[str, str]  #: by address key, the Message-ID of the first message
    unknown: int = 0  #: how many have it by colleagues' receipts, and it is not known here who they are
    unreadable: tuple[Path, ...] = ()  #: receipts of which it cannot be told here whom they are about


def holders_of(
    office: Office,
    book: ContactBook,
    ledger: Ledger | None,
    key: OfficeKey | None,
    slug: str,
    *,
    revisions: range,
    now: datetime,
    until: datetime | None = None,
) -> Holders:
    """Who may have one of these revisions: accepted or uncertain, here (by sends up to `until`) or elsewhere.

    A send that is dated after `now` had a clock that was ahead; when it was is not known, so it counts.
    """
    found: dict[str, Recipient] = {}
    replying: dict[str, str] = {}
    for delivery in ledger.holders(slug, revisions.stop) if ledger else ():
        if until and until < delivery.planned_at <= now:
            continue
        found[delivery.recipient.key] = delivery.recipient
        replying.setdefault(delivery.recipient.key, delivery.message_id)
    own = ledger.own_receipts() if ledger else set()
    contacts = {contact.key: contact for contact in reversed(book.contacts)}
    blocked = {key: one for key, one in book.suppressions.items() if key not in contacts}
    known = [*contacts, *found, *blocked]
    domain = office.settings.sender.email.rpartition("@")[2]
    unknown, unreadable = 0, list[Path]()
    for ordinal in revisions:
        for purpose in TEXTS:
            others = elsewhere(office, slug, ordinal, purpose, own=own, key=key)
            unreadable += others.unreadable
            here = set(others.among(known))
            unknown += max(0, others.many - len(here)) + others.untold
            for address in sorted(here):
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
        replying=replying,
        unknown=unknown,
        unreadable=tuple(dict.fromkeys(unreadable)),
    )


def already_theirs(holders: Holders) -> dict[str, Outcome]:
    """What is known of people who have an earlier revision and are not to be written to again."""
    return dict.fromkeys((one.key for one in holders.recipients), Outcome.ACCEPTED)
