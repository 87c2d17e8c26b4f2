"""The recording mail server does what the tests that rely on it will ask of it."""

import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.mail_server import (
    Action,
    Chatter,
    Drop,
    DropAfterBytes,
    Event,
    Garbage,
    HalfLine,
    MailServer,
    MailServerError,
    Reply,
    Rule,
    StaySilent,
)
from support.offices import ROOT
from support.processes import is_alive, until

USERS = {"prensa": "secreto"}
TEXT = b"Subject: Prueba\r\n\r\nHola\r\n"
ANA, LUIS = "ana@example.org", "luis@example.org"


@pytest.fixture(scope="module")
def plain_server() -> Iterator[MailServer]:
    """A server without TLS or login, started once."""
    with MailServer() as server:
        yield server


@pytest.fixture
def shared(plain_server: MailServer) -> MailServer:
    """The plain server without any rules, for the tests that only change them."""
    plain_server.change_rules()
    return plain_server


def client(server: MailServer, timeout: float = 5) -> smtplib.SMTP:
    """Connect in the clear."""
    return smtplib.SMTP(server.host, server.port, local_hostname="client", timeout=timeout)


def send(server: MailServer, *recipients: str, timeout: float = 5) -> dict[str, tuple[int, bytes]]:
    """Send one message and return the refused recipients."""
    with client(server, timeout) as smtp:
        return smtp.sendmail("prensa@example.org", recipients or [ANA], TEXT)


def script(server: MailServer, event: Event, action: Action, times: int | None = None) -> None:
    """Put one rule in force instead of all others."""
    server.change_rules(Rule(event, action, times=times))


def talk(server: MailServer, *sent: bytes) -> bytes:
    """Send raw bytes after the greeting, then return all that the server says until it hangs up."""
    with socket.create_connection((server.host, server.port), timeout=5) as line, line.makefile("rb") as replies:
        replies.readline()
        for part in sent:
            line.sendall(part)
        return replies.read()


def test_a_message_is_recorded_with_its_envelope_and_exact_bytes(shared: MailServer) -> None:
    before = len(shared.messages())
    content = b"Subject: puntos\r\n\r\n.\r\n..uno\r\n\xe1 8 bits\r\n.\r\n\r\n"
    with client(shared) as smtp:
        smtp.sendmail("prensa@example.org", [ANA, LUIS], content, mail_options=["BODY=8BITMIME"])
    [message] = shared.messages()[before:]
    assert message.content == content
    assert (message.sender, message.recipients) == ("prensa@example.org", (ANA, LUIS))
    assert (message.tls, message.user) == (False, None)
    assert message.options == (f"size={len(content)}", "BODY=8BITMIME")
    assert abs(message.received_at.timestamp() - time.time()) < 60


def test_dots_line_ends_and_empty_texts_survive_byte_by_byte(shared: MailServer) -> None:
    before = len(shared.messages())
    envelope = b"MAIL FROM:<>\r\nRCPT TO:<ana@example.org>\r\nDATA\r\n"
    stuffed = [b"..\r\n\n.\n..a\r.\r\n...\r\n.\r\n", b".\r\n", b"\r\n.\r\n"]
    whole = b"EHLO x\r\n" + b"".join(envelope + text for text in stuffed) + b"QUIT\r\n"
    talk(shared, *(whole[at : at + 1] for at in range(len(whole))))
    assert [message.content for message in shared.messages()[before:]] == [b".\r\n\n.\n..a\r.\r\n..\r\n", b"", b"\r\n"]


def test_commands_pipelined_in_one_packet_are_answered_in_order(shared: MailServer) -> None:
    before = len(shared.messages())
    envelope = b"HELO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nRCPT TO:<bad\r\n"
    replies = talk(shared, envelope + b"DATA\r\n" + TEXT + b".\r\nNOPE\r\nRSET\r\nQUIT\r\n").splitlines()
    assert [reply[:3] for reply in replies] == [b"250", b"250", b"250", b"501", b"354", b"250", b"500", b"250", b"221"]
    [message] = shared.messages()[before:]
    assert message.content == TEXT
    names = [command.name for command in shared.commands(message.session)]
    assert names == ["connect", "helo", "mail", "rcpt", "rcpt", "data", "text", "other", "rset", "quit"]


