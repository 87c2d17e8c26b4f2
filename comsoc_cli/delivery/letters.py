"""The letters of one revision: compiled once for each language and variant, filled in for each person."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.delivery.transports import Envelope
from comsoc_cli.errors import Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import NOTICES, Delivery, Purpose, Recipient
from comsoc_cli.model.problem import Objection
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender
from comsoc_cli.office.folder import Office, named_file
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.heading import (
    in_reply_to,
    list_headers,
    on_the_wire,
    return_path,
    token_of,
    unsubscribe_address,
)
from comsoc_cli.rendering.mail import MESSAGE_MOST, Forms, Mail, Mails, attaches_pdf
from comsoc_cli.rendering.message import CompiledMessage, compiled
from comsoc_cli.rendering.pictures import told_by

HTML_MOST = 100_000  #: bytes
_NAMED = 100_000  #: bytes from which on a part of a message is named as heavy

#: Puts a signature in front of a message; the number is the moment in seconds since 1970.
Sign = Callable[[bytes, int], bytes]


class NotCarried(Refusal):
    """The mails of a text are not as its approver sees them."""

    def __init__(self, slug: str, why: Message, remedy: Message) -> None:
        super().__init__(said("“{slug}” was not approved: {why}.", slug=slug, why=why), remedy)


@dataclass(frozen=True)
class _Edition:
    """What everybody gets who reads the same language in the same variant."""

    mail: Mail
    message: CompiledMessage
    forms: Forms
    files: Mapping[str, Path]  #: of the text


class Letters:
    """Composes the messages of a release in one state of presentation."""

    def __init__(
        self,
        documents: Documents,
        sender: Sender,
        shown: Presentation,
        *,
        subject_mark: str = "",
        sign: Sign | None = None,
        purpose: Purpose = Purpose.RELEASE,
        replying: Mapping[str, str] | None = None,
        own: Callable[[str], Presentation | None] = lambda key: None,
    ) -> None:
        """`replying` has, by address key, the Message-ID that a message answers.

        `own` gives, by address key, the release as a recipient of an earlier text reads it; others read `shown`.
        """
        self.mails = Mails(documents)
        self.sender = sender
        self.shown = shown
        self.subject_mark = subject_mark
        self.purpose = purpose
        self.replying = replying or {}
        self.own = own
        self._sign = sign
        self._editions: dict[tuple[str, str, int], _Edition] = {}
        self._for_whom: dict[tuple[str, tuple[str, ...]], tuple[Release, str]] = {}
        self._pdfs: dict[str, bytes] = {}

    def prepare(self, recipients: Iterable[Recipient]) -> None:
        """Render every text that a recipient will get, before the first one leaves; raises TemplateFault, PdfFault."""
        for recipient in recipients:
            self._edition(recipient)

    def rehearse(self, segments: Sequence[str]) -> None:
        """Render every text that anybody in these segments could get; raises TemplateFault, PdfFault."""
        for text in self.shown.release.texts:
            for variant in dict.fromkeys(("", *(self.mails.variant((name,)) for name in segments))):
                self._of(text, variant)

    def text(self, recipient: Recipient) -> Release:
        """The original or the translation that a recipient reads."""
        return self._choice(recipient)[0]

    def variant(self, recipient: Recipient) -> str:
        """The segment whose own template a recipient gets, the first that the release names; or nothing."""
        return self._choice(recipient)[1]

    def mail(self, text: Release) -> Mail:
        """The usual mail in one language."""
        return self._of(text, "").mail

    def refuse_what_cannot_be_carried(self, slug: str) -> None:
        """Before an approval: raises NotCarried where a mail is too heavy, or a picture cannot be shown in it.

        Drawings stay away from mails, which `check` says.
        """
        for objection in self.objections(slug):
            if objection.rule == "mail_too_heavy":
                raise NotCarried(slug, objection.message, objection.lifted_by)
        absent = [name for one in self._editions.values() for name in one.mail.absent if told_by(one.files[name])]
        if absent:
            raise NotCarried(
                slug,
                said("its mail cannot show “{src}”", src=absent[0]),
                said(
                    "Save the picture again as JPEG, or leave it out; of more than forty, leave some for"
                    " another release."
                ),
            )

    def size(self, text: Release) -> int:
        """About how many bytes each message has."""
        return self._of(text, "").message.size

    def objections(self, slug: str) -> list[Objection]:
        """What speaks against sending these mails as they are: Gmail cuts a long one, and many refuse a heavy one."""
        longest = max((len(one.mail.html.encode()) for one in self._editions.values()), default=0)
        heaviest = max(self._editions.values(), key=lambda one: one.message.size, default=None)
        found = []
        if longest > HTML_MOST:
            found.append(
                Objection(
                    rule="mail_too_long",
                    message=said(
                        "the mail of “{slug}” has {found} kB of HTML, and mail programs cut it at {most} kB",
                        slug=slug,
                        found=longest // 1000,
                        most=HTML_MOST // 1000,
                    ),
                    lifted_by=said("a shorter text; the long one as an attachment or on the page"),
                )
            )
        if heaviest and heaviest.message.size > MESSAGE_MOST:
            found.append(
                Objection(
                    rule="mail_too_heavy",
                    message=said(
                        "the mail of “{slug}” weighs {found} MB, and {most} MB is the most: {parts}",
                        slug=slug,
                        found=f"{heaviest.message.size / 1e6:.1f}",
                        most=MESSAGE_MOST // 1_000_000,
                        parts=_heavy_parts(heaviest.mail),
                    ),
                    lifted_by=said("smaller attachments, or links to them"),
                )
            )
        return found

    def compose(self, delivery: Delivery) -> bytes:
        """The bytes of one delivery, the same at every try; safe to call from many threads once prepared."""
        recipient = delivery.recipient
        edition = self._edition(recipient)
        token = token_of(delivery.message_id)
        message = edition.message.filled(
            address=recipient.address,
            name=recipient.name,
            message_id=delivery.message_id,
            date=delivery.planned_at,
            slots=edition.forms.slots(recipient, unsubscribe_address(self.sender, token)),
            listed=in_reply_to(self.replying.get(recipient.key, ""))
            + list_headers(
                self.sender,
                slug=delivery.release,
                purpose=delivery.purpose,
                segment=recipient.segments[0] if recipient.segments else "",
                token=token,
            ),
        )
        return self._sign(message, int(delivery.planned_at.timestamp())) if self._sign else message

    def envelope(self, delivery: Delivery) -> Envelope:
        """The sender and the recipient, for the mail server."""
        sender = return_path(self.sender, token_of(delivery.message_id))
        return Envelope(sender=sender, recipient=on_the_wire(delivery.recipient.address))

    def _choice(self, recipient: Recipient) -> tuple[Release, str]:
        key = (recipient.language, recipient.segments)
        if key not in self._for_whom:
            text = self.shown.release.in_language(recipient.language)
            self._for_whom[key] = (text, self.mails.variant(recipient.segments))
        return self._for_whom[key]

    def _edition(self, recipient: Recipient) -> _Edition:
        return self._of(*self._choice(recipient), self.own(recipient.key))

    def _of(self, text: Release, variant: str, own: Presentation | None = None) -> _Edition:
        shown = own or self.shown
        key = (text.language, variant, id(own))
        if key not in self._editions:
            mail = (
                self.mails.notice(shown, text, self.purpose)
                if self.purpose in NOTICES
                else self.mails.mail(shown, text, pdf=self._pdf(text), variant=variant, purpose=self.purpose)
            )
            message = compiled(mail, self.sender, self.subject_mark)
            self._editions[key] = _Edition(mail, message, self.mails.forms(text), text.files)
        return self._editions[key]

    def _pdf(self, text: Release) -> bytes | None:
        """The PDF, where the mail carries it; made once for all variants."""
        if not attaches_pdf(self.shown, self.mails.viewer.settings):
            return None
        if text.language not in self._pdfs:
            self._pdfs[text.language] = self.mails.documents.pdf(self.shown, text)
        return self._pdfs[text.language]


def _heavy_parts(mail: Mail) -> str:
    """What a message consists of, the heaviest first: "anexo.pdf 4.5 MB, foto.jpg 0.4 MB"."""
    parts = [(len(one.data), one.name) for one in mail.attachments]
    parts += [(len(one.data), one.name) for one in mail.pictures]
    parts.append((len(mail.html.encode()) + len(mail.text.encode()), "HTML"))
    heavy = sorted((part for part in parts if part[0] >= _NAMED), key=lambda part: (-part[0], part[1]))
    return ", ".join(f"{name} {size / 1e6:.1f} MB" for size, name in heavy)


def signature_of(office: Office) -> Sign | None:
    """What signs the mails of an office that has [dkim]; raises KeyUnusable, NoCryptography."""
    dkim = office.settings.dkim
    if dkim is None:
        return None
    from comsoc_cli.delivery.signing import signer

    return signer(dkim.domain, dkim.selector, named_file(office.root, dkim.key_file)).signed
