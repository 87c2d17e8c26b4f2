"""Sends that were cut off, with and without the ledger: nobody is forgotten, nobody gets it twice."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from support.mail_server import Drop, MailServer, Reply, Rule
from support.offices import (
    CABINA,
    DESK,
    KILL,
    MESA,
    SEND,
    Layout,
    comsoc,
    messages,
)
from support.processes import running
from support.sending import dispatch, outcomes, received, through
from support.steps import done, held, sent

# whoever may have it


@pytest.fixture
def unsure(office: Layout) -> Callable[[MailServer], Path]:
    """Lays out an office that does not know of one desk whether it has the release."""

    def make(server: MailServer) -> Path:
        server.change_rules(Rule("text", Drop(), recipient=MESA))
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        assert outcomes(root) == {MESA: "uncertain", CABINA: "accepted", DESK: "accepted"}
        return root

    return make


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule("mail", Reply(550, "5.7.1 Not you")), 5),
        (Rule("rcpt", Reply(452, "4.5.3 Too many")), 4),
        (Rule("rcpt", Reply(550, "5.1.1 Unknown")), 4),
        (Rule("rcpt", Drop(), times=1), 0),
        (Rule("text", Reply(451, "4.3.0 Later")), 4),
    ],
    ids=["the sender is declined", "later", "unknown", "the line is lost once", "later, after the text"],
)
def test_whoever_may_have_it_is_not_forgotten_because_it_could_not_be_sent_again(
    unsure: Callable[[MailServer], Path], rule: Rule, code: int
) -> None:
    with MailServer() as server:
        root = unsure(server)
        server.change_rules(rule)
        answer = comsoc(root, *SEND, "--resend-uncertain", "--json")
        assert answer.code == code, answer.err
        server.change_rules()
        if code == 0:
            assert outcomes(root)[MESA] == "accepted"
            return
        assert "El Diario" in answer.err
        assert dispatch(answer)["uncertain"] == 1
        assert outcomes(root)[MESA] == "uncertain"
        again = comsoc(root, *SEND, "--json")
        assert (again.code, dispatch(again)["planned"], dispatch(again)["excluded"]) == (
            0,
            0,
            {"already_sent": 2, "uncertain": 1},
        )
        assert comsoc(root, "status", "--verify").code == 0
        done(comsoc(root, *KILL))
        assert received(server) == {MESA: 1, CABINA: 2, DESK: 2}, "the kill reaches everybody who may have it"


def test_a_kill_while_it_is_sent_again_leaves_it_uncertain(unsure: Callable[[MailServer], Path]) -> None:
    with MailServer() as server:
        root = unsure(server)
        server.change_rules(Rule("rcpt", delay=5.0, recipient=MESA, times=1))
        before = len(server.commands())
        with running(root, *SEND, "--resend-uncertain") as process:
            while not any("RCPT" in str(command).upper() for command in server.commands()[before:]):
                assert process.poll() is None
            assert comsoc(root, *KILL).code == 0
            out, err = process.communicate(timeout=30)
        assert process.returncode == 3, err
        assert outcomes(root)[MESA] == "uncertain"
        assert "Next: comsoc send" not in out
        assert received(server)[MESA] == 1, "the kill alone"


# a send that was cut off, and the ledger that knew is lost


def killed_after(root: Path, server: MailServer, many: int, elsewhere: Path) -> Path:
    """The send is killed after so many messages; what a machine without its ledger has of it then."""
    server.change_rules(Rule("rcpt", delay=30.0, recipient=CABINA, times=1))
    with running(root, *SEND) as process:
        server.wait_for_messages(many)
        process.kill()
        process.wait()
    server.change_rules()
    shutil.copytree(root, elsewhere, ignore=shutil.ignore_patterns("ledger.db*", "*.lock"))
    return elsewhere


@pytest.fixture
def cut_off(office: Layout, tmp_path: Path) -> Callable[[MailServer], Path]:
    """Lays out an office whose send was killed after the first, and what a machine without its ledger has of it."""

    def make(server: MailServer) -> Path:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        return killed_after(root, server, 1, tmp_path / "other")

    return make


def test_without_the_ledger_a_send_that_was_cut_off_loses_nobody(cut_off: Callable[[MailServer], Path]) -> None:
    with MailServer() as server:
        other = cut_off(server)
        answer = comsoc(other, *SEND, "--json")
        assert (answer.code, dispatch(answer)["planned"]) == (0, 0)
        assert dispatch(answer)["excluded"] == {"uncertain": 3}
        for words in ("cut off", "dispatches/", "El Diario", "Radio Costa", "Wire", "--resend-uncertain"):
            assert words in answer.err
        assert "everybody has it" not in answer.err
        rehearsed = comsoc(other, *SEND[:-1], "--dry-run")
        assert "cut off" in rehearsed.err
        assert "may have it or not" in comsoc(other, "status", "--verify").out
        assert received(server).total() == 1
        again = comsoc(other, *SEND, "--resend-uncertain", "--json")
        assert (again.code, dispatch(again)["accepted"]) == (0, 3)
        assert set(received(server)) == {MESA, CABINA, DESK}
        assert dispatch(comsoc(other, *SEND, "--json"))["excluded"] == {"already_sent": 3}


def test_without_the_ledger_whoever_may_have_it_stays_uncertain_when_a_try_fails(
    cut_off: Callable[[MailServer], Path],
) -> None:
    with MailServer() as server:
        other = cut_off(server)
        server.change_rules(Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=DESK))
        answer = comsoc(other, *SEND, "--resend-uncertain")
        assert answer.code == 4
        assert "Next:" not in answer.out
        assert outcomes(other) == {MESA: "accepted", CABINA: "accepted", DESK: "uncertain"}
        server.change_rules()
        assert dispatch(comsoc(other, *SEND, "--json"))["excluded"] == {"already_sent": 2, "uncertain": 1}
        done(comsoc(other, *KILL))
        assert received(server)[DESK] == 1


def test_without_the_ledger_a_kill_reaches_whoever_may_have_it(cut_off: Callable[[MailServer], Path]) -> None:
    with MailServer() as server:
        other = cut_off(server)
        before = len(server.messages())
        done(comsoc(other, *KILL))
        assert sorted(one.recipients[0] for one in server.messages()[before:]) == sorted([MESA, CABINA, DESK])


def test_a_kill_that_was_cut_off_elsewhere_is_finished_by_telephone(office: Layout, tmp_path: Path) -> None:
    root = sent(office)
    done(comsoc(root, *KILL))
    [path] = [one for one in (root / "dispatches").iterdir() if '"kill"' in one.read_text()]
    facts = json.loads(path.read_text())
    path.write_text(json.dumps({**facts, "state": "running", "accepted": 0}))
    other = tmp_path / "other"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("ledger.db*", "outbox"))
    said = held(comsoc(other, "kill", "becas", "--yes"), "El Diario", "Radio Costa", "unconfirmed")
    assert "everybody" not in said
    assert messages(other) == []


# what a second reader of it found


def test_after_a_minor_correction_whoever_may_not_have_it_is_named_and_can_be_sent_to(
    unsure: Callable[[MailServer], Path],
) -> None:
    with MailServer() as server:
        root = unsure(server)
        server.change_rules()
        done(comsoc(root, "correct", "becas", "--minor", "--note", "Una coma"))
        done(comsoc(root, "approve", "becas"))
        answer = comsoc(root, *SEND, "--json")
        assert dispatch(answer)["excluded"] == {"already_sent": 2, "uncertain": 1}
        assert "El Diario" in answer.err
        done(comsoc(root, *SEND, "--resend-uncertain"))
        assert received(server) == {MESA: 1, CABINA: 1, DESK: 1}


def test_after_a_minor_correction_a_lost_ledger_loses_nobody(cut_off: Callable[[MailServer], Path]) -> None:
    with MailServer() as server:
        other = cut_off(server)
        done(comsoc(other, "correct", "becas", "--minor", "--note", "Una coma"))
        done(comsoc(other, "approve", "becas"))
        assert "Radio Costa" in done(comsoc(other, *SEND)).err
        done(comsoc(other, *SEND, "--resend-uncertain"))
        assert set(received(server)) == {MESA, CABINA, DESK}


def test_the_receipt_of_what_was_cut_off_is_no_contradiction_once_all_have_it(
    cut_off: Callable[[MailServer], Path],
) -> None:
    with MailServer() as server:
        other = cut_off(server)
        done(comsoc(other, *SEND, "--resend-uncertain"))
        verified = done(comsoc(other, "status", "--verify"))
        assert "twice" not in verified.out


def test_a_ledger_that_was_put_back_from_an_older_copy_sends_nothing_twice(office: Layout) -> None:
    with MailServer() as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        done(comsoc(root, *SEND, "--limit", "1"))
        shutil.copy(root / ".comsoc/ledger.db", root / "copy.db")
        done(comsoc(root, *SEND))
        with closing(sqlite3.connect(root / ".comsoc/ledger.db")) as ledger, ledger:
            names = [name for (name,) in ledger.execute("SELECT name FROM receipts")]
        shutil.copy(root / "copy.db", root / ".comsoc/ledger.db")
        with closing(sqlite3.connect(root / ".comsoc/ledger.db")) as ledger, ledger:
            ledger.executemany("INSERT OR IGNORE INTO receipts VALUES (?)", [(name,) for name in names])
        done(comsoc(root, *SEND))
        assert received(server) == {MESA: 1, CABINA: 1, DESK: 1}


def test_without_the_ledger_whoever_was_added_to_a_correction_is_not_forgotten(office: Layout, tmp_path: Path) -> None:
    with MailServer() as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        done(comsoc(root, *SEND))
        added = "  - {email: nueva@x.example, name: Nueva, outlet: La Nueva, type: prensa}\n"
        (root / "contacts.yaml").write_text((root / "contacts.yaml").read_text() + added)
        done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(root, "approve", "becas"))
        other = killed_after(root, server, 4, tmp_path / "other")
        done(comsoc(other, "send", "becas", "--yes", "--resend-uncertain"))
        assert received(server)["nueva@x.example"] == 1
