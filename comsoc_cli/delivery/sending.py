"""One consignment on its way: its rows and its receipt, the run itself, and what came of it."""

import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comsoc_cli.delivery.colleagues import receipt_facts
from comsoc_cli.delivery.consignment import Consignment, Sent
from comsoc_cli.delivery.dispatch import Dispatch, Tally
from comsoc_cli.delivery.letters import Letters
from comsoc_cli.delivery.pace import pace_of
from comsoc_cli.delivery.refusals import ChangedMeanwhile, KilledMeanwhile
from comsoc_cli.delivery.transports import Session, Transport
from comsoc_cli.errors import Refusal
from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.delivery import NOTICES, OUTCOMES, Delivery, Outcome, Purpose
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey
from comsoc_cli.office.lock import held
from comsoc_cli.office.marks import is_killed, kill_mark
from comsoc_cli.office.receipts import Receipt, new_receipt, running_receipts
from comsoc_cli.office.upstream import Fetched
from comsoc_cli.office.vault import read_vault
from comsoc_cli.rendering.heading import message_id

_FAILED = (Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN)
_HAS_IT = (Outcome.ACCEPTED, Outcome.UNCERTAIN)
_CODE = re.compile(r"\d{3}(?: \d\.\d{1,3}\.\d{1,3}\b)?")


@dataclass(kw_only=True)
class Sending:
    """The sending of one consignment."""

    office: Office
    ledger: Ledger
    key: OfficeKey
    consignment: Consignment
    letters: Letters
    transport: Transport
    now: datetime
    sent_by: str = ""  #: git's identity
    fetched: Fetched | None = None  #: what colleagues' repository said before it; None: there is none

    def send(
        self,
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
        watch: Callable[[Tally], None],
    ) -> Sent:
        """Write the plan and a receipt, hand over, and write down what came of it.

        Raises TransportUnusable, with nothing written, where not even a first session can be opened.
        """
        if not self.consignment.plan.recipients:
            return Sent(consignment=self.consignment, tally=Tally())
        first = self.transport.session()
        try:
            with self._while_approvals_wait():
                self._refuse_another_text()
                receipt = self._begin()
        except BaseException:
            first.close()
            raise
        dispatch = self._dispatch(first, clock, stop, watch)
        tally, failed = dispatch.tally, []
        try:
            self._hand_over(dispatch)
        except Refusal as refusal:
            tally.fault = refusal  # what was handed over before is told all the same
        try:
            failed = self._write_up(receipt, tally, clock())
        except Refusal as refusal:
            # The receipt stays as it is; the next send completes it.
            tally.fault, tally.is_settled = tally.fault or refusal, False
        return Sent(
            consignment=self.consignment,
            tally=tally,
            receipt=receipt.path,
            uncertain=tuple(row.recipient for row in failed if row.outcome is Outcome.UNCERTAIN),
            failed=tuple(row for row in failed if row.outcome is not Outcome.UNCERTAIN),
        )

    def _while_approvals_wait(self) -> AbstractContextManager[None]:
        """An approval of another text waits until the receipt says that this one is on its way; a kill waits not."""
        if self.consignment.purpose is Purpose.KILL:
            return nullcontext()
        return held(self.office.state / "approve.lock", self.now)

    @property
    def _revision(self) -> Revision:
        assert self.consignment.revision
        return self.consignment.revision

    @property
    def _planned(self) -> Iterator[str]:
        return (recipient.key for recipient in self.consignment.plan.recipients)

    def _refuse_another_text(self) -> None:
        if self.consignment.purpose is Purpose.KILL:
            return  # at once, whatever the vault looks like
        if is_killed(self.office, self._revision.slug):
            raise KilledMeanwhile(self._revision.slug)
        if self.consignment.purpose in NOTICES:
            return  # it carries no text
        approved = self._revision
        there = read_vault(self.office, {approved.slug}).newest(approved.slug)
        if not there or not there.intact or there.approval != approved.approval:
            raise ChangedMeanwhile

    def _begin(self) -> Receipt:
        """All rows of the ledger and then the receipt, before the first hand-over.

        In this order, because a receipt says to colleagues that its recipients may have it.
        """
        revision = self._revision
        receipt = new_receipt(
            self.office,
            slug=revision.slug,
            revision=self.consignment.ordinal,
            now=self.now,
            facts=self._facts(),
            taken=self.ledger.own_receipts(),
            audience=len(self.consignment.standing.audience),
        )
        moment = self.now.astimezone(self.office.settings.zone)
        self.ledger.plan(self._rows(), moment, receipt.path.name)
        return receipt.write()

    def _rows(self) -> Iterator[Planned]:
        revision, purpose, ordinal = self._revision, self.consignment.purpose, self.consignment.ordinal
        domain = self.office.settings.sender.email.rpartition("@")[2]
        for recipient in self.consignment.plan.recipients:
            yield Planned(
                release=revision.slug,
                revision=ordinal,
                purpose=purpose,
                recipient=recipient,
                message_id=message_id(revision.slug, ordinal, purpose, recipient.key, domain, self.key.secret),
                is_uncertain=recipient.key in self.consignment.uncertain,
            )

    def _facts(self) -> dict[str, Any]:
        """What the receipt says before anybody has it: everybody who is planned may have it soon."""
        approval, plan, kill = self._revision.approval, self.consignment.plan, self.consignment.standing.kill
        return {
            "release": self._revision.slug,
            "revision": self.consignment.ordinal,
            "number": approval.number,
            **({"number_text": approval.number_text} if approval.number_text else {}),
            "purpose": self.consignment.purpose.value,
            "digest": approval.digest,
            "approved": {"by": approval.by, "at": approval.at.isoformat(timespec="seconds")},
            "overridden": list(self.consignment.exceptions),
            "reasons": {rule: reason for rule, reason in self.consignment.exceptions.items() if reason},
            **({"reason": kill.reason, "killed_by": kill.by} if kill else {}),
            "sent_by": self.sent_by,
            "segments": list(plan.segments),
            "transport": self.transport.name,
            "state": "running",
            "started": self.now.isoformat(timespec="seconds"),
            "embargo": self._embargo(),
            "planned": len(plan.recipients),
            "excluded": plan.reasons(),
            **receipt_facts(self.fetched),
            "key_id": self.key.id,
            "addresses": self._hashes(self._planned),
        }

    def _embargo(self) -> str:
        """Until when everybody is told to wait; nothing where it is public."""
        release = self._revision.release
        return release.public_moment.isoformat(timespec="seconds") if release.under_embargo(self.now) else ""

    def _hashes(self, addresses: Iterable[str]) -> list[str]:
        return sorted(self.key.hashed(address) for address in addresses)

    def _dispatch(
        self, first: Session, clock: Callable[[], datetime], stop: threading.Event, watch: Callable[[Tally], None]
    ) -> Dispatch:
        settings = self.office.settings
        return Dispatch(
            ledger=self.ledger,
            transport=self.transport,
            envelope=self.letters.envelope,
            allow=settings.sender.allow,
            compose=self.letters.compose,
            pace=pace_of(settings.smtp),
            clock=clock,
            stop=stop,
            first=first,
            watch=watch,
            killed=self._kill_watch(),
        )

    def _kill_watch(self) -> Callable[[], bool]:
        """Says whether the release is killed by now."""
        if self.consignment.purpose is Purpose.KILL:
            return lambda: False
        mark = str(kill_mark(self.office, self._revision.slug))
        return lambda: os.path.exists(mark)  # noqa: PTH110 - at every claim; a path object costs more than the call

    def _hand_over(self, dispatch: Dispatch) -> None:
        revision = self._revision
        ordinal, purpose = self.consignment.ordinal, self.consignment.purpose
        numbers = self.ledger.to_make(revision.slug, ordinal, purpose, set(self._planned), uncertain=True)
        dispatch.run(self.ledger.deliveries(numbers), len(numbers))

    def _write_up(self, receipt: Receipt, tally: Tally, now: datetime) -> list[Delivery]:
        """Say in the receipt what came of it; answers with those who may not have it."""
        revision, purpose, ordinal = self._revision, self.consignment.purpose, self.consignment.ordinal
        if tally.fault:
            with suppress(Refusal):  # a full disk takes no word more; the next send settles them
                self.ledger.settle_lost_claims(now, revision.slug)
        planned = set(self._planned)
        outcomes = self.ledger.outcomes(revision.slug, ordinal, purpose)
        mine: dict[str, Outcome] = {
            address: Outcome.UNCERTAIN if outcome is Outcome.CLAIMED else outcome
            for address, outcome in outcomes.items()
            if address in planned
        }
        tally.outcomes = {outcome: many for outcome, many in Counter(mine.values()).items() if outcome in OUTCOMES}
        failed = [
            row
            for row in self.ledger.of_release(revision.slug, ordinal, _FAILED)
            if row.purpose is purpose and row.recipient.key in planned
        ]
        receipt.write(
            state="stopped" if tally.interrupted or tally.fault or tally.killed else "finished",
            finished=now.isoformat(timespec="seconds"),
            **_counts(mine.values(), failed),
            addresses=self._hashes(_who_has_it(mine)),
        )
        return failed


