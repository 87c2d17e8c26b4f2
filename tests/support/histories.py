"""What people do in an office, step by step, and every screen and file of it as one version of comsoc has them."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .offices import lay_out

PEOPLE = ("Ana Ruiz", "Bea Solís", "Eva Paz")
#: What differs from run to run: seconds of work, processes, and names of files that bear them.
SCRUBBED = (
    (re.compile(r'("seconds": )[\d.]+'), r"\1S"),
    (re.compile(r"\b\d+[.,]\d+ (s\b|segundos)"), "S s"),
    (re.compile(r'("pid": )\d+'), r"\1P"),
    (re.compile(r"/\S*?/office\b"), "OFFICE"),
)
IGNORED = (".comsoc/", ".git/")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One call of the command line, or one change of a file where `words` is empty."""

    words: tuple[str, ...] = ()
    at: datetime
    who: str = PEOPLE[0]
    lang: str = "es"
    files: dict[str, str | bytes] = field(default_factory=dict)
    gone: str = ""


def lived(code: Path, folder: Path, files: dict[str, str | bytes], done: list[Step]) -> list[str]:
    """Every screen of a history as one version shows it, and every file that is there in the end."""
    shutil.rmtree(folder, ignore_errors=True)
    lay_out(folder, files)
    told: list[str] = []
    for step in done:
        lay_out(folder, step.files)
        if step.gone:
            (folder / step.gone).unlink(missing_ok=True)
        if step.words:
            told += [f"$ comsoc {' '.join(step.words)}  # {step.at:%d %H:%M}, {step.who}, {step.lang}"]
            told += called(code, folder, step)
    return [*told, "", *listed(folder)]


def called(code: Path, folder: Path, step: Step) -> list[str]:
    """What one call gave."""
    email = f"{step.who.split()[0].lower()}@sinaloa.example"
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "PYTHONPATH": str(code),
        "PYTHONHASHSEED": "0",
        "COMSOC_NOW": step.at.isoformat(),
        "COMSOC_LANG": step.lang,
        "COMSOC_KEY": "0123456789abcdef" * 4,
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": step.who,
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": email,
        "LANG": "C.UTF-8",
    }
    command = [sys.executable, "-P", "-m", "comsoc_cli", *step.words]
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    lines = [f"  {line}" for line in scrubbed(done.stdout).splitlines()]
    return [*lines, *(f"! {line}" for line in scrubbed(done.stderr).splitlines()), f"= {done.returncode}"]


def scrubbed(text: str) -> str:
    for pattern, instead in SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def listed(folder: Path) -> list[str]:
    """Every file by name and content; mails by content alone, since their names bear clock and process."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.startswith(IGNORED):
            continue
        shown = "outbox/…" if name.startswith("outbox/") else name
        data = path.read_bytes()
        if name.startswith("dispatches/"):
            data = scrubbed(data.decode()).encode()
        found.append(f"{shown}  {hashlib.sha256(data).hexdigest()[:16]}")
    return sorted(found)
