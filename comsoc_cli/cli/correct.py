"""comsoc correct"""

from typing import TYPE_CHECKING

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.model.approval import Revision
    from comsoc_cli.office.folder import Office


class NothingSent(Refusal):
    """A text that no recipient has needs no correction."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("There is nothing to correct: nobody has “{slug}” yet.", slug=slug),
            said("Change its text and approve it: comsoc approve {slug}", slug=slug),
        )


class AlreadyOpen(Refusal):
    """A correction was approved and has not been sent."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str, revision: int) -> None:
        super().__init__(
            said("Revision {revision} of “{slug}” is approved and not sent yet.", revision=revision, slug=slug),
            said("Send it: comsoc send {slug}. Or change its text and approve it again.", slug=slug),
        )


class CannotBeRead(Refusal):
    """The text on the desk has errors."""

    exit_code = 1

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” cannot be read on the desk; nothing was changed.", slug=slug),
            said("See what is wrong: comsoc check {slug}", slug=slug),
        )


def command(
    context: typer.Context,
    release: str = typer.Argument(
        ..., metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")
    ),
    note: str = typer.Option("", "--note", metavar="TEXT", help=N_("What journalists are told.")),
    wrong: str = typer.Option("", "--said", metavar="TEXT", help=N_("What the text said; with --should.")),
    right: str = typer.Option("", "--should", metavar="TEXT", help=N_("What it should have said; with --said.")),
    addition: bool = typer.Option(False, "--addition", help=N_("More material, no error.")),
    minor: bool = typer.Option(False, "--minor", help=N_("A trifle: the page is corrected and nobody is written to.")),
    as_json: bool = counter.Json,
) -> None:
    """Open the next revision of a release that was sent."""
    from comsoc_cli.model.release import Correction
    from comsoc_cli.office.correcting import open_correction, stands
    from comsoc_cli.office.desk import find_slugs, read_desk
    from comsoc_cli.office.vault import read_vault

    here = counter.of(context, as_json)
    note, wrong, right = (_one_line(text) for text in (note, wrong, right))
    _refuse_half(note, wrong, right, addition)
    office = here.office()
    vault = read_vault(office)
    [slug] = find_slugs(office, [release], others={*vault.revisions, *vault.kills})
    newest = _sent_revision(office, slug)
    desk = read_desk(office, [slug])
    if slug in desk.problems and slug not in desk.releases:
        raise CannotBeRead(slug)
    correction = Correction(
        revision=newest.ordinal + 1, note=note, said=wrong, should=right, addition=addition, minor=minor
    )
    if wrong and not stands(newest, wrong):
        raise NotSaid(slug, wrong)
    opened = open_correction(office, desk.releases.get(slug), newest, correction)
    path = office.name_of(opened.path)
    here.answer(
        {
            "slug": slug,
            "revision": correction.revision,
            "path": path,
            "replaced": opened.replaced,
            "left": [{"path": name, "line": line} for name, line in opened.left],
        }
    )
    here.say(tr("Revision {revision} of “{slug}” is open: {path}", revision=correction.revision, slug=slug, path=path))
    if wrong and opened.replaced:
        here.say(tr("The text says now: “{text}”.", text=right))
    else:
        here.say(tr("Correct its text there."))
    for name, line in opened.left:
        here.say(tr("“{text}” still stands in {place}.", text=wrong, place=f"{name}:{line}"))
    here.say(tr("Next: {command}", command=f"comsoc approve {slug} && comsoc send {slug}"))


class NotSaid(Refusal):
    """A correction of words that do not stand in what was sent."""

    exit_code = USAGE

    def __init__(self, slug: str, words: str) -> None:
        super().__init__(
            said("“{words}” does not stand in the text of “{slug}” that was sent.", words=words, slug=slug),
            said(
                "Copy the words as they stand there, with accents; tell with --note what stands in a picture or a file."
            ),
        )


def _one_line(text: str) -> str:
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _refuse_half(note: str, wrong: str, right: str, addition: bool) -> None:
    """What was said and what should be stand together, and something must be told."""
    if bool(wrong) != bool(right):
        raise typer.BadParameter(tr("--said and --should go together"), param_hint="--said")
    if not (note or wrong):
        raise typer.BadParameter(tr("say what is corrected: --note, or --said and --should"), param_hint="--note")
    if wrong and wrong == right:
        raise typer.BadParameter(tr("--said and --should are the same"), param_hint="--should")
    if addition and wrong:
        raise typer.BadParameter(tr("an addition corrects no error: tell it with --note"), param_hint="--addition")


def _sent_revision(office: "Office", slug: str) -> "Revision":
    """The newest revision, which a recipient has; raises NothingSent, Frozen, NothingApproved."""
    from comsoc_cli.cli.releases import sent_revisions
    from comsoc_cli.office.marks import is_killed
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.safeguards.approval_refusals import Frozen, VaultDamaged
    from comsoc_cli.safeguards.signing_off import is_out

    vault = read_vault(office, {slug})
    if slug in vault.kills:
        raise Frozen(slug, vault.kills[slug].at.astimezone(office.settings.zone))
    if is_killed(office, slug):
        raise VaultDamaged(slug)
    newest = vault.newest(slug)
    sent = {ordinal for name, ordinal in sent_revisions(office) if name == slug}
    if newest is None or not sent:
        raise NothingSent(slug)
    if not is_out(newest, sent):
        raise AlreadyOpen(slug, newest.ordinal)
    return newest
