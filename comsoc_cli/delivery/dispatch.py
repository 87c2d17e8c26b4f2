"""Handing over: couriers in threads, one clerk who writes the ledger before and after every text.

A courier announces an envelope, and when the server waits for the text it asks the clerk for leave, bringing the
outcome of its last text in the same breath. The clerk commits the outcomes and claims of all couriers that are waiting
together, and only then lets them go on, each with the delivery that it will announce next. So no text goes out that is
not claimed, a session holds one claim at most, and being durable costs little.
"""

import gc
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from comsoc_cli.delivery.alike import Alike
from comsoc_cli.delivery.courier import Courier, Inbox, Leave, Result, Word
from comsoc_cli.delivery.pace import Pace
from comsoc_cli.delivery.plan import allowed
from comsoc_cli.delivery.transports import Envelope, Session, Transport, TransportUnusable
from comsoc_cli.delivery.turns import Turns
from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.ledger.records import Claim, Settled
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.message import said
from comsoc_cli.model.delivery import Delivery, Outcome, Reply

LINE_LOSSES = 5  #: how often in a row each session may lose its line until the run stops


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


class AllAlike(Refusal):
    """The first people all heard the same: it is about the office, whatever the server calls it."""

    exit_code = UNUSABLE

    def __init__(self, many: int, reply: str) -> None:
        super().__init__(
            said(
                "The run stopped itself: the mail server refused the first {many} people in the same words: {reply}.",
                many=many,
                reply=reply.rstrip("."),
            ),
            said("It is rarely about them: nobody is booked as refused. Mend it, and the same command goes on."),
        )


@dataclass
class Tally:
    """What came of a run; grows while it lasts."""

    planned: int = 0
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    waiting: int = 0  #: how many were deferred and will be tried again in this run
    interrupted: bool = False
    killed: bool = False  #: whether somebody declared the release of no effect meanwhile
    fault: Refusal | None = None  #: what stopped the run
    is_settled: bool = True  #: whether the counts are the ledger's; False: it could not be read afterwards
    all_alike: str = ""  #: the words in which everybody was refused, where nobody was accepted

    def of(self, outcome: Outcome) -> int:
        return self.outcomes.get(outcome, 0)


