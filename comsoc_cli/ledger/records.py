"""What the ledger is told: deliveries that are planned, claimed, and what came of them."""

from dataclasses import dataclass

from comsoc_cli.model.delivery import Outcome, Purpose, Recipient


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A delivery that is to be made."""

    release: str
    revision: int
    purpose: Purpose
    recipient: Recipient
    message_id: str
    is_uncertain: bool = False  #: whether the person may have it from a send that this ledger does not know


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A delivery whose text is about to go out; together with its number, `tries` names this attempt and no other."""

    id: int
    tries: int  #: how often it had been tried before
    is_uncertain: bool = False  #: whether the person may have it from an earlier try, and it is sent again all the same


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What came of an attempt."""

    id: int
    tries: int  #: as in its claim
    outcome: Outcome
    reply: str = ""
    queue_id: str = ""
    claimed: bool = True  #: False: it ended with the envelope, before there was a claim
