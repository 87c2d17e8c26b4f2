"""What this machine calls itself to a mail server (EHLO): a name as RFC 5321 4.1.1.1 allows it, else its address."""

import re
import socket
import unicodedata

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LONGEST = 255


def own_greeting() -> str:
    """The greeting of this machine; asks its resolver, so once is enough for all sessions."""
    try:
        name = socket.getfqdn()
    except (OSError, UnicodeError):  # a name that no resolver takes, such as one with two dots in a row
        name = ""
    try:
        address = socket.gethostbyname(socket.gethostname())
    except (OSError, UnicodeError):
        address = "127.0.0.1"
    return greeting(name, address)


def greeting(name: str, address: str) -> str:
    """The name as far as it can be said in EHLO: without accents, and with a hyphen for an underscore.

    A name without a dot says nothing to a server (many refuse it): there stands the IPv4 `address`, in brackets.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    cleaned = plain.strip().rstrip(".").replace("_", "-")
    labels = [label.strip("-") for label in cleaned.split(".")]
    whole = ".".join(labels)
    said = (
        len(labels) > 1 and len(whole) <= _LONGEST and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
    )
    return whole if said else f"[{address}]"
