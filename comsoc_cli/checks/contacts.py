"""What can be said of the contact book as a whole: contacts in no segment, and rules that match no contact."""

from collections.abc import Iterable, Iterator
from datetime import date

from comsoc_cli.message import said
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.nowhere import field_name, nowhere, nowhere_message, unmet
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.folder import Office

NOWHERE = "contacts-nowhere"
VALUE = "segment-value"


def book_problems(office: Office, book: ContactBook, today: date | None) -> Iterator[Problem]:
    """Contacts in no segment, and values of rules that no contact has; a warning where a slip is likely."""
    path = office.name_of(office.contacts)
    found = nowhere(book, today)
    if found.many:
        severity = Severity.WARNING if found.is_slip else Severity.INFO
        message, line = nowhere_message(found), found.contacts[0].line or None
        yield Problem(path=path, line=line, rule=NOWHERE, severity=severity, message=message)
    for segment, name, value, meant in unmet(book) if book.contacts else ():
        facts: dict[str, object] = {"name": segment, "field": field_name(name), "value": value, "meant": meant}
        message = (
            said("segment “{name}” looks for {field} “{value}”, which no contact has (is it “{meant}”?)", **facts)
            if meant
            else said("segment “{name}” looks for {field} “{value}”, which no contact has", **facts)
        )
        yield Problem(
            path=path,
            line=book.segments[segment].line or None,
            field=f"segments.{segment}",
            severity=Severity.WARNING if meant else Severity.INFO,
            rule=VALUE,
            message=message,
        )


def many_nowhere(problems: Iterable[Problem]) -> int:
    """How many contacts are in no segment, by these problems."""
    found = next((problem.message.facts["many"] for problem in problems if problem.rule == NOWHERE), 0)
    assert isinstance(found, int)
    return found
