"""Dates as people write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from comsoc_cli.message import Message, said
from comsoc_cli.model.zones import offsets_at

_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?h(?:rs?)?\.?)?)?"
    r" *(Z|[+-]\d{1,2}(?::?\d{2})?)?"
)
_IN_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-")


class UnsureHour(ValueError):
    """An hour that clocks show twice, or never, in the night in which they are set; only its offset would tell."""

    def __init__(self, text: str, shown: datetime) -> None:
        super().__init__(text)
        self.moment = shown  #: the first of the two; or where the clocks were set, as if they had not been yet
        self.what = _unsure(shown)  #: a sentence without its full stop


def moment(text: str, zone: tzinfo) -> datetime:
    """A moment such as "2026-11-23 10:00", in the office's zone unless it names its own; raises ValueError.

    Raises UnsureHour, which is one, for an hour without an offset that the zone has twice or never.
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second, offset = found.groups()
    shown = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        tzinfo=_offset(offset) if offset else zone,
    )  # fmt: skip
    if hour and not offset and len(offsets_at(shown)) != 1:
        raise UnsureHour(text.strip(), shown)
    return shown


def written(at: datetime) -> str:
    """A moment as people write it in its zone, "2026-11-23 10:00"; with its offset where the hour alone is unsure."""
    text = f"{at:%Y-%m-%d %H:%M}"
    return text if len(offsets_at(at)) == 1 else _with_offset(at)


def _unsure(shown: datetime) -> Message:
    text = f"{shown:%Y-%m-%d %H:%M}"
    offsets = offsets_at(shown)
    if offsets:
        first, second = (shown.replace(tzinfo=timezone(offset)) for offset in offsets)
        return said("“{found}” comes twice, since clocks are set back in that night; "
                    "write {first} for the first time or {second} for the second",
                    found=text, first=_with_offset(first), second=_with_offset(second))  # fmt: skip
    later = shown.astimezone(UTC).astimezone(shown.tzinfo)
    return said("“{found}” does not exist, since clocks are set forward in that night; "
                "write {later}, or the hour with its offset", found=text, later=_with_offset(later))  # fmt: skip


def _with_offset(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}{at.isoformat()[-6:]}"


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
