"""What git knows: who types, who wrote, and whether a file is kept out of it."""

import getpass
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    """A person, as git or else the machine names them."""

    name: str
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.email else self.name


def identity(folder: Path) -> Identity | None:
    """Git's identity, else the name of the user who is logged in."""
    name = answer(folder, "config", "user.name")
    if name:
        return Identity(name, answer(folder, "config", "user.email"))
    try:
        return Identity(getpass.getuser())
    except (OSError, KeyError, ImportError):
        return None


def author(folder: Path, path: Path) -> str:
    """Who last committed a file, or nothing."""
    return answer(folder, "log", "-1", "--format=%an", "--", str(path))


def is_ignored(folder: Path, path: Path) -> bool:
    """Whether git leaves a file out; outside a repository nothing is committed."""
    if not answer(folder, "rev-parse", "--is-inside-work-tree"):
        return True
    return bool(answer(folder, "check-ignore", str(path)))


def behind(folder: Path) -> int:
    """How many commits of the remote are not here, as far as git knew when it last asked; it is not asked now."""
    many = answer(folder, "rev-list", "--count", "HEAD..@{upstream}")
    return int(many) if many.isdigit() else 0


def start(folder: Path) -> bool:
    """Make a folder a repository unless it lies in one; whether that was done."""
    if not shutil.which("git") or answer(folder, "rev-parse", "--is-inside-work-tree"):
        return False
    answer(folder, "init", "--quiet", "--initial-branch=main")
    return (folder / ".git").is_dir()


def answer(folder: Path, *words: str) -> str:
    """What git prints, or nothing where it fails or is not there."""
    return told(folder, *words) or ""


def told(folder: Path, *words: str) -> str | None:
    """What git prints; None where it fails, takes longer than 20 seconds, or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            timeout=20,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _text(done.stdout).strip() if done.returncode == 0 else None


def _text(data: bytes) -> str:
    """What git printed; names that were once set up in Latin-1 stand in it as they were typed."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
