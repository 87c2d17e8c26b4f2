"""A public release as lists, feeds and calendars show it: plain values, kept so that nothing is read twice."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape

from comsoc_cli.model.release import Release, primary
from comsoc_cli.office.slugs import slugify
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.pictures import copy_name, measure
from comsoc_cli.rendering.record import Record
from comsoc_cli.rendering.views import ReleaseView, Viewer, iso_in, page_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Named(Record):
    """A topic, an agency or a municipality."""

    slug: str  #: in addresses
    name: str  #: as it is written: "Obra pública"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thumb(Record):
    """The picture that stands beside a headline; addresses are relative to the site's root."""

    href: str
    alt: str
    width: int  #: pixels; 0 where that is not known
    height: int
    copies: tuple[tuple[int, str], ...]  #: smaller ones: width and address


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCard(Record):
    """One language of a release."""

    language: str
    name: str  #: "English"
    href: str  #: within the release's folder
    headline: str
    description: str
    reference: str = ""  #: "Press release 412"
    day: str = ""
    current: bool = False  #: whether it is the original


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionCard(Record):
    """What was corrected in a release, or that it is of no effect."""

    label: str
    day: str
    iso: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Card(Record):
    """A release in a list or feed."""

    slug: str
    kind: Named
    headline: str
    description: str
    reference: str
    day: str
    year: int
    href: str  #: relative to the site's root
    url: str  #: absolute where the office has an address
    id: str
    image: Thumb | None
    languages: tuple[TextCard, ...]  #: none where there is one only
    language: str
    body: str  #: HTML
    topics: tuple[Named, ...]
    agencies: tuple[Named, ...]
    municipalities: tuple[Named, ...]
    iso: str
    iso_published: str
    iso_updated: str
    event: CalendarEntry | None = None
    corrections: tuple[CorrectionCard, ...] = ()  #: the newest first
    is_void: bool = False  #: whether it is of no effect: a line is enough in lists
    digest: str = ""  #: of all the others

    def has(self, language: str) -> bool:
        """Whether there is a text in a language, given by its primary subtag: "en"."""
        return primary(self.language) == language or any(primary(text.language) == language for text in self.languages)

    def read_in(self, language: str) -> "Card":
        """As a reader of a language sees it; the original where there is no text in it."""
        text = next((text for text in self.languages if primary(text.language) == primary(language)), None)
        if text is None or text.current:
            return self
        return replace(
            self,
            headline=text.headline,
            description=text.description,
            reference=text.reference,
            day=text.day,
            href=self.href + text.href,
            language=text.language,
        )


#: All that a card is made of.
RECORDS = (Card, TextCard, Thumb, Named, CalendarEntry, CorrectionCard)


def card(viewer: Viewer, shown: Presentation) -> Card:
    """What the newsroom keeps of a release."""
    release, settings = shown.release, viewer.settings
    url = viewer.page_url(shown, release)
    href = f"releases/{release.slug}/"
    view = viewer.release(shown, release, lambda name: (url or href) + in_media(name))
    event = viewer.calendar_entry(shown) if release.event and (not shown.kill or viewer.cancelled(shown)) else None
    found = Card(
        slug=release.slug,
        kind=Named(slug=slugify(release.kind), name=view.label),
        headline=view.headline,
        description=view.description,
        reference=view.reference,
        day=view.day,
        year=release.date.astimezone(settings.zone).year,
        href=href,
        url=url or href,
        id=url or uuid.uuid5(uuid.NAMESPACE_URL, f"comsoc:{settings.office.name}/{release.slug}").urn,
        image=_thumb(release, href),
        languages=_texts(viewer, shown, view),
        language=view.language,
        body=str(view.body),
        topics=named(view.topics, settings.topics),
        agencies=named(view.agencies, settings.agencies),
        municipalities=named(view.municipalities, settings.municipalities),
        iso=view.iso,
        iso_published=iso_in(release.public_moment, settings),
        iso_updated=iso_in(shown.since, settings),
        event=replace(event, url=url) if event else None,
        corrections=tuple(
            CorrectionCard(label=one.label, day=one.day, iso=one.iso, text=one.text) for one in view.corrections
        ),
    )
    if shown.kill:
        found = _without_its_text(found, viewer, shown, view)
    return replace(found, digest=sha256(repr(found).encode()).hexdigest()[:24])


def _without_its_text(card: Card, viewer: Viewer, shown: Presentation, view: ReleaseView) -> Card:
    """Of a release that is of no effect lists and feeds say that, and nothing of what it said."""
    words, kill = viewer.wording(shown.release), shown.kill
    assert kill
    translate = words.translate()
    label = translate("Cancelled") if view.cancelled else translate("Of no effect")
    headline = f"{label}: {view.reference}"
    day = f"{words.day(kill.at)}, {words.hour(kill.at)}"
    notice = CorrectionCard(label=label, day=day, iso=iso_in(kill.at, viewer.settings), text=view.killed)
    return replace(
        card,
        headline=headline,
        description=view.killed,
        body=f"<p>{escape(view.killed)}</p>",
        image=None,
        languages=tuple(replace(text, headline=headline, description=view.killed) for text in card.languages),
        corrections=(notice,),
        is_void=True,
    )


def _thumb(release: Release, href: str) -> Thumb | None:
    """The first picture that is there."""
    image = next((image for image in release.images if release.name_of(image.src) in release.files), None)
    if image is None:
        return None
    name = release.name_of(image.src)
    size = measure(release.files[name])
    return Thumb(
        href=href + in_media(name),
        alt=image.alt,
        width=size.width if size else 0,
        height=size.height if size else 0,
        copies=tuple((width, href + in_media(copy_name(name, width))) for width in size.copies) if size else (),
    )


def named(names: Iterable[str], written: Mapping[str, str]) -> tuple[Named, ...]:
    """Names of a release as they are listed; of two with one slug the first."""
    found: dict[str, Named] = {}
    for name in names:
        slug = slugify(name)
        found.setdefault(slug, Named(slug=slug, name=written.get(slug) or _in_words(name)))
    return tuple(found.values())


def _in_words(name: str) -> str:
    """obra-publica is "Obra publica"; what was written as words stays as it is."""
    words = name.replace("-", " ") if name == slugify(name) else name
    return words[:1].upper() + words[1:]


def _texts(viewer: Viewer, shown: Presentation, original: ReleaseView) -> tuple[TextCard, ...]:
    """The original and its translations, if there are any."""
    texts = shown.release.texts
    views = [original if text is shown.release else viewer.release(shown, text) for text in texts]
    return tuple(
        TextCard(
            language=text.language,
            name=one.name,
            href=page_name(shown.release, text),
            headline=view.headline,
            description=view.description,
            reference=view.reference,
            day=view.day,
            current=text is shown.release,
        )
        for text, view, one in zip(texts, views, original.languages, strict=False)
    )
