"""comsoc list"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import note, table
from comsoc_cli.cli.language import N_, moment, tr

if TYPE_CHECKING:
    from comsoc_cli.office.folder import Office

#: The statuses as they are called; in JSON they stay as they are.
STATUSES = {
    "draft": N_("draft"),
    "approved": N_("approved"),
    "changed": N_("changed"),
    "sent": N_("sent"),
    "killed": N_("killed"),
}


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
    rows = [row for row in summaries(office) if not status or row["status"] == status]
    here.answer({"releases": rows})
    if as_json:
        return
    if not rows and status:
        note(tr("No release has this status."))
        return
    if not rows:
        note(tr("There is no release. Draft one: {command}", command='comsoc new "Titular"'))
        return
    headings = [tr("Number"), tr("Date"), tr("Status"), tr("Release"), tr("Headline")]
    print(table(headings, [_line(row) for row in rows]))


def summaries(office: "Office") -> list[dict[str, Any]]:
    """Every release as `list --json` gives it, newest first."""
    from comsoc_cli.office.desk import read_desk
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.safeguards.standing import standings

    desk = read_desk(office)
    handed_over = sent_revisions(office)
    rows = []
    for slug, standing in standings(desk, read_vault(office)).items():
        release, newest = standing.release, standing.newest
        rows.append(
            {
                "slug": slug,
                "number": newest.approval.number if newest else None,
                "kind": release.kind if release else None,
                "date": _iso(release.date, office) if release else None,
                "embargo": _iso(release.embargo, office) if release and release.embargo else None,
                "status": standing.status(sent=newest is not None and (slug, newest.ordinal) in handed_over),
                "revision": newest.ordinal if newest else 0,
                "headline": release.headline if release else None,
                "segments": list(release.segments) if release else [],
            }
        )
    return sorted(rows, key=lambda row: (str(row["date"] or ""), str(row["slug"])), reverse=True)


def sent_revisions(office: "Office") -> set[tuple[str, int]]:
    """The revisions that somebody has: by the ledger, and by the receipts of colleagues."""
    from comsoc_cli.office.receipts import sent_by_receipts

    found = sent_by_receipts(office)
    if ledger_file(office).exists():
        from comsoc_cli.ledger.store import Ledger
        from comsoc_cli.model.delivery import Outcome

        with Ledger(office.settings.ledger.url, office.root) as ledger:
            for key, counts in ledger.counts().items():
                if counts.get(Outcome.ACCEPTED) or counts.get(Outcome.UNCERTAIN) or counts.get(Outcome.CLAIMED):
                    found.add(key)
    return found


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
        "" if row["number"] is None else str(row["number"]),
        moment(datetime.fromisoformat(row["date"])) if row["date"] else "",
        tr(word),
        row["slug"],
        row["headline"] or tr("(cannot be read: comsoc check {slug})", slug=row["slug"]),
    ]
