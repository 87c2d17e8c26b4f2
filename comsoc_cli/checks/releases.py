"""What can be said of one release's text and data."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from comsoc_cli.copydesk.blanks import BLANKS
from comsoc_cli.copydesk.findings import Around, text_problems
from comsoc_cli.copydesk.structure import EMPTY, SHORTCODES
from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.files import read_text
from comsoc_cli.office.internal import internal_faults
from comsoc_cli.office.moments import has_hour
from comsoc_cli.office.release_text import field_line

#: What of the copy desk's rules a build looks at: texts that are not finished.
UNFINISHED = (EMPTY, BLANKS, SHORTCODES)


def release_problems(release: Release, *, path: str, settings: Settings) -> list[Problem]:
    """What a build says of a release that was read; `path` is the original's, relative to the office."""
    found = text_problems(release, UNFINISHED, Around(settings=settings), path=path)
    found += event_problems(release, path)
    found += reference_problems(release, path, settings, None)
    return found


def event_problems(release: Release, path: str) -> Iterator[Problem]:
    """An event that ends before it begins, or that has an hour at one end only.

    Not told by the reader of texts: what was approved before there was this rule can still be corrected and killed.
    """
    event = release.event
    if event is None or event.end is None:
        return
    if event.end < event.start:
        message = said("the event ends before it begins: “end” is earlier than “start”")
    elif not event.all_day and not all(map(has_hour, _written(release))):
        message = said(
            "one of the event’s “start” and “end” has an hour and the other has none: give both one, or none"
        )
    else:
        return
    line = field_line(read_text(release.path), ("event", "end"))
    yield Problem(path=path, line=line, field="event.end", rule="event-end", message=message)


def _written(release: Release) -> list[str]:
    """An event's start and end as they were typed."""
    event = release.frontmatter.get("event")
    return [str(event[key]) for key in ("start", "end") if event.get(key)] if isinstance(event, Mapping) else []


def reference_problems(release: Release, path: str, settings: Settings, book: ContactBook | None) -> Iterator[Problem]:
    """Names that stand for something in comsoc.toml or contacts.yaml."""
    kind = settings.kinds.get(release.kind)
    if kind and kind.needs_agency and not release.agencies:
        message = said("“{label}” is numbered by agency, and the text names none", label=kind.label)
        yield Problem(path=path, field="agencies", rule="number-agency", message=message)
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
    segments = [book.segments[name] for name in release.segments if name in book.segments]
    for message in internal_faults(release, segments, book, settings):
        yield Problem(path=path, field="segments", rule="internal-kind", message=message)


def _nearest(name: str, known: object) -> Message:
    found = get_close_matches(name, list(known), n=1)  # type: ignore[call-overload]
    return said("; “{nearest}” was perhaps meant", nearest=found[0]) if found else Message("")
