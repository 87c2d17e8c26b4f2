"""Receipts: what one machine did, told to the others without an address; and the three records held together."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from support.mail_server import MailServer, Reply, Rule, held_from
from support.offices import SEND, SETTINGS, Answer, Layout, a_release, comsoc, messages
from support.processes import ended, running

from comsoc_cli.office.key import OfficeKey

MEDIA = ("mesa@diario.example", "cabina@radio.example", "desk@wire.example")


@pytest.fixture
def approved(office: Layout) -> Path:
    """An office whose release waits to be sent."""
    root = office()
    assert comsoc(root, "approve", "becas").code == 0
    return root


@pytest.fixture
def sent(approved: Path) -> Path:
    """The same after the send."""
    assert comsoc(approved, *SEND).code == 0
    return approved


def receipts(root: Path) -> list[Path]:
    return sorted((root / "dispatches").iterdir())


def facts(root: Path) -> dict[str, object]:
    [path] = receipts(root)
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def change(path: Path, **changed: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changed}), encoding="utf-8")


def a_colleague(root: Path, folder: Path, *, with_key: bool = True) -> Path:
    """What a colleague's clone has: everything that is committed, and perhaps the key."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("ledger.db*", "*.lock", "outbox"))
    if not with_key:
        (folder / ".comsoc/key").unlink()
    return folder


def key_of(root: Path) -> OfficeKey:
    return OfficeKey((root / ".comsoc/key").read_text(encoding="utf-8").strip().encode())


# what a receipt says


def test_it_names_everybody_who_has_it_by_a_keyed_hash_and_nobody_by_address(sent: Path) -> None:
    told, key = facts(sent), key_of(sent)
    assert told["addresses"] == sorted(key.hashed(address) for address in MEDIA)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in told["addresses"])  # type: ignore[attr-defined]
    assert told["key_id"] == key.id
    text = receipts(sent)[0].read_text(encoding="utf-8")
    assert "@" not in text
    assert key.secret.decode() not in text


