"""Nothing that cannot be read delays a kill: it is told, and the mails go out."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.offices import CONTACTS, KILL, SEND, SETTINGS, Answer, Layout, comsoc, messages
from support.processes import running, until


@pytest.fixture
def sent(office: Layout) -> Path:
    """An office in which three people have the release."""
    folder = office()
    assert comsoc(folder, "approve", "becas", "--yes").code == 0
    assert comsoc(folder, *SEND).code == 0
    return folder


def append(name: str, text: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return damage


def write(name: str, content: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return damage


def a_pipe_among_the_receipts(folder: Path) -> None:
    os.mkfifo(folder / "dispatches/20260101T000000Z-becas-r1.json")


def a_folder_among_the_receipts(folder: Path) -> None:
    (folder / "dispatches/20260101T000000Z-becas-r1.json").mkdir()


def a_key_that_is_a_folder(folder: Path) -> None:
    (folder / ".comsoc/key").unlink()
    (folder / ".comsoc/key").mkdir()


DAMAGES = {
    "a receipt nested without end": write("dispatches/20260101T000000Z-x-r1.json", b"[" * 100_000),
    "a receipt of this release nested without end": write(
        "dispatches/20260101T000000Z-becas-r1.json", b'{"a":' * 50_000
    ),
    "a receipt of other bytes": write("dispatches/20260101T000000Z-becas-r1.json", b"\xff\x00"),
    "a pipe among the receipts": a_pipe_among_the_receipts,
    "a folder among the receipts": a_folder_among_the_receipts,
    "a broken contact book": append("contacts.yaml", "  - {email: a@b.example\n"),
    "a contact book with a conflict": write("contacts.yaml", b"<<<<<<< HEAD\n" + CONTACTS.encode()),
    "a broken list of suppressions": write("suppressions.yaml", b"suppressions: [\n"),
    "a wrong key in a table that is not needed": append("comsoc.toml", "\n[check]\nunknown = 1\n"),
    "an unknown table": append("comsoc.toml", "\n[colours]\nred = 1\n"),
    "an unknown key of the sender": write("comsoc.toml", SETTINGS.replace("[sender]", "[sender]\nnmae = 'x'").encode()),
    "a blackout without a date": append("comsoc.toml", '\n[[blackouts]]\nname = "Campañas"\n'),
    "a signature whose key is not there": append(
        "comsoc.toml", '\n[dkim]\ndomain = "sinaloa.example"\nselector = "s"\nkey_file = "no.pem"\n'
    ),
    "a template of the office that fails": write("templates/notice.html", b"{% if %}"),
    "a template of the office without an end": write("templates/notice.txt", b"{% for a in b %}"),
    "a desk file that is no text": write("releases/becas.md", b"\xff\xfe\x00"),
    "a desk file nested without end": write("releases/becas.md", b"---\nheadline: " + b"[" * 100_000 + b"\n---\n"),
    "an approval of another release that cannot be read": write("approved/agua/r1/approval.yaml", b"[" * 100_000),
    "a key that cannot be read": a_key_that_is_a_folder,
}


def told(folder: Path) -> set[bytes]:
    """The To lines of the mails that came after the release."""
    return {line for mail in messages(folder)[3:] for line in mail.split(b"\r\n") if line.startswith(b"To: ")}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_whatever_cannot_be_read_the_kill_goes_out(sent: Path, damage: Callable[[Path], None]) -> None:
    damage(sent)
    answer = comsoc(sent, *KILL)
    assert answer.code in (0, 4), answer.said
    assert len(told(sent)) == 3
    assert len(messages(sent)) == 6


def test_what_is_wrong_is_told_by_its_place(sent: Path) -> None:
    append("contacts.yaml", "  - {email: a@b.example\n")(sent)
    append("comsoc.toml", "\n[check]\nunknown = 1\n")(sent)
    said = comsoc(sent, *KILL).said
    assert "contacts.yaml:" in said
    assert "comsoc.toml:" in said


def test_a_damaged_ledger_is_put_aside_and_the_receipts_tell_who_has_it(sent: Path) -> None:
    ledger = sent / ".comsoc/ledger.db"
    for end in ("-wal", "-shm"):
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)
    ledger.write_bytes(b"this is no ledger" * 500)
    answer = comsoc(sent, *KILL)
    assert answer.code in (0, 4), answer.said
    assert len(told(sent)) == 3
    assert (sent / ".comsoc/ledger.db.damaged-1").exists()
    assert "put aside as ledger.db.damaged-1" in answer.said
    with closing(sqlite3.connect(ledger)) as connection, connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_without_settings_the_release_is_marked_and_everybody_is_named(sent: Path) -> None:
    write("comsoc.toml", b"[office\n")(sent)
    answer = comsoc(sent, *KILL)
    assert answer.code == 5
    assert (sent / "approved/becas/kill.yaml").exists()
    assert "El Diario" in answer.said
    assert "comsoc.toml:1" in answer.said
    write("comsoc.toml", SETTINGS.encode())(sent)
    assert comsoc(sent, "kill", "becas", "--yes").code == 0
    assert len(told(sent)) == 3


def test_a_colleague_before_the_question_of_an_approval_delays_nothing(sent: Path) -> None:
    import fcntl

    with (sent / ".comsoc/approve.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert comsoc(sent, *KILL).code == 0
    assert len(told(sent)) == 3


def test_the_kill_of_another_release_delays_nothing(sent: Path) -> None:
    import fcntl

    with (sent / ".comsoc/kill-agua.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert comsoc(sent, *KILL).code == 0
    assert len(told(sent)) == 3


def test_the_same_kill_waits_for_itself_and_tells_nobody_twice(sent: Path) -> None:
    import fcntl

    with (sent / ".comsoc/kill-becas.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with running(sent, *KILL) as kill:
            until(lambda: (sent / "approved/becas/kill.yaml").exists())
            assert kill.poll() is None
            fcntl.flock(lock, fcntl.LOCK_UN)
            kill.communicate()
    assert len(messages(sent)) == 6


def test_a_send_is_still_refused_where_the_contact_book_is_broken(office: Layout) -> None:
    folder = office()
    assert comsoc(folder, "approve", "becas", "--yes").code == 0
    append("contacts.yaml", "  - {email: a@b.example\n")(folder)
    refused: Answer = comsoc(folder, *SEND)
    assert refused.code != 0
    assert messages(folder) == []


def test_a_kill_speaks_of_the_text_that_people_have_and_of_no_later_one(sent: Path) -> None:
    assert comsoc(sent, "correct", "becas", "--note", "Cambia la sede").code == 0
    path = sent / "releases/becas.md"
    text = path.read_text(encoding="utf-8").replace("Arranca el programa estatal de becas", "BORRADOR reservado")
    path.write_text(text.replace('kind: "boletin"', 'kind: "aviso"'), encoding="utf-8")
    assert comsoc(sent, "approve", "becas", "--yes").code == 0
    assert comsoc(sent, *KILL).code == 0
    notices = [message_from_bytes(mail, policy=policy.default) for mail in messages(sent)[3:]]
    assert {str(mail["subject"]) for mail in notices} == {"FAVOR DE OMITIR el Boletín 1 (queda sin efecto)"}
    assert not [mail for mail in notices if "BORRADOR" in mail.as_string()]
