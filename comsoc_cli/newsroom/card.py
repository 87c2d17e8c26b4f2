"""A public release as lists, feeds and calendars show it: plain values, kept so that nothing is read twice."""

import uuid
from dataclasses import dataclass, replace
from hashlib import sha256

from comsoc_cli.model.release import Release, file_name
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.pictures import copy_name, measure
from comsoc_cli.rendering.views import Presentation, ReleaseView, Viewer, iso_in, page_name


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCard:
    """One language of a release."""

    language: str
    name: str  #: "English"
    href: str  #: within the release's folder
    headline: str
    description: str
    current: bool = False  #: whether it is the original


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A release in a list or feed."""

    slug: str
    kind: str
    headline: str
    description: str
    reference: str
    label: str
    day: str
    year: int
    href: str  #: relative to the site's root
    url: str  #: absolute where the office has an address
    id: str
    image: str
    image_alt: str
    languages: tuple[TextCard, ...]  #: none where there is one only
    language: str
    body: str  #: HTML
    topics: tuple[str, ...]
    agencies: tuple[str, ...]
    municipalities: tuple[str, ...]
    iso: str
    iso_published: str
    iso_updated: str
    event: CalendarEntry | None = None
    digest: str = ""  #: of all the others


def card(viewer: Viewer, shown: Presentation) -> Card:
    """What the newsroom keeps of a release."""
    release, settings = shown.release, viewer.settings
    url = viewer.page_url(shown, release)
    href = f"releases/{release.slug}/"
    view = viewer.release(shown, release, lambda name: (url or href) + in_media(name))
    image = next((image for image in release.images if file_name(image.src) in release.files), None)
    moment = iso_in(release.public_moment, settings)
    event = viewer.calendar_entry(shown) if release.event else None
    found = Card(
        slug=release.slug,
        kind=release.kind,
        headline=view.headline,
        description=view.description,
        reference=view.reference,
        label=view.label,
        day=view.day,
        year=release.date.astimezone(settings.zone).year,
        href=href,
        url=url or href,
        id=url or uuid.uuid5(uuid.NAMESPACE_URL, f"comsoc:{settings.office.name}/{release.slug}").urn,
        image=href + in_media(_thumbnail(file_name(image.src), release)) if image else "",
        image_alt=image.alt if image else "",
        languages=_texts(viewer, shown, view),
        language=view.language,
        body=str(view.body),
        topics=view.topics,
        agencies=view.agencies,
        municipalities=view.municipalities,
        iso=view.iso,
        iso_published=moment,
        iso_updated=moment,
        event=replace(event, url=url) if event else None,
    )
    return replace(found, digest=sha256(repr(found).encode()).hexdigest()[:24])


def _thumbnail(name: str, release: Release) -> str:
    """The copy of a picture that a list shows."""
    size = measure(release.files[name])
    return copy_name(name, 960) if size and 960 in size.copies else name


def _texts(viewer: Viewer, shown: Presentation, original: ReleaseView) -> tuple[TextCard, ...]:
    """The original and its translations, if there are any."""
    texts: list[Release] = list(shown.release.texts)
    views = [original if text is shown.release else viewer.release(shown, text) for text in texts]
    return tuple(
        TextCard(
            language=text.language,
            name=named.name,
            href=page_name(shown.release, text),
            headline=view.headline,
            description=view.description,
            current=text is shown.release,
        )
        for text, view, named in zip(texts, views, original.languages, strict=False)
    )
