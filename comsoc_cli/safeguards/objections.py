"""Everything that speaks against sending or publishing a release at a moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.message import Message, said
from comsoc_cli.model.approval import Approval, Revision
from comsoc_cli.model.contact import ContactBook, Segment
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.segments import members
from comsoc_cli.model.settings import ApprovalRules, Settings
from comsoc_cli.safeguards.approving import TOLERANCE, counting, strangers
from comsoc_cli.safeguards.blackouts import before_the_blackout, blackout_objections, blackouts_against_a_test
from comsoc_cli.safeguards.differences import changes
from comsoc_cli.safeguards.internal import internal_objections, no_longer_internal
from comsoc_cli.safeguards.placeholders import placeholder_objections
from comsoc_cli.safeguards.standing import Standing
from comsoc_cli.safeguards.test_send import Addressee, addressee_objections


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The readers of a release: segments, those who hold an earlier revision, or everybody."""

    segments: tuple[Segment, ...] = ()
    holders: bool = False  #: whether it goes to those who have an earlier revision
    book: ContactBook | None = None
    named: bool = True  #: whether the release was asked for by name
    approved_text: bool = False  #: whether the approved text is to go out though the desk has another
    urgent: bool = False  #: whether it is to go out though nobody has approved it
    despite_blackout: bool = False  #: whether somebody gave a reason for sending within a blackout

    @property
    def is_public(self) -> bool:
        return not self.segments and not self.holders


PUBLIC = Audience()


def objections(standing: Standing, audience: Audience, *, settings: Settings, now: datetime) -> list[Objection]:
    """Every reason against it, at this moment; the site, `send` and `list` ask the same."""
    if standing.kill:
        return [_killed(standing, settings)]
    if audience.is_public:
        standing = before_the_blackout(standing.as_public(), settings, now)
    revision = standing.newest
    if revision is None and not standing.problems:
        return [_not_approved(standing, said("“{slug}” is not approved", slug=standing.slug))]
    found = list(_of_the_vault(standing))
    if revision is None:
        return found
    found += _of_the_approval(standing, revision, audience, settings, now)
    found += blackout_objections(standing, revision, settings, now, public=audience.is_public,
                                 overridden=audience.despite_blackout)  # fmt: skip
    before = [one for one in standing.revisions if one.ordinal < revision.ordinal]
    found += no_longer_internal(revision.release, before, settings)
    if audience.is_public:
        return [*found, *_of_the_public(revision, settings, now)]
    found += internal_objections(
        revision.release, audience.segments, audience.book, settings, before=before, to_holders=audience.holders
    )
    found += placeholder_objections(revision.release, settings)
    found += _of_the_desk(standing, revision, audience)
    found += _of_the_segments(revision.release, audience, _waiting(standing, revision, settings), settings)
    found += _of_the_moment(revision.release, audience, now, settings)
    return found


def against_a_test(
    standing: Standing, release: Release, audience: Audience, to: Addressee, *, settings: Settings, now: datetime
) -> list[Objection]:
    """What holds a test of a text back; approval, embargo and date bind where it goes to another than the office."""
    if standing.kill:
        return [_killed(standing, settings)]
    found = [] if audience.despite_blackout else list(blackouts_against_a_test(standing, release, settings, now))
    found += _of_the_segments(release, audience, {}, settings)
    return found + addressee_objections(standing, release, to, settings=settings, now=now)


def _killed(standing: Standing, settings: Settings) -> Objection:
    assert standing.kill
    return Objection(
        rule="killed",
        message=said(
            "“{slug}” is of no effect since {moment}: {reason}",
            slug=standing.slug,
            moment=standing.kill.at.astimezone(settings.zone),
            reason=standing.kill.reason,
        ),
        lifted_by=said("nothing; what is to be said now is another release"),
    )


def _not_approved(standing: Standing, message: Message) -> Objection:
    return Objection(rule="not_approved", message=message, lifted_by=said("comsoc approve {slug}", slug=standing.slug))


def _of_the_vault(standing: Standing) -> Iterator[Objection]:
    for problem in standing.problems:
        yield Objection(
            rule="vault",
            message=said("{path}: {message}", path=problem.path, message=problem.message),
            lifted_by=said(
                "the files as they were approved: git checkout -- {path}, or git pull; without those that were added",
                path=problem.path,
            ),
        )


def _of_the_approval(
    standing: Standing, revision: Revision, audience: Audience, settings: Settings, now: datetime
) -> Iterator[Objection]:
    approval, slug = revision.approval, standing.slug
    moments = (*approval.moments, *(at for one in standing.audience for at in one.approval.moments))
    late = [moment for moment in moments if moment > now + TOLERANCE]
    if late:
        yield Objection(
            rule="future",
            message=said(
                "the approval of “{slug}” is dated {moment}, which is still to come",
                slug=slug,
                moment=max(late).astimezone(settings.zone),
            ),
            lifted_by=said("the right hour on this computer, or comsoc approve {slug}", slug=slug),
        )
    if not audience.urgent or approval.withdrawn:
        yield from _of_the_assents(standing, revision, settings)
    # A number that people have in their mail is changed no more.
    if standing.number_of and not audience.is_public and revision.ordinal == 1:
        yield Objection(
            rule="number_twice",
            message=said(
                "“{slug}” has the number {number}, which “{other}” was given before",
                slug=slug,
                number=approval.written_number,
                other=standing.number_of,
            ),
            lifted_by=said("comsoc approve {slug}, which gives it the next number", slug=slug),
        )


