"""Drafting a release, and laying out a new office."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comsoc_cli.errors import USAGE, Refusal
from comsoc_cli.message import said
from comsoc_cli.office.files import write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.moments import written
from comsoc_cli.office.slugs import slugify

_PLAIN = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ¿¡0-9][^:#\"'{}\[\],&*!|>%@`\n]*")


class AnOfficeAlready(Refusal):
    """`init` never overwrites."""

    exit_code = USAGE

    def __init__(self, folder: Path) -> None:
        super().__init__(
            said("There is an office in {folder} already; nothing was changed.", folder=folder),
            said("Name another folder: comsoc init DIR"),
        )


class UnknownKind(Refusal):
    """A kind that the office does not have."""

    exit_code = USAGE

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(
            said("There is no kind “{name}”.", name=name), said("The kinds are: {known}.", known=", ".join(known))
        )


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is known of a release before it is written."""

    headline: str
    kind: str
    segments: tuple[str, ...]
    date: datetime
    embargo: datetime | None = None
    language: str = ""
    contact: str = ""
    event_start: datetime | None = None


def write_draft(office: Office, draft: Draft, body: str) -> Path:
    """Put a draft on the desk under a name of its own; never overwrites."""
    stem = slugify(draft.headline)
    slug, again = stem, 2
    while _taken(office, slug):
        slug, again = f"{stem}-{again}", again + 1
    path = office.desk / f"{slug}.md"
    write_text(path, draft_text(draft, body))
    return path


def draft_text(draft: Draft, body: str) -> str:
    """The file of a draft: what is known filled in, what is not left blank with a word on it."""
    lines = ["---", f"headline: {scalar(draft.headline)}", "subhead:", f"kind: {scalar(draft.kind)}"]
    lines.append(f"date: {written(draft.date)}")
    if draft.embargo:
        lines.append(f"embargo: {written(draft.embargo)}")
    lines.append("dateline:                  # Culiacán, Sinaloa")
    if draft.language:
        lines.append(f"language: {scalar(draft.language)}")
    lines += ["topics: []", f"segments: [{', '.join(map(scalar, draft.segments))}]"]
    if draft.contact:
        lines.append(f"contact: {scalar(draft.contact)}")
    if draft.event_start:
        lines.append(f'event: {{start: {written(draft.event_start)}, place: "", address: "", accreditation: ""}}')
    return "\n".join([*lines, "---", "", body.strip(), ""])


def scalar(text: str) -> str:
    """A text as YAML reads it back."""
    return text if _PLAIN.fullmatch(text) and text == text.strip() else json.dumps(text, ensure_ascii=False)


def found_office(folder: Path, files: dict[str, str]) -> list[Path]:
    """Lay out a new office; a file that is there already stays as it is. What was written."""
    if (folder / "comsoc.toml").exists():
        raise AnOfficeAlready(folder)
    written = []
    # comsoc.toml comes last: what is interrupted before is not an office yet and can be repeated.
    for name in sorted(files, key=lambda name: name == "comsoc.toml"):
        path = folder / name
        if not path.exists():
            write_text(path, files[name])
            written.append(path)
    return written


def _taken(office: Office, slug: str) -> bool:
    places = (office.desk / f"{slug}.md", office.desk / slug, office.vault / slug)
    return any(place.exists() for place in places)
