"""The ledger: one row per delivery, durable before anything leaves, and one send at a time."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from support.ledger import NOW, URL, planned, rows
from support.processes import without_rights

from comsoc_cli.delivery.refusals import SendRunning
from comsoc_cli.errors import UNUSABLE
from comsoc_cli.ledger.glance import handed_over
from comsoc_cli.ledger.place import ledger_path
from comsoc_cli.ledger.records import Claim, Planned, Settled
from comsoc_cli.ledger.store import Ledger, LedgerUnusable, put_aside
from comsoc_cli.model.delivery import Outcome, Purpose, Recipient
from comsoc_cli.office.lock import held


def number_of(ledger: Ledger, address: str = "a@x.example") -> int:
    return rows(ledger)[address].id


def a_claim(ledger: Ledger, address: str = "a@x.example") -> Claim:
    """A row that has been claimed for the first time."""
    ledger.plan([planned(address)], NOW)
    claim = Claim(id=number_of(ledger, address), tries=0)
    ledger.record([], [claim], NOW)
    return claim


def came_of(claim: Claim, outcome: Outcome, **more: Any) -> Settled:
    return Settled(id=claim.id, tries=claim.tries, outcome=outcome, **more)


def settle(ledger: Ledger, claim: Claim, outcome: Outcome, **more: Any) -> None:
    ledger.record([came_of(claim, outcome, **more)], [], NOW)


def everybody(ledger: Ledger, revision: int = 1) -> list[int]:
    """What is to be made for all the addresses of these tests."""
    wanted = {row.recipient.key for row in ledger.of_release("becas")}
    return ledger.to_make("becas", revision, Purpose.RELEASE, wanted)


def test_what_was_planned_can_be_read_again_as_it_was(ledger: Ledger) -> None:
    ledger.plan([planned("Mesa@x.example")], NOW)
    [found] = ledger.of_release("becas")
    assert found.recipient == planned("Mesa@x.example").recipient
    assert (found.outcome, found.tries, found.planned_at, found.at) == (Outcome.PLANNED, 0, NOW, None)
    assert ledger.of_release("otra") == []


def test_the_revisions_of_a_release_are_read_one_by_one_or_together(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example"), planned("b@x.example")], NOW)
    ledger.plan([planned("a@x.example", revision=2)], NOW)
    assert [row.recipient.address for row in ledger.of_release("becas", 1)] == ["a@x.example", "b@x.example"]
    assert [row.revision for row in ledger.of_release("becas")] == [1, 1, 2]


@pytest.mark.parametrize("segments", [(), ("media", "radio"), ("Fuente acreditada ñ", 'con "comillas"', "a\\b")])
def test_a_delivery_keeps_all_the_segments_that_it_was_planned_for(ledger: Ledger, segments: tuple[str, ...]) -> None:
    recipient = Recipient(key="a@x.example", address="a@x.example", segments=segments)
    ledger.plan([replace(planned("a@x.example"), recipient=recipient)], NOW)
    assert rows(ledger)["a@x.example"].recipient.segments == segments
    for segment in segments:
        assert ledger.last_audience(segment, besides="otra") == {"a@x.example"}


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN])
def test_a_delivery_is_planned_then_claimed_then_settled(ledger: Ledger, outcome: Outcome) -> None:
    claim = a_claim(ledger)
    assert rows(ledger)["a@x.example"].outcome is Outcome.CLAIMED
    settle(ledger, claim, outcome, reply="250 ok", queue_id="Q1")
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.reply, found.queue_id, found.tries, found.at) == (outcome, "250 ok", "Q1", 1, NOW)


@pytest.mark.parametrize("outcome", [Outcome.PLANNED, Outcome.DEFERRED, Outcome.REFUSED])
def test_what_ends_with_the_envelope_needs_no_claim_and_is_a_try_all_the_same(ledger: Ledger, outcome: Outcome) -> None:
    ledger.plan([planned("a@x.example")], NOW)
    answer = Settled(id=number_of(ledger), tries=0, outcome=outcome, reply="550 no", claimed=False)
    ledger.record([answer], [], NOW)
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.reply, found.tries, found.at) == (outcome, "550 no", 1, NOW)


@pytest.mark.parametrize(
    ("outcome", "is_open"),
    [(Outcome.DEFERRED, True), (Outcome.ACCEPTED, False), (Outcome.REFUSED, False), (Outcome.UNCERTAIN, False)],
)
def test_only_what_may_be_tried_again_is_to_be_made(ledger: Ledger, outcome: Outcome, is_open: bool) -> None:
    claim = a_claim(ledger)
    assert everybody(ledger) == []
    settle(ledger, claim, outcome)
    assert everybody(ledger) == ([claim.id] if is_open else [])
    assert everybody(ledger, revision=2) == []


def test_only_the_addresses_that_are_wanted_are_to_be_made(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example"), planned("b@x.example")], NOW)
    assert ledger.to_make("becas", 1, Purpose.RELEASE, {"b@x.example"}) == [number_of(ledger, "b@x.example")]
    assert ledger.to_make("becas", 1, Purpose.KILL, {"b@x.example"}) == []
    assert ledger.to_make("agua", 1, Purpose.RELEASE, {"b@x.example"}) == []


def test_who_was_tried_least_comes_first(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger, "a@x.example"), Outcome.DEFERRED)
    ledger.plan([planned("c@x.example"), planned("b@x.example")], NOW)
    assert everybody(ledger) == [number_of(ledger, f"{name}@x.example") for name in "cba"]


def test_deliveries_are_read_in_the_order_in_which_they_are_asked_for(ledger: Ledger) -> None:
    """More than one statement reads at once, and in an order that is not the ledger's."""
    ledger.plan((planned(f"a{number}@x.example") for number in range(1203)), NOW)
    numbers = everybody(ledger)
    assert len(numbers) == 1203
    wanted = [*numbers[::2], *reversed(numbers[1::2])]
    assert [delivery.id for delivery in ledger.deliveries(iter(wanted))] == wanted
    assert list(ledger.deliveries(wanted[-1:])) == [rows(ledger)["a1@x.example"]]
    assert list(ledger.deliveries([])) == []


