"""What an office can be asked about afterwards: what was sent, when, on whose word, under which exceptions. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from comsoc_cli.model.approval import Approval, Assent, EmbargoChange, Kill, Revision
from comsoc_cli.model.audience import AudienceChange
from comsoc_cli.model.delivery import OUTCOMES, Purpose
from comsoc_cli.office.receipts import Receipt
from comsoc_cli.office.vault import Vault

_IN_NAME = re.compile(r"(\d{8}T\d{6})Z-")
_NOT_APPROVED = "not_approved"


class Act(StrEnum):
    """What a person did with their word."""

    APPROVED = "approved"
    URGENT = "urgent"  #: sent it before anybody had approved it
    REVIEWED = "reviewed"  #: approved it after it had been sent as urgent
    WITHDRAWN = "withdrawn"
    KILLED = "killed"
    LIFTED = "embargo_lifted"
    MOVED = "embargo_moved"
    ADDED = "segment_added"  #: let a text that was approved before go to one more segment


@dataclass(frozen=True, kw_only=True)
class Word:
    """One person's word: who, when and how."""

    act: Act
    by: str
    at: datetime | None = None
    via: str = ""  #: how it was given, where it was by word of mouth
    recorded_by: str = ""
    legal: str = ""  #: who in the legal department signed it off
    segment: str = ""  #: that was added
    ruling: str = ""  #: the authority's ruling that it went out by, which is a public act
    key: str = ""  #: the fingerprint of the key that signed it, where the office has approvals signed


@dataclass(frozen=True, kw_only=True)
class Overruled:
    """An objection that a person overruled with an option."""

    rule: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One send; or a kill or a change of an embargo without a notice, because no recipient had the text."""

    at: datetime  #: in the office's zone
    release: str
    revision: int | None
    purpose: str  #: a value of Purpose
    kind: str = ""
    number: int | None = None
    number_text: str = ""  #: as people read it, where that is not the number alone
    segments: tuple[str, ...] = ()
    planned: int = 0
    outcomes: Mapping[str, int]
    state: str = ""  #: of the send: "running", "finished", "stopped"
    words: tuple[Word, ...] = ()
    sent_by: str = ""
    overruled: tuple[Overruled, ...] = ()
    reason: str = ""  #: of a kill
    until: datetime | None = None  #: the new end of an embargo that was moved
    transport: str = ""
    receipt: str = ""  #: the file's name; empty where nobody had to be told


def audit(
    receipts: Iterable[Receipt], vault: Vault, *, zone: tzinfo, since: date | None = None, until: date | None = None
) -> list[Entry]:
    """Everything that went out between two days of the office's zone, both included; oldest first."""
    everything = list(receipts)
    found = [_of_receipt(receipt, vault, zone) for receipt in everything]
    found += _without_receipt(everything, vault, zone)
    return sorted(
        (
            entry
            for entry in found
            if (not since or since <= entry.at.date()) and (not until or entry.at.date() <= until)
        ),
        key=lambda entry: (entry.at, entry.release, entry.receipt.removesuffix(".json")),
    )


def _of_receipt(receipt: Receipt, vault: Vault, zone: tzinfo) -> Entry:
    facts, purpose = receipt.facts, receipt.purpose
    slug, ordinal = receipt.of
    began = _moment(facts.get("started")) or _of_the_name(receipt)
    revision = _revision(vault, slug, facts.get("digest"))
    change = _change(vault, slug, ordinal) if purpose == Purpose.EMBARGO else None
    kill = vault.kills.get(slug) if purpose == Purpose.KILL else None
    return Entry(
        at=began.astimezone(zone),
        release=slug,
        revision=_which(ordinal, purpose, revision),
        purpose=purpose,
        kind=revision.release.kind if revision else str(facts.get("kind") or ""),
        number=number if isinstance(number := facts.get("number"), int) else None,
        number_text=str(facts.get("number_text", "")),
        segments=_texts(facts.get("segments")),
        planned=_count(facts.get("planned")),
        outcomes={outcome.value: _count(facts.get(outcome.value)) for outcome in OUTCOMES},
        state=str(facts.get("state", "")),
        words=(
            *_words(facts, purpose, began, revision, change, kill),
            *(_added(facts, vault.audiences.get(slug, ())) if receipt.of_a_text else ()),
        ),
        sent_by=str(facts.get("sent_by") or ""),
        overruled=tuple(_overruled(facts)),
        reason=_reason(facts, kill) if purpose == Purpose.KILL else "",
        until=change.until.astimezone(zone) if change and not change.lifted else None,
        transport=str(facts.get("transport") or ""),
        receipt=receipt.path.name,
    )


def _which(ordinal: int, purpose: str, revision: Revision | None) -> int | None:
    """The revision that an entry is about; a draft that was tested is none yet."""
    if purpose == Purpose.EMBARGO:
        return revision.ordinal if revision else None
    return ordinal or None


