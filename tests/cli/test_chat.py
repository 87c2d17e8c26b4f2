"""The text for chats: what fits into one, with the link at its end."""

import pytest
from support.offices import Layout, a_release, comsoc


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


def test_an_invitation_says_when_where_and_how_one_gets_in(office: Layout) -> None:
    event = {"start": "2026-11-25 09:00", "end": "2026-11-25 10:00", "place": "Biblioteca pública",
             "address": "Calle 5", "accreditation": "Con gafete"}  # fmt: skip
    text = chat(office, "Los esperamos a la apertura.", kind="invitacion", event=event)
    assert text.splitlines()[1:7] == [
        "Invitación a medios",
        "",
        "Día: miércoles 25 de noviembre de 2026",
        "Hora: de 9:00 h a 10:00 h (hora de Sinaloa)",
        "Sede: Biblioteca pública, Calle 5",
        "Acreditación: Con gafete",
    ]
    assert "Los esperamos a la apertura." in text
    assert "667 000 0000" in text
    assert "23 de noviembre" not in text  # the day on which it was sent


def test_an_invitation_of_many_words_keeps_hour_and_link(office: Layout) -> None:
    event = {"start": "2026-11-25 09:00", "place": "Salón " * 60, "accreditation": "Con gafete y credencial " * 30}
    text = chat(office, "Los esperamos. " * 80, kind="invitacion", event=event, headline="Titular largo " * 30)
    assert len(text) < 1000
    assert "Hora: 9:00 h" in text
    assert "Acreditación: " in text
    assert "releases/becas/" in text


def test_without_points_there_is_what_the_release_begins_with(office: Layout) -> None:
    first = "El programa arranca hoy en todo el estado, con 48 mil becas."
    text = chat(office, f"{first}\n\nSegundo párrafo.", subhead="Desde primaria")
    assert f"\n\nDesde primaria\n\n{first}\n\n" in text
    assert "Segundo" not in text
    text = chat(office, f"{first}\n\nSegundo párrafo.")
    assert f"\n\n{first}\n\n" in text


def test_a_page_leads_back_to_its_newsroom_also_as_a_file(office: Layout) -> None:
    root = office({"releases/becas.en.md": a_release(headline="Scholarships begin", language="en")})
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, "build", "--only", "web").code == 0
    folder = root / "dist/site/releases/becas"
    for name, way in (("index.html", "../../index.html"), ("index.en.html", "../../en/index.html")):
        page = (folder / name).read_text(encoding="utf-8")
        assert page.count(f'href="{way}"') == 2
        assert (folder / way).resolve().is_file()
        kit = (root / "dist/press/becas" / name).read_text(encoding="utf-8")
        assert "../../" not in kit
        assert 'href="https://prensa.sinaloa.example"' in kit
    assert comsoc(root, "kill", "becas", "--reason", "Error", "--yes").code == 0
    comsoc(root, "build", "--only", "web")
    assert 'href="../../index.html"' in (folder / "index.html").read_text(encoding="utf-8")
