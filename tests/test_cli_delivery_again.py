"""What somebody who tried to break the delivery found, so that it is not found again."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support.mail_server import Drop, MailServer, Reply, Rule
from support.offices import CONTACTS, SETTINGS, Answer, a_release, comsoc, messages
from support.processes import running
from test_cli_safeguards import EMBARGOED, KILL, LATER, Layout, done, edit, embargoed, held, mails, sent, to

SEND = ("send", "becas", "--segment", "media", "--yes")
MESA, CABINA, DESK = "mesa@diario.example", "cabina@radio.example", "desk@wire.example"
CAMPAIGN = '[[blackouts]]\nname = "Veda"\nfrom = 2026-11-01\nuntil = 2026-12-01\nexempt = ["salud"]\n'


def through(office: Path, server: MailServer, settings: str = "") -> Path:
    """The office sends through a server, over one line."""
    smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\nretry_for = 0\n'
    (office / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}\n{settings}", encoding="utf-8")
    return office


def outcomes(office: Path) -> dict[str, str]:
    """What the ledger says of each address, of the text."""
    [one] = comsoc(office, "status", "becas", "--json").json["releases"]
    return {row["address"]: row["outcome"] for row in one["deliveries"] if row["purpose"] == "release"}


def received(server: MailServer) -> Counter[str]:
    return Counter(recipient for message in server.messages() for recipient in message.recipients)


def dispatch(answer: Answer) -> dict[str, object]:
    [one] = answer.json["dispatches"]
    return dict(one)


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


# who was still to get an earlier version


def test_whoever_still_waited_for_it_when_it_was_corrected_is_named(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        server.change_rules()
        done(comsoc(root, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
        done(comsoc(root, "approve", "becas"))
        rehearsed = comsoc(root, "send", "becas", "--dry-run")
        assert "Radio Costa" in rehearsed.err
        answer = done(comsoc(root, "send", "becas", "--yes"))
        assert received(server) == {MESA: 2, DESK: 2}
        command = "comsoc send becas --segment media"
        assert "Radio Costa" in answer.out
        assert command in answer.out
        assert command not in answer.err
        again = done(comsoc(root, "send", "becas", "--yes"))
        assert "Radio Costa" in again.err
        assert "everybody has it" not in again.err
        done(comsoc(root, *command.split()[1:], "--yes"))
        assert received(server) == {MESA: 2, DESK: 2, CABINA: 1}
        assert "Radio Costa" not in done(comsoc(root, "send", "becas", "--yes")).said


# what is known of a person now


def test_whoever_is_written_to_later_is_called_as_the_contacts_say_now(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        files = {
            "templates/email.txt": "{{ recipient.name }}\n",
            "releases/becas.en.md": a_release("English text.", headline="Scholarships"),
        }
        root = through(office(files), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        server.change_rules()
        contacts = CONTACTS.replace("name: Cabina", "name: Lupita, language: en")
        (root / "contacts.yaml").write_text(contacts, encoding="utf-8")
        rehearsed = comsoc(root, *SEND[:-1], "--dry-run", "--json")
        [shown] = dispatch(rehearsed)["recipients"]  # type: ignore[misc]
        assert (shown["name"], shown["language"]) == ("Lupita", "en")
        done(comsoc(root, *SEND))
        text = server.messages()[-1].content.decode()
        assert "Scholarships" in text
        assert "Lupita" in text
        edit(root, "name: Mesa de redacción", "name: Don Chuy", "contacts.yaml")
        done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(root, "approve", "becas"))
        done(comsoc(root, "send", "becas", "--yes"))
        [corrected] = [one for one in server.messages()[-3:] if one.recipients[0] == MESA]
        assert "Don Chuy" in corrected.content.decode()


# clocks


def test_who_got_it_while_a_clock_was_ahead_is_told_that_its_embargo_is_lifted(office: Layout) -> None:
    root = embargoed(office)
    done(comsoc(root, "send", "becas", "--segment", "acreditada", "--yes", now="2026-11-23T23:30:00+00:00"))
    done(comsoc(root, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(root, 1) == [MESA]


# tests


def a_test(root: Path, *words: str) -> Answer:
    return comsoc(root, "send", "becas", "--test", "yo@sinaloa.example", *words)


def test_under_embargo_a_test_to_the_office_is_what_a_segment_that_may_have_it_gets(office: Layout) -> None:
    root = office({"releases/becas.md": EMBARGOED, "releases/luz.md": a_release(embargo="2026-11-23 18:00")})
    for words in (["--segment", "acreditada", "--as", MESA], ["--segment", "media"], ["--as", MESA], []):
        done(a_test(root, *words))
    assert {mail["subject"].partition("] ")[2][:30] for mail in mails(root)} == {"EMBARGADO hasta lun 23 nov, 18"}
    assert len(messages(root)) == 4
    [seen] = comsoc(root, "send", "becas", "--test", "yo@sinaloa.example", "--as", MESA, "--json").json["dispatches"]
    assert seen["segments"] == ["acreditada"]
    (root / "contacts.yaml").write_text("segments: [", encoding="utf-8")
    done(a_test(root))


def test_a_blackout_holds_a_test_until_its_topic_is_exempt_or_somebody_answers_for_it(office: Layout) -> None:
    root = office({"comsoc.toml": f"{SETTINGS}\n{CAMPAIGN}"})
    held(a_test(root), "Veda")
    done(a_test(root, "--despite-blackout", "Aviso de Protección Civil"))
    edit(root, "kind:", "topics: [Salud]\nkind:")
    done(a_test(root))
    assert len(messages(root)) == 2


def test_what_is_of_no_effect_is_not_tested(office: Layout) -> None:
    root = sent(office)
    done(comsoc(root, *KILL))
    before = len(messages(root))
    held(a_test(root), "of no effect")
    assert len(messages(root)) == before


def test_with_an_objection_to_one_of_them_no_test_leaves(office: Layout) -> None:
    root = sent(office)
    before = len(messages(root))
    (root / "releases/luz.md").write_text(a_release(), encoding="utf-8")
    held(comsoc(root, "send", "becas", "luz", "--test", CABINA), "“luz” was not sent")
    assert len(messages(root)) == before


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


def test_of_two_entries_of_one_address_the_one_that_got_it_is_meant(office: Layout) -> None:
    root = sent(office)
    other = (
        "  - {email: desk@wire.example, name: Otra Persona, outlet: Boletín viejo, type: municipio, until: 2026-01-01}"
    )
    edit(root, "contacts:\n", f"contacts:\n{other}\n", "contacts.yaml")
    done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(root, "approve", "becas"))
    done(comsoc(root, "send", "becas", "--yes"))
    done(comsoc(root, *KILL))
    told = {str(mail["to"]) for mail in mails(root)[3:]}
    assert not [one for one in told if "Otra Persona" in one]
    assert [one for one in told if "News desk" in one]


def test_a_command_that_cannot_send_it_is_not_named(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        edit(root, "outlet: Radio Costa, type: radio", "outlet: Radio Costa, type: municipio", "contacts.yaml")
        done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(root, "approve", "becas"))
        answer = done(comsoc(root, "send", "becas", "--yes"))
        assert "Radio Costa" in answer.out
        assert "To whom" not in answer.out


def test_notices_name_the_command_that_goes_on_with_them(office: Layout) -> None:
    rules = [Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA), Rule("text", Drop(), recipient=MESA)]
    with MailServer() as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        done(comsoc(root, *SEND))
        server.change_rules(*rules)
        answer = comsoc(root, *KILL)
        assert answer.code == 4
        assert "Next: comsoc kill becas " in answer.out
        assert "resend-uncertain" not in answer.said
        assert "El Diario" in answer.out
        server.change_rules()
        assert "resend-uncertain" not in comsoc(root, "kill", "becas", "--yes").said
        assert received(server)[CABINA] == 2


def test_an_embargo_that_could_not_be_told_names_its_own_command(office: Layout) -> None:
    with MailServer() as server:
        root = through(office({"releases/becas.md": EMBARGOED}), server)
        done(comsoc(root, "approve", "becas"))
        done(comsoc(root, "send", "becas", "--segment", "acreditada", "--yes"))
        server.change_rules(Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=MESA))
        answer = comsoc(root, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes")
        assert 'Next: comsoc embargo becas --until "2026-11-25 08:00"' in answer.out
        server.change_rules()
        done(comsoc(root, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
        assert received(server)[MESA] == 2


def test_a_ledger_that_was_put_back_from_an_older_copy_sends_nothing_twice(office: Layout) -> None:
    with MailServer() as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        done(comsoc(root, *SEND, "--limit", "1"))
        shutil.copy(root / ".comsoc/ledger.db", root / "copy.db")
        done(comsoc(root, *SEND))
        with sqlite3.connect(root / ".comsoc/ledger.db") as ledger:
            names = [name for (name,) in ledger.execute("SELECT name FROM receipts")]
        shutil.copy(root / "copy.db", root / ".comsoc/ledger.db")
        with sqlite3.connect(root / ".comsoc/ledger.db") as ledger:
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
