"""What was built from what: so that nothing is rendered twice."""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comsoc_cli.office.files import write_text


@dataclass
class BuildCache:
    """For each order the key of each output and the files that it wrote, with their sizes."""

    path: Path
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "BuildCache":
        """What the last build left; an unreadable file only means that all is rendered again."""
        with contextlib.suppress(OSError, ValueError):
            entries = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(entries, dict):
                return cls(path, entries)
        return cls(path)

    def save(self) -> None:
        write_text(self.path, json.dumps(self.entries, indent=1, sort_keys=True) + "\n")

    def is_current(self, name: str, output: str, key: str, folder: Path) -> bool:
        """Whether an output was made from the same content and its files are still as they were written."""
        entry = self.entries.get(name, {})
        if entry.get("folder") != str(folder):
            return False
        found = entry.get("outputs", {}).get(output)
        return (
            bool(found)
            and found["key"] == key
            and all(_size(folder / file) == size for file, size in found["files"].items())
        )

    def put(self, name: str, folder: Path, output: str, key: str, files: dict[str, int]) -> None:
        entry = self.entries.setdefault(name, {"outputs": {}})
        if entry.get("folder") != str(folder):
            entry["outputs"] = {}
        entry["folder"] = str(folder)
        entry["outputs"][output] = {"key": key, "files": files}

    def files(self, name: str) -> set[str]:
        """Every file that an order's outputs consist of."""
        outputs = self.entries.get(name, {}).get("outputs", {})
        return {file for output in outputs.values() for file in output["files"]}


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
