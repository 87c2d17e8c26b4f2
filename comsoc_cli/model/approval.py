"""The approval: who let which exact text out, and the revision in the vault that it stands for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comsoc_cli.model.release import Release


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Bound by its digest to one exact content."""

    slug: str
    revision: int
    digest: str  #: "sha256:…" over slug, revision, frontmatter, bodies and every file
    by: str
    at: datetime
    author: str = ""
    recorded_by: str = ""  #: the identity that typed the command, where it is not `by`
    number: int | None = None  #: the number in the kind's series of the year
    year: int = 0


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


class Status:
    """Where a release stands; `list` and the JSON output use these words."""

    DRAFT = "draft"
    APPROVED = "approved"
    CHANGED = "changed"
    SENT = "sent"
    KILLED = "killed"
