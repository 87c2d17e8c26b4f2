"""Hours and zones: the newer of two databases, and hours that clocks show twice or never."""

import ast
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.zones import NEVER, PACKAGE, TWICE, a_database

from comsoc_cli.model import zones
from comsoc_cli.model.zones import is_zone, offsets_at, version_in, zone_named, zones_version
from comsoc_cli.office.moments import UnsureHour, moment, written

TIJUANA = zone_named("America/Tijuana")


def summer(name: str = "America/Mazatlan") -> timedelta | None:
    return datetime(2026, 7, 15, 12, tzinfo=zone_named(name)).utcoffset()


def test_an_old_system_does_not_decide(system: Callable[[Path], None], tmp_path: Path) -> None:
    system(a_database(tmp_path, "2022a", hours=-6))
    assert summer() == timedelta(hours=-7)
    assert zones_version("America/Mazatlan") > "2022a"


def test_a_newer_system_decides(system: Callable[[Path], None], tmp_path: Path) -> None:
    system(a_database(tmp_path, "2999b", hours=-4))
    assert summer() == timedelta(hours=-4)
    assert zones_version("America/Mazatlan") == "2999b"


def test_a_system_that_does_not_say_how_old_it_is_does_not_decide(
    system: Callable[[Path], None], tmp_path: Path
) -> None:
    (a_database(tmp_path, "2999b", hours=-4) / "tzdata.zi").unlink()
    system(tmp_path)
    assert summer() == timedelta(hours=-7)


def test_a_zone_that_only_the_system_has_is_the_systems(system: Callable[[Path], None], tmp_path: Path) -> None:
    (a_database(tmp_path, "2022a", hours=-4) / "America/Mazatlan").rename(tmp_path / "America/Atlantis")
    system(tmp_path)
    assert summer("America/Atlantis") == timedelta(hours=-4)


@pytest.mark.parametrize(
    "name", ["", "../etc/passwd", "/etc/localtime", "America", "Sinaloa", "America/Maz\0atlan", "."]
)
def test_what_is_no_zone(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(
    ("text", "found"),
    [("# version 2025b", (2025, "b")), ("2024a\n", (2024, "a")), ("# ddeps", (0, "")), ("", (0, ""))],
)
def test_what_a_database_says_of_itself(text: str, found: tuple[int, str]) -> None:
    assert version_in(text) == found
    assert (2025, "b") > (2025, "a") > (2024, "g") > (0, "")


def test_zones_are_made_in_one_place_only() -> None:
    strays = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        if path != Path(zones.__file__)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and "ZoneInfo" in ast.unparse(node.func)
    ]
    assert not strays, f"zone_named() of model/zones.py takes the newer database: {', '.join(strays)}"


HOURS = [
    (TWICE, "2026-11-01 01:30-07:00", "2026-11-01 01:30-08:00"),
    (NEVER, "2026-03-08 03:30-07:00", "with its offset"),
]


@pytest.mark.parametrize(("hour", "first", "second"), HOURS)
def test_an_hour_that_clocks_show_twice_or_never_asks_for_its_offset(hour: str, first: str, second: str) -> None:
    with pytest.raises(UnsureHour) as fault:
        moment(hour, TIJUANA)
    assert first in str(fault.value.what)
    assert second in str(fault.value.what)


def test_with_its_offset_an_hour_is_sure() -> None:
    assert moment(f"{TWICE}-07:00", TIJUANA).astimezone(UTC).hour == 8
    assert moment(f"{TWICE} -08:00", TIJUANA).astimezone(UTC).hour == 9
    assert moment("2026-03-08 02:30-08:00", TIJUANA).astimezone(UTC).hour == 10


@pytest.mark.parametrize("text", ["2026-11-01 00:59", "2026-11-01 02:00", "2026-03-08 01:59", "2026-03-08 03:00"])
def test_the_hours_beside_it_are_sure(text: str) -> None:
    assert written(moment(text, TIJUANA)) == text


def test_a_day_is_a_day_even_where_its_midnight_is_not() -> None:
    havana = zone_named("America/Havana")  # clocks are set at midnight
    assert moment("2026-03-08", havana).day == 8
    with pytest.raises(UnsureHour):
        moment("2026-03-08 00:30", havana)


def test_a_moment_is_written_so_that_it_is_read_as_the_same() -> None:
    at = datetime(2026, 10, 31, 20, tzinfo=UTC)
    for _ in range(48):
        assert moment(written(at.astimezone(TIJUANA)), TIJUANA) == at
        at += timedelta(minutes=30)


def test_the_offsets_of_an_hour() -> None:
    assert len(offsets_at(datetime(2026, 11, 1, 1, 30, tzinfo=TIJUANA))) == 2
    assert len(offsets_at(datetime(2026, 11, 1, 1, 30, tzinfo=UTC))) == 1
    assert not offsets_at(datetime(2026, 3, 8, 2, 30, tzinfo=TIJUANA))
