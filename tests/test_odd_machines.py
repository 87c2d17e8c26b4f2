"""Machines that are set up oddly: names in Latin-1, no home folder, a full disk, a name that no server takes."""

import json
import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.offices import SETTINGS, an_environment, an_office, comsoc

from comsoc_cli.delivery.secrets import NoSecret, secret_for
from comsoc_cli.delivery.transports.greeting import greeting, own_greeting
from comsoc_cli.model.settings import Smtp
from comsoc_cli.office.folder import named_file
from comsoc_cli.office.git import author, identity
from comsoc_cli.office.key import office_key
from comsoc_cli.office.settings import open_office

LATIN = "Martín Peña".encode("latin-1")
NOBODY = "~nobody-of-this-name/secret"


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


def test_a_path_in_the_home_of_nobody_is_taken_as_it_is_written(tmp_path: Path) -> None:
    assert named_file(tmp_path, NOBODY) == tmp_path / NOBODY
    assert named_file(tmp_path, "keys/secret") == tmp_path / "keys/secret"


def test_a_secret_in_the_home_of_nobody_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoSecret, match="nobody-of-this-name"):
        secret_for(Smtp(host="x.example", username="prensa", password_file=NOBODY), tmp_path, {})


def test_a_keyring_that_does_not_start_has_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NoSecret):
        secret_for(Smtp(host="x.example", username="prensa"), tmp_path, {})


@pytest.mark.parametrize("words", [("check",), ("approve", "becas"), ("send", "becas", "--segment", "media", "--yes")])
def test_the_home_of_nobody_in_the_settings_is_no_mistake_of_comsoc(tmp_path: Path, words: tuple[str, ...]) -> None:
    more = f'[smtp]\nhost = "127.0.0.1"\nusername = "prensa"\npassword_file = "{NOBODY}"\n'
    more += f'[dkim]\ndomain = "sinaloa.example"\nselector = "s"\nkey_file = "{NOBODY}"\n'
    office = an_office(tmp_path / "office", {"comsoc.toml": f"{SETTINGS}\n{more}"})
    assert "Traceback" not in comsoc(office, *words).err  # `comsoc` shows those of bugs


def test_a_key_in_the_environment_may_be_of_any_bytes(tmp_path: Path) -> None:
    office = open_office(an_office(tmp_path / "office"))
    key = office_key(office, {"COMSOC_KEY": os.fsdecode(LATIN)})
    assert key
    assert key.secret == LATIN


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


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pc-ana.oficina.local", "pc-ana.oficina.local"),
        ("pc-ana.oficina.local.", "pc-ana.oficina.local"),
        ("pc-de-peña.oficina.local", "pc-de-pena.oficina.local"),
        ("PC_de_Ana.Oficina.local", "PC-de-Ana.Oficina.local"),
        ("_gateway.local", "gateway.local"),
        ("pc--ana.local", "pc--ana.local"),
        ("pc ana.local", "[192.0.2.7]"),
        ("プレス.local", "[192.0.2.7]"),
        ("pc-\udcf1.local", "[192.0.2.7]"),
        ("pc..local", "[192.0.2.7]"),
        (".local", "[192.0.2.7]"),
        ("192.0.2.7", "[192.0.2.7]"),
        ("x" * 64 + ".local", "[192.0.2.7]"),
        (".".join(["abcdefghi"] * 30), "[192.0.2.7]"),
        ("pc-ana", "[192.0.2.7]"),
        ("pc-ana.local\r\nMAIL FROM:<x@y.example>", "[192.0.2.7]"),
        ("", "[192.0.2.7]"),
    ],
)
def test_a_machine_greets_with_a_name_that_a_server_takes_or_with_its_address(name: str, said: str) -> None:
    assert greeting(name, "192.0.2.7") == said


def test_a_name_that_no_resolver_takes_hinders_no_greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "pc..oficina" + "\udcf1" * 70)
    assert re.fullmatch(r"\[127\.0\.0\.1\]|[A-Za-z0-9.-]+", own_greeting())
