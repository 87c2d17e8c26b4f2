"""What changed between two revisions of a release, as values that notices tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Correction, Event


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words that are not as they were, as readers see them: without Markdown, with a few words around."""

    where: str  #: "headline", "body", "caption", …: a key of `corrections.PLACES`
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a reader of one language finds changed."""

    passages: tuple[Passage, ...] = ()  #: besides what the correction's `said` and `should` tell
    explained: bool = False  #: whether words were found that changed as `said` and `should` tell


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """What one revision changed, and when it was approved."""

    correction: Correction
    at: datetime
    seen: Mapping[str, Seen] = field(default_factory=dict)  #: by language; one that is missing cannot be compared
    moved: tuple[Event, Event] | None = None  #: the event that was invited to, as it was and as it is

    @property
    def purpose(self) -> Purpose:
        return Purpose.ADDITION if self.correction.addition else Purpose.ERRATUM
