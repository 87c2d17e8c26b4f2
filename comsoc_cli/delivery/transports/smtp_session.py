"""A session with a mail server: each message command by command, or several commands in one write (RFC 2920).

Where the server offers PIPELINING, the end of one text and the MAIL, RCPT and DATA of the next message leave together,
so that a message takes one round trip instead of four. The replies come in the order of the commands and are matched to
them one by one: nothing is accepted without its own 250.
"""

import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from comsoc_cli.delivery.replies import is_about_the_person
from comsoc_cli.delivery.transports import Envelope, TransportUnusable
from comsoc_cli.delivery.transports.smtp_line import Answer, Line, LineLost, OutOfStep, short
from comsoc_cli.message import said
from comsoc_cli.model.delivery import Outcome, Reply

TEXT_PATIENCE = 5  #: times as long for the answer to a text (RFC 5321 4.5.3.2.6)
QUIT_PATIENCE = 0.1
_COMMANDS = ("MAIL", "RCPT", "DATA")
_YES = {"MAIL": (250,), "RCPT": (250, 251), "DATA": (354,)}
_CONFUSED = (500, 502, 503)  #: what a server says that has lost count of the commands
_QUEUED = re.compile(r"(?i)queued as ([\w.-]+)|\bid[= ]([\w.-]+)")
_UNSPEAKABLE = re.compile(r"[\x00-\x20<>\x7f]")
_FAULTS = (OSError, smtplib.SMTPException, LineLost, OutOfStep)


@dataclass
class Habits:
    """What is known of a server; shared by its sessions."""

    where: str
    pipelines: bool = True  #: until it was seen to answer out of step


