"""The ledger against a dictionary: whatever is planned, claimed, answered and killed, in whatever order."""

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from comsoc_cli.ledger.records import Claim, Planned, Settled
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.delivery import TEXTS, Delivery, Outcome, Purpose, Recipient

URL = "sqlite:///.comsoc/ledger.db"
START = datetime(2026, 11, 23, 18, tzinfo=UTC)
OPEN = (Outcome.PLANNED, Outcome.DEFERRED)
TO_MAKE = (*OPEN, Outcome.UNCERTAIN)
ENDS = (Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN, Outcome.PLANNED)
editions = st.sampled_from(
    [
        ("becas", 1, Purpose.RELEASE),
        ("becas", 2, Purpose.RELEASE),
        ("becas", 2, Purpose.KILL),
        ("agua", 1, Purpose.RELEASE),
    ]
)
Edition = tuple[str, int, Purpose]
addresses = st.sampled_from([f"{name}@x.example" for name in "abcdef"])
segments = st.sampled_from([("media",), ("radio",), ("media", "radio"), ()])


@dataclass
class Row:
    """What the dictionary knows of a delivery."""

    number: int
    segments: tuple[str, ...]
    message_id: str
    outcome: Outcome = Outcome.PLANNED
    tries: int = 0
    reply: str = ""
    planned_at: datetime = START

    def claimed(self) -> Claim:
        """The claim for its next try, which is taken down here too."""
        claim = Claim(id=self.number, tries=self.tries, is_uncertain=self.outcome is Outcome.UNCERTAIN)
        self.outcome, self.tries = Outcome.CLAIMED, self.tries + 1
        return claim

    def comes_to(self, outcome: Outcome, reply: str) -> Settled:
        """What its try came to; one that was not claimed ends with the envelope."""
        was_claimed = self.outcome is Outcome.CLAIMED
        before = self.tries - 1 if was_claimed else self.tries
        self.outcome, self.tries, self.reply = outcome, before + 1, reply
        return Settled(id=self.number, tries=before, outcome=outcome, reply=reply, claimed=was_claimed)


