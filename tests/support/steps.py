"""Steps of a story: an office approves, sends and is held; what lies in the outbox and on the site then."""

import shutil
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from .offices import (
    SEND,
    SETTINGS,
    Answer,
    Layout,
    a_release,
    comsoc,
    messages,
)

BEA = {"GIT_CONFIG_VALUE_0": "Bea Soto", "GIT_CONFIG_VALUE_1": "bea@sinaloa.example"}
LATER = "2026-11-23T20:00:00+00:00"
EMBARGOED = a_release(embargo="2026-11-23 18:00", segments=["media", "acreditada"])
AFTER = "2026-11-24T01:00:00+00:00"  # 18:00 in Sinaloa: the embargo is over


def with_settings(extra: str, **files: str | bytes | None) -> dict[str, str | bytes | None]:
    return {"comsoc.toml": SETTINGS + extra, **files}


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.said
    return answer


def held(answer: Answer, *words: str) -> str:
    """Nothing left, and the reason is told."""
    assert answer.code == 3, answer.said
    for word in words:
        assert word in answer.said
    return answer.said


def mails(office: Path) -> list[Any]:
    return [message_from_bytes(data, policy=policy.default) for data in messages(office)]


def subjects(office: Path) -> list[str]:
    return [mail["subject"] for mail in mails(office)]


def to(office: Path, since: int = 0) -> list[str]:
    return sorted(mail["to"].addresses[0].addr_spec for mail in mails(office)[since:])


def site(office: Path, now: str) -> dict[str, bytes]:
    """The public site as it is built at a moment."""
    done(comsoc(office, "build", "--only", "web", now=now))
    folder = office / "dist/site"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mentions(files: dict[str, bytes], *secrets: str | bytes) -> list[str]:
    """Files of a site that hold any of these, in their names or in their bytes."""
    wanted = [secret.encode() if isinstance(secret, str) else secret for secret in secrets]
    return [name for name, data in files.items() if any(one in data or one in name.encode() for one in wanted)]


def sent(office: Layout, files: dict[str, str | bytes | None] | None = None) -> Path:
    folder = office(files or {})
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    return folder


def edit(office: Path, before: str, after: str, name: str = "releases/becas.md") -> None:
    path = office / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


# embargo


def embargoed(office: Layout, extra: str = "", **files: str | bytes | None) -> Path:
    folder = office(with_settings(extra, **{"releases/becas.md": EMBARGOED, **files}))
    done(comsoc(folder, "approve", "becas"))
    return folder


# blackouts

CAMPAIGN = """
[[blackouts]]
name = "Campañas locales 2027"
from = 2026-11-20
until = 2026-12-06
law = "Constitución, art. 41, base III, apartado C"
exempt = ["Educación", "salud"]
"""


def killed(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    done(comsoc(folder, "kill", "secreto", "--reason", "Se canceló", "--yes"))


TO_HOLDERS = ("send", "becas", "--segment", "acreditada", "--yes")
TUESDAY, WEDNESDAY, THURSDAY = (f"2026-11-{day}T18:00:00+00:00" for day in (24, 25, 26))


def another_machine(office: Path, folder: Path, *, with_key: bool = True) -> Path:
    """A colleague's clone: all that is committed, and perhaps the key."""
    left = ("outbox", "ledger.db*", "dist", "*.lock", "build.db*", *(() if with_key else ("key",)))
    shutil.copytree(office, folder, ignore=shutil.ignore_patterns(*left))
    return folder


def pull(office: Path, other: Path) -> None:
    """What another machine committed comes here."""
    for name in ("approved", "dispatches", "releases"):
        shutil.copytree(other / name, office / name, dirs_exist_ok=True)