class MailSession:
    """One logged-in line to the server."""

    def __init__(self, yag: Any, habits: Habits, timeout: float) -> None:
        self._yag = yag  # closes the line when it is let go
        self.line = Line(yag.smtp, timeout)
        self.habits = habits
        self._offers_pipelining = yag.smtp.has_extn("pipelining")
        self._offers_utf8 = yag.smtp.has_extn("smtputf8")
        self._ahead: Envelope | None = None  # whose commands went out with the last text
        self._awaits_text = False  # after a 354 the server takes whatever comes for a message
        self._envelope: Envelope | None = None  # what was announced last

    @property
    def is_open(self) -> bool:
        return self.line.is_open

    def announce(self, envelope: Envelope) -> Reply | None:
        """MAIL, RCPT and DATA; None if the server now waits for the text."""
        if not self._offers_utf8 and _needs_utf8(envelope):
            return Reply(outcome=Outcome.REFUSED, text="SMTPUTF8 is not offered by the mail server")
        together = self._ahead is not None or self._together
        self._envelope = envelope
        try:
            answers = self._answers(envelope, together=together)
            return self._reply_to(answers, together=together)
        except _FAULTS as fault:
            if together and isinstance(fault, TimeoutError):
                self.habits.pipelines = False  # some swallow whatever came with the first command
            return self._lost(fault, Outcome.PLANNED)

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        """The text, and the commands of the following envelope where the server takes them in one write."""
        assert self._awaits_text
        assert message.endswith(b"\r\n"), "the dot that ends a text needs a line of its own"
        together = following is not None and self._together and (self._offers_utf8 or not _needs_utf8(following))
        text = _dots_doubled(message)
        ahead = _commands(following) if together and following else ()
        try:
            self.line.expect_silence()
        except _FAULTS as fault:
            return self._lost(fault, Outcome.PLANNED)
        try:
            self.line.send(b"".join([text, b".\r\n", *ahead]))
            self._awaits_text = False
            self._ahead = following if together else None
            answer = self.line.answer(TEXT_PATIENCE)
        except _FAULTS as fault:
            return self._lost(fault, Outcome.UNCERTAIN)
        return self._after_text(answer)

    def drop(self) -> None:
        self._ahead, self._awaits_text = None, False
        self.line.drop()

    def close(self) -> None:
        """QUIT, unless the server would take it for a text or for an answer to something else."""
        if self.is_open and not self._awaits_text and self._ahead is None:
            with suppress(*_FAULTS):
                self.line.send(b"QUIT\r\n")
                self.line.answer(QUIT_PATIENCE)
        self.drop()

    def _lost(self, fault: Exception, outcome: Outcome) -> Reply:
        """The line is of no more use; who answers out of step gets one command at a time from now on."""
        if isinstance(fault, OutOfStep):
            self.habits.pipelines = False
        self.drop()
        return Reply(outcome=outcome, text=_cause(fault))

    @property
    def _together(self) -> bool:
        return self._offers_pipelining and self.habits.pipelines

    def _answers(self, envelope: Envelope, *, together: bool) -> list[Answer]:
        """The replies to the three commands; one by one, it ends with the first that is no yes."""
        answers: list[Answer] = []
        if together:
            if self._ahead is None:
                self.line.send(b"".join(_commands(envelope)))
            elif self._ahead != envelope:
                raise RuntimeError("another envelope was sent ahead")
            self._ahead = None
            while len(answers) < len(_COMMANDS) and not (answers and answers[-1].code == 421):
                answers.append(self.line.answer())
            return answers
        for name, command in zip(_COMMANDS, _commands(envelope), strict=True):
            self.line.send(command)
            answers.append(self.line.answer())
            if answers[-1].code not in _YES[name]:
                break
        return answers

    def _reply_to(self, answers: list[Answer], *, together: bool) -> Reply | None:
        """What the first answer that is no yes comes to."""
        for name, answer in zip(_COMMANDS, answers, strict=False):
            if answer.code in _YES[name]:
                continue
            if not 400 <= answer.code < 600 or (together and answer.code in _CONFUSED):
                raise OutOfStep(answer.words)
            if answers[-1].code == 354:
                self._withhold_text(name)
            if answer.code >= 500 and name != "MAIL" and self._is_about_the_person(answer, after_text=name == "DATA"):
                self._reset()
                return Reply(outcome=Outcome.REFUSED, text=answer.words)
            return self._declined(answer, name)
        self._awaits_text = True
        return None

    def _withhold_text(self, declined: str) -> None:
        """The server waits for a text that must reach no one: a lone dot, whose answer is never an acceptance.

        Where it did not decline the recipient, even an empty text might reach them: the line is closed.
        """
        if declined != "RCPT":
            self.drop()
            return
        try:
            self.line.send(b".\r\n")
            self.line.answer()
        except _FAULTS as fault:
            self._lost(fault, Outcome.PLANNED)

    def _after_text(self, answer: Answer) -> Reply:
        if answer.code == 250:
            found = _QUEUED.search(answer.words)
            queue_id = (found[1] or found[2]) if found else ""
            return Reply(outcome=Outcome.ACCEPTED, text=answer.words, queue_id=queue_id)
        if not 400 <= answer.code < 600:
            # Neither yes nor no: what the server did with the text is not known.
            self.habits.pipelines = False
            self.drop()
            return Reply(outcome=Outcome.UNCERTAIN, text=answer.words)
        if answer.code >= 500 and self._is_about_the_person(answer, after_text=True):
            self._reset()
            return Reply(outcome=Outcome.REFUSED, text=answer.words)
        return self._declined(answer, "DATA")

    def _is_about_the_person(self, answer: Answer, *, after_text: bool) -> bool:
        assert self._envelope
        sender, recipient = self._envelope.sender, self._envelope.recipient
        return is_about_the_person(answer.words, after_text=after_text, sender=sender, recipient=recipient)

    def _declined(self, answer: Answer, command: str) -> Reply:
        """4xx may be tried again; 421 ends the session; anything else is about us and stops the run."""
        if answer.code == 421:
            self.drop()
            return Reply(outcome=Outcome.PLANNED, text=answer.words)
        if answer.code < 500:
            self._reset()
            return Reply(outcome=Outcome.DEFERRED, text=answer.words)
        self.drop()
        raise TransportUnusable(
            said(
                "The mail server {where} declined {command}: {reply}.",
                where=self.habits.where,
                command=command,
                reply=answer.words.rstrip("."),
            )
        )

    def _reset(self) -> None:
        """Back to where a message begins; after a text with commands behind it, the server is there already."""
        if self._ahead is None:
            try:
                self.line.send(b"RSET\r\n")
                if self.line.answer().code != 250:
                    self.drop()
            except _FAULTS:
                self.drop()


def _dots_doubled(message: bytes) -> bytes:
    """A line that begins with a dot gets another (RFC 5321 4.5.2)."""
    text = b"\n..".join(message.split(b"\n."))  # half the time of `replace`
    return b"." + text if text.startswith(b".") else text


def _commands(envelope: Envelope) -> tuple[bytes, bytes, bytes]:
    for address in (envelope.sender, envelope.recipient):
        if _UNSPEAKABLE.search(address):
            raise RuntimeError("an address that cannot stand in an envelope came as far as the wire")
    utf8 = " SMTPUTF8" if _needs_utf8(envelope) else ""
    return (
        f"MAIL FROM:<{envelope.sender}>{utf8}\r\n".encode(),
        f"RCPT TO:<{envelope.recipient}>\r\n".encode(),
        b"DATA\r\n",
    )


def _needs_utf8(envelope: Envelope) -> bool:
    return not (envelope.sender.isascii() and envelope.recipient.isascii())


def _cause(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "no answer in time"
    return short((fault.strerror if isinstance(fault, OSError) else "") or str(fault) or type(fault).__name__)