def test_the_command_log_keeps_the_lines_of_each_session_apart(shared: MailServer) -> None:
    with client(shared) as first, client(shared) as second:
        first.docmd("NOOP uno")
        second.docmd("NOOP dos")
        first.docmd("noop tres")
    noops = [command for command in shared.commands() if command.name == "noop"][-3:]
    assert [command.line for command in noops] == ["NOOP uno", "NOOP dos", "noop tres"]
    assert noops[0].session == noops[2].session == noops[1].session - 1


def test_commands_out_of_sequence_are_refused(shared: MailServer) -> None:
    with client(shared) as smtp:
        assert smtp.mail("a@b.c")[0] == 503
        smtp.ehlo()
        assert smtp.rcpt("a@b.c")[0] == 503
        assert smtp.docmd("DATA")[0] == 503
        assert smtp.mail("a@b.c")[0] == 250
        assert smtp.docmd("DATA")[0] == 554
        assert smtp.docmd("STARTTLS")[0] == 503
        assert smtp.docmd("AUTH PLAIN")[0] == 503


def test_starttls_hides_the_login_until_the_line_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(starttls=True, users=USERS) as server, client(server) as smtp:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        assert not smtp.has_extn("auth")
        assert smtp.docmd("AUTH PLAIN AHByZW5zYQBzZWNyZXRv")[0] == 530
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
        assert smtp.has_extn("auth")
        assert not smtp.has_extn("starttls")
        assert smtp.mail("a@b.c") == (530, b"5.7.0 Authentication required")
        smtp.login("prensa", "secreto")
        smtp.sendmail("prensa@example.org", [ANA], TEXT)
        [message] = server.messages()
        assert (message.tls, message.user) == (True, "prensa")
        assert [command.tls for command in server.commands() if command.name == "ehlo"] == [False, True]


def test_commands_injected_ahead_of_tls_are_forgotten() -> None:
    with MailServer(starttls=True) as server:
        line = socket.create_connection((server.host, server.port), timeout=5)
        line.recv(1000)
        line.sendall(b"STARTTLS\r\nNOOP injected\r\n")
        assert line.recv(1000).startswith(b"220")
        trusting = ssl.create_default_context(cafile=server.ca_file)
        with trusting.wrap_socket(line, server_hostname="localhost") as safe:
            safe.sendall(b"QUIT\r\n")
            assert safe.recv(1000).startswith(b"221")
        assert [command.name for command in server.commands()] == ["connect", "starttls", "quit"]


def test_implicit_tls_speaks_nothing_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(implicit_tls=True, users=USERS) as server:
        with pytest.raises(ssl.SSLCertVerificationError, match="local issuer"):
            smtplib.SMTP_SSL(server.host, server.port, "client", context=ssl.create_default_context())
        monkeypatch.setenv("SSL_CERT_FILE", str(server.ca_file))
        with smtplib.SMTP_SSL("localhost", server.port, "client", context=ssl.create_default_context()) as smtp:
            smtp.login("prensa", "secreto")
            assert not smtp.has_extn("starttls")
            smtp.sendmail("prensa@example.org", [ANA], TEXT)
        with pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError)):
            client(server, timeout=0.1)
        assert [(message.tls, message.user) for message in server.messages()] == [(True, "prensa")]


def test_a_certificate_can_bear_the_wrong_host_name() -> None:
    with MailServer(starttls=True, wrong_host_name=True) as server, client(server) as smtp:
        trusting = ssl.create_default_context(cafile=server.ca_file)
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            smtp.starttls(context=trusting)


@pytest.fixture(scope="module")
def with_login() -> Iterator[MailServer]:
    """A server that wants a login but has no TLS."""
    with MailServer(users=USERS) as server:
        yield server


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("initial", [True, False])
def test_both_login_mechanisms_work_with_and_without_an_initial_response(
    with_login: MailServer, mechanism: str, initial: bool
) -> None:
    with client(with_login) as smtp:
        smtp.ehlo()
        smtp.user, smtp.password = "prensa", "otro"
        respond = smtp.auth_plain if mechanism == "PLAIN" else smtp.auth_login
        with pytest.raises(smtplib.SMTPAuthenticationError, match=r"535, b'5\.7\.8"):
            smtp.auth(mechanism, respond, initial_response_ok=initial)
        smtp.password = "secreto"
        assert smtp.auth(mechanism, respond, initial_response_ok=initial)[0] == 235
        assert smtp.mail("a@b.c")[0] == 250


