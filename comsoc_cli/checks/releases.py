"""What can be said of one release's text and data."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.body import SHORTCODE

#: What the drafts of `comsoc new` ask for and nobody has written yet: "[Entrada: qué, quién, …]".
_BLANK = re.compile(r"(?<!!)\[[A-ZÁÉÍÓÚÑ¿][^\]\n]{6,}\](?![(\[:])")


def release_problems(
    release: Release, *, path: str, settings: Settings, book: ContactBook | None = None
) -> list[Problem]:
    """Problems of a release that was read, all of its texts; `path` is the original's, relative to the office."""
    found: list[Problem] = []
    for text in release.texts:
        shown = path if text is release else path.rsplit("/", 1)[0] + "/" + text.path.name
        found += _Text(text, shown).problems()
    found += _references(release, path, settings, book)
    return found


class _Text:
    """One text under examination."""

    def __init__(self, text: Release, path: str) -> None:
        self.text = text
        self.path = path

    def problems(self) -> Iterator[Problem]:
        if not self.text.body.strip():
            yield self._problem(None, "empty", said("there is no text below the data"), Severity.WARNING)
        for number, line in enumerate(self.text.body.split("\n"), start=self.text.body_line):
            if found := SHORTCODE.search(line):
                message = said("“{tag}” belongs to another program and is shown as text", tag=_short(found[0]))
                yield self._problem(number, "shortcode", message, Severity.WARNING)
            if found := _BLANK.search(line):
                message = said("a blank of the draft is not filled in: {blank}", blank=_short(found[0]))
                yield self._problem(number, "blank", message, Severity.WARNING)

    def _problem(self, line: int | None, rule: str, message: Message, severity: Severity) -> Problem:
        return Problem(path=self.path, line=line, field="body", severity=severity, rule=rule, message=message)


def _references(release: Release, path: str, settings: Settings, book: ContactBook | None) -> Iterator[Problem]:
    """Names that stand for something in comsoc.toml or contacts.yaml."""
    contacts = settings.press_contacts
    if release.contact and release.contact not in contacts:
        message = said(
            "there is no press contact “{name}” in comsoc.toml{nearest}",
            name=release.contact,
            nearest=_nearest(release.contact, contacts),
        )
        yield Problem(path=path, field="contact", rule="unknown-contact", message=message)
    if book is None:
        return
    for name in release.segments:
        if name not in book.segments:
            message = said(
                "there is no segment “{name}” in contacts.yaml{nearest}",
                name=name,
                nearest=_nearest(name, book.segments),
            )
            yield Problem(path=path, field="segments", rule="unknown-segment", message=message)


def _nearest(name: str, known: object) -> Message:
    found = get_close_matches(name, list(known), n=1)  # type: ignore[call-overload]
    return said("; “{nearest}” was perhaps meant", nearest=found[0]) if found else Message("")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"
