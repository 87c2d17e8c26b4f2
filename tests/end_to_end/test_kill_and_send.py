"""A kill while a send runs, and kills that were cut off."""

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from support.mail_server import MailServer, held_from
from support.offices import (
    KILL,
    SEND,
    Layout,
    a_release,
    comsoc,
)
from support.processes import ended, running
from support.steps import done, held, with_settings


def many_contacts(count: int) -> str:
    lines = [f"  - {{email: p{number:03}@medio{number % 7}.example, type: prensa}}" for number in range(count)]
    return "\n".join(["segments:", "  media: {where: {type: prensa}}", "contacts:", *lines, ""])


@pytest.mark.parametrize(("connections", "after"), [(1, 1), (2, 7), (4, 30)])
def test_a_send_that_is_running_stops_at_a_kill_and_whoever_has_it_is_told(
    office: Layout, tmp_path: Path, connections: int, after: int
) -> None:
    go_on = tmp_path / "killed"
    with MailServer(rules=held_from(after, go_on, sessions=connections)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = {connections}\n'
        folder = office(with_settings(smtp, **{"contacts.yaml": many_contacts(120)}))
        done(comsoc(folder, "approve", "becas"))
        with running(folder, *SEND) as send:
            server.wait_for_messages(after)
            done(comsoc(folder, *KILL))
            go_on.touch()
            stopped = ended(send)
        held(stopped, "of no effect")
        got: dict[str, list[str]] = {"release": [], "kill": []}
        for message in server.messages():
            mail = message_from_bytes(message.content, policy=policy.default)
            got["kill" if "OMITIR" in mail["subject"] else "release"].append(message.recipients[0])
        assert after <= len(got["release"]) < 120
        assert sorted(got["kill"]) == sorted(got["release"])
        assert len(set(got["kill"])) == len(got["kill"])
        assert done(comsoc(folder, "status", "--verify")).code == 0


def test_a_kill_that_was_cut_off_goes_on_with_those_who_were_not_told(office: Layout, tmp_path: Path) -> None:
    go_on = tmp_path / "cut off"
    with MailServer(rules=held_from(45, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        folder = office(with_settings(smtp, **{"contacts.yaml": many_contacts(40)}))
        done(comsoc(folder, "approve", "becas"))
        done(comsoc(folder, *SEND))
        with running(folder, *KILL) as kill:
            server.wait_for_messages(45)
            kill.kill()
            kill.wait()
        go_on.touch()
        again = comsoc(folder, "kill", "becas", "--yes")
        assert again.code in (0, 4), again.said  # 4: one of them is not known to have heard
        told = [message.recipients[0] for message in server.messages()[40:]]
        assert len(told) == len(set(told))
        assert len(told) >= 39
        if len(told) == 39:
            assert "unconfirmed" in again.said


@pytest.mark.parametrize("killed", ["becas", "agua"])
def test_a_kill_stops_that_release_and_no_other(office: Layout, tmp_path: Path, killed: str) -> None:
    """Of two releases in one send, the first is at work when one of them is killed."""
    go_on = tmp_path / "killed"
    with MailServer(rules=held_from(5, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        files = {"contacts.yaml": many_contacts(40), "releases/agua.md": a_release(headline="Agua para todos")}
        folder = office(with_settings(smtp, **files))
        for slug in ("becas", "agua"):
            done(comsoc(folder, "approve", slug))
        with running(folder, "send", "becas", "agua", "--segment", "media", "--yes") as send:
            server.wait_for_messages(5)
            done(comsoc(folder, "kill", killed, "--reason", "La cifra era falsa", "--yes"))
            go_on.touch()
            held(ended(send), "of no effect")
        got = [message_from_bytes(one.content, policy=policy.default)["subject"] for one in server.messages()]
        other = "Boletín 2 | Agua para todos" if killed == "becas" else "Boletín 1 | Arranca"
        assert sum(1 for subject in got if subject.startswith(other)) == 40
        stopped = "Boletín 1 | " if killed == "becas" else "Boletín 2 | "
        assert sum(1 for subject in got if subject.startswith(stopped)) < 40
