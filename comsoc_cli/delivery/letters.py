"""The letters of one revision: compiled once for each language, filled in for each person."""

from collections.abc import Mapping

from comsoc_cli.model.delivery import Delivery, Recipient
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.mail import Mail, Mails
from comsoc_cli.rendering.message import CompiledMessage, compiled
from comsoc_cli.rendering.views import Presentation


class Letters:
    """Composes the messages of a release in one state of presentation."""

    def __init__(self, documents: Documents, sender: Sender, shown: Presentation, subject_mark: str = "") -> None:
        self.mails = Mails(documents)
        self.sender = sender
        self.shown = shown
        self.subject_mark = subject_mark
        self._compiled: dict[str, tuple[Mail, CompiledMessage]] = {}

    def prepare(self, recipients: list[Recipient]) -> None:
        """Render every text that somebody will get, before the first one leaves; raises TemplateFault, PdfFault."""
        for recipient in recipients:
            self._for(self.text(recipient))

    def text(self, recipient: Recipient) -> Release:
        """The original or the translation that somebody reads."""
        return self.shown.release.in_language(recipient.language)

    def mail(self, text: Release) -> Mail:
        return self._for(text)[0]

    def size(self, text: Release) -> int:
        """About how many bytes each message has."""
        return self._for(text)[1].size

    def compose(self, delivery: Delivery) -> bytes:
        """The bytes of one delivery, the same at every try; safe to call from many threads once prepared."""
        recipient = delivery.recipient
        text = self.text(recipient)
        return self._for(text)[1].filled(
            address=recipient.address,
            name=recipient.name,
            message_id=delivery.message_id,
            date=delivery.planned_at,
            slots=self._slots(text, recipient),
        )

    def _slots(self, text: Release, recipient: Recipient) -> Mapping[str, str]:
        return self.mails.greetings(text, recipient)

    def _for(self, text: Release) -> tuple[Mail, CompiledMessage]:
        if text.language not in self._compiled:
            pdf = None if self.shown.published else self.mails.documents.pdf(self.shown, text)
            mail = self.mails.mail(self.shown, text, pdf=pdf)
            self._compiled[text.language] = (mail, compiled(mail, self.sender, self.subject_mark))
        return self._compiled[text.language]
