"""The line to a mail server: commands out, whole replies in, each in its turn (RFC 5321 4.2)."""

import select
import smtplib
import socket
import ssl
import time
from typing import NamedTuple

_LONGEST_LINE, _MOST_LINES = 8192, 100
_SHOWN = 300  #: characters of a reply that are kept


class Answer(NamedTuple):
    """A reply as the server gave it."""

    code: int
    line: bytes  #: or several lines, put behind one another

    @property
    def words(self) -> str:
        return words(self.line)


class LineLost(Exception):
    """The line was closed, or cut off within a reply."""


class OutOfStep(Exception):
    """The server said what is no answer to what it was asked."""


class Line:
    """The socket of a session that is logged in.

    Replies are read here and not by smtplib, which takes half a line for a reply: half a yes is none.
    """

    def __init__(self, smtp: smtplib.SMTP, timeout: float) -> None:
        """`timeout` is in seconds; it is set once, since each change of it lets another thread in."""
        self.smtp = smtp
        self.timeout = timeout
        self._unread = bytearray()
        if smtp.sock is not None:
            smtp.sock.settimeout(timeout)

    @property
    def is_open(self) -> bool:
        return self.smtp.sock is not None

    def send(self, data: bytes) -> None:
        """Write all of it, however long that takes while the server takes something; raises LineLost or OSError."""
        rest = memoryview(data)
        while rest:
            if self.smtp.sock is None:
                raise LineLost("the line was closed")
            rest = rest[self.smtp.sock.send(rest) :]

    def answer(self, patience: float = 1) -> Answer:
        """The next reply, waited for so many times as long as usual.

        Raises LineLost, OutOfStep, or OSError (TimeoutError where it is not complete in time).
        """
        until = time.monotonic() + self.timeout * patience
        first = line = self._line(until)
        if line[3:4] != b"-":
            return Answer(int(line[:3]), line)
        parts = [line]
        while line[3:4] == b"-":
            line = self._line(until)
            parts.append(line[4:])
            if len(parts) > _MOST_LINES or line[:3] != first[:3]:
                raise OutOfStep(words(line))
        return Answer(int(first[:3]), b" ".join(parts))

    def expect_silence(self) -> None:
        """Raises LineLost where the server has left or takes its leave, and OutOfStep where it speaks unasked."""
        if self.smtp.sock is None:
            raise LineLost("the line was closed")
        if not self._unread and not _is_readable(self.smtp.sock):
            return
        self.smtp.sock.settimeout(0)
        try:
            found = self._unread or self.smtp.sock.recv(_LONGEST_LINE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return  # TLS talks to itself
        finally:
            self.smtp.sock.settimeout(self.timeout)
        if not found:
            raise LineLost("the line was closed")
        raise OutOfStep(words(bytes(found)))

    def drop(self) -> None:
        """Close without a word."""
        drop(self.smtp)

    def _line(self, until: float) -> bytes:
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > _LONGEST_LINE:
                raise OutOfStep("a line without an end")
            self._read(until)
        line = bytes(self._unread[: end + 1])
        del self._unread[: end + 1]
        if not (line[:3].isdigit() and line[3:4] in b" -\r\n"):
            raise OutOfStep(words(line))
        return line

    def _read(self, until: float) -> None:
        """What there is to read; the end of a wait is looked at in between, so that it may come a timeout late."""
        data = b""
        while not data:
            if time.monotonic() > until:
                raise TimeoutError
            if self.smtp.sock is None:
                raise LineLost("the line was closed")
            try:
                data = self.smtp.sock.recv(65536)
            except TimeoutError:
                continue
            if not data:
                raise LineLost("the line was closed within a reply" if self._unread else "the line was closed")
        self._unread += data


def _is_readable(sock: socket.socket) -> bool:
    """Whether there is something to read, or the other side has left."""
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def words(reply: bytes) -> str:
    """A reply as one line of text: "250-2.0.0 Ok" is "250 2.0.0 Ok"; nothing in it moves a terminal's cursor."""
    text = reply.decode("utf-8", "replace")
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)
    if text[3:4] == "-":
        text = f"{text[:3]} {text[4:]}"
    return short(" ".join(text.split()))


def short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def drop(smtp: smtplib.SMTP | None) -> None:
    """Close a session that cannot be talked to any more."""
    if smtp is not None:
        try:
            smtp.close()
        except (OSError, smtplib.SMTPException):
            smtp.sock = None
