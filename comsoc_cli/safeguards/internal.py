"""What holds an internal document from the press; nothing overrules it: no option, no approval, no hurry."""

from collections.abc import Iterator, Sequence

from comsoc_cli.message import Message, said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.contact import ContactBook, Segment
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.internal import internal_faults


def internal_objections(
    release: Release,
    segments: Sequence[Segment],
    book: ContactBook | None,
    settings: Settings,
    *,
    earlier: Sequence[Revision] = (),
) -> Iterator[Objection]:
    """What holds an internal document from segments that are not internal.

    `earlier` are the revisions whose holders get this one as a correction: who has an internal document gets what
    corrects it; who has a text for the press does not get an internal document as its correction.
    """
    yield from map(_objection, internal_faults(release, segments, book, settings))
    for one in earlier:
        if settings.is_internal(release.kind) and not settings.is_internal(one.release.kind):
            yield _objection(
                said(
                    "This is an internal document: those who have “{slug}” as {kind} do not get it as a correction.",
                    slug=release.slug,
                    kind=settings.kinds[one.release.kind].label
                    if one.release.kind in settings.kinds
                    else one.release.kind,
                )
            )
            return


def _objection(message: Message) -> Objection:
    return Objection(
        rule="internal_kind",
        message=message,
        lifted_by=said(
            "nothing; internal documents go to segments marked “internal: true” in contacts.yaml, and what is for the"
            " press is of another kind, such as nota-informativa"
        ),
    )
