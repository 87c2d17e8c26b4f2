"""comsoc contacts"""

import sys
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, counted, note, problem_json, problem_line, put
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.cli.layout import table
from comsoc_cli.cli.terminal import shown
from comsoc_cli.errors import USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from datetime import date

    from comsoc_cli.model.contact import Contact, ContactBook

_MOST_TOLD = 20  #: addresses that are told one by one

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class NotInTheBook(Refusal):
    """Neither an address nor a segment of the contact book."""

    exit_code = USAGE

    def __init__(self, wanted: str) -> None:
        super().__init__(
            said("“{wanted}” is neither an address nor a segment of contacts.yaml.", wanted=wanted),
            said("“comsoc contacts list” shows them all."),
        )


@app.command("list", help=N_("Show the contacts, or those of a segment."))
def list_contacts(
    context: typer.Context,
    segment: str = typer.Option(
        "", "--segment", metavar="S", autocompletion=completion.segments, help=N_("Only those of this segment.")
    ),
    nowhere: bool = typer.Option(False, "--nowhere", help=N_("Only those that no segment selects.")),
    as_json: bool = counter.Json,
) -> None:
    """Show the contacts."""
    from comsoc_cli.delivery.refusals import UnknownSegment
    from comsoc_cli.model.nowhere import nowhere as in_no_segment
    from comsoc_cli.model.segments import members

    here = counter.of(context, as_json)
    book = _book(here)
    today = _today(here)
    if segment and nowhere:
        raise typer.BadParameter(tr("say one of the two: --segment, or --nowhere"), param_hint="--nowhere")
    if segment and segment not in book.segments:
        raise UnknownSegment(segment, list(book.segments))
    if nowhere:
        contacts = list(in_no_segment(book, today).contacts)
    else:
        contacts = members(book, segment) if segment else list(book.contacts)
    names = _segments_of(book)
    here.answer(
        {
            "contacts": [_contact_json(contact, book, names) for contact in contacts],
            "segments": {name: len(members(book, name)) for name in book.segments},
        }
    )
    if as_json:
        return
    rows = [
        [
            contact.email,
            contact.name,
            contact.outlet,
            "; ".join(filter(None, [_state(contact, book, today), _beside(contact, names, nowhere=nowhere)])),
        ]
        for contact in contacts
    ]
    beside = tr("Fields") if nowhere else tr("Segments")
    put(table([tr("Address"), tr("Name"), tr("Outlet"), beside], rows, cut={1: 6, 2: 10, 3: 16}))
    note(tr("{many} contacts.", many=len(contacts)))


@app.command("show", help=N_("Show everything about an address or a segment."))
def show(
    context: typer.Context,
    wanted: str = typer.Argument(..., metavar="ADDRESS|SEGMENT", help=N_("An address or a segment.")),
    as_json: bool = counter.Json,
) -> None:
    """Show one contact or segment."""
    from comsoc_cli.model.segments import members
    from comsoc_cli.office.contacts import find_contact

    here = counter.of(context, as_json)
    book = _book(here)
    today = _today(here)
    names = _segments_of(book)
    if wanted in book.segments:
        segment = book.segments[wanted]
        contacts = members(book, wanted)
        here.answer(
            {
                "segment": wanted,
                "title": segment.title,
                "embargo": segment.embargo,
                "contacts": [_contact_json(contact, book, names) for contact in contacts],
            }
        )
        here.say(shown(f"{wanted}: {segment.title}, {len(contacts)}")) if not as_json else None
        rows = [[contact.email, contact.name, contact.outlet, _state(contact, book, today)] for contact in contacts]
        if rows and not as_json:
            put(table([tr("Address"), tr("Name"), tr("Outlet"), ""], rows, cut={1: 6, 2: 10, 3: 12}))
        return
    found = find_contact(book, wanted)
    if not found:
        raise NotInTheBook(wanted)
    here.answer({"contacts": [_contact_json(contact, book, names) for contact in found]})
    if as_json:
        return
    for contact in found:
        document = _contact_json(contact, book, names)
        for key, value in document.items():
            if value not in ("", None, []):
                put(shown(f"{key:<12}{', '.join(value) if isinstance(value, list) else value}"))


