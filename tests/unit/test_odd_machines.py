"""Machines that are set up oddly: names in Latin-1, no home folder, a full disk, a name that no server takes."""

import os
import re
import socket
import sys
from pathlib import Path

import pytest
from support.odd_machines import LATIN, NOBODY
from support.offices import an_office

from comsoc_cli.delivery.secrets import NoSecret, secret_for
from comsoc_cli.delivery.transports.greeting import greeting, own_greeting
from comsoc_cli.model.settings import Smtp
from comsoc_cli.office.folder import named_file
from comsoc_cli.office.key import office_key
from comsoc_cli.office.settings import open_office


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


def test_a_key_in_the_environment_may_be_of_any_bytes(tmp_path: Path) -> None:
    office = open_office(an_office(tmp_path / "office"))
    key = office_key(office, {"COMSOC_KEY": os.fsdecode(LATIN)})
    assert key
    assert key.secret == LATIN


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
