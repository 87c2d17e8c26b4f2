"""The ways a message leaves: the embedded outbox, a mail server, or a list in memory; one contract for all."""

from dataclasses import dataclass
from typing import Protocol

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Reply


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """The sender and the recipient of a message: one address, always."""

    sender: str
    recipient: str


class Session(Protocol):
    """One line to the place where messages are handed over; used by one thread.

    A message takes two steps, so that it can be claimed between them: `announce` its envelope, then `hand_over` its
    text. Both raise TransportUnusable when no message at all can be handed over.
    """

    @property
    def is_open(self) -> bool:
        """Whether another message can be announced; if not, a new session is needed."""

    def announce(self, envelope: Envelope) -> Reply | None:
        """Announce the next recipient. None: its text may come; otherwise it ends here, and that is its reply."""

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        """Hand over the text of what was announced and say what came of it.

        `following` is the envelope that will be announced next, if that is known: a session may send it along.
        """

    def drop(self) -> None:
        """Close the line at once: what was announced is not to be handed over."""

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

    def __init__(self, message: Message, hint: Message | None = None, *, passing: bool = False) -> None:
        super().__init__(message, hint or said("Correct [smtp] in comsoc.toml or wait; the same command goes on."))
        self.passing = passing  #: whether another attempt in a moment may succeed


def deliver(session: Session, envelope: Envelope, message: bytes) -> Reply:
    """Hand over a single message."""
    return session.announce(envelope) or session.hand_over(message)
