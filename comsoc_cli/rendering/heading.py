"""The headers that are a person's own: recipient, date, delivery, and the way out of the list."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from urllib.parse import quote

import idna

from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.settings import Sender
from comsoc_cli.office.slugs import slugify
from comsoc_cli.rendering.characters import printable

POLICY = SMTP.clone(max_line_length=78, cte_type="7bit")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_PRINTABLE = re.compile(r"[ -~]+")
_PLACE = "\0"  #: stands where the token goes
_LINE = 78  #: characters of a line (RFC 5322 2.1.1)
_NEXT_LINE = "\r\n "
_ONE_WORD = 42  #: bytes that one encoded word holds with room to spare (RFC 2047: 75 characters)


def literal(text: str) -> str:
    """A text that stays what it is: "=?…?=" would be decoded (RFC 2047), line breaks and all."""
    return text.replace("=?", "= ?")


def heading(*, address: str, name: str, message_id: str, date: datetime, listed: bytes = b"") -> bytes:
    """To, Date, Message-ID and `listed`, the lines of `list_headers`, with CRLF line ends; a name is one line."""
    to = address_line("To", name, address)
    return b"".join([to, _date(date, date.utcoffset()), f"Message-ID: {message_id}\r\n".encode(), listed])


def list_headers(sender: Sender, *, slug: str, purpose: Purpose, segment: str, token: str) -> bytes:
    """What large receivers ask of bulk senders (RFC 2369, 2919, 8058; Feedback-ID).

    Each on one line and unencoded, however long: mailbox providers ignore them otherwise.
    """
    return token.encode("ascii").join(_around_the_token(sender, slug, purpose, segment))


@lru_cache(maxsize=1000)
def _around_the_token(sender: Sender, slug: str, purpose: Purpose, segment: str) -> list[bytes]:
    domain = sender.email.rpartition("@")[2]
    label = slugify(segment) if segment else "prensa"
    mailto = f"<mailto:{quote(sender.reply_to or sender.email, safe='@+')}?subject=BAJA>"
    lines = [f"List-ID: <{label}.{domain}>"]
    if sender.unsubscribe_url:
        lines.append(f"List-Unsubscribe: <{unsubscribe_address(sender, _PLACE)}>, {mailto}")
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    else:
        lines.append(f"List-Unsubscribe: {mailto}")
    lines.append(f"Feedback-ID: {slug}:{label}:{purpose.value}:{slugify(domain)[:15]}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii").split(_PLACE.encode("ascii"))


def in_reply_to(message_id: str) -> bytes:
    """The header lines that put a message beneath the one it is about (RFC 5322 3.6.4); none for no message."""
    return f"In-Reply-To: {message_id}\r\nReferences: {message_id}\r\n".encode("ascii") if message_id else b""


def unsubscribe_address(sender: Sender, token: str) -> str:
    """Where one click, or else a mail, ends it; the token names the delivery and nothing else."""
    url = sender.unsubscribe_url
    if not url:
        return f"mailto:{quote(sender.reply_to or sender.email, safe='@+')}?subject=BAJA"
    if "{token}" in url:
        return url.replace("{token}", token)
    return f"{url}{'&' if '?' in url else '?'}d={token}"


def return_path(sender: Sender, token: str) -> str:
    """The sender in the envelope, which gets the bounces; with VERP, one that names the delivery."""
    local, _, domain = sender.email.rpartition("@")
    return f"{local}+{token}@{domain}" if sender.verp else sender.email


def message_id(slug: str, revision: int, purpose: Purpose, address: str, domain: str, secret: bytes = b"") -> str:
    """The same for a delivery at every try (RFC 5322); without the office's key it does not tell its recipient."""
    name = "\0".join([slug, str(revision), purpose.value, address])
    return f"<{digest(secret, name.encode(), sha256).hex()[:32]}@{domain}>"


def token_of(message_id: str) -> str:
    """The part of a Message-ID that names the delivery."""
    return message_id[1:].partition("@")[0]


def on_the_wire(address: str) -> str:
    """An address in ASCII where that can be: SMTPUTF8 is for a local part that is beyond it."""
    local, at, domain = address.rpartition("@")
    if address.isascii() or not local.isascii():
        return address
    return f"{local}{at}{_ascii(domain)}"


@lru_cache(maxsize=10_000)
def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def address_line(field: str, name: str, address: str) -> bytes:
    """One header line with one address, such as "From: Ana <ana@x.example>", with CRLF; a name is one line.

    Written here: the standard library is 20 times slower, loses blanks between encoded words and the quotes around a
    long "Peña, Ana <x@y.example>", and beside an address in UTF-8 makes two people of one.
    """
    name, address = literal(printable(" ".join(name.split()))), on_the_wire(address)
    if not _PLAIN_ADDRESS.fullmatch(address):
        local, _, domain = address.rpartition("@")
        address = Address("", local, domain).addr_spec  # quotes what must be; raises ValueError for a line break
    if not name:
        return f"{field}: {address}\r\n".encode()
    if len(name) < 60 and _PLAIN_NAME.fullmatch(name):
        return _folded(f"{field}: {name}", address)
    if len(name) < 60 and _PRINTABLE.fullmatch(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return _folded(f'{field}: "{quoted}"', address)
    return _folded(f"{field}: " + "\r\n ".join(_words(name)), address)


def text_line(field: str, text: str) -> bytes:
    """One header line of free text, such as a subject, with CRLF; blanks within it stay as they are.

    The standard library folds between two encoded words and drops the blank that stands there (RFC 2047 6.2): here a
    text beyond ASCII is encoded as a whole, so that its blanks stand within the words.
    """
    text = literal(printable(" ".join(text.splitlines())))
    words = text.split(" ")
    fits = _PRINTABLE.fullmatch(text) and all(words) and max(map(len, words)) < _LINE - len(field) - 2
    if not fits:
        return f"{field}: {_NEXT_LINE.join(_words(text))}\r\n".encode()
    lines = [f"{field}: {words[0]}"]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= _LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(f" {word}")
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _words(text: str) -> Iterator[str]:
    """A text as encoded words (RFC 2047); none ends within a character."""
    word = b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(word) + len(encoded) > _ONE_WORD:
            yield f"=?utf-8?b?{b64encode(word).decode()}?="
            word = b""
        word += encoded
    yield f"=?utf-8?b?{b64encode(word).decode()}?="


def _folded(name: str, address: str) -> bytes:
    fold = " " if len(name) + len(address) < 74 else "\r\n "
    return f"{name}{fold}<{address}>\r\n".encode()


@lru_cache(maxsize=100)
def _date(date: datetime, _: timedelta | None) -> bytes:  # one moment is equal to itself in every zone
    return f"Date: {format_datetime(date)}\r\n".encode()
