"""Every letter of a text reaches its readers, and where one does not, it is told with its line."""

import html
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.texts import a_text

from comsoc_cli.rendering.body import clean_html
from comsoc_cli.rendering.completeness import missing
from comsoc_cli.rendering.plain import plain_text


def lost(source: str) -> str | None:
    """The line that is told for a text as it is converted now."""
    found = missing(source, clean_html(source, "es-MX"))
    return found.words if found else None


@pytest.mark.parametrize(
    "source",
    [
        "Párrafo con **negritas**, *cursivas* y `código`.",
        "Uno[^1] y dos[^nota].\n\n[^1]: Con su *nota*.\n\n[^nota]: De varias\n    líneas.",
        "*[INEGI]: Instituto Nacional de Estadística\n\nSegún el INEGI.",
        "*[SEP]: Secretaría de Educación\n\nNadie la nombra.",
        (
            "[Uno][a], [dos] [B], [c] y [cuatro].\n\n[a]: https://a.example\n[b]: <https://b.example> 'Título'\n"
            '[c]: https://c.example\n    "Otro título"'
        ),
        "<!-- comsoc: allow lead-long Es el decreto. -->\nTexto.\n<!-- y una\nnota interna -->",
        '<div class="nota" data-x="1">Dentro <span style="color: red">rojo</span></div>\n\nFuera.',
        "<details><summary>Ver</summary>\n\nTodo.\n</details>",
        "Antes <script>alert('adiós')</script> después.\n\n<style>.x { color: red }</style>\n\nFin.",
        '[liga](https://x.example/a_(b) "Su título (largo)") y ![Texto alterno](foto.jpg "Título") y fin.',
        "[![Alterno [con corchetes]](foto.jpg)](https://x.example) texto",
        '[a]({{< ref "x" >}}) y en medio [b]({{< ref "y" >}} "Título") fin',
        "{{< figure src=\"foto.jpg\" title='algo' >}} y {% include x.html %}",
        "```python\nprint('hola')\n```\n\n~~~\notra\n~~~\n\n    sangrado <b> &amp;",
        "Educaci&oacute;n, &ntilde;and&uacute; &#225; &#xe9; &nbsp; &copy; &noesentidad; AT&T y &aacute",
        "`&aacute;` y &oacute; y &lt;p&gt;",
        "| Uno | Dos |\n|:--|--:|\n| **a** | 1,200 |\n| b \\| c | `x|y` |",
        "Término\n:   Definición **larga**\n:   Otra",
        "1. Uno\n2. Dos\n    1. Tres\n\n7. Siete\n\n- a\n    - b\n\n2026. Un año al principio.",
        "> “Cita” de *alguien*.\n>\n> 3. Tercero\n\nTítulo\n======\n\nOtro\n---\n\n## Con signos ##",
        "\"Comillas\" 'simples' -- rayas --- puntos... y d'Artagnan",
        "<https://x.example/ruta?a=b> y <prensa@x.example>",
        "<o:p></o:p><st1:place w:st=\"on\">México</st1:place> y <?xml version='1.0'?> fin",
        "[pulse](javascript:alert(1)) y <a href=\"javascript:x\" onclick='y()'>aquí</a> y <iframe src=x></iframe>",
        "El 5 < 6 y 7 > 3, y a<b.",
        "[sic] […] [nota del editor] y [x] y ] suelto [",
        "Un ſ ﬁn con ligadura, Ω, 漢字, и кириллица, e\u0301 combinada, ١٢٣.",
        "Línea uno\\\nlínea dos  \nlínea tres",
    ],
)
def test_what_is_complete_raises_no_alarm(source: str) -> None:
    assert lost(source) is None


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Primero.\n\nEl monto es <por confirmar con Finanzas>.", "El monto es <por confirmar con Finanzas>."),
        ("Uno.\n\n| A | B |\n|---|---|\n| 1 | 2 | sobra |\n| 3 | 4 |", "| 1 | 2 | sobra |"),
        ('Uno.\n\nVea [a](http://x.example/"q) y luego [b](http://y.example "t") y fin.',
         'Vea [a](http://x.example/"q) y luego [b](http://y.example "t") y fin.'),
        ("Uno[^a].\n\n[^a]: Primera nota.\n\n[^a]: Segunda, con su nombre.", "[^a]: Primera nota."),
        ("Uno.\n\nDos <script> y todo lo demás\n\ntres", "Dos <script> y todo lo demás"),
    ],
)  # fmt: skip
def test_what_is_swallowed_is_told_with_its_line(source: str, line: str) -> None:
    assert lost(source) == line


