"""The ledger's file, opened so that what is committed lies on the disk."""

import sqlite3
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Engine, create_engine, event

from comsoc_cli.model.private import make_file, make_folder, narrow

_PATIENCE = 30.0  #: seconds for which a connection waits for another one


def prepare(path: Path) -> None:
    """Make room for a ledger that only its owner can read; raises OSError."""
    if path.parent.name == ".comsoc":
        make_folder(path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    make_file(path)  # SQLite gives -wal and -shm the mode of the file
    for end in ("-wal", "-shm"):
        narrow(path.with_name(path.name + end))


def opened(path: Path) -> Engine:
    """Connections to a ledger; each is durable."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _: object) -> None:
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous=FULL")
        except BaseException:
            connection.close()
            raise

    return engine


def _write_ahead(connection: Any, pause: float = 0.02) -> None:
    """Readers and the writer do not wait for each other (WAL).

    Who opens a new ledger while another makes it so finds it locked, and here alone SQLite does not wait by itself.
    """
    for left in reversed(range(int(_PATIENCE / pause))):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or not left:
                raise
        else:
            return
        sleep(pause)