def test_it_says_which_objection_somebody_answered(approved: Path) -> None:
    (approved / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    assert comsoc(approved, *SEND, "--approved-text").code == 0
    assert facts(approved)["overridden"] == ["changed"]


def test_while_it_is_on_its_way_it_names_everybody_who_is_planned(approved: Path, tmp_path: Path) -> None:
    go_on = tmp_path / "looked at"
    with MailServer(rules=held_from(1, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\n'
        (approved / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}", encoding="utf-8")
        with running(approved, *SEND) as process:
            server.wait_for_messages(1)
            told = facts(approved)
            assert (told["state"], len(told["addresses"])) == ("running", 3)  # type: ignore[arg-type]
            go_on.touch()
            watched = comsoc(approved, "status", "becas", "--watch")
            assert "accepted" in watched.out
            assert ended(process).code == 0
    assert (facts(approved)["state"], facts(approved)["accepted"]) == ("finished", 3)


def test_it_counts_failures_by_code_and_keeps_the_words_out(approved: Path) -> None:

    rules = [Rule("rcpt", Reply(550, "5.1.1 <mesa@diario.example> unknown"), recipient="mesa@diario.example")]
    with MailServer(rules=rules) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\n'
        (approved / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}", encoding="utf-8")
        assert comsoc(approved, *SEND).code == 4
    told = facts(approved)
    assert told["replies"] == {"refused": {"550 5.1.1": 1}}
    assert "diario" not in receipts(approved)[0].read_text(encoding="utf-8")
    assert len(told["addresses"]) == 2  # type: ignore[arg-type]


# colleagues


def test_a_colleague_with_the_key_sends_to_newcomers_alone(sent: Path, tmp_path: Path) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague")
    again = comsoc(colleague, *SEND)
    assert (again.code, messages(colleague)) == (0, [])
    with (colleague / "contacts.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {email: nueva@radio.example, type: radio}\n")
    answer = comsoc(colleague, *SEND, "--json")
    [dispatch] = answer.json["dispatches"]
    assert (answer.code, dispatch["accepted"], dispatch["excluded"]) == (0, 1, {"already_sent": 3})
    [message] = messages(colleague)
    assert b"nueva@radio.example" in message


def test_without_the_key_nothing_leaves_and_it_says_how_to_get_it(sent: Path, tmp_path: Path) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague", with_key=False)
    answer = comsoc(colleague, *SEND)
    assert (answer.code, messages(colleague)) == (3, [])
    assert ".comsoc/key" in answer.err
    assert "COMSOC_KEY" in answer.err
    key = (sent / ".comsoc/key").read_text(encoding="utf-8")
    assert comsoc(colleague, *SEND, COMSOC_KEY=key).code == 0
    assert messages(colleague) == []


def test_another_release_may_be_sent_without_the_key_and_the_plan_warns(sent: Path, tmp_path: Path) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague", with_key=False)
    (colleague / "releases/luz.md").write_text(a_release("Llega la luz.", headline="Luz"), encoding="utf-8")
    assert comsoc(colleague, "approve", "luz").code == 0
    answer = comsoc(colleague, "send", "luz", "--segment", "media", "--yes")
    assert answer.code == 0
    assert "another key" in answer.err


def test_of_a_send_that_was_cut_off_elsewhere_everybody_counts_as_having_it(sent: Path, tmp_path: Path) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague")
    change(receipts(colleague)[0], state="running", accepted=0)
    assert comsoc(colleague, *SEND).code == 0
    assert messages(colleague) == []


@pytest.mark.parametrize("damage", ["<<<<<<< HEAD\n", '{"release": "becas"', "[]", ""])
def test_a_receipt_that_a_merge_damaged_holds_the_send_where_the_ledger_is_not(
    sent: Path, tmp_path: Path, damage: str
) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague")
    receipts(colleague)[0].write_text(damage, encoding="utf-8")
    answer = comsoc(colleague, *SEND)
    assert (answer.code, messages(colleague)) == (3, [])
    assert "git checkout -- dispatches" in answer.err
    receipts(sent)[0].write_text(damage, encoding="utf-8")
    assert comsoc(sent, *SEND).code == 0, "here the ledger knows"


def test_a_receipt_that_counts_more_people_than_it_names_is_not_believed(sent: Path, tmp_path: Path) -> None:
    colleague = a_colleague(sent, tmp_path / "colleague")
    change(receipts(colleague)[0], addresses=[])
    assert comsoc(colleague, *SEND).code == 3


def test_a_receipt_that_could_not_be_written_leaves_its_name_to_nobody(approved: Path) -> None:
    (approved / "dispatches").write_text("a file where the folder should be", encoding="utf-8")
    assert comsoc(approved, *SEND).code == 5
    (approved / "dispatches").unlink()
    assert comsoc(approved, *SEND).code == 0
    assert len(messages(approved)) == 3


def test_an_office_that_git_knows_to_be_behind_is_warned(sent: Path, tmp_path: Path) -> None:
    def git(folder: Path, *words: str) -> None:
        names = ("-c", "user.name=Ana", "-c", "user.email=ana@sinaloa.example")
        subprocess.run(["git", "-C", str(folder), *names, *words], check=True, capture_output=True)

    git(sent, "init", "--quiet", "--initial-branch=main")
    git(sent, "add", "comsoc.toml", "contacts.yaml", "releases", "approved", "dispatches")
    git(sent, "commit", "--quiet", "-m", "send")
    mine = tmp_path / "mine"
    git(tmp_path, "clone", "--quiet", str(sent), str(mine))
    assert "git pull" not in comsoc(mine, "send", "becas", "--segment", "media", "--dry-run").said
    git(sent, "commit", "--quiet", "--allow-empty", "-m", "more")
    git(mine, "fetch", "--quiet")
    shutil.copytree(sent / ".comsoc", mine / ".comsoc")
    answer = comsoc(mine, "send", "becas", "--segment", "media", "--dry-run")
    assert answer.code == 0
    assert "git pull" in answer.err


# status --verify


def verified(root: Path) -> tuple[int, list[str]]:
    answer = comsoc(root, "status", "--verify", "--json")
    return answer.code, [problem["rule"] for problem in answer.json["problems"]]


def test_what_was_sent_properly_agrees(sent: Path, tmp_path: Path) -> None:
    answer = comsoc(sent, "status", "--verify")
    assert (answer.code, "agree" in answer.out) == (0, True)
    assert verified(a_colleague(sent, tmp_path / "colleague")) == (0, [])


def drop_a_row(root: Path) -> None:
    import sqlite3

    with closing(sqlite3.connect(root / ".comsoc/ledger.db")) as connection, connection:
        connection.execute("DELETE FROM deliveries WHERE address = 'mesa@diario.example'")


def leave_somebody_out(root: Path) -> None:
    addresses = facts(root)["addresses"]
    assert isinstance(addresses, list)
    change(receipts(root)[0], addresses=addresses[1:], accepted=2)


CONTRADICTIONS: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a receipt that is gone": (lambda root: receipts(root)[0].unlink(), {"receipt_missing", "ledger_receipt"}),
    "a receipt that is no JSON": (
        lambda root: receipts(root)[0].write_text("{", encoding="utf-8"),
        {"receipt_damaged", "ledger_receipt"},
    ),
    "a receipt with another count": (lambda root: change(receipts(root)[0], accepted=2), {"receipt_counts"}),
    "a receipt of another text": (lambda root: change(receipts(root)[0], digest="sha256:0"), {"receipt_digest"}),
    "a receipt that leaves somebody out": (leave_somebody_out, {"ledger_receipt"}),
    "a ledger that lacks a row": (drop_a_row, {"receipt_ledger"}),
    "a vault that lost the revision": (
        lambda root: shutil.rmtree(root / "approved/becas"),
        {"receipt_revision", "ledger_revision"},
    ),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradiction_is_told_and_ends_with_1(sent: Path, case: str) -> None:
    spoil, rules = CONTRADICTIONS[case]
    spoil(sent)
    code, found = verified(sent)
    assert (code, set(found)) == (1, rules)


def test_two_machines_that_sent_without_knowing_of_each_other_are_found_out(approved: Path, tmp_path: Path) -> None:
    (approved / ".comsoc").mkdir(exist_ok=True)
    (approved / ".comsoc/key").write_text("clave de la oficina\n", encoding="utf-8")
    colleague = a_colleague(approved, tmp_path / "colleague")
    assert comsoc(approved, *SEND).code == 0
    assert comsoc(colleague, *SEND, now="2026-11-23T18:00:05+00:00").code == 0
    for receipt in receipts(colleague):
        shutil.copy(receipt, approved / "dispatches")
    code, rules = verified(approved)
    assert (code, rules) == (1, ["sent_twice"])


def test_verify_stands_alone(sent: Path) -> None:
    assert comsoc(sent, "status", "becas", "--verify").code == 2
    assert comsoc(sent, "status", "--watch", "--verify").code == 2


def test_watching_without_a_send_says_so_and_shows_what_there_is(sent: Path) -> None:
    answer = comsoc(sent, "status", "--watch")
    assert (answer.code, "No send is running" in answer.err, "accepted" in answer.out) == (0, True, True)


# tests as somebody, variants


def the_test(root: Path, *words: str) -> Answer:
    return comsoc(root, "send", "becas", "--test", "yo@sinaloa.example", *words)


def test_a_test_as_a_contact_is_what_that_contact_would_get_and_the_contact_gets_nothing(office: Layout) -> None:
    variant = "Para radio: {{ recipient.greeting }}"
    root = office({"templates/email.radio.txt": variant, "releases/becas.md": a_release(segments=["radio", "media"])})
    assert the_test(root, "--as", "Cabina@radio.example").code == 0
    [message] = messages(root)
    assert b"Para radio: " in message
    assert b"Cabina" in message
    assert b"yo@sinaloa.example" in message
    assert b"cabina@radio.example" not in message.lower()
    assert b"List-ID: <radio.sinaloa.example>" in message
    assert message_from_bytes(message, policy=default)["subject"].startswith("[TEST] ")


def test_a_test_as_nobody_known_is_refused(office: Layout) -> None:
    root = office()
    answer = the_test(root, "--as", "quien@nadie.example")
    assert (answer.code, messages(root)) == (2, [])
    assert "contacts.yaml" in answer.err
    assert comsoc(root, "send", "becas", "--as", MEDIA[0], "--segment", "media").code == 2


def test_a_dry_run_says_who_gets_which_variant(office: Layout) -> None:
    variant = '{% extends "comsoc/email.txt" %}'
    root = office({"templates/email.radio.txt": variant, "releases/becas.md": a_release(segments=["radio", "media"])})
    assert comsoc(root, "approve", "becas").code == 0
    words = ("send", "becas", "--segment", "media", "--segment", "radio", "--dry-run")
    [dispatch] = comsoc(root, *words, "--json").json["dispatches"]
    variants = {one["address"]: one["variant"] for one in dispatch["recipients"]}
    assert variants == {"mesa@diario.example": None, "cabina@radio.example": "radio", "desk@wire.example": None}
    assert "variant radio" in comsoc(root, *words).out


# bad input


def test_ten_thousand_sessions_are_refused_with_the_line(office: Layout) -> None:
    root = office({"comsoc.toml": f'{SETTINGS}\n[smtp]\nhost = "localhost"\nconnections = 10000\n'})
    answer = comsoc(root, *SEND)
    assert answer.code == 5
    assert re.search(r"comsoc\.toml:\d+, .*connections.*100", answer.err)


def test_a_clock_that_was_set_back_sends_nothing_again(sent: Path) -> None:
    before = len(messages(sent))
    answer = comsoc(sent, *SEND, now="2026-11-23T17:30:00+00:00")
    assert (answer.code, len(messages(sent))) == (3, before)
    assert "11:00" in answer.err  # the approval's own moment, which this clock has not reached


def test_a_contact_list_that_changes_under_the_send_changes_the_next_one(approved: Path, tmp_path: Path) -> None:
    go_on = tmp_path / "changed"
    with MailServer(rules=held_from(1, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        (approved / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}", encoding="utf-8")
        with running(approved, *SEND) as process:
            server.wait_for_messages(1)
            book = (approved / "contacts.yaml").read_text(encoding="utf-8").replace("desk@wire", "otra@wire")
            (approved / "contacts.yaml").write_text(book, encoding="utf-8")
            go_on.touch()
            assert ended(process).code == 0
        assert sorted(one.recipients[0] for one in server.messages()) == sorted(MEDIA)
        assert comsoc(approved, *SEND).code == 0
        assert server.messages()[-1].recipients == ("otra@wire.example",)
        assert len(server.messages()) == 4
