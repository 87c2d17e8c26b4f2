"""One look into the ledger without the library that writes it, which takes as long to load as all that `list` does."""

import sqlite3
from contextlib import closing
from pathlib import Path

from comsoc_cli.model.delivery import Outcome

_HAVE_IT = (Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.CLAIMED)


def handed_over(path: Path) -> set[tuple[str, int]] | None:
    """The slugs and revisions that a recipient has, or may have; None where only the ledger itself can tell."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as base:
            holders = ", ".join("?" * len(_HAVE_IT))
            query = f"SELECT DISTINCT release, revision FROM deliveries WHERE outcome IN ({holders})"  # noqa: S608
            return {(str(slug), int(revision)) for slug, revision in base.execute(query, _HAVE_IT)}
    except (sqlite3.Error, ValueError):
        return None