class Office(RuleBasedStateMachine):
    """An office that sends, is interrupted, and sends again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="comsoc-ledger-"))
        self.ledger = Ledger(URL, self.folder)
        self.rows: dict[tuple[Edition, str], Row] = {}
        self.receipts: set[str] = set()
        self.accepted: dict[int, Delivery] = {}
        self.now = START

    def teardown(self) -> None:
        self.ledger.close()
        shutil.rmtree(self.folder)

    def planned(self, edition: Edition, address: str, named: tuple[str, ...]) -> Planned:
        recipient = Recipient(key=address, address=address.title(), name="Ana", segments=named)
        return Planned(
            release=edition[0],
            revision=edition[1],
            purpose=edition[2],
            recipient=recipient,
            message_id=f"<{self.now.timestamp()}-{address}>",
        )

    def some(self, data: st.DataObject, *outcomes: Outcome) -> list[Row]:
        """Some of the rows in one of these states, each once."""
        candidates = [row for row in self.rows.values() if row.outcome in outcomes]
        if not candidates:
            return []
        return data.draw(st.lists(st.sampled_from(candidates), unique_by=lambda row: row.number))

    # what happens

    @initialize(edition=editions, named=segments)
    def first_plan(self, edition: Edition, named: tuple[str, ...]) -> None:
        self.plan(edition, ["a@x.example", "b@x.example", "c@x.example"], named)

    @rule(edition=editions, chosen=st.lists(addresses, unique=True), named=segments)
    def plan(self, edition: Edition, chosen: list[str], named: tuple[str, ...]) -> None:
        self.now += timedelta(seconds=60)
        receipt = f"{len(self.receipts)}.json"
        rows = [self.planned(edition, address, named) for address in chosen]
        self.ledger.plan(iter(rows), self.now, receipt)
        self.receipts.add(receipt)
        for row in rows:
            there = self.rows.get((edition, row.recipient.key))
            if there is None:
                self.rows[edition, row.recipient.key] = Row(0, named, row.message_id, planned_at=self.now)
            elif there.outcome not in (Outcome.ACCEPTED, Outcome.CLAIMED):
                there.segments = named
                there.outcome = there.outcome if there.outcome is Outcome.UNCERTAIN else Outcome.PLANNED
        self.number(edition)

    def number(self, edition: Edition) -> None:
        """New rows have numbers after all that were there, in the order in which they were planned."""
        known = {row.number for row in self.rows.values()}
        new = [key for key, row in self.rows.items() if not row.number]
        found = [row for row in self.ledger.of_release(*edition[:2]) if row.id not in known]
        assert [((row.release, row.revision, row.purpose), row.recipient.key) for row in found] == new
        assert all(row.id > max(known) for row in found)
        for key, row in zip(new, found, strict=True):
            self.rows[key].number = row.id

    @rule(edition=editions, chosen=st.lists(addresses, unique=True))
    def plan_that_fails(self, edition: Edition, chosen: list[str]) -> None:
        def rows() -> object:
            for address in chosen:
                yield self.planned(edition, address, ("ninguno",))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            self.ledger.plan(rows(), self.now, "fault.json")  # type: ignore[arg-type]

    @rule(data=st.data(), outcome=st.sampled_from(ENDS), reply=st.sampled_from(["250 ok", "450 later", "550 no"]))
    def answers_and_claims_in_one_group(self, data: st.DataObject, outcome: Outcome, reply: str) -> None:
        self.now += timedelta(seconds=1)
        settled = [row.comes_to(outcome, reply) for row in self.some(data, Outcome.CLAIMED)]
        claims = [row.claimed() for row in self.some(data, *TO_MAKE)]
        self.ledger.record(settled, claims, self.now)

    @rule(data=st.data(), outcome=st.sampled_from([Outcome.DEFERRED, Outcome.REFUSED, Outcome.PLANNED]))
    def ends_with_the_envelope(self, data: st.DataObject, outcome: Outcome) -> None:
        self.now += timedelta(seconds=1)
        ended = [row.comes_to(outcome, "no") for row in self.some(data, *OPEN)]
        ended += [row.comes_to(Outcome.UNCERTAIN, "no") for row in self.some(data, Outcome.UNCERTAIN)]
        self.ledger.record(ended, [], self.now)

    @rule(data=st.data(), outcome=st.sampled_from(ENDS), was_claimed=st.booleans())
    def an_answer_of_no_try_comes(self, data: st.DataObject, outcome: Outcome, was_claimed: bool) -> None:
        """Whatever comes twice, too late, or without a claim, changes nothing."""
        stray = []
        for row in self.rows.values():
            now = row.tries - 1 if row.outcome is Outcome.CLAIMED else row.tries
            again = row.outcome is outcome is Outcome.UNCERTAIN
            fits = row.outcome is Outcome.CLAIMED if was_claimed else row.outcome in OPEN or again
            tries = data.draw(st.integers(0, 4))
            if not (fits and tries == now):
                stray.append(Settled(id=row.number, tries=tries, outcome=outcome, reply="stray", claimed=was_claimed))
        self.ledger.record(stray, [], self.now)

    @rule(data=st.data(), off=st.sampled_from([-1, 0, 1]))
    def a_claim_that_does_not_match(self, data: st.DataObject, off: int) -> None:
        row = data.draw(st.sampled_from(list(self.rows.values())))
        wrong = [Claim(id=row.number, tries=row.tries + off)]
        if row.outcome in OPEN and not off:
            wrong *= 2
        beside = [replace(one) for one in self.rows.values() if one.outcome is Outcome.CLAIMED]
        with pytest.raises(RuntimeError):
            self.ledger.record([one.comes_to(Outcome.REFUSED, "lost") for one in beside], wrong, self.now)

    @rule(settles=st.booleans())
    def is_killed_and_begins_anew(self, settles: bool) -> None:
        """The next one opens the same file; only a `send` settles what was lost."""
        self.ledger.close()
        self.ledger = Ledger(URL, self.folder)
        if settles:
            lost = [row for row in self.rows.values() if row.outcome is Outcome.CLAIMED]
            assert self.ledger.settle_lost_claims(self.now) == len(lost)
            for row in lost:
                row.outcome = Outcome.UNCERTAIN

    @precondition(lambda self: len(self.rows) > 1)
    @rule(data=st.data())
    def another_process_works_beside_it(self, data: st.DataObject) -> None:
        with Ledger(URL, self.folder) as other:
            other.record([], [row.claimed() for row in self.some(data, *OPEN)], self.now)

    # what is so at any time

    @invariant()
    def rows_are_those_of_the_model(self) -> None:
        found = [row for release in ("becas", "agua") for row in self.ledger.of_release(release)]
        keys = [((row.release, row.revision, row.purpose), row.recipient.key) for row in found]
        assert len(set(keys)) == len(keys) == len(self.rows), "one row for each"
        for key, row in zip(keys, found, strict=True):
            model = self.rows[key]
            said = (row.id, row.outcome, row.tries, row.reply, row.recipient.segments, row.message_id, row.planned_at)
            assert said == (
                model.number,
                model.outcome,
                model.tries,
                model.reply,
                model.segments,
                model.message_id,
                model.planned_at,
            )
            assert row.recipient.address == row.recipient.key.title()
            assert (row.at is None) is (row.tries == 0)

    @invariant()
    def what_was_accepted_never_changes(self) -> None:
        for row in self.ledger.deliveries(row.number for row in self.rows.values()):
            if row.outcome is Outcome.ACCEPTED:
                self.accepted.setdefault(row.id, row)
            assert self.accepted.get(row.id, row) == row

    @invariant()
    def outcomes_and_counts_are_those_of_the_model(self) -> None:
        counts: dict[tuple[str, int], dict[Outcome, int]] = {}
        outcomes: dict[Edition, dict[str, Outcome]] = {}
        for (edition, address), row in self.rows.items():
            if edition[2] in TEXTS:
                of_revision = counts.setdefault(edition[:2], {})
                of_revision[row.outcome] = of_revision.get(row.outcome, 0) + 1
            outcomes.setdefault(edition, {})[address] = row.outcome
        assert self.ledger.counts() == counts
        for edition, expected in outcomes.items():
            assert self.ledger.outcomes(*edition) == expected

    @invariant()
    def what_is_to_be_made_is_open_and_in_order(self) -> None:
        wanted = {"a@x.example", "b@x.example", "d@x.example"}
        for edition in {edition for edition, _ in self.rows}:
            for uncertain, outcomes in ((False, OPEN), (True, TO_MAKE)):
                made = [
                    row
                    for (of, address), row in self.rows.items()
                    if of == edition and address in wanted and row.outcome in outcomes
                ]
                expected = [row.number for row in sorted(made, key=lambda row: (row.tries, row.number))]
                assert self.ledger.to_make(*edition, wanted, uncertain=uncertain) == expected

    @invariant()
    def receipts_are_those_of_the_plans(self) -> None:
        assert self.ledger.own_receipts() == self.receipts


def test_the_ledger_is_a_dictionary_that_survives() -> None:
    run_state_machine_as_test(Office, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))