def test_deliveries_can_be_written_while_they_are_read(ledger: Ledger) -> None:
    ledger.plan((planned(f"a{number}@x.example") for number in range(600)), NOW)
    for delivery in ledger.deliveries(everybody(ledger)):
        if delivery.id % 100 == 0:
            ledger.record([], [Claim(id=delivery.id, tries=0)], NOW)
    assert ledger.counts() == {("becas", 1): {Outcome.CLAIMED: 6, Outcome.PLANNED: 594}}


def test_one_address_has_one_row_for_each_revision_and_purpose(ledger: Ledger) -> None:
    for row in (planned("a@x.example"), planned("A@x.example"), planned("a@x.example", revision=2)):
        ledger.plan([row], NOW)
    ledger.plan([planned("b@x.example"), planned("B@x.example")], NOW)
    assert sorted((found.revision, found.recipient.key) for found in ledger.of_release("becas")) == [
        (1, "a@x.example"),
        (1, "b@x.example"),
        (2, "a@x.example"),
    ]


def test_planning_again_keeps_the_date_and_the_id_of_the_message(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.DEFERRED)
    before = rows(ledger)["a@x.example"]
    changed = replace(planned("a@x.example", segment="radio"), message_id="<otro>")
    ledger.plan([changed], NOW.replace(hour=20))
    expected = replace(before.recipient, segments=("radio",))
    assert rows(ledger)["a@x.example"] == replace(before, outcome=Outcome.PLANNED, recipient=expected)


def test_planning_again_takes_what_is_known_of_the_person_now(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.DEFERRED)
    known = Recipient(key="a@x.example", address="A@x.example", name="Ana", outlet="Radio", language="en", segments=())
    ledger.plan([replace(planned("a@x.example"), recipient=known)], NOW)
    assert rows(ledger)["A@x.example"].recipient == known


