"""A transport that keeps its messages in memory, for tests and for trying out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from comsoc_cli.delivery.transports import Envelope
from comsoc_cli.model.delivery import Outcome, Reply

_OK = Reply(outcome=Outcome.ACCEPTED, text="kept in memory")


@dataclass
class Memory:
    """Keeps what is handed over; `doorkeeper` decides what comes of an envelope, `answer` what comes of a text."""

    name: str = "memory"
    connections: int = 1
    answer: Callable[[Envelope], Reply] = lambda _: _OK
    doorkeeper: Callable[[Envelope], Reply | None] = lambda _: None
    messages: list[tuple[Envelope, bytes]] = field(default_factory=list)

    def session(self) -> "MemorySession":
        return MemorySession(self)


class MemorySession:
    """A line to nowhere."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.is_open = True
        self._announced: Envelope | None = None

    def announce(self, envelope: Envelope) -> Reply | None:
        reply = self.memory.doorkeeper(envelope)
        self._announced = None if reply else envelope
        return reply

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        assert self._announced
        envelope, self._announced = self._announced, None
        reply = self.memory.answer(envelope)
        if reply.outcome is Outcome.ACCEPTED:
            self.memory.messages.append((envelope, message))
        return reply

    def drop(self) -> None:
        self.is_open = False

    def close(self) -> None:
        self.is_open = False
