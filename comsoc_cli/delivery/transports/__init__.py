"""The ways a message leaves: the embedded outbox, a mail server, or a list in memory; one contract for all."""

from dataclasses import dataclass
from typing import Protocol

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Reply


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """From whom and to whom a message is handed over: one address, always."""

    sender: str
    recipient: str


class Session(Protocol):
    """One line to the place where messages are handed over; used by one thread."""

    @property
    def is_open(self) -> bool:
        """Whether another message can be handed over; if not, a new session is needed."""

    def deliver(self, envelope: Envelope, message: bytes) -> Reply:
        """Hand over one message and say what came of it; raises TransportUnusable when no message can be."""

    def close(self) -> None:
        """End the session."""


class Transport(Protocol):
    """A way for messages to leave."""

    name: str
    connections: int  #: how many sessions may be open at once

    def session(self) -> Session:
        """Open a session; raises TransportUnusable."""


class TransportUnusable(Refusal):
    """No message can be handed over: the run stops, and what was claimed without a text goes back to planned."""

    exit_code = UNUSABLE

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(message, hint or said("Correct [smtp] in comsoc.toml or wait; the same command goes on."))
