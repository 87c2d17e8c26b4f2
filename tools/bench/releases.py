"""An office with many approved releases, and the same texts for the programs that it is measured against."""

import random
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.folder import Office
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, read_vault, store
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.templates import Templates

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
"""

WORDS = """
    la coordinación informó que el programa estatal abrió su registro en línea para todo el estado cada plantel
    recibirá apoyo a partir de enero dijo titular dependencia obras agua salud escuelas municipio familias inversión
    millones pesos durante gira trabajo Culiacán Mazatlán Ahome Guasave entrega becas caminos hospitales jornada
""".split()  # noqa: SIM905 - a list would be longer than the page
TOPICS = ("educacion", "salud", "obras", "agua", "seguridad", "campo", "cultura", "deporte")
TOWNS = ("Culiacán", "Mazatlán", "Ahome", "Guasave", "Navolato", "El Fuerte")
FIRST = datetime(2010, 1, 4, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """One invented release: 400 to 700 words."""

    number: int
    headline: str
    topic: str
    town: str
    day: datetime
    body: str

    @property
    def slug(self) -> str:
        return f"comunicado-{self.number:05d}"

    def as_release(self) -> str:
        return (
            f"---\nheadline: {self.headline}\nsubhead: {self.headline} en {self.town}\nkind: boletin\n"
            f"date: {self.day:%Y-%m-%d %H:%M}\ndateline: {self.town}, Sinaloa\ntopics: [{self.topic}]\n"
            f"municipalities: [{self.town}]\nsegments: [media]\ncontact: prensa\n---\n\n{self.body}\n"
        )

    def as_hugo(self) -> str:
        return (
            f"---\ntitle: {self.headline}\ndescription: {self.headline} en {self.town}\nslug: {self.slug}\n"
            f"date: {self.day:%Y-%m-%dT%H:%M:%S}-07:00\ntags: [{self.topic}]\n---\n\n{self.body}\n"
        )

    def as_pelican(self) -> str:
        return (
            f"Title: {self.headline}\nSummary: {self.headline} en {self.town}\nSlug: {self.slug}\n"
            f"Date: {self.day:%Y-%m-%d %H:%M}\nTags: {self.topic}\n\n{self.body}\n"
        )


def texts(many: int) -> list[Text]:
    """The same texts each time."""
    dice = random.Random(4)  # noqa: S311 - it invents texts
    return [_text(number, dice) for number in range(many)]


def _text(number: int, dice: random.Random) -> Text:
    left, paragraphs = dice.randint(400, 700), []
    while left > 0:
        size = min(left, dice.randint(50, 110))
        left -= size
        paragraphs.append(_paragraph(size, dice))
    middle = len(paragraphs) // 2
    paragraphs[middle:middle] = ["## Los apoyos", f"- {_line(dice)}\n- {_line(dice)}\n- **{_line(dice)}**"]
    return Text(
        number=number,
        headline=f"{_line(dice)} {number}",
        topic=dice.choice(TOPICS),
        town=dice.choice(TOWNS),
        day=FIRST + timedelta(hours=13 * number),
        body="\n\n".join(paragraphs),
    )


def _paragraph(size: int, dice: random.Random) -> str:
    words = [dice.choice(WORDS) for _ in range(size)]
    words[size // 3] = f"“{words[size // 3]}”"
    words[size // 2] = f"**{words[size // 2]}**"
    words[0] = words[0].capitalize()
    return " ".join(words) + "."


def _line(dice: random.Random) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(9)).capitalize()


def an_office(folder: Path, many: int) -> Path:
    """An office whose releases are all approved, on the desk and in the vault."""
    (folder / "releases").mkdir(parents=True)
    (folder / "comsoc.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "contacts.yaml").write_text("segments: {}\ncontacts: []\n", encoding="utf-8")
    for text in texts(many):
        (folder / "releases" / f"{text.slug}.md").write_text(text.as_release(), encoding="utf-8")
    approve_all(open_office(folder))
    time.sleep(2.1)  # a build reads again what was written in the two seconds before it
    return folder


def approve_all(office: Office) -> None:
    """Put every release of the desk into the vault, as `comsoc approve` does one by one."""
    numbers: dict[int, int] = {}
    for slug, release in sorted(read_desk(office).releases.items(), key=lambda one: one[1].date):
        year = release.date.year
        numbers[year] = numbers.get(year, 0) + 1
        approval = Approval(
            slug=slug,
            revision=1,
            digest=digest_of(release, 1),
            assents=(Assent(by="Banco de pruebas", at=release.date),),
            number=numbers[year],
            year=year,
        )
        store(office, release, approval)


def correct_one(folder: Path, turn: int) -> None:
    """A release in the middle of all gets another sentence, and the vault its next revision."""
    office = open_office(folder)
    path = sorted(office.desk.iterdir())[len(list(office.desk.iterdir())) // 2]
    path.write_text(path.read_text(encoding="utf-8") + f"\nSe agrega la nota {turn}.\n", encoding="utf-8")
    release = read_desk(office, [path.stem]).releases[path.stem]
    newest = read_vault(office, {path.stem}).revisions[path.stem][-1].approval
    revision = newest.revision + 1
    store(office, release, replace(newest, revision=revision, digest=digest_of(release, revision)))


def pdf_sources(folder: Path, target: Path, many: int) -> list[Path]:
    """The HTML of so many releases, as comsoc makes their PDFs of it."""
    office = open_office(folder)
    documents = Documents(office.settings, Templates(office.templates))
    target.mkdir()
    paths = []
    for slug, release in sorted(read_desk(office).releases.items())[:many]:
        shown = Presentation(release=release, number=1, revision=1, published=True)
        paths.append(target / f"{slug}.html")
        paths[-1].write_text(documents.from_template("pdf.html", shown, release), encoding="utf-8")
    return paths
