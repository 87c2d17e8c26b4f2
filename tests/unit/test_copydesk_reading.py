"""The copy desk's rules about sentences and how hard they are: syllables, formulas, limits."""

import pytest
from support.copydesk import LEAD, told
from support.offices import SETTINGS, Layout

from comsoc_cli.copydesk.reading import Counts, fernandez_huerta, flesch, inflesz, syllables


@pytest.mark.parametrize(
    ("word", "many"),
    [
        # diphthongs and triphthongs
        ("aire", 2), ("ciudad", 2), ("cuidado", 3), ("construir", 2), ("jesuita", 3), ("estudiáis", 3), ("buey", 1),
        ("Paraguay", 3), ("huevo", 2), ("ahuyentar", 3), ("agüero", 3), ("pingüino", 3),
        # hiatuses
        ("país", 2), ("río", 2), ("poeta", 3), ("aéreo", 4), ("baúl", 2), ("maíz", 2), ("leer", 2), ("zoológico", 5),
        ("vehículo", 4), ("búho", 2), ("ahora", 3), ("energía", 4), ("chiita", 3), ("continúa", 4),
        # qu, gu, h, y
        ("queso", 2), ("guerra", 2), ("guitarra", 3), ("agua", 2), ("y", 1), ("yo", 1), ("rey", 1), ("mayo", 2),
        ("prohibir", 2), ("Chihuahua", 3), ("cacahuate", 4), ("muy", 1),
        # plain ones
        ("Culiacán", 3), ("beca", 2), ("estudiantes", 4), ("murciélago", 4), ("transporte", 3), ("programa", 3),
        ("gobierno", 3), ("secretaría", 5), ("educación", 4), ("ferrocarril", 4), ("teórico-práctico", 7),
        ("48,000", 2), ("SRP", 3),
    ],
)  # fmt: skip
def test_syllables_of_spanish_words(word: str, many: int) -> None:
    assert syllables(word, "es") == many


@pytest.mark.parametrize(
    ("word", "many"),
    [
        ("school", 1), ("student", 2), ("table", 2), ("make", 1), ("created", 3), ("helped", 1), ("agencies", 3),
        ("information", 4), ("the", 1), ("area", 3), ("people", 2), ("government", 3), ("business", 2), ("program", 2),
    ],
)  # fmt: skip
def test_syllables_of_english_words(word: str, many: int) -> None:
    assert abs(syllables(word, "en") - many) <= (1 if word in {"business"} else 0)


def test_the_formulas() -> None:
    many = Counts(words=100, sentences=5, syllables=200)
    assert fernandez_huerta(many) == pytest.approx(206.84 - 0.60 * 200 - 1.02 * 20)
    assert inflesz(many) == pytest.approx(206.835 - 62.3 * 2 - 20)
    assert flesch(many) == pytest.approx(206.835 - 84.6 * 2 - 1.015 * 20)


def test_the_figures_are_for_information_and_of_texts_long_enough(office: Layout) -> None:
    [problem] = told(office, "readability", f"{LEAD} " * 8)
    assert problem.severity == "info"
    assert "INFLESZ" in str(problem.message)
    assert told(office, "readability", LEAD) == []
    [problem] = told(
        office, "readability", "The state program starts in January for all students. " * 15, language="en"
    )
    assert "Flesch" in str(problem.message)


FIFTY = "El programa " + "que el gobierno del estado puso en marcha para las familias " * 5 + "empieza."
FORTY = "El programa " + "que el gobierno del estado puso en marcha para las familias " * 3 + "empieza."
HARDER = "La administración " + "administrativamente responsabilizada internacionalmente " * 23 + "continúa."


def test_the_hardest_of_the_long_sentences_is_shown(office: Layout) -> None:
    [problem] = told(office, "sentence-long", f"{FIFTY} {FORTY}")
    assert problem.words.startswith("El programa que")
    [problem] = told(office, "sentence-long", f"{FIFTY}\n\n{HARDER}")
    assert problem.words.startswith("La administración")
    assert "2 sentences" in str(problem.message)


@pytest.mark.parametrize(
    "body",
    [
        f"{FORTY} {FORTY}",
        f"“{FIFTY}”, dijo la titular.",
        f"> {FIFTY}\n>\n> Titular de la secretaría",
        "Llegará a " + ", ".join(["San Ignacio"] * 30) + " y Choix.",
        "\n".join(["- Llenar el formulario en línea y esperar el mensaje"] * 9),
        "La Lic. Ana Pérez, del Gobierno del Estado de Sinaloa, " + "puso en marcha hoy " * 3 + ". " + FORTY,
        "## " + FIFTY,
    ],
)
def test_long_sentences_that_nobody_must_keep_in_mind(office: Layout, body: str) -> None:
    assert told(office, "sentence-long", body) == []


def test_the_limit_is_the_offices(office: Layout) -> None:
    settings = SETTINGS + "\n[check.limits]\nsentence-long = 30\n"
    assert told(lambda files: office({**files, "comsoc.toml": settings}), "sentence-long", FORTY)
