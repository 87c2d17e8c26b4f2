"""One release revision on its way to one address for one purpose, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """Why a message goes out."""

    RELEASE = "release"
    ERRATUM = "erratum"
    ADDITION = "addition"
    KILL = "kill"
    EMBARGO = "embargo"  #: its embargo was lifted or moved; `revision` then counts these changes
    TEST = "test"  #: a text was tried on one address; nobody counts as having it


#: The purposes for which a text goes out, and those of notices about it.
TEXTS = (Purpose.RELEASE, Purpose.ERRATUM, Purpose.ADDITION)
NOTICES = (Purpose.KILL, Purpose.EMBARGO)


class Outcome(StrEnum):
    """What came of a delivery; `planned` and `claimed` are the states before there is an outcome."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


#: The outcomes a user sees, in the order in which they are shown.
OUTCOMES = (Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A person that a plan will write to."""

    key: str
    address: str
    name: str = ""
    outlet: str = ""
    language: str = ""
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A row of the ledger."""

    id: int
    release: str
    revision: int
    purpose: Purpose
    recipient: Recipient
    outcome: Outcome
    planned_at: datetime
    message_id: str
    tries: int = 0
    reply: str = ""
    queue_id: str = ""
    at: datetime | None = None  #: when the outcome was written down


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a transport says of one attempt."""

    outcome: Outcome  #: PLANNED: nothing of the text went out, so it may simply be tried again
    text: str = ""
    queue_id: str = ""
