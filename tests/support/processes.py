"""Processes that go on while a test does something to them: watched, killed, stopped, or typed to."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .offices import NOW, Answer, an_environment

#: A user without rights, for tests that run as root, whom no permission binds.
NOBODY = 65534


@contextmanager
def running(office: Path, *words: str, now: str = NOW, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command line at work; it is ended with the block, if it has not ended by itself."""
    with subprocess.Popen(
        [sys.executable, "-m", "comsoc_cli", *words],
        cwd=office,
        env=an_environment(now=now, **environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def ended(process: subprocess.Popen[str], seconds: float = 900) -> Answer:
    """What a command gave, once it has ended."""
    out, err = process.communicate(timeout=seconds)
    assert "Traceback" not in err, err
    return Answer(process.returncode, out, err)


def until(condition: Callable[[], object], seconds: float = 300) -> None:
    """Wait until something is so; fail if it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.005)


def on_a_terminal(office: Path, *words: str, typed: str, waits_for: str, now: str = NOW) -> tuple[int, str]:
    """Run a command on a terminal of its own and type a line as soon as it asks; its code and what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "comsoc_cli", *words],
        cwd=office,
        env=an_environment(now=now, TERM="xterm"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = _dialogue(ours, waits_for, typed)
        code = process.wait(timeout=300)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "Traceback" not in shown, shown
    return code, shown


def _dialogue(terminal: int, waits_for: str, typed: str) -> str:
    shown, asked, deadline = "", False, time.monotonic() + 300
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other side has gone
            return shown
        if not data:
            return shown
        shown += data.decode(errors="replace")
        if not asked and waits_for in shown:
            os.write(terminal, typed.encode() + b"\n")
            asked = True
    return shown


@contextmanager
def a_full_disk(folder: Path, room: int = 16) -> Iterator[None]:
    """A disk of a few kilobytes under a folder; what is written there beyond that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={room}k,mode=777", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        import pytest

        pytest.skip("only root can put a disk of its own under a folder")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def without_rights() -> Iterator[None]:
    """What is done here is done by somebody whom permissions bind, even where tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def is_alive(pid: int) -> bool:
    """Whether a process still runs."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
