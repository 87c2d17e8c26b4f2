"""What a command that sends opens before it sends: strictly, or, for a kill, as far as it can be read."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from comsoc_cli.cli.counter import note, problem_line
from comsoc_cli.cli.language import told, tr
from comsoc_cli.errors import Refusal

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment
    from comsoc_cli.delivery.letters import Letters, Sign
    from comsoc_cli.delivery.mailroom import Mailroom
    from comsoc_cli.model.contact import ContactBook
    from comsoc_cli.office.folder import Office
    from comsoc_cli.office.key import OfficeKey

T = TypeVar("T")


class Opening:
    """Opens the office's files; whatever is wrong is a refusal, and nothing is sent."""

    def __init__(self, office: "Office") -> None:
        self.office = office

    def key(self) -> "OfficeKey | None":
        """The office's key; raises KeyUnreadable."""
        from comsoc_cli.office.key import office_key

        return office_key(self.office, os.environ)

    def book(self) -> "ContactBook":
        """The contact book; raises ContactsUnusable where it has errors."""
        from comsoc_cli.office.contacts import contact_book

        return contact_book(self.office)

    def signature(self) -> "Sign | None":
        """What signs the mails; raises KeyUnusable."""
        from comsoc_cli.delivery.letters import signature_of

        return signature_of(self.office)

    def letters(self, mailroom: "Mailroom", consignment: "Consignment", sign: "Sign | None") -> "Letters":
        """The letters of one release; raises TemplateFault."""
        return mailroom.letters(consignment, sign)


class OpeningAtAnyPrice(Opening):
    """Opens as much as can be read: what is wrong is told, and the mails go out."""

    def key(self) -> "OfficeKey | None":
        """The office's key; in place of one that cannot be used, a key for this run."""
        from comsoc_cli.office.key import passing_key

        return _or(super().key, passing_key)

    def book(self) -> "ContactBook":
        """The contact book as far as it can be read."""
        from comsoc_cli.model.problem import errors
        from comsoc_cli.office.contacts import read_contacts

        book, problems = read_contacts(self.office)
        for problem in errors(problems):
            note(problem_line(problem))
        return book

    def signature(self) -> "Sign | None":
        """What signs the mails; where that cannot be used, they leave unsigned."""
        return _or(super().signature, lambda: None)

    def letters(self, mailroom: "Mailroom", consignment: "Consignment", sign: "Sign | None") -> "Letters":
        """The letters; where a template of the office fails, by the packaged ones."""
        from comsoc_cli.rendering.documents import Documents
        from comsoc_cli.rendering.templates import Templates

        def by_packaged_templates() -> "Letters":
            mailroom.documents = Documents(self.office.settings, Templates(None))
            return mailroom.letters(consignment, sign)

        return _or(lambda: mailroom.letters(consignment, sign), by_packaged_templates)


def _or(usual: Callable[[], T], otherwise: Callable[[], T]) -> T:
    """What is usual; where that is refused, the refusal is told, and it goes on otherwise."""
    try:
        return usual()
    except Refusal as refusal:
        note(tr("Warning: {message}", message=told(refusal.message)))
        return otherwise()
