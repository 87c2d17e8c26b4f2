"""Releases and settings as records, for tests of what is made of them."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from comsoc_cli.model.release import Event, Image, Release
from comsoc_cli.model.settings import Kind, OfficeSettings, PressContact, Sender, Settings
from comsoc_cli.rendering.documents import Documents
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.templates import Templates

SINALOA = ZoneInfo("America/Mazatlan")

KINDS = {
    "boletin": Kind(
        label="Boletín", labels={"en": "Press release"}, numbered=True, subject="{label} {number} | {headline}"
    ),
    "invitacion": Kind(
        label="Invitación",
        labels={"en": "Media advisory"},
        subject="{LABEL} | {moment}, {place} | {headline}",
        invites=True,
    ),
    "aviso": Kind(label="Aviso", labels={"en": "Urgent notice"}, subject="{LABEL} | {headline}", urgent=True),
}
EVENT = Event(
    start=datetime(2026, 11, 25, 9, 0, tzinfo=SINALOA),
    end=datetime(2026, 11, 25, 10, 0, tzinfo=SINALOA),
    place="Palacio de Gobierno",
    address="Av. Insurgentes s/n",
)


def some_settings(**changes: Any) -> Settings:
    """An office's settings; `changes` replaces whole tables."""
    tables: dict[str, Any] = {
        "office": OfficeSettings(
            name="Comunicación Social", organization="Gobierno del Estado", url="https://prensa.example"
        ),
        "press_contacts": {"prensa": PressContact(name="Atención a medios", email="prensa@x.example", phone="667 1")},
        "kinds": KINDS,
        "sender": Sender(name="Comunicación Social", email="prensa@prensa.example"),
        **changes,
    }
    return Settings(**tables)


def a_text(body: str = "El programa arranca hoy.", **changes: Any) -> Release:
    """A release with this body."""
    values: dict[str, Any] = {
        "slug": "becas",
        "language": "es-MX",
        "headline": "Arranca el programa de becas",
        "date": datetime(2026, 11, 23, 10, 0, tzinfo=SINALOA),
        "dateline": "Culiacán, Sinaloa",
        "body": body,
        **changes,
    }
    return Release(**values)


def with_picture(folder: Path, data: bytes, body: str = "Texto.", alt: str = "Aula llena") -> Release:
    """A release with one picture, foto.png, that lies in a folder."""
    path = folder / "foto.png"
    path.write_bytes(data)
    return a_text(body, images=(Image(src="foto.png", alt=alt),), files={"foto.png": path}, path=folder / "becas.md")


def approved(release: Release, **changes: Any) -> Presentation:
    """The release as its first approved revision, number 41."""
    values: dict[str, Any] = {"release": release, "number": 41, "revision": 1, **changes}
    return Presentation(**values)


def documents(templates: Path | None = None, **changes: Any) -> Documents:
    """What renders an office's releases; `templates` is the office's own folder."""
    return Documents(some_settings(**changes), Templates(templates))
