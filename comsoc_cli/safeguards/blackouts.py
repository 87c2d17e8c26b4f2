"""Blackouts: the calendar that the legal department enters, in which government publicity is suspended.

The calendar is enforced; no legal opinion is given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from comsoc_cli.message import Message, said
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Blackout, Settings
from comsoc_cli.office.slugs import slugify
from comsoc_cli.safeguards.approving import approved_at
from comsoc_cli.safeguards.standing import Standing


def active(settings: Settings, now: datetime) -> list[Blackout]:
    """The periods that last at a moment."""
    return [blackout for blackout in settings.blackouts if blackout.covers(now)]


def blackout_objections(
    standing: Standing, revision: Revision, settings: Settings, now: datetime, *, public: bool, overridden: bool
) -> Iterator[Objection]:
    """What the periods that last now have against a release; `public`: against its standing on the public site."""
    if not public and (overridden or settings.is_internal(revision.release.kind)):
        return  # what the government's own people get is no publicity
    for blackout in active(settings, now):
        if public and not blackout.hide_site and _stood_before(standing, blackout):
            continue
        if not _passes(revision, blackout):
            yield _objection(revision.slug, blackout, settings)


def blackouts_against_a_test(release: Release, settings: Settings, now: datetime) -> Iterator[Objection]:
    """What the periods that last now have against a test; the sign-off is given with the approval, after it."""
    for blackout in active(settings, now) if not settings.is_internal(release.kind) else ():
        if not _is_exempt(release, blackout):
            yield _objection(release.slug, blackout, settings)


def before_the_blackout(standing: Standing, settings: Settings, now: datetime) -> Standing:
    """As the public knows it within a period: without corrections that were approved in it and may not pass."""
    kept = standing.revisions
    for blackout in active(settings, now):
        while len(kept) > 1 and kept[-1].approval.at >= blackout.since and not _passes(kept[-1], blackout):
            kept = kept[:-1]
    return standing if len(kept) == len(standing.revisions) else replace(standing, revisions=kept)


def _stood_before(standing: Standing, blackout: Blackout) -> bool:
    """Whether it was public before the period began; neither a correction nor a later signature makes it new."""
    first = standing.revisions[0]
    approved = approved_at(first.approval, standing.rules)
    return approved is not None and max(first.release.public_moment, approved) < blackout.since


def _passes(revision: Revision, blackout: Blackout) -> bool:
    return _is_exempt(revision.release, blackout) and (bool(revision.approval.legal) or not blackout.legal_signoff)


def _is_exempt(release: Release, blackout: Blackout) -> bool:
    return not _slugs(release.topics).isdisjoint(_slugs(blackout.exempt))


def _slugs(topics: Iterable[str]) -> set[str]:
    return {slugify(topic) for topic in topics}


def _objection(slug: str, blackout: Blackout, settings: Settings) -> Objection:
    law = said(" ({law})", law=blackout.law) if blackout.law else Message("")
    if blackout.until:
        until = blackout.until.astimezone(settings.zone)
        message = said(
            "“{name}” suspends publicity until {moment}{law}: “{slug}” is neither sent nor published",
            name=blackout.name,
            moment=until,
            law=law,
            slug=slug,
        )
    else:
        message = said(
            "“{name}” suspends publicity, with no end in comsoc.toml{law}: “{slug}” is neither sent nor published",
            name=blackout.name,
            law=law,
            slug=slug,
        )
    topics = ", ".join(blackout.exempt)
    if not topics:
        lifted = said(
            "its end; the legal department, by naming exempt topics in comsoc.toml; or, for mail alone,"
            " --despite-blackout REASON"
        )
    elif blackout.legal_signoff:
        lifted = said(
            "its end; an exempt topic ({topics}) and the legal department’s sign-off: comsoc approve {slug} --legal"
            " NAME; or, for mail alone, --despite-blackout REASON",
            topics=topics,
            slug=slug,
        )
    else:
        lifted = said(
            "its end; an exempt topic ({topics}); or, for mail alone, --despite-blackout REASON", topics=topics
        )
    return Objection(rule="blackout", message=message, lifted_by=lifted)
