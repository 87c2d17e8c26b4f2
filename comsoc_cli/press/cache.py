"""What was built from what, so that nothing is read or rendered twice. One small database in the office's .comsoc."""

import io
import json
import os
import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from comsoc_cli.model.private import make_file, make_folder
from comsoc_cli.office.files import StoreUnusable
from comsoc_cli.press.stamps import SEPARATOR, Stamps

_SCHEMA = 4
_TABLES = """
CREATE TABLE readings (slug TEXT PRIMARY KEY, ordinal INT, status TEXT, texts TEXT, kit TEXT, site TEXT, moments TEXT,
                       passed INT, "order" TEXT, told TEXT, common TEXT, desk_names TEXT, desk_marks TEXT,
                       vault_names TEXT, vault_marks TEXT) WITHOUT ROWID;
CREATE TABLE outputs (folder TEXT, name TEXT, output TEXT, key TEXT, files TEXT,
                      PRIMARY KEY (folder, name, output)) WITHOUT ROWID;
CREATE TABLE cards (folder TEXT, slug TEXT, card BLOB, PRIMARY KEY (folder, slug));
CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
#: What a card may consist of; anything else in the database is refused.
_CARD_MODULES = (
    "comsoc_cli.newsroom.",
    "comsoc_cli.rendering.",
    "comsoc_cli.model.",
    "markupsafe",
)
_CARD_CLASSES = {("datetime", "datetime"), ("datetime", "date"), ("datetime", "timezone"), ("datetime", "timedelta"),
                 ("comsoc_cli.model.zones", "zone_named")}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the build must know of a release without reading it again."""

    slug: str
    ordinal: int = 0  #: of the vault's newest revision
    status: str = ""  #: draft, approved or changed
    texts: str = ""  #: the names of the desk's text and its translations
    kit: str = ""  #: digest and state of the desk's text; nothing where it cannot be rendered
    site: str = ""  #: digest and state of the public text; nothing where there is none
    moments: str = ""  #: when its state changes by itself, in UTC
    passed: int = 0  #: how many of them were over
    order: str = ""  #: by this the newsroom sorts it
    told: str = ""  #: what the receipts said of it
    common: str = ""  #: the settings and versions it was read with
    desk: Stamps = field(default_factory=Stamps)
    vault: Stamps = field(default_factory=Stamps)


_FACTS = tuple(one.name for one in fields(Reading) if one.name not in ("desk", "vault"))


@dataclass(frozen=True)
class Made:
    """An output that was written: from what, and its files with size and time."""

    key: str
    files: str  #: of each its size, time and name

    @classmethod
    def of(cls, key: str, files: Mapping[str, tuple[int, int]]) -> "Made":
        return cls(key, SEPARATOR.join(f"{size} {time} {name}" for name, (size, time) in files.items()))

    def marks(self) -> list[str]:
        return self.files.split(SEPARATOR) if self.files else []

    def names(self) -> list[str]:
        return [mark.split(" ", 2)[2] for mark in self.marks()]


