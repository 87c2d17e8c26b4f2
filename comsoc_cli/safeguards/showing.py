"""In which state a release is shown at a moment: the same answer for kits, site and mail."""

from datetime import datetime

from comsoc_cli.model.approval import Revision
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.views import Presentation
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
    )


def desk_text(standing: Standing, *, settings: Settings, now: datetime) -> Presentation:
    """What lies on the desk, as its kit shows it; a text that differs from the vault's is a draft again."""
    assert standing.desk
    newest: Revision | None = standing.newest
    approved = newest is not None and not standing.is_changed
    return Presentation(
        release=standing.desk,
        number=newest.approval.number if newest else None,
        revision=newest.ordinal if newest and approved else 0,
        embargoed=standing.desk.under_embargo(now),
        published=approved and _is_published(standing, settings, now),
        approved=newest.approval.at if newest and approved else None,
    )


def _is_published(standing: Standing, settings: Settings, now: datetime) -> bool:
    """Whether the page stands on the public site, so that it may be linked."""
    return bool(settings.office.url) and not objections(standing, PUBLIC, settings=settings, now=now)