def test_a_broken_login_is_refused_without_harm(with_login: MailServer) -> None:
    with client(with_login) as smtp:
        smtp.ehlo()
        assert smtp.docmd("AUTH CRAM-MD5")[0] == 504
        assert smtp.docmd("AUTH PLAIN not-base64!")[0] == 501
        assert smtp.docmd("AUTH LOGIN")[0] == 334
        assert smtp.docmd("*")[0] == 501
        assert smtp.docmd("AUTH PLAIN AHByZW5zYQBzZWNyZXRv")[0] == 235


def test_login_can_be_offered_without_being_required() -> None:
    with MailServer(users=USERS, login_required=False) as server:
        assert send(server) == {}


def test_the_extensions_offered_are_a_choice(shared: MailServer) -> None:
    names = {"size", "pipelining", "8bitmime", "smtputf8"}
    with client(shared) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features.keys() >= names
    bare = MailServer(pipelining=False, smtputf8=False, eight_bit_mime=False, size=None)
    with bare, client(bare) as smtp:
        smtp.ehlo()
        assert not smtp.esmtp_features.keys() & names
        assert smtp.docmd("MAIL FROM:<a@b.c> SMTPUTF8")[0] == 555
        assert smtp.docmd("MAIL FROM:<a@b.c> BODY=8BITMIME")[0] == 555


def test_an_international_address_needs_smtputf8(shared: MailServer) -> None:
    with client(shared) as smtp:
        smtp.command_encoding = "utf-8"
        smtp.ehlo()
        assert smtp.mail("josé@example.org")[0] == 553
        assert smtp.mail("a@b.c", ["SMTPUTF8"])[0] == 250
        assert smtp.rcpt("josé@example.org")[0] == 250
        assert smtp.data(TEXT)[0] == 250
    assert shared.messages()[-1].recipients == ("josé@example.org",)
    assert shared.messages()[-1].options == ("SMTPUTF8",)


def test_a_message_over_the_size_limit_is_refused_before_and_after_its_text() -> None:
    with MailServer(size=100) as server, client(server) as smtp:
        smtp.ehlo()
        assert smtp.mail("a@b.c", ["SIZE=101"])[0] == 552
        smtp.mail("a@b.c")
        smtp.rcpt(ANA)
        assert smtp.data(b"x" * 99)[0] == 552
        assert server.messages() == server.swallowed() == []


@pytest.mark.parametrize("event", ["connect", "ehlo", "mail", "rcpt", "data", "text"])
def test_any_step_can_be_answered_with_a_scripted_reply(shared: MailServer, event: Event) -> None:
    before = len(shared.messages())
    shared.change_rules(
        Rule(event, Reply(451, "4.7.1 Uno\n4.7.1 Dos"), times=1), Rule("helo", Reply(451, "4.7.1 Uno\n4.7.1 Dos"))
    )
    with pytest.raises(smtplib.SMTPException, match=r"4\.7\.1 Uno\\n4\.7\.1 Dos"):
        send(shared)
    assert len(shared.messages()) == before
    send(shared)
    assert len(shared.messages()) == before + 1


@pytest.mark.parametrize("event", ["rset", "noop", "quit", "other"])
def test_the_small_commands_can_be_scripted_too(shared: MailServer, event: Event) -> None:
    script(shared, event, Reply(499, "Hoy no"), times=1)
    with client(shared) as smtp:
        assert smtp.docmd(event.upper()) == (499, b"Hoy no")
        assert smtp.docmd("NOOP")[0] == 250


