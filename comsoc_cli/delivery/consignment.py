"""A release on its way out, and what came of it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.delivery.holders import Had
from comsoc_cli.delivery.plan import Plan
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient
from comsoc_cli.model.problem import Objection
from comsoc_cli.safeguards.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """One release on its way out: the plan, and what speaks against it."""

    standing: Standing
    purpose: Purpose
    plan: Plan
    objections: list[Objection]
    exceptions: Mapping[str, str] = field(default_factory=dict)  #: rules that somebody overruled, and the reason given
    replying: Mapping[str, str] = field(default_factory=dict)  #: by address key, the Message-ID that it answers
    had: Mapping[str, Had] = field(default_factory=dict)  #: by address key, what they have of the release
    change: int = 0  #: which change of the embargo it tells of
    cut_off: tuple[Path, ...] = ()  #: receipts of sends to some of them that have not ended, as far as is known here
    uncertain: Container[str] = ()  #: the keys of recipients who may have it from an earlier try
    unreached: tuple[Recipient, ...] = ()  #: were to get an earlier revision, never did, and get none now
    unknown: int = 0  #: how many have it by colleagues' receipts and cannot be told from the contact book here
    damaged: tuple[Path, ...] = ()  #: receipts that cannot be read, so that nobody here knows whom they name
    before: Mapping[Outcome, int] = field(default_factory=dict)  #: what was known of how many when it was planned
    since_last: tuple[int, int] | None = None  #: how many joined and left since the latest other release

    @property
    def revision(self) -> Revision | None:
        return self.standing.newest

    @property
    def ordinal(self) -> int:
        """What the ledger counts it as: the revision, or which change of the embargo it is."""
        return self.change or (self.revision.ordinal if self.revision else 0)


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of one consignment."""

    consignment: Consignment
    tally: Tally
    receipt: Path | None = None
    uncertain: tuple[Recipient, ...] = ()
    failed: tuple[Delivery, ...] = ()
