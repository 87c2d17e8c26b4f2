"""Handing over: each delivery once, whatever sessions, servers and people do meanwhile."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comsoc_cli.delivery.dispatch import LINE_LOSSES, Dispatch, Tally, TooManyFailures
from comsoc_cli.delivery.pace import Pace
from comsoc_cli.delivery.transports import Envelope, Session, TransportUnusable
from comsoc_cli.delivery.transports.memory import Memory, MemorySession
from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger, LedgerUnusable
from comsoc_cli.message import said
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient, Reply

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
YES = Reply(outcome=Outcome.ACCEPTED, text="250 ok")
LATER = Reply(outcome=Outcome.DEFERRED, text="451 later")
NO = Reply(outcome=Outcome.REFUSED, text="550 unknown")
LOST = Reply(outcome=Outcome.PLANNED, text="the line was lost")
HASTE = Pace(first_wait=0.02, pause=0.005)  #: waits between tries are hundredths of a second here
NOT_KNOWN = Reply(outcome=Outcome.UNCERTAIN, text="the line was lost after the text")


def planned(ledger: Ledger, many: int) -> list[int]:
    """The numbers of so many planned deliveries, in the ledger, besides those that were accepted in an earlier run."""
    has_it = {row.recipient.key for row in ledger.of_release("becas") if row.outcome is Outcome.ACCEPTED}
    rows = [
        Planned(
            release="becas",
            revision=1,
            purpose=Purpose.RELEASE,
            recipient=Recipient(key=f"{number}@x.example", address=f"{number}@x.example", segments=("media",)),
            message_id=f"<{number}@sinaloa.example>",
        )
        for number in range(many)
        if f"{number}@x.example" not in has_it
    ]
    ledger.plan(rows, NOW)
    return ledger.to_make("becas", 1, Purpose.RELEASE, {row.recipient.key for row in ledger.of_release("becas")})


@dataclass
class Run:
    """One run over planned deliveries, with what a test wants to be otherwise."""

    ledger: Ledger
    transport: Memory
    many: int = 5
    pace: Pace = HASTE
    allow: tuple[str, ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    compose: Callable[[Delivery], bytes] = lambda delivery: delivery.message_id.encode()
    first: Session | None = None
    watch: Callable[[Tally], None] = lambda _: None

    def go(self) -> Tally:
        work = Dispatch(
            ledger=self.ledger,
            transport=self.transport,
            envelope=lambda row: Envelope(sender="prensa@sinaloa.example", recipient=row.recipient.address),
            allow=self.allow,
            compose=self.compose,
            pace=self.pace,
            clock=lambda: NOW,
            stop=self.stop,
            first=self.first,
            watch=self.watch,
        )
        numbers = planned(self.ledger, self.many)
        return work.run(self.ledger.deliveries(numbers), len(numbers))

    def outcomes(self) -> Counter[Outcome]:
        """What the ledger says."""
        return Counter(row.outcome for row in self.ledger.of_release("becas"))

    def reached(self) -> list[str]:
        return sorted(envelope.recipient for envelope, _ in self.transport.messages)


def answering(*replies: Reply, then: Reply = YES) -> Callable[[Envelope], Reply]:
    """These replies, one after the other, to whoever comes; then always the last one."""
    waiting = list(replies)
    lock = threading.Lock()

    def answer(_: Envelope) -> Reply:
        with lock:
            return waiting.pop(0) if waiting else then

    return answer


@pytest.mark.parametrize("connections", [1, 2, 8])
def test_each_delivery_goes_out_once_over_any_number_of_sessions(ledger: Ledger, connections: int) -> None:
    run = Run(ledger, Memory(connections=connections), many=40)
    tally = run.go()
    assert tally.outcomes == {Outcome.ACCEPTED: 40}
    assert run.reached() == sorted(f"{number}@x.example" for number in range(40))
    assert run.outcomes() == {Outcome.ACCEPTED: 40}
    assert not tally.interrupted


def test_each_person_gets_the_message_that_was_composed_for_them(ledger: Ledger) -> None:
    run = Run(ledger, Memory(connections=3), many=9)
    run.go()
    assert {envelope.recipient: text for envelope, text in run.transport.messages} == {
        row.recipient.address: row.message_id.encode() for row in ledger.of_release("becas")
    }
    assert {envelope.sender for envelope, _ in run.transport.messages} == {"prensa@sinaloa.example"}


def test_nothing_leaves_that_the_ledger_does_not_say_is_claimed(ledger: Ledger) -> None:
    seen: list[Outcome] = []

    def look(envelope: Envelope) -> Reply:
        [row] = [row for row in ledger.of_release("becas") if row.recipient.address == envelope.recipient]
        seen.append(row.outcome)
        return YES

    Run(ledger, Memory(connections=2, answer=look), many=6).go()
    assert seen == [Outcome.CLAIMED] * 6


def test_a_session_holds_one_claim_at_most(ledger: Ledger) -> None:
    most: list[int] = []

    def count(_: Envelope) -> Reply:
        rows = ledger.of_release("becas")
        most.append(sum(row.outcome is Outcome.CLAIMED for row in rows))
        return YES

    Run(ledger, Memory(connections=2, answer=count), many=10).go()
    assert max(most) <= 2


def test_what_may_be_tried_again_is_tried_again_within_the_run(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(LATER, LATER)), many=3, pace=replace(HASTE, retry_for=60))
    assert run.go().outcomes == {Outcome.ACCEPTED: 3}
    assert run.outcomes() == {Outcome.ACCEPTED: 3}
    assert max(row.tries for row in ledger.of_release("becas")) >= 2


def test_the_others_do_not_wait_for_what_is_tried_again(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(LATER)), many=4, pace=replace(HASTE, retry_for=60))
    run.go()
    assert run.transport.messages[-1][0].recipient == "0@x.example"


def test_what_is_never_taken_stays_deferred_for_another_run(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(then=LATER)), many=2, pace=replace(HASTE, retry_for=0.1))
    assert run.go().outcomes == {Outcome.DEFERRED: 2}
    assert run.outcomes() == {Outcome.DEFERRED: 2}
    again = Run(ledger, Memory(), many=2)
    assert again.go().outcomes == {Outcome.ACCEPTED: 2}


def test_a_refusal_and_an_uncertain_end_are_not_tried_again(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(NO, NOT_KNOWN)), many=4, pace=replace(HASTE, retry_for=60))
    expected = {Outcome.ACCEPTED: 2, Outcome.REFUSED: 1, Outcome.UNCERTAIN: 1}
    assert run.go().outcomes == expected
    assert run.outcomes() == expected
    replies = {row.outcome: row.reply for row in ledger.of_release("becas")}
    assert replies[Outcome.REFUSED] == "550 unknown"


def test_a_line_lost_before_the_text_costs_nobody_the_message(ledger: Ledger) -> None:
    run = Run(ledger, Memory(connections=2, answer=answering(LOST, YES, LOST)), many=6)
    assert run.go().outcomes == {Outcome.ACCEPTED: 6}
    assert len(run.reached()) == len(set(run.reached())) == 6


def test_a_line_that_is_lost_again_and_again_stops_the_run(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(then=LOST)))
    tally = run.go()
    assert isinstance(tally.fault, TransportUnusable)
    assert run.outcomes() == {Outcome.PLANNED: 5}


def test_somebody_over_whom_the_line_breaks_down_holds_nobody_up(ledger: Ledger) -> None:
    def breaks(envelope: Envelope) -> Reply | None:
        return LOST if envelope.recipient == "0@x.example" else None

    run = Run(ledger, Memory(doorkeeper=breaks), many=20)
    assert isinstance(run.go().fault, TransportUnusable)
    assert run.outcomes() == {Outcome.ACCEPTED: 19, Outcome.PLANNED: 1}


def test_a_server_that_asks_everybody_to_come_again_does_not_stop_the_run(ledger: Ledger) -> None:
    seen: set[str] = set()

    def once_more(envelope: Envelope) -> Reply | None:
        known = envelope.recipient in seen
        seen.add(envelope.recipient)
        return None if known else LATER

    run = Run(ledger, Memory(doorkeeper=once_more), many=150)
    assert run.go().fault is None
    assert run.outcomes() == {Outcome.ACCEPTED: 150}


def test_an_unusable_transport_puts_what_was_claimed_back(ledger: Ledger) -> None:
    def fail(envelope: Envelope) -> Reply:
        if envelope.recipient == "2@x.example":
            raise TransportUnusable(said("The server declined MAIL: 550."))
        return YES

    run = Run(ledger, Memory(answer=fail))
    tally = run.go()
    assert isinstance(tally.fault, TransportUnusable)
    assert tally.outcomes == {Outcome.ACCEPTED: 2}
    assert run.outcomes() == {Outcome.ACCEPTED: 2, Outcome.PLANNED: 3}
    again = Run(ledger, Memory())
    again.go()
    assert again.reached() == ["2@x.example", "3@x.example", "4@x.example"]


@dataclass
class Unreachable(Memory):
    """A server to which no session can be opened."""

    def session(self) -> MemorySession:
        raise TransportUnusable(said("The mail server cannot be reached."))


def test_where_no_session_can_be_opened_nothing_changes(ledger: Ledger) -> None:
    run = Run(ledger, Unreachable(connections=2))
    tally = run.go()
    assert isinstance(tally.fault, TransportUnusable)
    assert tally.outcomes == {}
    assert run.outcomes() == {Outcome.PLANNED: 5}


def test_stopping_finishes_what_is_on_its_way_and_leaves_the_rest(ledger: Ledger) -> None:
    run = Run(ledger, Memory(connections=2), many=30)

    def slowly(_: Envelope) -> Reply:
        if len(run.transport.messages) >= 4:
            run.stop.set()
        time.sleep(0.02)
        return YES

    run.transport.answer = slowly
    tally = run.go()
    assert tally.interrupted
    sent = len(run.reached())
    assert 4 <= sent <= 8
    assert run.outcomes() == {Outcome.ACCEPTED: sent, Outcome.PLANNED: 30 - sent}


def test_stopping_does_not_wait_for_what_would_be_tried_later(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(then=LATER)), many=1, pace=Pace(first_wait=300, retry_for=1000))

    def stop_once_it_waits(tally: Tally) -> None:
        if tally.waiting:
            run.stop.set()

    run.watch = stop_once_it_waits
    tally = run.go()
    assert tally.interrupted
    assert tally.outcomes == {Outcome.DEFERRED: 1}
    assert run.outcomes() == {Outcome.DEFERRED: 1}


def test_a_run_that_was_stopped_before_it_began_sends_nothing(ledger: Ledger) -> None:
    run = Run(ledger, Memory())
    run.stop.set()
    assert run.go().interrupted
    assert run.reached() == []
    assert run.outcomes() == {Outcome.PLANNED: 5}


def test_too_many_failures_stop_the_run(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(then=NO)), many=150)
    tally = run.go()
    assert isinstance(tally.fault, TooManyFailures)
    assert 100 <= tally.of(Outcome.REFUSED) <= 101
    assert run.outcomes()[Outcome.PLANNED] == 150 - tally.of(Outcome.REFUSED)


@pytest.mark.parametrize(("many", "share"), [(90, 0.2), (150, 0.0)])
def test_few_attempts_or_a_limit_of_nothing_never_stop_the_run(ledger: Ledger, many: int, share: float) -> None:
    run = Run(ledger, Memory(answer=answering(then=NO)), many=many, pace=replace(HASTE, stop_after_failures=share))
    tally = run.go()
    assert tally.fault is None
    assert tally.outcomes == {Outcome.REFUSED: many}


def test_a_pace_of_so_many_a_minute_is_kept(ledger: Ledger) -> None:
    run = Run(ledger, Memory(connections=4), many=6, pace=replace(HASTE, per_minute=600))
    began = time.monotonic()
    run.go()
    assert time.monotonic() - began >= 0.45


def test_an_address_outside_of_allow_never_reaches_the_wire(ledger: Ledger) -> None:
    run = Run(ledger, Memory(), allow=("otro.example",))
    with pytest.raises(RuntimeError):
        run.go()
    assert run.reached() == []


def test_a_fault_of_our_own_before_the_text_leaves_the_row_planned(ledger: Ledger) -> None:
    def broken(delivery: Delivery) -> bytes:
        if delivery.recipient.key == "1@x.example":
            raise ZeroDivisionError
        return b""

    run = Run(ledger, Memory(), compose=broken)
    with pytest.raises(ZeroDivisionError):
        run.go()
    assert run.outcomes() == {Outcome.ACCEPTED: 1, Outcome.PLANNED: 4}


def test_a_fault_of_our_own_leaves_the_claim_for_a_person_to_judge(ledger: Ledger) -> None:
    def broken(envelope: Envelope) -> Reply:
        if envelope.recipient == "1@x.example":
            raise ZeroDivisionError
        return YES

    run = Run(ledger, Memory(answer=broken))
    with pytest.raises(ZeroDivisionError):
        run.go()
    assert run.outcomes() == {Outcome.ACCEPTED: 1, Outcome.CLAIMED: 1, Outcome.PLANNED: 3}
    assert ledger.settle_lost_claims(NOW) == 1


@dataclass
class Counted(Memory):
    """Counts the sessions that were opened."""

    opened: int = 0

    def session(self) -> MemorySession:
        self.opened += 1
        return super().session()


def test_a_session_ends_after_as_many_messages_as_the_office_set(ledger: Ledger) -> None:
    transport = Counted()
    Run(ledger, transport, many=10, pace=replace(HASTE, messages_per_connection=4)).go()
    assert transport.opened == 3


def test_an_envelope_may_go_before_its_claim_and_a_claim_goes_before_its_text(ledger: Ledger) -> None:
    seen: list[tuple[str, Outcome]] = []

    def outcome(envelope: Envelope) -> Outcome:
        return next(row.outcome for row in ledger.of_release("becas") if row.recipient.address == envelope.recipient)

    def door(envelope: Envelope) -> None:
        seen.append(("envelope", outcome(envelope)))

    def answer(envelope: Envelope) -> Reply:
        seen.append(("text", outcome(envelope)))
        return YES

    Run(ledger, Memory(doorkeeper=door, answer=answer), many=4).go()
    assert seen == [("envelope", Outcome.PLANNED), ("text", Outcome.CLAIMED)] * 4


@pytest.mark.parametrize("connections", [1, 3])
def test_what_ends_with_the_envelope_is_settled_without_a_text(ledger: Ledger, connections: int) -> None:
    def door(envelope: Envelope) -> Reply | None:
        return {"0@x.example": NO, "1@x.example": LATER}.get(envelope.recipient)

    run = Run(ledger, Memory(connections=connections, doorkeeper=door), many=8, pace=replace(HASTE, retry_for=0.1))
    expected = {Outcome.ACCEPTED: 6, Outcome.REFUSED: 1, Outcome.DEFERRED: 1}
    assert run.go().outcomes == expected
    assert run.outcomes() == expected
    assert run.reached() == [f"{number}@x.example" for number in range(2, 8)]


def test_an_outcome_is_durable_together_with_the_next_claim_of_its_session(ledger: Ledger) -> None:
    seen: list[list[Outcome]] = []

    def look(_: Envelope) -> Reply:
        seen.append([row.outcome for row in ledger.of_release("becas")])
        return YES

    Run(ledger, Memory(answer=look), many=3).go()
    yes, mine, rest = Outcome.ACCEPTED, Outcome.CLAIMED, Outcome.PLANNED
    assert seen == [[mine, rest, rest], [yes, mine, rest], [yes, yes, mine]]


def test_a_session_that_is_open_already_is_used_first(ledger: Ledger) -> None:
    transport = Counted()
    session = transport.session()
    run = Run(ledger, transport, many=4, first=session)
    run.go()
    assert transport.opened == 1
    assert not session.is_open
    assert len(run.reached()) == 4


@dataclass
class Busy(Memory):
    """A server to which no session can be opened for a while."""

    left: int = 0

    def session(self) -> MemorySession:
        self.left -= 1
        if self.left >= 0:
            raise TransportUnusable(said("Too many connections."), passing=True)
        return super().session()


@pytest.mark.parametrize("connections", [1, 4])
def test_a_session_that_cannot_be_opened_for_a_moment_is_opened_later(ledger: Ledger, connections: int) -> None:
    run = Run(ledger, Busy(connections=connections, left=LINE_LOSSES))
    tally = run.go()
    assert tally.fault is None
    assert run.outcomes() == {Outcome.ACCEPTED: 5}
    assert sum(row.tries for row in ledger.of_release("becas")) == 5 + LINE_LOSSES


def test_a_session_that_can_never_be_opened_stops_the_run_with_the_reason(ledger: Ledger) -> None:
    run = Run(ledger, Busy(left=1000))
    tally = run.go()
    assert tally.fault
    assert str(tally.fault.message) == "Too many connections."
    assert run.outcomes() == {Outcome.PLANNED: 5}


def test_texts_that_are_lost_stop_the_run_sooner_than_lines(ledger: Ledger) -> None:
    run = Run(ledger, Memory(answer=answering(then=NOT_KNOWN)), many=20, pace=replace(HASTE, stop_after_failures=0))
    tally = run.go()
    assert isinstance(tally.fault, TransportUnusable)
    assert run.outcomes() == {Outcome.UNCERTAIN: LINE_LOSSES + 2, Outcome.PLANNED: 18 - LINE_LOSSES}


def test_a_domain_with_a_limit_does_not_hold_up_the_others(ledger: Ledger) -> None:
    run = Run(ledger, Memory(connections=2), many=4, pace=replace(HASTE, domains={"x.example": 1200}))
    began = time.monotonic()
    assert run.go().outcomes == {Outcome.ACCEPTED: 4}
    assert time.monotonic() - began >= 0.14


def test_who_watches_sees_the_tally_grow(ledger: Ledger) -> None:
    seen: list[int] = []
    run = Run(ledger, Memory(), many=4, watch=lambda tally: seen.append(tally.of(Outcome.ACCEPTED)))
    run.go()
    assert seen == sorted(seen)
    assert seen[-1] == 4


def test_nothing_more_goes_out_once_the_ledger_cannot_be_written(ledger: Ledger, tmp_path: Path) -> None:
    run = Run(ledger, Memory(), many=6)

    def damage(_: Envelope) -> Reply:
        if len(run.transport.messages) == 2:
            with closing(sqlite3.connect(tmp_path / ".comsoc/ledger.db")) as other:
                other.execute("ALTER TABLE deliveries RENAME TO elsewhere")
        return YES

    run.transport.answer = damage
    with pytest.raises(LedgerUnusable):
        run.go()
    assert run.reached() == ["0@x.example", "1@x.example", "2@x.example"]
