"""Small records in the vault that are not edited by hand: YAML with a seal over all that it says.

The seal shows a slip, not a forger: who did what is proved by git's history.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.marked_yaml import plain, read_mapping

_SEAL = "seal"
_FIGURES = re.compile(r"\d[\dT:+-]*|sha256:[0-9a-f]+")


def sealed_text(record: Mapping[str, Any]) -> str:
    """A record as it is written down: mappings, lists of mappings, and values; what is empty is left out."""
    record = _kept(record)
    return "\n".join([*_lines(record), f"{_SEAL}: {_seal_of(record)}"]) + "\n"


def read_sealed(path: Path) -> dict[str, Any]:
    """A record, every value as text; raises FileFault where it cannot be read or is not as it was written."""
    record: dict[str, Any] = plain(read_mapping(read_text(path)))
    seal = record.pop(_SEAL, None)
    if seal != _seal_of(record):
        raise FileFault(said("it was edited by hand, or two versions of it were merged"), rule="vault")
    return record


def whole_moment(text: str) -> datetime:
    """A moment with its zone, as a record has it; raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _kept(record: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            value = _kept(value)
        elif isinstance(value, list | tuple):
            value = [_kept(one) for one in value]
        elif value is not None:
            value = str(value)
        if value:
            kept[key] = value
    return kept


def _lines(record: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from _lines(value, indent + "  ")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{indent}{key}:"
            for one in value:
                first, *rest = _lines(one, indent + "    ")
                yield f"{indent}  - {first.lstrip()}"
                yield from rest
        else:
            # A string as JSON writes it is YAML as well; figures, moments and digests are read more easily without.
            plain_enough = _FIGURES.fullmatch(value)
            yield f"{indent}{key}: {value if plain_enough else json.dumps(value, ensure_ascii=False)}"


def _seal_of(record: Mapping[str, Any]) -> str:
    canonical = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
