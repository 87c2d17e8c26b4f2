"""comsoc approve --withdraw: takes an approval back, while no recipient has the text."""

from typing import TYPE_CHECKING

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import clock
from comsoc_cli.cli.language import tr

if TYPE_CHECKING:
    from comsoc_cli.office.folder import Office
    from comsoc_cli.office.vault import Vault
    from comsoc_cli.safeguards.signing_off import Word


def withdraw_approval(here: counter.Counter, office: "Office", wanted: str, word: "Word") -> None:
    """Take an approval back."""
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.vault import read_vault, rewrite
    from comsoc_cli.safeguards.signing_off import withdrawn

    vault = read_vault(office)
    [slug] = find_slugs(office, [wanted], others=vault.revisions)
    refuse_killed(vault, slug, office)
    now = clock().astimezone(office.settings.zone).replace(microsecond=0)
    approval = withdrawn(
        vault.newest(slug), slug, word.identity, settings=office.settings, sent=sent_of(office, slug), now=now
    )
    rewrite(office, approval, {} if office.settings.approval.signed else None)
    assert approval.withdrawn
    here.answer({"slug": slug, "revision": approval.revision, "withdrawn_by": approval.withdrawn.by})
    here.say(tr("The approval of “{slug}” was withdrawn: it is neither sent nor published.", slug=slug))


def refuse_killed(vault: "Vault", slug: str, office: "Office") -> None:
    """Stop where a release is of no effect; raises Frozen, VaultDamaged."""
    from comsoc_cli.office.marks import is_killed
    from comsoc_cli.safeguards.approval_refusals import Frozen, VaultDamaged

    if slug in vault.kills:
        raise Frozen(slug, vault.kills[slug].at.astimezone(office.settings.zone))
    if is_killed(office, slug):
        raise VaultDamaged(slug)  # the mark is there, and cannot be read


def sent_of(office: "Office", slug: str) -> set[int]:
    """The revisions that a recipient has."""
    from comsoc_cli.cli.releases import sent_revisions

    return {ordinal for name, ordinal in sent_revisions(office) if name == slug}
