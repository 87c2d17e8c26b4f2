"""The copy desk's rules about days: what trips each, and what only looks like it."""

import pytest
from support.copydesk import LEAD, told
from support.offices import Layout


@pytest.mark.parametrize(
    ("body", "suggestion"),
    [
        ("Abre el lunes 24 de noviembre de 2026.", "martes 24 de noviembre; lunes 23 de noviembre"),
        ("Abre el lunes 24 de noviembre.", "martes 24 de noviembre; lunes 23 de noviembre"),
        ("Abre el Miercoles 6 de enero de 2028.", "jueves 6 de enero; miércoles 5 de enero"),
        ("El domingo 21 y lunes 22 de noviembre hay jornada.", "sábado 21 de noviembre; domingo 22 de noviembre"),
        ("Será el viernes, 1 de enero de 2028.", "sábado 1 de enero; viernes 31 de diciembre"),
    ],
)
def test_a_weekday_that_is_another_dates(office: Layout, body: str, suggestion: str) -> None:
    problems = told(office, "weekday", body)
    assert problems
    assert problems[0].suggestion == suggestion


def test_each_of_two_wrong_weekdays_is_told(office: Layout) -> None:
    assert len(told(office, "weekday", "El domingo 21 y lunes 22 de noviembre hay jornada.")) == 2


def test_an_english_weekday(office: Layout) -> None:
    [problem] = told(office, "weekday", "It opens on Monday, November 24.", language="en")
    assert problem.suggestion == "Tuesday, November 24; Monday, November 23"
    for right in ("Tuesday, November 24, 2026", "Tue. Nov. 24", "Monday, May 5, 2025", "Monday, November 2-4"):
        assert told(office, "weekday", f"It opens on {right}.", language="en") == []


@pytest.mark.parametrize("field", ["headline", "subhead"])
def test_a_weekday_in_the_data(office: Layout, field: str) -> None:
    [problem] = told(office, "weekday", **{field: "Las becas abren el lunes 24 de noviembre"})
    assert problem.field == field


@pytest.mark.parametrize(
    "body",
    [
        "Abre el martes 24 de noviembre de 2026 y el lunes 23 de noviembre.",
        "Fue el lunes 24 de noviembre de 2025.",
        "En 2025, el lunes 24 de noviembre, hubo otra.",
        "El sábado 21 y domingo 22 de noviembre hay jornada.",
        "Del lunes 23 al viernes 27 de noviembre.",
        "El jueves 7 de enero cierra el registro.",
        "Abre el lunes 24.",
        "Los lunes 24 personas atienden.",
        "El lunes 31 de febrero.",
        "Nació el martes 13 de mayo de 1980.",
    ],
)
def test_weekdays_that_are_right_or_cannot_be_told(office: Layout, body: str) -> None:
    assert told(office, "weekday", body) == []


@pytest.mark.parametrize(
    "body",
    [
        f"{LEAD}\n\nEl registro abre mañana.",
        "Ayer se entregaron las primeras becas.",
        "Anoche llovió en Choix.",
        "El registro abre a partir de mañana en línea.",
        "Mañana cierra el registro.",
        "Pasado mañana se paga.",
    ],
)
def test_a_day_without_a_date(office: Layout, body: str) -> None:
    assert len(told(office, "day-relative", body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "El registro abre mañana, martes 24 de noviembre.",
        "El registro abre mañana viernes 26, a las doce de la mañana.",
        "Ayer, 22 de noviembre, se entregaron.",
        "La mañana del lunes se entregaron; a las 9 de la mañana, esta mañana y por la mañana.",
        "Mañana y tarde hay guardia.",
        "“Mañana abrimos el registro”, dijo la titular.",
        "> Ayer no había agua; mañana la habrá.\n>\n> Titular de la comisión",
        "Un mejor mañana para la niñez y el mañana que queremos.",
        "El México de ayer y de hoy.",
        "El programa arranca hoy.",
        "Lo publicó El Mañana.",
    ],
)
def test_days_with_a_date_and_mornings(office: Layout, body: str) -> None:
    assert told(office, "day-relative", body) == []


def test_english_days(office: Layout) -> None:
    assert told(office, "day-relative", "The portal opens tomorrow.", language="en")
    for body in (
        "The portal opens tomorrow, November 24.", "The leaders of tomorrow study here.", "Yesterday’s news is old.",
        "It matters now and tomorrow.",
    ):  # fmt: skip
        assert told(office, "day-relative", body, language="en") == []


def test_today_needs_a_dateline_in_the_lead_alone(office: Layout) -> None:
    assert told(office, "today") == []
    [problem] = told(office, "today", dateline=None)
    assert problem.severity == "info"
    assert told(office, "today", f"El agua que se pierde es mucha.\n\n{LEAD}", dateline=None) == []
    for body in ("Hoy en día hay más becas.", "El agua que hasta hoy se pierde.", "Hoy, 23 de noviembre, arranca."):
        assert told(office, "today", body, dateline=None) == []


def test_today_is_doubtful_when_the_embargo_ends_on_another_day(office: Layout) -> None:
    [problem] = told(office, "today", embargo="2026-11-25 09:00")
    assert "embargo" in str(problem.message)
    assert told(office, "today", embargo="2026-11-23 18:00") == []
