"""The copy desk's rule about names: what trips it, and what only looks like it."""

import pytest
from support.copydesk import told
from support.offices import Layout

OPENING = "Rubén Martínez Soto abrió el foro ante 200 personas."


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("Ruben Martínez Soto agradeció la asistencia.", "Ruben Martínez Soto"),
        ("El doctor Rubén Martinez Soto agradeció la asistencia.", "Rubén Martinez Soto"),
        ("Rubén Martíntez Soto agradeció la asistencia.", "Rubén Martíntez Soto"),
        ("Rubén Marítnez Soto agradeció la asistencia.", "Rubén Marítnez Soto"),
        ("Al cierre, Martinez agradeció la asistencia.", "Martinez"),
    ],
)
def test_one_name_spelled_two_ways(office: Layout, other: str, words: str) -> None:
    [problem] = told(office, "name-spelling", f"{OPENING}\n\n{other} Rubén Martínez Soto se despidió.")
    assert problem.words == words


def test_a_name_is_compared_with_the_headlines(office: Layout) -> None:
    [problem] = told(office, "name-spelling", OPENING + f" {OPENING}", headline="Abre Ruben Martínez Soto el foro")
    assert (problem.field, problem.suggestion) == ("headline", "Rubén Martínez Soto")


def test_an_accent_is_enough_where_the_given_name_is_a_rare_one(office: Layout) -> None:
    [problem] = told(office, "name-spelling", "Delfina Goméz llegó. Delfina Gómez Álvarez habló; Delfina Gómez cerró.")
    assert problem.words == "Delfina Goméz"
    assert told(office, "name-spelling", "La Secretaria de Salud dirige la Secretaría de Salud.") == []


def test_english_names(office: Layout) -> None:
    body = "Stephen Johnson opened the forum. Stephen Johnsen closed it."
    assert told(office, "name-spelling", body, language="en")
    body = "Stephen Johnson opened the forum with Stephanie Johnson. Steven Brown closed it."
    assert told(office, "name-spelling", body, language="en") == []


@pytest.mark.parametrize(
    "other",
    [
        "Al cierre, Martínez Soto agradeció la asistencia.",
        "Rubén Martínez López y María Martínez Soto agradecieron la asistencia.",
        "Lo acompañaron Mario Pérez Soto y María Pérez Soto.",
        "Lo acompañaron Daniel Pérez y Daniela Pérez, Juan Ruiz y Juana Ruiz.",
        "RUBÉN MARTÍNEZ SOTO, PRESIDENTE DEL FORO, agradeció la asistencia.",
        "La secretaria de Educación llegó a la Secretaría de Educación.",
        "Rubén\nMartínez Soto agradeció la asistencia.",
        "El Instituto Benito Juárez y la colonia Benito Juárez Norte se sumaron.",
        "Ana Ruiz Soto y Ana Díaz Soto lo escucharon.",
        "Escriba a Ruben.Martinez@a.example.",
    ],
)
def test_names_that_are_spelled_alike_or_are_of_two_persons(office: Layout, other: str) -> None:
    assert told(office, "name-spelling", f"{OPENING}\n\n{other}") == []