@app.command("check", help=N_("Show every problem of contacts.yaml and suppressions.yaml."))
def check(
    context: typer.Context,
    strict: bool = typer.Option(False, "--strict", help=N_("Warnings count as errors.")),
    as_json: bool = counter.Json,
) -> None:
    """Check the contact book."""
    from comsoc_cli.checks.contacts import book_problems, many_nowhere
    from comsoc_cli.office.contacts import read_contacts

    here = counter.of(context, as_json)
    office = here.office()
    book, problems = read_contacts(office)
    problems += book_problems(office, book, _today(here))
    errors, warnings = counted(problems)
    here.answer(
        {
            "problems": [problem_json(problem) for problem in problems],
            "errors": errors,
            "warnings": warnings,
            "nowhere": many_nowhere(problems),
        }
    )
    if not as_json:
        for problem in problems:
            put(problem_line(problem))
        put(
            tr(
                "{contacts} contacts, {segments} segments: {errors} errors, {warnings} warnings.",
                contacts=len(book.contacts),
                segments=len(book.segments),
                errors=errors,
                warnings=warnings,
            )
        )
    if errors or (strict and warnings):
        raise counter.stop(1)


@app.command("suppress", help=N_("Never write to these addresses again."))
def suppress(
    context: typer.Context,
    address: list[str] = typer.Argument(
        ..., metavar="ADDRESS…", help=N_("The addresses; “-” reads them from standard input, one a line.")
    ),
    reason: str = typer.Option(
        "baja", "--reason", metavar="WHY", help=N_("baja, rebote, queja, oposición, cancelación or manual.")
    ),
    detail: str = typer.Option("", "--detail", metavar="TEXT", help=N_("What else there is to say of it.")),
    as_json: bool = counter.Json,
) -> None:
    """Add addresses to suppressions.yaml."""
    from comsoc_cli.model.contact import Suppression
    from comsoc_cli.model.problem import Problem
    from comsoc_cli.office.contacts import ContactsUnusable
    from comsoc_cli.office.files import FileFault
    from comsoc_cli.office.lock import held
    from comsoc_cli.office.suppressing import suppress as write

    here = counter.of(context, as_json)
    office = here.office()
    addresses, (why, words) = _addresses(address), _why(reason, detail)
    today = clock().astimezone(office.settings.zone).date()
    wanted = [Suppression(email=one, since=today, reason=why, detail=words) for one in addresses]
    try:
        # Somebody's wish to be left alone must not wait for a slip in contacts.yaml.
        with held(office.state / "suppress.lock", clock()):
            added = set(write(office, wanted))
    except FileFault as fault:
        path = office.name_of(office.suppressions)
        problem = Problem(path=path, line=fault.line, rule=fault.rule, message=fault.message)
        raise ContactsUnusable([problem]) from None
    told = {one.key: {"address": one.email, "added": one.key in added} for one in wanted}
    document: dict[str, Any] = {"suppressed": list(told.values())}
    here.answer({**document, **told[wanted[0].key]} if len(told) == 1 else document)
    for one in told.values() if not as_json else ():
        put(
            tr("{address} will not be written to any more.", address=one["address"])
            if one["added"]
            else tr("{address} was suppressed already.", address=one["address"])
        )
    _note_strangers(here, addresses)


def _addresses(typed_words: list[str]) -> list[str]:
    """The addresses of a call, as they are written to; what is none ends it before anything is written."""
    from comsoc_cli.office.addresses import NoAddress, normalised, visible
    from comsoc_cli.office.suppressing import addresses_in

    typed = [word for word in typed_words if word != "-"]
    found: list[str] = []
    wrong: list[str] = []
    for text in addresses_in([*typed, sys.stdin.read()] if "-" in typed_words else typed):
        try:
            found.append(normalised(text))
        except NoAddress:
            wrong.append(visible(text))
    if wrong:
        shown = ", ".join(f"“{text}”" for text in wrong[:_MOST_TOLD])
        words = N_("these are no e-mail addresses: {found}; nothing was written")
        if len(wrong) == 1:
            words = N_("{found} is no e-mail address; nothing was written")
        raise typer.BadParameter(tr(words, found=shown), param_hint="ADDRESS")
    if not found:
        raise typer.BadParameter(tr("no address was given"), param_hint="ADDRESS")
    return found


