"""What a press officer reads before and after a send."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from comsoc_cli.cli.language import N_, figure, moment, reply_in_words, told, tr
from comsoc_cli.cli.outcomes import title_of
from comsoc_cli.cli.terminal import shown
from comsoc_cli.delivery.consignment import Consignment, Sent
from comsoc_cli.delivery.plan import REASONS, SUPPRESSED, UNCERTAIN, Excluded, Plan
from comsoc_cli.model.delivery import NOTICES, Outcome, Purpose, Recipient
from comsoc_cli.model.problem import Objection

if TYPE_CHECKING:
    from comsoc_cli.delivery.letters import Letters
    from comsoc_cli.delivery.transports import Transport
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office
    from comsoc_cli.rendering.views import ReleaseView

_REASONS = {
    "suppressed": N_("unsubscribed or blocked"),
    "refused": N_("refused before"),
    "duplicate": N_("repeated"),
    "expired": N_("expired"),
    "not_allowed": N_("not in [sender] allow"),
    "already_sent": N_("has it already"),
    "uncertain": N_("unconfirmed"),
    "over_limit": N_("over --limit"),
}
assert set(_REASONS) == set(REASONS)
#: Those who are suppressed, by why they are; "" for words of the office's own.
_SUPPRESSED = {
    "baja": N_("unsubscribed"),
    "rebote": N_("bounced"),
    "queja": N_("complained"),
    "oposición": N_("objected to the use of their data"),
    "cancelación": N_("asked for erasure"),
    "manual": N_("blocked by hand"),
    "": N_("suppressed for another reason"),
}
_WIDTH = 11
_SHOWN = 20  #: failures that are told one by one
_SECONDS_A_MESSAGE = 0.3  #: what a usual relay takes, for the estimate


def plan_screen(
    office: "Office",
    consignment: Consignment,
    view: "ReleaseView",
    letters: "Letters",
    transport: "Transport",
    now: datetime,
) -> str:
    """The plan of one release: what it is, who approved it, what it carries, who gets it and who does not."""
    revision = consignment.revision
    assert revision
    plan = consignment.plan
    text = revision.release
    mail = letters.mail(text)
    approval, zone = revision.approval, office.settings.zone
    unchanged = (
        tr("changed since, the approved text goes out") if consignment.standing.is_changed else tr("unchanged since")
    )
    if approval.urgent and not approval.assents:
        approved = tr("NOT REVIEWED, sent as urgent by {name}: {reason}", name=approval.urgent.by,
                      reason=approval.urgent.reason)  # fmt: skip
    else:
        approved = f"{approval.by}, {_when(approval.at.astimezone(zone), now.astimezone(zone))}; {unchanged}"
    embargo = (
        tr("until {moment}", moment=text.public_moment.astimezone(office.settings.zone)) if view.embargo else tr("no")
    )
    lines = [
        tr(
            "{reference}, revision {revision}: {headline}",
            reference=view.reference.upper(),
            revision=revision.ordinal,
            headline=view.headline,
        ),
        _row(tr("Approved"), approved),
        *_corrects(consignment),
        _row(tr("Embargo"), embargo),
        *_blackouts(office, consignment, now),
        _row(tr("Subject"), mail.subject),
        _row(
            tr("Carries"),
            tr("a notice, without the text")
            if consignment.purpose in NOTICES
            else _carries(consignment, letters, view),
        ),
        _two(_to_whom(consignment), plan.selected),
        _two("  " + tr("Receive it"), len(plan.recipients), _types(plan)),
        _two("  " + tr("Do NOT receive it"), len(plan.excluded), _reasons(plan)),
    ]
    if consignment.since_last:
        joined, left = consignment.since_last
        lines.append(
            _two(
                "  " + tr("Since the last send to {segments}", segments=", ".join(plan.segments)),
                None,
                f"+{joined} −{left}",
            )
        )
    lines.append(_row(tr("Sender"), _sender(office, transport, len(plan.recipients))))
    lines += _of_the_example(office, text)
    return "\n".join(lines)


def _of_the_example(office: "Office", text: "Release") -> list[str]:
    """What the office has not filled in: through a mail server of its own it would hold the send."""
    from comsoc_cli.safeguards.placeholders import placeholders

    found = dict.fromkeys(one.value for one in placeholders(office.settings, text))
    return (
        [_row(tr("Not filled in"), tr("{values} (examples, in comsoc.toml)", values=", ".join(found)))] if found else []
    )


def _corrects(consignment: Consignment) -> list[str]:
    """What a correction tells."""
    revision = consignment.revision
    one = revision.release.correction if revision and revision.ordinal > 1 else None
    if not one or consignment.purpose in NOTICES:
        return []
    words = f"“{one.said}” → “{one.should}” {one.note}".strip() if one.said else one.note
    return [_row(tr("Adds") if one.addition else tr("Corrects"), words)]


def _blackouts(office: "Office", consignment: Consignment, now: datetime) -> list[str]:
    """The row on blackouts, for an office that enters them."""
    if not office.settings.blackouts:
        return []
    names = ", ".join(one.name for one in office.settings.blackouts if one.covers(now))
    if not names:
        return [_row(tr("Blackout"), tr("no"))]
    reason = consignment.exceptions.get("blackout")
    legal = consignment.revision.approval.legal if consignment.revision else ""
    why = (
        tr("overruled: {reason}", reason=reason) if reason else tr("signed off by {name}", name=legal) if legal else ""
    )
    return [_row(tr("Blackout"), f"{names}; {why}" if why else names)]


def _to_whom(consignment: Consignment) -> str:
    segments = ", ".join(consignment.plan.segments)
    if consignment.purpose is Purpose.RELEASE:
        return tr("TO {segments}", segments=segments)
    return tr("TO whoever has it, and {segments}", segments=segments) if segments else tr("TO whoever has it")


def recipients_list(consignment: Consignment, letters: "Letters") -> str:
    """Everybody by name, for a dry run."""
    lines = []
    for recipient in consignment.plan.recipients:
        who = " · ".join(part for part in (recipient.name, recipient.outlet) if part)
        parts = [", ".join(recipient.segments), letters.text(recipient).language]
        if variant := letters.variant(recipient):
            parts.append(tr("variant {segment}", segment=variant))
        lines.append(shown(f"  {recipient.address}  {who}  [{'; '.join(parts)}]"))
    for one in consignment.plan.excluded:
        detail = f" ({one.detail})" if one.detail else ""
        lines.append(shown(f"  – {one.contact.email}  {_why(one)}{detail}"))
    return "\n".join(lines)


def _why(one: Excluded) -> str:
    return tr(_SUPPRESSED[one.kind] if one.reason == SUPPRESSED else _REASONS[one.reason])


def left_out(office: "Office", consignment: Consignment, *, also_later: bool = False) -> list[str]:
    """Who does not get it against what one may think: what an earlier run left behind, with names.

    `also_later`: with what the outcome screen would say of it too.
    """
    lines = []
    who = [one.contact for one in consignment.plan.excluded if one.reason == UNCERTAIN]
    if who and consignment.cut_off:
        receipts = ", ".join(map(office.name_of, consignment.cut_off))
        lines.append(
            tr(
                "A send was cut off, or goes on at another machine ({receipts}): whom it names may have it or not.",
                receipts=receipts,
            )
        )
    if who:
        called = [contact.outlet or contact.name or contact.email for contact in who]
        lines.append(_call_them(consignment, _names(consignment, called)))
    if consignment.unknown and consignment.purpose not in {Purpose.RELEASE, Purpose.KILL}:
        many = N_("1 person") if consignment.unknown == 1 else N_("{many} people")
        lines.append(
            tr(
                "Not told: {people} to whom a colleague sent it, and who are not in contacts.yaml any more. The machine"
                " that sent it knows their addresses.",
                people=tr(many, many=figure(consignment.unknown)),
            )
        )
    return [*lines, *(_unreached(consignment) if also_later else [])]


def _unreached(consignment: Consignment) -> list[str]:
    """Who waited for an earlier version, and what sends them this one."""
    who = consignment.unreached
    if not who:
        return []
    names = _names(consignment, list(map(_called, who)))
    lines = [tr("Never got an earlier version, nor this one: {names}.", names=names)]
    if segments := dict.fromkeys(name for one in who for name in one.segments):
        command = _send_to(consignment.standing.slug, segments)
        lines.append("→ " + tr("To whom the segments select: {command}", command=command))
    return lines


def _names(consignment: Consignment, called: Sequence[str]) -> str:
    """The first of them, and where the others are named."""
    names = ", ".join(called[:_SHOWN])
    return f"{names} … {_more(consignment, len(called))}" if len(called) > _SHOWN else names


def _send_to(slug: str, segments: Iterable[str]) -> str:
    return f"comsoc send {slug}" + "".join(f" --segment {name}" for name in segments)


def _more(consignment: Consignment, many: int) -> str:
    command = f"comsoc status {consignment.standing.slug}"
    return tr("and {many} more: {command}", many=figure(many - _SHOWN), command=command)


def objections_screen(slug: str, objections: Iterable[Objection]) -> str:
    """Why it does not go out, and what lifts it."""
    lines = [tr("“{slug}” was not sent:", slug=slug)]
    for objection in objections:
        lines.append(f"  ✗ {told(objection.message)}")
        lines.append("    → " + tr("lifted by: {what}", what=told(objection.lifted_by)))
    return "\n".join(lines)


def outcome_screen(office: "Office", sent: Sent, view: "ReleaseView", began: datetime, ended: datetime) -> str:
    """What came of it, and what to do next."""
    tally, zone = sent.tally, office.settings.zone
    from_to = f"{began.astimezone(zone):%H:%M}–{ended.astimezone(zone):%H:%M}"
    # Without a mail server nobody accepted anything: the messages lie in a folder of this machine.
    accepted = N_("The server accepted {many}") if office.settings.smtp else N_("Left in outbox/: {many}")
    counts = [
        tr(accepted, many=tally.of(Outcome.ACCEPTED)),
        tr("to be retried {many}", many=tally.of(Outcome.DEFERRED)),
        tr("refused {many}", many=tally.of(Outcome.REFUSED)),
        tr("UNCONFIRMED {many}", many=tally.of(Outcome.UNCERTAIN)),
    ]
    had = figure(sent.consignment.before.get(Outcome.ACCEPTED, 0))
    title = tr(title_of(sent, view), reference=view.reference.upper(), from_to=from_to, before=had)
    lines = [title, " · ".join(counts)]
    for delivery in sent.failed[:_SHOWN]:
        word = tr("refused") if delivery.outcome is Outcome.REFUSED else tr("to be retried")
        lines.append(shown(f"  {_called(delivery.recipient)}: {word}: {reply_in_words(delivery.reply)}"))
    if len(sent.failed) > _SHOWN:
        lines.append("  " + _more(sent.consignment, len(sent.failed)))
    if tally.all_alike:
        lines.append(
            tr(
                "Everybody was refused in the same words. If that is about the office and not about them, mend it,"
                " then: {command} --retry-refused",
                command=_again(office, sent.consignment),
            )
        )
    if sent.uncertain:
        lines.append(_call_them(sent.consignment, ", ".join(map(_called, sent.uncertain))))
    lines += _unreached(sent.consignment)
    if sent.receipt:
        lines.append(tr("Receipt: {path}", path=office.name_of(sent.receipt)))
    deferred = tally.of(Outcome.DEFERRED)
    left = tally.planned - sum(tally.outcomes.values())
    if (left or deferred) and not tally.killed:
        rest = [tr("retries {many}", many=deferred)] if deferred else []
        rest += [tr("{many} left", many=left)] if left else []
        lines.append(tr("Next: {command}", command=_again(office, sent.consignment)) + f"   ({', '.join(rest)})")
    return "\n".join(lines)


def _call_them(consignment: Consignment, names: str) -> str:
    if consignment.purpose in NOTICES:  # no option sends a notice again: it may be known by now
        return tr("Unconfirmed: {names}. Call them.", names=names)
    return tr("Unconfirmed: {names}. Call before you send again (comsoc send … --resend-uncertain).", names=names)


def _again(office: "Office", consignment: Consignment) -> str:
    """The command that goes on with it."""
    slug = consignment.standing.slug
    if consignment.purpose is Purpose.KILL:
        return f"comsoc kill {slug}"
    if consignment.purpose is Purpose.EMBARGO:
        change = consignment.standing.changes[consignment.change - 1]
        from comsoc_cli.office.moments import written

        until = f'--until "{written(change.until.astimezone(office.settings.zone))}"'
        return f"comsoc embargo {slug} {'--lift' if change.lifted else until}"
    return _send_to(slug, consignment.plan.segments)


def _called(recipient: Recipient) -> str:
    """How a press officer calls a contact."""
    return recipient.outlet or recipient.name or recipient.address


def question(many: int) -> str:
    return tr("This cannot be undone. Type {many} to send; Enter cancels", many=many)


def _row(name: str, text: str) -> str:
    return f"{name:<{_WIDTH - 2}}  {shown(text)}"


def _two(name: str, many: int | None, detail: str = "") -> str:
    return shown(f"{name:<30}{'' if many is None else figure(many):>9}   {detail}".rstrip())


def _types(plan: Plan) -> str:
    return ", ".join(f"{name} {figure(many)}" for name, many in plan.types.items() if name)


def _reasons(plan: Plan) -> str:
    counts = {_SUPPRESSED[kind]: many for kind, many in plan.suppressed().items()}
    counts |= {_REASONS[reason]: many for reason, many in plan.reasons().items() if reason != SUPPRESSED}
    return ", ".join(f"{tr(words)} {figure(many)}" for words, many in counts.items())


def _when(at: datetime, now: datetime) -> str:
    return tr("today {hour}", hour=f"{at.hour}:{at.minute:02d}") if at.date() == now.date() else moment(at)


def _carries(consignment: Consignment, letters: "Letters", view: "ReleaseView") -> str:
    assert consignment.revision
    mail = letters.mail(consignment.revision.release)
    parts = [tr("text")]
    if mail.photos:
        weight = sum(len(picture.data) for picture in mail.photos)
        pictures = N_("1 picture ({size})") if len(mail.photos) == 1 else N_("{many} pictures ({size})")
        parts.append(tr(pictures, many=len(mail.photos), size=_size(weight)))
    attached = [attachment.name for attachment in mail.attachments]
    parts += attached
    if view.pdf not in attached:
        parts.append(tr("link to the PDF"))
    return ", ".join(parts)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} kB"


def _sender(office: "Office", transport: "Transport", many: int) -> str:
    smtp = office.settings.smtp
    email = office.settings.sender.email
    if smtp is None:
        return tr(
            "{email} into the folder {folder}/ (no mail server is set up: nothing leaves this machine)",
            email=email,
            folder="outbox",
        )
    seconds = many * 60 / smtp.per_minute if smtp.per_minute else many * _SECONDS_A_MESSAGE / smtp.connections
    minutes = max(1, round(seconds / 60))
    about = tr("about a minute") if minutes == 1 else tr("about {minutes} minutes", minutes=minutes)
    lines = N_("1 connection") if smtp.connections == 1 else N_("{many} connections")
    return tr(
        "{email} through {host}, {connections}, {about}",
        email=email,
        host=smtp.host,
        connections=tr(lines, many=smtp.connections),
        about=about,
    )
