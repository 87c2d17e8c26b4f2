"""Postfix's smtp-sink, which takes mail and drops it, near or at the end of a slow line."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import LOOPBACK, free_port, serving

SLOW_LINE = Path(__file__).with_name("slow_line.py")


@dataclass(frozen=True)
class MailServer:
    """Where mail is taken, and the file in which it is counted."""

    port: int
    counters: Path

    @property
    def received(self) -> int:
        """How many messages it has taken so far."""
        found = re.findall(rb"mesg=(\d+)", self.counters.read_bytes()[-200:])
        return int(found[-1]) if found else 0


@contextmanager
def a_mail_server(round_trip: float = 0) -> Iterator[MailServer]:
    """A new smtp-sink; with a round trip of so many seconds, behind a line that delays."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-sink-")))
        port, counters = free_port(), folder / "counters"
        # smtp-sink insists on giving up root's powers; -c counts what it takes.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        sink = ["/usr/sbin/smtp-sink", *user, "-c", f"{LOOPBACK}:{port}", "1024"]
        stack.enter_context(serving(sink, port, counters))
        if round_trip:
            target, port = port, free_port()
            line = [sys.executable, SLOW_LINE, str(port), str(target), str(round_trip / 2)]
            stack.enter_context(serving(line, port))
        yield MailServer(port=port, counters=counters)
