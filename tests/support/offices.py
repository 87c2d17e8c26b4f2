"""Offices and releases for tests: each test lays out what it needs and nothing else."""

import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: A Monday, 11:00 in Sinaloa: the moment at which tests happen unless they say otherwise.
NOW = "2026-11-23T18:00:00+00:00"

#: The fixture `office`.
Layout = Callable[..., Path]

ROOT = Path(__file__).resolve().parents[2]  #: the repository

SEND = ("send", "becas", "--segment", "media", "--yes")
KILL = ("kill", "becas", "--reason", "La cifra era falsa", "--yes")

SETTINGS = """
[office]
name = "Coordinación de Comunicación Social"
organization = "Gobierno del Estado de Sinaloa"
url = "https://prensa.sinaloa.example"

[press_contacts.prensa]
name = "Atención a medios"
email = "prensa@sinaloa.example"
phone = "667 000 0000"

[sender]
name = "Comunicación Social"
email = "prensa@sinaloa.example"
test_to = ["yo@sinaloa.example"]
"""

CONTACTS = """
segments:
  media: {title: Medios, where: {type: [prensa, radio]}}
  radio: {title: Radio, where: {type: radio}}
  acreditada: {title: Fuente acreditada, where: {tags: acreditado}, embargo: true}
contacts:
  - {email: mesa@diario.example, name: Mesa de redacción, outlet: El Diario, type: prensa, tags: [acreditado]}
  - {email: cabina@radio.example, name: Cabina, outlet: Radio Costa, type: radio}
  - {email: desk@wire.example, name: News desk, outlet: Wire, type: prensa, language: en}
  - {email: oficial@municipio.example, name: Oficialía, type: municipio}
"""

#: Who is in the segment media.
MESA, CABINA, DESK = "mesa@diario.example", "cabina@radio.example", "desk@wire.example"

#: One pixel, a real PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def a_release(body: str = "El programa arranca hoy en todo el estado.", **changes: object) -> str:
    """The text of a valid release; `changes` sets or, with None, takes away keys of its frontmatter."""
    matter: dict[str, object] = {
        "headline": "Arranca el programa estatal de becas",
        "kind": "boletin",
        "date": "2026-11-23 10:00",
        "dateline": "Culiacán, Sinaloa",
        "segments": ["media"],
        "contact": "prensa",
    }
    matter.update(changes)
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in matter.items() if value is not None]
    return "\n".join(["---", *lines, "---", "", body, ""])


def lay_out(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files under a folder, making the folders between."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(textwrap.dedent(content).lstrip("\n"), encoding="utf-8")
    return folder


def an_office(folder: Path, files: Mapping[str, str | bytes | None] | None = None) -> Path:
    """An office with settings, contacts and one release `becas`; `files` adds, replaces, or takes away with None."""
    everything: dict[str, str | bytes | None] = {
        "comsoc.toml": SETTINGS,
        "contacts.yaml": CONTACTS,
        "releases/becas.md": a_release(),
    }
    everything.update(files or {})
    return lay_out(folder, {name: content for name, content in everything.items() if content is not None})


@dataclass(frozen=True)
class Answer:
    """What a call of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Everything that a person reads."""
        return self.out + self.err


def comsoc(
    office: Path, *words: str, now: str = NOW, lang: str = "en", stdin: str | None = None, **environment: str
) -> Answer:
    """Run the real command line in a process of its own, at a fixed moment."""
    done = subprocess.run(
        [sys.executable, "-m", "comsoc_cli", *words],
        cwd=office,
        env=an_environment(now=now, lang=lang, **environment),
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        timeout=1800,  # so that a test that hangs ends; a busy machine takes long for much
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


def an_environment(now: str = NOW, lang: str = "en", **environment: str) -> dict[str, str]:
    """The environment of a person who has git and nothing else set up."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "COMSOC_NOW": now,
        "COMSOC_DEBUG": "1",  # a bug must show its traceback, which `comsoc` then finds
        "COMSOC_LANG": lang,
        "GIT_AUTHOR_NAME": "Ana Ruiz",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ana Ruiz",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "ana@sinaloa.example",
        "PYTHONWARNINGS": "error",
        "LANG": "C.UTF-8",
        **environment,
    }


def messages(office: Path) -> list[bytes]:
    """What lies in the outbox, in the order in which it came there."""
    folder = office / "outbox" / "new"
    return [path.read_bytes() for path in sorted(folder.iterdir(), key=_came)] if folder.is_dir() else []


def _came(path: Path) -> tuple[int, ...]:
    """Second, microsecond, process and number, none of them padded, as a Maildir's names have them."""
    return tuple(map(int, re.findall(r"\d+", path.name)))
