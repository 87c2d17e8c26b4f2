"""Whether files are as they were when they were read, told without opening them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

#: Nanoseconds: a file that was changed so shortly before it was read may change again under the same time.
_TOO_YOUNG = 2_000_000_000
#: Between names, and between marks: the one character that no name of a file holds.
SEPARATOR = "\0"
_UNSURE, _MISSING = "?", "-"


@dataclass(frozen=True)
class Stamps:
    """Files and folders by their names, and for each its size, times and place on the disk."""

    names: str = ""  #: relative to the office
    marks: str = ""  #: in the same order

    def hold(self, root: str) -> bool:
        """Whether every one is as it was. What was too young to be sure of is not."""
        return bool(self.names) and self.marks == SEPARATOR.join(_marks(root, self.names.split(SEPARATOR)))

    def changed(self, root: str) -> list[str]:
        """The names of those that are not as they were."""
        names = self.names.split(SEPARATOR) if self.names else []
        now = _marks(root, names)
        return [name for name, old, new in zip(names, self.marks.split(SEPARATOR), now, strict=True) if old != new]


def taken(root: Path, paths: Iterable[Path | str], began: int) -> Stamps:
    """The stamps of files that were read by a build which began at that time of the disk's clock, in nanoseconds.

    What changed a moment before, or since, gets a mark that nothing equals, and so is read again.
    """
    start = f"{root}/"
    names = [path[len(start) :] if path.startswith(start) else os.path.relpath(path, root) for path in map(str, paths)]
    return Stamps(SEPARATOR.join(names), SEPARATOR.join(_marks(str(root), names, began - _TOO_YOUNG)))


def _marks(root: str, names: Iterable[str], before: int | None = None) -> list[str]:
    marks = []
    for name in names:
        try:
            found = os.stat(f"{root}/{name}")  # noqa: PTH116 - a path object costs more than the call
        except OSError:
            marks.append(_MISSING)
            continue
        young = before is not None and max(found.st_ctime_ns, found.st_mtime_ns) >= before
        marks.append(_UNSURE if young else f"{found.st_size} {found.st_mtime_ns} {found.st_ino} {found.st_ctime_ns}")
    return marks
