"""The mailroom: chooses what is to go out to whom, asks the safeguards, and sends it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from comsoc_cli.delivery.dispatch import Dispatch, Pace, Tally
from comsoc_cli.delivery.letters import Letters
from comsoc_cli.delivery.plan import Plan, Wishes, plan
from comsoc_cli.delivery.transports import Transport
from comsoc_cli.errors import UNUSABLE, USAGE, Refusal
from comsoc_cli.ledger.store import Ledger, Planned
from comsoc_cli.message import said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import OUTCOMES, Delivery, Outcome, Purpose, Recipient
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.office.folder import Office
from comsoc_cli.office.receipts import Receipt, new_receipt
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.message import message_id
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.safeguards.objections import Audience, objections
from comsoc_cli.safeguards.showing import approved_text
from comsoc_cli.safeguards.standing import Standing


class UnknownSegment(Refusal):
    """A segment that contacts.yaml does not have."""

    exit_code = USAGE

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            said("There is no segment “{name}” in contacts.yaml.", name=name),
            said("The segments are: {known}.", known=", ".join(known) or "–"),
        )


class NoSegment(Refusal):
    """A first send has to say to whom."""

    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            said("To whom? No segment was named."),
            said("Name one or more: comsoc send RELEASE --segment media"),
        )


class NoSender(Refusal):
    """Nothing can be sent without an address that it comes from."""

    exit_code = UNUSABLE

    def __init__(self) -> None:
        super().__init__(
            said("comsoc.toml does not say from which address the office writes."),
            said('Add it under [sender]: email = "prensa@…"'),
        )


class SendRunning(Refusal):
    """Another `send` of this office is at work."""

    exit_code = UNUSABLE

    def __init__(self, holder: str) -> None:
        super().__init__(
            said("Another send of this office is running ({holder}).", holder=holder),
            said("Wait until it has ended; “comsoc status” shows how far it is."),
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """What `send` was asked for."""

    slugs: tuple[str, ...] = ()  #: none: every approved release that is due
    segments: tuple[str, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)
    approved_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """One release on its way out: the plan, and what speaks against it."""

    standing: Standing
    purpose: Purpose
    plan: Plan
    objections: list[Objection]
    since_last: tuple[int, int] | None = None  #: how many joined and left since the latest other release

    @property
    def revision(self) -> Revision | None:
        return self.standing.newest


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of one consignment."""

    consignment: Consignment
    tally: Tally
    receipt: Path | None = None
    uncertain: tuple[Recipient, ...] = ()
    failed: tuple[Delivery, ...] = ()


