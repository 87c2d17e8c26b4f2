"""The ledger: one row per delivery, durable before anything leaves, and one send at a time."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.processes import is_alive, until, without_rights

from comsoc_cli.delivery.refusals import SendRunning
from comsoc_cli.errors import UNUSABLE
from comsoc_cli.ledger.store import Ledger, LedgerUnusable, Planned, Settled
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient
from comsoc_cli.office.lock import held

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
URL = "sqlite:///.comsoc/ledger.db"


def planned(address: str, release: str = "becas", revision: int = 1, segment: str = "media") -> Planned:
    recipient = Recipient(key=address.casefold(), address=address, name="Mesa", outlet="El Diario", segments=(segment,))
    return Planned(
        release=release,
        revision=revision,
        purpose=Purpose.RELEASE,
        recipient=recipient,
        message_id=f"<{release}-{revision}-{address}>",
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(URL, tmp_path) as opened:
        yield opened


def rows(ledger: Ledger, release: str = "becas") -> dict[str, Delivery]:
    return {delivery.recipient.address: delivery for delivery in ledger.of_release(release)}


def a_claim(ledger: Ledger, address: str = "a@x.example") -> int:
    """A row that has been claimed; its number."""
    ledger.plan([planned(address)], NOW)
    number = rows(ledger)[address].id
    ledger.record([], [number], NOW)
    return number


def test_what_was_planned_can_be_read_again_as_it_was(ledger: Ledger) -> None:
    ledger.plan([planned("Mesa@x.example")], NOW)
    [found] = ledger.of_release("becas")
    assert found.recipient == planned("Mesa@x.example").recipient
    assert (found.outcome, found.tries, found.planned_at, found.at) == (Outcome.PLANNED, 0, NOW, None)
    assert ledger.of_release("otra") == []


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN])
def test_a_delivery_is_planned_then_claimed_then_settled(ledger: Ledger, outcome: Outcome) -> None:
    number = a_claim(ledger)
    assert rows(ledger)["a@x.example"].outcome is Outcome.CLAIMED
    ledger.record([Settled(id=number, outcome=outcome, reply="250 ok", queue_id="Q1")], [], NOW)
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.reply, found.queue_id, found.tries, found.at) == (outcome, "250 ok", "Q1", 1, NOW)


@pytest.mark.parametrize(
    ("outcome", "is_open"),
    [(Outcome.DEFERRED, True), (Outcome.ACCEPTED, False), (Outcome.REFUSED, False), (Outcome.UNCERTAIN, False)],
)
def test_only_what_may_be_tried_again_is_open(ledger: Ledger, outcome: Outcome, is_open: bool) -> None:
    number = a_claim(ledger)
    ledger.record([Settled(id=number, outcome=outcome)], [], NOW)
    assert bool(ledger.open_deliveries("becas", 1, Purpose.RELEASE)) is is_open
    assert ledger.open_deliveries("becas", 2, Purpose.RELEASE) == []


def test_one_address_has_one_row_for_each_revision_and_purpose(ledger: Ledger) -> None:
    for row in (planned("a@x.example"), planned("A@x.example"), planned("a@x.example", revision=2)):
        ledger.plan([row], NOW)
    assert sorted((found.revision, found.recipient.address) for found in ledger.of_release("becas")) == [
        (1, "a@x.example"),
        (2, "a@x.example"),
    ]


def test_planning_again_never_opens_what_was_accepted_and_keeps_the_date_of_the_message(ledger: Ledger) -> None:
    number = a_claim(ledger)
    ledger.record([Settled(id=number, outcome=Outcome.UNCERTAIN)], [], NOW)
    later = NOW.replace(hour=20)
    ledger.plan([planned("a@x.example")], later)
    again = rows(ledger)["a@x.example"]
    assert (again.outcome, again.planned_at) == (Outcome.PLANNED, NOW)
    ledger.record([], [number], later)
    ledger.record([Settled(id=number, outcome=Outcome.ACCEPTED)], [], later)
    with pytest.raises(LedgerUnusable):
        ledger.plan([planned("a@x.example")], later)
    assert rows(ledger)["a@x.example"].outcome is Outcome.ACCEPTED


def test_a_plan_is_written_whole_or_not_at_all(ledger: Ledger) -> None:
    number = a_claim(ledger)
    ledger.record([Settled(id=number, outcome=Outcome.ACCEPTED)], [], NOW)
    with pytest.raises(LedgerUnusable):
        ledger.plan([planned("b@x.example"), planned("a@x.example")], NOW)
    assert list(rows(ledger)) == ["a@x.example"]


def test_nothing_is_claimed_twice_and_the_outcomes_beside_it_are_not_written_either(ledger: Ledger) -> None:
    number = a_claim(ledger)
    with pytest.raises(RuntimeError):
        ledger.record([Settled(id=number, outcome=Outcome.DEFERRED)], [number, number], NOW)
    assert rows(ledger)["a@x.example"].outcome is Outcome.CLAIMED


def test_an_outcome_belongs_to_a_claim(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example")], NOW)
    ledger.record([Settled(id=rows(ledger)["a@x.example"].id, outcome=Outcome.ACCEPTED)], [], NOW)
    assert rows(ledger)["a@x.example"].outcome is Outcome.PLANNED


def test_outcomes_are_counted_for_each_revision(ledger: Ledger) -> None:
    number = a_claim(ledger)
    ledger.record([Settled(id=number, outcome=Outcome.ACCEPTED)], [], NOW)
    ledger.plan([planned("b@x.example"), planned("c@x.example"), planned("a@x.example", revision=2)], NOW)
    assert ledger.counts() == {
        ("becas", 1): {Outcome.ACCEPTED: 1, Outcome.PLANNED: 2},
        ("becas", 2): {Outcome.PLANNED: 1},
    }


def test_the_last_audience_is_that_of_the_latest_other_release(ledger: Ledger) -> None:
    ledger.plan([planned("old@x.example", release="vieja")], NOW)
    ledger.plan([planned("a@x.example", release="agua"), planned("r@x.example", "agua", segment="radio")], NOW)
    ledger.plan([planned("b@x.example")], NOW)
    assert ledger.last_audience("media", besides="becas") == {"a@x.example"}
    assert ledger.last_audience("municipios", besides="becas") == set()


CLAIM_AND_WAIT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from comsoc_cli.ledger.store import Ledger
ledger = Ledger("sqlite:///.comsoc/ledger.db", Path(sys.argv[1]))
ledger.record([], [int(number) for number in sys.argv[2:]], datetime.now(UTC))
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


def unusable(root: Path) -> LedgerUnusable:
    """The refusal that a ledger gives when it is opened, or at the latest when it is written."""
    with pytest.raises(LedgerUnusable) as refusal, Ledger(URL, root) as ledger:
        ledger.plan([planned("a@x.example")], NOW)
    assert refusal.value.exit_code == UNUSABLE
    assert "ledger.db" in str(refusal.value.message)
    return refusal.value


@pytest.mark.parametrize("content", [b"not a ledger at all, " * 400, b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_ledger_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / ".comsoc" / "ledger.db"
    path.parent.mkdir()
    path.write_bytes(content)
    unusable(tmp_path)
    assert path.read_bytes() == content


def test_a_ledger_of_a_newer_comsoc_is_refused(tmp_path: Path) -> None:
    Ledger(URL, tmp_path).close()
    with sqlite3.connect(tmp_path / ".comsoc" / "ledger.db") as connection:
        connection.execute("UPDATE about SET version = 99")
    connection.close()
    assert "99" in str(unusable(tmp_path).message)


def test_a_ledger_where_a_folder_stands_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".comsoc" / "ledger.db").mkdir(parents=True)
    unusable(tmp_path)


def test_a_ledger_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".comsoc").write_text("not a folder")
    unusable(tmp_path)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that somebody without rights can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="comsoc-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_ledger_that_may_only_be_read_is_refused(shared_folder: Path) -> None:
    Ledger(URL, shared_folder).close()
    state = shared_folder / ".comsoc"
    for path in (*state.iterdir(), state):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with without_rights():
        unusable(shared_folder)
    state.chmod(0o755)


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


def test_the_lock_is_free_again_after_a_send(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path / "send.lock", NOW, SendRunning):
            assert (tmp_path / "send.lock").exists()
