"""Events: their days and hours in words, as calendar entries, and what cannot be."""

import html
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar
from support.offices import a_release, an_office, comsoc, messages
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


def an_invitation(event: dict[str, str]) -> str:
    return a_release(kind="invitacion", headline="Inauguran la casa de cultura", event=event)


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [
        ("2026-12-02 10:00", "2026-12-02 09:00", "ends before it begins"),
        ("2026-12-02", "2026-12-01", "ends before it begins"),
        ("2026-12-02 10:00", "2026-12-03", "has an hour"),
        ("2026-12-02", "2026-12-02 18:00", "has an hour"),
    ],
)
def test_an_event_whose_ends_do_not_fit_is_an_error_and_is_not_approved(
    tmp_path: Path, start: str, end: str, word: str
) -> None:
    text = an_invitation({"start": start, "end": end, "place": "Casa de la Cultura"})
    office = an_office(tmp_path, {"releases/cultura.md": text})
    found = [one for one in comsoc(office, "check", "cultura", "--json").json["problems"] if one["rule"] == "event-end"]
    assert [one["severity"] for one in found] == ["error"]
    assert word in found[0]["message"]
    assert found[0]["line"] == 8
    assert comsoc(office, "approve", "cultura").code == 1


def test_days_without_hours_stand_in_page_mail_and_text_without_an_hour(tmp_path: Path) -> None:
    text = an_invitation({"start": "2026-12-02", "end": "2026-12-04", "place": "Casa de la Cultura"})
    office = an_office(tmp_path, {"releases/cultura.md": text})
    assert comsoc(office, "build", "cultura", "--only", "web,email").code == 0
    kit = office / "dist/press/cultura"
    for name in ("index.html", "email.txt", "email.html", "cultura.txt"):
        shown = html.unescape((kit / name).read_text(encoding="utf-8")).replace("\u00a0", " ")
        assert "del 2 al 4 de diciembre de 2026" in shown, name
        assert "0:00 h (" not in shown, name
    [event] = Calendar.from_ical((kit / "event.ics").read_bytes()).events
    assert (str(event["DTSTART"].dt), str(event["DTEND"].dt)) == ("2026-12-02", "2026-12-05")


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


def test_a_cancelled_event_leaves_the_calendars_of_those_who_were_invited(tmp_path: Path) -> None:
    text = an_invitation({"start": "2026-12-02 09:00", "place": "Casa de la Cultura"})
    office = an_office(tmp_path, {"releases/cultura.md": text})
    comsoc(office, "approve", "cultura")
    comsoc(office, "send", "cultura", "--segment", "media", "--yes")
    comsoc(office, "kill", "cultura", "--reason", "Alerta por lluvias", "--new-date", "later", "--yes", lang="es")
    invited, cancelled = (message_from_bytes(messages(office)[at], policy=policy.default) for at in (0, -1))
    assert cancelled["subject"] == "SE CANCELA | mié 2 dic, 9:00 h, Casa de la Cultura | Inauguran la casa de cultura"
    parts = [next(one for one in mail.iter_attachments() if one.get_content_type() == "text/calendar")
             for mail in (invited, cancelled)]  # fmt: skip
    assert [part.get_param("method") for part in parts] == ["PUBLISH", "CANCEL"]
    before, after = (Calendar.from_ical(part.get_content()) for part in parts)
    assert after["METHOD"] == "CANCEL"
    assert (before.events[0]["UID"], before.events[0]["DTSTART"]) == (
        after.events[0]["UID"],
        after.events[0]["DTSTART"],
    )
    assert after.events[0]["SEQUENCE"] > before.events[0]["SEQUENCE"]
    assert after.events[0]["STATUS"] == "CANCELLED"
    assert comsoc(office, "build", "--only", "web", lang="es").code == 0
    site = Calendar.from_ical((office / "dist/site/events.ics").read_bytes())
    assert [str(one["STATUS"]) for one in site.events] == ["CANCELLED"]
    folder = office / "dist/site/releases/cultura"
    assert Calendar.from_ical((folder / "event.ics").read_bytes())["METHOD"] == "CANCEL"
    assert "SE CANCELA el evento previsto" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_choice_that_is_none_is_refused(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    comsoc(office, "approve", "becas")
    asked = comsoc(office, "kill", "becas", "--reason", "x", "--new-date", "soon", "--yes")
    assert asked.code == 2
    assert not (office / "approved/becas/kill.yaml").exists()
