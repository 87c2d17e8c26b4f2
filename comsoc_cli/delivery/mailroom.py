"""The mailroom: chooses what is to go out to whom, asks the safeguards, and sends it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from comsoc_cli.delivery.consignment import Consignment, Sent
from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.delivery.elsewhere import Elsewhere, elsewhere, unreadable_receipts
from comsoc_cli.delivery.letters import Letters, Sign
from comsoc_cli.delivery.plan import Plan, Wishes, plan
from comsoc_cli.delivery.refusals import NoSegment, UnknownSegment
from comsoc_cli.delivery.sending import Sending
from comsoc_cli.delivery.transports import Transport
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import Outcome, Purpose
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey, make_key
from comsoc_cli.rendering.documents import Documents
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


class Mailroom:
    """One `send` of an office."""

    def __init__(
        self,
        office: Office,
        book: ContactBook,
        standings: dict[str, Standing],
        *,
        ledger: Ledger | None,
        key: OfficeKey | None,
        now: datetime,
    ) -> None:
        """`ledger` and `key` are None where the office has none yet."""
        self.office = office
        self.book = book
        self.standings = standings
        self.ledger = ledger
        self.key = key
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
        found = self._elsewhere(slug, newest)
        return Consignment(
            standing=standing,
            purpose=Purpose.RELEASE,
            plan=self._plan(newest, segments, request.wishes, self._known(newest, found)),
            objections=[
                *objections(standing, audience, settings=self.office.settings, now=self.now),
                *unreadable_receipts(self.office, slug, found.unreadable),
            ],
            overridden=("changed",) if request.approved_text and standing.is_changed else (),
            since_last=self._since_last(slug, segments),
        )

    def _plan(
        self, newest: Revision | None, segments: tuple[str, ...], wishes: Wishes, known: Mapping[str, Outcome]
    ) -> Plan:
        return plan(
            self.book,
            newest.release.in_its_order(segments) if newest else segments,
            today=self.now.astimezone(self.office.settings.zone).date(),
            allow=self.office.settings.sender.allow,
            known=known,
            wishes=wishes,
        )

    def _elsewhere(self, slug: str, newest: Revision | None) -> Elsewhere:
        if not newest:
            return Elsewhere(key=self.key)
        own = self.ledger.own_receipts() if self.ledger else set()
        return elsewhere(self.office, slug, newest.ordinal, Purpose.RELEASE, own=own, key=self.key)

    def _known(self, newest: Revision | None, found: Elsewhere) -> dict[str, Outcome]:
        """What came of each address key: by the ledger, and by the receipts of colleagues."""
        if not newest:
            return {}
        known = self.ledger.outcomes(newest.slug, newest.ordinal, Purpose.RELEASE) if self.ledger else {}
        told = found.among(contact.key for contact in self.book.contacts)
        return {**known, **dict.fromkeys(told, Outcome.ACCEPTED)}

    def _since_last(self, slug: str, segments: tuple[str, ...]) -> tuple[int, int] | None:
        if not self.ledger or len(segments) != 1:
            return None
        before = self.ledger.last_audience(segments[0], besides=slug)
        if not before:
            return None
        now = {one.key for one in self._plan(None, segments, Wishes(), {}).recipients}
        return len(now - before), len(before - now)

    def letters(self, consignment: Consignment, sign: Sign | None = None) -> Letters:
        """The letters of an approved release, every text rendered that somebody will get; raises TemplateFault."""
        assert consignment.revision
        shown = approved_text(consignment.standing, settings=self.office.settings, now=self.now)
        letters = Letters(self.documents, self.office.settings.sender, shown, sign=sign)
        letters.prepare(consignment.plan.recipients)
        consignment.objections.extend(letters.objections(consignment.standing.slug))
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
        """Send one consignment; raises TransportUnusable, with nothing written, where no session can be opened."""
        assert self.ledger
        self.key = self.key or make_key(self.office)
        sending = Sending(
            office=self.office,
            ledger=self.ledger,
            key=self.key,
            consignment=consignment,
            letters=letters,
            transport=transport,
            now=self.now,
        )
        return sending.send(clock=clock, stop=stop, watch=watch)
