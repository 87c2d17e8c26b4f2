"""Where a release stands between desk and vault."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from comsoc_cli.model.approval import EmbargoChange, Kill, Revision, Status
from comsoc_cli.model.audience import AudienceChange, addressed, with_segments_of
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.desk import Desk
from comsoc_cli.office.vault import Vault, digest_of
from comsoc_cli.safeguards.approving import in_force, is_approved
from comsoc_cli.safeguards.numbering import numbers_given_twice


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One release: its text on the desk, and what the vault has of it."""

    slug: str
    desk: Release | None = None
    on_desk: bool = False  #: its file is there, even if it cannot be read
    revisions: tuple[Revision, ...] = ()
    problems: tuple[Problem, ...] = ()  #: of the vault
    kill: Kill | None = None
    changes: tuple[EmbargoChange, ...] = ()  #: of its embargo, oldest first
    rules: ApprovalRules = field(default_factory=ApprovalRules)
    audience: tuple[AudienceChange, ...] = ()  #: segments that were added or taken away after an approval, oldest first
    sent: datetime | None = None  #: when somebody first got it, of what was corrected or killed
    number_of: str = ""  #: another release that was given the same number before

    @property
    def newest(self) -> Revision | None:
        return self.revisions[-1] if self.revisions else None

    @cached_property
    def is_changed(self) -> bool:
        """Whether the desk differs from the vault's newest revision in more than its segments.

        A text that was taken off the desk does not.
        """
        if not self.newest or not self.on_desk:
            return False
        if self.desk is None:
            return True
        desk = with_segments_of(self.desk, self.newest.release)
        return digest_of(desk, self.newest.ordinal) != self.newest.approval.digest

    @cached_property
    def is_approved(self) -> bool:
        """Whether the newest revision has all the approvals that it needs."""
        return self.newest is not None and is_approved(self.newest.approval, self.rules)

    def as_public(self) -> "Standing":
        """As the public knows it: without revisions that wait for their approval beside one that has it."""
        kept = self.revisions
        while len(kept) > 1 and not is_approved(kept[-1].approval, self.rules):
            kept = kept[:-1]
        return self if len(kept) == len(self.revisions) else replace(self, revisions=kept)

    def status(self, *, sent: bool) -> str:
        if self.kill:
            return Status.KILLED
        if not self.newest or not (self.is_approved or sent):
            return Status.DRAFT
        if self.is_changed:
            return Status.CHANGED
        return Status.SENT if sent else Status.APPROVED

    @property
    def release(self) -> Release | None:
        """What the release says now: the desk's text, else the vault's."""
        return self.desk or (self.newest.release if self.newest else None)


def standings(desk: Desk, vault: Vault, rules: ApprovalRules) -> dict[str, Standing]:
    """Every release of desk and vault."""
    slugs = sorted({*desk.problems, *desk.releases, *vault.revisions, *vault.problems, *vault.kills})
    taken = numbers_given_twice(vault)
    return {slug: standing(slug, desk, vault, rules, number_of=taken.get(slug, "")) for slug in slugs}


def standing(slug: str, desk: Desk, vault: Vault, rules: ApprovalRules, *, number_of: str = "") -> Standing:
    audience = vault.audiences.get(slug, ())
    return Standing(
        slug=slug,
        desk=desk.releases.get(slug),
        on_desk=slug in desk.problems,
        revisions=tuple(_addressed(one, audience, rules) for one in vault.revisions.get(slug, ())),
        problems=tuple(vault.problems.get(slug, ())),
        kill=vault.kills.get(slug),
        changes=vault.changes.get(slug, ()),
        rules=rules,
        audience=audience,
        sent=vault.sent.get(slug),
        number_of=number_of,
    )


def _addressed(revision: Revision, audience: tuple[AudienceChange, ...], rules: ApprovalRules) -> Revision:
    """A revision with the segments that it is for by now; its text and its digest stay what they are."""
    changes = in_force(audience, revision.approval, rules)
    if not changes:
        return revision
    segments = addressed(revision.release.segments, changes)
    return replace(revision, release=replace(revision.release, segments=segments))
