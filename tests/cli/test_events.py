"""Events: their days and hours in words, as calendar entries, and what cannot be."""

import html
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar
from support.events import an_invitation
from support.offices import an_office, comsoc, messages


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
