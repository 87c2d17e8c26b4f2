"""What is rendered is set as in print: quotation marks, rayas, and no line that ends between a figure and its unit."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.texts import a_text, approved, documents

from comsoc_cli.rendering.body import body_html, in_media
from comsoc_cli.rendering.plain import wrapped
from comsoc_cli.rendering.typography import NO_BREAK, typeset, typeset_html


def body(text: str, language: str = "es-MX") -> str:
    """A body's HTML in which “~” shows where no line ends."""
    return html.unescape(body_html(a_text(text, language=language), in_media, str)).replace(NO_BREAK, "~")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("48 mil becas y 3 millones", "48~mil becas y 3~millones"),
        ("el 5 % de 120 km, 7.5 ha y 30 °C", "el 5~% de 120~km, 7.5~ha y 30~°C"),
        ("de 9:00 a 18:00 h", "de 9:00 a 18:00~h"),
        ("at 6:00 p.m. or 6 p. m.", "at 6:00~p.m. or 6~p.~m."),
        ("cuesta $ 5", "cuesta $~5"),
        ("el 23 de noviembre de 2026", "el 23~de noviembre de 2026"),
        ("el 1º de mayo", "el 1º~de mayo"),
        ("on November 23, 2026", "on November~23, 2026"),
        ("el art. 41, núm. 3 (pág. 8)", "el art.~41, núm.~3 (pág.~8)"),
        ("el Sr. Ruiz y la Dra. Ángeles", "el Sr.~Ruiz y la Dra.~Ángeles"),
        ("al 667 000 0100", "al 667~000~0100"),
        ("del siglo XXI", "del siglo~XXI"),
        ("uno – dos", "uno~– dos"),
        ("5 mesas, 3 horarios y 20 municipios", "5 mesas, 3 horarios y 20 municipios"),
        ("Así lo dijo el art. El 5 de la lista", "Así lo dijo el art. El 5 de la lista"),
        ("llegó al fin. 48 personas", "llegó al fin. 48 personas"),
    ],
)
def test_no_line_ends_between_what_belongs_together(written: str, printed: str) -> None:
    assert typeset(written).replace(NO_BREAK, "~") == printed
    assert body(written) == f"<p>{printed}</p>"
    assert typeset(typeset(written)) == typeset(written)


def test_a_line_that_ends_in_the_source_does_not_end_in_print() -> None:
    assert body("Serán 48\nmil becas\nnuevas.") == "<p>Serán 48~mil becas\nnuevas.</p>"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('¿"Cómo"? ¡"Así"! ("aquí")', "¿“Cómo”? ¡“Así”! (“aquí”)"),
        ("Dijo: \"uno 'dos' tres\".", "Dijo: “uno ‘dos’ tres”."),
        ("d'Artagnan en los '90", "d’Artagnan en los ’90"),
        ("y así...", "y así…"),
        ("uno --- dos", "uno~— dos"),
        ("de 2026--2027", "de 2026–2027"),
        ("\"'a' b\"", "“‘a’ b”"),
    ],
)
def test_marks_are_those_of_print_in_headlines_and_in_the_text(written: str, printed: str) -> None:
    assert typeset(written).replace(NO_BREAK, "~") == printed
    assert body(written) == f"<p>{printed}</p>"


@pytest.mark.parametrize(
    ("written", "spanish", "english"),
    [
        ("El apoyo --dijo-- llega.", "El apoyo —dijo— llega.", "El apoyo –dijo– llega."),
        ("--Hola, dijo.", "—Hola, dijo.", "–Hola, dijo."),
        ("Culiacán, Sin.-- El apoyo.", "Culiacán, Sin.– El apoyo.", "Culiacán, Sin.– El apoyo."),
        ("2026--2027, 2028--2029", "2026–2027, 2028–2029", "2026–2027, 2028–2029"),
    ],
)
def test_in_spanish_two_dashes_around_words_are_rayas(written: str, spanish: str, english: str) -> None:
    assert body(written) == f"<p>{spanish}</p>"
    assert body(written, "en") == f"<p>{english}</p>"


def test_code_and_what_belongs_to_another_program_stay_as_they_are() -> None:
    assert body("`48 mil` y 48 mil\n\n    art. 41\n\n{{ 5 km }}") == (
        "<p><code>48 mil</code> y 48~mil</p>\n<pre><code>art. 41\n</code></pre>\n<p>{{ 5 km }}</p>"
    )


@given(st.text(alphabet=st.sampled_from("5 km%$–—-\"'.aSrXIde()¿\n"), max_size=60))
@settings(deadline=None)
def test_what_is_set_is_set_once_and_nothing_is_lost(text: str) -> None:
    once = typeset(text)
    assert typeset(once) == once
    assert typeset_html(typeset_html(html.escape(text), spanish=True), spanish=True) == typeset_html(
        html.escape(text), spanish=True
    )
    letters = re.compile(r"[^\w%$¿()]")
    assert letters.sub("", once) == letters.sub("", text)


def test_page_pdf_and_mail_are_set_and_the_text_for_copying_has_ordinary_spaces() -> None:
    made = documents()
    text = a_text('Dio "48 mil" becas a las 18:00 h.', headline='Llegan "48 mil" becas', subhead="El 5 % más")
    for template in ("page.html", "pdf.html"):
        rendered = made.from_template(template, approved(text), text, structured="")
        for printed in (
            "Llegan “48~mil” becas</h1>",
            "El 5~% más</p>",
            "a 23~de noviembre",
            "“48~mil” becas",
            "18:00~h",
        ):
            assert printed in rendered.replace(NO_BREAK, "~")
    assert NO_BREAK not in made.plain(approved(text), text) + made.chat(approved(text), text)


def test_no_line_of_a_mail_ends_between_a_figure_and_its_unit() -> None:
    line = wrapped("El trámite es gratuito y se atiende los martes y los jueves de 9:00 a 14:00 h en la sede", 72)
    assert line.split("\n")[1].startswith("14:00 h en")
    assert NO_BREAK not in line
