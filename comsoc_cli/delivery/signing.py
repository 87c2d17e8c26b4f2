"""The office's signature on its mails (DKIM, RFC 6376): the receiver sees that they are ours and that nothing changed.

The signature is written here instead of by dkimpy, whose `sign` reads the key, makes the RSA signature in pure Python
and looks at the clock by itself, so that only replacing its globals would change that; what could be borrowed is the
canonical form, twenty lines, which take it longer than OpenSSL takes for the key. The tests verify with dkimpy:
another reading of the RFC finds mistakes that our own would repeat.
"""

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from shlex import quote

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said

#: In the list of signed headers even where they are not there, so that none can be added on the way: what a reader
#: sees, where an answer goes, and what the mail program's button for leaving the list does (RFC 8058).
ALWAYS = ("From", "To", "Subject", "Date", "Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post")
#: Signed where they are there; a relay may have cause to add one that is not.
IF_PRESENT = (
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "List-ID",
    "Feedback-ID",
    "Auto-Submitted",
)
LEAST_BITS = 1024  #: RFC 8301: receivers take no shorter RSA key
_LINE = 78  #: characters (RFC 5322 2.1.1)
_BETWEEN_FIELDS = re.compile(rb"\r\n(?![ \t])")


class NoCryptography(Refusal):
    """The extra with which signatures are made is not installed."""

    exit_code = UNUSABLE

    def __init__(self) -> None:
        super().__init__(
            said("Mails cannot be signed as [dkim] in comsoc.toml asks: a package is not installed."),
            said("Install it: {command}", command='pip install "comsoc-cli[dkim]"'),
        )


class KeyUnusable(Refusal):
    """There is no key to sign with; an unsigned mail is not what the office wants."""

    exit_code = UNUSABLE

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        make = said(
            "Correct [dkim] in comsoc.toml, or make a key: {command}", command="openssl genrsa -out dkim.pem 2048"
        )
        super().__init__(message, hint or make)


class Signer:
    """Signs messages in the name of a domain; many threads may use one, since nothing in it changes."""

    def __init__(self, domain: str, selector: str, pem: bytes, file: Path) -> None:
        """`file` is where the key comes from, for the refusals: raises KeyUnusable, NoCryptography."""
        self._algorithm, self._signature = _way_of_signing(pem, file)
        self._domain = domain.encode("idna").decode("ascii")
        self._selector = selector

    def signed(self, message: bytes, now: int) -> bytes:
        """The message, with CRLF line ends, under its signature of that moment (seconds since 1970)."""
        head, _, body = message.partition(b"\r\n\r\n")
        names, fields = _to_be_signed(head)
        body_hash = b64encode(sha256(relaxed_body(body)).digest()).decode("ascii")
        header = _folded(
            [
                "DKIM-Signature:",
                "v=1;",
                f"a={self._algorithm};",
                "c=relaxed/relaxed;",
                f"d={self._domain};",
                f"s={self._selector};",
                f"t={now};",
                *f"h={': '.join(names)};".split(" "),
                f"bh={body_hash};",
            ]
        )
        # The signature is the last tag and signs its own header up to where it stands (3.7).
        unsigned = header.encode("ascii") + b"\r\n b="
        covered = b"".join(relaxed_header(field) + b"\r\n" for field in fields) + relaxed_header(unsigned)
        signature = b64encode(self._signature(covered))
        width = _LINE - len(" b=")
        lines = [signature[at : at + width] for at in range(0, len(signature), width)]
        return unsigned + b"\r\n ".join(lines) + b"\r\n" + message


def signer(domain: str, selector: str, key_file: Path) -> Signer:
    """A signer with the private key in a PEM file; raises KeyUnusable, NoCryptography."""
    try:
        pem = key_file.read_bytes()
    except OSError as fault:
        raise KeyUnusable(
            said("The DKIM key {file} cannot be read: {cause}.", file=key_file, cause=fault.strerror or str(fault)),
            said("Correct [dkim] in comsoc.toml or the file's permissions."),
        ) from None
    return Signer(domain, selector, pem, key_file)


def relaxed_header(field: bytes) -> bytes:
    """A header in the form in which it is signed (3.4.2), without a line end."""
    name, _, value = field.partition(b":")
    return name.rstrip(b" \t").lower() + b":" + _single_spaces(value.replace(b"\r\n", b"")).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """A body in the form in which it is signed (3.4.4): its last line is ended, and none before the end is empty."""
    body = _single_spaces(body + b"\r\n").replace(b" \r\n", b"\r\n")
    end = len(body)
    while body.endswith(b"\r\n\r\n", 0, end):
        end -= 2
    return b"" if end == 2 else body[:end]


def _single_spaces(text: bytes) -> bytes:
    """Without runs of spaces and tabs; ten times as fast as a regular expression that stops at every space."""
    text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text


def _to_be_signed(head: bytes) -> tuple[list[str], list[bytes]]:
    """The list of signed names, and the headers in the order of that list.

    Of several with one name the lowest comes first (5.4.2). Each name is listed once more than its header is there:
    the one too many stands for nothing; a header that is added later breaks the signature (8.15).
    """
    present: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for field in _BETWEEN_FIELDS.split(head):
        present[field.partition(b":")[0].rstrip(b" \t").lower()].append(field)
    names: list[str] = []
    fields: list[bytes] = []
    for name in ALWAYS + IF_PRESENT:
        found = present[name.lower().encode("ascii")]
        if found or name in ALWAYS:
            names += [name] * (len(found) + 1)
            fields += reversed(found)
    return names, fields


def _folded(words: Iterable[str]) -> str:
    """A header whose lines break between words; only a word that is longer by itself makes a line too long."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(" ") + len(word) > _LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines).removeprefix(" ")


def _way_of_signing(pem: bytes, file: Path) -> tuple[str, Callable[[bytes], bytes]]:
    """The algorithm that the key is for, and what makes its signatures."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ModuleNotFoundError:
        raise NoCryptography from None
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise KeyUnusable(
            said("The DKIM key {file} is locked with a passphrase.", file=file),
            said("Make a copy without one: {command}", command=f"openssl pkey -in {quote(str(file))} -out dkim.pem"),
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(said("There is no private key in {file} that can be read (PEM).", file=file)) from None
    if isinstance(key, Ed25519PrivateKey):
        return "ed25519-sha256", lambda text: key.sign(sha256(text).digest())  # RFC 8463
    if not isinstance(key, RSAPrivateKey):
        raise KeyUnusable(said("The key in {file} is neither RSA nor Ed25519; DKIM knows no other.", file=file))
    if key.key_size < LEAST_BITS:
        raise KeyUnusable(
            said(
                "The RSA key in {file} has {bits} bits; DKIM asks for {least} at least.",
                file=file,
                bits=key.key_size,
                least=LEAST_BITS,
            )
        )
    return "rsa-sha256", lambda text: key.sign(text, PKCS1v15(), SHA256())
