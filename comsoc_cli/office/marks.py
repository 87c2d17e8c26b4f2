"""What is said of a whole release in the vault, beside its revisions: that it is killed, that its embargo was moved."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.model.approval import EmbargoChange, Kill
from comsoc_cli.model.problem import Problem
from comsoc_cli.office.files import FileFault, write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.sealed import read_sealed, sealed_text, whole_moment

KILL, EMBARGO = "kill.yaml", "embargo.yaml"
_NOT_OURS = said("it is not as comsoc writes it")


@dataclass(frozen=True, kw_only=True)
class Marks:
    """The marks of one release."""

    kill: Kill | None = None
    changes: tuple[EmbargoChange, ...] = ()  #: of the embargo, oldest first
    problems: tuple[Problem, ...] = ()


def read_marks(office: Office, folder: Path) -> Marks:
    """The marks in a release's folder; one that cannot be read is a problem."""
    kill: Kill | None = None
    changes: tuple[EmbargoChange, ...] = ()
    problems: list[Problem] = []
    for name in (KILL, EMBARGO):
        path = folder / name
        if not os.path.lexists(path):
            continue
        try:
            data = _record(path, folder.name)
            if name == KILL:
                kill = Kill(
                    reason=data["reason"],
                    by=data["by"],
                    at=whole_moment(data["at"]),
                    new_date=data.get("new_date", ""),
                )
            else:
                changes = tuple(_change(one) for one in data["changes"])
        except FileFault as fault:
            problems.append(Problem(path=office.name_of(path), line=fault.line, rule="vault", message=fault.message))
        except (KeyError, TypeError, ValueError, AttributeError):
            problems.append(Problem(path=office.name_of(path), rule="vault", message=_NOT_OURS))
    return Marks(kill=kill, changes=changes, problems=tuple(problems))


def kill_mark(office: Office, slug: str) -> Path:
    """What says, by being there, that a release is killed; a send that is running looks for it again and again."""
    return office.vault / slug / KILL


def is_killed(office: Office, slug: str) -> bool:
    """Whether a release is killed by now."""
    return os.path.lexists(kill_mark(office, slug))


def store_kill(office: Office, slug: str, kill: Kill) -> Path:
    """Mark a release as killed; raises StoreUnusable."""
    path = kill_mark(office, slug)
    record = {
        "slug": slug,
        "reason": kill.reason,
        "by": kill.by,
        "at": kill.at.isoformat(timespec="seconds"),
        "new_date": kill.new_date,
    }
    write_text(path, sealed_text(record))
    return path


def store_changes(office: Office, slug: str, changes: Sequence[EmbargoChange]) -> Path:
    """Write down every change of an embargo; raises StoreUnusable."""
    path = office.vault / slug / EMBARGO
    told = [
        {
            "until": one.until.isoformat(timespec="seconds"),
            "by": one.by,
            "at": one.at.isoformat(timespec="seconds"),
            "lifted": "yes" if one.lifted else "",
            "written": one.written.isoformat(timespec="seconds") if one.written else "",
        }
        for one in changes
    ]
    write_text(path, sealed_text({"slug": slug, "changes": told}))
    return path


def _record(path: Path, slug: str) -> dict[str, Any]:
    data = read_sealed(path)
    if data["slug"] != slug:
        raise FileFault(said("this belongs to “{slug}”", slug=data["slug"]))
    return data


def _change(told: dict[str, str]) -> EmbargoChange:
    return EmbargoChange(
        until=whole_moment(told["until"]),
        by=told["by"],
        at=whole_moment(told["at"]),
        lifted=bool(told.get("lifted")),
        written=whole_moment(told["written"]) if told.get("written") else None,
    )