def test_who_may_have_it_from_elsewhere_is_planned_as_such(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example")], NOW)
    elsewhere = [replace(planned(f"{name}@x.example"), is_uncertain=True) for name in "ab"]
    ledger.plan(elsewhere, NOW)
    assert {row.outcome for row in rows(ledger).values()} == {Outcome.UNCERTAIN}
    assert everybody(ledger) == []


def test_who_may_have_it_may_have_it_until_a_later_try_is_accepted(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.UNCERTAIN)
    ledger.plan([planned("a@x.example", segment="radio")], NOW)
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.recipient.segments) == (Outcome.UNCERTAIN, ("radio",))
    again = Claim(id=found.id, tries=1, is_uncertain=True)
    ledger.record([came_of(again, Outcome.UNCERTAIN, reply="550 no", claimed=False)], [], NOW)
    with pytest.raises(RuntimeError):
        ledger.record([], [Claim(id=found.id, tries=2)], NOW)
    again = replace(again, tries=2)
    ledger.record([], [again], NOW)
    assert rows(ledger)["a@x.example"].outcome is Outcome.CLAIMED
    settle(ledger, again, Outcome.ACCEPTED)
    assert rows(ledger)["a@x.example"].outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.CLAIMED])
def test_planning_again_never_opens_what_was_accepted_or_is_on_its_way(ledger: Ledger, outcome: Outcome) -> None:
    claim = a_claim(ledger)
    if outcome is Outcome.ACCEPTED:
        settle(ledger, claim, outcome, reply="250 ok")
    before = rows(ledger)["a@x.example"]
    ledger.plan([planned("a@x.example", segment="radio"), planned("b@x.example")], NOW.replace(hour=20))
    assert rows(ledger)["a@x.example"] == before
    assert everybody(ledger) == [number_of(ledger, "b@x.example")]


def some_then_a_fault(many: int) -> Iterator[Planned]:
    for number in range(many):
        yield planned(f"a{number}@x.example")
    raise ZeroDivisionError


@pytest.mark.parametrize("many", [0, 3, 1100])
def test_a_plan_is_written_whole_or_not_at_all(ledger: Ledger, many: int) -> None:
    settle(ledger, a_claim(ledger), Outcome.REFUSED)
    before = rows(ledger)
    with pytest.raises(ZeroDivisionError):
        ledger.plan(some_then_a_fault(many), NOW, "becas.json")
    assert rows(ledger) == before
    assert ledger.own_receipts() == set()


def test_the_receipts_that_were_written_from_here_are_known(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example")], NOW, "becas-1.json")
    ledger.plan([], NOW, "becas-2.json")
    ledger.plan([planned("b@x.example")], NOW)
    assert ledger.own_receipts() == {"becas-1.json", "becas-2.json"}


def test_a_plan_whose_receipt_is_there_already_is_not_written(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example")], NOW, "becas.json")
    with pytest.raises(LedgerUnusable):
        ledger.plan([planned("b@x.example")], NOW, "becas.json")
    assert list(rows(ledger)) == ["a@x.example"]


@pytest.mark.parametrize("wrong", ["twice at once", "again", "of another try", "of nothing", "accepted", "refused"])
def test_a_claim_that_does_not_match_raises_and_nothing_beside_it_is_written(ledger: Ledger, wrong: str) -> None:
    beside, claim = a_claim(ledger, "b@x.example"), a_claim(ledger)
    ledger.plan([planned("c@x.example")], NOW)
    fresh = Claim(id=number_of(ledger, "c@x.example"), tries=0)
    if wrong in ("accepted", "refused"):
        settle(ledger, claim, Outcome(wrong))
    before = rows(ledger)
    claims = {
        "twice at once": [fresh, fresh],
        "again": [fresh, claim],
        "of another try": [replace(fresh, tries=1)],
        "of nothing": [fresh, Claim(id=99, tries=0)],
    }
    with pytest.raises(RuntimeError):
        ledger.record([came_of(beside, Outcome.ACCEPTED)], claims.get(wrong, [fresh, replace(claim, tries=1)]), NOW)
    assert rows(ledger) == before


def test_an_outcome_belongs_to_a_claim(ledger: Ledger) -> None:
    ledger.plan([planned("a@x.example")], NOW)
    settle(ledger, Claim(id=number_of(ledger), tries=0), Outcome.ACCEPTED)
    assert rows(ledger)["a@x.example"].outcome is Outcome.PLANNED


def test_an_answer_that_comes_too_late_says_nothing_of_the_next_try(ledger: Ledger) -> None:
    first = a_claim(ledger)
    settle(ledger, first, Outcome.DEFERRED, reply="451 later")
    ledger.record([], [replace(first, tries=1)], NOW)
    settle(ledger, first, Outcome.ACCEPTED, reply="250 too late")
    ledger.record([came_of(first, Outcome.REFUSED, claimed=False)], [], NOW)
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.reply, found.tries) == (Outcome.CLAIMED, "451 later", 2)


def test_one_transaction_settles_a_try_and_claims_the_next(ledger: Ledger) -> None:
    claim = a_claim(ledger)
    ledger.record([came_of(claim, Outcome.DEFERRED)], [replace(claim, tries=1)], NOW)
    found = rows(ledger)["a@x.example"]
    assert (found.outcome, found.tries) == (Outcome.CLAIMED, 2)


def test_an_endless_reply_is_kept_in_part(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.REFUSED, reply="550 " + "no " * 1000)
    reply = rows(ledger)["a@x.example"].reply
    assert reply.startswith("550 no no")
    assert reply.endswith("…")
    assert len(reply) < 1100


def test_outcomes_are_known_for_each_address(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger, "Ana@x.example"), Outcome.ACCEPTED)
    ledger.plan([planned("b@x.example"), planned("c@x.example", revision=2)], NOW)
    known = {"ana@x.example": Outcome.ACCEPTED, "b@x.example": Outcome.PLANNED}
    assert ledger.outcomes("becas", 1, Purpose.RELEASE) == known
    assert ledger.outcomes("becas", 1, Purpose.KILL) == {}


