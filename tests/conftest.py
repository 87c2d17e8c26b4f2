"""What all tests share."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from support.offices import an_office

Layout = Callable[..., Path]


@pytest.fixture
def office(tmp_path: Path) -> Layout:
    """Lays out an office in a folder of the test's own."""

    def make(files: Mapping[str, str | bytes | None] | None = None) -> Path:
        return an_office(tmp_path / "office", files)

    return make
