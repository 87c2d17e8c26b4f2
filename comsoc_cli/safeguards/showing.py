"""In which state a release is shown at a moment: the same answer for kits, site and mail."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from comsoc_cli.model.approval import Kill, Revision, as_moved
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.changes import Corrected
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.safeguards.approving import approved_at
from comsoc_cli.safeguards.blackouts import before_the_blackout
from comsoc_cli.safeguards.objections import PUBLIC, objections
from comsoc_cli.safeguards.seen_changes import moved_event, pairs_of, seen_changes
from comsoc_cli.safeguards.standing import Standing


def approved_text(
    standing: Standing, *, settings: Settings, now: datetime, since: int = 0, sent: datetime | None = None
) -> Presentation:
    """The vault's newest revision, as the site and the mails show it.

    A mail tells its readers what changed `since` the revision that they have, and when they were `sent` that.
    """
    newest = standing.newest
    assert newest
    known = next((one.release.event for one in standing.revisions if one.ordinal == since), None)
    return Presentation(
        release=newest.release,
        number=newest.approval.number,
        number_text=newest.approval.number_text,
        year=newest.approval.year,
        revision=newest.ordinal,
        embargoed=newest.release.under_embargo(now),
        published=_is_published(standing, settings, now),
        approved=newest.approval.at,
        moved=newest.release.moved,
        history=_history(standing, settings),
        told=() if standing.kill else _told(standing.revisions, settings, since),
        sent=sent or standing.sent,
        event=known if standing.kill else None,
        kill=standing.kill,
    )


def desk_text(standing: Standing, *, settings: Settings, now: datetime) -> Presentation:
    """What lies on the desk, as its kit shows it; a text that differs from the vault's is a draft again.

    A correction that is open there tells what it will tell.
    """
    assert standing.desk
    newest: Revision | None = standing.newest
    approved = newest is not None and standing.is_approved and not standing.is_changed
    desk = as_moved(standing.desk, standing.changes)
    revisions = _with_the_desk(standing.revisions, desk)
    return Presentation(
        release=desk,
        number=newest.approval.number if newest else None,
        number_text=newest.approval.number_text if newest else "",
        year=newest.approval.year if newest else 0,
        revision=newest.ordinal if newest and approved else 0,
        embargoed=desk.under_embargo(now),
        published=approved and _is_published(standing, settings, now),
        approved=newest.approval.at if newest and approved else None,
        moved=desk.moved,
        history=_history(standing, settings),
        told=() if standing.kill else _told(revisions, settings),
        sent=standing.sent,
        kill=standing.kill,
    )


def _with_the_desk(revisions: tuple[Revision, ...], desk: Release) -> tuple[Revision, ...]:
    """The revisions as they will be once the correction on the desk is approved."""
    if not revisions or not desk.correction:
        return revisions
    newest = revisions[-1]
    if desk.correction.revision == newest.ordinal:
        return (*revisions[:-1], replace(newest, release=desk))
    approval = replace(newest.approval, revision=desk.correction.revision)
    return (*revisions, replace(newest, release=desk, approval=approval))


def _history(standing: Standing, settings: Settings) -> tuple[Corrected, ...]:
    """What each later revision changed in the one before; of a killed release only that it was corrected.

    A kill waits for no comparison.
    """
    return tuple(
        Corrected(correction=one.release.correction, at=one.approval.at)
        if standing.kill and one.release.correction
        else _corrected(one, before, settings, [one])
        for before, one in pairwise(standing.revisions)
        if _corrects(one)
    )


def _told(revisions: tuple[Revision, ...], settings: Settings, since: int = 0) -> tuple[Corrected, ...]:
    """The corrections since a revision, the last one with everything that changed in between.

    Without one, since the last revision that was told: after a trifle they have the text before it.
    """
    if not revisions or not _corrects(revisions[-1]):
        return ()
    newest = revisions[-1]
    had = next((one for one in revisions[:-1] if one.ordinal == since), None) or next(
        one for one in reversed(revisions[:-1] or revisions) if one is revisions[0] or not _is_minor(one)
    )
    later = [one for one in revisions if one.ordinal > had.ordinal and _corrects(one)]
    return tuple(
        _corrected(one, had, settings, later)
        if one is newest
        else Corrected(correction=one.release.correction, at=one.approval.at)
        for one in later
        if one.release.correction
    )


def _corrected(one: Revision, before: Revision, settings: Settings, later: Sequence[Revision]) -> Corrected:
    """What a revision changed in one before it, besides what those later ones say that they correct."""
    correction = one.release.correction
    assert correction
    pairs = pairs_of(it.release.correction for it in later if it.release.correction)
    return Corrected(
        correction=correction,
        at=one.approval.at,
        seen=seen_changes(before.release, one.release, settings, pairs),
        moved=moved_event(before.release, one.release, settings),
    )


def _corrects(one: Revision) -> bool:
    correction = one.release.correction
    return correction is not None and correction.revision == one.ordinal > 1


def _is_minor(one: Revision) -> bool:
    return one.release.correction is not None and one.release.correction.minor


def public_text(standing: Standing, *, settings: Settings, now: datetime) -> Presentation | None:
    """What the newsroom shows of a release; None where it shows nothing.

    Of one that was public and is of no effect now it shows that, and nothing of the text.
    """
    standing = before_the_blackout(standing.as_public(), settings, now)
    if not objections(standing, PUBLIC, settings=settings, now=now):
        return approved_text(standing, settings=settings, now=now)
    if standing.kill is None or standing.newest is None:
        return None
    before = replace(standing, kill=None)
    if objections(before, PUBLIC, settings=settings, now=now) or not _was_public(before, standing.kill, settings):
        return None
    shown = approved_text(standing, settings=settings, now=now)
    return replace(shown, published=bool(settings.office.url), is_notice=True)


def _was_public(standing: Standing, kill: Kill, settings: Settings) -> bool:
    """Whether it stood on the site before it was killed: from its first moment, or from the end of a blackout."""
    first, *later = standing.revisions
    approved = approved_at(first.approval, standing.rules)
    # A clock that was set back does not make the kill earlier than what was killed.
    killed = max(kill.at, *(moment for one in standing.revisions for moment in one.approval.moments))
    if approved is None:
        return False
    began = max(first.release.public_moment, approved)
    ends = [one.until for one in settings.blackouts if one.until and began < one.until <= killed]
    for moment in (began, *ends, killed):
        then = replace(standing, revisions=(first, *(one for one in later if one.approval.at <= moment)))
        if moment <= killed and not objections(then, PUBLIC, settings=settings, now=moment):
            return True
    return False


def _is_published(standing: Standing, settings: Settings, now: datetime) -> bool:
    """Whether the page stands on the public site, so that it may be linked."""
    public = before_the_blackout(standing.as_public(), settings, now)
    if not settings.office.url or public.newest is not standing.newest:
        return False
    return not objections(standing, PUBLIC, settings=settings, now=now)
