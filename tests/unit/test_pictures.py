"""Pictures on pages: no larger than they are shown, upright, without what a camera wrote; the media kit."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image, ImageFile
from support.photographs import a_photo

from comsoc_cli.press.copies import Copies
from comsoc_cli.rendering.metadata import cleaned
from comsoc_cli.rendering.pictures import mail_picture, measure, scaled


def test_copies_that_nobody_asked_for_in_months_go(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    for name, days in (("old", 100), ("new", 1)):
        (tmp_path / name).write_bytes(b"x")
        then = time.time() - days * 86_400
        os.utime(tmp_path / name, (then, then))
    copies.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


@pytest.mark.parametrize("lenient", [False, True])
def test_what_cannot_be_unpacked_is_its_own_copy(
    tmp_path: Path, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a process in which WeasyPrint was imported, which tells Pillow to be lenient."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    half = a_photo(2000, 1000)[:3000]
    assert scaled(half, 480) == cleaned(half)
    assert mail_picture("foto.jpg", _written(tmp_path / "foto.jpg", half), "cid") is None


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_copies_are_upright_and_hold_nothing_of_the_camera(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "foto"
    path.write_bytes(a_photo(1200, 600, kind, turned=True))
    size = measure(path)
    assert size is not None
    assert (size.width, size.height) == (600, 1200)
    with Image.open(io.BytesIO(scaled(path.read_bytes(), 480))) as copy:
        assert (copy.format, copy.size, dict(copy.getexif())) == (kind, (480, 960), {})
    assert scaled(path.read_bytes(), 480) == scaled(path.read_bytes(), 480)


def test_what_is_no_picture_has_no_measure(tmp_path: Path) -> None:
    for name, data in (("a.svg", b"<svg/>"), ("b.jpg", b"no picture"), ("c.png", a_photo(50, 50, "PNG")[:60])):
        (tmp_path / name).write_bytes(data)
        found = measure(tmp_path / name)
        assert found is None or name == "c.png"
    assert measure(tmp_path / "absent.jpg") is None
