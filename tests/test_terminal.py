"""What reaches a screen: nothing that a terminal obeys, in every encoding, with the same exit code."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.offices import CONTACTS, a_release, an_environment, an_office
from support.processes import on_a_terminal

from comsoc_cli.cli.terminal import Screen, harmless, json_text, readable, shown, spelled, width

ESC, BELL, CSI, OVERRIDE, ISOLATE = "\x1b", "\x07", "\x9b", "\u202e", "\u2066"
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]|\r(?!\n)")


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


# The whole way

HOSTILE_BOOK = CONTACTS.replace("Mesa de redacción", '"Mesa\\x9b31m \\u202e de redacción"').replace(
    "{title: Radio,", '{title: "Radio\\x1b[2J",'
)
CALLS: tuple[tuple[str, ...], ...] = (
    ("list",),
    ("check",),
    ("check", "--json"),
    ("check", "--format", "github"),
    ("contacts", "list"),
    ("contacts", "show", "mesa@diario.example", "--json"),
    ("approve", "esc", "--by", "Ana\x1b[31m"),
    ("send", "esc\x1b[31m", "--segment", "media"),
    ("\x1b[31mlist",),
    ("--\x1b[31m",),
    ("list", "--help"),
)


def the_bytes(office: Path, *words: str, encoding: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a terminal of an encoding would."""
    environment = an_environment(lang="es", **({"PYTHONIOENCODING": encoding} if encoding else {}))
    done = subprocess.run(
        [sys.executable, "-m", "comsoc_cli", *map(os.fsencode, words)],
        cwd=office,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose texts, names and files try to speak to the terminal."""
    office = an_office(
        tmp_path_factory.mktemp("hostile"),
        {
            "contacts.yaml": HOSTILE_BOOK,
            "releases/esc.md": '---\nheadline: "Becas\\e]0;x\\a \\x9b31m \\u202e fin"\n---\n\nTexto.\n',
            "releases/crudo.md": "---\nheadline: Becas \x1b[31m\n---\n\nTexto.\n",
            "releases/dos\nlineas.md": a_release(),
        },
    )
    Path(os.fsdecode(os.fsencode(office) + b"/releases/ni\xf1o.md")).write_text(a_release(), encoding="utf-8")
    return office


@pytest.mark.parametrize("words", CALLS, ids=[" ".join(map(shown, words)) for words in CALLS])
def test_no_command_lets_a_control_through_and_none_depends_on_the_encoding(
    words: tuple[str, ...], hostile: Path
) -> None:
    codes = set()
    for encoding in ("utf-8", "ascii"):
        done = the_bytes(hostile, *words, encoding=encoding)
        codes.add(done.returncode)
        for part in (done.stdout, done.stderr):
            assert not OBEYED.search(part.decode(encoding)), part
        if "--json" in words:
            json.loads(done.stdout)
    assert len(codes) == 1


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_what_was_accepted_stays_accepted_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    """Send and kill: the exit codes, and the words of the outcome, in what the terminal has."""
    office = an_office(tmp_path)
    assert the_bytes(office, "approve", "becas", "--by", "Dirección", encoding=encoding).returncode == 0
    sent = the_bytes(office, "send", "becas", "--segment", "media", "--yes", encoding=encoding)
    assert sent.returncode == 0, sent.stderr
    assert b"BOLET" in sent.stdout
    assert b"nadie dos veces" in sent.stdout
    the_bytes(office, "contacts", "suppress", "cabina@radio.example", encoding=encoding)
    killed = the_bytes(office, "kill", "becas", "--reason", "Cifra “falsa” ✗", "--yes", encoding=encoding)
    assert killed.returncode == 0, killed.stderr
    assert "Radio Costa: Cabina" in killed.stdout.decode(encoding)


def test_a_reason_typed_in_another_encoding_is_read_as_it_was_meant(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    reason = os.fsdecode("Información falsa".encode("latin-1"))
    the_bytes(office, "approve", "becas", "--by", os.fsdecode("Martín".encode("latin-1")))
    assert the_bytes(office, "kill", "becas", "--reason", reason, "--yes").returncode == 0
    told = the_bytes(office, "status", "--audit").stdout.decode()
    assert "Información falsa" in told or "Información falsa" in (office / "approved/becas/kill.yaml").read_text()
    assert "Martín" in (office / "approved" / "becas" / "r1" / "approval.yaml").read_text(encoding="utf-8")


def test_a_file_whose_name_is_not_utf8_hinders_no_build_of_the_others(hostile: Path) -> None:
    done = the_bytes(hostile, "build", "becas", "--only", "web")
    assert done.returncode == 0, done.stderr
    everything = the_bytes(hostile, "build", "--only", "web")
    assert everything.returncode == 1
    assert rb"ni\xf1o" in everything.stderr


def test_the_moving_bar_moves_and_the_facts_beside_it_do_not(tmp_path: Path) -> None:
    """On a terminal the bar's own sequences are there, and a contact's are written out."""
    office = an_office(tmp_path, {"contacts.yaml": CONTACTS.replace("Cabina", '"Cabina\\x9b31m"')})
    the_bytes(office, "approve", "becas", "--by", "Ana")
    code, screen = on_a_terminal(office, "send", "becas", "--segment", "media", typed="3", waits_for="3")
    assert code == 0
    assert "\x1b[" in screen
    assert "\x9b" not in screen
