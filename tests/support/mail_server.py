"""A recording SMTP server for tests, run as a separate process on loopback.

    rules = [Rule("rcpt", Drop(), nth=3)]
    with MailServer(starttls=True, users={"prensa": "secreto"}, rules=rules) as server:
        ...  # send to server.host and server.port, with SSL_CERT_FILE set to server.ca_file
    assert [message.recipients for message in server.messages()] == [...]

What was recorded can be read while the server runs and after it has stopped.
"""

import base64
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar, get_args

Event = Literal[
    "connect", "ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "text", "rset", "noop", "quit", "other"
]
EVENTS_WITH_RECIPIENT = ("rcpt", "data", "text")


@dataclass(frozen=True)
class Reply:
    """Answer with this code and text, one reply line per line of text.

    The step takes effect if its usual reply is of the same class (2xx, 3xx). A 421 always drops the line.
    """

    code: int
    text: str = ""
    then_drop: bool = False


@dataclass(frozen=True)
class Drop:
    """Close the connection without a reply; on "text", after the whole text has been read."""


@dataclass(frozen=True)
class DropAfterBytes:
    """Close the connection once this many bytes of the text have come; only on "text"."""

    count: int


@dataclass(frozen=True)
class StaySilent:
    """Keep the connection open for so long without a reply, then close it."""

    seconds: float


@dataclass(frozen=True)
class Garbage:
    """Send these bytes in place of a reply and go on listening."""

    data: bytes = b"\x00\xff\xfe not a reply\r\n"


@dataclass(frozen=True)
class HalfLine:
    """Send these bytes, an unfinished line, then close; beware that smtplib takes an unfinished 250 for a whole one."""

    data: bytes = b"25"


@dataclass(frozen=True)
class Chatter:
    """Give the usual reply, which takes effect, and these bytes behind it, which nobody has asked for."""

    data: bytes = b"250 2.0.0 Ok\r\n"


Action = Reply | Drop | DropAfterBytes | StaySilent | Garbage | HalfLine | Chatter


@dataclass(frozen=True)
class Rule:
    """Do something other than usual on an event; of several rules that match, the first one applies.

    Without `recipient` and `nth` it matches every time. `recipient` matches "rcpt" for that address, or "data" and
    "text" of a message that goes to it. `nth` counts that event (for that recipient, if given) from 1 since the
    server started, over all sessions. Without an `action` the usual reply follows the delay.
    """

    on: Event
    action: Action | None = None
    recipient: str | None = None
    nth: int | None = None
    times: int | None = None
    delay: float = 0.0
    until: Path | None = None  #: the reply waits until this file is there

    def __post_init__(self) -> None:
        """Refuse a rule that could never apply."""
        if self.on not in get_args(Event):
            raise ValueError("no such event", self.on)
        if self.recipient is not None and self.on not in EVENTS_WITH_RECIPIENT:
            raise ValueError("no recipient in this event", self.on)
        if isinstance(self.action, DropAfterBytes) and self.on != "text":
            raise ValueError("no bytes of text in this event", self.on)
        if any(count is not None and count < 1 for count in (self.nth, self.times)):
            raise ValueError("nth and times count from 1")


def held_from(first: int, until: Path, sessions: int = 1) -> list[Rule]:
    """The rules under which the server holds its reply to the text of that number, in each of so many sessions.

    Nothing goes on until the file `until` is there: what a test does meanwhile meets a send in the middle, however
    slow the machine is.
    """
    return [Rule("text", nth=number, until=until) for number in range(first, first + sessions)]


@dataclass(kw_only=True, eq=False)
class Settings:
    """How the server behaves where no rule says otherwise."""

    host: str = "127.0.0.1"
    port: int = 0  # 0 takes a free one
    starttls: bool = False
    implicit_tls: bool = False
    wrong_host_name: bool = False  # in the certificate
    users: dict[str, str] = field(default_factory=dict)  # name to secret; AUTH is offered if there are any
    login_required: bool = True  # before MAIL, if there are users
    pipelining: bool = True
    forgets_pipelined: bool = False  # whatever came together with a command or a text
    data_without_recipients: bool = False  # answers 354 though nobody is to have it
    smtputf8: bool = True
    eight_bit_mime: bool = True
    size: int | None = 10_000_000
    delay: float = 0.0  # before every reply
    rules: Sequence[Rule] = ()


@dataclass(frozen=True)
class Change:
    """What the process is told when the rules change."""

    rules: Sequence[Rule]
    new_sessions_only: bool


@dataclass(frozen=True)
class Ready:
    """What the process tells once it listens."""

    port: int
    directory: Path


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One message whose whole text reached the server; `content` is exact, with dot-stuffing undone."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...]  # of MAIL FROM, such as SMTPUTF8
    session: int
    tls: bool
    user: str | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class Command:
    """One event of a session, as rules name it, with the command line that the client sent for it."""

    name: Event
    line: str
    session: int
    tls: bool
    received_at: datetime


class MailServerError(Exception):
    """The server process failed, or was asked for what it does not have."""


Row = TypeVar("Row")


