"""The office as far as it can be read: for a kill, which nothing that is wrong in a file may delay."""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.folder import SETTINGS, Office, find_root
from comsoc_cli.office.settings import read_settings, settings_from

#: Without these tables no mail can be written, or it would go another way than the office's.
_NEEDED = ("office", "sender", "smtp", "dkim", "ledger")


def office_as_far_as_it_can_be_read(start: Path) -> tuple[Office, list[Problem], bool]:
    """The office, what is wrong in comsoc.toml, and whether mails can be written with what is left of it.

    A table that a notice does not need, and a key that is unknown, is left out. Raises NoOffice.
    """
    root = find_root(start)
    settings, problems = read_settings(root)
    if settings:
        return Office(root=root, settings=settings), [], True
    settings = _without_what_is_wrong(root)
    if settings:
        return Office(root=root, settings=settings), problems, True
    return Office(root=root, settings=_packaged()), problems, False


def _without_what_is_wrong(root: Path) -> Settings | None:
    """The settings without the tables and keys that are wrong, or None where one that is needed is."""
    try:
        text = read_text(root / SETTINGS)
        data = tomllib.loads(text)
    except (FileFault, tomllib.TOMLDecodeError):
        return None
    for name in [name for name in data if name not in _NEEDED]:
        if settings_from({**{kept: data[kept] for kept in _NEEDED if kept in data}, name: data[name]}, text)[0] is None:
            del data[name]
    settings, problems = settings_from(data, text)
    for problem in problems if settings is None else ():
        if problem.rule == "unknown-key":
            _drop(data, problem.field or "")
    return settings or settings_from(data, text)[0]


def _drop(data: dict[str, Any], place: str) -> None:
    """Take a key such as smtp.conections away."""
    *tables, key = place.split(".")
    with suppress(KeyError, TypeError, AttributeError):
        for table in tables:
            data = data[table]
        data.pop(key, None)


def _packaged() -> Settings:
    """What is known without comsoc.toml: the packaged kinds, by which the vault's releases are read."""
    found = settings_from({"office": {"name": "?"}}, "")[0]
    assert found
    return found
