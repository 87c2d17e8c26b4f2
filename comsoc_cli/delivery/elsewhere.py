"""What receipts tell of sends that the ledger here does not know: a colleague's, or those of a ledger that was lost."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from comsoc_cli.message import Message, said
from comsoc_cli.model.approval import EmbargoChange, Revision
from comsoc_cli.model.delivery import Outcome, Purpose
from comsoc_cli.model.problem import Objection
from comsoc_cli.office import git
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey
from comsoc_cli.office.receipts import latest_receipt, receipts_of


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """Who has a revision by the receipts of others."""

    key: OfficeKey | None
    hashes: frozenset[str] = frozenset()  #: of the addresses that have it, or may have it
    cut_off: frozenset[str] = frozenset()  #: of those whom a send names that has not ended, as far as is known here
    own_hashes: frozenset[str] = frozenset()  #: of those that ended sends from here name
    running: tuple[Path, ...] = ()  #: the receipts of such sends
    damaged: tuple[Path, ...] = ()  #: receipts that cannot be read at all
    unreadable: tuple[Path, ...] = ()  #: these, and receipts of which it cannot be told here whom they are about
    untold: int = 0  #: about how many people those are
    since: datetime | None = None  #: when the first of those sends was planned

    def among(self, addresses: Iterable[str], *, own: bool = False) -> dict[str, Outcome]:
        """Those of these address keys that have it, or may have it because a send to them was cut off.

        By the receipts of others, or with `own` by those that were written from here.
        """
        found: dict[str, Outcome] = {}
        hashes, cut_off = (self.own_hashes, frozenset()) if own else (self.hashes, self.cut_off)
        if not self.key or not (hashes or cut_off):
            return found
        for address in addresses:
            hashed = self.key.hashed(address)
            if hashed in hashes:
                found[address] = Outcome.ACCEPTED
            elif hashed in cut_off:
                found[address] = Outcome.UNCERTAIN
        return found

    @property
    def many(self) -> int:
        """How many people it can tell."""
        return len(self.hashes | self.cut_off)


def elsewhere(
    office: Office,
    slug: str,
    revision: int,
    purpose: Purpose,
    *,
    own: Container[str],
    key: OfficeKey | None,
    untold_of: EmbargoChange | None = None,
) -> Elsewhere:
    """What the receipts of a revision say that were not written from here; `own` are the names of those that were.

    `untold_of`: only those whose messages do not tell of this change of its embargo.
    """
    hashes: set[str] = set()
    cut_off: set[str] = set()
    mine: set[str] = set()
    running: list[Path] = []
    begun: list[datetime] = []
    untold = 0
    receipts, damaged = receipts_of(office, slug, revision)
    lost = tuple(path for path in damaged if path.name not in own)
    unreadable = list(lost)
    for receipt in receipts:
        if receipt.purpose != purpose.value:
            continue
        if receipt.path.name in own:
            if receipt.is_written_with(key) and not receipt.is_running:
                mine.update(receipt.addresses)
            continue
        if untold_of and receipt.tells_of(untold_of):
            continue
        if receipt.started and (receipt.told_of or receipt.is_running):
            begun.append(receipt.started)
        if receipt.is_written_with(key) and receipt.told_of <= len(receipt.addresses):
            if receipt.is_running:
                # It names everybody who was planned, and only the ledger of its machine knows who was reached.
                cut_off.update(receipt.addresses)
                running.append(receipt.path)
            else:
                hashes.update(receipt.addresses)
        elif receipt.told_of or receipt.is_running:
            unreadable.append(receipt.path)
            untold += receipt.told_of
    return Elsewhere(
        key=key,
        hashes=frozenset(hashes),
        cut_off=frozenset(cut_off),
        own_hashes=frozenset(mine),
        running=tuple(running),
        damaged=lost,
        unreadable=tuple(unreadable),
        untold=untold,
        since=min(begun, default=None),
    )


def unreadable_receipts(office: Office, slug: str, unreadable: Iterable[Path]) -> list[Objection]:
    """The objection to sending where it cannot be told who has it already."""
    names = ", ".join(map(office.name_of, dict.fromkeys(unreadable)))
    if not names:
        return []
    return [
        Objection(
            rule="sent_elsewhere",
            message=said(
                "“{slug}” went out from another machine, and it cannot be told here to whom ({receipts})",
                slug=slug,
                receipts=names,
            ),
            lifted_by=said(
                "the office's key: copy .comsoc/key from that machine to here, or set COMSOC_KEY; a receipt that is"
                " damaged: git checkout -- dispatches"
            ),
        )
    ]


def other_texts(office: Office, revision: Revision) -> list[Objection]:
    """The objection to sending a text where people have another as the same revision, as two branches may make it."""
    receipts, _ = receipts_of(office, revision.slug, revision.ordinal)
    others = [
        receipt.path
        for receipt in receipts
        if receipt.of_a_text
        and (receipt.told_of or receipt.is_running)
        and receipt.facts.get("digest", revision.approval.digest) != revision.approval.digest
    ]
    if not others:
        return []
    names = ", ".join(map(office.name_of, others))
    return [
        Objection(
            rule="another_text",
            message=said(
                "people have another text as revision {revision} of “{slug}” ({receipts})",
                revision=revision.ordinal,
                slug=revision.slug,
                receipts=names,
            ),
            lifted_by=said("the approved text that they have: look for it in git’s history of approved/"),
        )
    ]


def warnings(office: Office, key: OfficeKey | None) -> list[Message]:
    """What a person should know before they send from this machine."""
    found = []
    if many := git.behind(office.root):
        found.append(
            said("Git knows of {many} changes by colleagues that are not here yet: “git pull” brings them.", many=many)
        )
    latest = latest_receipt(office)
    if latest and (used := latest.facts.get("key_id")) and used != (key.id if key else ""):
        found.append(
            said(
                "The latest receipt was written with another key than the one here: colleagues could not tell who has"
                " this release. Copy .comsoc/key from the machine that sent last."
            )
        )
    return found
