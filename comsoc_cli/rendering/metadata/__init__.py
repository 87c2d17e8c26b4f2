"""What pictures and films tell besides what they show: removed from all that leaves, but for caption and credit.

No pixel is touched: the files are taken apart and put together again, byte by byte.
"""

from pathlib import Path
from typing import Protocol

from comsoc_cli.rendering.metadata import bmff, exif, gif, jpeg, png, svg, tiff, webp, xmp
from comsoc_cli.rendering.metadata.exif import Place

__all__ = ["VERSION", "Place", "cleaned", "place_at", "place_of"]

#: Part of every key of the build's cache: raise it where `cleaned` gives other bytes than before.
VERSION = "1"
#: Bytes within which a JPEG tells where it was taken.
_HEAD = 1_000_000


class _Format(Protocol):
    def matches(self, data: bytes) -> bool:
        """Whether these are the first bytes of such a file."""

    def cleaned(self, data: bytes) -> bytes:
        """The same picture without what it must not tell."""

    def records(self, data: bytes) -> tuple[bytes, bytes]:
        """Its EXIF and its XMP."""


_FORMATS: tuple[_Format, ...] = (jpeg, png, webp, gif, bmff, tiff, svg)


def cleaned(data: bytes) -> bytes:
    """A file as it may leave: without place, camera, serial number, owner, software and previews.

    The picture itself, its colour profile, orientation, caption, credit and copyright stay. What is neither a picture
    nor a film is given back as it is.
    """
    for one in _FORMATS:
        if one.matches(data):
            return one.cleaned(data)
    return data


def place_at(path: Path) -> Place | None:
    """`place_of` a file; reads no more of it than needed."""
    with path.open("rb") as file:
        data = file.read(_HEAD)
        return place_of(data if jpeg.matches(data) else data + file.read())


def place_of(data: bytes) -> Place | None:
    """Where a picture or film says that it was taken; None where it does not."""
    for one in _FORMATS:
        if one.matches(data):
            found, packet = one.records(data)
            return exif.place_in(found) or xmp.place_in(packet) or bmff.place_in(data)
    return None
