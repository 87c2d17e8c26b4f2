"""comsoc kill"""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import Counter, clock, note, problem_line, refuse
from comsoc_cli.cli.language import N_, figure, told, tr
from comsoc_cli.cli.opening import OpeningAtAnyPrice
from comsoc_cli.cli.releases import known_ledger, sent_revisions
from comsoc_cli.cli.run import Run
from comsoc_cli.cli.terminal import shown
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.delivery.consignment import Consignment, Sent
    from comsoc_cli.delivery.holders import Holders
    from comsoc_cli.delivery.mailroom import Mailroom
    from comsoc_cli.delivery.telephone import Call
    from comsoc_cli.model.approval import Kill
    from comsoc_cli.model.contact import ContactBook
    from comsoc_cli.office.folder import Office
    from comsoc_cli.safeguards.standing import Standing


class NothingToKill(Refusal):
    """The vault has nothing of it, so no recipient can have it."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said(
                "There is nothing to declare of no effect: “{slug}” was never approved, and nobody has it.", slug=slug
            ),
            said("Take its file off the desk."),
        )


class CannotBeWritten(Refusal):
    """Without the text's number and headline no notice can say what it is about."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("What the vault has of it cannot be read, so nobody was written to."),
            said(
                "Bring it back (git checkout -- approved/{slug}, or git pull) and repeat the same command; until then,"
                " telephone.",
                slug=slug,
            ),
        )


class NobodyToAsk(Refusal):
    """There is no terminal, and no --yes."""

    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            said("Nothing was done: there is no terminal on which to confirm it."), said("Repeat it with --yes.")
        )


