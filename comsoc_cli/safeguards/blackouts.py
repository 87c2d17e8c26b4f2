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
from comsoc_cli.model.settings import ApprovalRules, Blackout, Settings
from comsoc_cli.office.slugs import slugify
from comsoc_cli.safeguards.approving import approved_at, counting
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
        stood = public and _stood_before(standing, blackout)
        if (stood and not blackout.hides_site) or _passes(revision, blackout, settings.approval):
            continue
        objection = _objection(revision.slug, blackout, settings)
        yield _unanswered(objection, revision.slug, blackout) if stood and blackout.hide_site is None else objection


def blackouts_against_a_test(
    standing: Standing, release: Release, settings: Settings, now: datetime
) -> Iterator[Objection]:
    """What the periods that last now have against a test; the sign-off is given with the approval, after it."""
    approved = standing.newest if standing.is_approved and not standing.is_changed else None
    for blackout in active(settings, now) if not settings.is_internal(release.kind) else ():
        if not _is_exempt(release, blackout) and not (approved and _passes(approved, blackout, settings.approval)):
            yield _objection(release.slug, blackout, settings)


def before_the_blackout(standing: Standing, settings: Settings, now: datetime) -> Standing:
    """As the public knows it within a period: without corrections that were approved in it and may not pass."""
    kept = standing.revisions
    for blackout in active(settings, now):
        while (
            len(kept) > 1
            and kept[-1].approval.at >= blackout.since
            and not _passes(kept[-1], blackout, settings.approval)
        ):
            kept = kept[:-1]
    return standing if len(kept) == len(standing.revisions) else replace(standing, revisions=kept)


def _stood_before(standing: Standing, blackout: Blackout) -> bool:
    """Whether it was public before the period began; neither a correction nor a later signature makes it new."""
    first = standing.revisions[0]
    approved = approved_at(first.approval, standing.rules)
    return approved is not None and max(first.release.public_moment, approved) < blackout.since


def _passes(revision: Revision, blackout: Blackout, rules: ApprovalRules) -> bool:
    """Whether a text may go out in a period: by an exempt topic and the sign-off, or by the authority's ruling.

    A ruling lets any topic pass; the legal department answers for it. Only approvals that count name either.
    """
    assents = counting(revision.approval, rules)
    if any(one.legal and one.ruling for one in assents):
        return True
    signed_off = any(one.legal for one in assents)
    return _is_exempt(revision.release, blackout) and (signed_off or not blackout.legal_signoff)


def _unanswered(objection: Objection, slug: str, blackout: Blackout) -> Objection:
    """The objection to what stood on the site before, while comsoc.toml does not say whether it is hidden."""
    return replace(
        objection,
        message=said(
            "“{name}” does not say in comsoc.toml whether the site hides what was public before; until it does,"
            " “{slug}” is hidden",
            name=blackout.name,
            slug=slug,
        ),
        lifted_by=said("hide_site = false under this period in comsoc.toml, if the legal department says so; its end"),
    )


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
    return Objection(rule="blackout", message=message, lifted_by=_lifted_by(slug, blackout))


def _lifted_by(slug: str, blackout: Blackout) -> Message:
    topics = ", ".join(blackout.exempt)
    ruling = said("the authority’s ruling: comsoc approve {slug} --legal NAME --ruling RULING", slug=slug)
    if not topics:
        return said(
            "its end; {ruling}; the legal department, by naming exempt topics in comsoc.toml; or, for mail alone,"
            " --despite-blackout REASON",
            ruling=ruling,
        )
    if blackout.legal_signoff:
        return said(
            "its end; an exempt topic ({topics}) and the legal department’s sign-off: comsoc approve {slug} --legal"
            " NAME; {ruling}; or, for mail alone, --despite-blackout REASON",
            topics=topics,
            slug=slug,
            ruling=ruling,
        )
    return said(
        "its end; an exempt topic ({topics}); {ruling}; or, for mail alone, --despite-blackout REASON",
        topics=topics,
        ruling=ruling,
    )
