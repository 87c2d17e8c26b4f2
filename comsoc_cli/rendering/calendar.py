"""Events as calendars (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from comsoc_cli.rendering.characters import printable


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """One event as a calendar shows it; moments in UTC, so that no zone has to be described.

    `all_day`: only the dates of `start` and `end` count, and `end` is the day after the last (RFC 5545 3.6.1).
    """

    uid: str
    stamp: datetime  #: when it was announced
    sequence: int  #: grows with each revision
    start: datetime
    end: datetime | None
    summary: str
    location: str
    description: str = ""
    url: str = ""
    all_day: bool = False
    cancelled: bool = False
    organizer: str = ""  #: an address; a cancellation needs it (RFC 5546 3.2.5)

    @property
    def over(self) -> datetime:
        """From when on it is past."""
        return self.end or self.start


def calendar(entries: Iterable[CalendarEntry], name: str = "", method: str = "PUBLISH") -> bytes:
    """A calendar of these events; `method` is what a program is to do with it (RFC 5546): PUBLISH or CANCEL."""
    from icalendar import Calendar, Event

    found = Calendar()
    found.add("prodid", "-//comsoc//comsoc//ES")
    found.add("version", "2.0")
    found.add("method", method)
    if name:
        name = " ".join(printable(name).split())
        found.add("name", name)
        found.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.stamp)
        event.add("sequence", entry.sequence)
        event.add("dtstart", entry.start.date() if entry.all_day else entry.start)
        if entry.end and entry.end > entry.start:
            event.add("dtend", entry.end.date() if entry.all_day else entry.end)
        event.add("summary", printable(entry.summary))
        event.add("location", printable(entry.location))
        if entry.description:
            event.add("description", printable(entry.description))
        if entry.url:
            event.add("url", entry.url)
        if entry.cancelled:
            event.add("status", "CANCELLED")
        if entry.organizer:
            event.add("organizer", f"mailto:{entry.organizer}")
        found.add_component(event)
    return bytes(found.to_ical())
