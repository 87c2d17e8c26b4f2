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
    before: Sequence[Revision] = (),
    to_holders: bool = False,
) -> Iterator[Objection]:
    """What holds an internal document from segments that are not internal.

    `before` are the earlier revisions. With `to_holders` the revision goes to the recipients who have an earlier one
    as its correction: those who have a text for the press do not get an internal document.
    """
    yield from map(_objection, internal_faults(release, segments, book, settings))
    for one in before if to_holders else ():
        if settings.is_internal(release.kind) and not settings.is_internal(one.release.kind):
            yield _objection(
                said(
                    "This is an internal document: those who have “{slug}” as {kind} do not get it as a correction.",
                    slug=release.slug,
                    kind=_label(one.release.kind, settings),
                )
            )
            return


def no_longer_internal(release: Release, before: Sequence[Revision], settings: Settings) -> Iterator[Objection]:
    """What holds a text for the press, from the public site too, whose earlier revision is an internal document.

    Its corrections would tell what the internal one said.
    """
    if not settings.is_internal(release.kind) and any(settings.is_internal(one.release.kind) for one in before):
        yield Objection(
            rule="internal_kind",
            message=said(
                "“{slug}” was approved before as an internal document: as {kind} it would tell what that one said",
                slug=release.slug,
                kind=_label(release.kind, settings),
            ),
            lifted_by=said("nothing; what is for the press is a release of its own: comsoc new"),
        )


def _label(kind: str, settings: Settings) -> str:
    return settings.kinds[kind].label if kind in settings.kinds else kind


def _objection(message: Message) -> Objection:
    return Objection(
        rule="internal_kind",
        message=message,
        lifted_by=said(
            "nothing; internal documents go to segments marked “internal: true” in contacts.yaml, and what is for the"
            " press is of another kind, such as nota-informativa"
        ),
    )
