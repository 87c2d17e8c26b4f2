"""What can be said of one release's text and data."""

from collections.abc import Iterator
from difflib import get_close_matches

from comsoc_cli.copydesk.findings import Around, text_problems
from comsoc_cli.copydesk.structure import BLANKS, EMPTY, SHORTCODES
from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings

#: What of the copy desk's rules a build looks at: texts that are not finished.
UNFINISHED = (EMPTY, BLANKS, SHORTCODES)


def release_problems(release: Release, *, path: str, settings: Settings) -> list[Problem]:
    """What a build says of a release that was read; `path` is the original's, relative to the office."""
    found = text_problems(release, UNFINISHED, Around(settings=settings), path=path)
    found += reference_problems(release, path, settings, None)
    return found


def reference_problems(release: Release, path: str, settings: Settings, book: ContactBook | None) -> Iterator[Problem]:
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
