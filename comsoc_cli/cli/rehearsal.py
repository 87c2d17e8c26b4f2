"""comsoc send --test ADDRESS: the real message to one address, marked, and no trace of it in the ledger."""

import os
import time
from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli.counter import Counter, clock
from comsoc_cli.cli.language import tr
from comsoc_cli.errors import SAFEGUARD, UNUSABLE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.delivery.transports import Transport
    from comsoc_cli.model.delivery import Delivery
    from comsoc_cli.office.folder import Office


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


def send_test(here: Counter, wanted: list[str], address: str) -> None:
    """Send what lies on the desk, else what was approved, to one address."""
    from comsoc_cli.delivery.plan import allowed
    from comsoc_cli.delivery.refusals import NoSender
    from comsoc_cli.delivery.transports.choice import transport_of
    from comsoc_cli.model.contact import address_key
    from comsoc_cli.office.addresses import NoAddress, normalised
    from comsoc_cli.office.suppressions import read_suppressions

    office = here.office()
    began = time.monotonic()
    if not wanted:
        raise typer.BadParameter(tr("name the release that is to be tested"), param_hint="RELEASE")
    if not office.settings.sender.email:
        raise NoSender
    try:
        address = normalised(address)
    except NoAddress:
        raise typer.BadParameter(tr("“{found}” is no e-mail address", found=address), param_hint="--test") from None
    if not allowed(address, office.settings.sender.allow):
        raise NotAllowed(address)
    if address_key(address) in read_suppressions(office)[0]:
        raise Suppressed(address)
    transport = transport_of(office, os.environ)
    tests = [_test(office, slug, address) for slug in _slugs(office, wanted)]
    entries = [_hand_over(office, transport, test) for test in tests]
    for entry in entries:
        here.say(tr("A test of “{slug}” went to {address}.", slug=entry["release"], address=address))
    here.answer(
        {
            "dispatches": entries,
            "transport": transport.name,
            "dry_run": False,
            "seconds": round(time.monotonic() - began, 3),
        }
    )


def _slugs(office: "Office", wanted: list[str]) -> list[str]:
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.vault import read_vault

    return find_slugs(office, wanted, others=read_vault(office).revisions)


def _test(office: "Office", slug: str, address: str) -> "tuple[Delivery, bytes]":
    """The message of one test, rendered before any of them leaves."""
    from comsoc_cli.delivery.letters import Letters
    from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient
    from comsoc_cli.office.desk import read_desk
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.rendering.documents import Documents
    from comsoc_cli.rendering.message import message_id
    from comsoc_cli.rendering.templates import Templates
    from comsoc_cli.safeguards.showing import approved_text, desk_text
    from comsoc_cli.safeguards.standing import standing

    now = clock()
    where = standing(slug, read_desk(office, [slug]), read_vault(office, {slug}))
    if where.desk is None and (where.on_desk or where.newest is None):
        raise CannotBeTested(slug)
    show = desk_text if where.desk else approved_text
    shown = show(where, settings=office.settings, now=now)
    mark = tr("[TEST]")
    letters = Letters(Documents(office.settings, Templates(office.templates)), office.settings.sender, shown, mark)
    domain = office.settings.sender.email.rpartition("@")[2]
    # A test is another message each time: mail programs hide a second one with the same id.
    name = f"{slug}/test/{now.isoformat()}"
    delivery = Delivery(
        id=0,
        release=slug,
        revision=shown.revision,
        purpose=Purpose.RELEASE,
        recipient=Recipient(key=address.casefold(), address=address),
        outcome=Outcome.PLANNED,
        planned_at=now.astimezone(office.settings.zone).replace(microsecond=0),
        message_id=message_id(name, shown.revision, Purpose.RELEASE, address, domain),
    )
    return delivery, letters.compose(delivery)


def _hand_over(office: "Office", transport: "Transport", test: "tuple[Delivery, bytes]") -> dict[str, object]:
    from comsoc_cli.delivery.transports import Envelope
    from comsoc_cli.model.delivery import Outcome

    delivery, message = test
    address = delivery.recipient.address
    session = transport.session()
    try:
        reply = session.deliver(Envelope(sender=office.settings.sender.email, recipient=address), message)
    finally:
        session.close()
    if reply.outcome is not Outcome.ACCEPTED:
        raise TestFailed(address, reply.text)
    return {
        "release": delivery.release, "revision": delivery.revision, "purpose": "release", "segments": [], "planned": 1,
        "accepted": 1, "deferred": 0, "refused": 0, "uncertain": 0, "excluded": {}, "objections": [], "receipt": None,
    }  # fmt: skip
