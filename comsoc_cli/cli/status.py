"""comsoc status"""

from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import note, table
from comsoc_cli.cli.language import N_, moment, tr

if TYPE_CHECKING:
    from comsoc_cli.model.delivery import Delivery
    from comsoc_cli.office.folder import Office

#: The outcomes as they are called; in JSON they stay as they are.
OUTCOMES = {
    "planned": N_("planned"),
    "claimed": N_("being sent"),
    "accepted": N_("accepted"),
    "deferred": N_("to be retried"),
    "refused": N_("refused"),
    "uncertain": N_("unconfirmed"),
}


def command(
    context: typer.Context,
    release: str = typer.Argument("", metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")),
    as_json: bool = counter.Json,
) -> None:
    """Show what was sent."""
    from comsoc_cli.cli.releases import summaries
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.vault import read_vault

    here = counter.of(context, as_json)
    office = here.office()
    rows = {row["slug"]: row for row in summaries(office)}
    chosen = list(rows)
    if release:
        chosen = find_slugs(office, [release], others=read_vault(office).revisions)
    deliveries = _deliveries(office, chosen)
    document = [_status(rows[slug], deliveries[slug], named=bool(release), office=office) for slug in chosen]
    here.answer({"releases": document})
    if as_json:
        return
    if release:
        _show_one(office, document[0], deliveries[chosen[0]])
    else:
        _show_all(document)


def _deliveries(office: "Office", slugs: list[str]) -> "dict[str, list[Delivery]]":
    from comsoc_cli.cli.releases import ledger_file
    from comsoc_cli.ledger.store import Ledger

    if not ledger_file(office).exists():
        return {slug: [] for slug in slugs}
    with Ledger(office.settings.ledger.url, office.root) as ledger:
        return {slug: ledger.of_release(slug) for slug in slugs}


def _status(row: dict[str, Any], deliveries: "list[Delivery]", *, named: bool, office: "Office") -> dict[str, Any]:
    """One of `releases` in the JSON document."""
    segments: dict[str, dict[str, int]] = {}
    for delivery in deliveries:
        for name in delivery.recipient.segments:
            counts = segments.setdefault(name, {})
            counts[delivery.outcome.value] = counts.get(delivery.outcome.value, 0) + 1
    found = {"slug": row["slug"], "revision": row["revision"], "status": row["status"], "segments": segments}
    if named:
        found["deliveries"] = [
            {
                "address": delivery.recipient.address,
                "revision": delivery.revision,
                "purpose": delivery.purpose.value,
                "outcome": delivery.outcome.value,
                "reply": delivery.reply,
                "at": delivery.at.astimezone(office.settings.zone).isoformat(timespec="seconds")
                if delivery.at
                else None,
                "message_id": delivery.message_id,
            }
            for delivery in deliveries
        ]
    return found


def _show_all(document: list[dict[str, Any]]) -> None:
    rows = []
    for one in document:
        for name, counts in one["segments"].items() or [("", {})]:
            words = ", ".join(f"{tr(OUTCOMES[outcome])} {many:,}" for outcome, many in counts.items())
            rows.append([one["slug"], _status_word(one), name, words])
    if not rows:
        note(tr("There is no release yet."))
        return
    print(table([tr("Release"), tr("Status"), tr("Segment"), tr("Outcome")], rows))


def _show_one(office: "Office", one: dict[str, Any], deliveries: "list[Delivery]") -> None:
    print(
        tr(
            "{slug}, revision {revision}: {status}",
            slug=one["slug"],
            revision=one["revision"],
            status=_status_word(one),
        )
    )
    if not deliveries:
        note(tr("It was not sent to anybody from here."))
        return
    rows = [
        [
            delivery.recipient.address,
            delivery.recipient.outlet,
            tr(OUTCOMES[delivery.outcome.value]),
            moment(delivery.at.astimezone(office.settings.zone)) if delivery.at else "",
            delivery.reply,
        ]
        for delivery in deliveries
    ]
    print(table([tr("Address"), tr("Outlet"), tr("Outcome"), tr("When"), tr("Reply")], rows))
    for name, counts in one["segments"].items():
        words = ", ".join(f"{tr(OUTCOMES[outcome])} {many:,}" for outcome, many in counts.items())
        print(f"{name}: {words}")


def _status_word(one: dict[str, Any]) -> str:
    from comsoc_cli.cli.releases import STATUSES

    word = STATUSES[one["status"]]
    return tr(word)