def _of_the_assents(standing: Standing, revision: Revision, settings: Settings) -> Iterator[Objection]:
    approval, rules, slug = revision.approval, settings.approval, standing.slug
    many = len(counting(approval, rules))
    if many >= rules.required:
        return
    if not approval.withdrawn:
        yield from _of_the_signatures(approval, rules)
    unknown = list(strangers(approval, rules))
    if approval.withdrawn:
        message = said("the approval of “{slug}” was withdrawn by {name}", slug=slug, name=approval.withdrawn.by)
    elif unknown:
        message = said(
            "“{slug}” was approved by {names}, whom [approval] approvers does not name",
            slug=slug,
            names=", ".join(unknown),
        )
    elif approval.urgent and not many:
        message = said(
            "“{slug}” was sent as urgent by {name} and not approved since", slug=slug, name=approval.urgent.by
        )
    elif rules.four_eyes and not many:
        people = dict.fromkeys(who.name or who.email for one in approval.assents for who in one.people)
        message = said(
            "“{slug}” was approved by its authors alone: {names} gave or recorded it",
            slug=slug,
            names=", ".join(people),
        )
    else:
        message = said("“{slug}” has {many} of {required} approvals", slug=slug, many=many, required=rules.required)
    yield _not_approved(standing, message)


def _of_the_signatures(approval: Approval, rules: ApprovalRules) -> Iterator[Objection]:
    """Why approvals do not count that should be signed."""
    for one in approval.assents:
        proof = one.proof() if one.proof else None
        if rules.asks_for_a_signature(one.at) and proof and not proof.key:
            yield Objection(
                rule="not_signed",
                message=said(
                    "the approval of “{slug}” by {name} does not count: {fault}",
                    slug=approval.slug,
                    name=one.by,
                    fault=proof.fault or "",
                ),
                lifted_by=said(
                    "comsoc approve {slug}, by somebody whose key stands in the file signers", slug=approval.slug
                ),
            )


def _of_the_desk(standing: Standing, revision: Revision, audience: Audience) -> Iterator[Objection]:
    if not standing.is_changed or audience.approved_text:
        return
    slug, first = standing.slug, _first_change(standing, revision)
    yield Objection(
        rule="changed",
        message=said("the text of “{slug}” changed after its approval{what}", slug=slug, what=first),
        lifted_by=said(
            "comsoc approve {slug}, or comsoc correct {slug} if it went out already (or --approved-text, to send what"
            " was approved)",
            slug=slug,
        ),
    )


def _first_change(standing: Standing, revision: Revision) -> Message:
    """(line 14: 48 mil → 84 mil), or nothing where the desk's text cannot be read."""
    found = changes(revision.release, standing.desk) if standing.desk else []
    if not found:
        return Message("")
    one = found[0]
    before, after = _short(one.before), _short(one.after)
    if one.line:
        return said(" (line {line}: {before} → {after})", line=one.line, before=before, after=after)
    return said(" ({field}: {before} → {after})", field=one.field, before=before, after=after)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


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
        yield _not_due(release, settings)


def _waiting(standing: Standing, revision: Revision, settings: Settings) -> dict[str, int]:
    """The segments that were added and lack approvals, with how many they have."""
    rules = settings.approval
    mine = (one for one in standing.audience if one.concerns(revision.approval) and not one.removed)
    return {one.segment: many for one in mine if (many := len(counting(one.approval, rules))) < rules.required}


def _of_the_segments(
    release: Release, audience: Audience, waiting: Mapping[str, int], settings: Settings
) -> Iterator[Objection]:
    for segment in audience.segments:
        if segment.name not in release.segments and segment.name in waiting:
            yield Objection(
                rule="not_approved",
                message=said(
                    "the segment “{segment}” was added to “{slug}” with {many} of {required} approvals",
                    segment=segment.name,
                    slug=release.slug,
                    many=waiting[segment.name],
                    required=settings.approval.required,
                ),
                lifted_by=said("comsoc approve {slug}", slug=release.slug),
            )
        elif segment.name not in release.segments:
            yield Objection(
                rule="segment_not_named",
                message=said("“{slug}” does not name the segment “{segment}”", slug=release.slug, segment=segment.name),
                lifted_by=said("add it under “segments:” and approve again: comsoc approve {slug}", slug=release.slug),
            )
        elif audience.book is not None and not members(audience.book, segment.name):
            yield Objection(
                rule="segment_empty",
                message=said("nobody is in the segment “{segment}”", segment=segment.name),
                lifted_by=said("contacts in contacts.yaml that its rule selects"),
            )


def _of_the_moment(release: Release, audience: Audience, now: datetime, settings: Settings) -> Iterator[Objection]:
    if now >= release.public_moment:
        return
    if not release.under_embargo(now):
        yield _not_due(release, settings)
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


def _not_due(release: Release, settings: Settings) -> Objection:
    moment = release.public_moment.astimezone(settings.zone)
    return Objection(
        rule="not_due",
        message=said("“{slug}” becomes public on {moment}", slug=release.slug, moment=moment),
        lifted_by=said("the moment itself"),
    )
