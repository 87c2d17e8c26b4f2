"""The main job through a real mail server: what it takes, what it declines, and what is left when something breaks."""

import json
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from support.mail_server import Drop, MailServer, Reply, Rule, held_from
from support.offices import SEND, SETTINGS, Answer, an_office, comsoc
from support.processes import ended, running, until
from support.sending import outcomes, received

OfficeFor = Callable[..., Path]
USERS = {"prensa": "secreto"}


def a_book(many: int) -> str:
    rows = "".join(f"  - {{email: p{number}@x.example, name: Mesa {number}, type: prensa}}\n" for number in range(many))
    return f"segments:\n  media: {{where: {{type: prensa}}}}\ncontacts:\n{rows}"


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The vault of an office that has approved becas."""
    folder = an_office(tmp_path_factory.mktemp("approved") / "office", {"contacts.yaml": a_book(1)})
    assert comsoc(folder, "approve", "becas").code == 0
    return folder / "approved"


@pytest.fixture
def an_smtp_office(tmp_path: Path, vault: Path) -> OfficeFor:
    """Lays out an office that sends becas, which is approved, to so many contacts through a server."""

    def make(server: MailServer, many: int = 3, **smtp: object) -> Path:
        values: dict[str, object] = {"host": server.host, "port": server.port, "username": "prensa"}
        if not server.starttls:
            values |= {"security": "none", "username": ""}
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in (values | smtp).items()]
        settings = SETTINGS + "\n[smtp]\n" + "".join(lines)
        office = an_office(tmp_path / "office", {"comsoc.toml": settings, "contacts.yaml": a_book(many)})
        shutil.copytree(vault, office / "approved")
        return office

    return make


def trusting(server: MailServer, secret: str = "secreto") -> dict[str, str]:
    """The environment of a machine that knows the server's authority and the secret."""
    found = {"COMSOC_SMTP_PASSWORD": secret} if secret else {}
    return {**found, "SSL_CERT_FILE": str(server.ca_file)} if server.starttls else found


def a_send(office: Path, server: MailServer, *words: str) -> tuple[Answer, dict[str, Any]]:
    """The answer of a send, and the one dispatch in it."""
    answer = comsoc(office, *SEND, "--json", *words, **trusting(server))
    [dispatch] = answer.json["dispatches"]
    return answer, dispatch


def test_over_starttls_and_a_login_each_gets_one_message_of_their_own(an_smtp_office: OfficeFor) -> None:
    with MailServer(starttls=True, users=USERS) as server:
        office = an_smtp_office(server, many=5)
        answer, dispatch = a_send(office, server)
        assert answer.code == 0, answer.err
        assert answer.json["transport"].endswith(server.host)
        assert dispatch["accepted"] == 5
        assert received(server) == {f"p{number}@x.example": 1 for number in range(5)}
        for recorded in server.messages():
            assert (recorded.tls, recorded.user, recorded.sender) == (True, "prensa", "prensa@sinaloa.example")
            message = message_from_bytes(recorded.content, policy=policy.default)
            assert [address.addr_spec for address in message["To"].addresses] == list(recorded.recipients)
            assert message["Cc"] is message["Bcc"] is None
            others = [
                f"p{number}@x.example" for number in range(5) if f"p{number}@x.example" not in recorded.recipients
            ]
            assert not [one for one in others if one.encode() in recorded.content]
        again, nothing = a_send(office, server)
        assert (again.code, nothing["planned"]) == (0, 0)
        assert len(server.messages()) == 5
        assert not (office / "outbox").exists()