def _why(reason: str, detail: str) -> tuple[str, str]:
    """Reason and detail; a sentence in place of a reason is a detail."""
    from comsoc_cli.model.contact import BY_HAND, SUPPRESSION_REASONS, suppression_reason

    found, sentence = suppression_reason(reason), len(reason.split()) > 1
    if not found and not sentence:
        known = ", ".join(SUPPRESSION_REASONS)
        raise typer.BadParameter(
            tr("“{found}” is none of {known}; say more with --detail", found=reason, known=known),
            param_hint="--reason",
        )
    text = f"{reason} {detail}" if sentence else detail
    return found or BY_HAND, " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _note_strangers(here: counter.Counter, addresses: list[str]) -> None:
    """Warns of addresses that are no contact: with a mistake in it, the right one would still be written to."""
    from difflib import get_close_matches

    from comsoc_cli.model.contact import address_key
    from comsoc_cli.office.contacts import read_contacts

    known = {contact.key: contact.email for contact in read_contacts(here.office())[0].contacts}
    strangers = [address for address in addresses if address_key(address) not in known] if known else []
    for address in strangers[:_MOST_TOLD]:
        note(tr("{address} is not in contacts.yaml.", address=address))
        if nearest := get_close_matches(address_key(address), known, n=1, cutoff=0.8):
            note("→ " + tr("Was {nearest} meant? Then: {command}", nearest=known[nearest[0]],
                           command=f"comsoc contacts suppress {known[nearest[0]]}"))  # fmt: skip
    if len(strangers) > _MOST_TOLD:
        note(tr("and {many} more that are not in contacts.yaml.", many=len(strangers) - _MOST_TOLD))


def _today(here: counter.Counter) -> "date":
    """The office's day."""
    return clock().astimezone(here.office().settings.zone).date()


def _book(here: counter.Counter) -> "ContactBook":
    """The book as far as it can be read; that something is missing is said, and `contacts check` shows what."""
    from comsoc_cli.office.contacts import read_contacts

    book, problems = read_contacts(here.office())
    errors, _ = counted(problems)
    if errors:
        note(tr("Not all of contacts.yaml can be read ({errors} errors): comsoc contacts check", errors=errors))
    return book


def _beside(contact: "Contact", names: dict[str, list[str]], *, nowhere: bool) -> str:
    """What stands beside a contact in the listing: its segments, or why none selects it."""
    return _fields(contact) if nowhere else ", ".join(names.get(contact.key, []))


def _segments_of(book: "ContactBook") -> dict[str, list[str]]:
    from comsoc_cli.model.segments import matching

    found: dict[str, list[str]] = {}
    for name, keys in matching(book, tuple(book.segments)).items():
        for key in keys:
            found.setdefault(key, []).append(name)
    return found


def _contact_json(contact: "Contact", book: "ContactBook", names: dict[str, list[str]]) -> dict[str, Any]:
    suppression = book.suppressions.get(contact.key)
    return {
        "email": contact.email,
        "name": contact.name,
        "outlet": contact.outlet,
        "language": contact.language,
        "until": contact.until.isoformat() if contact.until else None,
        "segments": names.get(contact.key, []),
        **{key: list(value) if isinstance(value, tuple) else value for key, value in contact.fields.items()},
        "suppressed": suppression.words or suppression.since.isoformat() if suppression else None,
    }


def _fields(contact: "Contact") -> str:
    """The office's own fields: type: prensa, tags: acreditado, palacio"""
    return "; ".join(f"{name}: {', '.join(contact.values(name))}" for name in contact.fields)


def _state(contact: "Contact", book: "ContactBook", today: "date") -> str:
    suppression = book.suppressions.get(contact.key)
    if suppression:
        return tr("suppressed: {reason}", reason=suppression.words or suppression.since.isoformat())
    if contact.until and contact.until < today:
        return tr("expired {day}", day=contact.until)
    return ""
