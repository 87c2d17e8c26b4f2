"""How a release stands, and what objects to sending it."""

from datetime import UTC, datetime
from pathlib import Path

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.problem import Objection
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, read_vault, store
from comsoc_cli.safeguards.objections import PUBLIC, Audience, objections
from comsoc_cli.safeguards.standing import Standing, standing

from .readings import the_release

#: Monday 23 November 2026, 11:00 in Sinaloa: an hour after the release's date.
NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def approve(root: Path, revision: int = 1) -> Path:
    release = the_release(root)
    approval = Approval(
        slug="becas",
        revision=revision,
        digest=digest_of(release, revision),
        assents=(Assent(by="Ana", at=NOW),),
        year=2026,
    )
    return store(open_office(root), release, approval)


def how_it_stands(root: Path) -> Standing:
    office = open_office(root)
    return standing("becas", read_desk(office), read_vault(office), office.settings.approval)


def rules_against(
    root: Path, *segments: str, now: datetime = NOW, named: bool = True, approved_text: bool = False
) -> list[str]:
    """The rules that object to sending to these segments, or, without any, to publishing."""
    return [one.rule for one in objected(root, *segments, now=now, named=named, approved_text=approved_text)]


def objected(
    root: Path, *segments: str, now: datetime = NOW, named: bool = True, approved_text: bool = False
) -> list[Objection]:
    office = open_office(root)
    book, _ = read_contacts(office)
    chosen = tuple(book.segments[name] for name in segments)
    audience = Audience(segments=chosen, book=book, named=named, approved_text=approved_text) if segments else PUBLIC
    return objections(how_it_stands(root), audience, settings=office.settings, now=now)