def test_the_secret_may_lie_in_a_file_and_is_never_shown(an_smtp_office: OfficeFor, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secreto\n")
    with MailServer(starttls=True, users=USERS) as server:
        office = an_smtp_office(server, password_file=str(tmp_path / "secret"))
        answer = comsoc(office, *SEND, SSL_CERT_FILE=str(server.ca_file))
        assert answer.code == 0, answer.err
        assert "secreto" not in answer.said
        written = b"".join(path.read_bytes() for path in office.rglob("*") if path.is_file())
        assert b"secreto" not in written


def nothing_was_sent(office: Path, server: MailServer, answer: Answer) -> None:
    """The send ended with 5 and a sentence; nothing left, and every row waits."""
    assert answer.code == 5, answer.said
    assert f"{server.host}:{server.port}" in answer.err or "prensa" in answer.err
    assert "Nothing was sent" in answer.err or "no secret" in answer.err
    assert "secreto" not in answer.said
    assert server.messages() == server.swallowed() == []
    assert not [command for command in server.commands() if command.name in ("mail", "rcpt", "data")]
    assert set(outcomes(office).values()) <= {"planned"}


BROKEN: dict[str, tuple[dict[str, Any], Callable[[MailServer], dict[str, str]]]] = {
    "the certificate of another": ({"starttls": True, "users": USERS, "wrong_host_name": True}, trusting),
    "a certificate nobody vouches for": (
        {"starttls": True, "users": USERS},
        lambda server: {"COMSOC_SMTP_PASSWORD": "secreto"},
    ),
    "a login refused": ({"starttls": True, "users": {"prensa": "otro"}}, trusting),
    "no starttls": ({"users": USERS}, lambda server: {"COMSOC_SMTP_PASSWORD": "secreto"}),
    "no secret": (
        {"starttls": True, "users": USERS},
        lambda server: {
            "SSL_CERT_FILE": str(server.ca_file),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_server_that_is_not_as_it_should_be_gets_nothing(an_smtp_office: OfficeFor, case: str) -> None:
    settings, environment = BROKEN[case]
    with MailServer(**settings) as server:
        office = an_smtp_office(server, security="starttls", username="prensa")
        nothing_was_sent(office, server, comsoc(office, *SEND, **environment(server)))


def test_a_server_that_is_down_costs_nobody_the_message(an_smtp_office: OfficeFor) -> None:
    with MailServer() as server:
        office = an_smtp_office(server)
        port = server.port
    nothing_was_sent(office, server, comsoc(office, *SEND))
    with MailServer(port=port) as back:
        answer, dispatch = a_send(office, back)
        assert (answer.code, dispatch["accepted"]) == (0, 3)
        assert received(back) == {f"p{number}@x.example": 1 for number in range(3)}


def test_a_dry_run_does_not_knock_at_the_server(an_smtp_office: OfficeFor) -> None:
    with MailServer(starttls=True, users=USERS) as server:
        office = an_smtp_office(server)
        answer = comsoc(office, *SEND[:-1], "--dry-run", **trusting(server))
        assert answer.code == 0, answer.err
        assert server.commands() == []
        assert server.host in answer.out


def test_what_was_not_taken_is_told_and_each_goes_its_own_way_afterwards(an_smtp_office: OfficeFor) -> None:
    rules = [
        Rule("rcpt", Reply(550, "5.1.1 User unknown"), recipient="p1@x.example"),
        Rule("rcpt", Reply(451, "4.2.1 Greylisted"), recipient="p2@x.example"),
        Rule("text", Drop(), recipient="p3@x.example"),
    ]
    with MailServer(rules=rules) as server:
        office = an_smtp_office(server, many=5, retry_for=0)
        answer, dispatch = a_send(office, server)
        assert answer.code == 4, answer.err
        counts = {key: dispatch[key] for key in ("planned", "accepted", "deferred", "refused", "uncertain")}
        assert counts == {"planned": 5, "accepted": 2, "deferred": 1, "refused": 1, "uncertain": 1}
        assert "Mesa 3" in answer.err, "whom to call before it is sent again"
        [one] = comsoc(office, "status", "becas", "--json").json["releases"]
        replies = {row["address"]: row["reply"] for row in one["deliveries"]}
        assert "5.1.1" in replies["p1@x.example"]
        assert "451" in replies["p2@x.example"]
        server.change_rules()
        answer, dispatch = a_send(office, server)
        assert (answer.code, dispatch["planned"], dispatch["accepted"]) == (0, 1, 1)
        assert dispatch["excluded"] == {"already_sent": 2, "refused": 1, "uncertain": 1}
        answer, dispatch = a_send(office, server, "--retry-refused", "--resend-uncertain")
        assert (answer.code, dispatch["accepted"]) == (0, 2)
        assert received(server) == {f"p{number}@x.example": 1 for number in range(5)}
        identifiers = {message_from_bytes(one.content)["Message-ID"] for one in server.messages()}
        [swallowed] = server.swallowed()
        assert message_from_bytes(swallowed.content)["Message-ID"] in identifiers, "the same at every try"


def test_a_server_that_declines_the_sender_stops_the_send_at_the_first(an_smtp_office: OfficeFor) -> None:
    with MailServer(rules=[Rule("mail", Reply(550, "5.7.1 Not you"))]) as server:
        office = an_smtp_office(server, many=20)
        answer, dispatch = a_send(office, server)
        assert (answer.code, dispatch["accepted"]) == (5, 0)
        assert "5.7.1 Not you" in answer.err
        assert len([command for command in server.commands() if command.name == "mail"]) <= 2
        assert set(outcomes(office).values()) == {"planned"}


def test_a_test_message_goes_through_the_server_and_tells_what_it_said(an_smtp_office: OfficeFor) -> None:
    with MailServer() as server:
        office = an_smtp_office(server)
        assert comsoc(office, "send", "becas", "--test", "yo@sinaloa.example").code == 0
        assert received(server) == {"yo@sinaloa.example": 1}
        server.change_rules(Rule("rcpt", Reply(550, "5.1.1 User unknown")))
        refused = comsoc(office, "send", "becas", "--test", "yo@sinaloa.example")
        assert refused.code == 4
        assert "5.1.1" in refused.err


def cut_off(office: Path, server: MailServer, chance: random.Random) -> None:
    """Begin a send, and kill it without a warning when some of its messages are out."""
    enough = len(server.messages()) + chance.randint(1, 8)
    with running(office, *SEND, **trusting(server)) as process:
        until(lambda: len(server.messages()) >= enough or process.poll() is not None)
        server_may_go_on = chance.uniform(0, 0.02)
        signal.sigtimedwait([], server_may_go_on)
        process.kill()
        process.wait()


def test_killed_five_times_in_a_send_of_sixty_nobody_has_it_twice_and_nobody_is_forgotten(
    an_smtp_office: OfficeFor,
) -> None:
    chance = random.Random(1)
    with MailServer(starttls=True, users=USERS, delay=0.004) as server:
        office = an_smtp_office(server, many=60, connections=2)
        for kill in range(1, 6):
            cut_off(office, server, chance)
            assert sum(one in ("claimed", "uncertain") for one in outcomes(office).values()) <= 2 * kill
        answer, _ = a_send(office, server)
        assert answer.code == 0, answer.err
        has_it, told = received(server), outcomes(office)
    assert set(has_it.values()) == {1}, "nobody twice"
    assert len(told) == 60
    assert set(told.values()) <= {"accepted", "uncertain"}
    accepted = {address for address, outcome in told.items() if outcome == "accepted"}
    assert accepted <= set(has_it), "whoever is told to have it has it"
    assert 60 - len(has_it) <= sum(outcome == "uncertain" for outcome in told.values()) <= 10


def test_ctrl_c_finishes_what_is_on_its_way_and_the_same_command_sends_the_rest(
    an_smtp_office: OfficeFor, tmp_path: Path
) -> None:
    go_on = tmp_path / "interrupted"
    with MailServer(delay=0.01, rules=held_from(5, go_on, sessions=2)) as server:
        office = an_smtp_office(server, many=40, connections=2)
        with running(office, *SEND, "--json") as process:
            server.wait_for_messages(5)
            os.kill(process.pid, signal.SIGINT)
            go_on.touch()
            answer = ended(process)
        assert answer.code == 130
        [dispatch] = answer.json["dispatches"]
        first = len(server.messages())
        assert 5 <= dispatch["accepted"] == first < 40
        assert Counter(outcomes(office).values()) == {"accepted": first, "planned": 40 - first}
        rest, dispatch = a_send(office, server)
        assert (rest.code, dispatch["accepted"]) == (0, 40 - first)
        assert received(server) == {f"p{number}@x.example": 1 for number in range(40)}


def test_ctrl_c_at_whatever_step_ends_with_130_and_costs_nobody_the_message(an_smtp_office: OfficeFor) -> None:
    with MailServer(delay=0.02) as server:
        office = an_smtp_office(server, many=30)
        for step in (1, 3, 8):
            enough = len(server.commands()) + step
            with running(office, *SEND) as process:
                until(lambda: len(server.commands()) >= enough)  # noqa: B023 - called before the next round
                os.kill(process.pid, signal.SIGINT)
                assert ended(process).code == 130
        answer = comsoc(office, *SEND)
        assert answer.code == 0, answer.err
        assert received(server) == {f"p{number}@x.example": 1 for number in range(30)}


def test_a_server_that_goes_away_in_the_middle_stops_the_send_and_it_goes_on_later(
    an_smtp_office: OfficeFor, tmp_path: Path
) -> None:
    with MailServer(rules=held_from(5, tmp_path / "never")) as server:
        office = an_smtp_office(server, many=30)
        with running(office, *SEND, "--json") as process:
            server.wait_for_messages(5)
            server.stop()
            answer = ended(process)
        assert answer.code == 5
        first = Counter(message.recipients[0] for message in server.messages())
        port = server.port
    told = outcomes(office)
    assert sum(outcome == "uncertain" for outcome in told.values()) <= 2
    with MailServer(port=port) as back:
        assert comsoc(office, *SEND).code == 0
        everybody = first + received(back)
    assert set(everybody.values()) == {1}
    assert 30 - len(everybody) <= sum(outcome == "uncertain" for outcome in told.values())
