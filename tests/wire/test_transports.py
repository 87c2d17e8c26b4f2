"""One contract for every transport, and what a mail server may do to us on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.mail_server import (
    Action,
    Drop,
    DropAfterBytes,
    Event,
    Garbage,
    HalfLine,
    MailServer,
    Reply,
    Rule,
    StaySilent,
)

from comsoc_cli.delivery.transports import Envelope, Session, Transport, TransportUnusable, deliver
from comsoc_cli.delivery.transports.memory import Memory
from comsoc_cli.delivery.transports.outbox import Outbox
from comsoc_cli.delivery.transports.smtp import MailServer as SmtpTransport
from comsoc_cli.errors import UNUSABLE
from comsoc_cli.model.delivery import Outcome
from comsoc_cli.model.delivery import Reply as Answer
from comsoc_cli.model.settings import Smtp

ANA, LUIS = "ana@diario.example", "luis@radio.example"
MESSAGE = (
    b"From: prensa@sinaloa.example\r\nTo: ana@diario.example\r\nSubject: =?utf-8?q?Bolet=C3=ADn?=\r\n\r\n"
    b"Uno\r\n.\r\n..dos\r\n.tres\r\nFrom aqui\r\n\r\n \t \r\nfin\r\n"
)


def an_envelope(recipient: str = ANA) -> Envelope:
    return Envelope(sender="prensa@sinaloa.example", recipient=recipient)


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    """A server without TLS or login, started once; each test sets its rules."""
    with MailServer() as started:
        yield started


@pytest.fixture
def scripted(server: MailServer) -> MailServer:
    """The server as it usually answers."""
    server.change_rules()
    return server


def through(server: MailServer, timeout: float = 5, **changes: object) -> SmtpTransport:
    """The transport of an office that uses this server."""
    settings: dict[str, object] = {"host": server.host, "port": server.port, "security": "none"}
    return SmtpTransport(Smtp(**(settings | changes)), "secreto", timeout)  # type: ignore[arg-type]


def attempt(server: MailServer, *rules: Rule, timeout: float = 5, recipient: str = ANA) -> tuple[Answer, Session]:
    """What one delivery gives under these rules."""
    server.change_rules(*rules)
    session = through(server, timeout).session()
    return deliver(session, an_envelope(recipient), MESSAGE), session


def texts(server: MailServer) -> int:
    """How many texts reached the server so far, acknowledged or not."""
    return len(server.messages()) + len(server.swallowed())


@dataclass
class Way:
    """A transport, and what came out of it."""

    transport: Transport
    see: Callable[[], list[bytes]]  #: the texts, with CRLF line ends
    see_people: Callable[[], list[str]] | None = None  #: who got them; an outbox keeps no envelopes

    def has(self, *people: str) -> bool:
        """Whether exactly these have their texts, in any order, byte for byte."""
        to_them = self.see_people is None or sorted(self.see_people()) == sorted(people)
        return to_them and sorted(self.see()) == sorted(text_for(one) for one in people)


def text_for(address: str) -> bytes:
    """A message of their own, with all that a transport might trip over."""
    return MESSAGE.replace(ANA.encode(), address.encode()) + b"x" * 998 + b"\r\n..\r\n.\r\n"


def in_outbox(folder: Path) -> list[bytes]:
    new = folder / "new"
    return [path.read_bytes().replace(b"\n", b"\r\n") for path in sorted(new.iterdir())] if new.exists() else []


@pytest.fixture(scope="module")
def unpipelined() -> Iterator[MailServer]:
    """A server that wants its commands one at a time."""
    with MailServer(pipelining=False) as started:
        yield started


@pytest.fixture(params=["memory", "outbox", "pipelined", "one by one"])
def way(request: pytest.FixtureRequest, tmp_path: Path, scripted: MailServer, unpipelined: MailServer) -> Way:
    """Each transport in turn."""
    if request.param == "memory":
        memory = Memory()
        return Way(
            memory,
            lambda: [message for _, message in memory.messages],
            lambda: [envelope.recipient for envelope, _ in memory.messages],
        )
    if request.param == "outbox":
        return Way(Outbox(tmp_path / "outbox"), lambda: in_outbox(tmp_path / "outbox"))
    server = scripted if request.param == "pipelined" else unpipelined
    before = len(server.messages())
    return Way(
        through(server),
        lambda: [message.content for message in server.messages()[before:]],
        lambda: [address for message in server.messages()[before:] for address in message.recipients],
    )


class TestEveryTransport:
    """The contract of transports, for each of them."""

    def test_it_says_its_name_and_how_many_sessions_it_takes(self, way: Way) -> None:
        assert way.transport.name
        assert way.transport.connections >= 1

    def test_a_message_is_accepted_once_with_its_bytes_unchanged(self, way: Way) -> None:
        session = way.transport.session()
        assert is_open(session)
        assert deliver(session, an_envelope(), text_for(ANA)).outcome is Outcome.ACCEPTED
        session.close()
        assert not is_open(session)
        assert way.has(ANA)

    @pytest.mark.parametrize(
        "text",
        [
            *[b".\r\n", b"..\r\n.\r\n", b"\r\n", b"a\r\n.\r\n", b".a\r\n", b"From a\r\n", b"\r\n.\r\n\r\n"],
            *[b"\t \r\n", b"\xe1\xff\r\n", b"x" * 100_000 + b"\r\n", b".\r\n" * 50_000, b"QUIT\r\nDATA\r\n.\r\n"],
        ],
        ids=lambda text: repr(text[:12]),
    )
    def test_any_lines_arrive_as_they_were_handed_over(self, way: Way, text: bytes) -> None:
        session = way.transport.session()
        following = an_envelope(LUIS)
        assert session.announce(an_envelope()) is None
        assert session.hand_over(text, following).outcome is Outcome.ACCEPTED
        assert deliver(session, following, text).outcome is Outcome.ACCEPTED
        session.close()
        assert way.see() == [text, text]

    def test_what_was_announced_has_not_left(self, way: Way) -> None:
        session = way.transport.session()
        assert session.announce(an_envelope()) is None
        assert is_open(session)
        assert way.has()
        assert session.hand_over(text_for(ANA)).outcome is Outcome.ACCEPTED
        assert way.has(ANA)
        session.close()

    def test_one_session_hands_over_many_messages_each_by_itself(self, way: Way) -> None:
        people = [f"{number}@x.example" for number in range(5)]
        session = way.transport.session()
        for one in people:
            assert is_open(session)
            assert deliver(session, an_envelope(one), text_for(one)).outcome is Outcome.ACCEPTED
        session.close()
        assert way.has(*people)

    def test_whoever_was_named_as_the_following_one_is_announced_next(self, way: Way) -> None:
        people = [f"{number}@x.example" for number in range(5)]
        session = way.transport.session()
        for one, following in zip(people, [*people[1:], None], strict=True):
            assert session.announce(an_envelope(one)) is None
            reply = session.hand_over(text_for(one), an_envelope(following) if following else None)
            assert reply.outcome is Outcome.ACCEPTED
            assert is_open(session)
        session.close()
        assert way.has(*people)

    @pytest.mark.parametrize("end", ["close", "drop"])
    def test_whoever_was_named_as_the_following_one_gets_nothing_where_the_session_ends(
        self, way: Way, end: str
    ) -> None:
        session = way.transport.session()
        assert session.announce(an_envelope()) is None
        assert session.hand_over(text_for(ANA), an_envelope(LUIS)).outcome is Outcome.ACCEPTED
        getattr(session, end)()
        assert not is_open(session)
        assert way.has(ANA)
        again = way.transport.session()
        assert deliver(again, an_envelope(LUIS), text_for(LUIS)).outcome is Outcome.ACCEPTED
        again.close()
        assert way.has(ANA, LUIS)

    @pytest.mark.parametrize("end", ["close", "drop"])
    def test_who_was_announced_gets_nothing_where_the_session_ends(self, way: Way, end: str) -> None:
        session = way.transport.session()
        assert session.announce(an_envelope()) is None
        getattr(session, end)()
        assert not is_open(session)
        again = way.transport.session()
        assert deliver(again, an_envelope(LUIS), text_for(LUIS)).outcome is Outcome.ACCEPTED
        again.close()
        assert way.has(LUIS)

    @pytest.mark.parametrize("end", ["close", "drop"])
    def test_a_session_may_be_ended_twice_and_without_having_been_used(self, way: Way, end: str) -> None:
        session = way.transport.session()
        getattr(session, end)()
        session.close()
        session.drop()
        assert not is_open(session)
        assert way.has()

    def test_sessions_do_not_know_of_each_other(self, way: Way) -> None:
        first, second = way.transport.session(), way.transport.session()
        assert first.announce(an_envelope(ANA)) is None
        assert second.announce(an_envelope(LUIS)) is None
        first.drop()
        assert is_open(second)
        assert second.hand_over(text_for(LUIS)).outcome is Outcome.ACCEPTED
        second.close()
        assert way.has(LUIS)


def is_open(session: Session) -> bool:
    """Asked anew each time, which a type checker would not believe of the property."""
    return session.is_open


def test_an_outbox_that_cannot_be_written_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(TransportUnusable) as refusal:
        deliver(Outbox(tmp_path / "outbox").session(), an_envelope(), MESSAGE)
    assert str(tmp_path / "outbox") in str(refusal.value.message)


def test_an_envelope_names_one_recipient_and_the_office_as_its_sender(scripted: MailServer) -> None:
    reply, session = attempt(scripted)
    session.close()
    message = scripted.messages()[-1]
    assert (message.sender, message.recipients) == ("prensa@sinaloa.example", (ANA,))
    assert reply.text.startswith("250")


def test_the_number_in_the_servers_queue_is_kept(scripted: MailServer) -> None:
    reply, _ = attempt(scripted, Rule("text", Reply(250, "2.0.0 Ok: queued as 4XyZ-7.b")))
    assert (reply.outcome, reply.queue_id) == (Outcome.ACCEPTED, "4XyZ-7.b")


def test_an_address_beyond_ascii_is_written_to_where_the_server_takes_it(scripted: MailServer) -> None:
    reply, _ = attempt(scripted, recipient="peña@diario.example")
    assert reply.outcome is Outcome.ACCEPTED
    assert scripted.messages()[-1].recipients == ("peña@diario.example",)
    assert scripted.messages()[-1].options == ("SMTPUTF8",)


def test_an_address_beyond_ascii_is_refused_where_the_server_does_not(scripted: MailServer) -> None:
    with MailServer(smtputf8=False) as old:
        reply, session = attempt(old, recipient="peña@diario.example")
        assert reply.outcome is Outcome.REFUSED
        assert deliver(session, an_envelope(), MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("event", ["mail", "rcpt", "data", "text"])
def test_a_4xx_at_any_step_may_be_tried_again_on_the_same_line(scripted: MailServer, event: Event) -> None:
    before = len(scripted.messages())
    reply, session = attempt(scripted, Rule(event, Reply(451, "4.3.0 Try again later"), times=1))
    assert reply.outcome is Outcome.DEFERRED
    assert "451" in reply.text
    assert session.is_open
    assert deliver(session, an_envelope(LUIS), MESSAGE).outcome is Outcome.ACCEPTED
    session.close()
    assert [message.recipients for message in scripted.messages()[before:]] == [(LUIS,)]


@pytest.mark.parametrize(
    "said",
    ["5.1.1 User unknown", "5.2.1 Mailbox disabled", "No such user here", "5.2.2 Mailbox full\nsecond line of it"],
)
def test_a_refused_person_is_refused_and_the_next_one_gets_it(scripted: MailServer, said: str) -> None:
    reply, session = attempt(scripted, Rule("rcpt", Reply(550, said), recipient=ANA))
    assert reply.outcome is Outcome.REFUSED
    assert reply.text.startswith("550")
    assert "\n" not in reply.text
    assert deliver(session, an_envelope(LUIS), MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("event", "reply"),
    [
        ("rcpt", Reply(550, "5.7.1 Relaying denied")),
        ("rcpt", Reply(554, "5.7.26 Sender not authenticated")),
        ("mail", Reply(550, "5.1.8 Sender rejected")),
        ("rcpt", Reply(550, "5.1.7 Bad sender's mailbox")),
        ("text", Reply(550, "5.1.8 Bad sender's system address")),
        ("mail", Reply(530, "5.7.0 Authentication required")),
        ("data", Reply(554, "5.5.1 No")),
        ("text", Reply(554, "5.7.1 Looks like spam")),
        ("text", Reply(552, "5.3.4 Too big")),
    ],
)
def test_a_5xx_that_is_about_us_stops_everything(scripted: MailServer, event: Event, reply: Reply) -> None:
    with pytest.raises(TransportUnusable) as refusal:
        attempt(scripted, Rule(event, reply))
    assert str(reply.code) in str(refusal.value.message)
    assert reply.text.split()[0] in str(refusal.value.message)
    assert refusal.value.exit_code == UNUSABLE


def test_a_reply_moves_nobodys_cursor(scripted: MailServer) -> None:
    said = "5.1.1 \x1b[2J\x1b]0;title\x07 no\tsuch\u202euser \x9b1m"
    reply, _ = attempt(scripted, Rule("rcpt", Reply(550, said), recipient=ANA))
    assert reply.text.isprintable()
    assert reply.text.startswith("550 5.1.1 ")
    assert "no such" in reply.text


@pytest.mark.parametrize("event", ["mail", "rcpt", "data"])
@pytest.mark.parametrize(
    "action",
    [Drop(), Reply(421, "4.3.2 Closing"), Garbage(), HalfLine()],
    ids=["dropped", "421", "garbage", "half a line"],
)
def test_a_line_lost_before_the_text_leaves_the_delivery_as_it_was(
    scripted: MailServer, event: Event, action: Action
) -> None:
    before = texts(scripted)
    reply, session = attempt(scripted, Rule(event, action))
    assert reply.outcome is Outcome.PLANNED
    assert not session.is_open
    assert texts(scripted) == before


def test_silence_before_the_text_leaves_the_delivery_as_it_was(scripted: MailServer) -> None:
    reply, session = attempt(scripted, Rule("rcpt", StaySilent(2)), timeout=0.3)
    assert reply.outcome is Outcome.PLANNED
    assert not session.is_open


@pytest.mark.parametrize(
    "action",
    [Drop(), StaySilent(2), Garbage(), HalfLine(), HalfLine(b"2"), HalfLine(b"xx"), Reply(354, "Go on")],
    ids=["dropped", "silent", "garbage", "half a number", "one figure", "half garbage", "no answer to a text"],
)
def test_a_line_lost_after_the_text_is_uncertain_and_never_a_yes_or_a_no(scripted: MailServer, action: Action) -> None:
    reply, session = attempt(scripted, Rule("text", action), timeout=0.5)
    assert reply.outcome is Outcome.UNCERTAIN
    assert not session.is_open


def test_a_line_lost_within_the_text_is_uncertain(scripted: MailServer) -> None:
    long = MESSAGE + b"x" * 76 + b"\r\n"
    scripted.change_rules(Rule("text", DropAfterBytes(100)))
    reply = deliver(through(scripted).session(), an_envelope(), long * 40_000)
    assert reply.outcome is Outcome.UNCERTAIN


def test_a_421_in_place_of_an_answer_to_the_text_means_that_it_was_not_taken(scripted: MailServer) -> None:
    reply, session = attempt(scripted, Rule("text", Reply(421, "4.3.2 Shutting down")))
    assert reply.outcome is Outcome.PLANNED
    assert not session.is_open


def test_after_a_lost_line_a_new_session_goes_on(scripted: MailServer) -> None:
    scripted.change_rules(Rule("rcpt", Drop(), times=1))
    way = through(scripted)
    assert deliver(way.session(), an_envelope(), MESSAGE).outcome is Outcome.PLANNED
    assert deliver(way.session(), an_envelope(), MESSAGE).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("event", "action", "fact"),
    [
        ("connect", Reply(554, "5.3.2 Not today"), "554"),
        ("connect", Drop(), ""),
        ("connect", Garbage(), ""),
        ("connect", StaySilent(2), ""),
        ("connect", Reply(421, "4.3.2 Too many connections"), "421"),
    ],
    ids=["554", "dropped", "garbage", "silent", "421"],
)
def test_a_server_that_does_not_greet_is_unusable(
    scripted: MailServer, event: Event, action: Action, fact: str
) -> None:
    scripted.change_rules(Rule(event, action))
    with pytest.raises(TransportUnusable) as refusal:
        through(scripted, timeout=0.3).session()
    said = str(refusal.value.message)
    assert f"{scripted.host}:{scripted.port}" in said
    assert fact in said


def test_a_server_that_is_down_is_unusable_and_named() -> None:
    with MailServer() as stopped:
        way = through(stopped)
    with pytest.raises(TransportUnusable) as refusal:
        way.session()
    assert f"{stopped.host}:{stopped.port}" in str(refusal.value.message)


def test_a_host_that_does_not_exist_is_unusable_and_named() -> None:
    way = SmtpTransport(Smtp(host="smtp.nowhere.invalid", port=2525, security="none"), "", 2)
    with pytest.raises(TransportUnusable, match=r"smtp\.nowhere\.invalid:2525"):
        way.session()


def test_closing_a_line_that_the_server_has_left_is_no_fault(scripted: MailServer) -> None:
    _, session = attempt(scripted, Rule("quit", Drop()))
    session.close()
    session.close()


def trusted(monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    """Let this process trust the server's authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))


