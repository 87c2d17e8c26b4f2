"""Dates as people write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?h(?:rs?)?\.?)?)?"
    r" *(Z|[+-]\d{1,2}(?::?\d{2})?)?"
)
_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-")


def moment(text: str, zone: tzinfo) -> datetime:
    """A moment such as "2026-11-23 10:00", in the office's zone unless it names its own; raises ValueError."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second, offset = found.groups()
    return datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        tzinfo=_offset(offset) if offset else zone,
    )  # fmt: skip


def has_hour(text: str) -> bool:
    """Whether a moment was written with its hour: "2026-11-23 10:00", not "2026-11-23"."""
    found = _MOMENT.fullmatch(text.strip())
    return bool(found and found[4])


def day(text: str) -> date:
    """A day such as "2026-11-23"; raises ValueError."""
    return date.fromisoformat(text.strip())


def date_in_name(name: str) -> str:
    """The date that a file name such as 2026-11-23-becas.md begins with, or nothing."""
    found = _IN_NAME.match(name)
    return found.group(1) if found else ""


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if text[0] == "-" else 1))
