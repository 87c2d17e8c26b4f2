"""Events in words and as calendar entries: their days, their hours, where they are."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from comsoc_cli.model.release import Event, Release
from comsoc_cli.rendering.calendar import CalendarEntry
from comsoc_cli.rendering.wording import Wording

#: An event that ends within so many hours after midnight's turn is one evening, not two days.
_ONE_EVENING = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class EventView:
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