class Log(Generic[Row]):
    """The rows of a JSON-lines file that grows; each is parsed once, and all are kept when the file goes."""

    def __init__(self, parse: Callable[[dict[str, Any]], Row]) -> None:
        """Start without a file."""
        self.path: Path | None = None
        self._parse = parse
        self._rows: list[Row] = []
        self._offset = 0
        self._lock = threading.Lock()

    def rows(self) -> list[Row]:
        """Return all rows up to now."""
        with self._lock:
            if self.path is not None:
                with suppress(FileNotFoundError):
                    self._read_new_rows(self.path)
            return list(self._rows)

    def _read_new_rows(self, path: Path) -> None:
        with path.open("rb") as file:
            file.seek(self._offset)
            whole_lines = file.read().rpartition(b"\n")[0]
        if whole_lines:
            self._offset += len(whole_lines) + 1
            self._rows += [self._parse(json.loads(line)) for line in whole_lines.split(b"\n")]


def _recorded(row: dict[str, Any]) -> Recorded:
    row["content"] = base64.b64decode(row["content"])
    row["recipients"], row["options"] = tuple(row["recipients"]), tuple(row["options"])
    row["received_at"] = datetime.fromtimestamp(row["received_at"], UTC)
    return Recorded(**row)


def _command(row: dict[str, Any]) -> Command:
    row["received_at"] = datetime.fromtimestamp(row["received_at"], UTC)
    return Command(**row)


@dataclass(kw_only=True, eq=False)
class MailServer(Settings):
    """Start, script, inspect and stop one server process; a context manager."""

    def __post_init__(self) -> None:
        """Describe the server without starting it."""
        self._process: subprocess.Popen[bytes] | None = None
        self._directory: Path | None = None
        self._messages, self._swallowed, self._commands = Log(_recorded), Log(_recorded), Log(_command)
        self._control = threading.Lock()

    def __enter__(self) -> Self:
        """Start the process."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the process; a failure of its own never hides the failure of the test."""
        try:
            self.stop()
        except MailServerError:
            if error is None:
                raise

    @property
    def pid(self) -> int:
        """The server process's id."""
        return self._running().pid

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust, to be put in SSL_CERT_FILE."""
        if self._directory is None or not (self.starttls or self.implicit_tls):
            raise MailServerError("only a running server with TLS has a certificate authority")
        return self._directory / "ca.pem"

    def messages(self) -> list[Recorded]:
        """Return the accepted messages, in order; each is recorded before its reply (or the reply's delay)."""
        return self._messages.rows()

    def swallowed(self) -> list[Recorded]:
        """Return the messages whose whole text was read but which never got a proper reply."""
        return self._swallowed.rows()

    def commands(self, session: int | None = None) -> list[Command]:
        """Return the command log of all sessions, or of one; sessions count from 1."""
        return [command for command in self._commands.rows() if session in (None, command.session)]

    def wait_for_messages(self, count: int, timeout: float = 300.0) -> list[Recorded]:
        """Return the accepted messages as soon as there are so many; fail if they do not come."""
        deadline = time.monotonic() + timeout
        while len(messages := self.messages()) < count:
            if time.monotonic() > deadline:
                raise MailServerError("too few messages came", len(messages), count)
            time.sleep(0.005)
        return messages

    def change_rules(self, *rules: Rule, new_sessions_only: bool = False) -> None:
        """Replace all rules; on return the new ones are in force, while the counts for `nth` go on.

        With `new_sessions_only` they are not for the sessions there are: those get the usual replies from now on.
        """
        self._ask(Change(rules, new_sessions_only))

    def start(self) -> Self:
        """Start the process and wait until it listens."""
        package = __name__.rpartition(".")[0]
        root = Path(__file__).resolve().parents[package.count(".") + 1]
        path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "error::ResourceWarning", "-m", f"{package}.mail_server_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # a signal to the test run must not end it before it has cleaned up
        )
        try:
            ready = self._ask(Settings(**{one.name: getattr(self, one.name) for one in fields(Settings)}))
        except BaseException:
            self.stop()
            raise
        self.port, self._directory = ready.port, ready.directory
        self._messages.path = ready.directory / "messages.jsonl"
        self._swallowed.path = ready.directory / "swallowed.jsonl"
        self._commands.path = ready.directory / "commands.jsonl"
        return self

    def stop(self) -> None:
        """Drop all sessions, keep what was recorded, end the process; fail if it had a fault of its own."""
        if self._process is None:
            return
        try:
            with suppress(MailServerError):
                self._ask(None)
            for log in (self._messages, self._swallowed, self._commands):
                log.rows()
        finally:
            complaint = self._end_process(self._process)
            self._process = None
        if complaint:
            raise MailServerError(complaint)

    def _end_process(self, process: subprocess.Popen[bytes]) -> str:
        """Close the pipes, which ends the process, and return what it wrote to stderr."""
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
        with self._errors as errors:
            errors.seek(0)
            return errors.read().decode(errors="replace")

    def _ask(self, request: Settings | Change | None) -> Any:
        """Send one request to the process and return its answer; None asks it to drop all sessions."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with self._control:
                pickle.dump(request, process.stdin)
                process.stdin.flush()
                return pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise MailServerError("the server process is gone") from error

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise MailServerError("the server is not running")
        return self._process
