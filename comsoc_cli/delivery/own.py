"""A release as each of its readers is to read of it: what changed since the revision that they have."""

from datetime import datetime

from comsoc_cli.delivery.consignment import Consignment
from comsoc_cli.delivery.holders import Had
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.safeguards.showing import approved_text


class Own:
    """Gives, by address key, the release as a recipient of an earlier text reads it; None for all others."""

    def __init__(self, consignment: Consignment, settings: Settings, now: datetime) -> None:
        self.consignment = consignment
        self.settings = settings
        self.now = now
        self._made: dict[Had, Presentation] = {}

    def __call__(self, key: str) -> Presentation | None:
        had = self.consignment.had.get(key)
        if had is None:
            return None
        if had not in self._made:
            self._made[had] = approved_text(
                self.consignment.standing,
                settings=self.settings,
                now=self.now,
                since=had.revision,
                sent=had.sent,
            )
        return self._made[had]
