"""Handing over: sessions in threads, one clerk who writes the ledger before and after every text.

A session asks the clerk for its next delivery and brings the outcome of the last one in the same breath; the clerk
commits the outcomes and claims of all sessions that are waiting together, and only then hands out the next. So nothing
goes out that is not claimed, a session holds one claim at most, and being durable costs little.
"""

import heapq
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from comsoc_cli.delivery.plan import allowed
from comsoc_cli.delivery.transports import Envelope, Session, Transport, TransportUnusable
from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.ledger.store import Ledger, Settled
from comsoc_cli.message import said
from comsoc_cli.model.delivery import Delivery, Outcome, Reply

FIRST_WAIT, LONGEST_WAIT = 5.0, 120.0
LINE_LOSSES = 3  #: how often the line may be lost before a text until the run stops


class TooManyFailures(Refusal):
    """The run stopped itself: so many refusals are a sign that something else is wrong."""

    exit_code = UNUSABLE

    def __init__(self, failures: int, attempts: int) -> None:
        super().__init__(
            said(
                "The run stopped itself: {failures} of {attempts} attempts failed.",
                failures=failures,
                attempts=attempts,
            ),
            said("Look at the replies with “comsoc status RELEASE”; the same command goes on."),
        )


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast, and how stubbornly."""

    messages_per_connection: int = 500
    per_minute: int = 0
    retry_for: float = 600
    stop_after_failures: float = 0.2


@dataclass
class Tally:
    """What came of a run; grows while it lasts."""

    planned: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    interrupted: bool = False
    fault: Refusal | None = None  #: what stopped the run

    def of(self, outcome: Outcome) -> int:
        return self.outcomes.get(outcome, 0)


@dataclass(frozen=True)
class _Answer:
    """What a session says to the clerk."""

    inbox: "queue.SimpleQueue[Delivery | None]"
    delivery: Delivery | None = None
    reply: Reply | None = None
    fault: BaseException | None = None


class Dispatch:
    """One run over the planned deliveries."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        transport: Transport,
        sender: str,
        allow: tuple[str, ...],
        compose: Callable[[Delivery], bytes],
        pace: Pace,
        clock: Callable[[], datetime],
        stop: threading.Event,
        first: Session | None = None,
        watch: Callable[[Tally], None] = lambda _: None,
    ) -> None:
        self.ledger = ledger
        self.transport = transport
        self.sender = sender
        self.allow = allow
        self.compose = compose
        self.pace = pace
        self.clock = clock
        self.stop = stop
        self.first = first
        self.watch = watch
        self.tally = Tally()
        self._answers: queue.SimpleQueue[_Answer] = queue.SimpleQueue()
        self._ready: deque[Delivery] = deque()
        self._later: list[tuple[float, int, Delivery]] = []
        self._tries: dict[int, int] = {}
        self._in_flight = 0
        self._losses = 0
        self._attempts = 0
        self._failures = 0
        self._next_slot = 0.0
        self._bug: BaseException | None = None

    def run(self, deliveries: Sequence[Delivery]) -> Tally:
        """Hand over what is planned; returns when all is settled, deferred, or the run was stopped."""
        self.tally.planned = len(deliveries)
        self._ready.extend(deliveries)
        self._began = time.monotonic()
        count = max(1, min(self.transport.connections, len(deliveries)))
        inboxes: list[queue.SimpleQueue[Delivery | None]] = [queue.SimpleQueue() for _ in range(count)]
        opened = [self.first, *[None] * (count - 1)]
        threads = [
            threading.Thread(target=self._session, args=pair, daemon=True) for pair in zip(inboxes, opened, strict=True)
        ]
        for thread in threads:
            thread.start()
        try:
            self._serve(inboxes)
        finally:
            for inbox in inboxes:
                inbox.put(None)
            for thread in threads:
                thread.join()
        if self._bug:
            raise self._bug
        if self._later:
            self.tally.outcomes[Outcome.DEFERRED] = self.tally.of(Outcome.DEFERRED) + len(self._later)
        return self.tally

    # the clerk, in the thread that called `run`

    def _serve(self, inboxes: "list[queue.SimpleQueue[Delivery | None]]") -> None:
        waiting = list(inboxes)
        while True:
            if self.stop.is_set():
                self.tally.interrupted = True
            given = self._choose(len(waiting))
            if given:
                self._hand_out(given, waiting, [])
            if not self._in_flight and (self._ended() or not (self._ready or self._later)):
                return
            answers = self._wait()
            settled = [one for answer in answers if (one := self._settle(answer))]
            waiting += [answer.inbox for answer in answers]
            self._hand_out(self._choose(len(waiting)), waiting, settled)
            self.watch(self.tally)

    def _hand_out(
        self, given: list[Delivery], waiting: "list[queue.SimpleQueue[Delivery | None]]", settled: list[Settled]
    ) -> None:
        """Commit, then let go."""
        if not given and not settled:
            return
        self.ledger.record(settled, [delivery.id for delivery in given], self.clock())
        for delivery in given:
            self._in_flight += 1
            waiting.pop().put(delivery)

    def _ended(self) -> bool:
        return self.tally.interrupted or self.tally.fault is not None or self._bug is not None

    def _choose(self, sessions: int) -> list[Delivery]:
        """What may go out now, at most one for each waiting session."""
        now = time.monotonic()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        chosen: list[Delivery] = []
        while len(chosen) < sessions and self._ready and not self._ended():
            if self.pace.per_minute:
                if now < self._next_slot:
                    break
                self._next_slot = max(now, self._next_slot) + 60 / self.pace.per_minute
            chosen.append(self._ready.popleft())
        return chosen

    def _wait(self) -> list[_Answer]:
        """The answers of the sessions that have one; none if nothing comes for a moment."""
        answers: list[_Answer] = []
        try:
            answers.append(self._answers.get(timeout=self._patience()))
            while True:
                answers.append(self._answers.get_nowait())
        except queue.Empty:
            return answers

    def _patience(self) -> float:
        """Seconds until there may be something to do."""
        now = time.monotonic()
        moments = [now + 0.2]
        if self._later:
            moments.append(self._later[0][0])
        if self.pace.per_minute and self._ready:
            moments.append(self._next_slot)
        return max(0.001, min(moments) - now)

    def _settle(self, answer: _Answer) -> Settled | None:
        """Draw the consequences of an answer; what the ledger is to say of it."""
        self._in_flight -= 1
        delivery, reply = answer.delivery, answer.reply
        assert delivery
        if isinstance(answer.fault, TransportUnusable):
            self.tally.fault = self.tally.fault or answer.fault
            return Settled(id=delivery.id, outcome=Outcome.PLANNED, reply=str(answer.fault))
        if answer.fault or not reply:
            # A bug: what became of the text is not known, so the claim stays and will be read as uncertain.
            self._bug = self._bug or answer.fault
            return None
        self._count(delivery, reply)
        return Settled(id=delivery.id, outcome=reply.outcome, reply=reply.text, queue_id=reply.queue_id)

    def _count(self, delivery: Delivery, reply: Reply) -> None:
        outcome = reply.outcome
        self._attempts += outcome is not Outcome.PLANNED
        if outcome is Outcome.ACCEPTED:
            self._losses = 0
        elif outcome is Outcome.PLANNED:
            self._losses += 1
            if self._losses > LINE_LOSSES * self.transport.connections:
                message = said("The mail server keeps closing the line: {reply}.", reply=reply.text)
                self.tally.fault = self.tally.fault or TransportUnusable(message)
            else:
                self._ready.append(delivery)
            return
        else:
            self._failures += 1
        if outcome is Outcome.DEFERRED and self._again(delivery):
            return
        self.tally.outcomes[outcome] = self.tally.of(outcome) + 1
        share = self.pace.stop_after_failures
        if self._attempts >= 100 and share and self._failures > share * self._attempts:
            self.tally.fault = self.tally.fault or TooManyFailures(self._failures, self._attempts)

    def _again(self, delivery: Delivery) -> bool:
        """Try a deferred delivery again within this run, with growing waits, as long as `retry_for` allows."""
        tries = self._tries[delivery.id] = self._tries.get(delivery.id, 0) + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1))
        due = time.monotonic() + wait
        if due > self._began + self.pace.retry_for:
            return False
        heapq.heappush(self._later, (due, delivery.id, delivery))
        return True

    # a session, in a thread of its own

    def _session(self, inbox: "queue.SimpleQueue[Delivery | None]", session: Session | None) -> None:
        served = 0
        while (delivery := inbox.get()) is not None:
            try:
                message = self.compose(delivery)
                if session and (not session.is_open or served >= self.pace.messages_per_connection):
                    session.close()
                    session = None
                if session is None:
                    session, served = self.transport.session(), 0
                reply = self._hand_over(session, delivery, message)
                served += 1
                self._answers.put(_Answer(inbox, delivery, reply))
            except BaseException as fault:
                self._answers.put(_Answer(inbox, delivery, fault=fault))
        if session:
            session.close()

    def _hand_over(self, session: Session, delivery: Delivery, message: bytes) -> Reply:
        """The last function before the wire."""
        address = delivery.recipient.address
        if not allowed(address, self.allow):
            raise RuntimeError("an address that [sender] allow does not name came as far as the wire")
        return session.deliver(Envelope(sender=self.sender, recipient=address), message)