def test_starttls_and_auth_can_be_scripted() -> None:
    rules = [Rule("starttls", Reply(454, "4.7.0 Later"), times=1), Rule("auth", Reply(454, "4.7.0 Later"), nth=2)]
    with MailServer(starttls=True, users=USERS, rules=rules) as server, client(server) as smtp:
        assert smtp.docmd("STARTTLS")[0] == 454
        smtp.starttls(context=ssl.create_default_context(cafile=server.ca_file))
        smtp.ehlo()
        assert smtp.docmd("AUTH PLAIN AHByZW5zYQBvdHJv")[0] == 535
        assert smtp.docmd("AUTH PLAIN AHByZW5zYQBzZWNyZXRv") == (454, b"4.7.0 Later")
        assert smtp.mail("a@b.c")[0] == 530


def test_a_scripted_success_takes_effect_with_its_own_text(shared: MailServer) -> None:
    shared.change_rules(Rule("ehlo", Reply(250, "raro\nSIZE 7")), Rule("text", Reply(250, "2.0.0 Queued as 4711")))
    with client(shared) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features == {"size": "7"}
        smtp.mail("a@b.c")
        smtp.rcpt(ANA)
        before = len(shared.messages())
        assert smtp.data(TEXT) == (250, b"2.0.0 Queued as 4711")
        assert len(shared.messages()) == before + 1


def test_a_421_is_the_last_word_of_a_session(shared: MailServer) -> None:
    script(shared, "noop", Reply(421, "4.3.2 Closing"))
    assert talk(shared, b"NOOP\r\nNOOP\r\n") == b"421 4.3.2 Closing\r\n"
    script(shared, "noop", Reply(250, "2.0.0 Ok", then_drop=True))
    assert talk(shared, b"NOOP\r\nNOOP\r\n") == b"250 2.0.0 Ok\r\n"


def test_a_rule_can_single_out_a_recipient(shared: MailServer) -> None:
    shared.change_rules(Rule("rcpt", Reply(550, "5.1.1 Unknown"), recipient="Luis@example.org"))
    assert send(shared, ANA, LUIS) == {LUIS: (550, b"5.1.1 Unknown")}
    assert shared.messages()[-1].recipients == (ANA,)
    shared.change_rules(Rule("text", Reply(554, "5.7.1 Spam"), recipient=LUIS))
    with pytest.raises(smtplib.SMTPDataError, match="Spam"):
        send(shared, ANA, LUIS)
    assert send(shared, ANA) == {}


def test_a_rule_can_single_out_an_occurrence_over_all_sessions() -> None:
    rules = [Rule("rcpt", Reply(450), nth=3), Rule("rcpt", Reply(550), recipient=LUIS, nth=2)]
    with MailServer(rules=rules) as server:
        assert send(server, ANA, LUIS) == {}
        assert send(server, ANA, "eva@example.org") == {ANA: (450, b"")}
        assert send(server, ANA, LUIS) == {LUIS: (550, b"")}
        assert send(server, ANA, LUIS) == {}
        server.change_rules(Rule("rcpt", Reply(451), nth=9))
        assert send(server, LUIS, ANA) == {LUIS: (451, b"")}


def test_the_first_rule_that_matches_applies_until_it_is_used_up(shared: MailServer) -> None:
    shared.change_rules(
        Rule("rcpt", Reply(450), times=2), Rule("rcpt", Reply(451), recipient=ANA, times=1), Rule("rcpt", Reply(550))
    )
    with client(shared) as smtp:
        smtp.ehlo()
        smtp.mail("a@b.c")
        assert [smtp.rcpt(address)[0] for address in (ANA, LUIS, LUIS, ANA, ANA)] == [450, 450, 550, 451, 550]


