"""Letters that the PDF's fonts do not have are told with their line; those that they have are not."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from support.offices import a_release, comsoc
from support.texts import a_text, approved, documents

from comsoc_cli.copydesk.glyphs import SANS, SERIF
from comsoc_cli.rendering.templates import packaged_folder

Layout = Callable[..., Path]


def as_ranges(letters: set[int]) -> str:
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return " ".join(f"{first:x}-{last:x}" if first != last else f"{first:x}" for first, last in runs)


@pytest.mark.parametrize(
    ("ranges", "face"), [(SANS, "source-sans-3-{}-400-normal"), (SERIF, "source-serif-4-{}-600-normal")]
)
def test_the_tables_are_those_of_the_packaged_fonts(ranges: str, face: str) -> None:
    found: set[int] = set()
    for part in ("latin", "latin-ext"):
        found |= set(TTFont(packaged_folder() / "fonts" / f"{face.format(part)}.woff2").getBestCmap())
    assert " ".join(ranges.split()) == as_ranges(found)


def told(office: Layout, body: str, **matter: object) -> list[tuple[object, str]]:
    """Line and sentence of each finding."""
    root = office({"releases/becas.md": a_release(body, **matter)})
    problems = comsoc(root, "check", "becas", "--json").json["problems"]
    return [(one["line"], one["message"]) for one in problems if one["rule"] == "glyph-missing"]


def test_emoji_arrows_and_other_scripts_are_named_with_their_line(office: Layout) -> None:
    body = "El programa arranca hoy en todo el estado.\n\nRegistro → en línea 🎉.\n\n- 学校 de idiomas"
    [(line, message)] = told(office, body)
    assert line == 12
    for letter in ("→ (U+2192)", "🎉 (U+1F389)"):
        assert letter in message
    assert "14" in message  # the line of the other


def test_headline_and_summary_are_looked_at_as_well(office: Layout) -> None:
    found = told(office, "El programa arranca hoy.", headline="Arranca ✓ el programa", summary=["Uno", "≥ 10 becas"])
    assert sorted("✓" if "✓" in message else "≥" for _, message in found) == sorted("≥✓")


@pytest.mark.parametrize(
    "text",
    [
        "“Ñandú”, ‘pingüino’… – — ¿qué? ¡ya! 10 °C, ½, 3 m², 50 %, 20 €, n.º 4, 1.ª, • ™ ® © § ¶ × ÷ ± µ",
        "Łódź, Škoda, Ångström, Čapek, İstanbul, Erdoğan, Ōsaka, Nuñez, Güemes, Hoàng Văn Thái",
        "a\u00a0b, a\u202fb, a\u2011b, a\u00adb, a\u200bb, e\u0301",
        "`código → aparte`",
    ],
)
def test_what_the_fonts_have_is_no_matter(office: Layout, text: str) -> None:
    assert not told(office, f"El programa arranca hoy en todo el estado. {text}")


def test_spaces_and_hyphens_without_a_glyph_are_set_as_usual_ones() -> None:
    text = a_text("Son 48\u202fmil becas para Sinaloa\u2011Norte.")
    [sheet] = PdfReader(io.BytesIO(documents().pdf(approved(text), text))).pages
    assert "Sinaloa-Norte" in sheet.extract_text()
    fonts = [str(one["/BaseFont"]) for one in sheet["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert all("Sheet-" in name for name in fonts), fonts


@pytest.mark.parametrize(
    ("address", "code", "place"),
    [
        ("ana\u200b@diario.example", "U+200B", "“ana”"),
        ("ana\u00a0ruiz@diario.example", "U+00A0", "“ana”"),
        ("an\u00ada@diario.example", "U+00AD", "“an”"),
        ("ana@\u200fdiario.example", "U+200F", "“ana@”"),
        ("\ufeffana@diario.example", "U+FEFF", "beginning"),
    ],
)
def test_an_address_with_a_character_that_nobody_sees_is_told_with_the_character(
    office: Layout, address: str, code: str, place: str
) -> None:
    root = office({"contacts.yaml": f"contacts:\n  - email: {json.dumps(address)}\n"})
    answer = comsoc(root, "check")
    assert answer.code == 1
    [line] = [one for one in answer.said.splitlines() if "contacts.yaml:2" in one]
    assert f"[{code}]" in line
    assert place in answer.said.replace("\n", " ")
