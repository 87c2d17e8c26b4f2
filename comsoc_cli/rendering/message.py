"""A mail as the bytes of a message: built and encoded once, filled in for each person."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from quopri import encodestring

from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.settings import Sender
from comsoc_cli.rendering.mail import Mail
from comsoc_cli.rendering.slots import SLOT, fill

_TEXT, _HTML = "comsoc-text-stands-here", "comsoc-html-stands-here"


class _Policy(EmailPolicy):
    """Folds as RFC 5322 asks, but writes these headers as they are: mailbox providers ignore them when encoded."""

    verbatim = frozenset({"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id", "auto-submitted"})

    def fold(self, name: str, value: str) -> str:
        if name.lower() in self.verbatim:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in self.verbatim:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep=SMTP.linesep, max_line_length=78, cte_type="7bit")
_UTF8 = _Policy(linesep=SMTP.linesep, max_line_length=78, cte_type="7bit", utf8=True)


@dataclass(frozen=True)
class _Line:
    """A line with slots; encoded when they are filled."""

    text: str
    escape: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class CompiledMessage:
    """A message whose recipient is still to be filled in."""

    pieces: tuple[bytes | _Line, ...]

    @property
    def size(self) -> int:
        """About how many bytes each person gets."""
        return sum(len(piece) if isinstance(piece, bytes) else len(piece.text) for piece in self.pieces)

    def filled(self, *, address: str, name: str, message_id: str, date: datetime, slots: Mapping[str, str]) -> bytes:
        """The message for one person, with CRLF line ends; `slots` holds a value for each slot's name."""
        head = _head(address, name, message_id, date)
        body = [
            piece if isinstance(piece, bytes) else _quoted(fill(piece.text, slots, piece.escape))
            for piece in self.pieces
        ]
        return b"".join([head, *body])


def compiled(mail: Mail, sender: Sender, subject_mark: str = "") -> CompiledMessage:
    """Build and encode a mail once; `subject_mark` stands before the subject of a test."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(_literal(sender.name), addr_spec=sender.email)
    if sender.reply_to:
        message["Reply-To"] = sender.reply_to
    message["Subject"] = _literal(f"{subject_mark} {mail.subject}".strip())
    message["List-Unsubscribe"] = f"<mailto:{sender.reply_to or sender.email}?subject=BAJA>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.urgent:
        message["Importance"] = "high"
        message["Priority"] = "urgent"
    message.set_content(_TEXT + "\n", cte="quoted-printable")
    message.add_alternative(_HTML + "\n", subtype="html", cte="quoted-printable")
    page = message.get_payload()[1]  # type: ignore[index]
    assert isinstance(page, EmailMessage)
    for picture in mail.pictures:
        page.add_related(
            picture.data, "image", picture.subtype, cid=f"<{picture.cid}>", filename=picture.name, disposition="inline"
        )
    for attachment in mail.attachments:
        kind, _, subtype = attachment.type.partition("/")
        message.add_attachment(attachment.data, kind, subtype, filename=attachment.name)
    message["Content-Language"] = mail.language
    _set_boundaries(message, mail)
    skeleton = message.as_bytes()
    headers, _, parts = skeleton.partition(b"\r\n\r\n")
    opening, _, rest = parts.partition(_TEXT.encode() + b"\r\n")
    before = headers + b"\r\n\r\n" + opening
    between, _, after = rest.partition(_HTML.encode() + b"\r\n")
    pieces = [before, *_encoded(mail.text, str), between, *_encoded(mail.html, html.escape), after]
    return CompiledMessage(pieces=tuple(pieces))


def _literal(text: str) -> str:
    """A text that stays what it is: "=?…?=" would be decoded (RFC 2047), line breaks and all."""
    return text.replace("=?", "= ?")


def _set_boundaries(message: EmailMessage, mail: Mail) -> None:
    """Boundaries from the content, so that the same mail has the same bytes."""
    content = sha256("\0".join([mail.subject, mail.text, mail.html]).encode()).hexdigest()[:24]
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(multiparts):
        part.set_boundary(f"=_comsoc_{content}_{number}")


def _encoded(text: str, escape: Callable[[str], str]) -> list[bytes | _Line]:
    """Quoted-printable is made line by line, so only the lines with slots wait for their person."""
    pieces: list[bytes | _Line] = []
    waiting: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        if SLOT.search(line):
            if waiting:
                pieces.append(_quoted("\n".join(waiting)))
                waiting = []
            pieces.append(_Line(line, escape))
        else:
            waiting.append(line)
    if waiting:
        pieces.append(_quoted("\n".join(waiting)))
    return pieces


def _quoted(text: str) -> bytes:
    """Quoted-printable (RFC 2045) with CRLF line ends, closed by one."""
    return encodestring(text.encode("utf-8")).replace(b"\n", b"\r\n") + b"\r\n"


def _head(address: str, name: str, message_id: str, date: datetime) -> bytes:
    """The headers that are a person's own."""
    head = EmailMessage(policy=_POLICY if address.isascii() else _UTF8)
    local, _, domain = address.rpartition("@")
    head["To"] = Address(_literal(name), local, domain)
    head["Date"] = format_datetime(date)
    head["Message-ID"] = message_id
    return head.as_bytes().removesuffix(b"\r\n")


def message_id(slug: str, revision: int, purpose: Purpose, address: str, domain: str) -> str:
    """The same for a delivery at every try (RFC 5322), and nothing in it that names the person."""
    name = "\0".join([slug, str(revision), purpose.value, address])
    return f"<{sha256(name.encode()).hexdigest()[:32]}@{domain}>"
