"""One at a time: locks of the office's folder; a lock dies with its process, so a dead one is no obstacle."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from comsoc_cli.errors import Refusal
from comsoc_cli.model.private import make_folder, narrow
from comsoc_cli.office.files import StoreUnusable


@contextmanager
def held(path: Path, now: datetime, busy: Callable[[str], Refusal] | None = None) -> Iterator[None]:
    """Hold a lock. Where another process does, raise what `busy` makes of its name; without `busy`, wait.

    Raises StoreUnusable where there can be no lock.
    """
    try:
        make_folder(path.parent)
        file = path.open("a+b", buffering=0)
        narrow(path)  # where a group shares the office, a colleague takes the same lock
    except OSError as fault:
        raise StoreUnusable(path, fault) from None
    with file:
        try:
            _take(file, wait=busy is None)
        except BlockingIOError:
            file.seek(0)
            assert busy
            raise busy(file.read().decode(errors="replace").strip()) from None
        with suppress(OSError):  # a full disk: it is held all the same, and what has to be written says so
            file.truncate(0)
            file.write(f"PID {os.getpid()}, {now:%Y-%m-%d %H:%M}".encode())
        yield


def is_held(path: Path) -> bool:
    """Whether a process holds a lock now."""
    try:
        file = path.open("r", encoding="utf-8")
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _take(file: IO[bytes], *, wait: bool) -> None:
    """Lock it; raises BlockingIOError. A process that only looked (`is_held`) is gone after a moment."""
    for left in (2, 1, 0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            if not left:
                raise
            time.sleep(0.05)
        else:
            return
