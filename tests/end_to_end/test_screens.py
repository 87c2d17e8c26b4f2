"""Every screen, JSON document and exit code of a week in one office, in both languages, as it is written down.

    COMSOC_UPDATE=1 pytest tests/end_to_end/test_screens.py    # after a change that is meant

The stories stand in tests/screens/. Read the difference before you commit it.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.histories import PEOPLE, Step, lived
from support.offices import CONTACTS, PIXEL, ROOT, SETTINGS, a_release

ANA, BEA, _ = PEOPLE
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
WRITTEN = ROOT / "tests/screens"

VEDA = """
[[blackouts]]
name = "Veda"
from = 2026-11-26
until = 2026-11-28
exempt = ["salud"]
hide_site = false
"""
FILES: dict[str, str | bytes] = {
    "comsoc.toml": SETTINGS + VEDA,
    "contacts.yaml": CONTACTS,
    "releases/becas/index.md": a_release(
        "Son 48 mil becas de 500 pesos.\n\n| Municipio | Becas |\n|---|---|\n| Elota | 1,200 |",
        images=[{"src": "foto.png", "alt": "Un aula", "caption": "Entrega de becas", "credit": "Ana Ruiz"}],
        topics=["educacion"],
    ),
    "releases/becas/foto.png": PIXEL,
    "releases/luz.md": a_release(
        "Llega la luz.", headline="Llega la luz", embargo="2026-11-25 18:00", segments=["media", "acreditada"]
    ),
    "releases/feria.md": a_release(
        "La feria abre sus puertas.",
        headline="Abre la feria",
        kind="invitacion",
        event={"start": "2026-11-27 10:00", "end": "2026-11-27 12:00", "place": "Patio central"},
    ),
    "releases/salud.md": a_release("Hay vacunas.", headline="Hay vacunas", topics=["salud"], date="2026-11-26 10:00"),
}
MISTAKES: tuple[tuple[str, ...], ...] = (
    (),
    ("nada",),
    ("build", "nada"),
    ("build", "--only", "docx"),
    ("send", "becas", "--segment", "nadie", "--yes"),
    ("send", "becas", "--segment", "media"),
    ("send", "becas", "--test", "otra@diario.example"),
    ("correct", "becas"),
    ("embargo", "becas", "--lift", "--yes"),
    ("kill", "nada", "--reason", "x", "--yes"),
    ("status", "--watch", "--verify"),
    ("contacts", "show", "quien@nadie.example"),
    ("templates", "copy", "nada.html"),
)


def week() -> Iterator[Step]:
    """One step after the other; the clock moves with each."""
    at = MONDAY

    def step(*words: str, who: str = ANA, hours: float = 0, files: dict[str, str | bytes] | None = None) -> Step:
        nonlocal at
        at += timedelta(hours=hours, minutes=1)
        return Step(words=words, at=at, who=who, files=files or {})

    def both(*words: str, who: str = ANA) -> Iterator[Step]:
        yield step(*words, who=who)
        yield step(*words, "--json", who=who)

    yield step("--help")
    for verb in (
        "new",
        "list",
        "check",
        "build",
        "approve",
        "send",
        "correct",
        "embargo",
        "kill",
        "status",
        "contacts",
    ):
        yield step(verb, "--help")
    for words in MISTAKES:
        yield step(*words)
    yield step("new", "Avanza el drenaje", "--kind", "invitacion", "--no-edit")
    yield step("check", "--explain", "blank")
    yield from both("check")
    yield from both("list")
    yield from both("build", "--only", "web")
    yield from both("contacts", "list")
    yield from both("contacts", "show", "mesa@diario.example")
    yield from both("contacts", "show", "media")
    yield from both("contacts", "check")
    yield from both("templates", "list")
    yield step("approve", "becas", "--yes")
    yield step("approve", "luz", "--yes", "--json", who=BEA)
    yield step("approve", "feria", "--by", "Dirección", "--via", "whatsapp", "--yes")
    yield step("approve", "salud", "--legal", "Lic. Paz", "--yes")
    yield from both("send", "becas", "--segment", "media", "--dry-run")
    yield step("send", "becas", "--test", "prensa@sinaloa.example")
    yield step("send", "becas", "--segment", "media", "--yes", "--limit", "1")
    yield step("send", "becas", "--segment", "media", "--yes", "--json")
    yield step("send", "becas", "--segment", "media", "--yes")
    yield step("send", "feria", "--segment", "media", "--yes")
    yield step("send", "luz", "--segment", "media", "--yes")
    yield step("send", "luz", "--segment", "acreditada", "--yes")
    yield step("correct", "becas", "--said", "500 pesos", "--should", "900 pesos", hours=2)
    yield step("check", "becas")
    yield from both("approve", "becas", "--yes")
    yield from both("send", "becas", "--yes")
    yield step("correct", "becas", "--note", "Se añade la sede", "--addition")
    yield step("embargo", "luz", "--until", "2026-11-25 20:00", "--yes")
    yield step("embargo", "luz", "--lift", "--yes", "--json", hours=20)
    yield step("send", "--due", "--yes", hours=30)
    yield step("send", "--due", "--yes", "--json", hours=20)
    yield step("build", "--only", "web", hours=10)
    yield step("build", "becas", "--explain")
    yield step("kill", "feria", "--reason", "Llueve", "--new-date", "later", "--yes")
    yield step("kill", "becas", "--reason", "La cifra era falsa", "--yes", "--json")
    yield step("kill", "becas", "--yes")
    yield step("contacts", "suppress", "cabina@radio.example", "--reason", "baja")
    yield from both("list")
    yield from both("status")
    yield from both("status", "becas")
    yield from both("status", "--verify")
    yield from both("status", "--audit")
    yield step("status", "--audit", "--public", "--csv")
    yield step(
        "check", "--strict", files={"releases/mal.md": "---\nheadline: Uno\nkind: nada\n---\n\nTexto [falta].\n"}
    )
    yield step("check", "mal", "--format", "github", files={"comsoc.toml": SETTINGS + "\n[mail]\nnada = 1\n"})


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_week_is_shown_as_it_is_written_down(tmp_path: Path, lang: str) -> None:
    done = [Step(words=one.words, at=one.at, who=one.who, files=one.files, lang=lang) for one in week()]
    told = lived(ROOT, tmp_path / "office", FILES, done)
    shown = "\n".join(told[: told.index("")]) + "\n"
    path = WRITTEN / f"{lang}.txt"
    if os.environ.get("COMSOC_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