def close_old_receipts(office: Office, ledger: Ledger, key: OfficeKey | None, slug: str = "") -> None:
    """Receipts of runs that were cut off: what came of the people that they name is what the ledger says now.

    For the holder of the send's lock, or, with `slug`, of that release's. A colleague's receipt is left as it is.
    """
    for receipt in running_receipts(office, ledger.own_receipts()):
        if not key or not receipt.is_written_with(key) or slug not in ("", receipt.of[0]):
            continue
        named = set(receipt.addresses)
        rows = [
            row
            for row in ledger.of_release(*receipt.of)
            if row.purpose.value == receipt.facts.get("purpose") and key.hashed(row.recipient.key) in named
        ]
        outcomes = {row.recipient.key: row.outcome for row in rows}
        hashes = sorted(key.hashed(address) for address in _who_has_it(outcomes))
        failed = [row for row in rows if row.outcome in _FAILED]
        receipt.write(state="stopped", **_counts(outcomes.values(), failed), addresses=hashes)


def _who_has_it(outcomes: dict[str, Outcome]) -> Iterator[str]:
    """The address keys of those who have it or may have it."""
    return (address for address, outcome in outcomes.items() if outcome in _HAS_IT)


def _counts(outcomes: Iterable[Outcome], failed: Iterable[Delivery]) -> dict[str, Any]:
    """How many there are of each outcome, and for which reasons; a reply's words may hold an address, its code not."""
    counts = Counter(outcomes)
    reasons: dict[str, Counter[str]] = {}
    for row in failed:
        code = _CODE.match(row.reply)
        reasons.setdefault(row.outcome.value, Counter())[code[0] if code else "no answer"] += 1
    return {
        **{outcome.value: counts[outcome] for outcome in OUTCOMES},
        "replies": {outcome: dict(sorted(codes.items())) for outcome, codes in reasons.items()},
    }
