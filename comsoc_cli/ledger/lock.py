"""One send at a time: the lock dies with its process, so a dead one is no obstacle."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import said


class SendRunning(Refusal):
    """Another `send` of this office is at work."""

    exit_code = UNUSABLE

    def __init__(self, holder: str) -> None:
        super().__init__(
            said("Nothing was sent: another send of this office is running ({holder}).", holder=holder),
            said("Wait until it has ended; “comsoc status” shows how far it is."),
        )


class LockUnusable(Refusal):
    """The lock's file cannot be written."""

    exit_code = UNUSABLE

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            said(
                "Nothing was sent: {path} could not be written: {cause}.", path=path, cause=cause.strerror or str(cause)
            ),
            said("Make room on the disk or correct the folder's permissions; then repeat the same command."),
        )


@contextmanager
def sending(folder: Path, now: datetime) -> Iterator[None]:
    """Hold the lock of an office; raises SendRunning with who has it."""
    path = folder / "send.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as fault:
        raise LockUnusable(path, fault) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SendRunning(file.read().strip()) from None
        try:
            file.truncate(0)
            file.write(f"PID {os.getpid()}, {now:%Y-%m-%d %H:%M}")
            file.flush()
        except OSError as fault:
            raise LockUnusable(path, fault) from None
        yield
