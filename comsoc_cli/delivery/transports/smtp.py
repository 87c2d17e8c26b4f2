"""A mail server: yagmail makes the session, verified and logged in."""

import smtplib
import socket
import ssl
from functools import cached_property
from typing import Any

import yagmail

from comsoc_cli.delivery.transports import TransportUnusable
from comsoc_cli.delivery.transports.greeting import own_greeting
from comsoc_cli.delivery.transports.smtp_line import drop, short, words
from comsoc_cli.delivery.transports.smtp_session import Habits, MailSession
from comsoc_cli.message import Message, said
from comsoc_cli.model.settings import Smtp

TIMEOUT = 60  #: seconds for an answer


class MailServer:
    """The SMTP server of comsoc.toml; its certificate is verified."""

    def __init__(self, settings: Smtp, secret: str, timeout: float = TIMEOUT) -> None:
        self.settings = settings
        self.name = f"smtp {settings.host}"
        self.connections = settings.connections
        self._secret = secret
        self._timeout = timeout
        self._habits = Habits(where=f"{settings.host}:{settings.port}")

    def session(self) -> MailSession:
        """Connect, upgrade to TLS and log in; raises TransportUnusable with the reason."""
        yag = self._yagmail()
        where = self._habits.where
        try:
            yag.login()
            yag.smtp.ehlo_or_helo_if_needed()
            if self.settings.username:
                yag.smtp.login(self.settings.username, self._secret)
            # A message is written in one piece: nothing is gained by holding back its end until the rest has arrived.
            yag.smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except Exception as fault:
            drop(yag.smtp)
            raise TransportUnusable(
                _why_not(where, self.settings, fault), _what_to_do(fault), passing=_passes(fault)
            ) from None
        return MailSession(yag, self._habits, self._timeout)

    @cached_property
    def _greeting(self) -> str:
        return own_greeting()

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
            local_hostname=self._greeting,
            **ways[security],
        )
        yag.set_logging(None)
        return yag


def _why_not(where: str, settings: Smtp, fault: Exception) -> Message:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return said(
            "The certificate of {where} is not its own ({cause}).", where=where, cause=fault.verify_message.rstrip(".")
        )
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        reply = _said(fault)
        return said("{where} refused the login of “{user}”: {reply}.", where=where, user=settings.username, reply=reply)
    if isinstance(fault, smtplib.SMTPNotSupportedError) and settings.security == "starttls":
        return said(
            "{where} does not offer what is asked of it: {cause}.", where=where, cause=short(str(fault).rstrip("."))
        )
    if isinstance(fault, smtplib.SMTPResponseException):
        reply = _said(fault)
        return said("{where} answered: {reply}.", where=where, reply=reply)
    cause = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
    return said("The mail server {where} cannot be reached: {cause}.", where=where, cause=short(str(cause)))


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


def _said(fault: smtplib.SMTPResponseException) -> str:
    error = fault.smtp_error
    return words(b"%d %s" % (fault.smtp_code, error if isinstance(error, bytes) else error.encode()))


def _passes(fault: Exception) -> bool:
    """Whether another attempt in a moment may succeed: the line failed, or the server says 4xx."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return 400 <= fault.smtp_code < 500
    if isinstance(fault, smtplib.SMTPNotSupportedError | ssl.SSLError):
        return False
    return isinstance(fault, OSError | smtplib.SMTPServerDisconnected)
