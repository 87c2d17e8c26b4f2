"""comsoc status --verify"""

import os
from typing import TYPE_CHECKING

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import Counter, counted, problem_json, problem_line
from comsoc_cli.cli.language import figure, tr

if TYPE_CHECKING:
    from comsoc_cli.office.folder import Office


def verify_records(here: Counter, office: "Office") -> None:
    """Say in what receipts, ledger and vault contradict each other; ends with 1 if they do."""
    from comsoc_cli.checks.records import Records
    from comsoc_cli.cli.releases import known_ledger
    from comsoc_cli.ledger.place import send_lock
    from comsoc_cli.office.key import office_key
    from comsoc_cli.office.lock import is_held

    settings = office.settings
    sending = is_held(send_lock(settings.ledger.url, office.root))
    with known_ledger(office) as ledger:
        records = Records(office=office, ledger=ledger, key=office_key(office, os.environ), sending=sending)
        problems = records.problems()
    wrong, warnings = counted(problems)
    here.answer(
        {
            "problems": [problem_json(problem) for problem in problems],
            "receipts": len(records.receipts),
            "deliveries": records.deliveries,
            "errors": wrong,
            "warnings": warnings,
        }
    )
    for problem in problems:
        here.say(problem_line(problem))
    figures = {"receipts": figure(len(records.receipts)), "deliveries": figure(records.deliveries)}
    if wrong:
        here.say(tr("Receipts {receipts}, deliveries {deliveries}: they contradict each other.", **figures))
        raise counter.stop(1)
    here.say(tr("Receipts {receipts}, deliveries {deliveries}: receipts, ledger and vault agree.", **figures))
