"""The mail of a release: subject, text, HTML, and what it carries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Any

from css_inline import CSSInliner

from comsoc_cli.message import said
from comsoc_cli.model.delivery import Purpose, Recipient
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender, Settings
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.documents import Documents, tidied
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.metadata import cleaned
from comsoc_cli.rendering.pictures import MAIL_SIZES, Picture, mail_picture
from comsoc_cli.rendering.slots import NAMES, RecipientSlots, only_printed
from comsoc_cli.rendering.templates import TemplateFault
from comsoc_cli.rendering.views import file_in_kit

#: Bytes of a message as it is sent; many mail servers refuse more.
MESSAGE_MOST = 5_000_000
#: What attachments may weigh together: bytes before they are encoded, which adds a third.
ATTACHMENTS_MOST = 3_000_000
#: What pictures may weigh together, and what they have beside the heaviest attachments.
_PICTURES_MOST, _PICTURES_LEAST = 2_500_000, 400_000
#: What pictures and attachments may weigh together beside a long text.
_CARRIED_MOST = 3_400_000
_KINDS = ("html", "txt")
_FILE_NAME = re.compile(r"[\w-]+")
_ONLY_PRINTED = said("what is known of a recipient can only be printed; for another text write a variant")
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=False)
_LOGO = "@comsoc-logo"  #: the end of the logo's Content-ID


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that a message carries."""

    name: str
    type: str  #: such as application/pdf
    data: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)  #: of the type


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail for everybody who gets the same text; what differs from person to person stands in it as slots."""

    language: str
    subject: str
    text: str
    html: str  #: pictures by cid
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    absent: tuple[str, ...] = ()  #: pictures of the release that it does not show
    links: Mapping[str, str]  #: from a picture's cid to its address in a kit
    urgent: bool = False

    @property
    def photos(self) -> tuple[Picture, ...]:
        """The release's own pictures, without the office's logo."""
        return tuple(picture for picture in self.pictures if not picture.cid.endswith(_LOGO))

    @property
    def html_for_file(self) -> str:
        """The HTML as a file in a kit, with its pictures under media/."""
        html = self.html
        for cid, href in self.links.items():
            html = html.replace(f"cid:{cid}", href)
        return html


@dataclass(frozen=True, kw_only=True)
class Forms:
    """How people are addressed in one language."""

    greeting: str
    colleagues: str
    your_outlet: str

    def slots(self, recipient: Recipient, unsubscribe: str) -> dict[str, str]:
        """What fills the slots for one person."""
        name = recipient.name or self.colleagues
        values = {
            "greeting": self.greeting.format(name=name),
            "name": name,
            "outlet": recipient.outlet or self.your_outlet,
            "address": recipient.address,
            "unsubscribe": unsubscribe,
        }
        assert set(values) == set(NAMES)
        return values


def attaches_pdf(shown: Presentation, settings: Settings) -> bool:
    """Whether the mail carries the PDF; otherwise it links it, once it can be linked."""
    attach = settings.mail.attach
    return attach == "always" or (attach == "until-public" and not shown.published)


def picture_names(text: Release) -> list[str]:
    """The pictures of a text that are there, those that it lists first; not what it attaches."""
    listed = [text.name_of(image.src) for image in text.images]
    attached = {text.name_of(name) for name in text.attachments}
    names = dict.fromkeys([*listed, *text.files])
    return [name for name in names if name in text.files and name not in attached]


class Mails:
    """Renders the mails of one office."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.viewer = documents.viewer

    def variant(self, segments: Sequence[str]) -> str:
        """The first of these segments that has a template of its own, such as email.media.html; or nothing."""
        for name in segments:
            if _FILE_NAME.fullmatch(name) and any(self._template(name, kind) != f"email.{kind}" for kind in _KINDS):
                return name
        return ""

    def _template(self, variant: str, kind: str) -> str:
        """The variant's template, or the usual one where it has none of this kind."""
        own = f"email.{variant}.{kind}"
        return own if variant and self.documents.templates.has(own) else f"email.{kind}"

    def mail(
        self,
        shown: Presentation,
        text: Release,
        *,
        pdf: bytes | None = None,
        subject: str = "",
        variant: str = "",
        purpose: Purpose = Purpose.RELEASE,
    ) -> Mail:
        """The mail in one language; `pdf` is attached, or linked once the page is public. Raises TemplateFault."""
        base = self.viewer.page_url(shown, shown.release) if shown.published else ""
        linked = bool(base) and self.viewer.settings.mail.pictures == "linked"
        attachments = self._attachments(shown, text, pdf)
        pictures = {} if linked else self._pictures(shown, text, sum(len(one.data) for one in attachments))
        links = {picture.cid: in_media(name) for name, picture in pictures.items()}
        logo = self._logo()
        if logo:
            links[logo.cid] = self.documents.templates.picture(logo.name)

        def href(name: str) -> str:
            if linked:
                return base + in_media(name)
            return f"cid:{pictures[name].cid}" if name in pictures else ""

        values: dict[str, Any] = {
            "recipient": RecipientSlots(),
            "attached": [attachment.name for attachment in attachments],
            "base": base,
            "subject": subject or self.viewer.subject(shown, text, purpose),
            "one_click": bool(self.viewer.settings.sender.unsubscribe_url),
            "logo": logo.cid if logo else "",
        }
        names = [self._template(variant, kind) for kind in _KINDS]
        html, plain = (self.documents.from_template(name, shown, text, href=href, **values) for name in names)
        for name, rendered in zip(names, (html, plain), strict=True):
            if not only_printed(rendered):
                raise TemplateFault(name, None, shown.release.slug, _ONLY_PRINTED)
        return Mail(
            language=text.language,
            subject=str(values["subject"]),
            text=tidied(plain),
            html=_INLINER.inline(html),
            pictures=(*((logo,) if logo else ()), *pictures.values()),
            attachments=attachments,
            absent=() if linked else tuple(name for name in picture_names(text) if name not in pictures),
            links=links,
            urgent=self.viewer.kind(shown.release).urgent,
        )

    def notice(self, shown: Presentation, text: Release, purpose: Purpose) -> Mail:
        """The mail about a release, without its text: that it is killed, or that its embargo was lifted or moved."""
        notices = self.viewer.notices(shown, text)
        subject = self.viewer.subject(shown, text, purpose)
        attachments: tuple[Attachment, ...] = ()
        if purpose is Purpose.KILL:
            notice = self.viewer.killed(shown, text)
            if self.viewer.cancelled(shown):
                attachments = (self._event(shown, "CANCEL"),)
        else:
            notice = notices.embargo_moved(shown.release.public_moment, lifted=not shown.embargoed)
        logo = self._logo()
        values: dict[str, Any] = {
            "recipient": RecipientSlots(),
            "subject": subject,
            "notice": notice,
            "is_kill": purpose is Purpose.KILL,
            "one_click": bool(self.viewer.settings.sender.unsubscribe_url),
            "logo": logo.cid if logo else "",
        }
        html, plain = (self.documents.from_template(f"notice.{kind}", shown, text, **values) for kind in _KINDS)
        for kind, rendered in zip(_KINDS, (html, plain), strict=True):
            if not only_printed(rendered):
                raise TemplateFault(f"notice.{kind}", None, shown.release.slug, _ONLY_PRINTED)
        return Mail(
            language=text.language,
            subject=subject,
            text=tidied(plain),
            html=_INLINER.inline(html),
            pictures=(logo,) if logo else (),
            attachments=attachments,
            links={},
            urgent=purpose is Purpose.KILL,
        )

    def specimen_sender(self) -> Sender:
        """The office's sender, or an invented one where none is set: a specimen is never sent."""
        sender = self.viewer.settings.sender
        return sender if sender.email else Sender(name=self.viewer.settings.office.name, email="prensa@office.example")

    def forms(self, text: Release) -> "Forms":
        """How people are addressed in one language."""
        translate = self.viewer.wording(text).translate()
        return Forms(
            greeting=translate("Good day, {name}:"),
            colleagues=translate("colleagues"),
            your_outlet=translate("your outlet"),
        )

    def _logo(self) -> Picture | None:
        """The office's logo, where it is a picture that mail programs show: an SVG is none."""
        name = self.viewer.settings.identity.logo
        path = self.documents.templates.file(name) if name else None
        return mail_picture(name, path, f"{sha256(name.encode()).hexdigest()[:16]}{_LOGO}") if path else None

    def _pictures(self, shown: Presentation, text: Release, attached: int) -> dict[str, Picture]:
        """The pictures in the order of the release: many are smaller than few, so that none stays away.

        `attached` are the bytes that the attachments have. Where even the smallest are too many, the last stay away.
        """
        most = min(_PICTURES_MOST, max(_PICTURES_LEAST, _CARRIED_MOST - attached))
        slug = shown.release.slug
        for size in MAIL_SIZES:
            found: dict[str, Picture] = {}
            weight = 0
            for name in picture_names(text):
                cid = f"{sha256(f'{slug}/{name}'.encode()).hexdigest()[:16]}@comsoc"
                picture = mail_picture(name, text.files[name], cid, size)
                if picture is None:
                    continue
                if weight + len(picture.data) > most:
                    break
                weight += len(picture.data)
                found[name] = picture
            else:
                break
        return found

    def _event(self, shown: Presentation, method: str) -> Attachment:
        """The event for calendars; `method` says what they are to do with it, here and within (RFC 6047 2.4)."""
        data = self.documents.calendar(shown)
        return Attachment(name="event.ics", type="text/calendar", data=data, parameters={"method": method})

    def _attachments(self, shown: Presentation, text: Release, pdf: bytes | None) -> tuple[Attachment, ...]:
        found = []
        if pdf is not None and attaches_pdf(shown, self.viewer.settings):
            found.append(Attachment(name=file_in_kit(shown.release, text, "pdf"), type="application/pdf", data=pdf))
        if shown.release.event:
            found.append(self._event(shown, "PUBLISH"))
        weight = 0
        for src in text.attachments:
            path = text.files.get(text.name_of(src))
            if path and weight + path.stat().st_size <= ATTACHMENTS_MOST:
                weight += path.stat().st_size
                kind = guess_type(path.name)[0] or "application/octet-stream"
                name = PurePosixPath(text.name_of(src)).name
                found.append(Attachment(name=name, type=kind, data=cleaned(path.read_bytes())))
        return tuple(found)
