"""The office's key: receipts name people by it without saying who they are.

It lies in .comsoc/key, which git ignores, or comes from COMSOC_KEY. With it one can tell from a receipt whether an
address is in it; without it one cannot, not even by trying all the addresses that there are.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.office.files import FileFault, read_text, write_text
from comsoc_cli.office.folder import Office

VARIABLE = "COMSOC_KEY"


class KeyUnreadable(Refusal):
    """There is a key, and without it no receipt tells who has what."""

    exit_code = UNUSABLE

    def __init__(self, path: Path, message: Message) -> None:
        super().__init__(
            said("The office's key {path} cannot be used: {message}.", path=path, message=message),
            said("Correct the file's permissions or copy it again from a machine that has it; or set COMSOC_KEY."),
        )


@dataclass(frozen=True)
class OfficeKey:
    """A secret of the office."""

    secret: bytes

    @property
    def id(self) -> str:
        """What receipts call the key: 16 hexadecimal digits, from which it cannot be found."""
        return digest(self.secret, b"comsoc key id", sha256).hex()[:16]

    def hashed(self, address_key: str) -> str:
        """16 bytes of HMAC-SHA256 (RFC 2104) in hexadecimal, the same for all spellings of one mailbox."""
        return digest(self.secret, b"address\0" + address_key.encode(), sha256).hex()[:32]


def office_key(office: Office, environment: Mapping[str, str]) -> OfficeKey | None:
    """The key, or None where there is none yet; raises KeyUnreadable."""
    given = environment.get(VARIABLE, "").strip()
    path = office.state / "key"
    if not given and path.exists():
        try:
            given = read_text(path).strip()
        except FileFault as fault:
            raise KeyUnreadable(path, fault.message) from None
    return OfficeKey(given.encode(errors="surrogateescape")) if given else None


def passing_key() -> OfficeKey:
    """A key for one run, written nowhere: what is there cannot be used, and is not to be replaced."""
    return OfficeKey(secrets.token_hex(32).encode())


def make_key(office: Office) -> OfficeKey:
    """A new key, put in place for its owner alone; raises StoreUnusable."""
    key = secrets.token_hex(32)
    write_text(office.state / "key", key + "\n", private=True)
    return OfficeKey(key.encode())
