"""The build's folder: what lies there, whether it is as it was made, and what has no business there any more."""

import contextlib
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.site import files
from comsoc_cli.office.files import StoreUnusable
from comsoc_cli.press.cache import BuildCache, Made, Reading
from comsoc_cli.press.orders import CARD, LISTS, Keys, Order, short_digest
from comsoc_cli.press.work import put
from comsoc_cli.rendering.templates import Templates

_SITE = "site"


class Shelf:
    """`ours`: no other program keeps anything in its press/ and site/."""

    def __init__(self, cache: BuildCache, folder: Path, *, ours: bool, force: bool) -> None:
        self.cache = cache
        self.folder = folder
        self.ours = ours
        self.force = force
        self.made = cache.made(folder)

    def has(self, name: str, output: str) -> bool:
        """Whether an output was ever made there."""
        return output in self.made.get(name, {})

    def says(self, name: str, output: str, state: str) -> bool:
        """Whether an output there has this content and state, with whatever settings and templates it was made."""
        made = self.made.get(name, {}).get(output)
        return made is not None and _is_as_made(f"{self.folder}/{name}", made, f"{made.key.split(' ')[0]} {state}")

    def stale(self, name: str, keys: Mapping[str, str]) -> tuple[str, ...]:
        """Those outputs of an order that are not there as they should be."""
        made, folder = self.made.get(name, {}), f"{self.folder}/{name}"
        return tuple(
            output for output, key in keys.items() if self.force or not _is_as_made(folder, made.get(output), key)
        )

    def differing(self, name: str, made: Made) -> list[str]:
        """The files of an output that are not as they were written."""
        folder = f"{self.folder}/{name}"
        return [mark.split(" ", 2)[2] for mark in made.marks() if not _is_there(folder, mark)]

    def put(self, order: Order, written: Mapping[str, Mapping[str, tuple[int, int]]]) -> None:
        """Keep in mind what an order wrote, and take away what it does not write any more.

        In a folder that is not ours, only what an earlier build wrote.
        """
        made = self.made.setdefault(order.name, {})
        before = _names(made)
        for output, found in written.items():
            made[output] = Made.of(order.keys[output], found)
            self.cache.put_made(self.folder, order.name, output, made[output])
        self._sweep(order.folder, before, _names(made))

    def put_card(self, order: Order, card: bytes) -> None:
        """What the newsroom's lists know of a release: an output like the others, but without a file."""
        made = self.made.setdefault(order.name, {})
        made[CARD] = Made.of(order.keys[CARD], {})
        self.cache.put_made(self.folder, order.name, CARD, made[CARD])
        self.cache.put_card(self.folder, order.shown.release.slug, card)

    def _card_key(self, slug: str) -> str:
        made = self.made.get(f"{_SITE}/releases/{slug}", {}).get(CARD)
        return made.key if made else ""

    def _sweep(self, folder: Path, before: set[str], now: set[str]) -> None:
        if not self.ours or folder.is_symlink():
            for name in before - now:
                (folder / name).unlink(missing_ok=True)
            return
        start = len(f"{folder}/")
        for top, _, names in os.walk(folder, topdown=False):
            for name in names:
                path = f"{top}/{name}"
                if path[start:] not in now:
                    os.unlink(path)  # noqa: PTH108 - a path object costs more than the call
            if len(top) > start:
                with contextlib.suppress(OSError):
                    os.rmdir(top)  # noqa: PTH106 - the same; only where it is empty

    def names(self, place: str) -> set[str]:
        """What lies in a folder of the shelf and is a build's to take away."""
        try:
            found = {path.name for path in (self.folder / place).iterdir()}
        except OSError:
            return set()
        return {name for name in found if self.ours or f"{place}/{name}" in self.made}

    def remove_others(self, place: str, wanted: set[str]) -> None:
        """Take away releases that have no business there."""
        for name in sorted(self.names(place) - wanted):
            path = self.folder / place / name
            try:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            except OSError as fault:
                raise StoreUnusable(path, fault) from None
        for name in [name for name in self.made if name.startswith(f"{place}/")]:
            if name.rpartition("/")[2] not in wanted:
                del self.made[name]
                self.cache.forget_made(self.folder, name)

    def write_lists(
        self, shown: Sequence[Reading], settings: Settings, templates: Templates, keys: Keys, now: datetime
    ) -> None:
        """Lists and feeds of these releases, from the newest on; those that show something else now."""
        common = keys.common[LISTS].digest
        shown = [one for one in shown if self._card_key(one.slug) == keys.of((CARD,), one.site)[CARD]]
        state = short_digest([common, *(f"{one.slug} {one.passed} {self._card_key(one.slug)}" for one in shown)])
        made, folder = self.made.setdefault(_SITE, {}), f"{self.folder}/{_SITE}"
        kept = f"{LISTS} {self.folder}"
        if self.cache.kept(kept) == state and not self.force and all(
            _is_as_made(folder, one, one.key) for one in made.values()
        ):  # fmt: skip
            return
        cards = self.cache.cards(self.folder, [one.slug for one in shown])
        written = set()
        for file in files(settings, templates, [cards[one.slug] for one in shown], now):
            written.add(file.path)
            key = f"{common} {file.key}"
            if self.force or not _is_as_made(folder, made.get(file.path), key):
                path = self.folder / _SITE / file.path
                put(path, file.render())
                found = path.stat()
                made[file.path] = Made.of(key, {file.path: (found.st_size, found.st_mtime_ns)})
                self.cache.put_made(self.folder, _SITE, file.path, made[file.path])
        for name in made.keys() - written:
            path = self.folder / _SITE / name
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()  # only where it was the last one
            del made[name]
            self.cache.forget_made(self.folder, _SITE, name)
        if self.ours:
            self._sweep_lists(written)
        self.cache.keep(kept, state)

    def _sweep_lists(self, written: set[str]) -> None:
        """Lists that the cache does not know, as after its loss, may name what must not be named any more."""
        site = self.folder / _SITE
        for top in sorted(site.iterdir()):
            if top.name == "releases":
                continue
            for path in sorted((top, *top.rglob("*")), reverse=True):
                if path.is_dir() and not path.is_symlink():
                    with contextlib.suppress(OSError):
                        path.rmdir()  # only where it is empty
                elif path.relative_to(site).as_posix() not in written:
                    path.unlink()


def _is_as_made(folder: str, made: Made | None, key: str) -> bool:
    """Whether an output was made from the same content and its files are still as they were written."""
    return made is not None and made.key == key and all(_is_there(folder, mark) for mark in made.marks())


def _is_there(folder: str, mark: str) -> bool:
    size, time, name = mark.split(" ", 2)
    try:
        found = os.stat(f"{folder}/{name}")  # noqa: PTH116 - a path object costs more than the call
    except OSError:
        return False
    return f"{found.st_size}" == size and f"{found.st_mtime_ns}" == time


def _names(made: Mapping[str, Made]) -> set[str]:
    return {name for one in made.values() for name in one.names()}