def test_a_single_letter_that_is_missing_is_told() -> None:
    source = "La obra.\n\nPues, quitarle el presupuesto es aniquilarlo.\n\nLa obra es de todas y todos."
    markup = clean_html(source, "es-MX")
    found = missing(source, markup.replace("aniquilarlo", "aniquilalo"))
    assert found
    assert found.words == "Pues, quitarle el presupuesto es aniquilarlo."
    assert source[found.start : found.end] == found.words


def test_of_two_equal_lines_each_is_needed() -> None:
    source = "Ana Ruiz\n\nLa obra.\n\nAna Ruiz"
    assert missing(source, clean_html(source, "es-MX").replace("<p>Ana Ruiz</p>", "", 1))


WORDS = st.text(alphabet="abcdefghijñáéü0123456789", min_size=4, max_size=9)
INLINE = st.one_of(
    WORDS,
    WORDS.map("*{}*".format),
    WORDS.map("**{}**".format),
    WORDS.map("_{}_".format),
    WORDS.map("“{}”".format),
    WORDS.map("`{}`".format),
    WORDS.map("{}&nbsp;fin".format),
    st.tuples(WORDS, WORDS).map(lambda two: f"[{two[0]}](https://{two[1]}.example/a)"),
    st.tuples(WORDS, WORDS).map(lambda two: f'[{two[0]}](<https://x.example/{two[1]}> "{two[1]} título")'),
    st.tuples(WORDS, WORDS).map(lambda two: f"![{two[0]}]({two[1]}.jpg)"),
    st.tuples(WORDS, WORDS).map(lambda two: f'<span class="{two[0]}">{two[1]}</span>'),
    WORDS.map("<!-- {} -->".format),
    WORDS.map("a[^{}]".format),
    WORDS.map("{{{{< {} >}}}}".format),
    st.tuples(WORDS, WORDS).map(lambda two: f'[{two[0]}]({{{{< ref "{two[1]}" >}}}} "Su título")'),
)
LINES = st.lists(INLINE, min_size=1, max_size=6).map(" ".join).map("x {}".format)
BLOCKS = st.one_of(
    LINES,
    LINES,
    LINES.map("## {}".format),
    LINES.map("> {}".format),
    st.lists(LINES, min_size=1, max_size=3).map(lambda many: "\n".join(f"- {line}" for line in many)),
    st.lists(LINES, min_size=1, max_size=3).map(lambda many: "\n".join(f"1. {line}" for line in many)),
    st.tuples(WORDS, WORDS).map(lambda two: f"| {two[0]} | x |\n|---|---|\n| {two[1]} | y |"),
    st.tuples(WORDS, LINES).map(lambda two: f"[^{two[0]}]: {two[1]}"),
    WORDS.map("*[{0}]: sus palabras".format),
    st.tuples(WORDS, WORDS).map(lambda two: f"[{two[0]}]: https://{two[1]}.example 'título'"),
    LINES.map("```python\n{}\n```".format),
    st.tuples(WORDS, LINES).map(lambda two: f"{two[0]}\n:   {two[1]}"),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=6))
def test_no_text_of_markdown_as_it_is_written_raises_an_alarm(blocks: list[str]) -> None:
    labels = re.findall(r"(?m)^\[\^\w+\]:", "\n".join(blocks))
    assume(len(set(labels)) == len(labels))
    assert lost("\n\n".join(blocks)) is None


@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5), st.data())
def test_any_word_that_is_taken_out_is_told(lines: list[str], data: st.DataObject) -> None:
    source = "\n\n".join(f"x {line}" for line in lines)
    markup = clean_html(source, "es-MX")
    number = data.draw(st.integers(0, len(lines) - 1))
    word = data.draw(st.sampled_from(lines[number].split()))
    assume(markup.count(word) == 1)
    found = missing(source, markup.replace(word, ""))
    assert found
    assert word in found.words


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abñ1 \n\n<>[]()!`*_#|:-&;\"'/\\^{}=~", max_size=80))
def test_a_jumble_of_signs_is_told_only_where_a_letter_is_not_there(jumble: str) -> None:
    found = lost(jumble)
    if found:
        shown = re.sub(r"<[^>]*>", "", clean_html(jumble, "es-MX"))
        assert len(re.findall(r"[^\W_]", shown)) < len(re.findall(r"[^\W_]", jumble))


@settings(max_examples=40, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=5))
def test_the_plain_text_has_every_letter_of_the_page(blocks: list[str]) -> None:
    markup = clean_html("\n\n".join(blocks), "es-MX")
    shown = re.sub(r"[\W_]", "", html.unescape(re.sub(r"<[^>]*>", "", markup))).casefold()
    plain = re.sub(r"[\W_]", "", plain_text(markup)).casefold()
    assert not [letter for letter in set(shown) if shown.count(letter) > plain.count(letter)]


def test_a_release_without_a_text_has_nothing_to_lose() -> None:
    assert lost(a_text("").body) is None
