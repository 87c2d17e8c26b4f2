"""E-mail addresses: whether a text is one, and how it is written on the wire."""

import re
import unicodedata

from comsoc_cli.message import Message, said

#: Names that nobody can have a mailbox under (RFC 2606, RFC 6761), as the validator has them.
RESERVED = ("arpa", "invalid", "local", "localhost", "onion", "test")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
#: Not a label with "--" in its third and fourth place (it may be Punycode), nor the beginning of a reserved name.
_LABEL = rf"(?!..--|(?:{'|'.join(map(re.escape, RESERVED))})\Z)[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?"
#: What the validator hands back as it got it: ASCII in lower case, within every limit of length. Nearly every address
#: is such a one, and this tells it in a fiftieth of the validator's time.
_SIMPLE = re.compile(rf"(?=.{{1,254}}\Z){_ATOM}(?:\.{_ATOM})*@(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})+")


#: Spaces of other widths, joiners, marks of direction, hyphens that only show at a line's end, controls.
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}


class NoAddress(ValueError):
    """The text is not an address that mail can be sent to."""


def normalised(text: str) -> str:
    """The address as it is written to: Unicode normalised, domain in lower case; raises NoAddress."""
    if _SIMPLE.fullmatch(text):
        return text
    if "@" not in text:
        raise NoAddress(text)
    from email_validator import EmailNotValidError, validate_email  # takes a tenth of a listing's time to load

    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise NoAddress(text) from None
    # An intranet's "desk@mail.local" is an address; "desk@localhost" in a contact list is a slip.
    if "." not in found.ascii_domain or found.ascii_domain.startswith("["):
        raise NoAddress(text)
    # An address with an internationalised domain is written with its ASCII form, which every server takes.
    return found.ascii_email or found.normalized


def normalised_permit(text: str) -> str:
    """An address, or a domain ("diario.example", "@diario.example"), as addresses are written; raises NoAddress."""
    name, _, domain = text.strip().rpartition("@")
    return normalised(f"{name}@{domain}") if name else normalised(f"a@{domain}").rpartition("@")[2]


def is_permit(text: str) -> bool:
    name, _, domain = text.strip().rpartition("@")
    return is_address(f"{name or 'a'}@{domain}")


def is_address(text: str) -> bool:
    try:
        normalised(text)
    except NoAddress:
        return False
    return True


def visible(text: str) -> str:
    """A text in which invisible characters are named: "ana[U+200B]@diario.example"."""
    return "".join(f"[{_code(letter)}]" if _is_invisible(letter) else letter for letter in text)


def address_expected(text: str) -> Message:
    """What is expected in place of a text that is no address; an invisible character is named, with its place."""
    place = next((place for place, letter in enumerate(text) if _is_invisible(letter)), None)
    if place is None:
        return said("an e-mail address")
    if not text[:place]:
        return said("an e-mail address without the invisible character {code} at its beginning", code=_code(text[0]))
    return said("an e-mail address without the invisible character {code} behind “{before}”",
                code=_code(text[place]), before=text[:place])  # fmt: skip


def _is_invisible(letter: str) -> bool:
    return letter != " " and unicodedata.category(letter) in _INVISIBLE


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"
