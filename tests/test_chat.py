"""The text for chats: what fits into one, with the link at its end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import a_release, comsoc

Layout = Callable[..., Path]


def chat(office: Layout, body: str = "El programa arranca hoy en todo el estado.", **changes: object) -> str:
    root = office({"releases/becas.md": a_release(body, **changes)})
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, "build", "--only", "web").code == 0
    return (root / "dist/press/becas/becas.whatsapp.txt").read_text(encoding="utf-8")


def test_it_has_headline_place_date_summary_and_link(office: Layout) -> None:
    text = chat(office, summary=["Primer pago en enero", "Registro en línea"])
    assert text.startswith("*Arranca el programa estatal de becas*\nBoletín 1 | Culiacán, 23 de noviembre de 2026\n")
    assert "• Primer pago en enero\n• Registro en línea\n" in text
    assert "https://prensa.sinaloa.example/releases/becas/\n" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Muy largo " * 40},
        {"summary": ["Un punto que no acaba nunca " * 20] * 8},
        {"subhead": "Una entrada larga " * 60},
        {"headline": "😀" * 390, "summary": ["مرحبا " * 60] * 5},
    ],
)
def test_it_stays_under_a_thousand_characters(office: Layout, changes: dict[str, object]) -> None:
    text = chat(office, **changes)
    assert len(text) < 1000
    assert "releases/becas/" in text


def test_no_markdown_is_left_over(office: Layout) -> None:
    text = chat(office, "El **programa** [arranca](https://a.example) hoy.", headline="Un *gran* programa", subhead="")
    assert text.splitlines()[0] == "*Un gran programa*"
    assert "**" not in text
    assert "](" not in text
