"""Where the ledger lies; known without opening it."""

from pathlib import Path


def ledger_path(url: str, root: Path) -> Path:
    """The file of a "sqlite:///" address, relative to the office."""
    return root / url.removeprefix("sqlite:///")


def send_lock(url: str, root: Path) -> Path:
    """What a `send` holds: beside the ledger, so that two offices with one ledger have one lock."""
    return ledger_path(url, root).parent / "send.lock"
