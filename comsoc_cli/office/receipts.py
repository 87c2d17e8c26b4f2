"""Receipts: what one send did, committed, without addresses."""

import json
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comsoc_cli.model.approval import EmbargoChange
from comsoc_cli.model.delivery import NOTICES, TEXTS, Purpose
from comsoc_cli.office.files import write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import OfficeKey

#: The name of a receipt: <UTC time>-<slug>-r<revision>[-a<changes of the audience>][-kill|-embargo|-test][-<n>].json
RECEIPT_NAME = re.compile(
    r"\d{8}T\d{6}Z-(?P<slug>.+)-r(?P<ordinal>\d+)(?:-a(?P<audience>\d+))?(?:-(?P<notice>kill|embargo|test))?(?:-\d+)?\.json"
)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The file under dispatches/ that says what one send did."""

    path: Path
    facts: dict[str, Any]

    @property
    def of(self) -> tuple[str, int]:
        """The slug and revision that it is about."""
        return self.facts["release"], self.facts["revision"]

    @property
    def purpose(self) -> str:
        """Why it was sent; a value of Purpose."""
        return str(self.facts.get("purpose", Purpose.RELEASE.value))

    @property
    def of_a_text(self) -> bool:
        """Whether a text went out, and not a notice about it."""
        return self.purpose in TEXTS

    @property
    def addresses(self) -> list[str]:
        """The keyed hashes of everybody that it names."""
        return list(self.facts.get("addresses", []))

    def is_written_with(self, key: OfficeKey | None) -> bool:
        """Whether this key tells the people that it names."""
        return key is not None and self.facts.get("key_id") == key.id

    @property
    def started(self) -> datetime | None:
        """When its send was planned."""
        return _moment(self.facts.get("started"))

    @property
    def told_of(self) -> int:
        """How many people have it, or may have it, by this receipt."""
        return int(self.facts.get("accepted", 0)) + int(self.facts.get("uncertain", 0))

    @property
    def is_running(self) -> bool:
        """Whether its send has not ended, as far as the receipt knows."""
        return self.facts.get("state") == "running"

    def tells_of(self, change: EmbargoChange) -> bool:
        """Whether its messages told already what an embargo was changed to."""
        shown = self.facts.get("embargo")
        if shown == "":  # they said that it is public
            return change.lifted or (self.started is not None and self.started >= change.until)
        return not change.lifted and _moment(shown) == change.until

    def write(self, **facts: Any) -> "Receipt":
        """Put the receipt in place, with these facts changed; raises StoreUnusable."""
        receipt = Receipt(path=self.path, facts={**self.facts, **facts})
        write_text(self.path, json.dumps(receipt.facts, ensure_ascii=False, indent=2) + "\n")
        return receipt


def _moment(told: object) -> datetime | None:
    """A moment with its zone, as a receipt has it."""
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return found if found.tzinfo else None


def new_receipt(
    office: Office,
    *,
    slug: str,
    revision: int,
    now: datetime,
    facts: dict[str, Any],
    taken: Container[str] = (),
    audience: int = 0,
) -> Receipt:
    """A receipt under a name of its own, none of those that are `taken`: <UTC time>-<slug>-r<revision>.json.

    That of a notice or a test says so in its name, so that a kill is known of without reading every receipt; and so it
    says how many changes of its audience were known, since one of them may have let it out.
    """
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    notice = f"-{facts['purpose']}" if facts["purpose"] in (*NOTICES, Purpose.TEST) else ""
    told_of = f"-a{audience}" if audience and not notice else ""
    stem = f"{moment}-{slug}-r{revision}{told_of}{notice}"
    path = office.dispatches / f"{stem}.json"
    again = 2
    while path.exists() or path.name in taken:
        path = office.dispatches / f"{stem}-{again}.json"
        again += 1
    return Receipt(path=path, facts=facts)


def all_receipts(office: Office) -> Iterator[Receipt]:
    """Every receipt of a send, oldest first; an unreadable one is passed over. Tests are none."""
    yield from (receipt for receipt in all_receipts_and_tests(office) if receipt.purpose != Purpose.TEST)


def all_receipts_and_tests(office: Office) -> Iterator[Receipt]:
    """Every receipt, those of tests included, oldest first; an unreadable one is passed over."""
    yield from _read(sorted(office.dispatches.glob("*.json")))


def receipts_of(office: Office, slug: str, revision: int) -> tuple[list[Receipt], list[Path]]:
    """The receipts of one revision, oldest first; and files that are called so, and cannot be read. Tests are none."""
    paths = [path for path in sorted(office.dispatches.glob(f"*-{slug}-r{revision}*.json")) if not _is_a_test(path)]
    found = list(_read(paths))
    called_so = {path for path in paths if (parts := RECEIPT_NAME.fullmatch(path.name)) and parts["slug"] == slug
                 and int(parts["ordinal"]) == revision}  # fmt: skip
    damaged = called_so - {receipt.path for receipt in found}
    return [receipt for receipt in found if receipt.of == (slug, revision)], sorted(damaged)


def _is_a_test(path: Path) -> bool:
    """Whether a receipt is called as that of a test: its recipients do not count as having the text."""
    parts = RECEIPT_NAME.fullmatch(path.name)
    return parts is not None and parts["notice"] == Purpose.TEST


def is_notice(office: Office, name: str) -> bool:
    """Whether a receipt says that no text went out; one that cannot be read does not."""
    return any(receipt.purpose in NOTICES for receipt in _read([office.dispatches / name]))


def first_sent(office: Office, names: Iterable[str]) -> datetime | None:
    """When a recipient first got a text, by these receipts from the oldest on."""
    found = _read(office.dispatches / name for name in names)
    return next((one.started for one in found if one.of_a_text and (one.told_of or one.is_running)), None)


def running_receipts(office: Office, names: Iterable[str]) -> list[Receipt]:
    """Those of these files that tell of a send which has not ended."""
    paths = [office.dispatches / name for name in sorted(names)]
    return [receipt for receipt in _read(paths) if receipt.is_running]


def latest_receipt(office: Office) -> Receipt | None:
    """The newest receipt of a send."""
    paths = sorted(office.dispatches.glob("*.json"), reverse=True)
    return next(_read(path for path in paths if not _is_a_test(path)), None)


def _read(paths: Iterable[Path]) -> Iterator[Receipt]:
    for path in paths:
        try:
            # A folder or a pipe of that name is no receipt; one that nests without end is none that can be read.
            facts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(facts, dict) and _is_receipt(facts) and _is_called_so(path.name, facts):
            yield Receipt(path=path, facts=facts)


def _is_called_so(name: str, facts: dict[str, Any]) -> bool:
    """Whether a receipt says what its name says: many are known by their names alone."""
    parts = RECEIPT_NAME.fullmatch(name)
    if parts is None:
        return True
    purpose = facts.get("purpose", Purpose.RELEASE)
    told = purpose if purpose in (*NOTICES, Purpose.TEST) else None
    return (
        f"Z-{facts['release']}-r" in name
        and parts["notice"] == told
        and (told == Purpose.EMBARGO or int(parts["ordinal"]) == facts["revision"])
    )


def _is_receipt(facts: dict[str, Any]) -> bool:
    counts = [facts.get(name, 0) for name in ("revision", "accepted", "deferred", "refused", "uncertain")]
    hashes = facts.get("addresses", [])
    return (
        isinstance(facts.get("release"), str)
        and "revision" in facts
        and all(isinstance(one, int) for one in counts)
        and isinstance(hashes, list)
        and all(isinstance(one, str) for one in hashes)
    )


def sent_by_receipts(office: Office) -> set[tuple[str, int]]:
    """The slugs and revisions that a recipient has, by the receipts; known without opening the ledger."""
    return {
        receipt.of for receipt in all_receipts(office) if receipt.of_a_text and (receipt.told_of or receipt.is_running)
    }
