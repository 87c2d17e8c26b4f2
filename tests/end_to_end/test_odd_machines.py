"""Machines that are set up oddly: names in Latin-1, no home folder, a full disk, a name that no server takes."""

import json
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from support.odd_machines import LATIN, NOBODY
from support.offices import SETTINGS, an_environment, an_office, comsoc

from comsoc_cli.office.git import author, identity


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose name for the user is in Latin-1."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    (tmp_path / "config").write_bytes(b"[user]\n\tname = " + LATIN + b"\n\temail = m@sinaloa.example\n")
    folder = an_office(tmp_path / "office")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def test_a_name_in_latin_1_is_read_from_git(repository: Path) -> None:
    found = identity(repository)
    assert found
    assert found.name == "Martín Peña"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_an_author_in_latin_1_is_read_from_a_commit(repository: Path, encoding: str) -> None:
    git = ["git", "-C", str(repository), "-c", f"i18n.commitEncoding={encoding}"]
    subprocess.run([*git, "add", "releases"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Becas"], check=True, capture_output=True)
    assert author(repository, repository / "releases/becas.md") == "Martín Peña"


def test_a_name_in_latin_1_hinders_no_approval_and_no_send(repository: Path, tmp_path: Path) -> None:
    plain = {"GIT_CONFIG_COUNT": "0", "GIT_CONFIG_GLOBAL": str(tmp_path / "config"), "GIT_AUTHOR_NAME": "Martín"}
    approved = comsoc(repository, "approve", "becas", **plain)
    assert approved.code == 0, approved.said
    assert comsoc(repository, "send", "becas", "--segment", "media", "--yes", **plain).code == 0
    [receipt] = (repository / "dispatches").glob("*.json")
    assert json.loads(receipt.read_text(encoding="utf-8"))["sent_by"] == "Martín Peña"


@pytest.mark.parametrize("words", [("check",), ("approve", "becas"), ("send", "becas", "--segment", "media", "--yes")])
def test_the_home_of_nobody_in_the_settings_is_no_mistake_of_comsoc(tmp_path: Path, words: tuple[str, ...]) -> None:
    more = f'[smtp]\nhost = "127.0.0.1"\nusername = "prensa"\npassword_file = "{NOBODY}"\n'
    more += f'[dkim]\ndomain = "sinaloa.example"\nselector = "s"\nkey_file = "{NOBODY}"\n'
    office = an_office(tmp_path / "office", {"comsoc.toml": f"{SETTINGS}\n{more}"})
    assert "Traceback" not in comsoc(office, *words).err  # `comsoc` shows those of bugs


def _with_no_room(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """A command on a machine where no file can be written: it can make one, and it stays empty."""
    return subprocess.run(
        [sys.executable, "-m", "comsoc_cli", *words],
        cwd=folder,
        env=an_environment(),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY)),
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "becas", "--yes"),
        ("build", "--only", "web"),
        ("send", "becas", "--segment", "media", "--yes"),
        ("contacts", "suppress", "mesa@diario.example"),
    ],
)
def test_where_nothing_can_be_written_the_cause_is_told(tmp_path: Path, words: tuple[str, ...]) -> None:
    office = an_office(tmp_path / "office")
    assert comsoc(office, "approve", "becas").code == 0
    book = (office / "contacts.yaml").read_bytes()
    if words[0] == "approve":
        release = office / "releases/becas.md"
        release.write_text(release.read_text() + "\nHabrá más becas.\n")
    done = _with_no_room(office, *words)
    told = done.stderr.decode()
    assert "Traceback" not in told
    assert done.returncode == 5, told
    assert re.search("File too large|disk", told), told
    assert (office / "contacts.yaml").read_bytes() == book
