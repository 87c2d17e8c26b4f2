"""Processes that are timed, and servers that run beside them."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Ended:
    """What a process took, from its start to its end."""

    code: int
    began: float  #: when, on the clock of time.perf_counter()
    seconds: float
    busy: float  #: seconds of a processor; the rest was spent waiting
    peak: int  #: bytes of memory, at most
    out: Path
    err: Path


def timed(command: Sequence[str | Path], folder: Path, *, family: bool = False) -> Ended:
    """Run a command in a folder, its output into files there; the memory of it alone, or of its whole `family`."""
    out, err = folder / "stdout", folder / "stderr"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        memory = Memory(process.pid) if family else None
        # wait4 tells of this child alone; RUSAGE_CHILDREN would keep the largest of all so far.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return Ended(
        code=process.returncode,
        began=begin,
        seconds=seconds,
        busy=usage.ru_utime + usage.ru_stime,
        peak=memory.stop() if memory else usage.ru_maxrss * 1024,
        out=out,
        err=err,
    )


def complete(ended: Ended) -> Ended:
    """What ended well; anything else ends the bench, with what the process said."""
    if ended.code:
        told = ended.err.read_text(encoding="utf-8", errors="replace")
        raise SystemExit(f"a process ended with code {ended.code}:\n{told[-2000:]}")
    return ended


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMSOC_")}
    return {**kept, "COMSOC_LANG": "en", "LANG": "C.UTF-8"}


class FirstFile(threading.Thread):
    """Notes when the first file of a pattern appears in a folder, on the clock of time.perf_counter()."""

    def __init__(self, folder: Path, pattern: str) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.pattern = pattern
        self.moment: float | None = None
        self.enough = threading.Event()
        self.start()

    def run(self) -> None:
        while self.moment is None and not self.enough.wait(0.01):
            if any(self.folder.glob(self.pattern)):
                self.moment = time.perf_counter()

    def stop(self) -> float:
        """When it appeared."""
        self.enough.set()
        self.join()
        if self.moment is None:
            raise SystemExit(f"no {self.pattern} appeared in {self.folder}")
        return self.moment


def free_port() -> int:
    """A port of the loopback on which nobody listens."""
    with socket.socket() as line:
        line.bind((LOOPBACK, 0))
        return int(line.getsockname()[1])


@contextmanager
def serving(command: Sequence[str | Path], port: int, out: Path | None = None) -> Iterator[None]:
    """A server that is up within the block, and gone after it."""
    with (out or Path(os.devnull)).open("wb") as stdout, subprocess.Popen(command, stdout=stdout) as process:
        try:
            _wait_for(port, process)
            yield
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.02)
    raise SystemExit(f"{process.args!r} does not listen on port {port}")


class Memory(threading.Thread):
    """The most memory that a process and all that it started had at any moment; what they share counts once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.peak = 0
        self.enough = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.enough.wait(0.05):
            self.peak = max(self.peak, sum(map(_memory, _family(self.process))))

    def stop(self) -> int:
        """Bytes."""
        self.enough.set()
        self.join()
        return self.peak


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _memory(process: int) -> int:
    """Bytes; a page that several processes share is divided among them."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
