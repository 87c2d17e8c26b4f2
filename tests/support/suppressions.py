"""Who must not be written to, and how they came there."""

from datetime import date
from pathlib import Path

from comsoc_cli.model.contact import Suppression
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.suppressing import suppress
from comsoc_cli.office.suppressions import read_suppressions

TODAY = date(2026, 11, 23)


def added(root: Path, *emails: str, reason: str = "", detail: str = "") -> str:
    """The file after these were added."""
    wanted = [Suppression(email=one, since=TODAY, reason=reason, detail=detail) for one in emails]
    suppress(open_office(root), wanted)
    return (root / "suppressions.yaml").read_bytes().decode("utf-8")


def addresses(root: Path) -> list[str]:
    found, problems = read_suppressions(open_office(root))
    assert problems == []
    return list(found)
