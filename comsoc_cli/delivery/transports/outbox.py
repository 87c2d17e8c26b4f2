"""The embedded transport: a Maildir that any mail program opens."""

import mailbox
from pathlib import Path

from comsoc_cli.delivery.transports import Envelope, TransportUnusable
from comsoc_cli.message import said
from comsoc_cli.model.delivery import Outcome, Reply
from comsoc_cli.model.private import make_folder, narrow


class Outbox:
    """Puts each message into `outbox/` as a file of its own."""

    name = "outbox"
    connections = 1

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def session(self) -> "OutboxSession":
        try:
            for folder in (self.folder, *(self.folder / name for name in ("cur", "new", "tmp"))):
                make_folder(folder)
            return OutboxSession(mailbox.Maildir(self.folder))
        except OSError as fault:
            raise _unusable(self.folder, fault) from None


class OutboxSession:
    """An open Maildir."""

    def __init__(self, maildir: mailbox.Maildir) -> None:
        self.maildir = maildir
        self.is_open = True
        self._new = Path(str(maildir._path)) / "new"

    def announce(self, envelope: Envelope) -> Reply | None:
        """Anybody may have a file."""
        return None

    def hand_over(self, message: bytes, following: Envelope | None = None) -> Reply:
        try:
            key = self.maildir.add(message.replace(b"\r\n", b"\n"))
            narrow(self._new / key)  # the folder is closed to others already
        except OSError as fault:
            raise _unusable(Path(str(self.maildir._path)), fault) from None
        return Reply(outcome=Outcome.ACCEPTED, text="outbox", queue_id=key.encode(errors="replace").decode())

    def drop(self) -> None:
        self.close()

    def close(self) -> None:
        self.is_open = False
        self.maildir.close()


def _unusable(folder: Path, fault: OSError) -> TransportUnusable:
    return TransportUnusable(
        said("The outbox {folder} cannot be written: {cause}.", folder=folder, cause=fault.strerror or str(fault)),
        said("Make room on the disk or correct the folder's permissions; the same command goes on."),
    )
