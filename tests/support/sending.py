"""Sends through the mail server of the tests, and what came of them."""

from collections import Counter
from pathlib import Path

from .mail_server import MailServer
from .offices import (
    SETTINGS,
    Answer,
    comsoc,
)


def through(office: Path, server: MailServer, settings: str = "") -> Path:
    """The office sends through a server, over one line."""
    smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\nretry_for = 0\n'
    (office / "comsoc.toml").write_text(f"{SETTINGS}\n{smtp}\n{settings}", encoding="utf-8")
    return office


def received(server: MailServer) -> Counter[str]:
    """How many messages each address has in its mailbox."""
    return Counter(recipient for message in server.messages() for recipient in message.recipients)


def outcomes(office: Path) -> dict[str, str]:
    """What the ledger says of each address, of the text."""
    [one] = comsoc(office, "status", "becas", "--json").json["releases"]
    return {row["address"]: row["outcome"] for row in one["deliveries"] if row["purpose"] == "release"}


def dispatch(answer: Answer) -> dict[str, object]:
    [one] = answer.json["dispatches"]
    return dict(one)
