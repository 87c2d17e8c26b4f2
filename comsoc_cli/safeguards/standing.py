"""Where a release stands between desk and vault."""

from dataclasses import dataclass
from functools import cached_property

from comsoc_cli.model.approval import Revision, Status
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.office.desk import Desk
from comsoc_cli.office.vault import Vault, digest_of


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One release: its text on the desk, and what the vault has of it."""

    slug: str
    desk: Release | None = None
    on_desk: bool = False  #: its file is there, even if it cannot be read
    revisions: tuple[Revision, ...] = ()
    problems: tuple[Problem, ...] = ()  #: of the vault

    @property
    def newest(self) -> Revision | None:
        return self.revisions[-1] if self.revisions else None

    @cached_property
    def is_changed(self) -> bool:
        """Whether the desk differs from the vault's newest revision; a text that was taken off the desk does not."""
        if not self.newest or not self.on_desk:
            return False
        return self.desk is None or digest_of(self.desk, self.newest.ordinal) != self.newest.approval.digest

    def status(self, *, sent: bool) -> str:
        if not self.newest:
            return Status.DRAFT
        if self.is_changed:
            return Status.CHANGED
        return Status.SENT if sent else Status.APPROVED

    @property
    def release(self) -> Release | None:
        """What the release says now: the desk's text, else the vault's."""
        return self.desk or (self.newest.release if self.newest else None)


def standings(desk: Desk, vault: Vault) -> dict[str, Standing]:
    """Every release of desk and vault."""
    slugs = sorted({*desk.problems, *desk.releases, *vault.revisions, *vault.problems})
    return {slug: standing(slug, desk, vault) for slug in slugs}


def standing(slug: str, desk: Desk, vault: Vault) -> Standing:
    return Standing(
        slug=slug,
        desk=desk.releases.get(slug),
        on_desk=slug in desk.problems,
        revisions=tuple(vault.revisions.get(slug, ())),
        problems=tuple(vault.problems.get(slug, ())),
    )
