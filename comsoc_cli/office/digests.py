"""Digests of files, and of those that did not change a memory: an overview need not read every photograph again."""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from comsoc_cli.model.private import make_file
from comsoc_cli.office.folder import Office

#: The digest of a file's content, as hexadecimal SHA-256; raises OSError.
Digest = Callable[[Path], str]

#: What changed less than so many nanoseconds ago may change again without another time.
_TOO_YOUNG = 2_000_000_000
_TABLE = "CREATE TABLE IF NOT EXISTS digests (path TEXT PRIMARY KEY, state TEXT, digest TEXT) WITHOUT ROWID"


def file_digest(path: Path) -> str:
    """Read the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def remembered(office: Office, now: int) -> Iterator[Digest]:
    """Digests for a listing: a file with the size, times and inode that it had is not read again.

    `now` is in nanoseconds since 1970. Nothing is sent on the word of this memory: a send reads what it sends. An
    office without .comsoc/ gets none, and one that cannot be written is read as if there were no memory.
    """
    memory = _Memory(office.state / "digests.db", now) if office.state.is_dir() else None
    try:
        yield memory.digest if memory else file_digest
    finally:
        if memory:
            memory.close()


class _Memory:
    """Opened when the first file is asked for: an office without pictures needs none."""

    def __init__(self, path: Path, now: int) -> None:
        self._path = path
        self._now = now
        self._base: sqlite3.Connection | None = None
        self._known: dict[str, tuple[str, str]] = {}
        self._fresh: list[tuple[str, str, str]] = []
        self._is_read = False

    def digest(self, path: Path) -> str:
        if not self._is_read:
            self._read()
        found = path.stat()
        state = f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        before, digest = self._known.get(name, ("", ""))
        if state == before:
            return digest
        digest = file_digest(path)
        if max(found.st_mtime_ns, found.st_ctime_ns) < self._now - _TOO_YOUNG:
            self._fresh.append((name, state, digest))
        return digest

    def close(self) -> None:
        if self._base is None:
            return
        with suppress(sqlite3.Error):
            self._base.executemany("INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", self._fresh)
            self._base.commit()
        self._base.close()

    def _read(self) -> None:
        self._is_read = True
        with suppress(sqlite3.Error, OSError):
            make_file(self._path)
            self._base = sqlite3.connect(self._path)
            self._base.execute("PRAGMA synchronous=OFF")  # what is lost with the power is read again
            self._base.execute(_TABLE)
            rows = self._base.execute("SELECT path, state, digest FROM digests")
            self._known = {path: (state, digest) for path, state, digest in rows}
