"""What is known of a run under which the ledger fails."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.mail_server import MailServer
from support.offices import SEND, SETTINGS, an_office, comsoc

from comsoc_cli.delivery.dispatch import Dispatch, Tally
from comsoc_cli.delivery.pace import Pace
from comsoc_cli.delivery.transports import Envelope
from comsoc_cli.delivery.transports.memory import Memory, MemorySession
from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger, LedgerUnusable
from comsoc_cli.model.delivery import Outcome, Purpose, Recipient, Reply


def a_book(many: int) -> str:
    rows = "".join(f"  - {{email: p{number}@x{number}.example, type: prensa}}\n" for number in range(many))
    return f"segments:\n  media: {{where: {{type: prensa}}}}\ncontacts:\n{rows}"


def an_approved_office(folder: Path, server: MailServer, many: int, **smtp: object) -> Path:
    values = {"host": server.host, "port": server.port, "security": "none", "retry_for": 0, **smtp}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    office = an_office(folder, {"comsoc.toml": f"{SETTINGS}\n[smtp]\n{lines}", "contacts.yaml": a_book(many)})
    assert comsoc(office, "approve", "becas").code == 0
    return office


def room_for(office: Path, many: int) -> None:
    """From now on the ledger notes so many acceptances, and then it is as if the disk were full."""
    with Ledger("sqlite:///.comsoc/ledger.db", office):
        pass
    with closing(sqlite3.connect(office / ".comsoc" / "ledger.db")) as ledger:
        ledger.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON deliveries"
            f" WHEN (SELECT count(*) FROM deliveries WHERE outcome = 'accepted') >= {many}"
            " BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )


@pytest.mark.parametrize("connections", [1, 4])
def test_on_a_full_disk_a_send_says_how_many_messages_had_left(tmp_path: Path, connections: int) -> None:
    with MailServer() as server:
        office = an_approved_office(tmp_path / "office", server, 40, connections=connections)
        room_for(office, 6)
        answer = comsoc(office, *SEND, "--json")
        left = len(server.messages())
    assert answer.code == 5
    assert left >= 6
    assert "Nothing was sent" not in answer.err
    assert "The send stopped" in answer.err
    assert "database or disk is full" in answer.err
    [dispatch] = answer.json["dispatches"]
    assert dispatch["accepted"] + dispatch["uncertain"] == left


def test_where_no_message_left_nothing_was_sent(tmp_path: Path) -> None:
    with MailServer() as server:
        office = an_approved_office(tmp_path / "office", server, 5)
        room_for(office, 0)
        answer = comsoc(office, *SEND)
        assert server.messages() == []
    assert "Nothing was sent." in answer.err


# in one run


class Waits(MemorySession):
    """Hands its text over when the other session is gone."""

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        two: Two = self.memory  # type: ignore[assignment]
        two.both.set()
        assert two.gone.wait(60)
        return super().hand_over(message, following)


class Spoils(MemorySession):
    """Takes the ledger away while it hands over its second text, and may bring it back before it goes."""

    texts = 0

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        two: Two = self.memory  # type: ignore[assignment]
        self.texts += 1
        if self.texts == 2:
            assert two.both.wait(60)
            two.rename("deliveries", "elsewhere")
        return super().hand_over(message, following)

    def drop(self) -> None:
        two: Two = self.memory  # type: ignore[assignment]
        if two.comes_back:
            two.rename("elsewhere", "deliveries")
        two.gone.set()
        super().drop()


class Two(Memory):
    """Two sessions, of which one holds a text while the ledger fails under the other."""

    def __init__(self, path: Path, *, comes_back: bool) -> None:
        super().__init__(connections=2)
        self.path, self.comes_back = path, comes_back
        self.both, self.gone = threading.Event(), threading.Event()
        self._sessions = iter((Waits, Spoils))

    def session(self) -> MemorySession:
        return next(self._sessions)(self)

    def rename(self, old: str, new: str) -> None:
        with closing(sqlite3.connect(self.path)) as other:
            other.execute(f"ALTER TABLE {old} RENAME TO {new}")


@pytest.mark.parametrize("comes_back", [True, False])
def test_what_was_on_its_way_when_the_ledger_failed_is_counted_and_noted_if_that_works_again(
    tmp_path: Path, comes_back: bool
) -> None:
    transport = Two(tmp_path / "ledger.db", comes_back=comes_back)
    seen: list[Tally] = []
    with Ledger("sqlite:///ledger.db", tmp_path) as ledger:
        now = datetime(2026, 11, 23, 18, tzinfo=UTC)
        people = [Recipient(key=f"{n}@x.example", address=f"{n}@x.example") for n in range(6)]
        ledger.plan(
            (Planned(release="becas", revision=1, purpose=Purpose.RELEASE, recipient=one, message_id=f"<{one.key}>")
             for one in people),
            now,
        )  # fmt: skip
        numbers = ledger.to_make("becas", 1, Purpose.RELEASE, {one.key for one in people})
        work = Dispatch(
            ledger=ledger,
            transport=transport,
            envelope=lambda row: Envelope(sender="prensa@sinaloa.example", recipient=row.recipient.address),
            allow=(),
            compose=lambda delivery: delivery.message_id.encode(),
            pace=Pace(),
            clock=lambda: now,
            stop=threading.Event(),
            watch=seen.append,
        )
        with pytest.raises(LedgerUnusable):
            work.run(ledger.deliveries(numbers), len(numbers))
        assert len(transport.messages) == 3
        assert seen[-1].of(Outcome.ACCEPTED) == 3
        if comes_back:
            rows = ledger.of_release("becas", outcomes=[Outcome.ACCEPTED])
            assert len(rows) == 3
            assert not ledger.of_release("becas", outcomes=[Outcome.CLAIMED])
