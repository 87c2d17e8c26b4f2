"""comsoc send"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import Counter, clock, note, problem_line, refuse
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment, Sent
    from comsoc_cli.delivery.letters import Letters
    from comsoc_cli.delivery.mailroom import Mailroom
    from comsoc_cli.delivery.transports import Transport
    from comsoc_cli.model.delivery import Recipient
    from comsoc_cli.office.folder import Office

FAILURES = 4
INTERRUPTED = 130


class NeedsYes(Refusal):
    """Nobody can be asked."""

    exit_code = USAGE

    def __init__(self, many: int) -> None:
        super().__init__(
            said("There is no terminal on which to confirm {many} recipients.", many=many),
            said("Repeat it with --yes."),
        )


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
        "", "--test", metavar="ADDRESS", help=N_("Send it to this address only, marked as a test; needs no approval.")
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

        send_test(here, release or [], test, as_contact=as_contact, segments=segment)
        return
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
    )
    run = _Run(here, office, request)
    try:
        if dry_run:
            run.rehearse()
            return
        lock = send_lock(office.settings.ledger.url, office.root)
        with held(lock, clock().astimezone(office.settings.zone), SendRunning):
            run.go(confirmed=yes)
    except Refusal as refusal:
        refuse(refusal, tr("Nothing was sent.") + " ")
        raise counter.stop(refusal.exit_code) from None


class _Run:
    """One `send`: open, ask, act, say."""

    def __init__(self, here: Counter, office: "Office", request: Any) -> None:
        from comsoc_cli.office.key import office_key

        self.here = here
        self.office = office
        self.request = request
        self.began = time.monotonic()
        self.now = clock()
        self.key = office_key(office, os.environ)

    def rehearse(self) -> None:
        """A dry run: everything but the sending, and nothing written."""
        from comsoc_cli.cli.releases import ledger_file
        from comsoc_cli.cli.screens import recipients_list
        from comsoc_cli.delivery.letters import signature_of
        from comsoc_cli.delivery.transports.choice import transport_of
        from comsoc_cli.ledger.store import Ledger

        ledger = (
            Ledger(self.office.settings.ledger.url, self.office.root) if ledger_file(self.office).exists() else None
        )
        mailroom, consignments = self._consignments(ledger)
        transport = transport_of(self.office, os.environ, rehearsal=True)
        if self._refused(consignments, transport, dry_run=True):
            raise counter.stop(SAFEGUARD)
        sign, entries = signature_of(self.office), []
        prepared = [(consignment, mailroom.letters(consignment, sign)) for consignment in consignments]
        if self._refused(consignments, transport, dry_run=True):
            raise counter.stop(SAFEGUARD)
        self._warn()
        for consignment, letters in prepared:
            self._show_plan(mailroom, consignment, letters, transport)
            self.here.say(recipients_list(consignment, letters))
            entries.append(self._entry(consignment, letters=letters))
        if not consignments:
            self._nothing()
        self._answer(entries, transport, dry_run=True)
        if ledger:
            ledger.close()

    def go(self, *, confirmed: bool) -> None:
        """Send it."""
        from comsoc_cli.cli.screens import unconfirmed
        from comsoc_cli.delivery.letters import signature_of
        from comsoc_cli.delivery.sending import close_old_receipts
        from comsoc_cli.delivery.transports.choice import transport_of
        from comsoc_cli.ledger.store import Ledger

        transport = transport_of(self.office, os.environ)
        with Ledger(self.office.settings.ledger.url, self.office.root) as ledger:
            lost = ledger.settle_lost_claims(self.now)
            if lost:
                note(
                    tr(
                        "An earlier run was cut off: of {lost} deliveries it is not known whether they arrived.",
                        lost=lost,
                    )
                )
            mailroom, consignments = self._consignments(ledger)
            close_old_receipts(self.office, ledger, mailroom.key)
            if self._refused(consignments, transport, dry_run=False):
                raise counter.stop(SAFEGUARD)
            sign = signature_of(self.office)
            prepared = [(consignment, mailroom.letters(consignment, sign)) for consignment in consignments]
            if self._refused(consignments, transport, dry_run=False):
                raise counter.stop(SAFEGUARD)
            self._warn()
            many = sum(len(consignment.plan.recipients) for consignment in consignments)
            for consignment, letters in prepared:
                if consignment.plan.recipients:
                    self._show_plan(mailroom, consignment, letters, transport)
            for words in filter(None, map(unconfirmed, consignments)):
                note(words)
            if not many:
                self._nothing()
                self._answer([self._entry(consignment) for consignment in consignments], transport, dry_run=False)
                return
            if not confirmed and not self._confirm(many):
                note(tr("Nothing was sent."))
                raise counter.stop(0)
            if not confirmed:
                self._refuse_another_plan(consignments, ledger)
            self._send(mailroom, prepared, transport)

    def _refuse_another_plan(self, shown: "Sequence[Consignment]", ledger: Any) -> None:
        """What was confirmed must still be so: somebody may have been suppressed, or a text changed, meanwhile."""
        from comsoc_cli.delivery.refusals import ChangedMeanwhile

        _, again = self._consignments(ledger)
        if [(one.plan.recipients, one.objections) for one in again] != [
            (one.plan.recipients, one.objections) for one in shown
        ]:
            raise ChangedMeanwhile

    def _consignments(self, ledger: Any) -> "tuple[Mailroom, list[Consignment]]":
        from comsoc_cli.delivery.mailroom import Mailroom
        from comsoc_cli.delivery.refusals import NoSender
        from comsoc_cli.office.contacts import contact_book
        from comsoc_cli.office.desk import find_slugs, read_desk
        from comsoc_cli.office.vault import read_vault
        from comsoc_cli.safeguards.standing import standings

        if not self.office.settings.sender.email:
            raise NoSender
        vault = read_vault(self.office)
        for problems in vault.problems.values():
            for problem in problems:
                note(problem_line(problem))
        known = {*vault.revisions, *vault.problems}
        slugs = find_slugs(self.office, self.request.slugs, others=known)
        desk = read_desk(self.office, slugs or known)
        book = contact_book(self.office)
        mailroom = Mailroom(self.office, book, standings(desk, vault), ledger=ledger, key=self.key, now=self.now)
        return mailroom, mailroom.consignments(replace(self.request, slugs=tuple(slugs)))

    def _refused(self, consignments: "Sequence[Consignment]", transport: "Transport", *, dry_run: bool) -> bool:
        """With an objection to one release nothing leaves; whether there is any."""
        from comsoc_cli.cli.screens import objections_screen

        refused = [consignment for consignment in consignments if consignment.objections]
        for consignment in refused:
            note(objections_screen(consignment))
        if refused:
            note(tr("Nothing was sent."))
            self._answer([self._entry(consignment) for consignment in consignments], transport, dry_run=dry_run)
        return bool(refused)

    def _warn(self) -> None:
        """What somebody should know before sending from this machine."""
        from comsoc_cli.delivery.elsewhere import warnings

        for warning in warnings(self.office, self.key):
            note(tr("Warning: {message}", message=told(warning)))

    def _show_plan(
        self, mailroom: "Mailroom", consignment: "Consignment", letters: "Letters", transport: "Transport"
    ) -> None:
        from comsoc_cli.cli.screens import plan_screen

        assert consignment.revision
        view = mailroom.documents.viewer.release(letters.shown, consignment.revision.release)
        self.here.say(plan_screen(self.office, consignment, view, letters, transport, self.now))

    def _nothing(self) -> None:
        note(tr("There is nothing to send: no approved release is due for these segments, or everybody has it."))

    def _confirm(self, many: int) -> bool:
        from comsoc_cli.cli.screens import question

        if not self.here.is_terminal:
            raise NeedsYes(many)
        print(question(many) + ": ", end="", file=sys.stderr, flush=True)
        try:
            return input().strip().replace(",", "") == str(many)
        except EOFError:
            return False

    def _send(
        self, mailroom: "Mailroom", prepared: "list[tuple[Consignment, Letters]]", transport: "Transport"
    ) -> None:
        from comsoc_cli.cli.display import display, ending_well
        from comsoc_cli.cli.screens import outcome_screen

        stop = threading.Event()
        done: list[Sent] = []
        fault: Refusal | None = None
        with ending_well(stop), display(self.here) as watch:
            for consignment, letters in prepared:
                if stop.is_set() or fault:
                    break
                try:
                    done.append(mailroom.send(consignment, letters, transport, clock=clock, stop=stop, watch=watch))
                    fault = done[-1].tally.fault
                except Refusal as refusal:
                    fault = refusal
        for sent, (consignment, letters) in zip(done, prepared, strict=False):
            if sent.tally.planned:
                assert consignment.revision
                view = mailroom.documents.viewer.release(letters.shown, consignment.revision.release)
                self.here.say(outcome_screen(self.office, sent, view, self.now, clock()))
        entries = [self._entry(sent.consignment, sent) for sent in done]
        entries += [self._entry(consignment) for consignment, _ in prepared[len(done) :]]
        self._answer(entries, transport, dry_run=False)
        self._end(done, fault, stop)

    def _end(self, done: "Sequence[Sent]", fault: Refusal | None, stop: threading.Event) -> None:
        """The exit code that says what came of it."""
        from comsoc_cli.model.delivery import Outcome

        accepted = sum(sent.tally.of(Outcome.ACCEPTED) for sent in done)
        if fault:
            prefix = (
                tr("The send stopped after {accepted}.", accepted=accepted) if accepted else tr("Nothing was sent.")
            )
            refuse(fault, prefix + " ")
            raise counter.stop(fault.exit_code)
        if stop.is_set():
            note(tr("Interrupted. What was done is written down; the same command goes on."))
            raise counter.stop(INTERRUPTED)
        failed = (Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN)
        if any(sent.tally.of(outcome) for sent in done for outcome in failed):
            raise counter.stop(FAILURES)

    def _entry(
        self, consignment: "Consignment", sent: "Sent | None" = None, letters: "Letters | None" = None
    ) -> dict[str, Any]:
        """One of `dispatches` in the JSON document; with `letters` also who would get what."""
        from comsoc_cli.model.delivery import OUTCOMES

        plan, tally = consignment.plan, sent.tally if sent else None
        return {
            "release": consignment.standing.slug,
            "revision": consignment.revision.ordinal if consignment.revision else 0,
            "purpose": consignment.purpose.value,
            "segments": list(plan.segments),
            "planned": len(plan.recipients),
            **{outcome.value: tally.of(outcome) if tally else 0 for outcome in OUTCOMES},
            "excluded": plan.reasons(),
            "objections": [
                {"rule": one.rule, "message": told(one.message), "lifted_by": told(one.lifted_by)}
                for one in consignment.objections
            ],
            "receipt": str(sent.receipt) if sent and sent.receipt else None,
            **({"recipients": [_would_get(one, letters) for one in plan.recipients]} if letters else {}),
        }

    def _answer(self, entries: list[dict[str, Any]], transport: "Transport", *, dry_run: bool) -> None:
        self.here.answer(
            {
                "dispatches": entries,
                "transport": transport.name,
                "dry_run": dry_run,
                "seconds": round(time.monotonic() - self.began, 3),
            }
        )


def _would_get(recipient: "Recipient", letters: "Letters") -> dict[str, Any]:
    """One of `recipients` in the JSON document of a dry run."""
    return {
        "address": recipient.address,
        "name": recipient.name,
        "outlet": recipient.outlet,
        "segments": list(recipient.segments),
        "language": letters.text(recipient).language,
        "variant": letters.variant(recipient) or None,
    }
