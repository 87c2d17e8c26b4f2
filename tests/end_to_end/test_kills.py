"""Killed at any moment, or out of room: nobody has it twice, nobody is lost, and the rest goes out by itself.

COMSOC_KILLS says how many kills there are; `make test-kills` asks for fifty.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from support.mail_server import MailServer
from support.offices import SEND, SETTINGS, Answer, a_release, an_environment, an_office, comsoc
from support.processes import running, until
from support.sending import outcomes

KILLS = int(os.environ.get("COMSOC_KILLS", "5"))
MANY = 2000
CONTACTS = "segments:\n  media: {where: {type: prensa}}\ncontacts:\n" + "".join(
    f"  - {{email: p{number}@x{number % 7}.example, name: Mesa {number}, type: prensa}}\n" for number in range(MANY)
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of two thousand desks with an approved release."""
    files: dict[str, str | bytes | None] = {
        "comsoc.toml": SETTINGS,
        "contacts.yaml": CONTACTS,
        "releases/becas.md": a_release(date="2026-11-20 10:00"),
    }
    office = an_office(tmp_path_factory.mktemp("pattern") / "office", files)
    assert comsoc(office, "approve", "becas").code == 0
    return office


OfficeFor = Callable[[MailServer, int], Path]


@pytest.fixture
def an_office_for(pattern: Path, tmp_path: Path) -> OfficeFor:
    """A copy of it that sends through a server with so many sessions."""

    def copy(server: MailServer, connections: int) -> Path:
        office = tmp_path / "office"
        shutil.copytree(pattern, office)
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = {connections}\n'
        (office / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}")
        return office

    return copy


def goes_on_to_its_end(office: Path, server: MailServer, at_most: int) -> None:
    """The same command sends the rest: nobody has it twice, and whoever may not have it is known by name."""
    uncertain = {address for address, outcome in outcomes(office).items() if outcome == "uncertain"}
    assert len(uncertain) <= at_most
    answer = comsoc(office, *SEND)
    assert answer.code == 0, answer.err
    assert all(f"Mesa {address[1:].partition('@')[0]}" in answer.err for address in uncertain), (
        "they are called by name"
    )
    received = Counter(message.recipients[0] for message in server.messages())
    told = outcomes(office)
    assert set(received.values()) == {1}, "nobody twice"
    assert len(told) == MANY
    assert {address for address, outcome in told.items() if outcome == "uncertain"} == uncertain
    assert {address for address, outcome in told.items() if outcome == "accepted"} == set(told) - uncertain
    assert set(received) - uncertain == set(told) - uncertain, "nobody is lost"
    verified = comsoc(office, "status", "--verify")
    assert verified.code == 0, verified.out


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_send_that_is_killed_goes_on_where_it_was(an_office_for: OfficeFor, seed: int) -> None:
    chance = random.Random(seed)
    connections, enough = chance.choice((1, 2, 4, 8)), chance.randrange(1, MANY - 100)
    with MailServer(pipelining=chance.random() < 0.7) as server:
        office = an_office_for(server, connections)
        with running(office, *SEND) as process:
            until(lambda: len(server.messages()) >= enough or process.poll() is not None, seconds=60)
            process.kill()
            process.wait()
        assert 0 < len(server.messages()) < MANY, "it was to be killed on its way"
        goes_on_to_its_end(office, server, at_most=connections)


def with_little_room(office: Path, room: int) -> Answer:
    """A send whose files may not grow beyond so many bytes."""
    done = subprocess.run(
        [sys.executable, "-m", "comsoc_cli", *SEND],
        cwd=office,
        env=an_environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("seed", range(max(2, KILLS // 5)))
def test_a_send_that_has_no_room_for_its_ledger_stops_and_goes_on_when_there_is_some(
    an_office_for: OfficeFor, seed: int
) -> None:
    chance = random.Random(seed)
    connections = chance.choice((1, 4, 8))
    with MailServer() as server:
        office = an_office_for(server, connections)
        answer = with_little_room(office, room=chance.randrange(1_300_000, 3_500_000))
        assert answer.code == 5, answer.err
        assert ".comsoc/ledger.db" in answer.err
        goes_on_to_its_end(office, server, at_most=connections)
