"""Everything that speaks against sending a release to somebody, or publishing it, at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.message import said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.contact import ContactBook, Segment
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.segments import members
from comsoc_cli.model.settings import Settings
from comsoc_cli.safeguards.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Audience:
    """To whom a release would go: segments, or everybody."""

    segments: tuple[Segment, ...] = ()
    book: ContactBook | None = None
    named: bool = True  #: whether the release was asked for by name
    approved_text: bool = False  #: whether the approved text is to go out though the desk has another

    @property
    def is_public(self) -> bool:
        return not self.segments


PUBLIC = Audience()


def objections(standing: Standing, audience: Audience, *, settings: Settings, now: datetime) -> list[Objection]:
    """Every reason against it, at this moment; the site, `send` and `list` ask the same."""
    revision = standing.newest
    if revision is None and not standing.problems:
        return [
            Objection(
                rule="not_approved",
                message=said("“{slug}” is not approved", slug=standing.slug),
                lifted_by=said("comsoc approve {slug}", slug=standing.slug),
            )
        ]
    found = list(_of_the_vault(standing))
    if revision is None:
        return found
    if audience.is_public:
        return [*found, *_of_the_public(revision, settings, now)]
    if standing.is_changed and not audience.approved_text:
        found.append(
            Objection(
                rule="changed",
                message=said("the text of “{slug}” changed after its approval", slug=standing.slug),
                lifted_by=said(
                    "comsoc approve {slug} (or --approved-text, to send what was approved)", slug=standing.slug
                ),
            )
        )
    found += _of_the_segments(revision, audience)
    found += _of_the_moment(revision, audience, now, settings)
    return found


def _of_the_vault(standing: Standing) -> Iterator[Objection]:
    for problem in standing.problems:
        yield Objection(
            rule="vault",
            message=said("{path}: {message}", path=problem.path, message=problem.message),
            lifted_by=said("bring the files back as they were approved: git checkout -- {path}", path=problem.path),
        )


def _of_the_public(revision: Revision, settings: Settings, now: datetime) -> Iterator[Objection]:
    release = revision.release
    kind = settings.kinds.get(release.kind)
    if kind and not kind.public:
        yield Objection(
            rule="not_public",
            message=said("“{slug}” is of a kind that is not published", slug=release.slug),
            lifted_by=said("another kind"),
        )
    if now < release.public_moment:
        yield _not_due(revision, settings)


def _of_the_segments(revision: Revision, audience: Audience) -> Iterator[Objection]:
    release = revision.release
    for segment in audience.segments:
        if segment.name not in release.segments:
            yield Objection(
                rule="segment_not_named",
                message=said("“{slug}” does not name the segment “{segment}”", slug=release.slug, segment=segment.name),
                lifted_by=said("add it under “segments:” and approve again"),
            )
        elif audience.book is not None and not members(audience.book, segment.name):
            yield Objection(
                rule="segment_empty",
                message=said("nobody is in the segment “{segment}”", segment=segment.name),
                lifted_by=said("contacts in contacts.yaml that its rule selects"),
            )


def _of_the_moment(revision: Revision, audience: Audience, now: datetime, settings: Settings) -> Iterator[Objection]:
    release = revision.release
    if now >= release.public_moment:
        return
    if not release.under_embargo(now):
        yield _not_due(revision, settings)
        return
    until = release.public_moment.astimezone(settings.zone)
    for segment in audience.segments:
        if not segment.embargo:
            yield Objection(
                rule="embargo",
                message=said(
                    "“{slug}” is under embargo until {moment}, and the segment “{segment}” may not have it before",
                    slug=release.slug,
                    moment=until,
                    segment=segment.name,
                ),
                lifted_by=said("the moment itself, or a segment marked “embargo: true”"),
            )
    if not audience.named:
        yield Objection(
            rule="embargo",
            message=said("“{slug}” is under embargo until {moment}", slug=release.slug, moment=until),
            lifted_by=said("the moment itself; before it a release is sent by name only"),
        )


def _not_due(revision: Revision, settings: Settings) -> Objection:
    moment = revision.release.public_moment.astimezone(settings.zone)
    return Objection(
        rule="not_due",
        message=said("“{slug}” becomes public on {moment}", slug=revision.slug, moment=moment),
        lifted_by=said("the moment itself"),
    )
