"""One more segment for a text that is approved: what becomes of the word of the person who approves that."""

from collections.abc import Callable
from dataclasses import replace

from comsoc_cli.model.approval import Approval, Assent, Revision
from comsoc_cli.model.audience import AudienceChange, addressed, with_segments_of
from comsoc_cli.model.person import Person
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.vault import digest_of
from comsoc_cli.safeguards.approving import is_approved
from comsoc_cli.safeguards.signing_off import check_people, with_assent


def as_approved(text: Release, newest: Revision | None) -> Release | None:
    """A text on the desk with the segments of the newest revision, where it differs from that in nothing else."""
    if newest is None or not newest.intact:
        return None
    found = with_segments_of(text, newest.release)
    return found if digest_of(found, newest.ordinal) == newest.approval.digest else None


def audience_of(
    text: Release,
    newest: Revision,
    known: tuple[AudienceChange, ...],
    mine: Assent,
    *,
    rules: ApprovalRules,
    author: str,
    authors: Callable[[], tuple[Person, ...]],
) -> tuple[AudienceChange, ...]:
    """All changes of the audience once a person has approved the segments on the desk; raises NothingApproved.

    The same as were known where the word adds nothing to them. An addition needs as many approvals as the text, from
    people who did not write it where four eyes are asked for.
    """
    named = addressed(newest.release.segments, (one for one in known if one.concerns(newest.approval)))
    found = []
    for one in known:
        waits = one.concerns(newest.approval) and not one.removed and not is_approved(one.approval, rules)
        if waits and one.segment in text.segments:
            check_people(mine, one.approval, rules)
            one = replace(one, approval=replace(one.approval, assents=with_assent(one.approval, mine, rules)))
        found.append(one)
    fresh = [(name, False) for name in text.segments if name not in named]
    fresh += [(name, True) for name in named if name not in text.segments]
    for name, removed in fresh:
        blank = Approval(
            slug=text.slug,
            revision=newest.ordinal,
            digest=newest.approval.digest,
            author=author,
            authors=authors(),
        )
        if not removed:
            check_people(mine, blank, rules)
        approval = replace(blank, assents=with_assent(blank, mine, rules))
        found.append(AudienceChange(segment=name, removed=removed, approval=approval))
    return tuple(found)
