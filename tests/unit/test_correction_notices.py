"""What a correction says that it changed, held against what really changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from support.notices import BODY, REST
from support.texts import EVENT, SINALOA, a_text, some_settings

from comsoc_cli.model.release import Correction, Image, Link, Release
from comsoc_cli.rendering.changes import Corrected, Passage, Seen
from comsoc_cli.rendering.notices import MOST_IN_A_NOTICE, Notices
from comsoc_cli.rendering.wording import Wording
from comsoc_cli.safeguards.seen_changes import moved_event, pairs_of, seen_changes

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SINALOA)
SENT = datetime(2026, 11, 23, 10, 0, tzinfo=SINALOA)
FIGURE = Correction(revision=2, said="48 mil", should="84 mil")


def seen(old: Release, new: Release, correction: Correction = FIGURE) -> Seen:
    return seen_changes(old, new, some_settings(), pairs_of([correction]))[new.language]


def notice(old: Release, new: Release, correction: Correction = FIGURE) -> str:
    found = seen_changes(old, new, some_settings(), pairs_of([correction]))
    moved = moved_event(old, new, some_settings())
    told = Corrected(correction=correction, at=NOON, seen=found, moved=moved)
    words = Wording("es-MX", SINALOA)
    label = some_settings().kinds[new.kind].label
    reference = f"{label} 412" if new.kind == "boletin" else label
    text = Notices(words, new, reference, kind=label, sent=SENT).correction((told,))
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def corrected(body: str = BODY.replace("48 mil", "84 mil"), **changes: Any) -> Release:
    return a_text(body, **changes)


def test_where_nothing_but_what_was_told_changed_the_rest_is_said_to_stay_the_same() -> None:
    assert notice(a_text(BODY), corrected()) == (
        "FE DE ERRATAS. En el Boletín 412, enviado el 23 de noviembre a las 10:00 h, DICE: “48 mil”. "
        "DEBE DECIR: “84 mil”. El resto del boletín se mantiene igual. "
        "Si ya publicó, agradeceremos corregir el dato en lo ya publicado. Ofrecemos una disculpa."
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body": "El programa entrega 84 mil becas.\n\nLas ventanillas abren de 8 a 14 horas, y **no** cobran nada."},
         "DICE: “Las ventanillas abren de 9 a 15 horas, y no cobran”. DEBE DECIR: “Las ventanillas abren de 8 a 14"),
        ({"headline": "Comienza el programa de becas"}, "En el titular, DICE: “Arranca el programa de becas”."),
        ({"subhead": "En todo el estado"}, "En el subtítulo se agrega: “En todo el estado”."),
        ({"summary": ("Pago en enero",)}, "En el sumario se agrega: “Pago en enero”."),
        ({"images": (Image(src="a.jpg", alt="Aula", caption="Aula llena"),)}, "En los pies de foto se agrega:"),
        ({"links": (Link(title="Audio", url="https://prensa.example/a.mp3"),)}, "En las ligas se agrega: “Audio:"),
        ({"attachments": ("anexo.pdf",)}, "En los anexos se agrega: “anexo.pdf”."),
        ({"dateline": "Mazatlán, Sinaloa"}, "DICE: “Culiacán, Sinaloa”. DEBE DECIR: “Mazatlán, Sinaloa”."),
    ],
)  # fmt: skip
def test_whatever_else_changed_is_listed_and_the_rest_is_not_said_to_be_the_same(
    changes: Mapping[str, Any], told: str
) -> None:
    text = notice(a_text(BODY), corrected(**changes))
    assert "DICE: “48 mil”. DEBE DECIR: “84 mil”." in text
    assert told in text
    assert "mantiene igual" not in text


def test_a_picture_of_another_content_under_its_old_name_is_a_change(tmp_path: Path) -> None:
    for folder, data in (("old", b"one"), ("new", b"two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "foto.jpg").write_bytes(data)
    old = a_text(BODY, files={"foto.jpg": tmp_path / "old/foto.jpg"})
    text = notice(old, corrected(files={"foto.jpg": tmp_path / "new/foto.jpg"}))
    assert "Se sustituye el archivo foto.jpg." in text
    assert "mantiene igual" not in text


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        BODY.replace("**no**", "no").replace("horas, y", "horas,\u00a0 y"),
        BODY.replace("\n\n", "\n\n\n") + "\n",
        BODY.replace("48 mil", "48\nmil"),
    ],
)
def test_typography_is_no_change(body: str) -> None:
    assert seen(a_text(body), corrected()) == Seen(explained=True)


def test_quotation_marks_and_dashes_are_no_change() -> None:
    old = a_text('Dijo "sí" - y se fue. Son 48 mil.', headline='El "plan" 2020-2026')
    new = a_text("Dijo “sí” – y se fue. Son 84 mil.", headline="El “plan” 2020–2026")
    assert seen(old, new) == Seen(explained=True)


def test_what_was_said_may_be_corrected_in_one_place_and_stand_in_another() -> None:
    old = a_text("Son 48 mil. Antes eran 48 mil.", headline="Entregan 48 mil becas")
    new = a_text("Son 84 mil. Antes eran 48 mil.", headline="Entregan 84 mil becas")
    assert seen(old, new) == Seen(explained=True)


def test_where_what_was_said_was_not_corrected_nothing_is_said_of_the_rest() -> None:
    assert "mantiene igual" not in notice(a_text(BODY), a_text(BODY))


def test_a_note_alone_stands_alone() -> None:
    text = notice(a_text(BODY), corrected(), Correction(revision=2, note="La cifra correcta es 84 mil"))
    assert text == (
        "FE DE ERRATAS. En el Boletín 412, enviado el 23 de noviembre a las 10:00 h: La cifra correcta es 84 mil. Si ya"
        " publicó, agradeceremos corregir el dato en lo ya publicado. Ofrecemos una disculpa."
    )


def test_an_addition_that_also_alters_what_stood_there_says_so() -> None:
    addition = Correction(revision=2, note="El calendario de pagos", addition=True)
    text = notice(a_text(BODY), corrected(BODY.replace("9 a 15", "8 a 14") + "\n\nSe paga en enero."), addition)
    assert text.startswith("ALCANCE. Al Boletín 412 se agrega: El calendario de pagos. También cambia: En el texto,")
    assert "Se paga en enero" not in text
    assert notice(a_text(BODY), a_text(BODY + "\n\nSe paga en enero."), addition).endswith("El calendario de pagos.")


def test_a_long_list_ends_with_how_many_more_there_are() -> None:
    old = a_text("\n\n".join(f"Párrafo número {one} del texto." for one in range(20)) + "\n\n48 mil")
    new = a_text("\n\n".join(f"Párrafo número {one + 50} del texto." for one in range(20)) + "\n\n84 mil")
    text = notice(old, new)
    assert text.count("En el texto, DICE:") == MOST_IN_A_NOTICE
    assert f"Y {20 - MOST_IN_A_NOTICE} cambios más; el texto completo y corregido va abajo." in text


def test_a_translation_is_told_its_own_changes() -> None:
    english = a_text("It grants 48 thousand scholarships. Open at nine.", language="en")
    old = a_text(BODY, translations=(english,))
    new = corrected(translations=(replace(english, body="It grants 84 thousand scholarships. Open at eight."),))
    found = seen_changes(old, new, some_settings(), pairs_of([FIGURE]))
    assert found["es-MX"] == Seen(explained=True)
    assert found["en"] == Seen(
        passages=(
            Passage(
                where="body",
                before="It grants 48 thousand scholarships. Open at nine.",
                after="It grants 84 thousand scholarships. Open at eight.",
            ),
        )
    )
    told = Corrected(correction=FIGURE, at=NOON, seen=found)
    text = Notices(Wording("en", SINALOA), new.translations[0], "Press release 412", sent=SENT).correction((told,))
    assert "48 mil" not in text
    assert "In the text, IT SAYS: “It grants 48 thousand" in text
    assert "stays the same" not in text


def test_the_rest_agrees_with_the_kind() -> None:
    old = a_text(BODY, kind="invitacion", event=EVENT)
    text = notice(old, replace(old, body=BODY.replace("48 mil", "84 mil")))
    assert text.startswith("FE DE ERRATAS. En la Invitación, enviada el 23 de noviembre a las 10:00 h, DICE:")
    assert "El resto de la invitación se mantiene igual." in text


# Events that are moved


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SINALOA)


BADGE = replace(EVENT, accreditation="Con gafete", end=None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"start": at(25, 11)}, "Estaba convocado a las 9:00 h; será a las 11:00 h. Sede y acreditación, sin cambio."),
        ({"start": at(25, 11), "accreditation": "En puerta"}, "Sede, sin cambio. Por el clima. También cambia:"),
        ({"start": at(26, 9)}, "a las 9:00 h; será el jueves 26 de noviembre de 2026, a las 9:00 h."),
        ({"start": at(25, 11)}, "CAMBIO DE HORARIO. Estaba"),
        ({"start": at(26, 9)}, "SE POSPONE. Estaba convocado el miércoles 25"),
        ({"place": "Teatro"}, "CAMBIO DE SEDE. Estaba convocado en Palacio de Gobierno"),
        ({"start": at(24, 9)}, "CAMBIO DE FECHA. Estaba convocado el miércoles 25"),
        ({"place": "Teatro", "address": ""}, "s/n; será en Teatro. Día, hora y acreditación, sin cambio."),
        ({"place": "Teatro", "start": at(25, 13)}, "CAMBIO DE HORARIO Y SEDE. Estaba convocado a las 9:00 h, en"),
    ],
)  # fmt: skip
def test_an_event_that_moves_is_told_as_it_was_and_as_it_is(changes: Mapping[str, Any], told: str) -> None:
    old = a_text(kind="invitacion", event=BADGE)
    new = replace(old, event=replace(BADGE, **changes))
    text = notice(old, new, Correction(revision=2, note="Por el clima"))
    assert told in text
    assert "Por el clima." in text
    assert "acreditación, sin cambio" not in text or "accreditation" not in changes


def test_a_corrected_address_is_no_change_of_venue() -> None:
    old = a_text(kind="invitacion", event=BADGE)
    new = replace(old, event=replace(BADGE, address="Av. Insurgentes 100"))
    assert moved_event(old, new, some_settings()) is None


@pytest.mark.parametrize(
    ("said", "should", "before", "after"),
    [
        ("48 mil", "84 mil", "Son 48 mil becas y 148 mil útiles.", "Son 84 mil becas y 184 mil útiles."),
        ("1", "2", "Hay 1 sede y 10 mesas.", "Hay 2 sede y 20 mesas."),
        ("250", "520", "Cuesta 250 pesos, y antes 1,250.", "Cuesta 520 pesos, y antes 1,520."),
        ("5", "6", "Subió 5 puntos, de 5.5 a 9.", "Subió 6 puntos, de 6.5 a 9."),
    ],
)
def test_what_was_said_is_no_part_of_another_figure(said: str, should: str, before: str, after: str) -> None:
    found = notice(a_text(before), a_text(after), Correction(revision=2, said=said, should=should))
    assert REST not in found
    assert "También cambia" in found


def test_a_text_whose_language_is_written_otherwise_is_compared_all_the_same() -> None:
    old, new = a_text(BODY), corrected(BODY.replace("48 mil", "84 mil").replace("no** cobran", "sí** cobran"))
    found = seen(replace(old, language="es-MX"), replace(new, language="es"))
    assert [passage.where for passage in found.passages] == ["body"]
