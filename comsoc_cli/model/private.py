"""Who may read what comsoc keeps for itself: its owner, or the group where git shares the repository with one.

The ledger holds every address and reply, the outbox and the build cache hold texts under embargo. Files are 0600 and
folders 0700; with git's core.sharedRepository they are 0660 and 2770.
"""

import os
import re
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_SHARED = re.compile(r"(?im)^[ \t]*sharedrepository[ \t]*=[ \t]*(\S+)")
_GROUP_WORDS = {"group", "true", "yes", "on", "1", "all", "world", "everybody", "2", "3"}


def file_mode(path: Path) -> int:
    """0o600, or 0o660 in a repository that is shared with a group."""
    return 0o660 if _is_shared(str(path.parent)) else 0o600


def folder_mode(path: Path) -> int:
    """0o700, or 0o2770 in a repository that is shared with a group: what is made there belongs to the group."""
    return 0o2770 if _is_shared(str(path.parent)) else 0o700


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone, or take away what others may do there; raises OSError."""
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
    narrow(path)


def make_file(path: Path) -> None:
    """Make an empty file for its owner alone, so that it is never open to others; raises OSError."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    narrow(path)


def narrow(path: Path) -> None:
    """Take from a file or folder of ours what others may do, and give the group what it should have.

    What its owner may not do stays so, and what belongs to another account stays as it is.
    """
    with suppress(OSError):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        wanted = _wanted(path, found)
        fitting = mode & ~(0o077 & ~wanted)
        if mode & 0o700 == wanted & 0o700:
            fitting |= wanted
        if fitting != mode and found.st_uid == os.geteuid():
            path.chmod(fitting)


def is_wide(path: Path) -> bool:
    """Whether more people than should may read or write a file or folder."""
    try:
        found = path.stat()
    except OSError:
        return False
    return bool(stat.S_IMODE(found.st_mode) & ~_wanted(path, found) & 0o077)


def _wanted(path: Path, found: os.stat_result) -> int:
    return folder_mode(path) if stat.S_ISDIR(found.st_mode) else file_mode(path)


@lru_cache(maxsize=100)
def _is_shared(folder: str) -> bool:
    """Whether the git repository around a folder says that a group works in it."""
    for place in (Path(folder), *Path(folder).parents):
        git = place / ".git"
        if git.exists():
            with suppress(OSError, UnicodeDecodeError):
                return _says_group((_common(git) / "config").read_text(encoding="utf-8"))
            return False
    return False


def _common(git: Path) -> Path:
    """The repository's own folder; in a worktree `.git` is a file that names it."""
    if git.is_dir():
        return git
    own = Path(git.parent, git.read_text(encoding="utf-8").removeprefix("gitdir:").strip())
    common = own / "commondir"
    return Path(own, common.read_text(encoding="utf-8").strip()) if common.exists() else own


def _says_group(config: str) -> bool:
    found = _SHARED.findall(config)
    if not found:
        return False
    value = found[-1].lower()
    if value in _GROUP_WORDS:
        return True
    return bool(re.fullmatch(r"0[0-7]{3}", value)) and int(value, 8) & 0o060 == 0o060
