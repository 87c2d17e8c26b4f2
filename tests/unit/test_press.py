"""Nothing is done twice: what a build reads and renders anew, and what it says of that."""

import os
import pickle
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.offices import PIXEL
from support.pages import grown_old

from comsoc_cli.press.cache import BuildCache
from comsoc_cli.press.stamps import Stamps, taken


def test_stamps_hold_until_a_file_changes_even_if_its_size_and_time_do_not(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("uno")
    grown_old(tmp_path)
    stamps = taken(tmp_path, [file, tmp_path / "missing.png"], time.time_ns())
    assert stamps.hold(str(tmp_path))
    before = file.stat()
    file.write_text("dos")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not stamps.hold(str(tmp_path))
    assert stamps.changed(str(tmp_path)) == ["a.md"]


def test_a_file_that_was_just_written_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("uno")
    assert not taken(tmp_path, [tmp_path / "a.md"], time.time_ns()).hold(str(tmp_path))
    assert not Stamps().hold(str(tmp_path))


def test_a_file_that_appears_where_none_was_is_noticed(tmp_path: Path) -> None:
    stamps = taken(tmp_path, [tmp_path / "foto.png"], time.time_ns())
    assert stamps.hold(str(tmp_path))
    (tmp_path / "foto.png").write_bytes(PIXEL)
    assert not stamps.hold(str(tmp_path))


class Evil:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


def test_a_card_from_the_cache_runs_no_code(tmp_path: Path) -> None:
    with closing(BuildCache(tmp_path / "build.db")) as cache:
        cache.put_card(tmp_path, "becas", pickle.dumps(Evil()))
        with pytest.raises(pickle.UnpicklingError):
            cache.cards(tmp_path, ["becas"])
