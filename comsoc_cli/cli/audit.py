"""comsoc status --audit: what was sent, when, on whose word, under which exceptions."""

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli.counter import Counter, note, put
from comsoc_cli.cli.language import N_, figure, moment, tr
from comsoc_cli.cli.layout import table_rows
from comsoc_cli.cli.status import OUTCOMES
from comsoc_cli.cli.terminal import shown

if TYPE_CHECKING:
    from comsoc_cli.checks.audit import Entry, Overruled, Word
    from comsoc_cli.office.folder import Office

#: The purposes as they are called; in JSON they stay as they are.
PURPOSES = {
    "release": N_("release"),
    "erratum": N_("correction"),
    "addition": N_("addition"),
    "kill": N_("of no effect"),
    "embargo": N_("embargo changed"),
    "test": N_("test"),
}
_ACTS = {
    "approved": N_("approved by {by}"),
    "urgent": N_("sent as urgent by {by}"),
    "reviewed": N_("approved afterwards by {by}"),
    "withdrawn": N_("withdrawn by {by}"),
    "killed": N_("declared of no effect by {by}"),
    "embargo_lifted": N_("embargo lifted by {by}"),
    "embargo_moved": N_("embargo moved by {by}"),
    "segment_added": N_("segment “{segment}” added by {by}"),
}
_ACTS_OF_NOBODY = {
    "approved": N_("approved"),
    "urgent": N_("sent as urgent"),
    "reviewed": N_("approved afterwards"),
    "withdrawn": N_("withdrawn"),
    "killed": N_("declared of no effect"),
    "embargo_lifted": N_("embargo lifted"),
    "embargo_moved": N_("embargo moved"),
    "segment_added": N_("segment “{segment}” added"),
}
_OVERRULED = {
    "changed": N_("the approved text, though the desk had another"),
    "not_approved": N_("urgent, before anybody had approved it"),
    "blackout": N_("within a blackout"),
}
_COUNTED = ("accepted", "deferred", "refused", "uncertain")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  #: what a spreadsheet takes for the beginning of one


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an audit is to tell."""

    since: str = ""
    until: str = ""
    public: bool = False  #: without persons' names
    as_csv: bool = False

    @property
    def anything(self) -> bool:
        return bool(self.since or self.until or self.public or self.as_csv)


def show_audit(here: Counter, office: "Office", asked: Asked) -> None:
    """As a table, as CSV or as JSON."""
    from comsoc_cli.checks.audit import audit
    from comsoc_cli.office.receipts import all_receipts_and_tests
    from comsoc_cli.office.vault import read_vault

    if asked.as_csv and here.as_json:
        raise typer.BadParameter(tr("--csv and --json: name one of them"), param_hint="--csv")
    since, until = _day(asked.since, "--from"), _day(asked.until, "--to")
    if since and until and until < since:
        raise typer.BadParameter(
            tr("the last day, {until}, lies before the first, {since}", until=until, since=since), param_hint="--to"
        )
    receipts = list(all_receipts_and_tests(office))
    entries = audit(receipts, read_vault(office), zone=office.settings.zone, since=since, until=until)
    read = {receipt.path for receipt in receipts}
    damaged = [path.name for path in sorted(office.dispatches.glob("*.json")) if path not in read]
    here.answer(
        {
            "from": since.isoformat() if since else None,
            "to": until.isoformat() if until else None,
            "public": asked.public,
            "sent": [_json(entry, public=asked.public) for entry in entries],
            "damaged": damaged,
        }
    )
    if asked.as_csv:
        _write_csv(office, entries, public=asked.public)
    elif entries and not here.as_json:
        put(_screen(office, entries, public=asked.public))
    if not entries:
        note(tr("Nothing was sent in these days.") if since or until else tr("Nothing has been sent yet."))
    for name in damaged:
        note(
            tr("{name} is no receipt any more: what it told is missing here.", name=f"{office.dispatches.name}/{name}")
        )


def _day(text: str, option: str) -> date | None:
    from comsoc_cli.office.moments import day

    if not text.strip():
        return None
    try:
        return day(text)
    except ValueError:
        raise typer.BadParameter(tr("“{found}” is no day such as 2026-11-23", found=text), param_hint=option) from None


def _json(entry: "Entry", *, public: bool) -> dict[str, Any]:
    """One of `sent` in the JSON document; the public one has no names, and no texts in which a name may stand."""
    document = {
        "at": entry.at.isoformat(timespec="seconds"),
        "release": entry.release,
        "kind": entry.kind or None,
        "number": entry.number,
        "revision": entry.revision,
        "purpose": entry.purpose,
        "segments": list(entry.segments),
        "planned": entry.planned,
        **entry.outcomes,
        "state": entry.state or None,
        "words": [_word_json(word, public=public) for word in entry.words],
        "overruled": [_overruled_json(one, public=public) for one in entry.overruled],
        "until": entry.until.isoformat(timespec="seconds") if entry.until else None,
        "transport": entry.transport or None,
        "receipt": entry.receipt or None,
    }
    if public:
        return {**document, "reason_on_file": bool(entry.reason)}
    return {**document, "sent_by": entry.sent_by, "reason": entry.reason}


def _word_json(word: "Word", *, public: bool) -> dict[str, Any]:
    at = word.at.isoformat(timespec="seconds") if word.at else None
    told: dict[str, Any] = {"act": word.act.value, "at": at, "ruling": word.ruling, "signed": bool(word.key)}
    if word.segment:
        told["segment"] = word.segment
    if public:
        return {**told, "legal": bool(word.legal)}
    return {
        **told,
        "by": word.by,
        "via": word.via,
        "recorded_by": word.recorded_by,
        "legal": word.legal,
        "key": word.key,
    }


def _overruled_json(one: "Overruled", *, public: bool) -> dict[str, Any]:
    return {"rule": one.rule, **({"reason_on_file": bool(one.reason)} if public else {"reason": one.reason})}


def _screen(office: "Office", entries: "Sequence[Entry]", *, public: bool) -> str:
    """A line of the table for each, and below it on whose word and under which exceptions."""
    headings = [
        tr("When"), tr("Kind and number"), tr("Release"), tr("Revision"), tr("What"), tr("Segments"), tr("Outcome"),
    ]  # fmt: skip
    rows = [
        [moment(entry.at), _called(office, entry), entry.release, _figure(entry.revision), _purpose(entry),
         ", ".join(entry.segments), _outcome(entry)]
        for entry in entries
    ]  # fmt: skip
    first, *lines = table_rows(headings, rows, cut={1: 10, 5: 10})
    told = [first]
    for line, entry in zip(lines, entries, strict=True):
        told.append(line)
        told += [shown(f"    {what}") for what in _below(office, entry, public=public)]
    return "\n".join(told)


def _outcome(entry: "Entry") -> str:
    """accepted 26, refused 1"""
    many = {name: entry.outcomes.get(name, 0) for name in _COUNTED}
    return ", ".join(f"{tr(OUTCOMES[name])} {figure(count)}" for name, count in many.items() if count)


def _below(office: "Office", entry: "Entry", *, public: bool) -> Iterable[str]:
    yield from (_word(office, word, public=public) for word in entry.words)
    if entry.until:
        yield tr("until {moment}", moment=entry.until)
    yield from (tr("exception: {what}", what=_exception(one, public=public)) for one in entry.overruled)
    if entry.reason:
        yield tr("reason: {reason}", reason=_reason(entry.reason, public=public))
    if entry.sent_by and not public:
        yield tr("sent by {name}", name=entry.sent_by)
    if entry.state == "running":
        yield tr("this send has not ended, or was cut off")


def _write_csv(office: "Office", entries: "Iterable[Entry]", *, public: bool) -> None:
    """RFC 4180, UTF-8; no cell is a formula to a spreadsheet."""
    headings = [
        tr("When ({zone})", zone=office.settings.office.timezone), tr("Kind"), tr("Number"), tr("Release"),
        tr("Revision"), tr("What"), tr("Segments"), tr("Planned"), tr("Accepted"), tr("To be retried"), tr("Refused"),
        tr("Unconfirmed"), tr("On whose word"), tr("Exceptions"), tr("Reason"), tr("Receipt"),
    ]  # fmt: skip
    writer = csv.writer(sys.stdout)
    writer.writerow(headings if public else [*headings, tr("Sent by")])
    for entry in entries:
        row = [
            f"{entry.at:%Y-%m-%d %H:%M}",
            _kind(office, entry),
            entry.number_text or _plain(entry.number),
            entry.release,
            _plain(entry.revision),
            _purpose(entry) + (f" ({tr('until {moment}', moment=entry.until)})" if entry.until else ""),
            ", ".join(entry.segments),
            str(entry.planned),
            *(str(entry.outcomes.get(name, 0)) for name in _COUNTED),
            "; ".join(_word(office, word, public=public) for word in entry.words),
            "; ".join(_exception(one, public=public) for one in entry.overruled),
            _reason(entry.reason, public=public),
            entry.receipt,
        ]
        writer.writerow([_harmless(cell) for cell in (row if public else [*row, entry.sent_by])])
    sys.stdout.flush()


def _harmless(cell: str) -> str:
    """The same cell with an apostrophe before what a spreadsheet would reckon out (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _word(office: "Office", word: "Word", *, public: bool) -> str:
    """approved by Dirección (whatsapp; recorded by Ana Ruiz; legal department: Lic. Mora), 2026-11-23 11:00"""
    if public:
        told = tr(_ACTS_OF_NOBODY[word.act.value], segment=word.segment)
        details = [tr("signed off by the legal department")] if word.legal else []
    else:
        told = tr(_ACTS[word.act.value], by=word.by or "?", segment=word.segment)
        details = [
            word.via,
            tr("recorded by {name}", name=word.recorded_by) if word.recorded_by else "",
            tr("legal department: {name}", name=word.legal) if word.legal else "",
            tr("signed with {key}", key=word.key) if word.key else "",
        ]
    details.append(tr("ruling: {ruling}", ruling=word.ruling) if word.ruling else "")
    inner = "; ".join(filter(None, details))
    return told + (f" ({inner})" if inner else "") + (f", {_when(office, word.at)}" if word.at else "")


def _when(office: "Office", at: datetime) -> str:
    return moment(at.astimezone(office.settings.zone))


def _exception(one: "Overruled", *, public: bool) -> str:
    told = tr(_OVERRULED[one.rule]) if one.rule in _OVERRULED else one.rule
    return f"{told}: {_reason(one.reason, public=public)}" if one.reason else told


def _reason(reason: str, *, public: bool) -> str:
    """A reason as it was written; a reader who may not see names is told that there is one."""
    return tr("a reason is on file") if public and reason else reason


def _purpose(entry: "Entry") -> str:
    return tr(PURPOSES[entry.purpose]) if entry.purpose in PURPOSES else entry.purpose


def _kind(office: "Office", entry: "Entry") -> str:
    kind = office.settings.kinds.get(entry.kind)
    return kind.label if kind else entry.kind


def _called(office: "Office", entry: "Entry") -> str:
    """Boletín 412"""
    return f"{_kind(office, entry)} {entry.number_text or _plain(entry.number)}".strip()


def _figure(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _plain(number: int | None) -> str:
    return "" if number is None else str(number)
