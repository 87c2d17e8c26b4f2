"""Pages that have lain there for a while."""

import time
from pathlib import Path


def grown_old(folder: Path) -> None:
    """Wait until a build may be sure of what it has read."""
    time.sleep(2.1)
