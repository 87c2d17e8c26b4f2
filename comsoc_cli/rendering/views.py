"""What a template may use: the office and the release, already defaulted and in words."""

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, urljoin

from markupsafe import Markup

from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Event, Image, Release, primary
from comsoc_cli.model.settings import Kind, PressContact, Settings, folded
from comsoc_cli.rendering.body import body_html, in_media
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.events import EventView, calendar_entry, event_view, short_time
from comsoc_cli.rendering.identity import IdentityView, identity_view
from comsoc_cli.rendering.notices import CorrectionView, Notices
from comsoc_cli.rendering.pictures import Href, measure, srcset
from comsoc_cli.rendering.plain import plain_text
from comsoc_cli.rendering.record import Record
from comsoc_cli.rendering.sharing import ShareView, share_view
from comsoc_cli.rendering.typography import typeset
from comsoc_cli.rendering.wording import Wording, language_name


@dataclass(frozen=True, kw_only=True)
class OfficeView(Record):
    """`office` in templates."""

    name: str
    organization: str
    url: str
    language: str
    boilerplate: str
    privacy_notice: str
    email: str
    identity: IdentityView


@dataclass(frozen=True, kw_only=True)
class ImageView(Record):
    """One of `release.images`."""

    src: str  #: empty where the picture is missing
    alt: str
    credit: str
    caption: str
    placeholder: str  #: what stands in its place where it is missing
    width: int = 0  #: pixels; 0 where that is not known
    height: int = 0
    srcset: str = ""  #: its smaller copies, and itself, for a browser to choose from


@dataclass(frozen=True, kw_only=True)
class FileView(Record):
    """One of `release.attachments` or `release.links`."""

    title: str
    href: str
    size: str = ""


@dataclass(frozen=True, kw_only=True)
class TranslationView(Record):
    """One of `release.languages`: the same text in another language."""

    language: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ReleaseView(Record):
    """`release` in templates."""

    slug: str
    language: str
    headline: str
    subhead: str
    summary: tuple[str, ...]
    kind: str  #: the kind's name in comsoc.toml
    label: str  #: what the kind is called: "Boletín"
    reference: str  #: "Boletín 412", or the label alone
    number: int | None
    revision: int
    is_draft: bool
    day: str  #: "23 de noviembre de 2026"
    hour: str
    iso: str
    dateline: str  #: "Culiacán, Sinaloa, a 23 de noviembre de 2026.–", or nothing
    body: Markup
    description: str  #: the subhead, else the beginning of the text
    opening: str  #: the first paragraph as plain text, 600 characters of it at most
    topics: tuple[str, ...]
    agencies: tuple[str, ...]
    municipalities: tuple[str, ...]
    images: tuple[ImageView, ...]
    share: ShareView | None  #: the copy of its first picture that other sites show beside a link
    links: tuple[FileView, ...]
    attachments: tuple[FileView, ...]
    event: EventView | None
    contact: PressContact | None
    embargo: str  #: the notice while it is under embargo, else nothing
    correction: str  #: the notice of what this revision corrects or adds, else nothing
    corrections: tuple[CorrectionView, ...]  #: what was corrected and when, the newest first
    killed: str  #: the notice while it is of no effect, else nothing
    cancelled: bool  #: whether that is because the event that it invites to does not take place
    url: str  #: the address of its public page, where it stands on the site
    pdf: str  #: the PDF's file name
    text: str  #: the plain text's file name
    kit: str  #: the media kit's file name, or nothing
    place: str  #: "Culiacán, Sinaloa"
    languages: tuple[TranslationView, ...]


