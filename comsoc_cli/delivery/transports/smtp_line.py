"""The line to a mail server: commands out, whole replies in, each in its turn (RFC 5321 4.2)."""

import smtplib
import ssl
import time
from typing import NamedTuple

_LONGEST_LINE, _MOST_LINES = 8192, 100
_SHOWN = 300  #: characters of a reply that are kept
_NOTHING_THERE = (BlockingIOError, ssl.SSLWantReadError)


class Answer(NamedTuple):
    """A reply as the server gave it."""

    code: int
    words: str


class LineLost(Exception):
    """The line was closed, or cut off within a reply."""


class OutOfStep(Exception):
    """The server said what is no answer to what it was asked."""


class Line:
    """The socket of a session that is logged in.

    Replies are read here and not by smtplib, which takes half a line for a reply: half a yes is none.
    """

    def __init__(self, smtp: smtplib.SMTP, timeout: float) -> None:
        self.smtp = smtp
        self.timeout = timeout
        self._unread = bytearray()

    @property
    def is_open(self) -> bool:
        return self.smtp.sock is not None

    def send(self, data: bytes) -> None:
        """Write all of it; raises LineLost or OSError."""
        if self.smtp.sock is None:
            raise LineLost("the line was closed")
        self.smtp.sock.settimeout(self.timeout)
        self.smtp.sock.sendall(data)

    def answer(self, patience: float = 1) -> Answer:
        """The next reply, waited for so many times as long as usual.

        Raises LineLost, OutOfStep, or OSError (TimeoutError where it is not complete in time).
        """
        until = time.monotonic() + self.timeout * patience
        first = line = self._line(until)
        if line[3:4] != b"-":
            return Answer(int(line[:3]), words(line))
        parts = [line]
        while line[3:4] == b"-":
            line = self._line(until)
            parts.append(line[4:])
            if len(parts) > _MOST_LINES or line[:3] != first[:3]:
                raise OutOfStep(words(line))
        return Answer(int(first[:3]), words(b" ".join(parts)))

    def expect_silence(self) -> None:
        """Raises LineLost where the server has left, and OutOfStep where it speaks without having been asked."""
        if self.smtp.sock is None:
            raise LineLost("the line was closed")
        self.smtp.sock.settimeout(0)
        try:
            said = self._unread or self.smtp.sock.recv(_LONGEST_LINE)
        except _NOTHING_THERE:
            return
        if not said:
            raise LineLost("the line was closed")
        raise OutOfStep(words(bytes(said)))

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
        left = until - time.monotonic()
        if self.smtp.sock is None:
            raise LineLost("the line was closed")
        if left <= 0:
            raise TimeoutError
        self.smtp.sock.settimeout(left)
        data = self.smtp.sock.recv(65536)
        if not data:
            raise LineLost("the line was closed within a reply" if self._unread else "the line was closed")
        self._unread += data


def words(reply: bytes) -> str:
    """A reply as one line of text: "250-2.0.0 Ok" is "250 2.0.0 Ok"."""
    text = reply.decode("utf-8", "replace")
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
