"""Numbers: the series of the year on the sheet, how they are written, series by agency, and where a series begins."""

from pathlib import Path

import pytest
from support.offices import SETTINGS

from comsoc_cli.model.settings import Kind
from comsoc_cli.office.settings import read_settings


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('number_format = "{year}"', "number_format"),
        ('number_format = "{number"', "number_format"),
        ('number_format = "{number:x}"', "number_format"),
        ('number_format = "{number!r}"', "number_format"),
        ('number_format = "{number.real}"', "number_format"),
        ('number_format = "{number} {otro}"', "number_format"),
        ('number_format = "{number}\\n"', "number_format"),
        ('number_format = "{year:04} {number}"', "number_format"),
        ('series = "region"', "series"),
        ("first_number = 0", "first_number"),
        ('first_numbers = {"pronto" = 3}', "first_numbers"),
        ('first_numbers = {"2027" = 0}', "first_numbers"),
        ('subject = "{agencia}"', "subject"),
    ],
)
def test_a_slip_in_how_numbers_are_written_is_an_error(tmp_path: Path, written: str, key: str) -> None:
    (tmp_path / "comsoc.toml").write_text(f"{SETTINGS}\n[kinds.boletin]\n{written}\n", encoding="utf-8")
    settings, problems = read_settings(tmp_path)
    assert settings is None
    assert [one.field for one in problems] == [f"kinds.boletin.{key}"]
    assert problems[0].line


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("{number}", "45"),
        ("{number:04}/{year}", "0045/2026"),
        ("{agency}-{number:03}/{year}", "SEPyC-045/2026"),
        ("No. {number:4d}", "No.   45"),
    ],
)
def test_a_number_is_written_as_the_kind_says(pattern: str, written: str) -> None:
    assert Kind(label="Boletín", number_format=pattern).number_text(45, 2026, "SEPyC") == written


# Where a series begins


@pytest.mark.parametrize(
    ("kind", "year", "series", "is_first_year", "number"),
    [
        ({}, 2026, "", True, 1),
        ({"first_number": 413}, 2026, "", True, 413),
        ({"first_number": 413}, 2027, "", False, 1),
        ({"first_numbers": {"2026": 413}}, 2026, "", True, 413),
        ({"first_numbers": {"2026": 413}}, 2027, "", True, 1),
        ({"first_numbers": {"2027": 20}, "first_number": 413}, 2027, "", False, 20),
        ({"first_numbers": {"2026": 413, "sepyc/2026": 46}}, 2026, "sepyc", True, 46),
        ({"first_numbers": {"2026": 413, "sepyc/2026": 46}}, 2026, "salud", True, 413),
    ],
)
def test_a_year_begins_where_the_office_says(
    kind: dict[str, object], year: int, series: str, is_first_year: bool, number: int
) -> None:
    settings = Kind(label="Boletín", **kind)  # type: ignore[arg-type]
    assert settings.begins_at(year, series, is_first_year=is_first_year) == number
