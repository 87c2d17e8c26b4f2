"""Judges feeds, calendars and news as JSON: python feeds.py FILE…, in .judges/venv. Prints one line for each fault."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import feedparser  # type: ignore[import-not-found]
import icalendar
import jsonschema

SCHEMAS = Path(__file__).resolve().parent / "schemas"


def atom(file: Path) -> Iterator[str]:
    feed = feedparser.parse(file.read_bytes())
    if feed.bozo:
        yield f"{getattr(feed.bozo_exception, 'getLineNumber', lambda: 1)()}: {feed.bozo_exception}"
    ids = [entry.get("id") for entry in feed.entries]
    if None in ids or len(set(ids)) < len(ids):
        yield "1: an entry without an id, or an id twice"
    if not all(entry.get("updated_parsed") and entry.get("title") and entry.get("link") for entry in feed.entries):
        yield "1: an entry without title, link or moment"


def calendar(file: Path) -> Iterator[str]:
    read = icalendar.Calendar.from_ical(file.read_bytes())
    for part in read.walk():
        yield from (f"1: {part.name}: {fault}" for fault in part.errors)
    # A calendar without a UID or DTSTAMP in its events is read by icalendar and refused by calendars.
    for event in read.walk("VEVENT"):
        yield from (f"1: an event without {name}" for name in ("UID", "DTSTAMP", "DTSTART") if name not in event)
    if icalendar.Calendar.from_ical(read.to_ical()) != read:
        yield "1: does not come back as it was written"


def by_schema(file: Path, name: str) -> Iterator[str]:
    schema = json.loads((SCHEMAS / name).read_bytes())
    for fault in jsonschema.Draft202012Validator(schema).iter_errors(json.loads(file.read_bytes())):
        yield f"1: {fault.json_path}: {fault.message[:200]}"


def faults(file: Path) -> Iterator[str]:
    match file.suffix, file.name:
        case ".atom", _:
            yield from atom(file)
        case ".ics", _:
            yield from calendar(file)
        case _, "ninjs.json":
            yield from by_schema(file, "ninjs.json")
        case _:
            yield from by_schema(file, "jsonfeed.json")


for word in sys.argv[1:]:
    try:
        for line in faults(Path(word)):
            print(f"{word}:{line}")
    except Exception as fault:
        print(f"{word}:1: {type(fault).__name__}: {fault}")
