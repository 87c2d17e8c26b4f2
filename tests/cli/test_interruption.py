"""Ctrl-C that comes at a bad moment."""

import subprocess
import sys

from comsoc_cli.cli.main import INTERRUPTED

#: Python drops what rises in `__del__`, as it does in a function that a C library calls.
DROPPED = """
import os, signal, sys
from comsoc_cli.cli.interruption import Interrupted, listen, stop_if_asked

class Thing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        os.getpid()

listen()
stop_if_asked()
thing = Thing()
del thing
try:
    stop_if_asked()
except Interrupted:
    sys.exit(130)
"""


def test_an_interruption_that_python_dropped_is_not_lost() -> None:
    done = subprocess.run([sys.executable, "-c", DROPPED], capture_output=True, text=True, check=False)
    assert done.returncode == INTERRUPTED, done.stderr
    assert "ignored" in done.stderr