class Mailroom:
    """One `send` of an office."""

    def __init__(
        self, office: Office, book: ContactBook, standings: dict[str, Standing], ledger: Ledger | None, now: datetime
    ) -> None:
        self.office = office
        self.book = book
        self.standings = standings
        self.ledger = ledger
        self.now = now
        self.documents = Documents(office.settings, Templates(office.templates))

    def consignments(self, request: Request) -> list[Consignment]:
        """What a request comes to, newest plan and all objections included; raises UnknownSegment, NoSegment."""
        for name in request.segments:
            if name not in self.book.segments:
                raise UnknownSegment(name, list(self.book.segments))
        if not request.segments:
            raise NoSegment
        return [self._consignment(slug, request) for slug in request.slugs or self._due(request.segments)]

    def _due(self, segments: tuple[str, ...]) -> list[str]:
        """Approved releases that name a segment and became public lately, oldest first."""
        since = self.now - timedelta(days=self.office.settings.send.recent_days)
        found = []
        for slug, standing in self.standings.items():
            newest = standing.newest
            if (
                newest
                and since <= newest.release.public_moment <= self.now
                and set(segments) & set(newest.release.segments)
            ):
                found.append((newest.release.public_moment, slug))
        return [slug for _, slug in sorted(found)]

    def _consignment(self, slug: str, request: Request) -> Consignment:
        standing = self.standings[slug]
        newest = standing.newest
        segments = request.segments
        if not request.slugs and newest:
            segments = tuple(name for name in segments if name in newest.release.segments)
        audience = Audience(
            segments=tuple(self.book.segments[name] for name in segments),
            book=self.book,
            named=bool(request.slugs),
            approved_text=request.approved_text,
        )
        return Consignment(
            standing=standing,
            purpose=Purpose.RELEASE,
            plan=self._plan(slug, newest, segments, request.wishes),
            objections=objections(standing, audience, settings=self.office.settings, now=self.now),
            since_last=self._since_last(slug, segments),
        )

    def _plan(self, slug: str, newest: Revision | None, segments: tuple[str, ...], wishes: Wishes) -> Plan:
        known = self.ledger.of_release(slug) if self.ledger and newest else []
        return plan(
            self.book,
            _in_order_of(newest.release, segments) if newest else segments,
            today=self.now.astimezone(self.office.settings.zone).date(),
            allow=self.office.settings.sender.allow,
            known=[
                delivery
                for delivery in known
                if newest and delivery.revision == newest.ordinal and delivery.purpose is Purpose.RELEASE
            ],
            wishes=wishes,
        )

    def _since_last(self, slug: str, segments: tuple[str, ...]) -> tuple[int, int] | None:
        if not self.ledger or len(segments) != 1:
            return None
        before = self.ledger.last_audience(segments[0], besides=slug)
        if not before:
            return None
        now = {one.key for one in self._plan("", None, segments, Wishes()).recipients}
        return len(now - before), len(before - now)

    def letters(self, consignment: Consignment) -> Letters:
        """The letters of an approved release, every text rendered that somebody will get; raises TemplateFault."""
        assert consignment.revision
        shown = approved_text(consignment.standing, settings=self.office.settings, now=self.now)
        letters = Letters(self.documents, self.office.settings.sender, shown)
        letters.prepare(list(consignment.plan.recipients))
        return letters

    def send(
        self,
        consignment: Consignment,
        letters: Letters,
        transport: Transport,
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
        watch: Callable[[Tally], None],
    ) -> Sent:
        """Write the plan and a receipt, hand over, and write down what came of it.

        Raises TransportUnusable, with nothing written, where not even a first session can be opened.
        """
        revision, ledger = consignment.revision, self.ledger
        assert revision
        assert ledger
        if not consignment.plan.recipients:
            return Sent(consignment=consignment, tally=Tally())
        first = transport.session()
        receipt = self._begin(consignment, revision, transport)
        settings = self.office.settings
        smtp = settings.smtp
        wanted = {recipient.key for recipient in consignment.plan.recipients}
        deliveries = [
            delivery
            for delivery in ledger.open_deliveries(revision.slug, revision.ordinal, consignment.purpose)
            if delivery.recipient.key in wanted
        ]
        dispatch = Dispatch(
            ledger=ledger,
            transport=transport,
            sender=settings.sender.email,
            allow=settings.sender.allow,
            compose=letters.compose,
            pace=Pace(
                messages_per_connection=smtp.messages_per_connection,
                per_minute=smtp.per_minute,
                retry_for=smtp.retry_for,
                stop_after_failures=smtp.stop_after_failures,
            )
            if smtp
            else Pace(),
            clock=clock,
            stop=stop,
            first=first,
            watch=watch,
        )
        tally = dispatch.run(deliveries)
        rows = [row for row in ledger.of_release(revision.slug) if row.revision == revision.ordinal]
        receipt = receipt.write(
            state="stopped" if tally.interrupted or tally.fault else "finished",
            finished=_iso(clock()),
            **{outcome.value: tally.of(outcome) for outcome in OUTCOMES},
        )
        mine = [row for row in rows if row.recipient.key in wanted]
        return Sent(
            consignment=consignment,
            tally=tally,
            receipt=receipt.path,
            uncertain=tuple(row.recipient for row in mine if row.outcome is Outcome.UNCERTAIN),
            failed=tuple(row for row in mine if row.outcome in (Outcome.REFUSED, Outcome.DEFERRED)),
        )

    def _begin(self, consignment: Consignment, revision: Revision, transport: Transport) -> Receipt:
        """All rows of the ledger and then the receipt, before the first hand-over.

        In this order, because a receipt says to colleagues that somebody may have it.
        """
        assert self.ledger
        approval = revision.approval
        facts: dict[str, Any] = {
            "release": revision.slug,
            "revision": revision.ordinal,
            "number": approval.number,
            "purpose": consignment.purpose.value,
            "digest": approval.digest,
            "approved": {"by": approval.by, "at": approval.at.isoformat(timespec="seconds")},
            "segments": list(consignment.plan.segments),
            "transport": transport.name,
            "state": "running",
            "started": _iso(self.now),
            "planned": len(consignment.plan.recipients),
            "excluded": consignment.plan.reasons(),
        }
        domain = self.office.settings.sender.email.rpartition("@")[2]
        rows = [
            Planned(
                release=revision.slug,
                revision=revision.ordinal,
                purpose=consignment.purpose,
                recipient=recipient,
                message_id=message_id(revision.slug, revision.ordinal, consignment.purpose, recipient.key, domain),
            )
            for recipient in consignment.plan.recipients
        ]
        self.ledger.plan(rows, self.now)
        receipt = new_receipt(self.office, slug=revision.slug, revision=revision.ordinal, now=self.now, facts=facts)
        return receipt.write()


def _in_order_of(release: Release, segments: tuple[str, ...]) -> tuple[str, ...]:
    """The segments in the order in which the release names them."""
    named = [name for name in release.segments if name in segments]
    return (*named, *(name for name in segments if name not in named))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
