"""The approval: who let which exact text out, and the revision in the vault that it stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from comsoc_cli.message import Message
from comsoc_cli.model.person import Person, people_in
from comsoc_cli.model.release import Release


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What verifying a signature came to: the key that made it, or why it does not hold."""

    key: str = ""  #: its fingerprint, "SHA256:…"
    fault: Message | None = None


@dataclass(frozen=True, kw_only=True)
class Assent:
    """One person's word that a text may go out."""

    by: str
    at: datetime
    email: str = ""  #: of whoever gave it at this machine
    via: str = ""  #: how it was given, where it was by word of mouth: "whatsapp"
    recorded_by: str = ""  #: the identity that typed the command, where it is not `by`
    recorded_email: str = ""
    legal: str = ""  #: who in the legal department signed it off for a blackout
    ruling: str = ""  #: the authority's ruling that lets it pass a blackout, as the legal department names it
    #: Verifies its signature when asked, where the office has approvals signed; no part of what is written down.
    proof: Callable[[], Proof] | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """The fingerprint of the key that signed it; nothing where no signature holds."""
        return self.proof().key if self.proof else ""

    @property
    def who(self) -> Person:
        """The person who gave it."""
        return Person(self.by, self.email)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who had a part in it: who gave it, and who wrote it down for another."""
        recorder = Person(self.recorded_by, self.recorded_email)
        return (self.who, recorder) if str(recorder) else (self.who,)


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """Why a text went out before anybody had approved it."""

    reason: str
    by: str
    at: datetime
    email: str = ""

    @property
    def who(self) -> Person:
        """The person who sent it."""
        return Person(self.by, self.email)


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """Who took an approval back."""

    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Bound by its digest to one exact content."""

    slug: str
    revision: int
    digest: str  #: "sha256:…" over slug, revision, frontmatter, bodies and every file
    assents: tuple[Assent, ...] = ()
    author: str = ""  #: as the text names its author, else git
    authors: tuple[Person, ...] = ()  #: everybody who wrote at it since the text that was approved before, as git knows
    number: int | None = None  #: the number in its series of the year
    number_text: str = ""  #: as it was written then, where that is not the number alone: "SEPyC-045/2026"
    series: str = ""  #: the agency whose series it is, where each has its own
    year: int = 0
    urgent: Urgency | None = None
    withdrawn: Withdrawal | None = None

    @property
    def written_number(self) -> str:
        """The number as people read it; nothing for a kind without numbers."""
        return self.number_text or ("" if self.number is None else str(self.number))

    @property
    def by(self) -> str:
        """Everybody who approved; of a text without approval, who sent it."""
        return ", ".join(one.by for one in self.assents) or (self.urgent.by if self.urgent else "")

    @property
    def at(self) -> datetime:
        """When the last of them did."""
        moments = [one.at for one in self.assents] or ([self.urgent.at] if self.urgent else [])
        return max(moments)

    @property
    def legal(self) -> str:
        """Who in the legal department signed it off, or nothing."""
        return next((one.legal for one in self.assents if one.legal), "")

    @property
    def ruling(self) -> str:
        """The authority's ruling that the legal department named, or nothing."""
        return next((one.ruling for one in self.assents if one.legal and one.ruling), "")

    @property
    def writers(self) -> tuple[Person, ...]:
        """Everybody who counts as an author: by git, and as the text itself says."""
        return (*self.authors, *people_in(self.author))

    @property
    def moments(self) -> tuple[datetime, ...]:
        """Every moment that it speaks of."""
        told = [one.at for one in self.assents]
        told += [one.at for one in (self.urgent, self.withdrawn) if one]
        return tuple(told)


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One approved text in the vault."""

    release: Release
    approval: Approval
    folder: Path
    found_digest: str  #: what the files in the folder say now

    @property
    def slug(self) -> str:
        return self.release.slug

    @property
    def ordinal(self) -> int:
        """1 for the first approved text, +1 for each correction."""
        return self.approval.revision

    @property
    def intact(self) -> bool:
        """Whether the vault still holds what was approved."""
        return self.found_digest == self.approval.digest


@dataclass(frozen=True, kw_only=True)
class EmbargoChange:
    """An embargo that was lifted or moved after the approval."""

    until: datetime  #: from when on anyone may have it
    by: str
    at: datetime
    lifted: bool = False  #: rather than moved
    written: datetime | None = None  #: the public moment that stood in the text; another text is not meant

    def concerns(self, release: Release) -> bool:
        """Whether it is this text's embargo; one that was approved later with another has its own."""
        return self.written in (None, release.written_moment)


def as_moved(release: Release, changes: Sequence[EmbargoChange]) -> Release:
    """A text with its public moment as the last change has it, where that concerns this text."""
    moved = changes[-1].until if changes and changes[-1].concerns(release) else None
    return release if release.moved == moved else replace(release, moved=moved)


@dataclass(frozen=True, kw_only=True)
class Kill:
    """The word that a release is of no effect any more."""

    reason: str
    by: str
    at: datetime
    new_date: str = ""  #: of an event that does not take place: "later" (it will be told), "none", or nothing said


class Status:
    """Where a release stands; `list` and the JSON output use these words."""

    DRAFT = "draft"
    APPROVED = "approved"
    CHANGED = "changed"
    SENT = "sent"
    KILLED = "killed"