def _without_receipt(receipts: Sequence[Receipt], vault: Vault, zone: tzinfo) -> Iterator[Entry]:
    """Kills and changes of embargoes without a notice, because no recipient had the text."""
    told = {(receipt.of[0], receipt.purpose, receipt.of[1]) for receipt in receipts}
    killed = {slug for slug, purpose, _ in told if purpose == Purpose.KILL}
    for slug, kill in vault.kills.items():
        if slug not in killed:
            yield _act(vault, slug, Purpose.KILL, _killed(kill), zone, reason=kill.reason)
    for slug, changes in vault.changes.items():
        for ordinal, change in enumerate(changes, start=1):
            if (slug, Purpose.EMBARGO.value, ordinal) not in told:
                until = None if change.lifted else change.until.astimezone(zone)
                yield _act(vault, slug, Purpose.EMBARGO, _moved(change), zone, until=until)


def _act(
    vault: Vault,
    slug: str,
    purpose: Purpose,
    word: Word,
    zone: tzinfo,
    *,
    reason: str = "",
    until: datetime | None = None,
) -> Entry:
    newest = vault.newest(slug)
    assert word.at
    return Entry(
        at=word.at.astimezone(zone),
        release=slug,
        revision=newest.ordinal if newest else None,
        purpose=purpose.value,
        kind=newest.release.kind if newest else "",
        number=newest.approval.number if newest else None,
        number_text=newest.approval.number_text if newest else "",
        outcomes={outcome.value: 0 for outcome in OUTCOMES},
        words=(word,),
        reason=reason,
        until=until,
    )


def _words(
    facts: Mapping[str, Any],
    purpose: str,
    began: datetime,
    revision: Revision | None,
    change: EmbargoChange | None,
    kill: Kill | None,
) -> Iterator[Word]:
    """On whose word it went out, and what was said of it afterwards."""
    if change:
        yield _moved(change)
    elif purpose == Purpose.KILL:
        yield _killed(kill) if kill else Word(act=Act.KILLED, by=str(facts.get("killed_by") or ""))
    else:
        yield from _approvals(facts, purpose, began, revision.approval if revision else None)


def _approvals(facts: Mapping[str, Any], purpose: str, began: datetime, approval: Approval | None) -> Iterator[Word]:
    """The assents as the vault has them; where it has none that is old enough, what the receipt says."""
    if purpose == Purpose.TEST and not facts.get("approved"):
        return  # a draft: nobody had given a word for it
    assents = approval.assents if approval else ()
    if _NOT_APPROVED in _texts(facts.get("overridden")):
        sender = approval.urgent if approval else None
        yield Word(act=Act.URGENT, by=sender.by, at=sender.at) if sender else _by_receipt(facts, Act.URGENT)
        yield from (_approved(one, Act.REVIEWED) for one in assents)
    else:
        before = [_approved(one, Act.APPROVED) for one in assents if one.at <= began]
        yield from before or [_by_receipt(facts, Act.APPROVED)]
    if approval and approval.withdrawn:
        yield Word(act=Act.WITHDRAWN, by=approval.withdrawn.by, at=approval.withdrawn.at)


def _added(facts: Mapping[str, Any], changes: Iterable[AudienceChange]) -> Iterator[Word]:
    """Who let it go to segments that it did not name when it was approved."""
    for one in changes:
        is_named = one.segment in _texts(facts.get("segments")) and one.approval.digest == facts.get("digest")
        for assent in one.approval.assents if is_named and not one.removed else ():
            yield replace(_approved(assent, Act.ADDED), segment=one.segment)


def _by_receipt(facts: Mapping[str, Any], act: Act) -> Word:
    told = facts.get("approved")
    said = told if isinstance(told, dict) else {}
    return Word(act=act, by=str(said.get("by") or ""), at=_moment(said.get("at")))


def _approved(one: Assent, act: Act) -> Word:
    return Word(act=act, by=one.by, at=one.at, via=one.via, recorded_by=one.recorded_by, legal=one.legal,
                key=one.key, ruling=one.ruling if one.legal else "")  # fmt: skip


def _killed(kill: Kill) -> Word:
    return Word(act=Act.KILLED, by=kill.by, at=kill.at)


def _moved(change: EmbargoChange) -> Word:
    return Word(act=Act.LIFTED if change.lifted else Act.MOVED, by=change.by, at=change.at)


def _overruled(facts: Mapping[str, Any]) -> Iterator[Overruled]:
    reasons = facts.get("reasons")
    given = reasons if isinstance(reasons, dict) else {}
    for rule in _texts(facts.get("overridden")):
        yield Overruled(rule=rule, reason=str(given.get(rule) or ""))


def _reason(facts: Mapping[str, Any], kill: Kill | None) -> str:
    return str(facts.get("reason") or (kill.reason if kill else ""))


def _revision(vault: Vault, slug: str, digest: object) -> Revision | None:
    """The text that went out, if the vault still has that very one."""
    return next((one for one in vault.revisions.get(slug, ()) if one.approval.digest == digest), None)


def _change(vault: Vault, slug: str, ordinal: int) -> EmbargoChange | None:
    changes = vault.changes.get(slug, ())
    return changes[ordinal - 1] if 0 < ordinal <= len(changes) else None


def _of_the_name(receipt: Receipt) -> datetime:
    """When a receipt was begun, by its file's name; one that says it nowhere counts as the oldest."""
    found = _IN_NAME.match(receipt.path.name)
    moment = _moment(found[1] + "+00:00") if found else None
    return moment or datetime(1970, 1, 2, tzinfo=UTC)


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
