"""The public newsroom: which releases stand there, its front page, feeds and map."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from comsoc_cli.model.approval import Revision
from comsoc_cli.model.release import file_name
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import Presentation, TranslationView, Viewer, iso_in
from comsoc_cli.rendering.wording import Wording
from comsoc_cli.safeguards.objections import PUBLIC, objections
from comsoc_cli.safeguards.standing import Standing

FEED_ENTRIES = 50
#: The files that name releases.
LISTS = ("sitemap.xml", "feed.atom", "feed.json", "index.html")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A release in a list or feed."""

    slug: str
    headline: str
    description: str
    reference: str
    label: str
    day: str
    href: str  #: relative to the site's root
    url: str  #: absolute where the office has an address
    id: str
    image: str
    image_alt: str
    languages: tuple[TranslationView, ...]
    language: str
    body: Markup
    topics: tuple[str, ...]
    iso: str
    iso_published: str
    iso_updated: str


def public_revisions(standings: dict[str, Standing], settings: Settings, now: datetime) -> list[Revision]:
    """The approved revisions that anyone may have now, newest first."""
    found = [
        standing.newest
        for standing in standings.values()
        if standing.newest and not objections(standing, PUBLIC, settings=settings, now=now)
    ]
    return sorted(found, key=lambda revision: (revision.release.public_moment, revision.slug), reverse=True)


def lists(settings: Settings, templates: Templates, shown: Sequence[Presentation]) -> Iterator[tuple[str, bytes]]:
    """Front page, feeds and map as file names and bytes, for releases from the newest on."""
    viewer = Viewer(settings)
    entries = [_entry(viewer, one) for one in shown]
    recent = entries[:FEED_ENTRIES]
    language = settings.office.language
    site_url = settings.office.url.rstrip("/") + "/"
    values = {
        "office": viewer.office(),
        "words": Wording(language, settings.zone),
        "site_url": site_url,
        "feed_url": site_url + "feed.atom",
        "updated": max((entry.iso_updated for entry in entries), default="1970-01-01T00:00:00+00:00"),
    }

    def rendered(name: str, items: Sequence[Entry]) -> bytes:
        return templates.render(name, language=language, release="site", values={**values, "entries": items}).encode()

    yield "sitemap.xml", rendered("sitemap.xml", entries)
    yield "feed.atom", rendered("feed.atom", recent)
    yield "feed.json", _json_feed(settings, site_url, recent)
    yield "index.html", rendered("site_index.html", entries)


def _entry(viewer: Viewer, shown: Presentation) -> Entry:
    release, settings = shown.release, viewer.settings
    url = viewer.page_url(shown, release)
    href = f"releases/{release.slug}/"
    view = viewer.release(shown, release, lambda name: (url or href) + in_media(name))
    image = next((image for image in release.images if file_name(image.src) in release.files), None)
    moment = iso_in(release.public_moment, settings)
    return Entry(
        slug=release.slug,
        headline=view.headline,
        description=view.description,
        reference=view.reference,
        label=view.label,
        day=view.day,
        href=href,
        url=url or href,
        id=url or uuid.uuid5(uuid.NAMESPACE_URL, f"comsoc:{settings.office.name}/{release.slug}").urn,
        image=href + in_media(file_name(image.src)) if image else "",
        image_alt=image.alt if image else "",
        languages=view.languages,
        language=view.language,
        body=view.body,
        topics=view.topics,
        iso=view.iso,
        iso_published=moment,
        iso_updated=moment,
    )


def _json_feed(settings: Settings, site_url: str, entries: Sequence[Entry]) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings.office.name,
        "home_page_url": site_url,
        "feed_url": site_url + "feed.json",
        "language": settings.office.language,
        "authors": [{"name": settings.office.organization or settings.office.name}],
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.headline,
                "summary": entry.description,
                "content_html": str(entry.body),
                "date_published": entry.iso_published,
                "date_modified": entry.iso_updated,
                "language": entry.language,
                **({"tags": list(entry.topics)} if entry.topics else {}),
            }
            for entry in entries
        ],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
