"""Events in words and as calendar entries: their days, their hours, where they are."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from comsoc_cli.model.release import Event, Release
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.record import Record
from comsoc_cli.rendering.wording import Wording

#: An event that ends within so many hours after midnight's turn is one evening, not two days.
_ONE_EVENING = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class EventView(Record):
    """`release.event`, for kinds that invite."""

    day: str  #: "miércoles 25 de noviembre de 2026", or "del 25 al 27 de noviembre de 2026"
    hours: str  #: "9:00 h" or "9:00 h a 10:00 h"; nothing for days without hours
    iso: str
    place: str
    address: str
    accreditation: str
    calendar: str  #: where the .ics lies


def event_view(event: Event, words: Wording) -> EventView:
    """An event as templates get it."""
    return EventView(
        day=days(event, words),
        hours=hours(event, words),
        iso=event.start.date().isoformat() if event.all_day else event.start.isoformat(),
        place=event.place,
        address=event.address,
        accreditation=event.accreditation,
        calendar="event.ics",
    )


def days(event: Event, words: Wording) -> str:
    """The day, or all days: "del 25 al 27 de noviembre de 2026"."""
    if _several(event, words) and event.end:
        return words.days(event.start, event.end)
    return words.weekday(event.start)


def hours(event: Event, words: Wording) -> str:
    """From when to when; nothing for days without hours."""
    if event.all_day:
        return ""
    start = words.hour(event.start)
    if event.end is None or event.end == event.start:
        return start
    translate, end = words.translate(), words.hour(event.end)
    if _several(event, words):
        return translate("begins {start}, ends {end}").format(start=start, end=end)
    if words.same_day(event.start, event.end):
        return translate("{start} to {end}").format(start=start, end=end)
    return translate("{start} to {end} of the next day").format(start=start, end=end)


def short_time(event: Event, words: Wording) -> str:
    """For a subject: "mié 25 nov, 9:00 h", "del 25 al 27 nov"."""
    if _several(event, words) and event.end:
        return words.days(event.start, event.end, short=True)
    return words.short_day(event.start) if event.all_day else words.short(event.start)


def venue(event: Event) -> str:
    """Place and address on one line."""
    return ", ".join(part for part in (event.place, event.address) if part)


def calendar_entry(release: Release, *, uid: str, sequence: int) -> CalendarEntry:
    """The event of a release as calendars show it (RFC 5545 3.6.1); days without hours end before the day after."""
    event = release.event
    assert event
    end = event.over if event.all_day else event.end
    zone = event.start.tzinfo if event.all_day else UTC
    return CalendarEntry(
        uid=uid,
        stamp=release.date.astimezone(UTC),
        sequence=sequence,
        start=event.start.astimezone(zone),
        end=end.astimezone(zone) if end else None,
        all_day=event.all_day,
        summary=release.headline,
        location=venue(event),
        description=event.accreditation,
    )


def _several(event: Event, words: Wording) -> bool:
    """Whether it lasts for more than one day; one that ends in the small hours does not."""
    if event.end is None or event.end <= event.start or words.same_day(event.start, event.end):
        return False
    return event.all_day or event.end - event.start > _ONE_EVENING


def days_named(event: Event, words: Wording) -> str:
    """el miércoles 25 de noviembre de 2026 · del 25 al 27 de noviembre de 2026"""
    if _several(event, words):
        return days(event, words)
    translate = words.translate()
    return translate("on {day}").format(day=days(event, words))


def hour_named(event: Event, words: Wording) -> str:
    """a las 9:00 h; nothing for days without hours"""
    return "" if event.all_day else words.at_hour(event.start)


def cancelled(event: Event, words: Wording) -> str:
    """That an event does not take place: its day, its hour and its place."""
    translate = words.translate()
    told = [days(event, words), hour_named(event, words)]
    if place := event.place or event.address:
        told.append(translate("at {place}").format(place=place))
    sentence = (
        translate("CANCELLED: the event planned from {event}.")
        if _several(event, words)
        else translate("CANCELLED: the event planned for {event}.")
    )
    return sentence.format(event=", ".join(filter(None, told)))


@dataclass(frozen=True, kw_only=True)
class Move:
    """How an event's time or place changed, in words."""

    label: str  #: "Cambio de horario", "Cambio de fecha y sede"
    text: str  #: "Estaba convocado a las 9:00 h; será a las 11:00 h. Sede y acreditación, sin cambio."
    tells: frozenset[str]  #: the places of `as_read` that it tells of


def move(before: Event, after: Event, words: Wording) -> Move:
    """What an event was and what it is."""
    times = (before.start, before.end, before.all_day) != (after.start, after.end, after.all_day)
    same_days = words.same_day(before.start, after.start) and days(before, words) == days(after, words)
    places = (before.place or before.address) != (after.place or after.address)
    translate = words.translate()
    told = translate("It was announced {before}; it will be {after}.").format(
        before=_when(before, after, words, times=times, same_days=same_days, places=places),
        after=_when(after, before, words, times=times, same_days=same_days, places=places),
    )
    return Move(
        label=_label(before, after, words, times=times, same_days=same_days, places=places),
        text=" ".join(filter(None, (told, _unchanged(before, after, words, times=times, places=places)))),
        tells=frozenset({"event-time"} if times else ()) | frozenset({"event-place"} if places else ()),
    )


def _when(event: Event, other: Event, words: Wording, *, times: bool, same_days: bool, places: bool) -> str:
    """What is told of one of the two: as much as differs."""
    told, translate = [], words.translate()
    if times and not same_days:
        told.append(days_named(event, words))
    if times:
        same_start = event.start == other.start and event.all_day == other.all_day
        told.append(hours(event, words) if same_start else hour_named(event, words))
    if places:
        told.append(translate("at {place}").format(place=venue(event)))
    return ", ".join(filter(None, told))


def _label(before: Event, after: Event, words: Wording, *, times: bool, same_days: bool, places: bool) -> str:
    translate = words.translate()
    if not times:
        return translate("Change of venue")
    if same_days:
        return translate("Change of time and venue") if places else translate("Change of time")
    if after.start > before.start and not words.same_day(before.start, after.start):
        return translate("Postponed, with a change of venue") if places else translate("Postponed")
    return translate("Change of date and venue") if places else translate("Change of date")


def _unchanged(before: Event, after: Event, words: Wording, *, times: bool, places: bool) -> str:
    """What is as it was: place and accreditation, or day and hour; nothing that is not so."""
    translate = words.translate()
    accreditation = bool(after.accreditation) and before.accreditation == after.accreditation
    place = bool(venue(after)) and venue(before) == venue(after)
    if times and place:
        return translate("Place and accreditation, unchanged.") if accreditation else translate("Place, unchanged.")
    if not times and not after.all_day:
        return (
            translate("Day, hour and accreditation, unchanged.")
            if accreditation
            else translate("Day and hour, unchanged.")
        )
    return translate("Accreditation, unchanged.") if accreditation else ""
