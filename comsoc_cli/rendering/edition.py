"""One text of a release in one state, as it is rendered."""

from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Event, Release
from comsoc_cli.rendering.changes import Corrected


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """A release in the state in which it is to be shown."""

    release: Release
    number: int | None = None
    number_text: str = ""  #: as people read it, where that is not the number alone: "SEPyC-045/2026"
    year: int = 0  #: of the number's series; 0: that of the date
    revision: int = 0  #: 0: not approved
    embargoed: bool = False
    published: bool = False  #: its page stands on the public site, so that it may be linked
    approved: datetime | None = None  #: when this revision was approved
    moved: datetime | None = None  #: the end of its embargo, where that was lifted or moved
    history: tuple[Corrected, ...] = ()  #: what each later revision changed in the one before, oldest first
    #: What its readers are told, oldest first; the last one has everything that changed since the text that they have.
    told: tuple[Corrected, ...] = ()
    sent: datetime | None = None  #: when its readers got it, or the first of them
    event: Event | None = None  #: as its readers know it, where that is not the release's
    kill: Kill | None = None  #: while it is of no effect
    is_notice: bool = False  #: whether only that is shown, in place of the text

    @property
    def written_number(self) -> str:
        """The number as people read it; nothing for a text without one."""
        return self.number_text or ("" if self.number is None else str(self.number))

    @property
    def is_draft(self) -> bool:
        return self.revision == 0

    @property
    def since(self) -> datetime:
        """From when on anyone may have this revision."""
        moment = self.release.public_moment
        return max(moment, self.approved or moment, self.kill.at if self.kill else moment)

    @property
    def purpose(self) -> Purpose:
        """Why a mail with this text goes out."""
        last = self.told[-1] if self.told else None
        return last.purpose if last and not last.correction.minor else Purpose.RELEASE
