"""Smaller copies of pictures, kept beside the build's cache so that none is scaled twice."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

from comsoc_cli.model.release import Release
from comsoc_cli.office.files import StoreUnusable, write_bytes
from comsoc_cli.office.folder import Office
from comsoc_cli.press.orders import versions
from comsoc_cli.rendering.pictures import VERSION, copy_name, measure, scaled, share_name, shared
from comsoc_cli.rendering.sharing import share_picture

#: Days after which a copy that no build asked for goes.
_KEPT_FOR = 60
_DAY = 86_400


class Copies:
    """The copies of one office, in a folder that may be taken away at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, text: Release, media: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """By its name among the release's media, each smaller copy of a picture that a page shows.

        `media` has the originals as they may leave.
        """
        for name in shown(text):
            size = measure(text.files[name])
            for width in size.copies if size else ():
                yield copy_name(name, width), self._copy(media[name], f"{width}", partial(scaled, width=width))

    def shared(self, text: Release, media: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
        """The copy that other sites show beside a link to the text's page."""
        if found := share_picture(text):
            name = text.name_of(found[0].src)
            yield share_name(name), self._copy(media[name], "share", shared)

    def _copy(self, data: bytes, what: str, make: Callable[[bytes], bytes]) -> bytes:
        recipe = f"{what} {VERSION} {versions()['pillow']}"
        kept = self.folder / sha256(sha256(data).digest() + recipe.encode()).hexdigest()[:40]
        with contextlib.suppress(OSError):
            if copy := kept.read_bytes():
                os.utime(kept)
                return copy
        copy = make(data)
        with contextlib.suppress(StoreUnusable):  # it can be made again
            write_bytes(kept, copy, durable=False)
        return copy

    def sweep(self) -> None:
        """Take away what no build has asked for in a long time."""
        long_ago = time.time() - _KEPT_FOR * _DAY
        with contextlib.suppress(OSError):
            for entry in os.scandir(self.folder):
                if entry.stat().st_mtime < long_ago:
                    Path(entry.path).unlink()


def copies_folder(office: Office) -> Path:
    """Where an office's copies are kept."""
    return office.state / "pictures"


def shown(text: Release) -> list[str]:
    """The pictures on a text's page: those that it lists, and those within it; not what it attaches."""
    listed = [text.name_of(image.src) for image in text.images]
    attached = {text.name_of(name) for name in text.attachments}
    names = [*listed, *(name for name in text.files if name not in attached)]
    return [name for name in dict.fromkeys(names) if name in text.files]
