"""A transport that keeps its messages in memory, for tests and for trying out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from comsoc_cli.delivery.transports import Envelope
from comsoc_cli.model.delivery import Outcome, Reply

_OK = Reply(outcome=Outcome.ACCEPTED, text="kept in memory")


@dataclass
class Memory:
    """Keeps what is handed over; `answer` decides what comes of it."""

    name: str = "memory"
    connections: int = 1
    answer: Callable[[Envelope], Reply] = lambda _: _OK
    messages: list[tuple[Envelope, bytes]] = field(default_factory=list)

    def session(self) -> "Memory":
        return self

    @property
    def is_open(self) -> bool:
        return True

    def deliver(self, envelope: Envelope, message: bytes) -> Reply:
        reply = self.answer(envelope)
        if reply.outcome is Outcome.ACCEPTED:
            self.messages.append((envelope, message))
        return reply

    def close(self) -> None:
        """Nothing is open."""
