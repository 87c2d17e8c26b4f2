"""In which state a release is shown at a moment: the same answer for kits, site and mail."""

from dataclasses import replace
from datetime import datetime

from comsoc_cli.model.approval import Kill, Revision, as_moved
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.notices import Corrected
from comsoc_cli.safeguards.approving import approved_at
from comsoc_cli.safeguards.blackouts import before_the_blackout
from comsoc_cli.safeguards.objections import PUBLIC, objections
from comsoc_cli.safeguards.standing import Standing


def approved_text(standing: Standing, *, settings: Settings, now: datetime) -> Presentation:
    """The vault's newest revision, as the site and the mails show it."""
    newest = standing.newest
    assert newest
    return Presentation(
        release=newest.release,
        number=newest.approval.number,
        revision=newest.ordinal,
        embargoed=newest.release.under_embargo(now),
        published=_is_published(standing, settings, now),
        approved=newest.approval.at,
        moved=newest.release.moved,
        history=_history(standing),
        kill=standing.kill,
    )


def desk_text(standing: Standing, *, settings: Settings, now: datetime) -> Presentation:
    """What lies on the desk, as its kit shows it; a text that differs from the vault's is a draft again."""
    assert standing.desk
    newest: Revision | None = standing.newest
    approved = newest is not None and standing.is_approved and not standing.is_changed
    desk = as_moved(standing.desk, standing.changes)
    return Presentation(
        release=desk,
        number=newest.approval.number if newest else None,
        revision=newest.ordinal if newest and approved else 0,
        embargoed=desk.under_embargo(now),
        published=approved and _is_published(standing, settings, now),
        approved=newest.approval.at if newest and approved else None,
        moved=desk.moved,
        history=_history(standing),
        kill=standing.kill,
    )


def _history(standing: Standing) -> tuple[Corrected, ...]:
    """What each later revision corrected."""
    return tuple(
        Corrected(correction=one.release.correction, at=one.approval.at)
        for one in standing.revisions
        if one.release.correction and one.release.correction.revision == one.ordinal
    )


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
