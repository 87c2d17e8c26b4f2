"""The office whose release is sent, and the same letter for the others who send."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from bench.processes import complete, timed

SLUG = "becas"
COMSOC = [sys.executable, "-m", "comsoc_cli"]

SETTINGS = """
[office]
name = "Coordinación de Comunicación Social"
organization = "Gobierno del Estado de Sinaloa"
url = "https://prensa.sinaloa.example"

[press_contacts.prensa]
name = "Atención a medios"
email = "prensa@sinaloa.example"
phone = "667 000 0000"

[sender]
name = "Comunicación Social"
email = "prensa@sinaloa.example"

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
messages_per_connection = 1000000
"""

SENTENCES = (
    "La Coordinación de Comunicación Social informó que el programa estatal de becas abrió su registro en línea para "
    "todo el estado. Cada plantel recibirá el apoyo a partir de enero, dijo la titular de la dependencia. "
)

# Long past its date, so that it is public and its PDF is linked. Six times the sentences make a message of 12 KB.
RELEASE = f"""---
headline: Arranca el programa estatal de becas
kind: boletin
date: 2026-01-15 10:00
dateline: Culiacán, Sinaloa
segments: [media]
contact: prensa
---

{SENTENCES * 2}

{SENTENCES * 2}

{SENTENCES * 2}
"""


def an_office(folder: Path) -> Path:
    """An office with one contact and one release, approved and built."""
    (folder / "releases").mkdir(parents=True)
    (folder / "releases" / f"{SLUG}.md").write_text(RELEASE, encoding="utf-8")
    set_up(folder, many=1, port=25, connections=1)
    for words in (["approve", SLUG, "--by", "Banco de pruebas"], ["build"]):
        complete(timed([*COMSOC, *words], folder))
    return folder


def a_copy(office: Path, folder: Path, *, many: int, port: int, connections: int) -> Path:
    """The same office, from which nothing was sent, with so many contacts and this mail server."""
    shutil.copytree(office, folder)
    set_up(folder, many=many, port=port, connections=connections)
    return folder


def set_up(folder: Path, *, many: int, port: int, connections: int) -> None:
    """Write settings and contacts."""
    (folder / "comsoc.toml").write_text(SETTINGS.format(port=port, connections=connections), encoding="utf-8")
    with (folder / "contacts.yaml").open("w", encoding="utf-8") as contacts:
        contacts.write("segments:\n  media: {title: Medios, where: {type: [prensa, radio]}}\ncontacts:\n")
        for number in range(many):
            contacts.write(
                f"  - email: {address(number)}\n    name: {name(number)}\n    outlet: El Diario {number % 500}\n"
                f"    type: prensa\n    region: culiacan\n"
            )


def address(number: int) -> str:
    return f"mesa{number}@diario{number % 500}.example"


def name(number: int) -> str:
    return f"Mesa {number}"


def a_letter(office: Path, folder: Path, *, many: int, port: int) -> Path:
    """The release's mail and its recipients, as the other programs take them."""
    folder.mkdir()
    kit = office / "dist" / "press" / SLUG
    text, page = ((kit / f"email.{kind}").read_text(encoding="utf-8") for kind in ("txt", "html"))
    (folder / "letter.txt").write_text(text, encoding="utf-8")
    (folder / "letter.html").write_text(page, encoding="utf-8")
    (folder / "template.txt").write_text(MAILMERGE.format(text=text, page=page), encoding="utf-8")
    (folder / "server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n", encoding="utf-8")
    with (folder / "recipients.csv").open("w", encoding="utf-8") as recipients:
        recipients.write("email,name\n")
        recipients.writelines(f"{address(number)},{name(number)}\n" for number in range(many))
    return folder


MAILMERGE = """TO: {{{{email}}}}
SUBJECT: Boletín | Arranca el programa estatal de becas
FROM: Comunicación Social <prensa@sinaloa.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="boundary"

--boundary
Content-Type: text/plain; charset=utf-8

{{{{name}}}}:
{{% raw %}}{text}{{% endraw %}}
--boundary
Content-Type: text/html; charset=utf-8

{{% raw %}}{page}{{% endraw %}}
--boundary--
"""


def accepted(report: Path) -> int:
    """How many messages the server took, by what `comsoc send --json` says."""
    told: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return sum(int(dispatch["accepted"]) for dispatch in told["dispatches"])
