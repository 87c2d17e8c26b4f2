"""Judges a mail by the standard library's strict parser and by what RFC 5322, 2045, 2047 and 2387 ask of its bytes."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

STRICT = email.policy.default.clone(raise_on_defect=True)
#: What mailbox providers ignore when it is folded or encoded: these lines are as long as the addresses in them.
VERBATIM = (b"List-", b"Message-ID:", b"Feedback-ID:")
#: Gmail cuts longer HTML; mailboxes refuse or complain of heavier mails.
MOST_HTML, MOST_BYTES = 100_000, 5_000_000


def mail_faults(data: bytes) -> Iterator[tuple[int, str]]:
    """Line and fault."""
    yield from _bytes(data)
    try:
        message = email.message_from_bytes(data, policy=STRICT)
        assert isinstance(message, EmailMessage)
        yield from ((1, fault) for fault in (*_headers(message), *_parts(message), *_pictures(message)))
    except Exception as fault:
        yield 1, f"{type(fault).__name__}: {fault}"
    if len(data) > MOST_BYTES:
        yield 1, f"{len(data)} bytes in all"


def _bytes(data: bytes) -> Iterator[tuple[int, str]]:
    """7-bit, ended by CRLF, and no line longer than its place allows."""
    in_header = True
    for number, line in enumerate(data.split(b"\r\n"), 1):
        if not line.isascii() or b"\0" in line:
            yield number, "a byte beyond ASCII"
        if b"\n" in line or b"\r" in line:
            yield number, "a line that does not end in CRLF"
        most = 998 if line.startswith(VERBATIM) else 78 if in_header else 76
        if len(line) > most:
            yield number, f"{len(line)} bytes in a line, {most} allowed"
        in_header = (in_header or line.startswith(b"--")) and bool(line)


def _headers(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        for name, value in part.items():
            yield from (f"{name}: {defect!r}" for defect in getattr(value, "defects", ()))
    for name in ("From", "To", "Date", "Message-ID", "Subject", "MIME-Version"):
        if len(message.get_all(name, [])) != 1:
            yield f"{len(message.get_all(name, []))} {name}"


def _parts(message: EmailMessage) -> Iterator[str]:
    """Text, then HTML of at most 100 KB; everything can be decoded."""
    leaves = [part for part in message.walk() if not part.is_multipart()]
    kinds = [part.get_content_type() for part in leaves]
    if kinds[:2] != ["text/plain", "text/html"] or "text/html" in kinds[2:]:
        yield f"its parts are {', '.join(kinds)}"
    for part in leaves:
        content = part.get_content()
        if part.get_content_maintype() == "text" and "�" in content:
            yield f"{part.get_content_type()}: a letter that is none"
        if part.get_content_type() == "text/html" and len(content.encode()) > MOST_HTML:
            yield f"{len(content.encode())} bytes of HTML"
        if part.get_content_disposition() == "attachment" and not part.get_filename():
            yield f"{part.get_content_type()}: attached without a name"


def _pictures(message: EmailMessage) -> Iterator[str]:
    """Each cid: in the HTML is a part of the mail, each part with a Content-ID is shown, and RFC 2387 is kept."""
    related = [part for part in message.walk() if part.get_content_type() == "multipart/related"]
    if any(part.get_param("type") != "text/html" for part in related):
        yield "multipart/related without its type, text/html"
    html = message.get_body(("html",))
    shown = set(re.findall(r"cid:([^\"')\s]+)", html.get_content())) if html else set()
    sent = {str(part["Content-ID"]).strip("<>") for part in message.walk() if part["Content-ID"]}
    yield from (f"cid:{name} is shown and not sent" for name in sorted(shown - sent))
    yield from (f"cid:{name} is sent and not shown" for name in sorted(sent - shown))
