"""comsoc send --test ADDRESS: the real message to one address, marked; a receipt tells of it, the ledger does not."""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import Counter, clock, note, objection_json
from comsoc_cli.cli.language import tr
from comsoc_cli.errors import SAFEGUARD, UNUSABLE, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from datetime import datetime

    from comsoc_cli.delivery.letters import Sign
    from comsoc_cli.delivery.test_receipt import Tested
    from comsoc_cli.delivery.transports import Envelope, Transport
    from comsoc_cli.model.contact import ContactBook
    from comsoc_cli.model.delivery import Delivery, Recipient
    from comsoc_cli.model.problem import Objection
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office
    from comsoc_cli.safeguards.objections import Audience
    from comsoc_cli.safeguards.test_send import Addressee


class TestFailed(Refusal):
    """The test message was not accepted."""

    exit_code = 4
    __test__ = False

    def __init__(self, address: str, reply: str) -> None:
        super().__init__(said("The test to {address} was not accepted: {reply}.", address=address, reply=reply))


class CannotBeTested(Refusal):
    """The release has errors that no message can be made with."""

    exit_code = 1

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” cannot be rendered; nothing was sent.", slug=slug),
            said("See what is wrong: comsoc check {slug}", slug=slug),
        )


class Suppressed(Refusal):
    """Who must not be written to gets no tests either."""

    exit_code = SAFEGUARD

    def __init__(self, address: str) -> None:
        super().__init__(
            said("Nothing was sent: {address} stands in suppressions.yaml.", address=address),
            said("Name another address."),
        )


class NotAllowed(Refusal):
    """[sender] allow binds tests as well."""

    exit_code = UNUSABLE

    def __init__(self, address: str) -> None:
        super().__init__(
            said("Nothing was sent: {address} is not among those that [sender] allow names.", address=address),
            said("Add it to allow in comsoc.toml, or name another address."),
        )


class NoSuchContact(Refusal):
    """--as names an address that is not in the contact book."""

    exit_code = USAGE

    def __init__(self, wanted: str) -> None:
        super().__init__(
            said("Nothing was sent: {address} is not in contacts.yaml.", address=wanted),
            said("“comsoc contacts list” shows who is."),
        )


def send_test(
    here: Counter,
    wanted: list[str],
    address: str,
    *,
    as_contact: str = "",
    segments: Sequence[str] = (),
    despite_blackout: str = "",
) -> None:
    """Send what lies on the desk, else what was approved, to one address, as one of the contacts would get it.

    `segments` are those that the contact would be written to in; none: those that the release names. What is not
    approved or not public goes to the office's own addresses; blackouts and kills hold a test as they hold any mail.
    """
    from comsoc_cli.cli.screens import objections_screen
    from comsoc_cli.delivery.letters import signature_of
    from comsoc_cli.delivery.refusals import NoSender
    from comsoc_cli.delivery.transports.choice import transport_of
    from comsoc_cli.model.contact import ContactBook
    from comsoc_cli.model.problem import errors
    from comsoc_cli.office import git
    from comsoc_cli.office.contacts import contact_book, read_contacts
    from comsoc_cli.safeguards.signing_off import check_authority
    from comsoc_cli.safeguards.test_send import addressee

    office = here.office()
    began = time.monotonic()
    if not wanted:
        raise typer.BadParameter(tr("name the release that is to be tested"), param_hint="RELEASE")
    if not office.settings.sender.email:
        raise NoSender
    identity = git.identity(office.root)
    if despite_blackout:
        check_authority(identity, office.settings.approval)
    address = _permitted(office, address)
    # What names nobody in the contact book needs no more of it than can be read.
    book, problems = (contact_book(office), []) if as_contact or segments else read_contacts(office)
    reader = _reader(book, as_contact, segments)
    transport = transport_of(office, os.environ)
    sign = signature_of(office)
    to = addressee(address, office.settings, ContactBook() if errors(problems) else book, clock())
    tests = [
        _test(office, slug, to, reader, sign, book, segments=segments, despite_blackout=despite_blackout)
        for slug in _slugs(office, wanted)
    ]
    held = any(test.objections for test in tests)
    sent_by = identity.name if identity else ""
    entries = [_entry(test) if held else _hand_over(office, transport, test, sent_by) for test in tests]
    for test in tests:
        if test.objections:
            note(objections_screen(test.delivery.release, test.objections))
        elif not held:
            here.say(tr("A test of “{slug}” went to {address}.", slug=test.delivery.release, address=address))
    here.answer(
        {
            "dispatches": entries,
            "transport": transport.name,
            "dry_run": False,
            "seconds": round(time.monotonic() - began, 3),
        }
    )
    if held:
        note(tr("Nothing was sent."))
        raise counter.stop(SAFEGUARD)


