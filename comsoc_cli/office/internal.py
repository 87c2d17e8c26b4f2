"""Internal documents: texts for the government's own people, which never go to the press."""

from collections.abc import Iterator, Sequence

from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook, Segment
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings


def internal_faults(
    release: Release, segments: Sequence[Segment], book: ContactBook | None, settings: Settings
) -> Iterator[Message]:
    """A sentence for each segment that may not have a release because it is an internal document."""
    if not settings.is_internal(release.kind):
        return
    for segment in segments:
        if not segment.internal:
            yield said(
                "This is an internal document: it is not sent to “{segment}”. {internal}",
                segment=segment.title or segment.name,
                internal=_named(book),
            )


def _named(book: ContactBook | None) -> Message:
    """Internal segments: gabinete, enlaces."""
    names = ", ".join(book.internal_segments) if book else ""
    return said("Internal segments: {names}.", names=names) if names else said("No segment is internal yet.")
