"""A mail as the bytes of a message: built and encoded once, filled in for each person."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256
from quopri import encodestring

from comsoc_cli.model.settings import Sender
from comsoc_cli.rendering.heading import POLICY, address_line, heading, text_line
from comsoc_cli.rendering.mail import Mail
from comsoc_cli.rendering.slots import SLOT, fill

_TEXT, _HTML = "comsoc-text-stands-here", "comsoc-html-stands-here"


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

    def filled(
        self,
        *,
        address: str,
        name: str,
        message_id: str,
        date: datetime,
        slots: Mapping[str, str],
        listed: bytes = b"",
    ) -> bytes:
        """The message for one person, with CRLF line ends.

        `slots` holds a value for each slot's name, `listed` the lines of `list_headers`.
        """
        head = heading(address=address, name=name, message_id=message_id, date=date, listed=listed)
        body = [
            piece if isinstance(piece, bytes) else _quoted(fill(piece.text, slots, piece.escape))
            for piece in self.pieces
        ]
        return b"".join([head, *body])


def compiled(mail: Mail, sender: Sender, subject_mark: str = "") -> CompiledMessage:
    """Build and encode a mail once; `subject_mark` stands before the subject of a test."""
    message = EmailMessage(policy=POLICY)
    own = [address_line("From", sender.name, sender.email)]
    if sender.reply_to:
        own.append(address_line("Reply-To", "", sender.reply_to))
    own.append(text_line("Subject", f"{subject_mark} {mail.subject}".strip()))
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
    if mail.pictures:
        page.set_param("type", "text/html")  # RFC 2387
    for attachment in mail.attachments:
        kind, _, subtype = attachment.type.partition("/")
        if kind in ("message", "multipart"):  # such as an .eml: it could not be encoded, and would be read as a part
            kind, subtype = "application", "octet-stream"
        # Without it a text is ASCII (RFC 2046), and its accents are lost.
        charset = {"charset": "utf-8"} if kind == "text" and _is_utf8(attachment.data) else {}
        message.add_attachment(
            attachment.data, kind, subtype, filename=attachment.name, params={**charset, **attachment.parameters}
        )
    message["Content-Language"] = mail.language
    _set_boundaries(message, mail)
    skeleton = message.as_bytes()
    headers, _, parts = skeleton.partition(b"\r\n\r\n")
    opening, _, rest = parts.partition(_TEXT.encode() + b"\r\n")
    before = b"".join(own) + headers + b"\r\n\r\n" + opening
    between, _, after = rest.partition(_HTML.encode() + b"\r\n")
    pieces = [before, *_encoded(mail.text, str), between, *_encoded(mail.html, html.escape), after]
    return CompiledMessage(pieces=tuple(pieces))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


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
