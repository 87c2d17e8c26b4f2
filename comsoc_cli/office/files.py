"""Reading and writing single files of the office so that nothing is half-read or half-written."""

import contextlib
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.private import file_mode

_COUNT = itertools.count()
_NEW = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
#: Characters of no alphabet, with which rendering marks places of its own.
_RESERVED = re.compile("[\ue0f0-\ue0ff]")


class FileFault(Exception):
    """Why a file cannot be read, and on which line; becomes a problem where the file's place is known."""

    def __init__(self, message: Message, line: int | None = None, rule: str = "unreadable") -> None:
        super().__init__(str(message))
        self.message = message
        self.line = line
        self.rule = rule
        self.more: tuple[FileFault, ...] = ()  #: what else is wrong with the same file, further down

    def all(self) -> "tuple[FileFault, ...]":
        return self, *self.more


class StoreUnusable(Refusal):
    """A file could not be written; nothing was changed."""

    exit_code = UNUSABLE

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            said("{path} could not be written: {cause}.", path=path, cause=cause.strerror or str(cause)),
            said("Make room on the disk or correct the folder's permissions; then repeat the same command."),
        )


class MachineUnusable(Refusal):
    """The machine refused what no part of comsoc had foreseen."""

    exit_code = UNUSABLE

    def __init__(self, cause: OSError) -> None:
        path, words = cause.filename, cause.strerror or str(cause)
        super().__init__(
            said("{path} cannot be used: {cause}.", path=os.fsdecode(path), cause=words)
            if isinstance(path, str | bytes | os.PathLike)
            else said("Something cannot be read or written on this machine: {cause}.", cause=words),
            said("Make room on the disk or correct the folder's permissions; then repeat the same command."),
        )


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without a byte-order mark and with plain line ends; raises FileFault."""
    return plain_text(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """What a file holds; raises FileFault."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FileFault(said("the file cannot be read: {cause}", cause=fault.strerror or str(fault))) from None


def plain_text(data: bytes) -> str:
    """UTF-8 as text, without a byte-order mark and with plain line ends; raises FileFault."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        message = said("the file is not UTF-8; save it again with the encoding UTF-8")
        raise FileFault(message, line, "encoding") from None
    if found := _RESERVED.search(text):
        raise FileFault(
            said("an invisible control character stands here"), text.count("\n", 0, found.start()) + 1, "encoding"
        )
    if "\0" in text:
        raise FileFault(
            said("the file holds bytes that are no text"), text.count("\n", 0, text.index("\0")) + 1, "encoding"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All that lies in a folder and its folders; a link is not followed. What goes away meanwhile is not there."""
    ahead = [str(folder)]
    while ahead:
        with contextlib.suppress(OSError), os.scandir(ahead.pop()) as found:
            for entry in found:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    ahead.append(entry.path)


def write_bytes(path: Path, data: bytes, *, private: bool = False, durable: bool = True) -> None:
    """Put a whole file in place at once; raises StoreUnusable and then leaves what was there.

    A `private` one can be read by its owner alone, or by the group that shares the office. Unless it is `durable`,
    the power may take it with itself.
    """
    # A name that no other process or thread uses.
    temporary = f"{path.parent}/.{os.getpid()}-{next(_COUNT)}.tmp"
    mode = 0o600 if private else 0o666
    try:
        try:
            descriptor = os.open(temporary, _NEW, mode)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, _NEW, mode)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if private:
                os.fchmod(descriptor, file_mode(path))
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)  # noqa: PTH105 - a path object costs more than the call
    except OSError as fault:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise StoreUnusable(path, fault) from None


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """`write_bytes` for text in UTF-8."""
    write_bytes(path, text.encode("utf-8"), private=private)