class Dispatch:
    """One run over the planned deliveries."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        transport: Transport,
        envelope: Callable[[Delivery], Envelope],
        allow: tuple[str, ...],
        compose: Callable[[Delivery], bytes],
        pace: Pace,
        clock: Callable[[], datetime],
        stop: threading.Event,
        first: Session | None = None,
        watch: Callable[[Tally], None] = lambda _: None,
        killed: Callable[[], bool] = lambda: False,
    ) -> None:
        """`first` is a session that is open already; `stop` ends the run when what is in flight has its outcome.

        `killed` is asked whenever something was claimed.
        """
        self.ledger = ledger
        self.transport = transport
        self.envelope = envelope
        self.allow = allow
        self.compose = compose
        self.pace = pace
        self.clock = clock
        self.stop = stop
        self.first = first
        self.watch = watch
        self.killed = killed
        self.tally = Tally()
        self._words: queue.SimpleQueue[Word] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._deferred: dict[int, tuple[int, float]] = {}  # how often in this run, and since when
        self._losses = 0  # in a row
        self._attempts = 0
        self._failures = 0
        self._bug: BaseException | None = None
        self._alike = Alike()
        self._unwritten: list[Settled] = []  # what the ledger is being told

    def run(self, deliveries: Iterable[Delivery], planned: int) -> Tally:
        """Hand over what is planned; returns when all is settled, deferred, or the run was stopped.

        Raises LedgerUnusable where the ledger cannot be written; `tally` then has what this run saw of it.
        """
        self.tally.planned = planned
        self._turns = Turns(deliveries, per_minute=self.pace.per_minute, domains=self.pace.domains)
        self._began = time.monotonic()
        couriers = [self._courier(number) for number in range(max(1, min(self.transport.connections, planned)))]
        threads = [threading.Thread(target=courier.run, daemon=True) for courier in couriers]
        gc.freeze()  # what is there now stays until the end, and need not be looked through again and again
        for thread in threads:
            thread.start()
        fault: Refusal | None = None
        try:
            self._keep_the_books(len(couriers))
        except Refusal as refusal:
            fault = refusal
        finally:
            gc.unfreeze()
            self._ended.set()
            for courier in couriers:
                courier.inbox.put(None)
            for thread in threads:
                thread.join()
        if self._bug:
            raise self._bug
        if fault:
            self._count_the_last()
        self.tally.all_alike = self._alike.words_to_all
        if self._turns.waiting:
            self.tally.outcomes[Outcome.DEFERRED] = self.tally.of(Outcome.DEFERRED) + self._turns.waiting
        if fault:
            raise fault
        return self.tally

    def _count_the_last(self) -> None:
        """What was on its way when the ledger failed has its outcome now; it is noted if that works by now."""
        with suppress(queue.Empty):
            while True:
                word = self._words.get_nowait()
                self._unwritten += [one for result in word.results if (one := self._settle(result))]
        with suppress(Refusal):
            self.ledger.record(self._unwritten, [], self.clock())

    def _courier(self, number: int) -> Courier:
        return Courier(
            clerk=self._words,
            ended=self._ended,
            transport=self.transport,
            compose=self.compose,
            envelope=self._last_look,
            pace=self.pace,
            session=self.first if number == 0 else None,
        )

    def _last_look(self, delivery: Delivery) -> Envelope:
        """The last function before the wire."""
        if not allowed(delivery.recipient.address, self.allow):
            raise RuntimeError("an address that [sender] allow does not name came as far as the wire")
        return self.envelope(delivery)

    # the clerk, in the thread that called `run`

    def _keep_the_books(self, couriers: int) -> None:
        self._limit = LINE_LOSSES * couriers
        self._limit_of_texts = LINE_LOSSES + couriers
        idle: list[Inbox] = []
        while True:
            self.tally.interrupted = self.tally.interrupted or self.stop.is_set()
            if self._is_ending:
                self._ended.set()
            self._put_to_work(idle)
            if len(idle) == couriers and (self._is_ending or self._turns.next_at(0) is None):
                return
            words = self._listen()
            self._write_down(words)
            for word in words:
                if word.claim is None:
                    idle.append(word.inbox)
            self.tally.waiting = self._turns.waiting
            self.watch(self.tally)

    @property
    def _is_ending(self) -> bool:
        return self.tally.interrupted or self.tally.killed or self.tally.fault is not None or self._bug is not None

    def _put_to_work(self, idle: list[Inbox]) -> None:
        """Give those who have nothing to do the next deliveries, as far as there are any and the pace allows it."""
        while idle and not self._is_ending:
            delivery = self._turns.take(time.monotonic())
            if delivery is None:
                return
            idle.pop().put(Leave(granted=False, following=delivery))

    def _listen(self) -> list[Word]:
        """The words of the couriers who have one; none if nothing comes until there may be something to do."""
        now = time.monotonic()
        soon = self._turns.next_at(now)
        wait = 0.2 if soon is None else min(0.2, soon - now)
        words: list[Word] = []
        try:
            words.append(self._words.get(timeout=max(0.002, wait)))
            while True:
                words.append(self._words.get_nowait())
        except queue.Empty:
            return words

    def _write_down(self, words: Sequence[Word]) -> None:
        """Commit outcomes and claims together, and only then let go."""
        settled = []
        for word in words:
            settled += [one for result in word.results if (one := self._settle(result))]
            if word.returned:
                self._turns.back(word.returned)
        self._unwritten = settled
        if self._alike.is_about_the_office:
            self._unwritten = settled = [self._not_refused(one) for one in settled]
            self.ledger.take_back(self._alike.refused)
        claiming = [] if self._is_ending else [word for word in words if word.claim]
        claimed = [word.claim for word in claiming if word.claim]
        claims = [Claim(id=one.id, tries=one.tries, is_uncertain=_may_have_it(one)) for one in claimed]
        if settled or claims:
            self.ledger.record(settled, claims, self.clock())
        if claims and self.killed():
            # Asked after the claims are down: whoever kills reads the ledger after writing the mark, so that either the
            # mark is seen here, or the claim there.
            self.tally.killed = True
            back = [Settled(id=one.id, tries=one.tries, outcome=_on_the_whole(one, Outcome.PLANNED)) for one in claimed]
            self._unwritten = back
            self.ledger.record(back, [], self.clock())
            claiming = []
        self._unwritten = []
        for word in words:
            if word.claim and claiming:
                word.inbox.put(Leave(granted=True, following=self._turns.take(time.monotonic())))
            elif word.claim:
                word.inbox.put(Leave(granted=False))

    def _settle(self, result: Result) -> Settled | None:
        """Draw the consequences of a result; what the ledger is to say of it."""
        delivery, reply, fault = result.delivery, result.reply, result.fault
        if isinstance(fault, TransportUnusable):
            reply = Reply(outcome=Outcome.PLANNED, text=str(fault))
            if fault.passing:
                self._lost(delivery, reply, fault)
            else:
                self.tally.fault = self.tally.fault or fault
        elif fault or not reply:
            # A bug: what became of the text is not known, so a claim stays and will be read as uncertain.
            self._bug = self._bug or fault
            return None
        else:
            self._count(delivery, reply)
        return Settled(
            id=delivery.id,
            tries=delivery.tries,
            outcome=_on_the_whole(delivery, reply.outcome),
            reply=reply.text,
            queue_id=reply.queue_id,
            claimed=result.claimed,
        )

    def _not_refused(self, one: Settled) -> Settled:
        """What is about the office is booked on no recipient: the delivery is planned, as before the run."""
        return replace(one, outcome=Outcome.PLANNED) if one.outcome is Outcome.REFUSED else one

    def _count(self, delivery: Delivery, reply: Reply) -> None:
        outcome = reply.outcome
        self._alike.add(delivery, reply)
        if outcome is Outcome.REFUSED and self._alike.is_about_the_office:
            self.tally.outcomes.pop(Outcome.REFUSED, None)
            self.tally.fault = self.tally.fault or AllAlike(len(self._alike.refused), reply.text)
            return
        if outcome is Outcome.PLANNED:
            self._lost(delivery, reply)
            return
        if outcome is Outcome.DEFERRED and self._again(delivery):
            return
        self._attempts += 1
        if outcome is Outcome.ACCEPTED:
            self._losses = 0
        else:
            self._failures += 1
        if outcome is Outcome.UNCERTAIN:
            self._lost(None, reply)
        outcome = _on_the_whole(delivery, outcome)
        self.tally.outcomes[outcome] = self.tally.of(outcome) + 1
        share = self.pace.stop_after_failures
        if self._attempts >= 100 and share and self._failures > share * self._attempts:
            self.tally.fault = self.tally.fault or TooManyFailures(self._failures, self._attempts)

    def _lost(self, delivery: Delivery | None, reply: Reply, fault: TransportUnusable | None = None) -> None:
        """A line was lost; if that happens again and again and nothing is accepted in between, the run stops.

        A lost text (no `delivery`) costs a call to a newsroom, so those are fewer.
        """
        self._losses += 1
        if delivery:
            self._turns.last(replace(delivery, tries=delivery.tries + 1))
        if self._losses > (self._limit if delivery else self._limit_of_texts):
            message = said("The mail server keeps closing the line: {reply}.", reply=reply.text.rstrip("."))
            self.tally.fault = self.tally.fault or fault or TransportUnusable(message)

    def _again(self, delivery: Delivery) -> bool:
        """Try a deferred delivery again within this run, with growing waits, as long as `retry_for` allows."""
        now = time.monotonic()
        tries, first = self._deferred.get(delivery.id, (0, now))
        due = now + min(self.pace.longest_wait, self.pace.first_wait * 2**tries)
        if due > first + self.pace.retry_for:
            return False
        self._deferred[delivery.id] = (tries + 1, first)
        self._turns.again(replace(delivery, tries=delivery.tries + 1), due)
        return True


def _may_have_it(delivery: Delivery) -> bool:
    """Whether an earlier run left it uncertain."""
    return delivery.outcome is Outcome.UNCERTAIN


def _on_the_whole(delivery: Delivery, outcome: Outcome) -> Outcome:
    """What is known after this try: who may have it from an earlier one may have it, unless it is certain now."""
    return Outcome.UNCERTAIN if _may_have_it(delivery) and outcome is not Outcome.ACCEPTED else outcome
