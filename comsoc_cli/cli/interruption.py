"""Ctrl-C and SIGTERM, as an exception that ends a command."""

import signal
from types import FrameType
from typing import NoReturn


class Interrupted(BaseException):
    """Ctrl-C, where no command has a way of its own to end well."""


_arrived = False


def listen() -> None:
    """Make both signals raise Interrupted."""
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)


def stop_if_asked() -> None:
    """Raise Interrupted where a signal came before.

    Python drops an exception that rises while a library's C code calls back, such as the one that draws a PDF. Long
    work asks after each piece.
    """
    if _arrived:
        raise Interrupted


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    global _arrived
    _arrived = True
    raise Interrupted
