"""The copy desk's rules about figures: what trips each, and what only looks like it."""

from decimal import Decimal

import pytest
from support.copydesk import LEAD, told
from support.offices import Layout

from comsoc_cli.copydesk.figures import worth


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ("1.250,50 pesos", "1,250.50"),
        ("1.250.000 pesos", "1,250,000"),
        ("3.500 personas", "3,500"),
        ("12,5 por ciento", "12.5"),
        ("12,5%", "12.5"),
        ("1250000 pesos", "1,250,000"),
        ("48000 estudiantes", "48,000"),
        ("$1250000", "$1,250,000"),
        ("$25000.50 al año", "$25,000.50"),
        ("600 000 toneladas", "600,000"),
    ],
)
def test_a_figure_against_the_style(office: Layout, written: str, better: str) -> None:
    [problem] = told(office, "figure-style", f"La secretaría entregó {written}.")
    assert problem.suggestion == better
    assert written.startswith(problem.words)


@pytest.mark.parametrize(
    "text",
    [
        "1,250.50 pesos, 48,000 estudiantes y 269.4 millones",
        "2.125 kilómetros y 3.141 grados",
        "el 2026, los años 2026 y 2027 y el ciclo 2026-2027",
        "el teléfono 6670000100 y el 667 000 0100 de lunes a viernes",
        "WhatsApp 6671234567 para dudas",
        "el folio 123456 quedó registrado",
        "C.P. 80000 en Culiacán",
        "el código postal 80129 de la colonia",
        "la licitación LA-925006996-E12-2026 y el expediente 45678/2026",
        "la norma NOM-127-SSA1-2021 y las placas VBC12345 del camión",
        "los artículos 3,4 y 5, y los días 18,19 y 20",
        "a las 9:00, del 1 al 18 de diciembre, canal 27+300",
        "la versión 10.200.3 y el equipo 192.168.100.200",
        "https://a.example/123456 personas",
        "marque 80012345 para informes",
        "1250 pesos",
        "de -10 a -5 grados, 12 mil 500 becas y 4 millones 921 mil pesos",
    ],
)
def test_figures_in_order_and_digits_that_count_nothing(office: Layout, text: str) -> None:
    assert told(office, "figure-style", f"Se trata de {text}.") == []


def test_many_figures_are_one_finding(office: Layout) -> None:
    [problem] = told(office, "figure-style", "Hay 48000 becas, 16000 estudiantes y 18000 familias.")
    assert "3 times" in str(problem.message)


def test_texts_of_countries_that_write_otherwise_are_left_alone(office: Layout) -> None:
    assert told(office, "figure-style", "La secretaría entregó 1.250,50 euros.", language="es-ES") == []
    assert told(office, "figure-style", "The office paid 48000 students.", language="en") != []


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("48 mil estudiantes reciben becas", "El programa llega a 84 mil estudiantes de todo el estado."),
        ("48 mil estudiantes reciben becas", "El programa llega a 45,000 estudiantes."),
        ("48 mil estudiantes reciben becas", "El programa llega a 48 estudiantes."),
        ("Invierten 186.4 millones de pesos en agua", "La obra costó 168.4 millones de pesos."),
        ("Entregan títulos a mil 528 familias", "El Gobierno del Estado entregó títulos a mil 258 familias."),
    ],
)
def test_headline_and_lead_that_contradict_each_other(office: Layout, headline: str, body: str) -> None:
    [problem] = told(office, "figure-contradiction", body, headline=headline)
    assert problem.field == "body"


def test_summary_and_subhead_are_compared_as_well(office: Layout) -> None:
    [problem] = told(office, "figure-contradiction", subhead="Habrá 214 proyectos", summary=["Son 241 proyectos"])
    assert problem.field == "summary[1]"
    assert told(office, "figure-contradiction", headline="214 projects done", subhead="All 241 projects", language="en")


def test_a_tables_total_is_compared_with_the_headline(office: Layout) -> None:
    table = "| Nivel | Becas |\n|:--|--:|\n| Primaria | 16,000 |\n| Secundaria | 18,000 |\n| **Total** | **{}** |"
    body = "El programa empieza.\n\n" + table
    [problem] = told(office, "figure-contradiction", body.format("84,000"), headline="Entregan 48 mil becas")
    assert problem.words == "84,000"
    assert told(office, "figure-contradiction", body.format("48,000"), headline="Entregan 48 mil becas") == []
    assert told(office, "figure-contradiction", body.format("84,000"), headline="Entregan 48 mil útiles") == []


@pytest.mark.parametrize(
    ("headline", "body"),
    [
        ("48 mil estudiantes reciben becas", "El programa llega a 48,000 estudiantes."),
        ("48 mil estudiantes reciben becas", "Llega a 48 mil estudiantes; de ellos, 20 mil estudiantes son de Ahome."),
        ("48 mil estudiantes reciben becas", "Llega a 20 mil estudiantes rurales y 28 mil estudiantes urbanos."),
        ("48 mil estudiantes de primaria reciben becas", "Llega a 50 mil estudiantes de secundaria."),
        ("48 mil estudiantes reciben becas", "Llega a otros 30 mil estudiantes."),
        ("48 mil estudiantes reciben becas", "En cada plantel, 25 estudiantes forman el comité."),
        ("Invierten 269.4 millones de pesos", "Cada beca es de 900 pesos."),
        ("La carretera mide 23 kilómetros", "El tramo de 14 kilómetros está abierto."),
        ("151 obras terminadas, 52 obras en proceso", "Se hicieron 214 obras."),
        ("Becas 2027 para todos", "En 2026 estudiantes y docentes lo pidieron."),
        ("El apoyo llega a 14 comunidades", "El apoyo llega a catorce comunidades."),
        ("Vacunan a niños de 6 meses a 12 años", "Es para personas de 13 a 49 años."),
    ],
)
def test_figures_that_agree_or_are_of_other_things(office: Layout, headline: str, body: str) -> None:
    assert told(office, "figure-contradiction", body, headline=headline) == []


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("48 mil", "48000"),
        ("48,000", "48000"),
        ("mil 528", "1528"),
        ("ocho mil 775", "8775"),
        ("4 millones 921 mil", "4921000"),
        ("12 mil 275 millones", "12275000000"),
        ("1.8 millones", "1800000"),
        ("1.5 million", "1500000"),
    ],
)
def test_what_a_figure_is_worth(figure: str, value: str) -> None:
    assert worth(figure) == Decimal(value)


def test_the_leads_of_other_texts_say_nothing(office: Layout) -> None:
    assert told(office, "figure-contradiction", LEAD, headline="Arranca el programa de becas") == []
