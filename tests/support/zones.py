"""Databases of time zones, old and new."""

from pathlib import Path

from .offices import ROOT

PACKAGE = ROOT / "comsoc_cli"


def a_database(folder: Path, version: str, *, hours: int) -> Path:
    """A database of its own, in which Mazatlan is so many hours from UTC for ever (RFC 8536)."""
    zone = folder / "America/Mazatlan"
    zone.parent.mkdir(parents=True)
    header = b"TZif" + bytes(1 + 15)
    counts = b"".join(number.to_bytes(4, "big") for number in (0, 0, 0, 0, 1, 4))
    kind = (hours * 3600).to_bytes(4, "big", signed=True) + bytes(2)
    zone.write_bytes(header + counts + kind + b"XXX\0")
    (folder / "tzdata.zi").write_text(f"# version {version}\n")
    return folder


TWICE, NEVER = "2026-11-01 01:30", "2026-03-08 02:30"
