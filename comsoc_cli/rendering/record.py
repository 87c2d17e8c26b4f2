"""Records that templates see."""

from typing import NoReturn


class NotPrinted(Exception):
    """A template makes text of a whole record, list or function."""


class Record:
    """The base of what templates see: its fields can be printed, and it cannot, however a template goes about it.

    As text it would show what only programs read. Our own programs and tests have its `repr`.
    """

    __slots__ = ()

    def __str__(self) -> NoReturn:
        raise NotPrinted