def _permitted(office: "Office", address: str) -> str:
    """The address in its usual spelling, if it may be written to."""
    from comsoc_cli.delivery.plan import allowed
    from comsoc_cli.model.contact import address_key
    from comsoc_cli.office.addresses import NoAddress, normalised, visible
    from comsoc_cli.office.suppressions import read_suppressions

    try:
        address = normalised(address)
    except NoAddress:
        raise typer.BadParameter(
            tr("“{found}” is no e-mail address", found=visible(address)), param_hint="--test"
        ) from None
    if not allowed(address, office.settings.sender.allow):
        raise NotAllowed(address)
    if address_key(address) in read_suppressions(office)[0]:
        raise Suppressed(address)
    return address


def _reader(book: "ContactBook", wanted: str, segments: Sequence[str]) -> "Callable[[Release], Recipient]":
    """The reader of a test: any reader, or a contact in the segments of that release."""
    from comsoc_cli.delivery.plan import recipient_of
    from comsoc_cli.delivery.refusals import UnknownSegment
    from comsoc_cli.model.delivery import Recipient
    from comsoc_cli.model.segments import matching
    from comsoc_cli.office.contacts import find_contact

    for name in segments:
        if name not in book.segments:
            raise UnknownSegment(name, list(book.segments))
    if not wanted:
        return lambda release: Recipient(key="", address="", segments=release.in_its_order(segments))
    found = find_contact(book, wanted)
    if not found:
        raise NoSuchContact(wanted)
    contact = found[0]

    def as_contact_reads(release: "Release") -> Recipient:
        names = tuple(name for name in release.in_its_order(segments or release.segments) if name in book.segments)
        mine = matching(book, names)
        return recipient_of(contact, contact.key, tuple(name for name in names if contact.key in mine[name]))

    return as_contact_reads


def _slugs(office: "Office", wanted: list[str]) -> list[str]:
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.vault import read_vault

    return find_slugs(office, wanted, others=read_vault(office).revisions)


@dataclass(frozen=True, kw_only=True)
class _Test:
    """One test, rendered, and what holds it back."""

    tested: "Tested"
    delivery: "Delivery"
    message: bytes
    envelope: "Envelope"
    objections: "list[Objection]"


