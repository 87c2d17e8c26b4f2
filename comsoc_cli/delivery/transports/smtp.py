"""A mail server: the session is made by yagmail, the message is handed over command by command and each reply kept."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yagmail

from comsoc_cli.delivery.transports import Envelope, TransportUnusable
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Outcome, Reply
from comsoc_cli.model.settings import Smtp

TIMEOUT = 60  #: seconds for an answer
TEXT_PATIENCE = 5  #: times as long for the answer to a text
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
_QUEUED = re.compile(r"(?i)queued as ([\w.-]+)|\bid[= ]([\w.-]+)")
_LONGEST_LINE, _MOST_LINES = 8192, 100
_LINE_DOT = re.compile(rb"(?m)^\.")


class MailServer:
    """The SMTP server of comsoc.toml; its certificate is verified."""

    def __init__(self, settings: Smtp, secret: str, timeout: float = TIMEOUT) -> None:
        self.settings = settings
        self.name = f"smtp {settings.host}"
        self.connections = settings.connections
        self._secret = secret
        self._timeout = timeout

    def session(self) -> "MailSession":
        """Connect, upgrade to TLS and log in; raises TransportUnusable with the reason."""
        yag = self._yagmail()
        where = f"{self.settings.host}:{self.settings.port}"
        try:
            yag.login()
            yag.smtp.ehlo_or_helo_if_needed()
            if self.settings.username:
                yag.smtp.login(self.settings.username, self._secret)
        except Exception as fault:
            _drop(yag.smtp)
            raise TransportUnusable(_why_not(where, self.settings, fault), _what_to_do(fault)) from None
        return MailSession(yag, where)

    def _yagmail(self) -> Any:
        security = self.settings.security
        context = ssl.create_default_context() if security != "none" else None
        ways: dict[str, dict[str, Any]] = {
            "starttls": {"smtp_ssl": False, "smtp_starttls": {"context": context}},
            "tls": {"smtp_ssl": True, "smtp_starttls": False, "context": context},
            "none": {"smtp_ssl": False, "smtp_starttls": False},
        }
        # The address only names the session: yagmail logs nobody in and sends nothing.
        yag = yagmail.SMTP(
            "comsoc@comsoc.invalid",
            host=self.settings.host,
            port=self.settings.port,
            smtp_skip_login=True,
            soft_email_validation=False,
            timeout=self._timeout,
            **ways[security],
        )
        yag.set_logging(None)
        return yag


class MailSession:
    """One logged-in line to the server."""

    def __init__(self, yag: Any, where: str) -> None:
        self._yag = yag  # closes the line when it is let go
        self.smtp: smtplib.SMTP = yag.smtp
        self.where = where

    def deliver(self, envelope: Envelope, message: bytes) -> Reply:
        """MAIL, RCPT, DATA, the text; the outcome depends on how far it came (RFC 5321)."""
        text_begun = False
        try:
            early = self._envelope(envelope)
            if early:
                return early
            code, reply = self.smtp.docmd("DATA")
            if code != 354:
                return self._declined(code, reply, "DATA")
            text_begun = True
            self.smtp.send(_LINE_DOT.sub(b"..", message) + b".\r\n")
            with self._patience():
                code, reply = self._reply()
            return self._after_text(code, reply)
        except (OSError, smtplib.SMTPException) as fault:
            _drop(self.smtp)
            outcome = Outcome.UNCERTAIN if text_begun else Outcome.PLANNED
            return Reply(outcome=outcome, text=_short(str(fault) or type(fault).__name__))

    def _envelope(self, envelope: Envelope) -> Reply | None:
        """MAIL and RCPT; an answer if it ends there."""
        utf8 = not (envelope.sender.isascii() and envelope.recipient.isascii())
        if utf8 and not self.smtp.has_extn("smtputf8"):
            return Reply(outcome=Outcome.REFUSED, text="SMTPUTF8 is not offered by the mail server")
        code, reply = self.smtp.mail(envelope.sender, ["SMTPUTF8"] if utf8 else [])
        if code != 250:
            return self._declined(code, reply, "MAIL")
        code, reply = self.smtp.rcpt(envelope.recipient)
        if code in (250, 251):
            return None
        if code >= 500 and not _about_us(reply):
            self._reset()
            return Reply(outcome=Outcome.REFUSED, text=_words(code, reply))
        return self._declined(code, reply, "RCPT")

    def _after_text(self, code: int, reply: bytes) -> Reply:
        text = _words(code, reply)
        if 200 <= code < 300:
            found = _QUEUED.search(text)
            return Reply(outcome=Outcome.ACCEPTED, text=text, queue_id=(found[1] or found[2]) if found else "")
        if code >= 500 and _about_the_person(text):
            self._reset()
            return Reply(outcome=Outcome.REFUSED, text=text)
        if not 400 <= code < 600:
            # Neither yes nor no: the line is out of step, and what the server did with the text is not known.
            _drop(self.smtp)
            return Reply(outcome=Outcome.UNCERTAIN, text=text)
        return self._declined(code, reply, "DATA")

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """A server may look at a text for minutes before it answers (RFC 5321 4.5.3.2.6)."""
        line = self.smtp.sock
        usual = line.gettimeout() if line else None
        if line and usual:
            line.settimeout(usual * TEXT_PATIENCE)
        yield
        if self.smtp.sock and usual:
            self.smtp.sock.settimeout(usual)

    def _reply(self) -> tuple[int, bytes]:
        """The reply to a text, whole lines only: smtplib takes half a line for one, and half a yes is none."""
        lines = []
        while True:
            line = self.smtp.file.readline(_LONGEST_LINE)  # type: ignore[union-attr]
            if not line.endswith(b"\n"):
                raise smtplib.SMTPServerDisconnected("the line was closed or the reply was cut off")
            lines.append(line[4:].strip())
            if not re.match(rb"\d{3}[ \r\n-]", line) or len(lines) > _MOST_LINES:
                return -1, line.strip()
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)

    def _declined(self, code: int, reply: bytes, command: str) -> Reply:
        """4xx may be tried again; anything else is about us and stops the run."""
        text = _words(code, reply)
        if code == 421 or not 400 <= code < 600:
            _drop(self.smtp)
            return Reply(outcome=Outcome.PLANNED, text=text)
        if 400 <= code < 500:
            self._reset()
            return Reply(outcome=Outcome.DEFERRED, text=text)
        _drop(self.smtp)
        raise TransportUnusable(
            said("The mail server {where} declined {command}: {reply}.", where=self.where, command=command, reply=text)
        )

    def _reset(self) -> None:
        code, _ = self.smtp.rset()
        if code != 250:
            _drop(self.smtp)

    @property
    def is_open(self) -> bool:
        return getattr(self.smtp, "sock", None) is not None

    def close(self) -> None:
        if self.is_open:
            try:
                self.smtp.quit()
            except (OSError, smtplib.SMTPException):
                _drop(self.smtp)


def _about_us(reply: bytes) -> bool:
    """5.7.x at RCPT is policy: the sender is not wanted, whoever the recipient is (RFC 3463)."""
    found = _ENHANCED.search(reply.decode("utf-8", "replace"))
    return found is not None and found[2] == "7"


def _about_the_person(reply: str) -> bool:
    """x.1.x and x.2.x are about an address or a mailbox; some servers look at those only after the text."""
    found = _ENHANCED.search(reply)
    return found is not None and found[2] in {"1", "2"}


def _why_not(where: str, settings: Smtp, fault: Exception) -> Message:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return said(
            "The certificate of {where} is not its own ({cause}).", where=where, cause=fault.verify_message.rstrip(".")
        )
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        reply = _words(fault.smtp_code, fault.smtp_error)
        return said("{where} refused the login of “{user}”: {reply}.", where=where, user=settings.username, reply=reply)
    if isinstance(fault, smtplib.SMTPNotSupportedError) and settings.security == "starttls":
        return said(
            "{where} does not offer what is asked of it: {cause}.", where=where, cause=_short(str(fault).rstrip("."))
        )
    if isinstance(fault, smtplib.SMTPResponseException):
        reply = _words(fault.smtp_code, fault.smtp_error)
        return said("{where} answered: {reply}.", where=where, reply=reply)
    cause = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return said("The mail server {where} cannot be reached: {cause}.", where=where, cause=_short(str(cause)))


def _what_to_do(fault: Exception) -> Message | None:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return said(
            "Check host in [smtp]; if it is right, tell who runs the server: nothing leaves without its certificate."
        )
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return said("Check username in [smtp] and the secret (COMSOC_SMTP_PASSWORD, password_file or the keyring).")
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return said("Check port and security in [smtp]; nothing is sent over a line that is not protected.")
    return None


def _words(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return _short(f"{code} {' '.join(text.split())}")


def _short(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"


def _drop(smtp: smtplib.SMTP | None) -> None:
    if smtp is not None:
        try:
            smtp.close()
        except (OSError, smtplib.SMTPException):
            smtp.sock = None