def test_outcomes_are_counted_for_each_revision(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.ACCEPTED)
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


@pytest.mark.parametrize("other", ["Media", "medi_", "%", "medi", "edia", "media2", ""])
def test_the_last_audience_of_a_segment_is_not_that_of_a_similar_one(ledger: Ledger, other: str) -> None:
    ledger.plan([planned("a@x.example", release="agua")], NOW)
    assert ledger.last_audience(other, besides="becas") == set()


# What survives


def test_every_connection_is_durable(ledger: Ledger) -> None:
    with ledger._reading() as one, ledger._reading() as two, ledger._writing() as three:
        for connection in (one, two, three):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL: a commit is on the disk"
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_many_may_open_the_first_ledger_at_once(tmp_path: Path) -> None:
    start = Barrier(8)

    def open_and_plan(number: int) -> None:
        start.wait()
        with Ledger(URL, tmp_path) as ledger:
            ledger.plan([planned(f"a{number}@x.example")], NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_plan, range(8)))
    with Ledger(URL, tmp_path) as ledger:
        assert len(everybody(ledger)) == 8


def test_the_ledger_lies_where_its_address_says(tmp_path: Path) -> None:
    with Ledger("sqlite:///otra/parte.db", tmp_path):
        assert (tmp_path / "otra" / "parte.db").is_file()
    assert ledger_path(f"sqlite:///{tmp_path}/x.db", Path("/office")) == tmp_path / "x.db"


# What cannot be used


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


@pytest.mark.parametrize(
    "damage", ["outcome = 'perhaps'", "purpose = 'joke'", "planned_at = 'soon'", "segments = '[1'", "segments = '7'"]
)
def test_a_value_that_was_never_written_here_is_damage(tmp_path: Path, damage: str) -> None:
    with Ledger(URL, tmp_path) as ledger:
        ledger.plan([planned("a@x.example")], NOW)
    with closing(sqlite3.connect(tmp_path / ".comsoc" / "ledger.db")) as connection, connection:
        connection.execute(f"UPDATE deliveries SET {damage}")
    connection.close()
    with Ledger(URL, tmp_path) as ledger, pytest.raises(LedgerUnusable) as refusal:
        ledger.of_release("becas")
    assert "damaged" in str(refusal.value.message)
    assert "receipts" in str(refusal.value.hint)


def test_a_ledger_of_a_newer_comsoc_is_refused(tmp_path: Path) -> None:
    Ledger(URL, tmp_path).close()
    with closing(sqlite3.connect(tmp_path / ".comsoc" / "ledger.db")) as connection, connection:
        connection.execute("UPDATE about SET version = 99")
    connection.close()
    assert "99" in str(unusable(tmp_path).message)