class BuildCache:
    """Raises StoreUnusable where it cannot be written; whatever cannot be understood is begun anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            try:
                self._base = self._opened()
            except sqlite3.DatabaseError:
                path.unlink(missing_ok=True)
                self._base = self._opened()
        except (sqlite3.Error, OSError) as fault:
            raise StoreUnusable(path, OSError(str(fault))) from None

    def _opened(self) -> sqlite3.Connection:
        make_folder(self.path.parent)
        make_file(self.path)  # it keeps cards of texts under embargo
        base = sqlite3.connect(self.path)
        # What is lost with the power is rendered again.
        base.execute("PRAGMA synchronous=OFF")
        # KiB. With the usual two megabytes the same pages go to the disk again and again.
        base.execute("PRAGMA cache_size=-16384")
        if base.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA:
            for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                base.execute(f"DROP TABLE {name}")
            base.executescript(f"{_TABLES} PRAGMA user_version={_SCHEMA};")
        return base

    def save(self) -> None:
        """Make what was put here outlive this process."""
        try:
            self._base.commit()
        except sqlite3.Error as fault:
            raise StoreUnusable(self.path, OSError(str(fault))) from None

    def close(self) -> None:
        self._base.close()

    def readings(self) -> Iterator[Reading]:
        for *facts, desk_names, desk_marks, vault_names, vault_marks in self._base.execute("SELECT * FROM readings"):
            known = dict(zip(_FACTS, facts, strict=True))
            yield Reading(**known, desk=Stamps(desk_names, desk_marks), vault=Stamps(vault_names, vault_marks))

    def put_reading(self, one: Reading) -> None:
        facts = tuple(getattr(one, name) for name in _FACTS)
        row = (*facts, one.desk.names, one.desk.marks, one.vault.names, one.vault.marks)
        holders = ", ".join("?" * len(row))
        self._run(f"INSERT OR REPLACE INTO readings VALUES ({holders})", row)  # noqa: S608 - holders, no values

    def made(self, folder: Path) -> dict[str, dict[str, Made]]:
        """By order and output, what builds wrote below a folder."""
        found: dict[str, dict[str, Made]] = {}
        rows = self._base.execute("SELECT name, output, key, files FROM outputs WHERE folder = ?", (_key(folder),))
        for name, output, key, files in rows:
            found.setdefault(name, {})[output] = Made(key, files)
        return found

    def put_made(self, folder: Path, name: str, output: str, made: Made) -> None:
        row = (_key(folder), name, output, made.key, made.files)
        self._run("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", row)

    def forget_made(self, folder: Path, name: str, output: str | None = None) -> None:
        if output is None:
            self._run("DELETE FROM outputs WHERE folder = ? AND name = ?", (_key(folder), name))
        else:
            row = (_key(folder), name, output)
            self._run("DELETE FROM outputs WHERE folder = ? AND name = ? AND output = ?", row)

    def cards(self, folder: Path, slugs: Iterable[str]) -> dict[str, Any]:
        """The cards of these releases, as the newsroom made them."""
        wanted = set(slugs)
        rows = self._base.execute("SELECT slug, card FROM cards WHERE folder = ?", (_key(folder),))
        return {slug: _CardReader(io.BytesIO(card)).load() for slug, card in rows if slug in wanted}

    def put_card(self, folder: Path, slug: str, card: bytes) -> None:
        self._run("INSERT OR REPLACE INTO cards VALUES (?, ?, ?)", (_key(folder), slug, card))

    def kept(self, name: str) -> Any:
        """Something that was put here under a name, or None."""
        found = self._base.execute("SELECT value FROM kept WHERE name = ?", (_key(name),)).fetchone()
        return json.loads(found[0]) if found else None

    def keep(self, name: str, value: object) -> None:
        self._run("INSERT OR REPLACE INTO kept VALUES (?, ?)", (_key(name), json.dumps(value, sort_keys=True)))

    def common(self, digest: str) -> dict[str, str]:
        """What stands behind the first word of a key, or nothing where that is not known."""
        return self.kept(f"common {digest}") or {}

    def keep_common(self, digest: str, parts: Mapping[str, str]) -> None:
        """What stands behind the first word of keys; that of keys which nothing has any more is forgotten."""
        if not self.common(digest):
            self._run(
                "DELETE FROM kept WHERE name LIKE 'common %' "
                "AND substr(name, 8) NOT IN (SELECT substr(key, 1, instr(key, ' ') - 1) FROM outputs)",
                (),
            )
            self.keep(f"common {digest}", dict(parts))

    def forget_releases(self, slugs: Iterable[str]) -> None:
        for slug in slugs:
            self._run("DELETE FROM readings WHERE slug = ?", (slug,))
            self._run("DELETE FROM cards WHERE slug = ?", (slug,))

    def _run(self, statement: str, row: tuple[object, ...]) -> None:
        try:
            self._base.execute(statement, row)
        except UnicodeEncodeError:
            return  # a file whose name is not UTF-8: it is read anew each time
        except sqlite3.Error as fault:
            raise StoreUnusable(self.path, OSError(str(fault))) from None


def _key(path: Path | str) -> str:
    """A path as a text that the database takes, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _CardReader(pickle.Unpickler):
    """Makes cards of bytes, and nothing else: a foreign database runs no code."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module.startswith(_CARD_MODULES) and isinstance(found := super().find_class(module, name), type)
        if ours:
            return found
        if (module, name) in _CARD_CLASSES:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a card")
