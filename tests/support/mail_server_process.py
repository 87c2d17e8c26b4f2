"""The process behind MailServer: an SMTP server by hand, since tests need every byte and every fault under control.

It takes its settings, and then new rules, on stdin; it ends when stdin does, so it never outlives its parent.
"""

import base64
import itertools
import json
import pickle
import re
import socket
import ssl
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from .mail_server import (
    Action,
    Change,
    Chatter,
    Drop,
    DropAfterBytes,
    Event,
    Garbage,
    HalfLine,
    Ready,
    Reply,
    Rule,
    Settings,
    StaySilent,
)

PATH = re.compile(r'(FROM|TO):\s*<((?:"(?:\\.|[^"\\])*"|[^">])*)>\s*(.*)', re.IGNORECASE)
FINAL_DOT = b"\r\n.\r\n"


class SessionOver(Exception):
    """The session ends here, without another word."""


class SecuredSocket(ssl.SSLSocket):
    """Closes itself, which ssl forgets where a line that was reset cannot be wrapped."""

    def __del__(self) -> None:
        """Close."""
        self.close()


class Wire:
    """The bytes of one connection, however they are cut into packets."""

    def __init__(self, connection: socket.socket) -> None:
        """Take over the connection."""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection = connection
        self._buffer = bytearray()

    def read_line(self) -> str:
        """Return the next line without its end."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            self._receive()
        return self._take(end + 1).decode("utf-8", "surrogateescape").rstrip("\r\n")

    def read_text(self, at_most: int) -> bytes:
        """Return the text up to the final dot, unstuffed; the session is over if it takes more bytes than that."""
        searched = 0
        while not (end := self._end_of_text(searched)):
            searched = max(0, len(self._buffer) - len(FINAL_DOT) + 1)
            if len(self._buffer) >= at_most:
                raise SessionOver
            self._receive()
        if end > at_most:
            raise SessionOver
        stuffed = b"\r\n" + self._take(end)[:-3]
        return stuffed.replace(b"\r\n.", b"\r\n")[2:]

    def send(self, data: bytes) -> None:
        """Send all of it."""
        try:
            self.connection.sendall(data)
        except OSError as error:
            raise SessionOver from error

    def forget(self) -> None:
        """Forget what has come and was not read."""
        self._buffer.clear()

    def secure(self, context: ssl.SSLContext) -> None:
        """Go on in TLS, and forget what was sent ahead of it in the clear."""
        self.forget()
        try:
            secured = context.wrap_socket(self.connection, server_side=True, do_handshake_on_connect=False)
            self.connection = secured
            secured.do_handshake()
        except OSError as error:
            raise SessionOver from error

    def hang_up(self) -> None:
        """Shut the line in both directions, also under a thread that waits on it."""
        with suppress(OSError):
            socket.socket.shutdown(self.connection, socket.SHUT_RDWR)  # not SSLSocket's, which changes its state

    def _end_of_text(self, searched: int) -> int:
        if self._buffer.startswith(FINAL_DOT[2:]):
            return len(FINAL_DOT) - 2
        start = self._buffer.find(FINAL_DOT, searched)
        return start + len(FINAL_DOT) if start >= 0 else 0

    def _receive(self) -> None:
        try:
            received = self.connection.recv(65536)
        except OSError as error:
            raise SessionOver from error
        if not received:
            raise SessionOver
        self._buffer += received

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken


class Script:
    """The rules in force, looked up without walking through them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Count events from here on."""
        self._lock = threading.Lock()
        self._seen: Counter[tuple[str, str | None]] = Counter()
        self.replace(rules)

    def replace(self, rules: Sequence[Rule], after: int = 0) -> None:
        """Put these rules in force for the sessions after this one, and go on counting."""
        queues: dict[tuple[str, str | None, int | None], deque[tuple[int, Rule]]] = {}
        for position, rule in enumerate(rules):
            recipient = rule.recipient and rule.recipient.lower()
            queues.setdefault((rule.on, recipient, rule.nth), deque()).append((position, rule))
        with self._lock:
            self._after = after
            self._queues = queues
            self._uses: Counter[int] = Counter()

    def choose(self, event: Event, recipients: Iterable[str], session: int) -> Rule | None:
        """Count the event and return the rule that applies to it, if any."""
        with self._lock:
            if session <= self._after:
                return None
            queue = min(self._matching(event, recipients), key=lambda queue: queue[0][0], default=None)
            if queue is None:
                return None
            position, rule = queue[0]
            self._uses[position] += 1
            if self._uses[position] == rule.times:
                queue.popleft()
            return rule

    def _matching(self, event: Event, recipients: Iterable[str]) -> Iterator[deque[tuple[int, Rule]]]:
        for recipient in (None, *{recipient.lower() for recipient in recipients}):
            self._seen[event, recipient] += 1
            for nth in (None, self._seen[event, recipient]):
                if queue := self._queues.get((event, recipient, nth)):
                    yield queue


class Records:
    """An append-only file of JSON lines."""

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self._file = path.open("ab")
        self._lock = threading.Lock()

    def add(self, **row: Any) -> None:
        """Write one row and flush it."""
        line = json.dumps(row | {"received_at": time.time()}).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Server:
    """The listener and what all sessions share."""

    def __init__(self, settings: Settings, directory: Path) -> None:
        """Listen, and serve in the background."""
        self.settings = settings
        self.script = Script(settings.rules)
        self.messages = Records(directory / "messages.jsonl")
        self.swallowed = Records(directory / "swallowed.jsonl")
        self.commands = Records(directory / "commands.jsonl")
        self.tls = _tls_context(settings, directory) if settings.starttls or settings.implicit_tls else None
        self.closing = threading.Event()
        self._latest = 0
        self._sessions: dict[threading.Thread, Session] = {}
        self._listener = socket.create_server((settings.host, settings.port), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def change(self, change: Change) -> None:
        """Put new rules in force."""
        self.script.replace(change.rules, self._latest if change.new_sessions_only else 0)

    def stop(self) -> None:
        """Close the listener and drop every session."""
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(timeout=2)
        self._listener.close()
        deadline = time.monotonic() + 5
        while (sessions := self._sessions.copy()) and time.monotonic() < deadline:
            for session in sessions.values():
                session.wire.hang_up()
            for thread in sessions:
                thread.join(timeout=0.05)
        for records in (self.messages, self.swallowed, self.commands):
            records.close()

    def _accept(self) -> None:
        for number in itertools.count(1):
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self.closing.is_set():
                connection.close()
                return
            self._latest = number
            session = Session(self, connection, number)
            thread = threading.Thread(target=self._serve, args=(session,), daemon=True)
            self._sessions[thread] = session
            thread.start()

    def _serve(self, session: "Session") -> None:
        try:
            session.run()
        except Exception:
            traceback.print_exc()  # here and not by the thread's end, so that stop waits for it
        finally:
            del self._sessions[threading.current_thread()]


class Session:
    """One connection's dialogue; what a rule says replaces the usual reply."""

    def __init__(self, server: Server, connection: socket.socket, number: int) -> None:
        """Prepare the dialogue without a word."""
        self.wire = Wire(connection)
        self._server, self._settings, self._number = server, server.settings, number
        self._tls = self._greeted = False
        self._user: str | None = None
        self._forget_envelope()

    def run(self) -> None:
        """Hold the dialogue until one side ends it."""
        try:
            with suppress(SessionOver):
                self._converse()
        finally:
            self.wire.hang_up()
            self.wire.connection.close()

    def _converse(self) -> None:
        if self._settings.implicit_tls:
            self._secure()
        self._log("connect", "")
        self._answer("connect", Reply(220, "mail.example.test ESMTP"))
        while True:
            line = self.wire.read_line()
            verb, _, argument = line.partition(" ")
            name, handle = HANDLERS.get(verb.lower(), HANDLERS["other"])
            self._log(name, line)
            handle(self, argument.strip())

    def _answer(self, event: Event, usual: Reply, *recipients: str) -> bool:
        """Reply as the script says, or as usual; return whether the step takes effect."""
        return self._perform(self._server.script.choose(event, recipients, self._number), usual)

    def _perform(self, rule: Rule | None, usual: Reply) -> bool:
        self._pause(self._settings.delay + (rule.delay if rule else 0))
        while rule and rule.until and not rule.until.exists():
            self._pause(0.01)
        if self._settings.forgets_pipelined:
            self.wire.forget()
        action = _action(rule, usual)
        match action:
            case Reply():
                self.wire.send(_encoded(action))
                if action.then_drop or action.code == 421:
                    raise SessionOver
                return _takes_effect(action, usual)
            case Garbage():
                self.wire.send(action.data)
                return False
            case Chatter():
                self.wire.send(_encoded(usual) + action.data)
                return _takes_effect(usual, usual)
            case HalfLine():
                self.wire.send(action.data)
            case StaySilent():
                self._pause(action.seconds)
            case Drop() | DropAfterBytes():
                pass
        raise SessionOver

    def _pause(self, seconds: float) -> None:
        if seconds > 0 and self._server.closing.wait(seconds):
            raise SessionOver

    def _log(self, name: Event, line: str) -> None:
        self._server.commands.add(name=name, line=line, session=self._number, tls=self._tls)

    def _secure(self) -> None:
        assert self._server.tls is not None
        self.wire.secure(self._server.tls)
        self._tls, self._greeted, self._user = True, False, None
        self._forget_envelope()

    def _forget_envelope(self) -> None:
        self._sender: str | None = None
        self._options: list[str] = []
        self._recipients: list[str] = []

    def _on_ehlo(self, _: str) -> None:
        if self._answer("ehlo", Reply(250, "\n".join(["mail.example.test", *self._extensions()]))):
            self._greeted = True
            self._forget_envelope()

    def _on_helo(self, _: str) -> None:
        if self._answer("helo", Reply(250, "mail.example.test")):
            self._greeted = True
            self._forget_envelope()

    def _extensions(self) -> list[str]:
        settings = self._settings
        offers = {
            f"SIZE {settings.size}": settings.size is not None,
            "PIPELINING": settings.pipelining,
            "8BITMIME": settings.eight_bit_mime,
            "SMTPUTF8": settings.smtputf8,
            "ENHANCEDSTATUSCODES": True,
            "STARTTLS": settings.starttls and not self._tls,
            "AUTH PLAIN LOGIN": self._takes_login(),
        }
        return [extension for extension, offered in offers.items() if offered]

    def _takes_login(self) -> bool:
        return bool(self._settings.users) and (self._tls or not self._settings.starttls)

    def _on_starttls(self, _: str) -> None:
        usual = Reply(220, "2.0.0 Ready to start TLS")
        if not self._settings.starttls or self._tls:
            usual = Reply(503, "5.5.1 STARTTLS not available")
        if self._answer("starttls", usual):
            self._secure()

    def _on_auth(self, argument: str) -> None:
        user, usual = None, self._refusal_of_auth()
        if usual is None:
            user, usual = self._judge_login(argument)
        if self._answer("auth", usual):
            self._user = user

    def _refusal_of_auth(self) -> Reply | None:
        if not self._settings.users or not self._greeted or self._user is not None or self._sender is not None:
            return Reply(503, "5.5.1 AUTH not available now")
        if not self._takes_login():
            return Reply(530, "5.7.0 Must issue a STARTTLS command first")
        return None

    def _judge_login(self, argument: str) -> tuple[str | None, Reply]:
        mechanism, _, initial = argument.partition(" ")
        if mechanism.upper() not in ("PLAIN", "LOGIN"):
            return None, Reply(504, "5.5.4 Unrecognized authentication type")
        try:
            if mechanism.upper() == "PLAIN":
                _, user, secret = (_unbase64(initial) or self._prompt("")).split("\0")
            else:
                user = _unbase64(initial) or self._prompt("Username:")
                secret = self._prompt("Password:")
        except ValueError:
            return None, Reply(501, "5.5.2 Cannot decode the response")
        if self._settings.users.get(user) != secret:
            return None, Reply(535, "5.7.8 Authentication credentials invalid")
        return user, Reply(235, "2.7.0 Authentication successful")

    def _prompt(self, text: str) -> str:
        self.wire.send(_encoded(Reply(334, base64.b64encode(text.encode()).decode())))
        return _unbase64(self.wire.read_line())

    def _on_mail(self, argument: str) -> None:
        path = PATH.fullmatch(argument)
        options = path[3].split() if path else []
        sender = path[2] if path and path[1].upper() == "FROM" else None
        usual = self._refusal_of_mail() or self._refusal_of_path(sender, options) or Reply(250, "2.1.0 Sender ok")
        if self._answer("mail", usual):
            self._sender, self._options = sender, options

    def _refusal_of_mail(self) -> Reply | None:
        if self._settings.users and self._settings.login_required and self._user is None:
            return Reply(530, "5.7.0 Authentication required")
        if not self._greeted or self._sender is not None:
            return Reply(503, "5.5.1 Bad sequence of commands")
        return None

    def _refusal_of_path(self, address: str | None, options: list[str]) -> Reply | None:
        if address is None:
            return Reply(501, "5.5.4 Syntax error in the path")
        known = {"SIZE": self._settings.size is not None, "BODY": self._settings.eight_bit_mime}
        known |= {"SMTPUTF8": self._settings.smtputf8, "AUTH": bool(self._settings.users)}
        for option in options:
            name, _, value = option.upper().partition("=")
            if not known.get(name):
                return Reply(555, f"5.5.4 Unsupported option {name}")
            if name == "SIZE" and not (value.isdecimal() and self._fits(int(value))):
                return Reply(552, "5.3.4 Message too big")
        if not address.isascii() and "SMTPUTF8" not in map(str.upper, options):
            return Reply(553, "5.6.7 Address needs SMTPUTF8")
        return None

    def _fits(self, size: int) -> bool:
        return self._settings.size is None or size <= self._settings.size

    def _on_rcpt(self, argument: str) -> None:
        path = PATH.fullmatch(argument)
        address = path[2] if path and path[1].upper() == "TO" and path[2] else None
        usual = Reply(250, "2.1.5 Recipient ok")
        if self._sender is None:
            usual = Reply(503, "5.5.1 Bad sequence of commands")
        elif address is None or path is None or path[3]:
            usual = Reply(501, "5.5.4 Syntax error in the path")
        elif not address.isascii() and "SMTPUTF8" not in map(str.upper, self._options):
            usual = Reply(553, "5.6.7 Address needs SMTPUTF8")
        if self._answer("rcpt", usual, *filter(None, [address])) and address:
            self._recipients.append(address)

    def _on_data(self, _: str) -> None:
        usual = Reply(354, "End data with <CR><LF>.<CR><LF>")
        if self._sender is None:
            usual = Reply(503, "5.5.1 Bad sequence of commands")
        elif not self._recipients and not self._settings.data_without_recipients:
            usual = Reply(554, "5.5.1 No valid recipients")
        if self._answer("data", usual, *self._recipients):
            self._take_text()

    def _take_text(self) -> None:
        rule = self._server.script.choose("text", self._recipients, self._number)
        cut = rule.action.count if rule and isinstance(rule.action, DropAfterBytes) else sys.maxsize
        text = self.wire.read_text(cut)
        self._log("text", "")
        usual = Reply(250, "2.0.0 Queued") if self._fits(len(text)) else Reply(552, "5.3.4 Message too big")
        answer = usual if rule and isinstance(rule.action, Chatter) else _action(rule, usual)
        if not isinstance(answer, Reply):
            self._record(self._server.swallowed, text)
        elif _takes_effect(answer, usual):
            self._record(self._server.messages, text)
        self._forget_envelope()
        self._perform(rule, usual)

    def _record(self, records: Records, text: bytes) -> None:
        records.add(
            sender=self._sender,
            recipients=self._recipients,
            content=base64.b64encode(text).decode(),
            options=self._options,
            session=self._number,
            tls=self._tls,
            user=self._user,
        )

    def _on_rset(self, _: str) -> None:
        if self._answer("rset", Reply(250, "2.0.0 Ok")):
            self._forget_envelope()

    def _on_noop(self, _: str) -> None:
        self._answer("noop", Reply(250, "2.0.0 Ok"))

    def _on_quit(self, _: str) -> None:
        if self._answer("quit", Reply(221, "2.0.0 Bye")):
            raise SessionOver

    def _on_other(self, _: str) -> None:
        self._answer("other", Reply(500, "5.5.2 Command not recognized"))


