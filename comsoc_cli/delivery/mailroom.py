"""The mailroom: chooses what is to go out to whom, asks the safeguards, and sends it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from comsoc_cli.delivery.dispatch import Dispatch, Pace, Tally
from comsoc_cli.delivery.letters import Letters
from comsoc_cli.delivery.plan import Plan, Wishes, plan
from comsoc_cli.delivery.refusals import ChangedMeanwhile, NoSegment, UnknownSegment
from comsoc_cli.delivery.transports import Transport
from comsoc_cli.errors import Refusal
from comsoc_cli.ledger.store import Ledger, Planned
from comsoc_cli.message import said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import OUTCOMES, Delivery, Outcome, Purpose, Recipient
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.office.files import write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.lock import held
from comsoc_cli.office.receipts import Receipt, all_receipts, new_receipt
from comsoc_cli.office.vault import read_vault
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.message import message_id
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.safeguards.objections import Audience, objections
from comsoc_cli.safeguards.showing import approved_text
from comsoc_cli.safeguards.standing import Standing


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
        found: list[Consignment] = []
        left = request.wishes.limit
        for slug in request.slugs or self._due(request.segments):
            wishes = replace(request.wishes, limit=left)
            found.append(self._consignment(slug, replace(request, wishes=wishes)))
            left = None if left is None else left - len(found[-1].plan.recipients)
        return found

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
            objections=[
                *objections(standing, audience, settings=self.office.settings, now=self.now),
                *self._sent_elsewhere(slug, newest),
            ],
            since_last=self._since_last(slug, segments),
        )

    def _plan(self, slug: str, newest: Revision | None, segments: tuple[str, ...], wishes: Wishes) -> Plan:
        known = self.ledger.of_release(slug, newest.ordinal) if self.ledger and newest else []
        return plan(
            self.book,
            _in_order_of(newest.release, segments) if newest else segments,
            today=self.now.astimezone(self.office.settings.zone).date(),
            allow=self.office.settings.sender.allow,
            known=[delivery for delivery in known if delivery.purpose is Purpose.RELEASE],
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
        try:
            # Whoever approves another text waits until the receipt says that this one is on its way.
            with held(self.office.state / "approve.lock", self.now):
                self._refuse_another_text(revision)
                receipt = self._begin(consignment, revision, transport)
        except BaseException:
            first.close()
            raise
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
        tally = dispatch.tally
        mine: list[Delivery] = []
        try:
            dispatch.run(deliveries)
            rows = ledger.of_release(revision.slug, revision.ordinal)
            mine = [row for row in rows if row.recipient.key in wanted]
            tally.outcomes = _counts(mine)
        except Refusal as refusal:
            tally.fault = refusal  # what was handed over before is told all the same
        state = "stopped" if tally.interrupted or tally.fault else "finished"
        try:
            counts = {outcome.value: tally.of(outcome) for outcome in OUTCOMES}
            receipt.write(state=state, finished=_iso(clock()), **counts)
        except Refusal as refusal:
            tally.fault = tally.fault or refusal
        return Sent(
            consignment=consignment,
            tally=tally,
            receipt=receipt.path,
            uncertain=tuple(row.recipient for row in mine if row.outcome is Outcome.UNCERTAIN),
            failed=tuple(row for row in mine if row.outcome in (Outcome.REFUSED, Outcome.DEFERRED)),
        )

    def close_old_receipts(self) -> None:
        """Receipts of runs that were cut off: what came of them is what the ledger has and no other receipt says.

        For whoever holds the send's lock. A colleague's receipt is left as it is.
        """
        assert self.ledger
        receipts, own = list(all_receipts(self.office)), self._own_receipts()
        for receipt in receipts:
            if not receipt.is_running or receipt.path.name not in own:
                continue
            rows = self.ledger.of_release(*receipt.of)
            others = [other.facts for other in receipts if other.of == receipt.of and other is not receipt]
            counts = {
                outcome.value: max(0, many - sum(int(facts.get(outcome.value) or 0) for facts in others))
                for outcome, many in _counts(rows).items()
            }
            receipt.write(state="stopped", **counts)

    def _own_receipts(self) -> set[str]:
        """The names of the receipts that were written from here; the others are colleagues'."""
        path = self.office.state / "receipts"
        return set(path.read_text(encoding="utf-8").split()) if path.is_file() else set()

    def _refuse_another_text(self, revision: Revision) -> None:
        now_there = read_vault(self.office, {revision.slug}).newest(revision.slug)
        if not now_there or not now_there.intact or now_there.approval.digest != revision.approval.digest:
            raise ChangedMeanwhile

    def _sent_elsewhere(self, slug: str, newest: Revision | None) -> Iterator[Objection]:
        """Receipts that know of more than the ledger: it is another machine's release, or the ledger was lost."""
        if not newest:
            return
        receipts = [receipt for receipt in all_receipts(self.office) if receipt.of == (slug, newest.ordinal)]
        own = self._own_receipts()
        rows = self.ledger.of_release(slug, newest.ordinal) if self.ledger else []
        known = _counts(rows)[Outcome.ACCEPTED]
        told = sum(receipt.facts.get("accepted", 0) for receipt in receipts)
        strange = [receipt for receipt in receipts if receipt.path.name not in own]
        if told > known or any(receipt.is_running or receipt.facts.get("uncertain") for receipt in strange):
            yield Objection(
                rule="sent_elsewhere",
                message=said(
                    "the receipts say that “{slug}” went to {told} desks, and the ledger here knows of {known}",
                    slug=slug,
                    told=told,
                    known=known,
                ),
                lifted_by=said("the ledger of the machine that sent it: copy its folder .comsoc here"),
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
        self.ledger.plan(rows, self.now.astimezone(self.office.settings.zone))
        receipt = new_receipt(self.office, slug=revision.slug, revision=revision.ordinal, now=self.now, facts=facts)
        write_text(self.office.state / "receipts", "\n".join([*sorted(self._own_receipts()), receipt.path.name]) + "\n")
        return receipt.write()


def _counts(rows: list[Delivery]) -> dict[Outcome, int]:
    """How many rows have each outcome that a user sees."""
    return {outcome: sum(1 for row in rows if row.outcome is outcome) for outcome in OUTCOMES}


def _in_order_of(release: Release, segments: tuple[str, ...]) -> tuple[str, ...]:
    """The segments in the order in which the release names them."""
    named = [name for name in release.segments if name in segments]
    return (*named, *(name for name in segments if name not in named))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
