"""What reaches a screen: nothing that a terminal obeys, in every encoding, with the same exit code."""

import io
import json
import os
from pathlib import Path

import pytest
from support.screens import OBEYED

from comsoc_cli.cli.terminal import Screen, harmless, json_text, readable, shown, spelled, width


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Becas 2027: ñandú “así” – 日本", "Becas 2027: ñandú “así” – 日本"),
        ("\x1b[31mrojo", r"\x1b[31mrojo"),
        ("\x1b]0;título\x07", r"\x1b]0;título\x07"),
        ("\x9b31m\x85", r"\x9b31m\x85"),
        ("a\bb\x00\x7f", r"a\x08b\x00\x7f"),
        ("abc\u202edef\u2069\u200f", r"abc\u202edef\u2069\u200f"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("ni\udcf1o", r"ni\xf1o"),
        ("\ud800", r"\ud800"),
        ("uno\ndos\ttres", "uno\ndos\ttres"),
        ("fin de línea de CSV\r\n", "fin de línea de CSV\r\n"),
        ("Aprobó nadie\rAprobó Ana", r"Aprobó nadie\rAprobó Ana"),
        ("👩‍👩‍👧 a\u0301", "👩‍👩‍👧 a\u0301"),
    ],
)
def test_what_a_terminal_obeys_is_written_out(text: str, expected: str) -> None:
    assert harmless(text) == expected
    assert harmless(expected) == expected


def test_a_name_stays_on_its_line() -> None:
    assert shown("Ana\n  Aprobó  Luis\r\n\tfin") == r"Ana\n  Aprobó  Luis\r\n\tfin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("✗ no se envió → “Medios” …", 'x no se envio -> "Medios" ...'),
        ("aceptado 10 · rechazados 1", "aceptado 10 - rechazados 1"),
        ("+3 −1, 10:00–10:02 — fin", "+3 -1, 10:00-10:02 -- fin"),
        ("¿Ñandú? ¡Sí! 5 €, 21 °C, 1.º, ½", "?Nandu? !Si! 5 EUR, 21 oC, 1.o, 1/2"),
        ("Łódź, Straße, Ærø", "Lodz, Strasse, AEro"),
        ("a\u0301 e\u200dx", "a ex"),
        ("日本 🙂", "?? ?"),
    ],
)
def test_what_an_encoding_does_not_have_is_spelled(text: str, expected: str) -> None:
    assert spelled(text) == expected


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "✗ Martín → “Peña”…"),
        ("latin-1", 'x Martín -> "Peña"...'),
        ("cp1252", "x Martín -> “Peña”…"),
        ("ascii", 'x Martin -> "Pena"...'),
    ],
)
def test_a_screen_takes_every_text(encoding: str, expected: str) -> None:
    below = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    print("✗ Martín → “Peña”…", end="", file=Screen(below), flush=True)
    below.seek(0)
    assert below.buffer.read().decode(encoding) == expected


def test_only_our_own_styling_may_colour() -> None:
    below = io.StringIO()
    screen = Screen(below)
    screen.write("\x1b[31mde un titular\n")
    screen.styling().write("\x1b[31mde una barra\n")
    assert below.getvalue() == "\\x1b[31mde un titular\n\x1b[31mde una barra\n"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_json_is_valid_and_harmless_in_every_encoding(encoding: str) -> None:
    facts = {"name": "Ñandú \x1b \x7f \x85 \x9b \u202e \u2028 “→” 🙂", "lines": "a\nb"}
    text = json_text(facts, encoding)
    assert json.loads(text) == facts
    assert not OBEYED.search(text)
    text.encode(encoding)
    assert ("Ñandú" in text) == (encoding == "utf-8")


def test_a_name_that_is_not_utf8_becomes_json_that_every_reader_takes() -> None:
    assert json.loads(json_text(["ni\udcf1o"]).encode("utf-8")) == ["ni\ufffdo"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Información “falsa”", "Información “falsa”"),
        (os.fsdecode("Información".encode("latin-1")), "Información"),
        (os.fsdecode("“Martín”".encode("cp1252")), "“Martín”"),
        ("Informaci\udcc3\udcb3n", "Información"),
        ("a\x1b[31mb\x9b\x07", "a[31mb"),
        ("uno\ndos\ttres", "uno\ndos\ttres"),
    ],
)
def test_an_argument_is_read_in_the_encoding_it_came_in(word: str, expected: str) -> None:
    assert readable(word) == expected


def test_a_file_keeps_the_name_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"ni\xf1o.md")
    try:
        Path(name).touch()
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert readable(name) == name


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("ñandú", 5), ("n\u0303", 1), ("日本", 4), ("🙂", 2)])
def test_the_width_of_a_text_is_in_columns(text: str, columns: int) -> None:
    assert width(text) == columns