def _test(
    office: "Office",
    slug: str,
    to: "Addressee",
    reader: "Callable[[Release], Recipient]",
    sign: "Sign | None",
    book: "ContactBook",
    *,
    segments: Sequence[str],
    despite_blackout: str,
) -> _Test:
    """The message of one test, rendered before any of them leaves."""
    from comsoc_cli.delivery.letters import Letters
    from comsoc_cli.delivery.test_receipt import Tested
    from comsoc_cli.model.contact import address_key
    from comsoc_cli.model.delivery import Delivery, Outcome, Purpose
    from comsoc_cli.office.desk import read_desk
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.rendering.documents import Documents
    from comsoc_cli.rendering.heading import message_id
    from comsoc_cli.rendering.templates import Templates
    from comsoc_cli.safeguards.blackouts import active
    from comsoc_cli.safeguards.objections import against_a_test
    from comsoc_cli.safeguards.showing import approved_text, desk_text
    from comsoc_cli.safeguards.standing import standing

    now = clock()
    where = standing(slug, read_desk(office, [slug]), read_vault(office, {slug}), office.settings.approval)
    if where.desk is None and (where.on_desk or where.newest is None):
        raise CannotBeTested(slug)
    show = desk_text if where.desk else approved_text
    shown = show(where, settings=office.settings, now=now)
    documents = Documents(office.settings, Templates(office.templates))
    letters = Letters(documents, office.settings.sender, shown, subject_mark=tr("[TEST]"), sign=sign)
    recipient, audience = _for_whom(
        reader(shown.release), shown.release, book, segments, now=now, despite_blackout=bool(despite_blackout)
    )
    domain = office.settings.sender.email.rpartition("@")[2]
    # A test is another message each time: mail programs hide a second one with the same id.
    name = f"{slug}/test/{now.isoformat()}"
    delivery = Delivery(
        id=0,
        release=slug,
        revision=shown.revision,
        purpose=Purpose.RELEASE,
        recipient=replace(recipient, key=address_key(to.address), address=to.address),
        outcome=Outcome.PLANNED,
        planned_at=now.astimezone(office.settings.zone).replace(microsecond=0),
        message_id=message_id(name, shown.revision, Purpose.RELEASE, to.address, domain),
    )
    overruled = {"blackout": despite_blackout} if despite_blackout and active(office.settings, now) else {}
    return _Test(
        tested=Tested(standing=where, text=shown.release, to=to, segments=recipient.segments, overruled=overruled),
        delivery=delivery,
        message=letters.compose(delivery),
        envelope=letters.envelope(delivery),
        objections=against_a_test(where, shown.release, audience, to, settings=office.settings, now=now),
    )


def _for_whom(
    recipient: "Recipient",
    release: "Release",
    book: "ContactBook",
    segments: Sequence[str],
    *,
    now: "datetime",
    despite_blackout: bool,
) -> "tuple[Recipient, Audience]":
    """The recipient that a test is rendered for, and the audience that the safeguards judge."""
    from comsoc_cli.safeguards.objections import Audience

    named = recipient.segments if recipient.key else segments or release.segments
    others = [name for name in segments if name not in release.segments]
    found = tuple(book.segments[name] for name in (*named, *others) if name in book.segments)
    if not segments and release.under_embargo(now) and (may := tuple(one for one in found if one.embargo)):
        # As it would be sent today: in the segments that may have it.
        found = may
        recipient = replace(recipient, segments=tuple(one.name for one in may if one.name in recipient.segments))
    return recipient, Audience(segments=found, despite_blackout=despite_blackout)


def _hand_over(office: "Office", transport: "Transport", test: _Test, sent_by: str) -> dict[str, object]:
    """Writes a receipt, sends the message, and writes down what the server answered."""
    from comsoc_cli.delivery.test_receipt import begin_test, end_test
    from comsoc_cli.delivery.transports import deliver
    from comsoc_cli.model.delivery import Outcome

    session = transport.session()
    try:
        now = test.delivery.planned_at
        receipt = begin_test(office, test.tested, transport=transport.name, sent_by=sent_by, now=now)
        try:
            reply = deliver(session, test.envelope, test.message)
        except Refusal:
            receipt.write(state="stopped")
            raise
    finally:
        session.close()
    end_test(receipt, reply.outcome, clock().astimezone(office.settings.zone))
    if reply.outcome is not Outcome.ACCEPTED:
        raise TestFailed(test.delivery.recipient.address, reply.text)
    return _entry(test, accepted=1, receipt=str(receipt.path))


def _entry(test: _Test, accepted: int = 0, receipt: str | None = None) -> dict[str, object]:
    """One of `dispatches` in the JSON document."""
    return {
        "release": test.delivery.release, "revision": test.delivery.revision, "purpose": "test",
        "segments": list(test.delivery.recipient.segments), "planned": 1,
        "accepted": accepted, "deferred": 0, "refused": 0, "uncertain": 0, "excluded": {},
        "objections": [objection_json(one) for one in test.objections], "receipt": receipt,
    }  # fmt: skip
