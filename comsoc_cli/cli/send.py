"""comsoc send"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import Counter, clock, note, refuse
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.run import Run
from comsoc_cli.errors import Refusal

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment, Sent
    from comsoc_cli.delivery.mailroom import Mailroom, Request
    from comsoc_cli.delivery.transports import Transport
    from comsoc_cli.model.approval import Approval
    from comsoc_cli.model.nowhere import Nowhere
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office
    from comsoc_cli.safeguards.standing import Standing


def command(
    context: typer.Context,
    release: list[str] = typer.Argument(
        None,
        metavar="RELEASE",
        autocompletion=completion.slugs,
        help=N_("Slugs or paths; every approved release that is due if nothing is said."),
    ),
    segment: list[str] = typer.Option(
        [], "--segment", metavar="S", autocompletion=completion.segments, help=N_("To whom; may be repeated.")
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help=N_("Show who would get what, and send nothing.")),
    test: str = typer.Option(
        "",
        "--test",
        metavar="ADDRESS",
        help=N_("Send it to this address only, marked as a test; a draft to the office’s own addresses."),
    ),
    as_contact: str = typer.Option(
        "",
        "--as",
        metavar="CONTACT",
        autocompletion=completion.contacts,
        help=N_("With --test: as this contact would get it; an address of contacts.yaml."),
    ),
    limit: int | None = typer.Option(
        None, "--limit", metavar="N", min=1, help=N_("At most so many recipients in this run.")
    ),
    approved_text: bool = typer.Option(
        False, "--approved-text", help=N_("Send the approved text though the desk has another.")
    ),
    due: bool = typer.Option(
        False,
        "--due",
        help=N_("Every approved release that became public lately, to all its own segments; for a timer."),
    ),
    urgent: str = typer.Option(
        "", "--urgent", metavar="REASON", help=N_("Send the desk's text before anybody has approved it, and say why.")
    ),
    despite_blackout: str = typer.Option(
        "", "--despite-blackout", metavar="REASON", help=N_("Send it within a blackout, and say why.")
    ),
    resend_uncertain: bool = typer.Option(
        False, "--resend-uncertain", help=N_("Also to those of whom it is not known whether they have it.")
    ),
    retry_refused: bool = typer.Option(False, "--retry-refused", help=N_("Also to those that were refused before.")),
    yes: bool = typer.Option(False, "--yes", help=N_("Do not ask.")),
    as_json: bool = counter.Json,
) -> None:
    """Distribute approved releases."""
    here = counter.of(context, as_json)
    if test and dry_run:
        raise typer.BadParameter(tr("--dry-run sends nothing, --test sends: name one of them"), param_hint="--test")
    if as_contact and not test:
        raise typer.BadParameter(tr("--as goes with --test, which says where the test is to go"), param_hint="--as")
    if test:
        from comsoc_cli.cli.rehearsal import send_test

        send_test(
            here,
            release or [],
            test,
            as_contact=as_contact,
            segments=segment,
            despite_blackout=counter.words(despite_blackout, "--despite-blackout"),
        )
        return
    if due and (release or segment):
        raise typer.BadParameter(tr("--due chooses by itself, and stands alone"), param_hint="--due")
    if urgent and len(release or []) != 1:
        raise typer.BadParameter(tr("--urgent is for one release, named"), param_hint="--urgent")
    if urgent and approved_text:
        raise typer.BadParameter(tr("--urgent sends the desk's text, --approved-text the other"), param_hint="--urgent")
    from comsoc_cli.delivery.mailroom import Request
    from comsoc_cli.delivery.plan import Wishes
    from comsoc_cli.delivery.refusals import SendRunning
    from comsoc_cli.ledger.place import send_lock
    from comsoc_cli.office.lock import held

    office = here.office()
    request = Request(
        slugs=tuple(release or ()),
        segments=tuple(dict.fromkeys(segment)),
        wishes=Wishes(limit=limit, resend_uncertain=resend_uncertain, retry_refused=retry_refused),
        approved_text=approved_text,
        due=due,
        urgent=counter.words(urgent, "--urgent"),
        despite_blackout=counter.words(despite_blackout, "--despite-blackout"),
    )
    run = _Send(here, office, request)
    try:
        if dry_run:
            run.rehearse()
            return
        lock = send_lock(office.settings.ledger.url, office.root)
        with held(lock, clock().astimezone(office.settings.zone), SendRunning):
            run.go(confirmed=yes)
    except Refusal as refusal:
        refuse(refusal, run.what_was_done() + " ")
        raise counter.stop(refusal.exit_code) from None


class _Send(Run):
    """One `send`."""

    fetches = True

    def __init__(self, here: Counter, office: "Office", request: "Request") -> None:
        from comsoc_cli.model.contact import ContactBook

        super().__init__(here, office)
        self.request = request
        self.slugs = request.slugs
        self.quiet = self.partly = request.due
        self._to_store: tuple[Release, Approval] | None = None
        self.book = ContactBook()
        if request.despite_blackout:
            from comsoc_cli.office import git
            from comsoc_cli.safeguards.signing_off import check_authority

            check_authority(git.identity(office.root), office.settings.approval)

    def choose(self, mailroom: "Mailroom", slugs: Sequence[str]) -> "list[Consignment]":
        self.book = mailroom.book
        return mailroom.consignments(replace(self.request, slugs=tuple(slugs)))

    def standings(self, standings: "dict[str, Standing]") -> "dict[str, Standing]":
        """With --urgent, the text on the desk stands where the approved one would."""
        if not self.request.urgent:
            return standings
        [slug] = [slug for slug in standings if slug in self._named(standings)]
        return {**standings, slug: self._urgent(standings[slug])}

    def _named(self, standings: "dict[str, Standing]") -> list[str]:
        from comsoc_cli.office.desk import find_slugs

        return find_slugs(self.office, self.slugs, others=standings)

    def _urgent(self, standing: "Standing") -> "Standing":
        from comsoc_cli.cli.urgency import urgent_standing

        found, self._to_store = urgent_standing(self.office, standing, self.request.urgent, self.now)
        return found

    @cached_property
    def nowhere(self) -> "Nowhere":
        """Who gets nothing, whatever is sent."""
        from comsoc_cli.model.nowhere import nowhere

        return nowhere(self.book, self.now.astimezone(self.office.settings.zone).date())

    def _warn(self) -> None:
        from comsoc_cli.model.nowhere import nowhere_message

        super()._warn()
        if self.nowhere.many:
            note(told(nowhere_message(self.nowhere)))

    def _answer(self, entries: list[dict[str, Any]], transport: "Transport", *, dry_run: bool, **more: Any) -> None:
        if self.here.as_json:
            more["nowhere"] = self.nowhere.many
        super()._answer(entries, transport, dry_run=dry_run, **more)

    def afterwards(self, done: "Sequence[Sent]") -> None:
        """How colleagues learn of it, where the office shares a repository."""
        receipts = [self.office.name_of(sent.receipt) for sent in done if sent.receipt]
        if self.fetched and receipts:
            slugs = ", ".join(sent.consignment.standing.slug for sent in done if sent.receipt)
            share = f'git add dispatches approved && git commit -m "{slugs}" && git push'
            note(tr("So that no colleague sends it again: {command}", command=share))

    def before_sending(self) -> None:
        """Stores a text without approval in the vault as what it is, before any recipient has it."""
        if not self._to_store:
            return
        from comsoc_cli.office.lock import held
        from comsoc_cli.office.vault import store

        with held(self.office.state / "approve.lock", self.now):
            store(self.office, *self._to_store)