class Viewer:
    """Makes the views of one office."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._words: dict[str, Wording] = {}
        #: Page, plain text and chat show the same, one after the other.
        self._latest: tuple[Presentation, Release, Href, ReleaseView] | None = None

    def office(self) -> OfficeView:
        office = self.settings.office
        return OfficeView(
            name=office.name,
            organization=office.organization,
            url=office.url,
            language=office.language,
            boilerplate=office.boilerplate.strip(),
            privacy_notice=office.privacy_notice,
            email=self.settings.sender.email,
            identity=identity_view(self.settings.identity),
        )

    def wording(self, text: Release) -> Wording:
        words = self._words.get(text.language)
        if words is None:
            words = self._words[text.language] = Wording(text.language, self.settings.zone)
        return words

    def kind(self, release: Release) -> Kind:
        return self.settings.kinds[release.kind]

    def release(self, shown: Presentation, text: Release, href: Href = in_media) -> ReleaseView:
        """One of a release's texts; `href` gives the addresses of its pictures."""
        latest = self._latest
        if latest and latest[0] is shown and latest[1] is text and latest[2] is href:
            return latest[3]
        view = self._view(shown, text, href)
        self._latest = shown, text, href, view
        return view

    def _view(self, shown: Presentation, text: Release, href: Href) -> ReleaseView:
        original, words = shown.release, self.wording(text)
        translate = words.translate()
        label = self.kind(original).label_in(text.language)
        dateline = words.dateline(text.dateline, text.date) if text.dateline else ""

        def missing(what: str) -> str:
            return translate("[Picture to come: {what}]").format(what=html.unescape(what))

        markup = body_html(text, href, missing)
        opening = _opening(markup)
        notices, contact = self.notices(shown, text), self.contact(text)
        return ReleaseView(
            slug=original.slug,
            language=text.language,
            headline=text.headline,
            subhead=text.subhead,
            summary=text.summary,
            kind=original.kind,
            label=label,
            reference=self._reference(shown, text),
            number=shown.number,
            revision=shown.revision,
            is_draft=shown.is_draft,
            day=words.day(text.date),
            hour=words.hour(text.date),
            iso=text.date.isoformat(),
            dateline=dateline,
            body=Markup(_with_dateline(markup, dateline)),  # noqa: S704 - sanitised in body_html
            description=text.subhead or _cut(opening, 200),
            opening=opening,
            topics=original.topics,
            agencies=original.agencies,
            municipalities=original.municipalities,
            images=tuple(self._image(image, text, href, missing) for image in text.images),
            share=share_view(text, href) if shown.published else None,
            # Any other address, javascript: among them, is told by `check` and leads nowhere.
            links=tuple(
                FileView(title=link.title, href=link.url)
                for link in text.links
                if link.url.startswith(("https://", "http://"))
            ),
            attachments=tuple(self._attachment(name, text, words) for name in text.attachments),
            event=event_view(original.event, words) if original.event else None,
            contact=contact,
            embargo=notices.embargo(original.public_moment) if shown.embargoed else "",
            correction=notices.correction(shown.told) if shown.purpose is not Purpose.RELEASE else "",
            corrections=tuple(notices.corrections(shown.history)),
            killed=self.killed(shown, text),
            cancelled=self.cancelled(shown) is not None,
            url=self.page_url(shown, text) if shown.published else "",
            pdf=file_in_kit(original, text, "pdf"),
            text=file_in_kit(original, text, "txt"),
            kit=f"{original.slug}-media.zip" if original.files else "",
            place=text.dateline,
            languages=self._languages(original, text),
        )

    def notices(self, shown: Presentation, text: Release) -> Notices:
        """What is to be told beside a text."""
        reference = self._reference(shown, text)
        return Notices(
            self.wording(text),
            text,
            reference,
            self.settings.embargo.zones,
            kind=self.kind(shown.release).label_in(text.language),
            sent=shown.sent,
            url=self.page_url(shown, text) if shown.published else "",
        )

    def killed(self, shown: Presentation, text: Release) -> str:
        """What is told of a release that is of no effect; nothing of any other."""
        contact = self.contact(text)
        if shown.kill is None:
            return ""
        return self.notices(shown, text).kill(shown.kill, contact.phone if contact else "", self.cancelled(shown))

    def cancelled(self, shown: Presentation) -> Event | None:
        """The event that does not take place, since what invited to it is of no effect; one that is past took place."""
        event = shown.event or shown.release.event
        invites = event is not None and self.kind(shown.release).invites
        return event if event and invites and shown.kill and shown.kill.at < event.over else None

    def _reference(self, shown: Presentation, text: Release) -> str:
        label = self.kind(shown.release).label_in(text.language)
        return f"{label} {shown.written_number}".strip()

    def contact(self, text: Release) -> PressContact | None:
        """The person that a journalist may call about it."""
        contacts = self.settings.press_contacts
        found = contacts.get(text.contact) if text.contact else next(iter(contacts.values()), None)
        title = self.wording(text).translate()("Press contact")
        # Below the title “Atención a medios”, a contact that is called so would say it twice.
        return replace(found, name="") if found and folded(found.name) == folded(title) else found

    def page_url(self, shown: Presentation, text: Release) -> str:
        """The stable address of the release's page on the public site."""
        base = self.settings.office.url
        if not base:
            return ""
        page = "" if text is shown.release else page_name(shown.release, text)
        return urljoin(base.rstrip("/") + "/", f"releases/{quote(shown.release.slug)}/{page}")

    def _image(self, image: Image, text: Release, href: Href, missing: Href) -> ImageView:
        name = text.name_of(image.src)
        there = name in text.files
        size = measure(text.files[name]) if there else None
        return ImageView(
            width=size.width if size else 0,
            height=size.height if size else 0,
            srcset=srcset(name, size, href),
            src=href(name) if there else "",
            alt=image.alt,
            credit=image.credit,
            caption=image.caption,
            placeholder="" if there else missing(image.alt or image.src),
        )

    def _attachment(self, name: str, text: Release, words: Wording) -> FileView:
        path = text.files.get(text.name_of(name))
        return FileView(
            title=text.name_of(name).rsplit("/", 1)[-1],
            href=in_media(text.name_of(name)) if path else "",
            size=words.size(path.stat().st_size) if path else "",
        )

    def calendar_entry(self, shown: Presentation) -> CalendarEntry:
        """The event of an invitation as calendars show it."""
        release = shown.release
        host = self.settings.office.url.partition("://")[2].strip("/") or "comsoc.invalid"
        entry = calendar_entry(release, uid=f"{release.slug}@{host}", sequence=max(0, shown.revision - 1))
        if shown.kill and self.cancelled(shown):
            # As on its page, nothing of the text: its headline may be what was wrong.
            translate = self.wording(release).translate()
            summary = translate("CANCELLED: {reference}").format(reference=self._reference(shown, release))
            return replace(entry, cancelled=True, stamp=shown.kill.at.astimezone(UTC), sequence=max(1, shown.revision),
                           summary=summary, description="", organizer=self.settings.sender.email)  # fmt: skip
        if shown.revision > 1 and shown.approved:
            return replace(entry, stamp=shown.approved.astimezone(UTC))
        return entry

    def _languages(self, original: Release, current: Release) -> tuple[TranslationView, ...]:
        if not original.translations:
            return ()
        return tuple(
            TranslationView(
                language=text.language,
                name=language_name(text.language),
                href=page_name(original, text),
                current=text is current,
            )
            for text in original.texts
        )

    def subject(self, shown: Presentation, text: Release, purpose: Purpose = Purpose.RELEASE) -> str:
        """The subject of the mail, on one line."""
        words, release = self.wording(text), shown.release
        kind = self.kind(release)
        label = kind.label_in(text.language)
        subject = kind.subject.format(
            label=label,
            LABEL=label.upper(),
            number=shown.written_number,
            year=shown.year or release.date.astimezone(self.settings.zone).year,
            agency=self.settings.agency_name(release.agencies),
            headline=text.headline,
            place=_town(text, release.event),
            moment=short_time(release.event, words) if release.event else words.short(release.date),
        )
        subject = self.notices(shown, text).subject(
            purpose,
            subject,
            until=release.public_moment if shown.embargoed else None,
            event=self.cancelled(shown),
            moved=shown.told[-1].moved if shown.told else None,
        )
        if shown.embargoed and purpose is not Purpose.EMBARGO:
            until = words.short(release.public_moment)
            translate = words.translate()
            embargoed = translate("EMBARGOED until {moment} {zone}").format(moment=until, zone=words.short_zone())
            subject = f"{embargoed} | {subject}"
        return re.sub(r"\s+", " ", subject).replace(", |", " |").strip()


