"""Events: their days and hours in words, as calendar entries, and what cannot be."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from support.events import an_invitation
from support.offices import an_office
from support.texts import EVENT, SINALOA, a_text, approved, documents, some_settings

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.release import Event
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.rendering.views import Viewer


def a_day(day: int, hour: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=SINALOA)


TIMED = Event(start=a_day(25, 9), place="Teatro Pablo de Villavicencio")


@pytest.mark.parametrize(
    ("event", "day", "hours", "subject"),
    [
        (TIMED, "miércoles 25 de noviembre de 2026", "9:00 h", "mié 25 nov, 9:00 h"),
        (replace(TIMED, end=a_day(25, 11)), "miércoles 25 de noviembre de 2026", "de 9:00 h a 11:00 h",
         "mié 25 nov, 9:00 h"),
        (replace(TIMED, start=a_day(25, 20), end=a_day(26, 1)), "miércoles 25 de noviembre de 2026",
         "de 20:00 h a 1:00 h del día siguiente", "mié 25 nov, 20:00 h"),
        (replace(TIMED, end=a_day(27, 14)), "del 25 al 27 de noviembre de 2026",
         "inicia a las 9:00 h, concluye a las 14:00 h", "del 25 al 27 nov"),
        (replace(TIMED, start=a_day(25), all_day=True), "miércoles 25 de noviembre de 2026", "", "mié 25 nov"),
        (replace(TIMED, start=a_day(25), end=a_day(25), all_day=True), "miércoles 25 de noviembre de 2026", "",
         "mié 25 nov"),
        (replace(TIMED, start=a_day(25), end=a_day(27), all_day=True), "del 25 al 27 de noviembre de 2026", "",
         "del 25 al 27 nov"),
        (replace(TIMED, start=a_day(30), end=a_day(2, month=12), all_day=True),
         "del 30 de noviembre al 2 de diciembre de 2026", "", "del 30 nov al 2 dic"),
    ],
)  # fmt: skip
def test_an_event_is_told_with_all_its_days(event: Event, day: str, hours: str, subject: str) -> None:
    viewer, release = Viewer(some_settings()), a_text(kind="invitacion", event=event)
    view = viewer.release(approved(release), release).event
    assert view
    assert (view.day, view.hours) == (day, hours)
    assert f"| {subject}, Culiacán |" in viewer.subject(approved(release), release)


@pytest.mark.parametrize(
    ("event", "start", "end"),
    [
        (TIMED, b"DTSTART:20261125T160000Z", None),
        (replace(TIMED, end=a_day(25, 11)), b"DTSTART:20261125T160000Z", b"DTEND:20261125T180000Z"),
        (replace(TIMED, start=a_day(25), all_day=True), b"DTSTART;VALUE=DATE:20261125", b"DTEND;VALUE=DATE:20261126"),
        (replace(TIMED, start=a_day(25), end=a_day(27), all_day=True), b"DTSTART;VALUE=DATE:20261125",
         b"DTEND;VALUE=DATE:20261128"),
    ],
)  # fmt: skip
def test_days_without_hours_are_dates_in_a_calendar(event: Event, start: bytes, end: bytes | None) -> None:
    lines = documents().calendar(approved(a_text(kind="invitacion", event=event))).splitlines()
    assert start in lines
    assert [line for line in lines if line.startswith(b"DTEND")] == ([end] if end else [])


def test_days_without_hours_are_past_at_the_midnight_after_the_last() -> None:
    assert replace(EVENT, start=a_day(25), end=a_day(27), all_day=True).over == a_day(28)
    assert replace(EVENT, start=a_day(25), end=None, all_day=True).over == a_day(26)


def test_such_a_text_is_read_all_the_same_since_it_may_have_been_approved_before_there_was_the_rule(
    tmp_path: Path,
) -> None:
    text = an_invitation({"start": "2026-12-02 10:00", "end": "2026-12-02 09:00", "place": "Casa de la Cultura"})
    desk = read_desk(open_office(an_office(tmp_path, {"releases/cultura.md": text})))
    assert desk.releases["cultura"].event


# An event that does not take place

KILLED = Kill(reason="Alerta por lluvias", by="Ana Ruiz", at=datetime(2026, 11, 24, 10, 0, tzinfo=SINALOA))


def cancellation(language: str = "es-MX", **changes: object) -> str:
    release = a_text(kind="invitacion", event=replace(EVENT, **changes), language=language)  # type: ignore[arg-type]
    viewer = Viewer(some_settings())
    return viewer.release(approved(release, number=None, kill=KILLED), release).killed.replace("\u00a0", " ")


def test_the_kill_of_an_invitation_says_that_the_event_is_cancelled_with_its_day_hour_and_place() -> None:
    assert cancellation() == (
        "SE CANCELA el evento previsto para el miércoles 25 de noviembre de 2026, a las 9:00 h, en Palacio de "
        "Gobierno. Motivo: Alerta por lluvias. Informes: 667 1."
    )
    assert cancellation(start=a_day(25), end=a_day(27), all_day=True).startswith(
        "SE CANCELA el evento previsto del 25 al 27 de noviembre de 2026, en Palacio de Gobierno."
    )
    assert cancellation("en").startswith("CANCELLED: the event planned for Wednesday, November 25, 2026, at 9:00 a.m.")


def test_of_an_event_that_is_over_the_invitation_is_of_no_effect() -> None:
    text = cancellation(start=a_day(20, 9), end=a_day(20, 10))
    assert text.startswith(
        "QUEDA SIN EFECTO la Invitación del 23 de noviembre de 2026. Solicitamos no publicarla y, si ya"
    )
    assert "valorar su retiro" in text


@pytest.mark.parametrize(
    ("choice", "told"),
    [("later", "La nueva fecha se informará por esta vía."), ("none", "Por el momento no se reprograma."), ("", "")],
)
def test_a_new_date_is_spoken_of_only_where_the_office_chose_to(choice: str, told: str) -> None:
    release = a_text(kind="invitacion", event=EVENT)
    kill = replace(KILLED, new_date=choice)
    text = Viewer(some_settings()).release(approved(release, kill=kill), release).killed
    assert told in text
    assert ("fecha" in text, "reprograma" in text) == (choice == "later", choice == "none")
