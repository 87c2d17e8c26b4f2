"""What a careful programmer writes with smtplib: the message once as bytes, four threads, a connection each."""

import csv
import smtplib
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

SENDER = "prensa@sinaloa.example"
ADDRESS, NAME = "address.of.the@recipient.example", "NameOfTheRecipient"
THREADS = 4


def compiled(folder: Path) -> bytes:
    """The message to nobody in particular."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Comunicación Social <{SENDER}>"
    message["To"] = ADDRESS
    message["Subject"] = "Boletín | Arranca el programa estatal de becas"
    message.set_content(f"{NAME}:\n" + (folder / "letter.txt").read_text(encoding="utf-8"))
    message.add_alternative((folder / "letter.html").read_text(encoding="utf-8"), subtype="html")
    return message.as_bytes()


def send(message: bytes, recipients: Sequence[dict[str, str]], port: int) -> None:
    """Write to some of the recipients over one connection."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        for one in recipients:
            mine = message.replace(ADDRESS.encode(), one["email"].encode()).replace(NAME.encode(), one["name"].encode())
            server.sendmail(SENDER, [one["email"]], mine)


def main(folder: Path, port: int) -> None:
    message = compiled(folder)
    with (folder / "recipients.csv").open(encoding="utf-8", newline="") as rows:
        recipients = list(csv.DictReader(rows))
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda first: send(message, recipients[first::THREADS], port), range(THREADS)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
