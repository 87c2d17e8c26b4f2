"""The mailroom: chooses what goes out and its recipients, asks the safeguards, and sends it."""

import threading
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from comsoc_cli.delivery.consignment import Consignment, Sent
from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.delivery.elsewhere import Elsewhere, elsewhere, other_texts, unreadable_receipts
from comsoc_cli.delivery.holders import Holders, already_theirs, completed, holders_of, surest
from comsoc_cli.delivery.letters import Letters, Sign
from comsoc_cli.delivery.own import Own
from comsoc_cli.delivery.plan import Plan, Wishes, plan, plan_again, recipient_of
from comsoc_cli.delivery.refusals import NoSegment, UnknownSegment
from comsoc_cli.delivery.sending import Sending
from comsoc_cli.delivery.transports import Transport
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.approval import EmbargoChange, Revision
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.delivery import TEXTS, Outcome, Purpose, Recipient
from comsoc_cli.model.segments import matching, members
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey, make_key
from comsoc_cli.office.receipts import sent_by_receipts
from comsoc_cli.office.upstream import Fetched
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.safeguards.blackouts import active
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
    due: bool = False  #: every release that is due, each to all of its own segments
    urgent: str = ""  #: why it goes out before anybody approved it
    despite_blackout: str = ""  #: why it goes out within a blackout


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
        sent_by: str = "",
    ) -> None:
        """`ledger` and `key` are None where the office has none yet; `sent_by` is the person at the computer."""
        self.office = office
        self.book = book
        self.standings = standings
        self.ledger = ledger
        self.key = key
        self.now = now
        self.sent_by = sent_by
        self.fetched: Fetched | None = None  #: what colleagues' repository said before this send
        self.documents = Documents(office.settings, Templates(office.templates))

    def consignments(self, request: Request) -> list[Consignment]:
        """What a request comes to, newest plan and all objections included; raises UnknownSegment, NoSegment."""
        for name in request.segments:
            if name not in self.book.segments:
                raise UnknownSegment(name, list(self.book.segments))
        slugs = request.slugs or self._due(None if request.due else request.segments)
        if not (request.segments or request.due) and not (slugs and all(map(self._needs_no_segment, slugs))):
            raise NoSegment
        found: list[Consignment] = []
        left = request.wishes.limit
        for slug in slugs:
            wishes = replace(request.wishes, limit=left)
            one = self._consignment(slug, replace(request, wishes=wishes))
            if not request.slugs and not one.standing.is_approved and not _waited_for(one):
                continue
            found.append(one)
            left = None if left is None else left - len(found[-1].plan.recipients)
        return found

    def _needs_no_segment(self, slug: str) -> bool:
        """Whether its recipients are known without a segment: they have an earlier revision, or it is killed."""
        standing = self.standings[slug]
        opened = standing.desk is not None and standing.desk.correction is not None
        return standing.kill is not None or (standing.newest is not None and (standing.newest.ordinal > 1 or opened))

    def _due(self, segments: tuple[str, ...] | None) -> list[str]:
        """Approved releases that name a segment, or any where none is given, and became public lately; oldest first."""
        since = self.now - timedelta(days=self.office.settings.send.recent_days)
        found = []
        for slug, standing in self.standings.items():
            public = standing.as_public()  # where a correction waits for its approval, that holds it, and is said
            newest = public.newest
            if (
                newest
                and since <= newest.release.public_moment <= self.now
                and not standing.kill
                and (segments is None or set(segments) & set(newest.release.segments))
                and public.is_approved
            ):
                found.append((newest.release.public_moment, slug))
        return [slug for _, slug in sorted(found)]

    def _segments(self, request: Request, newest: Revision | None) -> tuple[str, ...]:
        """To which segments a release is to go."""
        if newest is None or request.slugs:
            return request.segments
        if not request.due:
            return tuple(name for name in request.segments if name in newest.release.segments)
        own = [name for name in newest.release.segments if name in self.book.segments]
        return tuple(name for name in own if members(self.book, name)) or tuple(own)

    def _consignment(self, slug: str, request: Request) -> Consignment:
        standing = self.standings[slug]
        newest = standing.newest
        segments = self._segments(request, newest)
        purpose = purpose_of(newest)
        audience = Audience(
            segments=tuple(self.book.segments[name] for name in segments),
            holders=not segments or (newest is not None and newest.ordinal > 1),
            book=self.book,
            named=bool(request.slugs),
            approved_text=request.approved_text,
            urgent=bool(request.urgent),
            despite_blackout=bool(request.despite_blackout),
        )
        found = self._elsewhere(slug, newest, purpose)
        holders = self._holders(slug, range(1, newest.ordinal if newest else 1))
        known = self._known(slug, newest.ordinal, purpose, found, holders) if newest else {}
        if purpose is Purpose.RELEASE:
            # Of a minor correction nobody is told who has the text already.
            known = surest(already_theirs(holders), known)
        planned = self._to_whom(newest, purpose, segments, request.wishes, known, holders)
        objected = objections(standing, audience, settings=self.office.settings, now=self.now)
        if _HAS_IT & set(known.values()):
            # A number that people have in their mail is changed no more.
            objected = [one for one in objected if one.rule != "number_twice"]
        return Consignment(
            standing=standing,
            purpose=purpose,
            plan=planned,
            objections=[
                *objected,
                *unreadable_receipts(self.office, slug, (*found.unreadable, *holders.unreadable)),
                *(other_texts(self.office, newest) if newest else ()),
            ],
            exceptions=self._exceptions(standing, request),
            replying=holders.replying if purpose is not Purpose.RELEASE else {},
            had=holders.had if purpose is not Purpose.RELEASE else {},
            cut_off=found.running,
            uncertain={key for key, outcome in known.items() if outcome is Outcome.UNCERTAIN},
            unreached=self._unreached(newest, planned, {*known, *(one.key for one in holders.recipients)}),
            unknown=holders.unknown if purpose is not Purpose.RELEASE else 0,
            since_last=self._since_last(slug, segments),
            before=Counter(known.values()),
        )

    def _exceptions(self, standing: Standing, request: Request) -> dict[str, str]:
        """What the sender overruled with an option, as far as there was anything to overrule."""
        found = {}
        if request.approved_text and standing.is_changed:
            found["changed"] = ""
        newest = standing.newest
        if request.urgent and newest and not standing.is_approved:
            found["not_approved"] = request.urgent
        settings = self.office.settings
        internal = newest is not None and settings.is_internal(newest.release.kind)
        if request.despite_blackout and active(settings, self.now) and not internal:
            found["blackout"] = request.despite_blackout
        return found

    def _to_whom(
        self,
        newest: Revision | None,
        purpose: Purpose,
        segments: tuple[str, ...],
        wishes: Wishes,
        known: Mapping[str, Outcome],
        holders: Holders,
    ) -> Plan:
        """The plan: a first text to segments; a correction to those who have an earlier one, and to new ones."""
        if newest is None or purpose is Purpose.RELEASE:
            return self._plan(newest, segments, wishes, known)
        return plan_again(
            self.book,
            self._with_unfinished(newest, purpose, holders, known),
            newest.release.in_its_order(segments),
            today=self.now.astimezone(self.office.settings.zone).date(),
            allow=self.office.settings.sender.allow,
            known=known,
            wishes=wishes,
        )

    def _with_unfinished(
        self, newest: Revision, purpose: Purpose, holders: Holders, known: Mapping[str, Outcome]
    ) -> list[Recipient]:
        """The holders, and those who were to be told in an earlier run and were not."""
        found = {one.key: one for one in holders.recipients}
        unfinished = (Outcome.PLANNED, Outcome.DEFERRED, Outcome.UNCERTAIN, Outcome.REFUSED)
        for row in self.ledger.of_release(newest.slug, newest.ordinal, unfinished) if self.ledger else ():
            if row.purpose is purpose:
                found.setdefault(row.recipient.key, row.recipient)
        for contact in self.book.contacts:
            if contact.key not in found and known.get(contact.key) is Outcome.UNCERTAIN:  # by a receipt alone
                found[contact.key] = recipient_of(contact, contact.key, ())
        return list(found.values())

    def _unreached(self, newest: Revision | None, planned: Plan, served: Container[str]) -> tuple[Recipient, ...]:
        """Contacts who were to get an earlier revision, never did, and get none by this plan either.

        Each with those of the release's segments that select him now.
        """
        if newest is None or newest.ordinal == 1 or self.ledger is None:
            return ()
        named = {one.key for one in planned.recipients} | {one.contact.key for one in planned.excluded}
        contacts = {contact.key for contact in self.book.contacts} - self.book.suppressions.keys()
        waiting = self.ledger.of_release(newest.slug, outcomes=(Outcome.PLANNED, Outcome.DEFERRED))
        found = {
            row.recipient.key: row.recipient
            for row in waiting
            if row.purpose in TEXTS and row.revision < newest.ordinal and row.recipient.key in contacts
        }
        now = matching(self.book, tuple(name for name in newest.release.segments if name in self.book.segments))
        return tuple(
            replace(one, segments=tuple(name for name, keys in now.items() if key in keys))
            for key, one in found.items()
            if key not in named and key not in served
        )

    def notice(self, slug: str, purpose: Purpose, *, change: int = 0, wishes: Wishes | None = None) -> Consignment:
        """A notice about a release to everybody who may have it: that it is killed, that its embargo was moved."""
        standing = self.standings[slug]
        newest = standing.newest
        assert newest
        # Of a killed release also revisions that the vault cannot show any more, and kills at an earlier one.
        every = range(1, self._last_of_all(slug, newest) + 1)
        changed = standing.changes[change - 1] if change else None
        holders = self._holders(slug, every, untold_of=changed)
        unreadable: list[Path] = list(holders.unreadable)
        known: dict[str, Outcome] = {}
        cut_off: list[Path] = []
        for ordinal in (change,) if change else every:
            found = self._elsewhere(slug, newest, purpose, ordinal)
            known = surest(known, self._known(slug, ordinal, purpose, found, holders))
            cut_off += found.running
            unreadable += found.unreadable
        return Consignment(
            standing=standing,
            purpose=purpose,
            plan=plan_again(
                self.book,
                holders.recipients,
                (),
                today=self.now.astimezone(self.office.settings.zone).date(),
                allow=self.office.settings.sender.allow,
                known=known,
                wishes=wishes,
            ),
            # A kill waits for nothing; who cannot be told by it is telephoned.
            objections=unreadable_receipts(self.office, slug, unreadable) if change else [],
            replying=holders.replying,
            had=holders.had if purpose is Purpose.KILL else {},
            change=change,
            cut_off=tuple(cut_off),
            unknown=holders.unknown,
            damaged=holders.damaged,
            before=Counter(known.values()),
        )

    def _last_of_all(self, slug: str, newest: Revision) -> int:
        """The last revision that the vault, the ledger or a receipt knows."""
        rows = self.ledger.sent() if self.ledger else set()
        ordinals = [ordinal for name, ordinal, purpose in rows if name == slug and purpose in TEXTS]
        ordinals += [ordinal for name, ordinal in sent_by_receipts(self.office) if name == slug]
        return max([newest.ordinal, *ordinals])

    def _holders(self, slug: str, revisions: range, untold_of: EmbargoChange | None = None) -> Holders:
        if not revisions:
            return Holders(replying={})
        return holders_of(self.office, self.book, self.ledger, self.key, slug, revisions=revisions, untold_of=untold_of)

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

    def _elsewhere(self, slug: str, newest: Revision | None, purpose: Purpose, ordinal: int = 0) -> Elsewhere:
        if not newest:
            return Elsewhere(key=self.key)
        own = self.ledger.own_receipts() if self.ledger else set()
        return elsewhere(self.office, slug, ordinal or newest.ordinal, purpose, own=own, key=self.key)

    def _known(
        self, slug: str, ordinal: int, purpose: Purpose, found: Elsewhere, holders: Holders
    ) -> dict[str, Outcome]:
        """What came of each address key: by the ledger, and by the receipts of colleagues."""
        known = self.ledger.outcomes(slug, ordinal, purpose) if self.ledger else {}
        asked = {*known, *(contact.key for contact in self.book.contacts), *(one.key for one in holders.recipients)}
        return surest(completed(known, found.among(asked, own=True)), found.among(asked))

    def _since_last(self, slug: str, segments: tuple[str, ...]) -> tuple[int, int] | None:
        if not self.ledger or len(segments) != 1:
            return None
        before = self.ledger.last_audience(segments[0], besides=slug)
        if not before:
            return None
        now = {one.key for one in self._plan(None, segments, Wishes(), {}).recipients}
        return len(now - before), len(before - now)

    def letters(self, consignment: Consignment, sign: Sign | None = None) -> Letters:
        """The letters of an approved release, every text rendered that a recipient will get; raises TemplateFault."""
        assert consignment.revision
        shown = approved_text(consignment.standing, settings=self.office.settings, now=self.now)
        letters = Letters(
            self.documents,
            self.office.settings.sender,
            shown,
            sign=sign,
            purpose=consignment.purpose,
            replying=consignment.replying,
            own=Own(consignment, self.office.settings, self.now),
        )
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
            sent_by=self.sent_by,
            fetched=self.fetched,
        )
        return sending.send(clock=clock, stop=stop, watch=watch)


_HAS_IT = {Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.CLAIMED}


def _waited_for(correction: Consignment) -> bool:
    """Whether recipients have nothing of a release as long as its correction waits for an approval."""
    return any(one.key not in correction.replying for one in correction.plan.recipients)


def purpose_of(newest: Revision | None) -> Purpose:
    """Why a revision goes out; a minor one as if it were the first, for recipients who have none."""
    correction = newest.release.correction if newest else None
    if newest is None or newest.ordinal == 1 or correction is None or correction.minor:
        return Purpose.RELEASE
    return Purpose.ADDITION if correction.addition else Purpose.ERRATUM