HANDLERS: dict[str, tuple[Event, Callable[[Session, str], None]]] = {
    name: (name, getattr(Session, f"_on_{name}")) for name in get_args(Event) if name not in ("connect", "text")
}


def _action(rule: Rule | None, usual: Reply) -> Action:
    return usual if rule is None or rule.action is None else rule.action


def _takes_effect(reply: Reply, usual: Reply) -> bool:
    return reply.code // 100 == usual.code // 100 and usual.code < 400


def _encoded(reply: Reply) -> bytes:
    *lines, last = reply.text.split("\n")
    return "".join([*(f"{reply.code}-{line}\r\n" for line in lines), f"{reply.code} {last}\r\n"]).encode(
        "utf-8", "surrogateescape"
    )


def _unbase64(text: str) -> str:
    return base64.b64decode(text.encode(), validate=True).decode()


def _tls_context(settings: Settings, directory: Path) -> ssl.SSLContext:
    import trustme  # slow to load, and a server without TLS does without it

    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    names = ("wrong.example.test",) if settings.wrong_host_name else ("localhost", settings.host)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslsocket_class = SecuredSocket
    authority.issue_cert(*names).configure_cert(context)
    return context


def _tell(answer: object) -> None:
    pickle.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def main() -> None:
    """Serve until stdin ends."""
    with tempfile.TemporaryDirectory(prefix="mail-server-", ignore_cleanup_errors=True) as directory:
        server = Server(pickle.load(sys.stdin.buffer), Path(directory))
        try:
            _tell(Ready(server.port, Path(directory)))
            while (change := pickle.load(sys.stdin.buffer)) is not None:
                server.change(change)
                _tell(Ready(server.port, Path(directory)))
        finally:
            server.stop()
        _tell(Ready(server.port, Path(directory)))
        sys.stdin.buffer.read()  # the parent reads the records before it lets go


if __name__ == "__main__":
    with suppress(EOFError, BrokenPipeError):
        main()
