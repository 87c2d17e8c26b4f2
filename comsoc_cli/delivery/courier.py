"""A courier: one thread with one session, which hands over what the clerk gives it leave to."""

import queue
import threading
from collections.abc import Callable
from typing import NamedTuple

from comsoc_cli.delivery.pace import Pace
from comsoc_cli.delivery.transports import Envelope, Session, Transport
from comsoc_cli.model.delivery import Delivery, Outcome, Reply

LONGEST_PAUSE = 15.0  #: seconds until a courier who lost the line opens another


class Result(NamedTuple):
    """What came of one delivery in a courier's hands."""

    delivery: Delivery
    claimed: bool
    reply: Reply | None = None
    fault: BaseException | None = None


class Leave(NamedTuple):
    """What the clerk answers: whether the text may go out, and what is to be announced next."""

    granted: bool
    following: Delivery | None = None


Inbox = queue.SimpleQueue[Leave | None]


class Word(NamedTuple):
    """What a courier says to the clerk; without a claim, that there is nothing in its hands."""

    inbox: Inbox
    results: tuple[Result, ...] = ()
    claim: Delivery | None = None  #: the server waits for its text
    returned: Delivery | None = None  #: was to follow, and was not announced


class Courier:
    """Announces an envelope, asks for leave when the server waits for the text, and hands it over."""

    def __init__(
        self,
        *,
        clerk: "queue.SimpleQueue[Word]",
        ended: threading.Event,
        transport: Transport,
        compose: Callable[[Delivery], bytes],
        envelope: Callable[[Delivery], Envelope],
        pace: Pace,
        session: Session | None = None,
    ) -> None:
        self.inbox: Inbox = queue.SimpleQueue()
        self.clerk = clerk
        self.ended = ended
        self.transport = transport
        self.compose = compose
        self.envelope = envelope
        self.pace = pace
        self.session = session
        self._served = 0
        self._losses = 0  # in a row
        self._results: list[Result] = []
        self._returned: Delivery | None = None
        self._dismissed = False

    def run(self) -> None:
        """Carry what there is until the clerk says that it is over."""
        delivery: Delivery | None = None
        while not self._dismissed:
            if delivery is None:
                leave = self._ask()
                delivery = leave.following if leave else None
            else:
                delivery = self._carry(delivery)
        if self.session:
            self.session.close()

    def _ask(self, claim: Delivery | None = None) -> Leave | None:
        """Say what came of the last ones, and wait until that and the claim are written down."""
        self.clerk.put(Word(self.inbox, tuple(self._results), claim, self._returned))
        self._results, self._returned = [], None
        leave = self.inbox.get()
        self._dismissed = leave is None
        return leave

    def _carry(self, delivery: Delivery) -> Delivery | None:
        """One delivery as far as it gets; answers with the one that follows."""
        claimed = False
        following: Delivery | None = None
        try:
            message, envelope = self.compose(delivery), self.envelope(delivery)
            session = self._open()
            if session is None:
                return None
            reply = session.announce(envelope)
            if reply is None:
                leave = self._ask(delivery)
                if leave is None or not leave.granted:
                    session.drop()
                    return None
                claimed, following = True, leave.following
                reply = session.hand_over(message, self._ahead(following))
                self._served += 1
            self._results.append(Result(delivery, claimed, reply))
        except BaseException as fault:
            self._results.append(Result(delivery, claimed, fault=fault))
            reply = None
        return self._after(reply, following)

    def _after(self, reply: Reply | None, following: Delivery | None) -> Delivery | None:
        """After a fault or a lost line the clerk decides how to go on; otherwise the next delivery follows."""
        if reply and reply.outcome is Outcome.ACCEPTED:
            self._losses = 0
        if reply and (not self.session or self.session.is_open):
            return following
        self._losses += 1
        self._returned = following
        return None

    def _open(self) -> Session | None:
        """The session, or a new one in place of one that was lost or has served its time; None if all is over."""
        if self.session and (not self.session.is_open or self._served >= self.pace.messages_per_connection):
            self.session.close()
            self.session = None
        if self.session is None:
            if self._losses > 1:
                self.ended.wait(min(LONGEST_PAUSE, self.pace.pause * 2 ** (self._losses - 2)))
            if self.ended.is_set():
                return None
            self.session, self._served = self.transport.session(), 0
        return self.session

    def _ahead(self, following: Delivery | None) -> Envelope | None:
        """The envelope that the same session will announce next."""
        if following is None or self._served + 1 >= self.pace.messages_per_connection:
            return None
        return self.envelope(following)
