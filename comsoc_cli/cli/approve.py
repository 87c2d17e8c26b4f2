"""comsoc approve"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, note, problem_line, put
from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.cli.signing import sign_audience, signatures_of
from comsoc_cli.cli.terminal import shown
from comsoc_cli.cli.withdrawal import refuse_killed, sent_of, withdraw_approval
from comsoc_cli.errors import USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.model.approval import Approval, Revision
    from comsoc_cli.model.audience import AudienceChange
    from comsoc_cli.model.person import Person
    from comsoc_cli.model.problem import Objection
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office
    from comsoc_cli.office.vault import Vault
    from comsoc_cli.rendering.edition import Presentation
    from comsoc_cli.safeguards.signing_off import Word
    from comsoc_cli.safeguards.standing import Standing

_WARNINGS = 5  #: that are shown before an approval; `check` shows all
_SHOWN = 40  #: changes that are told one by one


class NotOnTheDesk(Refusal):
    """There is nothing to approve."""

    exit_code = USAGE

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” is not on the desk; the vault has what was approved of it.", slug=slug),
            said("Bring its file back into releases/ to approve another text."),
        )


class NotConfirmed(Refusal):
    """The person at the terminal saw what changed, and did not approve it."""

    exit_code = 0

    def __init__(self) -> None:
        super().__init__(said("Nothing was approved."))


def command(
    context: typer.Context,
    release: str = typer.Argument(
        ..., metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")
    ),
    by: str = typer.Option("", "--by", metavar="NAME", help=N_("Who approves; git's identity if nothing is said.")),
    via: str = typer.Option(
        "", "--via", metavar="HOW", help=N_("With --by: how they said so, such as whatsapp or telephone.")
    ),
    legal: str = typer.Option(
        "", "--legal", metavar="NAME", help=N_("Who in the legal department signed it off, for a blackout.")
    ),
    ruling: str = typer.Option(
        "",
        "--ruling",
        metavar="RULING",
        help=N_("With --legal: the authority’s ruling that lets it pass a blackout, such as INE/CG123/2027."),
    ),
    withdraw: bool = typer.Option(False, "--withdraw", help=N_("Take the approval back, while nobody has the text.")),
    yes: bool = typer.Option(False, "--yes", help=N_("Do not ask.")),
    as_json: bool = counter.Json,
) -> None:
    """Copy a release into the vault."""
    from comsoc_cli.office import git
    from comsoc_cli.office.lock import held
    from comsoc_cli.office.vault import mend
    from comsoc_cli.safeguards.signing_off import Word

    here = counter.of(context, as_json)
    by, via = counter.words(by, "--by"), counter.words(via, "--via")
    legal, ruling = counter.words(legal, "--legal"), counter.words(ruling, "--ruling")
    if via and not by:
        raise typer.BadParameter(tr("--via goes with --by, which says whose word it was"), param_hint="--via")
    if ruling and not legal:
        raise typer.BadParameter(tr("--ruling goes with --legal, which says who answers for it"), param_hint="--ruling")
    if withdraw and (by or via or legal):
        raise typer.BadParameter(tr("--withdraw stands alone"), param_hint="--withdraw")
    office = here.office()
    word = Word(identity=git.identity(office.root), by=by, via=via, legal=legal, ruling=ruling)
    # One approval at a time, so that no number is given twice.
    with held(office.state / "approve.lock", clock()):
        mend(office)
        if withdraw:
            withdraw_approval(here, office, release, word)
        else:
            _Approving(here, office, release, word, ask=here.is_terminal and not yes).go()


class _Approving:
    """One approval: read, judge, show, store, say."""

    def __init__(self, here: counter.Counter, office: "Office", wanted: str, word: "Word", *, ask: bool) -> None:
        from comsoc_cli.office.desk import find_slugs, read_desk
        from comsoc_cli.office.vault import read_vault

        self.here = here
        self.office = office
        self.word = word
        self.ask = ask
        self.now = clock().astimezone(office.settings.zone).replace(microsecond=0)
        self.vault = read_vault(office)
        [self.slug] = find_slugs(office, [wanted], others={*self.vault.revisions, *self.vault.kills})
        self.desk = read_desk(office, [self.slug])

    def go(self) -> None:
        from comsoc_cli.office.audience import store_audience
        from comsoc_cli.office.vault import read_vault, rewrite, store
        from comsoc_cli.safeguards.audience import as_approved
        from comsoc_cli.safeguards.signing_off import approval_of

        if self.slug not in self.desk.problems:
            raise NotOnTheDesk(self.slug)
        refuse_killed(self.vault, self.slug, self.office)
        self._refuse_errors()
        text = self.desk.releases[self.slug]
        _refuse_in_a_damaged_vault(self.office, self.vault, text)
        newest = self.vault.newest(self.slug)
        kept = as_approved(text, newest)  # where only the segments are others, the vault's text stays
        approval = approval_of(
            kept or text,
            self.vault,
            self.word,
            settings=self.office.settings,
            author=_author(self.office, text, self.word),
            authors=lambda since: self._authors(text, since),
            sent=sent_of(self.office, self.slug) if newest else _by_receipts(self.office, self.slug),
            number_is_taken=bool(self._standing().number_of),
            now=self.now,
        )
        known = self.vault.audiences.get(self.slug, ())
        audience = self._audience(text, newest, known) if kept and newest else known
        same = newest is not None and newest.intact and newest.approval == approval
        if same and audience == known:
            self._tell(text, approval, already=True)
            return
        if audience != known:
            self._show_audience(audience[len(known) :])
        else:
            self._show_changes(text, newest)
        self._refuse_unsendable(text, approval)
        has_text = newest is not None and newest.intact and newest.approval.digest == approval.digest
        signed = None if same else signatures_of(self.office, text, approval, newest if has_text else None)
        if not has_text:
            store(self.office, text, approval, signed)
        elif not same:
            rewrite(self.office, approval, signed)  # another word for the same text
        if audience != known:
            sign_audience(self.office, self.slug, audience, known)
            store_audience(self.office, self.slug, audience)
            if self.office.settings.approval.signed:
                audience = read_vault(self.office, {self.slug}).audiences[self.slug]  # with what its signatures prove
        self._tell(text, approval, already=same, audience=[one for one in audience if one not in known])

    def _audience(
        self, text: "Release", newest: "Revision", known: "tuple[AudienceChange, ...]"
    ) -> "tuple[AudienceChange, ...]":
        """The changes of the audience with this person's word for the segments on the desk."""
        from comsoc_cli.office.audience import AUDIENCE
        from comsoc_cli.safeguards.approval_refusals import VaultDamaged
        from comsoc_cli.safeguards.audience import audience_of

        if any(one.path.endswith(AUDIENCE) for one in self.vault.problems.get(self.slug, ())):
            raise VaultDamaged(self.slug)
        return audience_of(
            text,
            newest,
            known,
            self.word.assent(self.now),
            rules=self.office.settings.approval,
            author=_author(self.office, text, self.word),
            authors=lambda: self._authors(text, newest),
        )

    def _authors(self, text: "Release", since: "Revision | None") -> "tuple[Person, ...]":
        from comsoc_cli.office.authorship import authors

        office = self.office
        return authors(office.root, text, since, self.word.identity, must_be_known=office.settings.approval.four_eyes)

    def _show_audience(self, fresh: "Sequence[AudienceChange]") -> None:
        """Shows which segments are others; on a terminal a person must say yes to it."""
        for one in fresh:
            sentence = N_("Segment taken away: {name}") if one.removed else N_("One more segment: {name}")
            note(tr(sentence, name=one.segment))
        if fresh and self.ask and not counter.agreed(tr("Approve these segments?")):
            raise NotConfirmed

    def _refuse_errors(self) -> None:
        from comsoc_cli.checks.office import problems_of
        from comsoc_cli.model.problem import Severity, errors
        from comsoc_cli.office.contacts import read_contacts

        problems = problems_of(self.office, self.desk, read_contacts(self.office)[0], [self.slug])
        warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
        for problem in (*errors(problems), *warnings[:_WARNINGS]):
            note(problem_line(problem))
        if len(warnings) > _WARNINGS:
            rest = len(warnings) - _WARNINGS
            note(tr("and {many} more warnings: comsoc check {slug}", many=rest, slug=self.slug))
        if errors(problems):
            note(tr("“{slug}” was not approved: {count} errors.", slug=self.slug, count=len(errors(problems))))
            raise counter.stop(1)

    def _standing(self) -> "Standing":
        from comsoc_cli.safeguards.standing import standings

        return standings(self.desk, self.vault, self.office.settings.approval)[self.slug]

    def _show_changes(self, text: "Release", newest: "Revision | None") -> None:
        """Shows what is not as it was approved before; on a terminal a person must say yes to it."""
        from comsoc_cli.safeguards.differences import changes

        found = changes(newest.release, text) if newest else []
        if not found:
            if newest and text.correction and text.correction.revision > newest.ordinal:
                note(tr("Warning: {message}", message=tr("the text says what it said before; only the note is new.")))
            return
        assert newest
        note(tr("Changed since revision {revision}, approved by {by}:", revision=newest.ordinal, by=newest.approval.by))
        for one in found[:_SHOWN]:
            place = tr("line {line}", line=one.line) if one.line else one.field
            note(f"  {place}: " + _struck(one.before, one.after))
        if len(found) > _SHOWN:
            note("  " + tr("and {many} more changes", many=len(found) - _SHOWN))
        if self.ask and not counter.agreed(tr("Approve this text?")):
            raise NotConfirmed

    def _refuse_unsendable(self, text: "Release", approval: "Approval") -> None:
        """A text that becomes public later is sent by a clock: what would fail then, fails now.

        So does a mail that is too heavy, or lacks a picture, because of the files that the text names.
        """
        is_public = text.public_moment <= self.now
        if not self.office.settings.sender.email or (is_public and not (text.files and text.segments)):
            return
        from comsoc_cli.delivery.letters import Letters
        from comsoc_cli.rendering.documents import Documents
        from comsoc_cli.rendering.templates import Templates

        documents = Documents(self.office.settings, Templates(self.office.templates))
        published = is_public and bool(self.office.settings.office.url)
        letters = Letters(documents, self.office.settings.sender, self._shown(text, approval, published=published))
        letters.rehearse(text.segments)
        letters.refuse_what_cannot_be_carried(text.slug)

    def _shown(self, text: "Release", approval: "Approval", *, published: bool = False) -> "Presentation":
        from comsoc_cli.rendering.edition import Presentation

        return Presentation(
            release=text,
            number=approval.number,
            number_text=approval.number_text,
            year=approval.year,
            revision=approval.revision,
            published=published,
        )

    def _tell(
        self,
        text: "Release",
        approval: "Approval",
        already: bool = False,
        audience: "Sequence[AudienceChange]" = (),
    ) -> None:
        from comsoc_cli.cli.audience import change_json, change_told
        from comsoc_cli.office.vault import read_vault
        from comsoc_cli.rendering.views import Viewer
        from comsoc_cli.safeguards.approving import counting, is_approved

        rules = self.office.settings.approval
        there = read_vault(self.office, {self.slug}).newest(self.slug) if rules.signed else None
        approval = there.approval if there else approval  # with what its signatures prove
        shown = self._shown(text, approval)
        reference = Viewer(self.office.settings).release(shown, text).reference
        held_by = self._held_today(text)
        self.here.answer(
            {
                "slug": text.slug,
                "revision": approval.revision,
                "number": approval.number,
                "number_text": approval.written_number,
                "digest": approval.digest,
                "by": approval.by,
                "at": approval.at.isoformat(),
                "approvals": len(counting(approval, rules)),
                "required": rules.required,
                "audience": [change_json(one, rules) for one in audience],
                "objections": [counter.objection_json(one) for one in held_by],
            }
        )
        if self.here.as_json:
            return
        given = (
            N_("{reference}, revision {revision} was approved already, with this text, by {by}.")
            if already
            else N_("{reference}, revision {revision}: approved by {by}.")
        )
        if not audience:
            put(tr(given, reference=reference, revision=approval.revision, by=approval.by))
        for change in audience:
            put(change_told(change, reference, rules))
        if not is_approved(approval, rules):
            many = len(counting(approval, rules))
            put(tr("{many} of {required} approvals; it may not go out yet.", many=many, required=rules.required))
        for one in held_by:
            put("  ✗ " + tr("today it would be held: {why}", why=told(one.message)))
            put("    → " + tr("lifted by: {what}", what=told(one.lifted_by)))
        names = [one.segment for one in audience if not one.removed]
        names = names or (list(text.segments) if approval.revision == 1 else [])
        segments = "".join(f" --segment {name}" for name in names)
        if segments or approval.revision > 1:
            following = N_("Next, when nothing holds it: {command}") if held_by else N_("Next: {command}")
            put(tr(following, command=f"comsoc send {text.slug}{segments}"))

    def _held_today(self, text: "Release") -> "list[Objection]":
        """What would hold it if it were sent to its own segments, or published, now."""
        from comsoc_cli.office.contacts import read_contacts
        from comsoc_cli.office.vault import read_vault
        from comsoc_cli.safeguards.objections import PUBLIC, Audience, objections

        self.vault = read_vault(self.office)
        book, standing, settings = read_contacts(self.office)[0], self._standing(), self.office.settings
        segments = tuple(book.segments[name] for name in text.segments if name in book.segments) if book else ()
        found: dict[tuple[str, str], Objection] = {}
        audiences = [Audience(segments=segments, book=book)] if segments else []
        for audience in (*audiences, PUBLIC):
            for one in objections(standing, audience, settings=settings, now=self.now):
                if one.rule not in {"not_approved", "not_public"}:
                    found.setdefault((one.rule, str(one.message)), one)
        return list(found.values())


def _refuse_in_a_damaged_vault(office: "Office", vault: "Vault", text: "Release") -> None:
    """A number must not be given twice, and a text that was sent must not be replaced."""
    from comsoc_cli.safeguards.approval_refusals import VaultDamaged

    numbered = office.settings.kinds[text.kind].numbered
    for slug in sorted(vault.unreadable):
        if slug == text.slug or numbered:
            raise VaultDamaged(slug)


def _by_receipts(office: "Office", slug: str) -> set[int]:
    """The same for a release that the vault does not have: known without the ledger."""
    from comsoc_cli.office.receipts import sent_by_receipts

    return {ordinal for name, ordinal in sent_by_receipts(office) if name == slug}


def _author(office: "Office", text: "Release", word: "Word") -> str:
    """Who wrote it: as the text says, else git's last author of it, else who types."""
    from comsoc_cli.office import git

    return text.author or git.author(office.root, text.path) or (word.identity.name if word.identity else "")


def _struck(before: str, after: str) -> str:
    """What was and what is, as an editor marks it."""
    parts = [f"[−{shown(before)}−]" if before else "", f"{{+{shown(after)}+}}" if after else ""]
    return " ".join(part for part in parts if part)
