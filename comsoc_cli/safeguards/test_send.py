"""Who may get a test of a text: the office itself always, others only what they may have by now."""

from dataclasses import dataclass, field
from datetime import datetime

from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook, Segment, address_key
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.segments import selected
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.addresses import NoAddress, normalised
from comsoc_cli.safeguards.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """The address that a test goes to, and what the office knows of it."""

    address: str
    is_own: bool = False  #: one of the office's own addresses
    segments: tuple[Segment, ...] = field(default=())  #: those that select it today


def own_addresses(settings: Settings) -> tuple[str, ...]:
    """The office's own addresses: of [sender], of its press contacts, and of `test_to`; each once."""
    sender = settings.sender
    people = [contact.email for contact in settings.press_contacts.values()]
    written = [sender.email, sender.reply_to, *people, *sender.test_to]
    found: dict[str, str] = {}
    for one in written:
        if one:
            found.setdefault(_key(one), one)
    return tuple(found.values())


def addressee(address: str, settings: Settings, book: ContactBook, now: datetime) -> Addressee:
    """What is known of an address; accreditations that have ended and suppressed contacts are in no segment."""
    key, today = _key(address), now.astimezone(settings.zone).date()
    if key in {_key(one) for one in own_addresses(settings)}:
        return Addressee(address=address, is_own=True)
    names: set[str] = set()
    for contact, chosen in selected(book, tuple(book.segments)):
        if contact.key == key and key not in book.suppressions and not (contact.until and contact.until < today):
            names.update(chosen)
    return Addressee(address=address, segments=tuple(one for one in book.segments.values() if one.name in names))


def addressee_objections(
    standing: Standing, release: Release, to: Addressee, *, settings: Settings, now: datetime
) -> list[Objection]:
    """The reason against a test of this text to this address, if there is one.

    The office's own addresses may have any text. A contact may have an approved text before its hour if one of its
    segments may. What is approved and public may go anywhere; an internal document goes to internal segments.
    """
    if to.is_own:
        return []
    approved = standing.is_approved and not standing.is_changed and not standing.problems
    if not approved:
        return [_objection(said("“{slug}” is not approved", slug=standing.slug), to, settings)]
    if settings.is_internal(release.kind) and not any(segment.internal for segment in to.segments):
        return [_objection(said("“{slug}” is an internal document", slug=standing.slug), to, settings)]
    if now < release.public_moment and not any(segment.embargo for segment in to.segments):
        moment = release.public_moment.astimezone(settings.zone)
        return [
            _objection(said("“{slug}” becomes public on {moment}", slug=standing.slug, moment=moment), to, settings)
        ]
    return []


def _objection(why: Message, to: Addressee, settings: Settings) -> Objection:
    return Objection(
        rule="test_recipient",
        message=said(
            "{why}: a test of it does not go to {address}, which is none of the office’s addresses",
            why=why,
            address=to.address,
        ),
        lifted_by=said(
            "one of the office’s addresses ({addresses}), or another that test_to under [sender] in comsoc.toml names;"
            " its approval and its hour; once it is approved, a contact of a segment marked “embargo: true”, of an"
            " internal document one of a segment marked “internal: true”",
            addresses=", ".join(own_addresses(settings)),
        ),
    )


def _key(address: str) -> str:
    """The same for every spelling of one mailbox."""
    try:
        return address_key(normalised(address))
    except NoAddress:
        return address_key(address)
