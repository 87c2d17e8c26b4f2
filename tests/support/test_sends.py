"""A test of a release to one address."""

from datetime import UTC, datetime
from pathlib import Path

from comsoc_cli.model.problem import Objection
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import read_vault
from comsoc_cli.safeguards.standing import standing
from comsoc_cli.safeguards.test_send import addressee, addressee_objections

from .offices import NOW, Answer, comsoc

#: Monday 23 November 2026, 11:00 in Sinaloa.
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
EMBARGO = "2026-11-23 18:00"
ANYBODY = "quien.sea@fuera.example"


def a_test(root: Path, address: str, *words: str, now: str = NOW, lang: str = "en") -> Answer:
    return comsoc(root, "send", "becas", "--test", address, *words, now=now, lang=lang)


def objected(root: Path, address: str, now: datetime = MONDAY) -> list[Objection]:
    """What holds a test of the desk's text to this address."""
    home = open_office(root)
    book, _ = read_contacts(home)
    where = standing("becas", read_desk(home), read_vault(home), home.settings.approval)
    to = addressee(address, home.settings, book, now)
    assert where.desk
    return addressee_objections(where, where.desk, to, settings=home.settings, now=now)


def goes(root: Path, address: str, now: datetime = MONDAY) -> bool:
    return not objected(root, address, now)
