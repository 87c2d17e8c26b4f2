"""comsoc approve"""

from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, note, problem_line
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.model.approval import Approval
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office
    from comsoc_cli.office.vault import Vault


class NotOnTheDesk(Refusal):
    """There is nothing to approve."""

    exit_code = USAGE

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” is not on the desk; the vault has what was approved of it.", slug=slug),
            said("Bring its file back into releases/ to approve another text."),
        )


class HandedOver(Refusal):
    """What somebody has already got is corrected, not replaced."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str, revision: int) -> None:
        super().__init__(
            said(
                "Nothing was approved: revision {revision} of “{slug}” has been sent, and its text cannot be replaced.",
                slug=slug,
                revision=revision,
            ),
            said('Open a correction: comsoc correct {slug} --note "…"', slug=slug),
        )


class VaultDamaged(Refusal):
    """Without all approvals it is not known which text was sent, nor which numbers were given."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("Nothing was approved: what the vault has of “{slug}” cannot be read.", slug=slug),
            said("Bring it back as it was: git checkout -- approved/{slug}", slug=slug),
        )


class Nobody(Refusal):
    """An approval needs somebody who gives it."""

    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            said("Nothing was approved: it is not known who approves."),
            said('Say it: --by "Name", or once and for all: git config --global user.name "Name"'),
        )


def command(
    context: typer.Context,
    release: str = typer.Argument(
        ..., metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")
    ),
    by: str = typer.Option("", "--by", metavar="NAME", help=N_("Who approves; git's identity if nothing is said.")),
    as_json: bool = counter.Json,
) -> None:
    """Copy a release into the vault."""
    from comsoc_cli.checks.office import problems_of
    from comsoc_cli.model.problem import errors
    from comsoc_cli.office.contacts import read_contacts
    from comsoc_cli.office.desk import find_slugs, read_desk
    from comsoc_cli.office.lock import held
    from comsoc_cli.office.vault import mend, read_vault, store

    here = counter.of(context, as_json)
    office = here.office()
    # One approval at a time, so that no number is given twice.
    with held(office.state / "approve.lock", clock()):
        mend(office)
        vault = read_vault(office)
        [slug] = find_slugs(office, [release], others=vault.revisions)
        desk = read_desk(office, [slug])
        if slug not in desk.problems:
            raise NotOnTheDesk(slug)
        problems = problems_of(office, desk, read_contacts(office)[0], slug)
        for problem in problems:
            note(problem_line(problem))
        if errors(problems):
            note(tr("“{slug}” was not approved: {count} errors.", slug=slug, count=len(errors(problems))))
            raise counter.stop(1)
        text = desk.releases[slug]
        _refuse_in_a_damaged_vault(office, vault, text)
        approval = _approval(office, vault, text, by)
        newest = vault.newest(slug)
        if newest and newest.intact and newest.approval.digest == approval.digest:
            _tell(here, office, text, newest.approval, already=True)
            return
        store(office, text, approval)
    _tell(here, office, text, approval)


def _refuse_in_a_damaged_vault(office: "Office", vault: "Vault", text: "Release") -> None:
    """A number must not be given twice, and a text that was sent must not be replaced."""
    numbered = office.settings.kinds[text.kind].numbered
    for slug in sorted(vault.unreadable):
        if slug == text.slug or numbered:
            raise VaultDamaged(slug)


def _approval(office: "Office", vault: "Vault", text: "Release", by: str) -> "Approval":
    """The approval of a text as the next state of its newest revision; raises HandedOver, Nobody."""
    from comsoc_cli.cli.releases import sent_revisions
    from comsoc_cli.model.approval import Approval
    from comsoc_cli.office import git
    from comsoc_cli.office.receipts import sent_by_receipts
    from comsoc_cli.office.vault import digest_of, next_number

    identity = git.identity(office.root)
    if not by.strip() and identity is None:
        raise Nobody
    newest = vault.newest(text.slug)
    revision = newest.ordinal if newest else 1
    digest = digest_of(text, revision)
    if newest is None:
        # The vault has nothing of it; the receipts would know if it had been sent all the same.
        sent = [ordinal for slug, ordinal in sent_by_receipts(office) if slug == text.slug]
        if sent:
            raise HandedOver(text.slug, max(sent))
    elif newest.approval.digest != digest and (text.slug, revision) in sent_revisions(office):
        raise HandedOver(text.slug, revision)
    now = clock().astimezone(office.settings.zone).replace(microsecond=0)
    keeps = newest is not None and newest.release.kind == text.kind
    return Approval(
        slug=text.slug,
        revision=revision,
        digest=digest,
        by=" ".join(by.split()) or str(identity and identity.name),
        at=now,
        author=text.author or git.author(office.root, text.path) or (identity.name if identity else ""),
        recorded_by=identity.name if identity and by.strip() else "",
        number=newest.approval.number if newest and keeps else next_number(vault, office, text.kind, now.year),
        year=newest.approval.year if newest and keeps else now.year,
    )


def _tell(
    here: counter.Counter, office: "Office", text: "Release", approval: "Approval", already: bool = False
) -> None:
    from comsoc_cli.rendering.views import Presentation, Viewer

    shown = Presentation(release=text, number=approval.number, revision=approval.revision)
    reference = Viewer(office.settings).release(shown, text).reference
    here.answer(
        {
            "slug": text.slug,
            "revision": approval.revision,
            "number": approval.number,
            "digest": approval.digest,
            "by": approval.by,
            "at": approval.at.isoformat(),
        }
    )
    if here.as_json:
        return
    told = (
        N_("{reference}, revision {revision} was approved already, with this text, by {by}.")
        if already
        else N_("{reference}, revision {revision}: approved by {by}.")
    )
    print(tr(told, reference=reference, revision=approval.revision, by=approval.by))
    segments = "".join(f" --segment {name}" for name in text.segments)
    if segments:
        print(tr("Next: {command}", command=f"comsoc send {text.slug}{segments}"))
