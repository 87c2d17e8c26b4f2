"""Time zones by the newer of two databases: the system's, and the one that is installed with comsoc (`tzdata`).

Governments change their clocks at short notice: Mexico gave up summer time in October 2022, and a system
without updates would end an embargo an hour early. Python asks the system first, however old it is.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
#: How IANA names a release of the database: 2022a, 2022b, …
_VERSION = re.compile(r"\b(\d{4})([a-z]{0,2})\b")
_NO_VERSION = (0, "")

Version = tuple[int, str]  #: year and letter


class _Zone(ZoneInfo):
    """A zone; another process makes its own, by the newer database that it finds."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return zone_named, (self.key,)


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """A zone by its IANA name, such as America/Mazatlan; raises ZoneInfoNotFoundError or ValueError."""
    file = _packaged_file(name)
    if file is not None and _packaged_version() >= _system_version(name):
        with file.open("rb") as data:
            return _Zone.from_file(data, key=name)
    return _Zone.no_cache(name)


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name."""
    try:
        zone_named(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zones_version(name: str) -> str:
    """By which release of the database a zone is read, such as "2026b"; "" where the system does not say."""
    packaged = _packaged_version() if _packaged_file(name) else _NO_VERSION
    year, letters = max(packaged, _system_version(name))
    return f"{year}{letters}" if year else ""


def offsets_at(moment: datetime) -> tuple[timedelta, ...]:
    """The offsets from UTC at which the clocks of a moment's zone show its hour.

    One as a rule; two where the hour occurs twice, the first first; none where clocks are set over it (PEP 495).
    """
    shown = moment.replace(tzinfo=None)
    found = []
    for fold in (0, 1):
        offset = moment.replace(fold=fold).utcoffset()
        assert moment.tzinfo is not None
        assert offset is not None
        at = (shown - offset).replace(tzinfo=UTC)
        if at.astimezone(moment.tzinfo).replace(tzinfo=None, fold=0) == shown.replace(fold=0) and offset not in found:
            found.append(offset)
    return tuple(found)


def _packaged_file(name: str) -> Path | None:
    """The zone's file in the package; None where either is missing."""
    folder = _packaged()[0]
    if folder is None or not _NAME.fullmatch(name):
        return None
    path = folder.joinpath(*name.split("/"))
    return path if path.is_file() else None


@cache
def _packaged() -> tuple[Path | None, Version]:
    """Folder and version of the installed package."""
    try:
        package = import_module("tzdata")
    except ImportError:
        return None, _NO_VERSION
    folder = Path(package.__file__ or "").parent / "zoneinfo"
    return (folder if folder.is_dir() else None), version_in(str(getattr(package, "IANA_VERSION", "")))


def _packaged_version() -> Version:
    return _packaged()[1]


def _system_version(name: str) -> Version:
    """The version of the system's database: of the first folder that has the zone, as Python reads it."""
    folder = next((Path(one) for one in zoneinfo.TZPATH if Path(one, name).is_file()), None)
    return _version_of(folder) if folder else _NO_VERSION


@cache
def _version_of(folder: Path) -> Version:
    """What a system's database says of itself: in Debian's tzdata.zi, or in +VERSION of macOS and the BSDs."""
    for name in ("tzdata.zi", "+VERSION", "VERSION"):
        try:
            with (folder / name).open(encoding="ascii", errors="replace") as file:
                found = version_in(file.readline(200))
        except OSError:
            continue
        if found != _NO_VERSION:
            return found
    return _NO_VERSION


def version_in(text: str) -> Version:
    """The release that a text such as "# version 2022a" names; (0, "") where it names none."""
    found = _VERSION.search(text)
    return (int(found[1]), found[2]) if found else _NO_VERSION