def file_in_kit(original: Release, text: Release, suffix: str) -> str:
    """becas-2027.pdf, and becas-2027.en.pdf for a translation."""
    language = "" if text is original else f".{primary(text.language)}"
    return f"{original.slug}{language}.{suffix}"


def page_name(original: Release, text: Release) -> str:
    """index.html, and index.en.html for a translation."""
    return "index.html" if text is original else f"index.{primary(text.language)}.html"


def iso_in(moment: datetime, settings: Settings) -> str:
    """A moment in the office's zone, as feeds write it."""
    return moment.astimezone(settings.zone).isoformat(timespec="seconds")


def _town(text: Release, event: Event | None) -> str:
    return text.dateline.split(",")[0].strip() or (event.place if event else "")


def _with_dateline(markup: str, dateline: str) -> str:
    """The dateline opens the first paragraph, which is the lead."""
    if not markup.startswith("<p>"):
        return markup
    opening = f'<span class="dateline">{html.escape(typeset(dateline))}</span> ' if dateline else ""
    return f'<p class="lead">{opening}{markup[3:]}'


def _opening(markup: str) -> str:
    """The first paragraph as plain text."""
    text = " ".join(plain_text(markup.split("</p>")[0], width=10_000).split("\n\n[1] ")[0].split())
    text = re.sub(r" \[\d+\]| \(\d+\)", "", text)
    return _cut(text, 600)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
