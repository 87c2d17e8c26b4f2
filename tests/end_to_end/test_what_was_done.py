"""What a command says of what was done: by the ledger, and never less than what is known."""

import shutil
from pathlib import Path

import pytest
from support.mail_server import MailServer, Reply, Rule, held_from
from support.offices import SEND, SETTINGS, Layout, comsoc
from support.processes import a_full_disk, ended, running

from comsoc_cli.cli.language import speak
from comsoc_cli.cli.outcomes import how_far
from comsoc_cli.delivery.consignment import Sent
from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.model.delivery import Outcome


def through(office: Layout, server: MailServer, more: str = "") -> Path:
    smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n{more}'
    folder = office({"comsoc.toml": f"{SETTINGS}\n{smtp}"})
    assert comsoc(folder, "approve", "becas").code == 0
    return folder


def test_a_second_send_that_reaches_nobody_new_does_not_say_that_nobody_has_it(office: Layout) -> None:
    later = Reply(451, "4.7.1 Later")
    with MailServer(rules=[Rule("rcpt", later, recipient="cabina@radio.example")]) as server:
        folder = through(office, server, "retry_for = 0\n")
        first, second = comsoc(folder, *SEND), comsoc(folder, *SEND)
    assert "sent" in first.said
    assert "nobody has it yet" not in second.said
    assert "nobody else has it now; 2 had it before" in second.said


def test_where_nobody_has_it_that_is_said(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(451, "4.7.1 Later"))]) as server:
        folder = through(office, server, "retry_for = 0\n")
        assert "nobody has it yet" in comsoc(folder, *SEND).said


@pytest.mark.parametrize(
    ("outcomes", "settled", "words"),
    [
        ({}, True, "Nothing was sent."),
        ({Outcome.REFUSED: 2}, True, "Nothing was sent."),
        ({Outcome.ACCEPTED: 3}, True, "The send stopped after 3."),
        ({Outcome.ACCEPTED: 3}, False, "The send stopped after 3."),
        ({Outcome.ACCEPTED: 3, Outcome.UNCERTAIN: 1}, True, "The send stopped: accepted 3, unconfirmed 1."),
        ({Outcome.UNCERTAIN: 1}, True, "The send stopped: accepted 0, unconfirmed 1."),
        ({}, False, "The send stopped, and it is not known who got it."),
    ],
)
def test_before_the_reason_stands_what_had_left(outcomes: dict[Outcome, int], settled: bool, words: str) -> None:
    speak("en")
    sent = Sent.__new__(Sent)
    object.__setattr__(sent, "tally", Tally(outcomes=outcomes, is_settled=settled))
    assert how_far([sent]) == words


def test_on_a_disk_that_fills_up_what_left_is_told(office: Layout, tmp_path: Path) -> None:
    go_on = tmp_path / "full"
    with MailServer(rules=held_from(2, go_on)) as server, a_full_disk(tmp_path / "disk", room=2000):
        folder = through(office, server)
        there = tmp_path / "disk/office"
        shutil.copytree(folder, there)
        with running(there, *SEND) as send:
            server.wait_for_messages(2)
            with (there / "ballast").open("wb", buffering=0) as ballast:
                try:
                    while ballast.write(b"x" * 4096):
                        pass
                except OSError:
                    pass
            go_on.touch()
            told = ended(send)
        assert len(server.messages()) >= 2
    assert "Nothing was sent" not in told.said
    assert told.code != 0


def test_who_has_it_in_another_segment_counts_too(office: Layout) -> None:
    later = Reply(451, "4.7.1 Later")
    with MailServer(rules=[Rule("rcpt", later, recipient="oficial@municipio.example")]) as server:
        folder = through(office, server, "retry_for = 0\n")
        book = folder / "contacts.yaml"
        book.write_text(
            book.read_text().replace("segments:\n", "segments:\n  municipios: {where: {type: municipio}}\n")
        )
        release = folder / "releases" / "becas.md"
        release.write_text(release.read_text().replace('["media"]', '["media", "municipios"]'))
        assert comsoc(folder, "approve", "becas").code == 0
        assert comsoc(folder, *SEND).code == 0
        other = comsoc(folder, "send", "becas", "--segment", "municipios", "--yes")
    assert "nobody else has it now; 3 had it before" in other.said


def test_a_kill_that_reaches_nobody_new_says_how_many_were_told_before(office: Layout) -> None:
    later = [Rule("rcpt", Reply(451, "4.7.1 Later"), recipient="cabina@radio.example", nth=n) for n in (2, 3)]
    with MailServer(rules=later) as server:
        folder = through(office, server, "retry_for = 0\n")
        assert comsoc(folder, *SEND).code == 0
        comsoc(folder, "kill", "becas", "--reason", "Error en las fechas", "--yes")
        again = comsoc(folder, "kill", "becas", "--yes")
    assert "nobody else was told now; 2 were told before" in again.said
