"""The office's key: whose address a receipt names can be told with it, and not without."""

import os
import re
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from support.offices import an_office

from comsoc_cli.errors import UNUSABLE
from comsoc_cli.model.contact import address_key
from comsoc_cli.office.addresses import normalised
from comsoc_cli.office.files import StoreUnusable
from comsoc_cli.office.folder import Office
from comsoc_cli.office.key import KeyUnreadable, OfficeKey, make_key, office_key
from comsoc_cli.office.settings import open_office

ADDRESS = "mesa@diario.example"


@pytest.fixture
def folder(tmp_path: Path) -> Office:
    return open_office(an_office(tmp_path / "office"))


def test_an_office_has_no_key_until_one_is_made(folder: Office) -> None:
    assert office_key(folder, {}) is None
    assert not folder.state.exists(), "asking makes nothing"
    made = make_key(folder)
    assert office_key(folder, {}) == made


def test_the_key_of_the_environment_comes_before_that_of_the_file(folder: Office) -> None:
    made = make_key(folder)
    given = office_key(folder, {"COMSOC_KEY": " otra clave\n"})
    assert given == OfficeKey(b"otra clave")
    assert given != made
    assert office_key(folder, {"COMSOC_KEY": "  "}) == made


def test_a_key_of_the_environment_writes_no_file(folder: Office) -> None:
    assert office_key(folder, {"COMSOC_KEY": "clave"})
    assert not (folder.state / "key").exists()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_only_its_owner_can_read_the_file(folder: Office, mask: int) -> None:
    before = os.umask(mask)
    try:
        make_key(folder)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder.state / "key").stat().st_mode) == 0o600
    assert [path.name for path in folder.state.iterdir()] == ["key"]


def test_every_key_is_another_one_and_too_long_to_guess(folder: Office) -> None:
    keys = {make_key(folder).secret for _ in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(rb"[0-9a-f]{64}", key) for key in keys)


def test_a_file_that_was_copied_by_hand_is_the_same_key(folder: Office) -> None:
    made = make_key(folder)
    path = folder.state / "key"
    path.write_bytes(b"\xef\xbb\xbf  " + made.secret + b"\r\n\r\n")
    assert office_key(folder, {}) == made


def test_an_empty_file_is_no_key(folder: Office) -> None:
    folder.state.mkdir()
    (folder.state / "key").write_text("\n")
    assert office_key(folder, {}) is None


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"clave\0", None])
def test_a_file_that_cannot_be_read_is_refused_and_not_replaced(folder: Office, content: bytes | None) -> None:
    path = folder.state / "key"
    folder.state.mkdir()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(KeyUnreadable) as refusal:
        office_key(folder, {})
    assert refusal.value.exit_code == UNUSABLE
    assert str(path) in str(refusal.value.message)


def test_a_key_that_cannot_be_written_is_refused(folder: Office) -> None:
    folder.state.write_text("a file where the folder should be")
    with pytest.raises(StoreUnusable):
        make_key(folder)


def test_the_id_of_a_key_is_always_the_same_and_tells_nothing_of_it() -> None:
    key = OfficeKey(b"clave de prueba")
    assert key.id == OfficeKey(b"clave de prueba").id == "a93df8777b830662"
    assert key.id != OfficeKey(b"clave de prueba.").id
    assert key.id not in sha256(key.secret).hexdigest()


def test_the_id_is_the_hash_of_no_address() -> None:
    """Else whoever writes an address that hashes to it would have its name."""
    key = OfficeKey(b"clave")
    for address in ("", "comsoc key id", "id", ADDRESS):
        assert not key.hashed(address).startswith(key.id)


def test_an_address_has_one_hash_with_one_key_and_another_with_another() -> None:
    key, other = OfficeKey(b"clave de prueba"), OfficeKey(b"otra clave")
    assert key.hashed(ADDRESS) == OfficeKey(b"clave de prueba").hashed(ADDRESS) == "c44729a0e0353749d7c00207a1941ae0"
    assert key.hashed(ADDRESS) != other.hashed(ADDRESS)
    assert key.hashed(ADDRESS) != key.hashed("otra@diario.example")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADDRESS, "Mesa@Diario.Example"),
        (ADDRESS, "MESA@DIARIO.EXAMPLE"),
        ("ana@peñasco.example", "ana@xn--peasco-xwa.example"),
        ("se\u00f1al@x.example", "SEN\u0303AL@x.example"),
    ],
)
def test_all_spellings_of_one_mailbox_have_one_hash(one: str, other: str) -> None:
    key = OfficeKey(b"clave")
    assert key.hashed(address_key(normalised(one))) == key.hashed(address_key(normalised(other)))


def test_a_hash_cannot_be_found_by_trying_addresses_without_the_key() -> None:
    hashed = OfficeKey(b"clave").hashed(ADDRESS)
    assert re.fullmatch("[0-9a-f]{32}", hashed)
    assert hashed not in sha256(ADDRESS.encode()).hexdigest()
    assert hashed not in sha256(b"address\0" + ADDRESS.encode()).hexdigest()
