"""comsoc list"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import clock, note, put
from comsoc_cli.cli.language import N_, moment, tr
from comsoc_cli.cli.layout import table

if TYPE_CHECKING:
    from comsoc_cli.ledger.store import Ledger
    from comsoc_cli.model.problem import Objection
    from comsoc_cli.office.folder import Office
    from comsoc_cli.safeguards.standing import Standing

#: The statuses as they are called; in JSON they stay as they are.
STATUSES = {
    "draft": N_("draft"),
    "approved": N_("approved"),
    "changed": N_("changed"),
    "sent": N_("sent"),
    "killed": N_("killed"),
}

#: What holds a release, in a few words: for a table.
_HELD = {
    "killed": N_("of no effect"),
    "not_approved": N_("not approved"),
    "vault": N_("damaged vault"),
    "not_signed": N_("approval without a valid signature"),
    "internal_kind": N_("internal document"),
    "future": N_("approval dated {moment}"),
    "number_twice": N_("number given twice"),
    "changed": N_("changed since its approval"),
    "segment_empty": N_("nobody in “{segment}”"),
    "not_due": N_("public on {moment}"),
    "embargo": N_("embargo until {moment}"),
}
_HELD_BY_BLACKOUT = N_("blackout until {moment}"), N_("blackout")


def command(
    context: typer.Context,
    status: str = typer.Option(
        "", "--status", metavar="S", help=N_("Only those: draft, approved, changed, sent, killed.")
    ),
    as_json: bool = counter.Json,
) -> None:
    """Show the releases."""
    here = counter.of(context, as_json)
    if status and status not in STATUSES:
        raise typer.BadParameter(
            tr("“{found}” is none of {known}", found=status, known=", ".join(STATUSES)), param_hint="--status"
        )
    office = here.office()
    found = _standings(office)
    held = _held_today(office, found)
    rows = [row for row in _summaries(office, found) if not status or row["status"] == status]
    here.answer({"releases": [_entry(row, held[row["slug"]]) for row in rows]})
    if as_json:
        return
    if not rows and status:
        note(tr("No release has this status."))
        return
    if not rows:
        note(tr("There is no release. Draft one: {command}", command='comsoc new "Titular"'))
        return
    headings = [tr("Number"), tr("Date"), tr("Status"), tr("Release"), tr("Headline"), tr("Held by")]
    lines = [[*_line(row), _held_by(held[row["slug"]])] for row in rows]
    wide = len(headings) if any(line[-1] for line in lines) else -1  # where nothing is held nothing need be said
    put(table(headings[:wide], [line[:wide] for line in lines]))


def summaries(office: "Office", slugs: "list[str] | None" = None) -> list[dict[str, Any]]:
    """Every release, or these, newest first: what it is and where it stands."""
    return _summaries(office, _standings(office, slugs))


def _standings(office: "Office", slugs: "list[str] | None" = None) -> "dict[str, Standing]":
    import time

    from comsoc_cli.office.desk import read_desk
    from comsoc_cli.office.digests import remembered
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.safeguards.standing import standings

    with remembered(office, time.time_ns()) as digest:
        vault = read_vault(office, None if slugs is None else set(slugs), digest=digest)
    return standings(read_desk(office, slugs), vault, office.settings.approval)


def _held_today(office: "Office", found: "dict[str, Standing]") -> "dict[str, list[Objection]]":
    """What would hold each of them if it were sent now; the contact book is read once."""
    from comsoc_cli.office.contacts import read_contacts
    from comsoc_cli.safeguards.holding import held_today

    return held_today(found, read_contacts(office)[0], settings=office.settings, now=clock())


def _entry(row: dict[str, Any], held: "list[Objection]") -> dict[str, Any]:
    """One of `releases` in the JSON document."""
    entry = {key: value for key, value in row.items() if key != "reviewed"}
    return {**entry, "objections": list(dict.fromkeys(one.rule for one in held))}


def _held_by(held: "list[Objection]") -> str:
    """The first reason in a few words; nothing where there is none."""
    if not held:
        return ""
    first = held[0]
    if first.rule == "blackout":
        words = _HELD_BY_BLACKOUT["moment" not in first.message.facts]
    else:
        words = _HELD.get(first.rule, first.rule)
    return tr(words, **first.message.facts)


def _summaries(office: "Office", found: "dict[str, Standing]") -> list[dict[str, Any]]:
    handed_over = sent_revisions(office)
    rows = []
    for slug, standing in found.items():
        release, newest = standing.release, standing.newest
        rows.append(
            {
                "slug": slug,
                "number": newest.approval.number if newest else None,
                "number_text": newest.approval.written_number if newest else "",
                "kind": release.kind if release else None,
                "date": _iso(release.date, office) if release else None,
                "embargo": _iso(release.embargo, office) if release and release.embargo else None,
                "status": standing.status(sent=newest is not None and (slug, newest.ordinal) in handed_over),
                "revision": newest.ordinal if newest else 0,
                "headline": release.headline if release else None,
                "segments": list(release.segments) if release else [],
                "reviewed": not (newest and newest.approval.urgent and not standing.is_approved),
            }
        )
    return sorted(rows, key=lambda row: (str(row["date"] or ""), str(row["slug"])), reverse=True)


def sent_revisions(office: "Office") -> set[tuple[str, int]]:
    """The revisions that a recipient has: by the ledger, and by the receipts of colleagues."""
    from comsoc_cli.ledger.glance import handed_over
    from comsoc_cli.model.delivery import Outcome
    from comsoc_cli.office.receipts import sent_by_receipts

    found = sent_by_receipts(office)
    if ledger_file(office).exists() and (seen := handed_over(ledger_file(office))) is not None:
        return found | seen
    with known_ledger(office) as ledger:
        for key, counts in ledger.counts().items() if ledger else ():
            if counts.get(Outcome.ACCEPTED) or counts.get(Outcome.UNCERTAIN) or counts.get(Outcome.CLAIMED):
                found.add(key)
    return found


@contextmanager
def known_ledger(office: "Office") -> "Iterator[Ledger | None]":
    """The ledger, or None while the office has none; raises LedgerUnusable."""
    if not ledger_file(office).exists():
        yield None
        return
    from comsoc_cli.ledger.store import Ledger

    with Ledger(office.settings.ledger.url, office.root) as ledger:
        yield ledger


def ledger_file(office: "Office") -> Path:
    """Where the ledger lies, whether or not it is there yet."""
    from comsoc_cli.ledger.place import ledger_path

    return ledger_path(office.settings.ledger.url, office.root)


def _iso(value: Any, office: "Office") -> str:
    return str(value.astimezone(office.settings.zone).isoformat(timespec="minutes"))


def _line(row: dict[str, Any]) -> list[str]:
    from datetime import datetime

    word = STATUSES[row["status"]]
    return [
        row["number_text"],
        moment(datetime.fromisoformat(row["date"])) if row["date"] else "",
        tr(word),
        row["slug"],
        row["headline"] or tr("(cannot be read: comsoc check {slug})", slug=row["slug"]),
    ]
