"""What all tests share."""

import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from support.ledger import URL
from support.offices import SEND, Layout, an_office, comsoc

from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.zones import zone_named


@pytest.fixture
def office(tmp_path: Path) -> Layout:
    """Lays out an office in a folder of the test's own."""

    def make(files: Mapping[str, str | bytes | None] | None = None) -> Path:
        return an_office(tmp_path / "office", files)

    return make


@pytest.fixture
def sent_office(office: Layout) -> Path:
    """An office whose release went to media."""
    root = office()
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, *SEND).code == 0
    return root


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(URL, tmp_path) as opened:
        yield opened


@pytest.fixture
def system() -> Iterator[Callable[[Path], None]]:
    """Lets a database of time zones be the system's."""

    def make(folder: Path) -> None:
        zoneinfo.reset_tzpath([str(folder)])
        zone_named.cache_clear()

    yield make
    zoneinfo.reset_tzpath()
    zone_named.cache_clear()
