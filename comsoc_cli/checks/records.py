"""Receipts, ledger and vault held against each other: what was sent, by each of the three."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from comsoc_cli.ledger.store import Ledger
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey
from comsoc_cli.office.missing import taken_away
from comsoc_cli.office.receipts import Receipt, all_receipts, all_receipts_and_tests
from comsoc_cli.office.vault import Vault, read_vault

_HAS_IT = (Outcome.ACCEPTED, Outcome.UNCERTAIN)


@dataclass(kw_only=True)
class Records:
    """What an office has written down of its sends."""

    office: Office
    ledger: Ledger | None
    key: OfficeKey | None
    sending: bool  #: whether a send is at work now
    receipts: list[Receipt] = field(init=False)
    own: set[str] = field(init=False)
    deliveries: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.receipts = list(all_receipts(self.office))
        self.own = self.ledger.own_receipts() if self.ledger else set()

    def problems(self) -> list[Problem]:
        """Everything in which they contradict each other."""
        vault = read_vault(self.office)
        vault.add(taken_away(self.office))
        found = [problem for problems in vault.problems.values() for problem in problems]
        found += self._files()
        for receipt in self.receipts:
            found += self._of_itself(receipt)
            found += self._in_the_vault(receipt, vault)
        found += self._ledger_in_the_vault(vault)
        for revision, receipts in self._by_delivery().items():
            found += self._in_the_ledger(revision, receipts)
        return found

    def _files(self) -> Iterator[Problem]:
        """Receipts that are not there, or are no receipts."""
        readable = {receipt.path for receipt in all_receipts_and_tests(self.office)}
        for path in sorted(self.office.dispatches.glob("*.json")):
            if path not in readable:
                yield self._problem(path.name, "receipt_damaged", said("this file is no receipt any more"))
        for name in sorted(self.own):
            if not (self.office.dispatches / name).exists():
                yield self._problem(name, "receipt_missing", said("the ledger knows of this receipt, and it is gone"))

    def _of_itself(self, receipt: Receipt) -> Iterator[Problem]:
        """What a receipt shows without the others."""
        name, hashes = receipt.path.name, receipt.addresses
        if receipt.is_running:
            if name not in self.own or not self.sending:
                message = (
                    said("the send of which it tells was cut off; the next send completes it")
                    if name in self.own
                    else said("its send was cut off, or goes on at another machine: whom it names may have it or not")
                )
                yield self._problem(name, "receipt_running", message, Severity.WARNING)
        elif receipt.told_of != len(hashes):
            message = said("it counts {many} people and names {named}", many=receipt.told_of, named=len(hashes))
            yield self._problem(name, "receipt_counts", message)
        if not receipt.is_written_with(self.key):
            message = said("it was written with another key; whom it is about cannot be told here")
            yield self._problem(name, "receipt_key", message, Severity.WARNING)

    def _in_the_vault(self, receipt: Receipt, vault: Vault) -> Iterator[Problem]:
        slug, ordinal = receipt.of
        if receipt.purpose == Purpose.EMBARGO.value:
            return  # its number is that of a change, not of a text
        revision = next((one for one in vault.revisions.get(slug, []) if one.ordinal == ordinal), None)
        if revision is None:
            message = said("the vault has no revision {revision} of “{slug}”", revision=ordinal, slug=slug)
            yield self._problem(receipt.path.name, "receipt_revision", message)
        elif receipt.facts.get("digest") != revision.approval.digest:
            message = said("what was sent is not what the vault has as revision {revision}", revision=ordinal)
            yield self._problem(receipt.path.name, "receipt_digest", message)

    def _ledger_in_the_vault(self, vault: Vault) -> Iterator[Problem]:
        for (slug, ordinal), counts in self.ledger.counts().items() if self.ledger else ():
            self.deliveries += sum(counts.values())
            if all(revision.ordinal != ordinal for revision in vault.revisions.get(slug, [])):
                assert self.ledger
                message = said(
                    "it has deliveries of “{slug}”, revision {revision}, which the vault has not",
                    slug=slug,
                    revision=ordinal,
                )
                yield Problem(path=self.office.name_of(self.ledger.path), rule="ledger_revision", message=message)

    def _by_delivery(self) -> dict[tuple[str, int, str], list[Receipt]]:
        """The receipts that this machine can read, by release, revision and purpose; and what only the ledger has."""
        found: dict[tuple[str, int, str], list[Receipt]] = defaultdict(list)
        for slug, ordinal, purpose in self.ledger.sent() if self.ledger else ():
            found[slug, ordinal, purpose.value] = []
        for receipt in self.receipts:
            if receipt.is_written_with(self.key):
                found[(*receipt.of, receipt.purpose)].append(receipt)
        return found

    def _in_the_ledger(self, revision: tuple[str, int, str], receipts: list[Receipt]) -> Iterator[Problem]:
        rows = self._rows(revision)
        named: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in receipts:
            for hashed in receipt.addresses:
                named[hashed].append(receipt)
        for receipt in receipts:
            many = sum(1 for hashed in receipt.addresses if not _was_tried(rows.get(hashed)))
            if many and receipt.path.name in self.own and not receipt.is_running:
                message = said("of {many} people whom it names, the ledger knows nothing", many=many)
                yield self._problem(receipt.path.name, "receipt_ledger", message)
        yield from self._unnamed(revision, rows, named)
        yield from self._twice(rows, named)

    def _unnamed(
        self, revision: tuple[str, int, str], rows: dict[str, Delivery], named: dict[str, list[Receipt]]
    ) -> Iterator[Problem]:
        many = sum(1 for hashed, row in rows.items() if row.outcome in _HAS_IT and hashed not in named)
        if many and self.ledger and not self.sending:
            message = said(
                "by the ledger {many} people have “{slug}”, revision {revision}, whom no receipt names",
                many=many,
                slug=revision[0],
                revision=revision[1],
            )
            yield Problem(path=self.office.name_of(self.ledger.path), rule="ledger_receipt", message=message)

    def _twice(self, rows: dict[str, Delivery], named: dict[str, list[Receipt]]) -> Iterator[Problem]:
        """People who have it by the records of two machines; what one ledger did is its own affair."""
        doubled: dict[str, int] = defaultdict(int)
        for hashed, receipts in named.items():
            # Whom a send names that was cut off may simply not have it: that is told of the receipt itself.
            others = [one for one in receipts if one.path.name not in self.own and not one.is_running]
            here = hashed in rows and rows[hashed].outcome in _HAS_IT
            if len(others) + here > 1:
                doubled[others[-1].path.name] += 1
        for name, many in doubled.items():
            message = said("{many} people of this receipt may have it twice: another receipt names them too", many=many)
            yield self._problem(name, "sent_twice", message)

    def _rows(self, revision: tuple[str, int, str]) -> dict[str, Delivery]:
        """The ledger's rows by the hash of their address; none without a key."""
        if not self.ledger or not self.key:
            return {}
        slug, ordinal, purpose = revision
        rows: Iterable[Delivery] = self.ledger.of_release(slug, ordinal)
        return {self.key.hashed(row.recipient.key): row for row in rows if row.purpose.value == purpose}

    def _problem(self, name: str, rule: str, message: Message, severity: Severity = Severity.ERROR) -> Problem:
        path = self.office.name_of(self.office.dispatches / name)
        return Problem(path=path, rule=rule, message=message, severity=severity)


def _was_tried(row: Delivery | None) -> bool:
    return row is not None and (row.tries > 0 or row.outcome in _HAS_IT)
