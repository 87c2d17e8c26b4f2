"""What a person writes with yagmail: a loop over one connection."""

import csv
import sys
from pathlib import Path

import yagmail


def main(folder: Path, port: int) -> None:
    # yagmail writes one content twice, as text and as HTML, so text and page of the release would go out double;
    # the text twice makes a message as long as the others'.
    text = (folder / "letter.txt").read_text(encoding="utf-8") * 2
    server = yagmail.SMTP(
        "prensa@sinaloa.example", host="127.0.0.1", port=port, smtp_starttls=False, smtp_ssl=False, smtp_skip_login=True
    )
    with server, (folder / "recipients.csv").open(encoding="utf-8", newline="") as rows:
        for one in csv.DictReader(rows):
            server.send(
                to=one["email"],
                subject="Boletín | Arranca el programa estatal de becas",
                contents=f"{one['name']}:\n{text}",
                prettify_html=False,  # its faster way
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
