"""comsoc status"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import Counter, note, put
from comsoc_cli.cli.language import N_, figure, moment, reply_in_words, tr
from comsoc_cli.cli.layout import table
from comsoc_cli.cli.terminal import shown

if TYPE_CHECKING:
    from comsoc_cli.cli.audit import Asked
    from comsoc_cli.model.delivery import Delivery, Outcome, Purpose
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


#: What went out; in JSON it stays as it is.
PURPOSES = {
    "release": N_("text"),
    "erratum": N_("correction"),
    "addition": N_("addition"),
    "kill": N_("of no effect"),
    "embargo": N_("embargo"),
}


def command(
    context: typer.Context,
    release: str = typer.Argument("", metavar="RELEASE", autocompletion=completion.slugs, help=N_("A slug or a path.")),
    watch: bool = typer.Option(False, "--watch", help=N_("Follow the send that is running.")),
    verify: bool = typer.Option(
        False, "--verify", help=N_("Hold receipts, ledger and vault against each other; 1 if they disagree.")
    ),
    audit: bool = typer.Option(
        False, "--audit", help=N_("What was sent, on whose word, under which exceptions; for whoever audits.")
    ),
    since: str = typer.Option("", "--from", metavar="DAY", help=N_("With --audit: the first day.")),
    until: str = typer.Option("", "--to", metavar="DAY", help=N_("With --audit: the last day.")),
    public: bool = typer.Option(
        False, "--public", help=N_("With --audit: without persons' names and reasons, for a transparency request.")
    ),
    as_csv: bool = typer.Option(False, "--csv", help=N_("With --audit: for a spreadsheet.")),
    as_json: bool = counter.Json,
) -> None:
    """Show what was sent."""
    from comsoc_cli.cli.audit import Asked

    here = counter.of(context, as_json)
    asked = Asked(since=since, until=until, public=public, as_csv=as_csv)
    _refuse_mixture(release, watch, verify, audit, asked)
    office = here.office()
    if verify:
        from comsoc_cli.cli.verification import verify_records

        verify_records(here, office)
        return
    if audit:
        from comsoc_cli.cli.audit import show_audit

        show_audit(here, office, asked)
        return
    if watch:
        from comsoc_cli.cli.following import follow

        follow(here, office)
    _show(here, office, release)


def _refuse_mixture(release: str, watch: bool, verify: bool, audit: bool, asked: "Asked") -> None:
    """What looks at the whole office stands alone."""
    if verify and (watch or release or audit):
        raise typer.BadParameter(tr("--verify looks at the whole office, and stands alone"), param_hint="--verify")
    if audit and (watch or release):
        raise typer.BadParameter(tr("--audit looks at the whole office, and stands alone"), param_hint="--audit")
    if asked.anything and not audit:
        raise typer.BadParameter(tr("--from, --to, --public and --csv go with --audit"), param_hint="--audit")


def _show(here: Counter, office: "Office", release: str) -> None:
    """Where every release stands, or one of them and all its deliveries."""
    from comsoc_cli.cli.releases import summaries
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.folder import UnknownRelease
    from comsoc_cli.office.vault import slugs_in_the_vault

    named = find_slugs(office, [release], others=slugs_in_the_vault(office)) if release else None
    rows = {row["slug"]: row for row in summaries(office, named)}
    chosen = list(rows)
    if not chosen and release:
        raise UnknownRelease(release, "")
    segments, notices, deliveries = _written_down(office, chosen[0] if release else "")
    document = [_status(rows[slug], segments.get(slug, {}), notices.get(slug, {})) for slug in chosen]
    if release:
        document[0]["deliveries"] = [_delivery(office, delivery) for delivery in deliveries]
    here.answer({"releases": document})
    if here.as_json:
        return
    if release:
        _show_one(office, document[0], deliveries)
    else:
        _show_all(document)


Counts = dict["Outcome", int]
Segments = dict[str, dict[str, Counts]]
Notices = dict[str, dict["Purpose", Counts]]


def _written_down(office: "Office", release: str) -> "tuple[Segments, Notices, list[Delivery]]":
    """What the ledger has: counts by segment, of messages about it, and of a release that was named every delivery.

    A claim is a message on its way while a send is at work; what a dead one left behind is not known to have arrived.
    """
    from comsoc_cli.cli.releases import ledger_file
    from comsoc_cli.ledger.place import send_lock
    from comsoc_cli.ledger.store import Ledger
    from comsoc_cli.model.delivery import Outcome
    from comsoc_cli.office.lock import is_held

    if not ledger_file(office).exists():
        return {}, {}, []
    sending = is_held(send_lock(office.settings.ledger.url, office.root))
    with Ledger(office.settings.ledger.url, office.root) as ledger:
        segments, notices = ledger.by_segment(release), ledger.notices(release)
        deliveries = ledger.of_release(release) if release else []
    if sending:
        return segments, notices, deliveries
    by_segment = [counts for one in segments.values() for counts in one.values()]
    by_notice = [counts for one in notices.values() for counts in one.values()]
    for counts in (*by_segment, *by_notice):
        lost = counts.pop(Outcome.CLAIMED, 0)
        if lost:
            counts[Outcome.UNCERTAIN] = counts.get(Outcome.UNCERTAIN, 0) + lost
    return (
        segments,
        notices,
        [
            replace(delivery, outcome=Outcome.UNCERTAIN) if delivery.outcome is Outcome.CLAIMED else delivery
            for delivery in deliveries
        ],
    )


def _status(row: dict[str, Any], segments: dict[str, Counts], notices: dict["Purpose", Counts]) -> dict[str, Any]:
    """One of `releases` in the JSON document."""
    return {
        "slug": row["slug"],
        "revision": row["revision"],
        "status": row["status"],
        "reviewed": row["reviewed"],
        "segments": {name: _by_value(counts) for name, counts in segments.items()},
        "notices": {purpose.value: _by_value(counts) for purpose, counts in notices.items()},
    }


def _by_value(counts: Counts) -> dict[str, int]:
    return {outcome.value: many for outcome, many in counts.items()}


def _delivery(office: "Office", delivery: "Delivery") -> dict[str, Any]:
    """One of `deliveries` in the JSON document."""
    at = delivery.at.astimezone(office.settings.zone).isoformat(timespec="seconds") if delivery.at else None
    return {
        "address": delivery.recipient.address,
        "revision": delivery.revision,
        "purpose": delivery.purpose.value,
        "outcome": delivery.outcome.value,
        "reply": delivery.reply,
        "at": at,
        "message_id": delivery.message_id,
    }


def _show_all(document: list[dict[str, Any]]) -> None:
    rows = []
    for one in document:
        parts = [*_by_segment(one), *_by_notice(one)]
        rows += [[one["slug"], _status_word(one), *part] for part in parts or [("", "")]]
    if not rows:
        note(tr("There is no release yet."))
        return
    put(table([tr("Release"), tr("Status"), tr("Segment"), tr("Outcome")], rows, cut={2: 10}))


def _show_one(office: "Office", one: dict[str, Any], deliveries: "list[Delivery]") -> None:
    put(
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
    several = len({(delivery.revision, delivery.purpose) for delivery in deliveries}) > 1
    rows = [
        [
            *([tr(PURPOSES[delivery.purpose.value])] if several else []),
            delivery.recipient.address,
            delivery.recipient.outlet,
            tr(OUTCOMES[delivery.outcome.value]),
            moment(delivery.at.astimezone(office.settings.zone)) if delivery.at else "",
            reply_in_words(delivery.reply),
        ]
        for delivery in deliveries
    ]
    first = [tr("What")] if several else []
    headings = [*first, tr("Address"), tr("Outlet"), tr("Outcome"), tr("When"), tr("Reply")]
    put(table(headings, rows, cut={len(first) + 1: 10, len(first) + 4: 10}))
    for name, words in (*_by_segment(one), *_by_notice(one)):
        put(shown(f"{name}: {words}"))


def _by_segment(one: dict[str, Any]) -> list[tuple[str, str]]:
    """Each segment, and what came of the text there."""
    return [(name, _in_words(counts)) for name, counts in one["segments"].items()]


def _by_notice(one: dict[str, Any]) -> list[tuple[str, str]]:
    """Each kind of message about the release, and what came of it."""
    titles = {"kill": N_("notice that it is of no effect"), "embargo": N_("notice of the embargo")}
    return [(tr(titles[name]), _in_words(counts)) for name, counts in one["notices"].items()]


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{tr(OUTCOMES[outcome])} {figure(many)}" for outcome, many in counts.items())


def _status_word(one: dict[str, Any]) -> str:
    from comsoc_cli.cli.releases import STATUSES

    name = STATUSES[one["status"]]
    word = tr(name)
    return word if one["reviewed"] else tr("{status}, NOT REVIEWED", status=word)
