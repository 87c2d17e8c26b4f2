"""E-mail addresses: whether a text is one, and how it is written on the wire."""

from email_validator import EmailNotValidError, validate_email


class NoAddress(ValueError):
    """The text is not an address that mail can be sent to."""


def normalised(text: str) -> str:
    """The address as it is written to: Unicode normalised, domain in lower case; raises NoAddress."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise NoAddress(text) from None
    # An intranet's "desk@mail.local" is an address; "desk@localhost" in a contact list is a slip.
    if "." not in found.ascii_domain or found.ascii_domain.startswith("["):
        raise NoAddress(text)
    # An address with an internationalised domain is written with its ASCII form, which every server takes.
    return found.ascii_email or found.normalized


def is_address(text: str) -> bool:
    try:
        normalised(text)
    except NoAddress:
        return False
    return True
