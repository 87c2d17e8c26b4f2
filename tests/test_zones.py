"""Hours and zones: the newer of two databases, and hours that clocks show twice or never."""

import ast
import pickle
import re
import subprocess
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.offices import SETTINGS, a_release, comsoc

from comsoc_cli.model import zones
from comsoc_cli.model.zones import is_zone, offsets_at, version_in, zone_named, zones_version
from comsoc_cli.office.moments import UnsureHour, moment, written

Layout = Callable[..., Path]
PACKAGE = Path(__file__).parent.parent / "comsoc_cli"
TIJUANA = zone_named("America/Tijuana")


def a_database(folder: Path, version: str, *, hours: int) -> Path:
    """A database of its own, in which Mazatlan is so many hours from UTC for ever (RFC 8536)."""
    zone = folder / "America/Mazatlan"
    zone.parent.mkdir(parents=True)
    header = b"TZif" + bytes(1 + 15)
    counts = b"".join(number.to_bytes(4, "big") for number in (0, 0, 0, 0, 1, 4))
    kind = (hours * 3600).to_bytes(4, "big", signed=True) + bytes(2)
    zone.write_bytes(header + counts + kind + b"XXX\0")
    (folder / "tzdata.zi").write_text(f"# version {version}\n")
    return folder


@pytest.fixture
def system() -> Iterator[Callable[[Path], None]]:
    """Lets a database be the system's."""

    def make(folder: Path) -> None:
        zoneinfo.reset_tzpath([str(folder)])
        zone_named.cache_clear()

    yield make
    zoneinfo.reset_tzpath()
    zone_named.cache_clear()


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


def test_another_process_reads_a_zone_where_this_one_does(system: Callable[[Path], None], tmp_path: Path) -> None:
    system(a_database(tmp_path, "2022a", hours=-6))
    data = pickle.dumps(datetime(2026, 7, 15, 12, tzinfo=zone_named("America/Mazatlan")))
    program = f"import pickle; print(pickle.loads({data!r}).utcoffset())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          env={"PYTHONTZPATH": str(tmp_path)}, cwd=PACKAGE.parent)  # fmt: skip
    assert done.stdout.strip() == str(timedelta(hours=-7)), done.stderr


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


TWICE, NEVER = "2026-11-01 01:30", "2026-03-08 02:30"
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


BAJA = SETTINGS.replace('url = "', 'timezone = "America/Tijuana"\nurl = "')
FIELDS: list[tuple[str, int, dict[str, object]]] = [
    ("date", 4, {"date": TWICE}),
    ("embargo", 8, {"embargo": TWICE}),
    ("event.start", 8, {"event": {"start": NEVER, "place": "Palacio"}}),
    ("event.end", 8, {"event": {"start": "2026-11-01 00:30", "end": TWICE, "place": "Palacio"}}),
]


@pytest.mark.parametrize(("field", "line", "matter"), FIELDS)
def test_a_release_with_such_an_hour_is_told_by_field_and_line(
    office: Layout, field: str, line: int, matter: dict[str, object]
) -> None:
    kind = "invitacion" if "event" in matter else "boletin"
    root = office({"comsoc.toml": BAJA, "releases/becas.md": a_release(kind=kind, **matter)})
    checked = comsoc(root, "check", "becas", "--json")
    [problem] = [one for one in checked.json["problems"] if one["severity"] == "error"]
    assert (problem["rule"], problem["field"], problem["line"]) == ("unsure-hour", field, line)
    assert comsoc(root, "approve", "becas", "--by", "Ana", "--yes").code == 1


def test_options_and_blackouts_ask_as_well(office: Layout) -> None:
    root = office({"comsoc.toml": BAJA})
    for option in ("--date", "--embargo"):
        answer = comsoc(root, "new", "Otro", option, TWICE, "--no-edit")
        assert answer.code == 2
        assert "01:30-08:00" in answer.err
    assert comsoc(root, "new", "Otro", "--embargo", f"{TWICE}-08:00", "--no-edit").code == 0
    assert f"embargo: {TWICE}-08:00" in (root / "releases/otro.md").read_text(encoding="utf-8")
    (root / "comsoc.toml").write_text(
        f'{BAJA}\n[[blackouts]]\nname = "Veda"\nhide_site = true\nfrom = 2026-11-01 01:30:00\n'
    )
    answer = comsoc(root, "check")
    assert re.search(r"comsoc\.toml:\d+ +error +blackouts\[1\]\.from", answer.said)
    assert "01:30-08:00" in answer.said
    whole = 'name = "Veda"\nhide_site = true\nfrom = 2026-11-01 01:30:00-08:00\n'
    (root / "comsoc.toml").write_text(f"{BAJA}\n[[blackouts]]\n{whole}")
    assert "blackouts" not in comsoc(root, "check").said


def test_an_embargo_is_not_moved_to_such_an_hour(office: Layout) -> None:
    matter = {"date": "2026-10-31 10:00", "embargo": "2026-10-31 18:00"}
    root = office({"comsoc.toml": BAJA, "releases/becas.md": a_release(**matter)})
    now = "2026-10-31T17:00:00+00:00"
    assert comsoc(root, "approve", "becas", "--by", "Ana", "--yes", now=now).code == 0
    answer = comsoc(root, "embargo", "becas", "--until", TWICE, "--yes", now=now)
    assert answer.code == 2
    assert "01:30-08:00" in answer.err
