"""What `init` filled in and the office has not: addresses under reserved domains, telephone numbers of zeros.

Domains after RFC 2606 and RFC 6761: a mail from one of them is refused or lost, and cannot be answered.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from comsoc_cli.message import said
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import PressContact, Settings
from comsoc_cli.office.settings import is_loopback

_RESERVED = re.compile(r"(?i)(?:^|\.)(?:example|test|invalid|localhost|example\.(?:com|org|net))\.?$")
#: 667 000 0000, 555 555 5555, 123 456 7890: the last ten digits.
_NOBODYS_NUMBER = re.compile(r"\d{3}0{7}|(\d)\1{9}|1234567890|0123456789")


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A setting that still has the value of an example."""

    field: str  #: as in comsoc.toml: sender.email
    value: str


def placeholders(settings: Settings, release: Release) -> Iterator[Placeholder]:
    """Those of a release's mail: sender, the release's press contact, and the addresses of the office."""
    sender, office = settings.sender, settings.office
    addresses = {"sender.email": sender.email, "sender.reply_to": sender.reply_to}
    pages = {
        "office.url": office.url,
        "office.privacy_notice": office.privacy_notice,
        "sender.unsubscribe_url": sender.unsubscribe_url,
    }
    phones = {}
    name, contact = _contact(settings, release)
    if contact:
        addresses[f"press_contacts.{name}.email"] = contact.email
        phones[f"press_contacts.{name}.phone"] = contact.phone
    for field, value in addresses.items():
        if _RESERVED.search(value.rpartition("@")[2]):
            yield Placeholder(field=field, value=value)
    for field, value in phones.items():
        if _NOBODYS_NUMBER.fullmatch(re.sub(r"\D", "", value)[-10:]):
            yield Placeholder(field=field, value=value)
    for field, value in pages.items():
        if _RESERVED.search(_host(value)):
            yield Placeholder(field=field, value=value)


def placeholder_objections(release: Release, settings: Settings) -> Iterator[Objection]:
    """What holds a send through a mail server of another machine; an outbox and a server of this one take anything."""
    if settings.smtp is None or is_loopback(settings.smtp.host):
        return
    for one in placeholders(settings, release):
        yield Objection(
            rule="placeholder",
            message=said("{field} still has the value of an example: {value}", field=one.field, value=one.value),
            lifted_by=said("the office’s own in comsoc.toml, at {field}", field=one.field),
        )


def _contact(settings: Settings, release: Release) -> tuple[str, PressContact | None]:
    """The contact that the release names; the first where it names none."""
    name = release.contact or next(iter(settings.press_contacts), "")
    return name, settings.press_contacts.get(name)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