@pytest.fixture(scope="module")
def secure() -> Iterator[MailServer]:
    """A server with STARTTLS and a login, as an office has one."""
    with MailServer(starttls=True, users={"prensa": "secreto"}) as started:
        yield started


def test_a_login_goes_over_a_protected_line_only(secure: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted(monkeypatch, secure)
    session = through(secure, security="starttls", username="prensa").session()
    assert deliver(session, an_envelope(), MESSAGE).outcome is Outcome.ACCEPTED
    session.close()
    message = secure.messages()[-1]
    assert (message.tls, message.user, message.content) == (True, "prensa", MESSAGE)
    assert all(command.tls for command in secure.commands() if command.name in ("auth", "mail", "rcpt", "data"))


def test_a_line_may_be_protected_from_its_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(implicit_tls=True, users={"prensa": "secreto"}) as server:
        trusted(monkeypatch, server)
        session = through(server, security="tls", username="prensa").session()
        assert deliver(session, an_envelope(), MESSAGE).outcome is Outcome.ACCEPTED
        assert server.messages()[-1].tls


def no_session(way: SmtpTransport) -> str:
    """The sentence with which a transport says that it cannot be used."""
    with pytest.raises(TransportUnusable) as refusal:
        way.session()
    assert refusal.value.hint is not None
    return str(refusal.value.message)


def test_a_refused_login_is_said_with_the_servers_words_and_never_the_secret(
    secure: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted(monkeypatch, secure)
    settings = Smtp(host=secure.host, port=secure.port, security="starttls", username="prensa")
    said = no_session(SmtpTransport(settings, "equivocado", 5))
    assert "prensa" in said
    assert "535" in said
    assert "equivocado" not in said


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: MailServer) -> None:
    before = len(secure.commands())
    said = no_session(through(secure, security="starttls", username="prensa"))
    assert f"{secure.host}:{secure.port}" in said
    assert "certificate" in said
    assert not [command for command in secure.commands()[before:] if command.name in ("auth", "mail")]


def test_a_certificate_of_another_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(starttls=True, users={"prensa": "secreto"}, wrong_host_name=True) as server:
        trusted(monkeypatch, server)
        said = no_session(through(server, security="starttls", username="prensa"))
        assert "certificate" in said
        assert not [command for command in server.commands() if command.name in ("auth", "mail")]


def test_nothing_goes_over_an_open_line_where_starttls_is_asked_for(scripted: MailServer) -> None:
    before = len(scripted.commands())
    said = no_session(through(scripted, security="starttls"))
    assert "STARTTLS" in said
    assert not [command for command in scripted.commands()[before:] if command.name in ("auth", "mail")]


def test_a_server_that_declines_starttls_gets_nothing(secure: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted(monkeypatch, secure)
    secure.change_rules(Rule("starttls", Reply(454, "4.7.0 TLS not available")))
    before = len(secure.commands())
    no_session(through(secure, security="starttls", username="prensa"))
    secure.change_rules()
    assert not [command for command in secure.commands()[before:] if command.name in ("auth", "mail")]
