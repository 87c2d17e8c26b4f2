"""What reaches a screen: nothing that a terminal obeys, in every encoding, with the same exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.offices import CONTACTS, a_release, an_environment, an_office
from support.processes import on_a_terminal
from support.screens import OBEYED

from comsoc_cli.cli.terminal import shown

ESC, BELL, CSI, OVERRIDE, ISOLATE = "\x1b", "\x07", "\x9b", "\u202e", "\u2066"


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
