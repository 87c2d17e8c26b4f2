"""What is wrong with a file, and what speaks against letting a release out."""

from dataclasses import dataclass
from enum import StrEnum

from comsoc_cli.message import Message


class Severity(StrEnum):
    """How much a problem weighs: only errors hold an approval."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One finding in the office's files, with the place where it can be mended."""

    path: str  #: relative to the office
    line: int | None = None  #: counted from 1
    field: str | None = None
    severity: Severity = Severity.ERROR
    rule: str
    message: Message
    column: int | None = None  #: counted from 1
    words: str = ""  #: those in question, as written
    suggestion: str = ""  #: what might stand there instead

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def where(self) -> str:
        """contacts.yaml:14, or releases/becas.md:14:3 where the column is known"""
        places = [self.line, self.column] if self.line else []
        return ":".join([self.path, *(str(place) for place in places if place)])

    @property
    def place(self) -> str:
        """contacts.yaml:14, email"""
        return f"{self.where}, {self.field}" if self.field else self.where


@dataclass(frozen=True, kw_only=True)
class Objection:
    """One reason against sending or publishing, and what would lift it."""

    rule: str
    message: Message
    lifted_by: Message


def errors(problems: list[Problem]) -> list[Problem]:
    """Those problems that hold an approval."""
    return [problem for problem in problems if problem.is_error]
