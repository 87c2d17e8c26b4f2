"""The receipt of a test: that a text was tried, when, by which person and with which result; without the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comsoc_cli.model.delivery import OUTCOMES, Outcome, Purpose
from comsoc_cli.model.release import Release
from comsoc_cli.office.folder import Office
from comsoc_cli.office.receipts import Receipt, new_receipt
from comsoc_cli.office.vault import digest_of
from comsoc_cli.safeguards.standing import Standing
from comsoc_cli.safeguards.test_send import Addressee


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One text that is tried on one address."""

    standing: Standing
    text: Release
    to: Addressee
    segments: Sequence[str]  #: in which the message is written
    overruled: Mapping[str, str]  #: objections that an option overrules, with the reason given


def begin_test(office: Office, tested: Tested, *, transport: str, sent_by: str, now: datetime) -> Receipt:
    """Writes the receipt before the message leaves; raises StoreUnusable, and then nothing leaves."""
    correction = tested.text.correction
    ordinal = correction.revision if correction else 1
    newest = tested.standing.newest
    approval = newest.approval if newest and tested.standing.is_approved and not tested.standing.is_changed else None
    facts: dict[str, Any] = {
        "release": tested.standing.slug,
        "revision": approval.revision if approval else 0,
        "kind": tested.text.kind,
        "number": approval.number if approval else None,
        "purpose": Purpose.TEST.value,
        "digest": approval.digest if approval else digest_of(tested.text, ordinal),
        **({"approved": {"by": approval.by, "at": approval.at.isoformat(timespec="seconds")}} if approval else {}),
        "to": _sort_of(tested.to),
        "overridden": list(tested.overruled),
        "reasons": {rule: reason for rule, reason in tested.overruled.items() if reason},
        "sent_by": sent_by,
        "segments": list(tested.segments),
        "transport": transport,
        "state": "running",
        "started": now.isoformat(timespec="seconds"),
        "planned": 1,
    }
    revision = facts["revision"]
    return new_receipt(office, slug=tested.standing.slug, revision=revision, now=now, facts=facts).write()


def end_test(receipt: Receipt, outcome: Outcome, now: datetime) -> Receipt:
    """Writes down what the server answered; raises StoreUnusable."""
    counts = {one.value: int(one is outcome) for one in OUTCOMES}
    return receipt.write(state="finished", finished=now.isoformat(timespec="seconds"), **counts)


def _sort_of(to: Addressee) -> str:
    """What sort of address it went to, without the address: "office", "embargo" or "other"."""
    if to.is_own:
        return "office"
    return "embargo" if any(segment.embargo for segment in to.segments) else "other"
