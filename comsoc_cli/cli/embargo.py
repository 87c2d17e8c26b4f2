"""comsoc embargo"""

import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import Counter, clock, refuse
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.run import Run
from comsoc_cli.errors import SAFEGUARD, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment
    from comsoc_cli.delivery.mailroom import Mailroom
    from comsoc_cli.model.approval import EmbargoChange
    from comsoc_cli.office.folder import Office
    from comsoc_cli.safeguards.standing import Standing


class NoEmbargo(Refusal):
    """There is none that could be lifted or moved."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” is not under embargo: there is nothing to lift or move.", slug=slug),
            said("An embargo stands in the text before its approval: embargo: 2026-11-23 18:00"),
        )


class NotLater(Refusal):
    """An embargo ends in the future, or it is lifted."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("The embargo of “{slug}” cannot end at a moment that has passed, or at the same as now.", slug=slug),
            said("Name a moment to come, or lift it: comsoc embargo {slug} --lift", slug=slug),
        )


def command(
    context: typer.Context,
    release: str = typer.Argument(
        ..., metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")
    ),
    lift: bool = typer.Option(False, "--lift", help=N_("Anyone may publish it from now on.")),
    until: str = typer.Option("", "--until", metavar="MOMENT", help=N_("Its new end, such as “2026-11-23 18:00”.")),
    yes: bool = typer.Option(False, "--yes", help=N_("Do not ask.")),
    as_json: bool = counter.Json,
) -> None:
    """Lift or move an embargo, and tell everybody who has it."""
    from comsoc_cli.delivery.refusals import SendRunning
    from comsoc_cli.ledger.place import send_lock
    from comsoc_cli.office import git
    from comsoc_cli.office.lock import held
    from comsoc_cli.safeguards.signing_off import check_authority

    here = counter.of(context, as_json)
    if lift == bool(until):
        raise typer.BadParameter(tr("say one of the two: --lift, or --until MOMENT"), param_hint="--lift")
    office = here.office()
    check_authority(git.identity(office.root), office.settings.approval)
    run = _Embargo(here, office, release, until)
    try:
        lock = send_lock(office.settings.ledger.url, office.root)
        with held(lock, clock().astimezone(office.settings.zone), SendRunning):
            run.go(confirmed=yes)
    except Refusal as refusal:
        refuse(refusal, run.what_was_done() + " ")
        raise counter.stop(refusal.exit_code) from None


class _Embargo(Run):
    """One change of an embargo: written down, and told to everybody who has the release."""

    fetches = True

    def __init__(self, here: Counter, office: "Office", wanted: str, until: str) -> None:
        super().__init__(here, office)
        self.slugs = (wanted,)
        self.until = until
        self._changes: tuple[EmbargoChange, ...] = ()
        self._slug = ""
        self._is_new = True

    def standings(self, standings: "dict[str, Standing]") -> "dict[str, Standing]":
        """The release with its new embargo, as everybody will be told."""
        from dataclasses import replace

        from comsoc_cli.model.approval import as_moved
        from comsoc_cli.office.desk import find_slugs

        [slug] = find_slugs(self.office, self.slugs, others=standings)
        standing = standings[slug].as_public()  # a correction that waits for its approval is told to nobody
        if not self._changes:
            self._slug = slug
            change = None if self._is_made(standing) else self._change(standing)
            self._is_new = change is not None
            self._changes = (*standing.changes, change) if change else standing.changes
        moved = tuple(replace(one, release=as_moved(one.release, self._changes)) for one in standing.revisions)
        return {**standings, slug: replace(standing, revisions=moved, changes=self._changes)}

    def _is_made(self, standing: "Standing") -> bool:
        """Whether this very change was written down before, in a run that may not have told everybody."""
        from comsoc_cli.office.moments import moment

        if not standing.changes or standing.kill:
            return False
        last = standing.changes[-1]
        if standing.newest and not last.concerns(standing.newest.release):
            return False  # it was told of an earlier text
        if not self.until:
            return last.lifted
        with contextlib.suppress(ValueError):
            return moment(self.until, self.office.settings.zone) == last.until
        return False

    def _change(self, standing: "Standing") -> "EmbargoChange":
        from comsoc_cli.model.approval import EmbargoChange
        from comsoc_cli.office import git
        from comsoc_cli.office.moments import UnsureHour, moment

        newest, zone = standing.newest, self.office.settings.zone
        if newest is None or standing.kill or not newest.release.under_embargo(self.now):
            raise NoEmbargo(standing.slug)
        who = git.identity(self.office.root)
        at, written = self.now.astimezone(zone).replace(microsecond=0), newest.release.written_moment
        if not self.until:
            return EmbargoChange(until=at, by=who.name if who else "?", at=at, lifted=True, written=written)
        try:
            until = moment(self.until, zone)
        except UnsureHour as fault:
            raise typer.BadParameter(told(fault.what), param_hint="--until") from None
        except ValueError:
            raise typer.BadParameter(
                tr("“{found}” is no moment such as 2026-11-23 18:00", found=self.until), param_hint="--until"
            ) from None
        if until <= self.now or until == newest.release.public_moment:
            raise NotLater(standing.slug)
        return EmbargoChange(until=until, by=who.name if who else "?", at=at, written=written)

    def choose(self, mailroom: "Mailroom", slugs: Sequence[str]) -> "list[Consignment]":
        from comsoc_cli.model.delivery import Purpose
        from comsoc_cli.safeguards.objections import Audience, objections

        [slug] = slugs
        found = mailroom.notice(slug, Purpose.EMBARGO, change=len(self._changes))
        # To move an embargo is no publicity; without it the old one would end within the period.
        audience = Audience(holders=True, approved_text=True, despite_blackout=bool(self.until))
        found.objections.extend(
            objections(mailroom.standings[slug], audience, settings=self.office.settings, now=self.now)
        )
        return [found]

    def before_sending(self) -> None:
        from comsoc_cli.office.lock import held
        from comsoc_cli.office.marks import store_changes

        if not self._is_new:
            return
        with held(self.office.state / "approve.lock", self.now):
            store_changes(self.office, self._slug, self._changes)

    def nothing(self, *, is_complete: bool) -> str:
        if not is_complete:
            return super().nothing(is_complete=False)
        if not self._is_new:
            return tr("Whoever has “{slug}” was told already.", slug=self._slug)
        return tr("Nobody holds “{slug}”, so nobody is told.", slug=self._slug)

    def nobody(self, consignments: "Sequence[Consignment]") -> None:
        if not self._is_new:
            raise NotLater(self._slug) if self.until else NoEmbargo(self._slug)
        self.before_sending()
        self.here.say(tr("The embargo of “{slug}” was changed.", slug=self._slug))