class KilledAlready(Refusal):
    """It is of no effect, and all were told who can be told by mail."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str, kill: "Kill", zone: Any) -> None:
        super().__init__(
            said(
                "“{slug}” is of no effect since {moment}, by {by}; nobody is left to be told by mail.",
                slug=slug,
                moment=kill.at.astimezone(zone),
                by=kill.by,
            ),
            said("“comsoc status {slug}” shows whom, and what came of it.", slug=slug),
        )


def command(
    context: typer.Context,
    release: str = typer.Argument(
        ..., metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")
    ),
    reason: str = typer.Option("", "--reason", metavar="TEXT", help=N_("Why; everybody is told, and it is published.")),
    new_date: str = typer.Option(
        "",
        "--new-date",
        metavar="later|none",
        help=N_("Of an event: later, its new date will be announced; none, there is none for now."),
    ),
    yes: bool = typer.Option(False, "--yes", help=N_("Do not ask.")),
    as_json: bool = counter.Json,
) -> None:
    """Declare a release of no effect, and tell all who may have it."""
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.emergency import office_as_far_as_it_can_be_read
    from comsoc_cli.office.folder import SettingsUnusable
    from comsoc_cli.office.lock import held
    from comsoc_cli.office.vault import read_vault

    here = counter.of(context, as_json)
    office, problems, is_usable = office_as_far_as_it_can_be_read(here.folder)
    for problem in problems:
        note(problem_line(problem))
    vault = read_vault(office)
    sent = _handed_over(office)
    handed_over = {slug for slug, _ in sent}
    [slug] = find_slugs(office, [release], others={*vault.revisions, *vault.kills, *vault.problems, *handed_over})
    reason = counter.words(reason, "--reason")
    if slug not in vault.kills and not reason:
        raise typer.BadParameter(tr("say why: everybody is told"), param_hint="--reason")
    if new_date not in ("", "later", "none"):
        raise typer.BadParameter(tr("“{found}” is none of {known}", found=new_date, known="later, none"),
                                 param_hint="--new-date")  # fmt: skip
    if vault.newest(slug) is None and slug not in {*vault.problems, *vault.kills, *handed_over}:
        raise NothingToKill(slug)
    last = max((ordinal for name, ordinal in sent if name == slug), default=0)
    if slug not in vault.kills and not yes:
        asking = _Kill(here, office, slug, just_marked=False, last=last) if here.is_terminal else None
        _confirm(here, slug, asking.how_many() if asking else None)
    marked = slug not in vault.kills and _mark(office, slug, reason, new_date)
    run = _Kill(here, office, slug, just_marked=marked, last=last)
    try:
        if vault.newest(slug) is None or not is_usable:
            run.say_who_has_it()
            raise CannotBeWritten(slug) if is_usable else SettingsUnusable(problems)
        # A kill of another release is no reason to wait.
        with held(office.state / f"kill-{slug}.lock", clock()):
            _go(run)
    except Refusal as refusal:
        refuse(refusal, tr("“{slug}” is marked as of no effect; not everybody was told.", slug=slug) + " ")
        raise counter.stop(refusal.exit_code) from None


def _go(run: "_Kill") -> None:
    """Tell everybody; a damaged ledger is put aside first, since the receipts tell who may have the release."""
    from comsoc_cli.ledger.store import LedgerDamaged, put_aside

    try:
        run.go(confirmed=True)
    except LedgerDamaged as fault:
        note(told(fault.message))
        note(tr("It was put aside as {name}; the receipts tell who may have the release.",
                name=put_aside(fault.path).name))  # fmt: skip
        run.go(confirmed=True)


def _confirm(here: Counter, slug: str, many: "tuple[int, int] | None") -> None:
    """Ask; `many` is how many are told by mail and how many by telephone, where that is known."""
    if not here.is_terminal:
        raise NobodyToAsk
    note(tr("“{slug}” will be of no effect for good: its page, PDF and pictures go, and everybody is told.", slug=slug))
    if many:
        by_mail, called = (tr(N_("1 person") if one == 1 else N_("{many} people"), many=figure(one)) for one in many)
        note(tr("To be told by mail: {people}.", people=by_mail))
        if many[1]:
            note(tr("To be told by telephone: {people}; they are named afterwards.", people=called))
    if not counter.agreed(tr("Declare it of no effect?")):
        note(tr("Nothing was done."))
        raise counter.stop(0)


def _handed_over(office: "Office") -> set[tuple[str, int]]:
    """Every revision that a recipient has; a ledger that cannot be read delays no kill."""
    from comsoc_cli.office.receipts import sent_by_receipts

    try:
        return sent_revisions(office)
    except Refusal:
        return sent_by_receipts(office)


def _mark(office: "Office", slug: str, reason: str, new_date: str) -> bool:
    """The mark comes first: a send that is running reads it, and stops."""
    from comsoc_cli.model.approval import Kill
    from comsoc_cli.office import git
    from comsoc_cli.office.lock import held
    from comsoc_cli.office.marks import store_kill
    from comsoc_cli.office.vault import read_vault

    who = git.identity(office.root)
    now = clock().astimezone(office.settings.zone).replace(microsecond=0)
    with ExitStack() as stack:
        # Somebody may sit before the question of an approval, and a full disk has no room for a lock.
        with suppress(Refusal):
            stack.enter_context(held(office.state / "approve.lock", now, lambda _: NobodyWaits()))
        if slug in read_vault(office, {slug}).kills:
            return False  # a mark that cannot be read is written anew
        store_kill(office, slug, Kill(reason=reason, by=who.name if who else "?", at=now, new_date=new_date))
    return True


class NobodyWaits(Refusal):
    """Another command holds what a kill does not wait for."""

    def __init__(self) -> None:
        super().__init__(said("Another command is at work."))


class _Kill(Run):
    """One `kill`: no approval, embargo, blackout or limit delays it, and nothing that cannot be read."""

    opens_with = OpeningAtAnyPrice

    def __init__(self, here: Counter, office: "Office", slug: str, *, just_marked: bool, last: int) -> None:
        """`last` is the newest revision that a recipient has; 0 without any."""
        super().__init__(here, office)
        self.last = last
        self.slug = slug
        self.slugs = (slug,)
        self.just_marked = just_marked
        self.quiet = not just_marked  # what `nobody` says is enough

    def settle(self, ledger: Any) -> None:
        """While a send is running, its claims are its own; they count as people who may have it.

        A kill of another release may be at work as well: its claims and its receipt are left alone.
        """
        from comsoc_cli.delivery.sending import close_old_receipts
        from comsoc_cli.ledger.place import send_lock
        from comsoc_cli.office.lock import is_held

        if not is_held(send_lock(self.office.settings.ledger.url, self.office.root)):
            ledger.settle_lost_claims(self.now, self.slug)
            close_old_receipts(self.office, ledger, self.key, self.slug)

    def standings(self, standings: "dict[str, Standing]") -> "dict[str, Standing]":
        """The release as people have it: its kill tells nothing of a later text, approved or half approved."""
        from dataclasses import replace

        standing = standings[self.slug]
        kept = tuple(one for one in standing.revisions if one.ordinal <= self.last)
        return {**standings, self.slug: replace(standing, revisions=kept)} if kept else standings

    def choose(self, mailroom: "Mailroom", slugs: Sequence[str]) -> "list[Consignment]":
        from comsoc_cli.model.delivery import Purpose

        return [mailroom.notice(slug, Purpose.KILL) for slug in slugs]

    def nothing(self, *, is_complete: bool) -> str:
        return tr("“{slug}” is of no effect. Nobody has it who could be told by mail.", slug=self.slug)

    def nobody(self, consignments: "Sequence[Consignment]") -> None:
        """Killed before, and everybody was told: that is said, and nothing happens."""
        from comsoc_cli.office.vault import read_vault

        self._say_whom_to_call(consignments, ())
        if not self.just_marked:
            kill = read_vault(self.office, {self.slug}).kills[self.slug]
            refuse(KilledAlready(self.slug, kill, self.office.settings.zone))
            raise counter.stop(SAFEGUARD)
        self._say_next()

    def afterwards(self, done: "Sequence[Sent]") -> None:
        self._say_whom_to_call([sent.consignment for sent in done], done)
        self._say_next()

    def how_many(self) -> tuple[int, int] | None:
        """How many are told by mail, and how many by telephone; None where that cannot be read."""
        from comsoc_cli.delivery.plan import plan_again
        from comsoc_cli.office.contacts import read_contacts

        try:
            book = read_contacts(self.office)[0]
            found = self._holders(book)
        except Refusal:
            return None
        today, allow = self.now.astimezone(self.office.settings.zone).date(), self.office.settings.sender.allow
        plan = plan_again(book, found.recipients, (), today=today, allow=allow, known={})
        return len(plan.recipients), len(plan.excluded) + found.unknown

    def say_who_has_it(self) -> None:
        """Names everybody who may have it, where no mail can be made: all are to be called."""
        from comsoc_cli.delivery.telephone import of_holders
        from comsoc_cli.office.contacts import read_contacts

        self._say_calls(of_holders(self._holders(read_contacts(self.office)[0])))

    def _holders(self, book: "ContactBook") -> "Holders":
        from comsoc_cli.delivery.holders import holders_of

        with known_ledger(self.office) as ledger:
            return holders_of(self.office, book, ledger, self.key, self.slug, revisions=range(1, self.last + 1))

    def _say_next(self) -> None:
        self.here.say(tr("Next: {command}", command="comsoc build") + "   " + tr("(takes its page off the site)"))

    def more(self, consignments: "Sequence[Consignment]", done: "Sequence[Sent]") -> dict[str, Any]:
        from dataclasses import asdict

        from comsoc_cli.delivery.telephone import calls

        return {"telephone": [asdict(call) for call in calls(consignments, done)]}

    def _say_whom_to_call(self, consignments: "Sequence[Consignment]", done: "Sequence[Sent]") -> None:
        """By outlet, everybody who may have it and cannot be reached by mail."""
        from comsoc_cli.delivery.telephone import calls

        self._say_calls(calls(consignments, done))

    def _say_calls(self, found: "Sequence[Call]") -> None:
        if found:
            self.here.say(tr("Telephone:"))
        for call in found:
            self.here.say(shown(f"  {_line(call)}"))


def _line(call: "Call") -> str:
    words = {
        "uncertain": tr("unconfirmed"),
        "refused": tr("refused"),
        "deferred": tr("its server said: later"),
        "suppressed": tr("unsubscribed or blocked"),
        "not_allowed": tr("not in [sender] allow"),
        "sent_elsewhere": tr("not known here"),
        "not_told": tr("may have it"),
    }
    who = call.name or call.address or tr("{many} people to whom a colleague sent it", many=call.many)
    line = f"{who} ({words[call.reason]})"
    return f"{call.outlet}: {line}" if call.outlet else line