def test_a_ledger_of_an_older_comsoc_is_completed(tmp_path: Path) -> None:
    with Ledger(URL, tmp_path) as ledger:
        settle(ledger, a_claim(ledger), Outcome.ACCEPTED)
        before = rows(ledger)
    with closing(sqlite3.connect(tmp_path / ".comsoc" / "ledger.db")) as connection:
        connection.execute("DROP TABLE receipts")
    with Ledger(URL, tmp_path) as ledger:
        assert rows(ledger) == before
        assert ledger.own_receipts() == set()
        ledger.plan([], NOW, "becas.json")
        assert ledger.own_receipts() == {"becas.json"}


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


def test_the_lock_is_free_again_after_a_send(tmp_path: Path) -> None:
    for _ in range(2):
        with held(tmp_path / "send.lock", NOW, SendRunning):
            assert (tmp_path / "send.lock").exists()


# what is counted


def a_story(ledger: Ledger) -> None:
    """The first text was accepted for one and is on its way to another; then come a second text, a kill, a release."""
    settle(ledger, a_claim(ledger, "a@x.example"), Outcome.ACCEPTED)
    a_claim(ledger, "b@x.example")
    ledger.plan([planned("c@x.example", release="agua", segment="radio")], NOW)
    ledger.plan([replace(planned("a@x.example", revision=2), message_id="<2>")], NOW)
    ledger.plan([replace(planned("a@x.example", revision=2), purpose=Purpose.KILL, message_id="<kill>")], NOW)


def test_counts_are_by_revision_segment_and_notice(ledger: Ledger) -> None:
    a_story(ledger)
    assert ledger.counts() == {
        ("becas", 1): {Outcome.ACCEPTED: 1, Outcome.CLAIMED: 1},
        ("becas", 2): {Outcome.PLANNED: 1},
        ("agua", 1): {Outcome.PLANNED: 1},
    }
    assert ledger.counts("agua") == {("agua", 1): {Outcome.PLANNED: 1}}
    newest = {"media": {Outcome.PLANNED: 1}}
    assert ledger.by_segment("becas") == {"becas": newest}
    assert ledger.by_segment() == {"becas": newest, "agua": {"radio": {Outcome.PLANNED: 1}}}
    assert ledger.notices("becas") == ledger.notices() == {"becas": {Purpose.KILL: {Outcome.PLANNED: 1}}}
    assert ledger.notices("agua") == {}
    assert ("becas", 2, Purpose.KILL) in ledger.sent()


def test_who_may_have_a_text_is_known_by_revision(ledger: Ledger) -> None:
    a_story(ledger)
    assert {one.recipient.address for one in ledger.holders("becas")} == {"a@x.example", "b@x.example"}
    assert ledger.holders("becas", before=1) == []
    assert [one.revision for one in ledger.of_release("becas", 2, [Outcome.PLANNED])] == [2, 2]


def test_the_claims_of_a_dead_send_become_uncertain_of_one_release_or_of_all(ledger: Ledger) -> None:
    a_story(ledger)
    assert ledger.settle_lost_claims(NOW, "agua") == 0
    assert ledger.settle_lost_claims(NOW, "becas") == 1
    assert rows(ledger)["b@x.example"].outcome is Outcome.UNCERTAIN


def test_a_refusal_that_was_about_the_office_is_taken_back(ledger: Ledger) -> None:
    settle(ledger, a_claim(ledger), Outcome.REFUSED)
    ledger.take_back([number_of(ledger)])
    assert rows(ledger)["a@x.example"].outcome is Outcome.PLANNED


def test_one_look_without_the_library_tells_who_has_it(ledger: Ledger, tmp_path: Path) -> None:
    a_story(ledger)
    assert handed_over(ledger.path) == {("becas", 1)}
    assert handed_over(tmp_path / "nowhere.db") is None
    (tmp_path / "other.db").write_bytes(b"no ledger" * 200)
    assert handed_over(tmp_path / "other.db") is None


def test_a_damaged_ledger_is_put_aside_under_a_free_name(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    for text in ("one", "two"):
        path.write_text(text, encoding="utf-8")
        path.with_name("ledger.db-wal").write_text(f"{text} wal", encoding="utf-8")
        put_aside(path)
    assert {one.name: one.read_text(encoding="utf-8") for one in tmp_path.iterdir()} == {
        "ledger.db.damaged-1": "one",
        "ledger.db.damaged-1-wal": "one wal",
        "ledger.db.damaged-2": "two",
        "ledger.db.damaged-2-wal": "two wal",
    }
