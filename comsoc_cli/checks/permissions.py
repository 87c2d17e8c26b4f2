"""Whether others on this machine can read what comsoc keeps for itself."""

from collections.abc import Iterator
from pathlib import Path

from comsoc_cli.message import said
from comsoc_cli.model.private import folder_mode, is_wide
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.folder import Office


def permission_problems(office: Office) -> Iterator[Problem]:
    """The folders and files that are open to more people than the office's; of many in one folder, the first."""
    shared = folder_mode(office.state) != 0o700
    allowed = "u=rwX,g=rwXs,o=" if shared else "u=rwX,go="
    for folder in (office.state, office.outbox):
        wide = next((path for path in (folder, *_files(folder)) if is_wide(path)), None)
        if wide:
            message = said(
                "other accounts of this machine can read it, and addresses or texts under embargo are there:"
                " chmod -R {allowed} {folder}",
                allowed=allowed,
                folder=office.name_of(folder),
            )
            yield Problem(path=office.name_of(wide), rule="permissions", severity=Severity.WARNING, message=message)


def _files(folder: Path) -> Iterator[Path]:
    """What lies in a folder and, of an outbox, in its three."""
    for place in (folder, folder / "new", folder / "cur"):
        if place.is_dir():
            yield from (path for path in sorted(place.iterdir()) if path.is_file() or place == folder)
