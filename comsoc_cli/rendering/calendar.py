"""Events as calendars (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """One event as a calendar shows it; moments in UTC, so that no zone has to be described."""

    uid: str
    stamp: datetime  #: when it was announced
    sequence: int  #: grows with each revision
    start: datetime
    end: datetime | None
    summary: str
    location: str
    description: str = ""
    url: str = ""


def calendar(entries: Iterable[CalendarEntry], name: str = "") -> bytes:
    """A calendar of these events."""
    from icalendar import Calendar, Event

    found = Calendar()
    found.add("prodid", "-//comsoc//comsoc//ES")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    if name:
        found.add("name", name)
        found.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.stamp)
        event.add("sequence", entry.sequence)
        event.add("dtstart", entry.start)
        if entry.end:
            event.add("dtend", entry.end)
        event.add("summary", entry.summary)
        event.add("location", entry.location)
        if entry.description:
            event.add("description", entry.description)
        if entry.url:
            event.add("url", entry.url)
        found.add_component(event)
    return bytes(found.to_ical())
