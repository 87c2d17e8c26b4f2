"""A release on its way out, and what came of it."""

from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.delivery.plan import Plan
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.delivery import Delivery, Purpose, Recipient
from comsoc_cli.model.problem import Objection
from comsoc_cli.safeguards.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Consignment:
    """One release on its way out: the plan, and what speaks against it."""

    standing: Standing
    purpose: Purpose
    plan: Plan
    objections: list[Objection]
    overridden: tuple[str, ...] = ()  #: rules whose objection somebody answered with an option
    since_last: tuple[int, int] | None = None  #: how many joined and left since the latest other release

    @property
    def revision(self) -> Revision | None:
        return self.standing.newest


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came of one consignment."""

    consignment: Consignment
    tally: Tally
    receipt: Path | None = None
    uncertain: tuple[Recipient, ...] = ()
    failed: tuple[Delivery, ...] = ()
