"""The ledger: one row per delivery, durable before anything leaves, and one send at a time."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.ledger import NOW, URL, planned, rows
from support.processes import is_alive, until

from comsoc_cli.delivery.refusals import SendRunning
from comsoc_cli.errors import UNUSABLE
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.delivery import Outcome
from comsoc_cli.office.lock import held

CLAIM_AND_WAIT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from comsoc_cli.ledger.records import Claim
from comsoc_cli.ledger.store import Ledger
ledger = Ledger("sqlite:///.comsoc/ledger.db", Path(sys.argv[1]))
ledger.record([], [Claim(id=int(number), tries=0) for number in sys.argv[2:]], datetime.now(UTC))
print("claimed", flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_had_claimed_is_uncertain_and_the_rest_goes_on(tmp_path: Path) -> None:
    with Ledger(URL, tmp_path) as ledger:
        ledger.plan([planned("a@x.example"), planned("b@x.example")], NOW)
        claimed = rows(ledger)["a@x.example"].id
    with subprocess.Popen(
        [sys.executable, "-c", CLAIM_AND_WAIT, str(tmp_path), str(claimed)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "claimed\n"
        process.kill()
    with Ledger(URL, tmp_path) as ledger:
        assert ledger.settle_lost_claims(NOW) == 1
        assert ledger.settle_lost_claims(NOW) == 0
        outcomes = {address: row.outcome for address, row in rows(ledger).items()}
        assert outcomes == {"a@x.example": Outcome.UNCERTAIN, "b@x.example": Outcome.PLANNED}


PLAN_AND_WAIT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.delivery import Purpose, Recipient
def rows():
    for number in range(1200):
        recipient = Recipient(key=f"a{number}@x.example", address=f"a{number}@x.example")
        yield Planned(release="becas", revision=1, purpose=Purpose.RELEASE, recipient=recipient, message_id="<1>")
    print("planning", flush=True)
    time.sleep(60)
Ledger("sqlite:///.comsoc/ledger.db", Path(sys.argv[1])).plan(rows(), datetime.now(UTC), "becas.json")
"""


def test_what_a_killed_process_was_planning_is_not_there(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PLAN_AND_WAIT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "planning\n"
        process.kill()
    with Ledger(URL, tmp_path) as ledger:
        assert ledger.counts() == {}
        assert ledger.own_receipts() == set()
        ledger.plan([planned("a@x.example")], NOW, "becas.json")


HOLD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from comsoc_cli.office.lock import held
with held(Path(sys.argv[1]) / "send.lock", datetime(2026, 11, 23, 10, 5, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_send_is_told_who_is_at_work_and_a_dead_one_is_no_obstacle(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(SendRunning) as refusal, held(tmp_path / "send.lock", NOW, SendRunning):
            pass
        assert refusal.value.exit_code == UNUSABLE
        said = str(refusal.value.message)
        assert re.search(rf"\b{holder.pid}\b", said)
        assert "2026-11-23 10:05" in said
        os.kill(holder.pid, signal.SIGKILL)
        until(lambda: not is_alive(holder.pid))
    with held(tmp_path / "send.lock", NOW, SendRunning):
        pass
