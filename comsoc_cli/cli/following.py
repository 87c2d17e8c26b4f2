"""comsoc status --watch: the send that runs in another terminal."""

import time
from typing import TYPE_CHECKING

from comsoc_cli.cli.counter import Counter, note
from comsoc_cli.cli.interruption import Interrupted
from comsoc_cli.cli.language import tr

if TYPE_CHECKING:
    from comsoc_cli.delivery.dispatch import Tally
    from comsoc_cli.ledger.store import Ledger
    from comsoc_cli.office.folder import Office

LOOK = 0.5  #: seconds between two looks into the ledger


def follow(here: Counter, office: "Office") -> None:
    """Show how far the running send is, until it has ended."""
    from comsoc_cli.cli.display import display
    from comsoc_cli.ledger.place import send_lock
    from comsoc_cli.ledger.store import Ledger
    from comsoc_cli.office.lock import is_held

    lock = send_lock(office.settings.ledger.url, office.root)
    if not is_held(lock):
        note(tr("No send is running."))
        return
    tallies: dict[tuple[str, int], Tally] = {}
    with Ledger(office.settings.ledger.url, office.root) as ledger, display(here) as show:
        try:
            while is_held(lock):
                if tally := _running(office, ledger, tallies):
                    show(tally)
                time.sleep(LOOK)
        except Interrupted:
            note(tr("The send goes on."))


def _running(office: "Office", ledger: "Ledger", tallies: "dict[tuple[str, int], Tally]") -> "Tally | None":
    """The tally of the release that is on its way, brought up to date."""
    from comsoc_cli.delivery.dispatch import Tally
    from comsoc_cli.model.delivery import OUTCOMES
    from comsoc_cli.office.receipts import running_receipts

    running = running_receipts(office, ledger.own_receipts())
    if not running:
        return None
    of = running[-1].of
    tally = tallies.setdefault(of, Tally())
    counts = ledger.counts(of[0]).get(of, {})
    tally.planned = sum(counts.values())
    tally.outcomes = {outcome: counts[outcome] for outcome in OUTCOMES if outcome in counts}
    return tally
