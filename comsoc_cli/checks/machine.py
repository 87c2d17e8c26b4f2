"""What the machine lacks to do its work well."""

import ctypes
from collections.abc import Iterator, Sequence

from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.folder import SETTINGS

#: Cuts fonts to the letters that a PDF uses; as Linux, macOS and Windows call it.
SUBSETTERS = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


def machine_problems(subsetters: Sequence[str] = SUBSETTERS) -> Iterator[Problem]:
    """Libraries without which the same is done, and takes longer."""
    if not any(map(_is_there, subsetters)):
        message = said(
            "the library harfbuzz-subset is not installed, and PDFs take twice as long"
            " (on Debian and Ubuntu: sudo apt-get install libharfbuzz-subset0)"
        )
        yield Problem(path=SETTINGS, rule="machine", severity=Severity.WARNING, message=message)


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
