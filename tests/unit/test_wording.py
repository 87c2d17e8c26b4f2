"""Dates, hours, zones and subjects, as a press office writes them in Spanish and in English."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from support.texts import EVENT, KINDS, SINALOA, a_text, approved, some_settings

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Kind, OfficeSettings
from comsoc_cli.rendering.notices import Notices
from comsoc_cli.rendering.views import Viewer
from comsoc_cli.rendering.wording import Wording, feminine

MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=SINALOA)


def spanish(zone: str = "America/Mazatlan") -> Wording:
    return Wording("es-MX", ZoneInfo(zone))


def english(zone: str = "America/Mazatlan") -> Wording:
    return Wording("en", ZoneInfo(zone))


def plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_days() -> None:
    assert spanish().day(MONDAY) == "23 de noviembre de 2026"
    assert english().day(MONDAY) == "November 23, 2026"
    assert spanish().weekday(MONDAY) == "lunes 23 de noviembre de 2026"
    assert english().weekday(MONDAY) == "Monday, November 23, 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "in_spanish", "in_english"),
    [
        (0, 0, "0:00 h", "12:00 a.m."),
        (0, 5, "0:05 h", "12:05 a.m."),
        (9, 5, "9:05 h", "9:05 a.m."),
        (11, 59, "11:59 h", "11:59 a.m."),
        (12, 0, "12:00 h", "12:00 p.m."),
        (12, 30, "12:30 h", "12:30 p.m."),
        (18, 0, "18:00 h", "6:00 p.m."),
        (23, 59, "23:59 h", "11:59 p.m."),
    ],
)
def test_hours(hour: int, minute: int, in_spanish: str, in_english: str) -> None:
    moment = datetime(2026, 11, 23, hour, minute, tzinfo=SINALOA)
    assert (spanish().hour(moment), english().hour(moment)) == (in_spanish, in_english)


def test_a_moment_is_told_in_the_offices_zone_whatever_its_own() -> None:
    moment = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert spanish().day(moment) == "23 de noviembre de 2026"
    assert spanish().hour(moment) == "18:00 h"
    assert spanish("America/Mexico_City").hour(moment) == "19:00 h"


def test_sinaloa_has_no_summer_time_any_more() -> None:
    assert spanish().hour(datetime(2026, 7, 1, 17, 0, tzinfo=UTC)) == "10:00 h"
    assert spanish().hour(datetime(2026, 12, 1, 17, 0, tzinfo=UTC)) == "10:00 h"


def test_a_moment_in_short() -> None:
    assert spanish().short(MONDAY) == "lun 23 nov, 18:00 h"
    assert english().short(MONDAY) == "Mon Nov 23, 6:00 p.m."


@pytest.mark.parametrize(
    ("zone", "in_spanish", "short"),
    [
        ("America/Mazatlan", "de Sinaloa", "Sinaloa"),
        ("America/Mexico_City", "del centro del país", "centro del país"),
        ("America/Hermosillo", "de Sonora", "Sonora"),
        ("Europe/Madrid", "de Madrid", "Madrid"),
    ],
)
def test_zones(zone: str, in_spanish: str, short: str) -> None:
    assert (spanish(zone).zone_name(), spanish(zone).short_zone()) == (in_spanish, short)


def test_zones_in_english() -> None:
    assert "Mazatl" in english().zone_name()
    assert english().zone_name().endswith(" time")


def test_the_dateline() -> None:
    assert spanish().dateline("Culiacán, Sinaloa", MONDAY) == "Culiacán, Sinaloa, a 23 de noviembre de 2026.–"
    assert english().dateline("Culiacán, Sinaloa", MONDAY) == "Culiacán, Sinaloa, November 23, 2026 –"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "1 kB"), (900, "1 kB"), (2_400, "2 kB"), (999_400, "999 kB"), (2_140_000, "2.1 MB")]
)
def test_sizes(count: int, words: str) -> None:
    assert spanish().size(count) == words
    assert english().size(count) == words


def test_figures() -> None:
    assert spanish().figure(1250.5) == "1,250.5"


@pytest.mark.parametrize("language", ["es", "es_MX", "es-419", "es-MX", "ES-mx"])
def test_every_sort_of_spanish_is_spanish(language: str) -> None:
    words = Wording(language, SINALOA)
    assert words.weekday(MONDAY) == "lunes 23 de noviembre de 2026"
    assert words.translate()("Press contact") != "Press contact"


@pytest.mark.parametrize("language", ["yua", "nah", "zz", "may-MX", "fr", "pt-BR"])
def test_a_language_that_we_do_not_write_is_told_in_something_readable(language: str) -> None:
    words = Wording(language, SINALOA)
    for text in (words.day(MONDAY), words.weekday(MONDAY), words.short(MONDAY), words.zone_name()):
        assert text.strip()
    assert words.translate()("Press contact") == "Press contact"


# Subjects


def subject(release: Release, **state: object) -> str:
    shown = approved(release, **state)
    return plain_spaces(Viewer(some_settings()).subject(shown, release))


@pytest.mark.parametrize(
    ("kind", "language", "wanted"),
    [
        ("boletin", "es-MX", "Boletín 41 | Arranca el programa de becas"),
        ("boletin", "en", "Press release 41 | Arranca el programa de becas"),
        ("aviso", "es-MX", "AVISO | Arranca el programa de becas"),
        ("aviso", "en", "URGENT NOTICE | Arranca el programa de becas"),
        ("invitacion", "es-MX", "INVITACIÓN | mié 25 nov, 9:00 h, Culiacán | Arranca el programa de becas"),
        ("invitacion", "en", "MEDIA ADVISORY | Wed Nov 25, 9:00 a.m., Culiacán | Arranca el programa de becas"),
    ],
)
def test_each_kind_has_its_subject(kind: str, language: str, wanted: str) -> None:
    event = EVENT if kind == "invitacion" else None
    assert subject(a_text(kind=kind, language=language, event=event)) == wanted


def test_a_draft_has_no_number() -> None:
    assert subject(a_text(), number=None, revision=0) == "Boletín | Arranca el programa de becas"


def test_an_invitation_without_dateline_names_its_place() -> None:
    release = a_text(kind="invitacion", event=EVENT, dateline="")
    assert subject(release) == "INVITACIÓN | mié 25 nov, 9:00 h, Palacio de Gobierno | Arranca el programa de becas"


def test_what_is_unknown_leaves_no_comma_behind() -> None:
    from dataclasses import replace

    release = a_text(kind="invitacion", event=replace(EVENT, place=""), dateline="")
    assert subject(release) == "INVITACIÓN | mié 25 nov, 9:00 h | Arranca el programa de becas"


def test_under_embargo_the_subject_says_until_when_first() -> None:
    release = a_text(embargo=MONDAY)
    assert subject(release, embargoed=True) == (
        "EMBARGADO hasta lun 23 nov, 18:00 h Sinaloa | Boletín 41 | Arranca el programa de becas"
    )
    release = a_text(embargo=MONDAY, language="en")
    assert subject(release, embargoed=True).startswith("EMBARGOED until Mon Nov 23, 6:00 p.m. Mazatl")
    assert "EMBARG" not in subject(release)


@pytest.mark.parametrize("headline", ["Uno {number} dos", "100 % {} listo", "Con | barra", "{headline.__class__}"])
def test_a_headline_is_never_taken_for_a_pattern(headline: str) -> None:
    assert subject(a_text(headline=headline)) == f"Boletín 41 | {headline}"


def test_a_subject_stands_on_one_line() -> None:
    kinds = {"boletin": Kind(label="Boletín\n oficial", subject="{label}\n{headline}\u2028{place}")}
    release = a_text(dateline="Culiacán\n, Sinaloa")
    text = Viewer(some_settings(kinds=kinds)).subject(approved(release), release)
    assert len(text.splitlines()) == 1


# What a release is called, and its embargo


def test_a_release_is_called_by_kind_and_number() -> None:
    viewer, release = Viewer(some_settings()), a_text()
    assert viewer.release(approved(release), release).reference == "Boletín 41"
    assert viewer.release(approved(release, number=None), release).reference == "Boletín"


def test_the_notice_of_an_embargo_says_hour_zone_and_day() -> None:
    viewer, release = Viewer(some_settings()), a_text(embargo=MONDAY)
    notice = viewer.release(approved(release, embargoed=True), release).embargo
    for word in ("18:00 h", "de Sinaloa", "lunes 23 de noviembre de 2026"):
        assert word in notice
    assert viewer.release(approved(release), release).embargo == ""


def test_a_translation_has_the_notice_in_its_language() -> None:
    release = a_text(embargo=MONDAY, translations=(a_text(language="en"),))
    notice = Viewer(some_settings()).release(approved(release, embargoed=True), release.translations[0]).embargo
    assert notice.startswith("EMBARGOED")
    assert "Monday, November 23, 2026" in notice


def test_an_event_is_told_in_words() -> None:
    release = a_text(kind="invitacion", event=EVENT)
    event = Viewer(some_settings()).release(approved(release), release).event
    assert event
    assert event.day == "miércoles 25 de noviembre de 2026"
    assert event.hours in {"9:00 h a 10:00 h", "de 9:00 h a 10:00 h"}
    release = a_text(kind="invitacion", event=EVENT, language="en")
    event = Viewer(some_settings()).release(approved(release), release).event
    assert event
    assert event.hours == "9:00 a.m. to 10:00 a.m."


@pytest.mark.parametrize("slug", ["becas", "2026-11-05-becas"])
def test_a_page_has_a_stable_address(slug: str) -> None:
    viewer, release = Viewer(some_settings()), a_text(slug=slug)
    assert viewer.page_url(approved(release), release) == f"https://prensa.example/releases/{slug}/"


@pytest.mark.parametrize(
    ("url", "address"), [("https://x.example/sala/", "https://x.example/sala/releases/becas/"), ("", "")]
)
def test_a_newsroom_may_stand_below_another_site_or_nowhere(url: str, address: str) -> None:
    viewer, release = Viewer(some_settings(office=OfficeSettings(name="P", url=url))), a_text()
    assert viewer.page_url(approved(release), release) == address


def test_every_kind_of_the_tests_has_a_label_in_english() -> None:
    assert all(kind.label_in("en-US") != kind.label for kind in KINDS.values())


@pytest.mark.parametrize(
    ("noun", "is_feminine"),
    [
        ("Boletín 412", False),
        ("Aviso urgente", False),
        ("Posicionamiento 3", False),
        ("Programa", False),
        ("Invitación a medios", True),
        ("Tarjeta informativa 3", True),
        ("Convocatoria", True),
        ("", False),
    ],
)
def test_a_spanish_noun_is_feminine_by_its_ending(noun: str, is_feminine: bool) -> None:
    assert feminine(noun) is is_feminine


def test_notices_agree_with_the_kind_of_release() -> None:
    kill = Kill(reason="Se canceló", by="Ana Ruiz", at=MONDAY)
    for reference, told, subject in (
        ("Boletín 412", "el Boletín 412 del 23 de noviembre de 2026. Solicitamos no publicarlo", "al Boletín 412 | "),
        ("Invitación a medios", "la Invitación a medios del 23 de noviembre de 2026. Solicitamos no publicarla",
         "a la Invitación a medios | "),
    ):  # fmt: skip
        notices = Notices(spanish(), a_text(date=MONDAY), reference)
        assert told in plain_spaces(notices.kill(kill))
        assert notices.subject(Purpose.ERRATUM, "").startswith(f"FE DE ERRATAS {subject}")


def test_the_subject_of_a_kill_says_which_release_it_is() -> None:
    for reference, subject in (
        ("Boletín 412", "FAVOR DE OMITIR el Boletín 412 (queda sin efecto)"),
        ("Invitación a medios", "FAVOR DE OMITIR la Invitación a medios “Feria del libro” (queda sin efecto)"),
    ):
        notices = Notices(spanish(), a_text(date=MONDAY, headline="Feria del libro"), reference)
        assert plain_spaces(notices.subject(Purpose.KILL, "")) == subject