@pytest.mark.parametrize("event", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_the_line_can_drop_before_any_reply(shared: MailServer, event: Event) -> None:
    before = len(shared.messages()), len(shared.swallowed())
    script(shared, event, Drop(), times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(shared)
    assert (len(shared.messages()), len(shared.swallowed())) == before


def test_the_line_can_drop_in_the_middle_of_the_text(shared: MailServer) -> None:
    before = len(shared.messages()), len(shared.swallowed())
    script(shared, "text", DropAfterBytes(len(TEXT) // 2))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(shared)
    assert (len(shared.messages()), len(shared.swallowed())) == before
    assert shared.commands()[-1].name == "data"


@pytest.mark.parametrize(
    "action", [Drop(), DropAfterBytes(10_000), HalfLine(), Garbage(b"\xff\xff\r\n"), StaySilent(0.05)]
)
def test_a_message_read_but_never_properly_answered_is_swallowed(shared: MailServer, action: Action) -> None:
    before = len(shared.messages()), len(shared.swallowed())
    script(shared, "text", action)
    with pytest.raises(smtplib.SMTPException):
        send(shared)
    assert (len(shared.messages()), len(shared.swallowed())) == (before[0], before[1] + 1)
    assert shared.swallowed()[-1].content == TEXT


def test_half_a_success_is_still_a_swallowed_message_though_smtplib_believes_it(shared: MailServer) -> None:
    before = len(shared.messages()), len(shared.swallowed())
    script(shared, "text", HalfLine(b"250 2.0.0 Que"))
    assert send(shared) == {}
    assert (len(shared.messages()), len(shared.swallowed())) == (before[0], before[1] + 1)


def test_garbage_and_half_lines_go_out_to_the_byte(shared: MailServer) -> None:
    shared.change_rules(Rule("noop", Garbage(b"\x00\xff\n"), times=1), Rule("noop", HalfLine(b"25")))
    assert talk(shared, b"NOOP\r\nNOOP\r\nNOOP\r\n") == b"\x00\xff\n25"


def test_silence_holds_the_line_open_and_then_drops_it(shared: MailServer) -> None:
    script(shared, "mail", StaySilent(60), times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(shared, timeout=0.1)
    script(shared, "noop", StaySilent(0.1))
    start = time.monotonic()
    assert talk(shared, b"NOOP\r\n") == b""
    assert time.monotonic() - start >= 0.1


def test_a_delayed_reply_comes_late_but_its_message_is_already_recorded(shared: MailServer) -> None:
    before = len(shared.messages())
    shared.change_rules(Rule("text", delay=60, times=1), Rule("noop", delay=0.1))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(shared, timeout=0.1)
    assert len(shared.wait_for_messages(before + 1)) == before + 1
    start = time.monotonic()
    assert talk(shared, b"NOOP\r\nQUIT\r\n").startswith(b"250")
    assert time.monotonic() - start >= 0.1


def test_a_delay_can_come_before_every_reply() -> None:
    with MailServer(delay=0.03) as server:
        start = time.monotonic()
        talk(server, b"NOOP\r\nNOOP\r\nQUIT\r\n")
        assert time.monotonic() - start >= 0.12


def test_changed_rules_are_in_force_within_a_running_session(shared: MailServer) -> None:
    with client(shared) as smtp:
        shared.change_rules(Rule("noop", Reply(450)))
        assert smtp.noop()[0] == 450
        shared.change_rules()
        assert smtp.noop()[0] == 250


@pytest.mark.parametrize(
    ("event", "details"),
    [
        ("helloo", {}),
        ("mail", {"recipient": ANA}),
        ("data", {"action": DropAfterBytes(1)}),
        ("rcpt", {"nth": 0}),
        ("rcpt", {"times": -1}),
    ],
)
def test_a_rule_that_could_never_apply_is_refused(event: Event, details: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Rule(event, **details)  # type: ignore[arg-type]


def test_many_messages_in_many_sessions_pass_quickly_and_whole() -> None:
    sessions, per_session = 40, 50
    message = b"MAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n" + b"0123456789\r\n" * 50 + b".\r\n"
    rules = [Rule("rcpt", Reply(550), recipient=f"nobody{number}@e.f") for number in range(2000)]
    with MailServer(rules=rules) as server, ThreadPoolExecutor(sessions) as pool:
        batch = b"EHLO x\r\n" + message * per_session + b"QUIT\r\n"
        list(pool.map(lambda _: talk(server, batch), range(sessions)))
        messages = server.messages()
    assert len(messages) == sessions * per_session
    assert {len(message.content) for message in messages} == {600}
    assert {message.session for message in messages} == set(range(1, sessions + 1))


def test_a_big_text_is_read_without_getting_slow(shared: MailServer) -> None:
    with client(shared, timeout=10) as smtp:
        smtp.sendmail("a@b.c", [ANA], b"x" * 70 + b"\r\n" + b"." * 5_000_000 + b"\r\n")
    assert shared.messages()[-1].content.endswith(b"." * 5_000_000 + b"\r\n")


def test_records_outlive_the_server_and_nothing_else_does() -> None:
    with MailServer(starttls=True) as server:
        folder, pid = server.ca_file.parent, server.pid
        assert folder.is_dir()
        idle = client(server)
        send(server)
    assert not folder.exists()
    assert not is_alive(pid)
    assert [message.content for message in server.messages()] == [TEXT]
    assert idle.sock is not None
    assert idle.sock.recv(1) == b""
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        client(server)


def test_a_stopped_server_can_come_back_on_its_port() -> None:
    with MailServer() as first:
        send(first)
    with MailServer(port=first.port) as second:
        send(second)
        assert (second.port, len(second.messages())) == (first.port, 1)


def test_unasked_words_follow_the_usual_reply_and_the_step_takes_effect(shared: MailServer) -> None:
    before = len(shared.messages())
    shared.change_rules(Rule("mail", Chatter()), Rule("text", Chatter(b"garbage\r\n")))
    envelope = b"HELO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nDATA\r\n"
    replies = talk(shared, envelope + TEXT + b".\r\nQUIT\r\n").splitlines()
    shared.change_rules()
    assert [reply[:3] for reply in replies] == [b"250", b"250", b"250", b"250", b"354", b"250", b"gar", b"221"]
    assert [message.content for message in shared.messages()[before:]] == [TEXT]


def test_new_rules_may_leave_the_sessions_alone_that_there_are(shared: MailServer) -> None:
    with client(shared) as old, client(shared) as new:
        old.ehlo()
        shared.change_rules(Rule("noop", Reply(451, "4.3.0 Later")), new_sessions_only=True)
        assert old.noop()[0] == new.noop()[0] == 250
        with client(shared) as newest:
            assert newest.noop()[0] == 451
    shared.change_rules()


def test_a_server_may_forget_what_came_together_with_a_command() -> None:
    with MailServer(forgets_pipelined=True) as server, client(server) as smtp:
        smtp.send(b"EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\n")
        assert smtp.getreply()[0] == 250
        assert smtp.noop()[0] == 250
        assert [command.name for command in server.commands()] == ["connect", "ehlo", "noop"]
        assert send(server) == {}


def test_a_server_may_take_a_text_for_nobody() -> None:
    with MailServer(data_without_recipients=True) as server:
        replies = talk(server, b"HELO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<bad\r\nDATA\r\n.\r\nQUIT\r\n").splitlines()
        assert [reply[:3] for reply in replies] == [b"250", b"250", b"501", b"354", b"250", b"221"]
        assert [(message.recipients, message.content) for message in server.messages()] == [((), b"")]


def test_records_survive_when_the_server_is_killed() -> None:
    with MailServer(starttls=True) as server:
        folder = server.ca_file.parent
        send(server)
        os.kill(server.pid, signal.SIGKILL)
    assert len(server.messages()) == 1
    assert not folder.exists()


def test_a_failing_test_stops_the_server_too() -> None:
    seen: list[tuple[int, Path]] = []

    def failing_test() -> None:
        with MailServer(implicit_tls=True) as server:
            seen.append((server.pid, server.ca_file.parent))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing_test()
    [(pid, folder)] = seen
    assert not is_alive(pid)
    assert not folder.exists()


def test_a_stopped_server_can_be_asked_for_its_records_only() -> None:
    with MailServer() as server:
        pass
    server.stop()
    assert not server.messages()
    assert not server.commands()
    for ask in (server.change_rules, lambda: server.pid, lambda: server.ca_file):
        with pytest.raises(MailServerError):
            ask()


def test_a_server_that_cannot_start_says_why(shared: MailServer) -> None:
    with pytest.raises(MailServerError, match="Address already in use"):
        MailServer(port=shared.port).start()


def test_the_server_ends_by_itself_when_its_parent_is_killed() -> None:
    program = """
        import os, signal, sys
        from support.mail_server import MailServer
        server = MailServer(starttls=True).start()
        print(server.pid, server.ca_file.parent, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    path = str(ROOT / "tests")
    command = [sys.executable, "-c", textwrap.dedent(program)]
    said = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, check=False).stdout
    pid, folder = said.decode().split()
    until(lambda: not is_alive(int(pid)) and not Path(folder).exists())
