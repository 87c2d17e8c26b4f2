"""What every command does that sends: open, plan, ask, act, say."""

import os
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import Counter, clock, note, objection_json, problem_line, refuse
from comsoc_cli.cli.language import told, tr
from comsoc_cli.cli.opening import Opening
from comsoc_cli.cli.terminal import answer_to
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment, Sent
    from comsoc_cli.delivery.letters import Letters
    from comsoc_cli.delivery.mailroom import Mailroom
    from comsoc_cli.delivery.transports import Transport
    from comsoc_cli.model.delivery import Recipient
    from comsoc_cli.office.folder import Office
    from comsoc_cli.office.upstream import Fetched
    from comsoc_cli.safeguards.standing import Standing

FAILURES = 4
INTERRUPTED = 130


class NeedsYes(Refusal):
    """There is no person to ask."""

    exit_code = USAGE

    def __init__(self, many: int) -> None:
        super().__init__(
            said("There is no terminal on which to confirm {many} recipients.", many=many),
            said("Repeat it with --yes."),
        )


class Run:
    """One run of a command that sends; each says for itself what goes out."""

    quiet = False  #: whether it says nothing where there is nothing to send
    partly = False  #: whether an objection to one release lets the others go
    fetches = False  #: whether colleagues are asked, through git, what they have sent meanwhile
    slugs: tuple[str, ...] = ()  #: the releases that were named
    opens_with: type[Opening] = Opening

    def __init__(self, here: Counter, office: "Office") -> None:
        self.here = here
        self.office = office
        self.began = time.monotonic()
        self.now = clock()
        self.opening = self.opens_with(office)
        self.key = self.opening.key()
        self.held: list[Consignment] = []
        self.damaged = False
        self.fetched: Fetched | None = None
        self.done: list[Sent] = []  #: what went out in this run, as far as it went

    def choose(self, mailroom: "Mailroom", slugs: Sequence[str]) -> "list[Consignment]":
        """What is to go out."""
        raise NotImplementedError

    def before_sending(self) -> None:
        """What is written down once it is confirmed, before the first message."""

    def settle(self, ledger: Any) -> None:
        """What a run that was cut off has left behind."""
        from comsoc_cli.delivery.sending import close_old_receipts

        if lost := ledger.settle_lost_claims(self.now):
            note(
                tr("An earlier run was cut off: of {lost} deliveries it is not known whether they arrived.", lost=lost)
            )
        close_old_receipts(self.office, ledger, self.key)

    def standings(self, standings: "dict[str, Standing]") -> "dict[str, Standing]":
        """The releases as they stand, or as they would once this is confirmed."""
        return standings

    def rehearse(self) -> None:
        """A dry run: everything but the sending, and nothing written."""
        from comsoc_cli.cli.releases import known_ledger
        from comsoc_cli.cli.screens import left_out, recipients_list
        from comsoc_cli.delivery.transports.choice import transport_of

        with known_ledger(self.office) as ledger:
            mailroom, consignments = self._consignments(ledger)
        transport = transport_of(self.office, os.environ, rehearsal=True)
        prepared, entries = self._prepared(mailroom, consignments, transport, dry_run=True), []
        self._warn()
        for consignment, letters in prepared:
            self._show_plan(mailroom, consignment, letters, transport)
            self.here.say(recipients_list(consignment, letters))
            for words in left_out(self.office, consignment, also_later=True):
                note(words)
            entries.append(self._entry(consignment, letters=letters))
        if not prepared:
            self._nothing()
        self._answer(entries, transport, dry_run=True)
        self._end_held()

    def go(self, *, confirmed: bool) -> None:
        """Send it."""
        from comsoc_cli.cli.screens import left_out
        from comsoc_cli.delivery.transports.choice import transport_of
        from comsoc_cli.ledger.store import Ledger

        transport = transport_of(self.office, os.environ)
        with Ledger(self.office.settings.ledger.url, self.office.root) as ledger:
            self.settle(ledger)
            mailroom, consignments = self._consignments(ledger)
            prepared = self._prepared(mailroom, consignments, transport)
            consignments = [consignment for consignment, _ in prepared]
            many = sum(len(consignment.plan.recipients) for consignment in consignments)
            if many:
                self._warn()
            for consignment, letters in prepared:
                if consignment.plan.recipients:
                    self._show_plan(mailroom, consignment, letters, transport)
            behind = [words for one in consignments for words in left_out(self.office, one, also_later=not many)]
            for words in behind:
                note(words)
            if not many:
                self._nothing(is_complete=not behind)
                entries = [self._entry(consignment) for consignment in consignments]
                self._answer(entries, transport, dry_run=False, **self.more(consignments, ()))
                self.nobody(consignments)
                self._end_held()
                return
            if not confirmed and not self._confirm(many):
                note(tr("Nothing was sent."))
                raise counter.stop(0)
            if not confirmed:
                self._refuse_another_plan(consignments, ledger, transport)
            self.before_sending()
            self._send(mailroom, prepared, transport)

    def _refuse_another_plan(self, shown: "Sequence[Consignment]", ledger: Any, transport: "Transport") -> None:
        """What was confirmed must still be so: a contact may have been suppressed, or a text changed, meanwhile."""
        from comsoc_cli.delivery.refusals import ChangedMeanwhile

        mailroom, again = self._consignments(ledger)
        again = [one for one in again if not (self.partly and one.objections)]
        if [(one.plan.recipients, one.objections) for one in again] != [
            (one.plan.recipients, one.objections) for one in shown
        ]:
            raise ChangedMeanwhile
        self._ask_colleagues(mailroom, again)  # the question may have stood there for an hour
        if self._refused(again, transport, dry_run=False):
            raise counter.stop(SAFEGUARD)

    def _consignments(self, ledger: Any) -> "tuple[Mailroom, list[Consignment]]":
        from comsoc_cli.delivery.mailroom import Mailroom
        from comsoc_cli.delivery.refusals import NoSender
        from comsoc_cli.office import git
        from comsoc_cli.office.desk import find_slugs, read_desk
        from comsoc_cli.office.missing import taken_away
        from comsoc_cli.office.vault import read_vault
        from comsoc_cli.safeguards.standing import standings

        if not self.office.settings.sender.email:
            raise NoSender
        vault = read_vault(self.office)
        vault.add(taken_away(self.office, receipts=True))
        self.damaged = bool(vault.problems)
        for problem in (one for problems in vault.problems.values() for one in problems):
            note(problem_line(problem))
        known = {*vault.revisions, *vault.problems}
        slugs = find_slugs(self.office, self.slugs, others={*known, *vault.kills})
        desk = read_desk(self.office, slugs or known)
        found = self.standings(standings(desk, vault, self.office.settings.approval))
        mailroom = Mailroom(
            self.office,
            self.opening.book(),
            found,
            ledger=ledger,
            key=self.key,
            now=self.now,
            sent_by=str(identity.name) if (identity := git.identity(self.office.root)) else "",
        )
        return mailroom, self.choose(mailroom, slugs)

    def _prepared(
        self,
        mailroom: "Mailroom",
        consignments: "Sequence[Consignment]",
        transport: "Transport",
        *,
        dry_run: bool = False,
    ) -> "list[tuple[Consignment, Letters]]":
        """Every letter rendered; with an objection nothing leaves, or, where that is wanted, only the others."""
        sign = self.opening.signature()
        going = self._unopposed(consignments, transport, dry_run=dry_run)
        prepared = [(consignment, self.opening.letters(mailroom, consignment, sign)) for consignment in going]
        self._ask_colleagues(mailroom, going)
        going = self._unopposed(going, transport, dry_run=dry_run)
        return [(consignment, letters) for consignment, letters in prepared if consignment in going]

    def _ask_colleagues(self, mailroom: "Mailroom", going: "Sequence[Consignment]") -> None:
        """Objects to what would go out though a colleague's work on it is not here."""
        from comsoc_cli.delivery.colleagues import object_to

        if self.fetches:
            self.fetched = mailroom.fetched = object_to(self.office, going, self.fetched)

    def _unopposed(
        self, consignments: "Sequence[Consignment]", transport: "Transport", *, dry_run: bool
    ) -> "list[Consignment]":
        if not self.partly:
            if self._refused(consignments, transport, dry_run=dry_run):
                raise counter.stop(SAFEGUARD)
            return list(consignments)
        from comsoc_cli.cli.screens import objections_screen

        wanted = [one for one in consignments if one.plan.recipients]
        for consignment in wanted:
            if consignment.objections:
                note(objections_screen(consignment.standing.slug, consignment.objections))
                self.held.append(consignment)
        return [one for one in wanted if not one.objections]

    def _end_held(self) -> None:
        # Of a release whose approval cannot be read it is not known whether it is due.
        if self.held or (self.partly and self.damaged):
            raise counter.stop(SAFEGUARD)

    def _refused(self, consignments: "Sequence[Consignment]", transport: "Transport", *, dry_run: bool) -> bool:
        """With an objection to one release nothing leaves; whether there is any."""
        from comsoc_cli.cli.screens import objections_screen

        refused = [consignment for consignment in consignments if consignment.objections]
        for consignment in refused:
            note(objections_screen(consignment.standing.slug, consignment.objections))
        if refused:
            note(tr("Nothing was sent."))
            self._answer([self._entry(consignment) for consignment in consignments], transport, dry_run=dry_run)
        return bool(refused)

    def _warn(self) -> None:
        """What a person should know before they send from this machine."""
        from comsoc_cli.delivery import colleagues
        from comsoc_cli.delivery.elsewhere import warnings

        for warning in (*warnings(self.office, self.key), *colleagues.warnings(self.fetched)):
            note(tr("Warning: {message}", message=told(warning)))

    def _show_plan(
        self, mailroom: "Mailroom", consignment: "Consignment", letters: "Letters", transport: "Transport"
    ) -> None:
        from comsoc_cli.cli.screens import plan_screen

        assert consignment.revision
        view = mailroom.documents.viewer.release(letters.shown, consignment.revision.release)
        self.here.say(plan_screen(self.office, consignment, view, letters, transport, self.now))

    def nobody(self, consignments: "Sequence[Consignment]") -> None:
        """What is said besides, where there is no recipient."""

    def afterwards(self, done: "Sequence[Sent]") -> None:
        """What is said besides when all is over."""

    def more(self, consignments: "Sequence[Consignment]", done: "Sequence[Sent]") -> dict[str, Any]:
        """What stands besides in the JSON document."""
        return {}

    def _nothing(self, *, is_complete: bool = True) -> None:
        if not self.quiet:
            note(self.nothing(is_complete=is_complete))

    def nothing(self, *, is_complete: bool) -> str:
        """What is said where there is no recipient; not `is_complete`: because they are left out."""
        if not is_complete:
            return tr("Nobody else is to be written to.")
        return tr("There is nothing to send: no approved release is due for these segments, or everybody has it.")

    def _confirm(self, many: int) -> bool:
        from comsoc_cli.cli.screens import question

        if not self.here.is_terminal:
            raise NeedsYes(many)
        return answer_to(question(many) + ": ").replace(",", "") == str(many)

    def _send(
        self, mailroom: "Mailroom", prepared: "list[tuple[Consignment, Letters]]", transport: "Transport"
    ) -> None:
        from comsoc_cli.cli.display import display, ending_well
        from comsoc_cli.cli.screens import outcome_screen
        from comsoc_cli.delivery.refusals import KilledMeanwhile

        stop = threading.Event()
        done = self.done
        fault: Refusal | None = None
        with ending_well(stop), display(self.here) as watch:
            for consignment, letters in prepared:
                if stop.is_set() or fault:
                    break
                try:
                    done.append(mailroom.send(consignment, letters, transport, clock=clock, stop=stop, watch=watch))
                    fault = done[-1].tally.fault
                except KilledMeanwhile as refusal:
                    note(told(refusal.message))
                    self.held.append(consignment)
                except Refusal as refusal:
                    fault = refusal
        for sent, (consignment, letters) in zip(done, prepared, strict=False):
            if sent.tally.planned:
                assert consignment.revision
                view = mailroom.documents.viewer.release(letters.shown, consignment.revision.release)
                self.here.say(outcome_screen(self.office, sent, view, self.now, clock()))
        self.afterwards(done)
        entries = [self._entry(sent.consignment, sent) for sent in done]
        entries += [self._entry(consignment) for consignment, _ in prepared[len(done) :]]
        more = self.more([sent.consignment for sent in done], done)
        self._answer(entries, transport, dry_run=False, **more)
        self._end(done, fault, stop)

    def _end(self, done: "Sequence[Sent]", fault: Refusal | None, stop: threading.Event) -> None:
        """The exit code that says what came of it."""
        from comsoc_cli.model.delivery import Outcome

        if fault:
            refuse(fault, self.what_was_done() + " ")
            raise counter.stop(fault.exit_code)
        if stop.is_set():
            note(tr("Interrupted. What was done is written down; the same command goes on."))
            raise counter.stop(INTERRUPTED)
        killed = [sent.consignment.standing.slug for sent in done if sent.tally.killed]
        if killed:
            note(tr("Stopped: “{slugs}” was declared of no effect meanwhile.", slugs=", ".join(killed)))
            raise counter.stop(SAFEGUARD)
        self._end_held()
        failed = (Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN)
        if any(sent.tally.of(outcome) for sent in done for outcome in failed):
            raise counter.stop(FAILURES)

    def what_was_done(self) -> str:
        """What had left when something stopped this run."""
        from comsoc_cli.cli.outcomes import how_far

        return how_far(self.done)

    def _entry(
        self, consignment: "Consignment", sent: "Sent | None" = None, letters: "Letters | None" = None
    ) -> dict[str, Any]:
        """One of `dispatches` in the JSON document; with `letters` also who would get what."""
        from comsoc_cli.model.delivery import OUTCOMES

        plan, tally = consignment.plan, sent.tally if sent else None
        return {
            "release": consignment.standing.slug,
            "revision": consignment.ordinal,
            "purpose": consignment.purpose.value,
            "segments": list(plan.segments),
            "planned": len(plan.recipients),
            **{outcome.value: tally.of(outcome) if tally else 0 for outcome in OUTCOMES},
            "excluded": plan.reasons(),
            "suppressed": {kind or "other": many for kind, many in plan.suppressed().items()},
            "objections": [objection_json(one) for one in consignment.objections],
            "receipt": str(sent.receipt) if sent and sent.receipt else None,
            **({"recipients": [_would_get(one, letters) for one in plan.recipients]} if letters else {}),
        }

    def _answer(self, entries: list[dict[str, Any]], transport: "Transport", *, dry_run: bool, **more: Any) -> None:
        self.here.answer(
            {
                "dispatches": entries + [self._entry(one) for one in self.held],
                "transport": transport.name,
                "dry_run": dry_run,
                **({"fetched": not self.fetched.failure} if self.fetched else {}),
                "seconds": round(time.monotonic() - self.began, 3),
                **more,
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
