"""Hours and zones: the newer of two databases, and hours that clocks show twice or never."""

import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.offices import SETTINGS, Layout, a_release, comsoc
from support.zones import NEVER, PACKAGE, TWICE, a_database

from comsoc_cli.model.zones import zone_named


def test_another_process_reads_a_zone_where_this_one_does(system: Callable[[Path], None], tmp_path: Path) -> None:
    system(a_database(tmp_path, "2022a", hours=-6))
    data = pickle.dumps(datetime(2026, 7, 15, 12, tzinfo=zone_named("America/Mazatlan")))
    program = f"import pickle; print(pickle.loads({data!r}).utcoffset())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                          env={"PYTHONTZPATH": str(tmp_path)}, cwd=PACKAGE.parent)  # fmt: skip
    assert done.stdout.strip() == str(timedelta(hours=-7)), done.stderr


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
