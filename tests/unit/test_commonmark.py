"""Text from Word, pandoc and Google Docs becomes what it was there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from support.texts import a_text

from comsoc_cli.copydesk.prose import prose
from comsoc_cli.rendering.body import clean_html
from comsoc_cli.rendering.commonmark import as_commonmark
from comsoc_cli.rendering.completeness import missing

TABLE = (
    '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
    "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
)


def html_of(body: str) -> str:
    return re.sub(r"\s*\n\s*", "", clean_html(a_text(body).body, "es-MX"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # Hashtags
        ("#SinaloaLee #Guasave", "<p>#SinaloaLee #Guasave</p>"),
        ("Cierre.\n#SinaloaLee", "<p>Cierre.#SinaloaLee</p>"),
        ("#1 en el país", "<p>#1 en el país</p>"),
        ("# Título #\n\n## Con # dentro ##", "<h2>Título</h2><h3>Con # dentro</h3>"),
        # Lists and tables right below their paragraph
        ("Ofrece:\n- Sala\n- Taller", "<p>Ofrece:</p><ul><li>Sala</li><li>Taller</li></ul>"),
        ("Ofrece:\n* Sala", "<p>Ofrece:</p><ul><li>Sala</li></ul>"),
        ("Ofrece\n- Sala\n- Taller", "<p>Ofrece</p><ul><li>Sala</li><li>Taller</li></ul>"),
        ("**Pasos:**\n1. Uno\n2. Dos", "<p><strong>Pasos:</strong></p><ol><li>Uno</li><li>Dos</li></ol>"),
        ("> Dice:\n> - Uno\n> - Dos", "<blockquote><p>Dice:</p><ul><li>Uno</li><li>Dos</li></ul></blockquote>"),
        ("Horas:\n| A | B |\n|---|---|\n| 1 | 2 |", f"<p>Horas:</p>{TABLE}"),
        # What is no list
        ("Empezó en\n2026. Fue un año bueno.", "<p>Empezó en2026. Fue un año bueno.</p>"),
        ("Lo dijo\n- según él - ayer.", "<p>Lo dijo- según él - ayer.</p>"),
        ("Suman 5\n+ 3 más.", "<p>Suman 5+ 3 más.</p>"),
        ("Uno\n---", "<h2>Uno</h2>"),
        # Nesting
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("1. a\n   - b\n   - c\n2. d", "<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>"),
        ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("-\ta\n\t-\tb\n-\tc", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("1. a\n\n   Sigue a.\n2. b", "<ol><li><p>a</p><p>Sigue a.</p></li><li><p>b</p></li></ol>"),
        ("- a\n\n  Sigue a.\n\nFuera.", "<ul><li><p>a</p><p>Sigue a.</p></li></ul><p>Fuera.</p>"),
        ("- a\n  sigue a\n- b", "<ul><li>asigue a</li><li>b</li></ul>"),
        ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("5) a\n6) b", '<ol start="5"><li>a</li><li>b</li></ol>'),
        # Escapes and line breaks
        (r"Cobró \$500 al 10\% en \@prensa \~ \^ \/ \=", "<p>Cobró $500 al 10% en @prensa ~ ^ / =</p>"),
        (r"Dijo \"sí\" y \'no\'.", "<p>Dijo “sí” y ‘no’.</p>"),
        (r"\#Uno \- \* \_ \[x\] \<b\> C:\Datos", "<p>#Uno - * _ [x] &lt;b&gt; C:\\Datos</p>"),
        ("Calle Uno 100\\\nCentro", "<p>Calle Uno 100<br>Centro</p>"),
        ("Fin\\\n\nOtro\\", "<p>Fin</p><p>Otro</p>"),
        (r"`\$ \"`", r"<p><code>\$ \"</code></p>"),
        # Attributes
        ("[Uno]{.underline} y [DOS]{.smallcaps}", "<p><u>Uno</u> y DOS</p>"),
        ('[Ver](https://x.mx){target="_blank"}', '<p><a href="https://x.mx">Ver</a></p>'),
        ('![Sala](sala.jpg){width="3in" height="2in"}', '<p><img alt="Sala" src="sala.jpg"></p>'),
        ("## Anexo {#anexo .unnumbered}", "<h2>Anexo</h2>"),
        ('::: {custom-style="Cuerpo"}\nTexto.\n:::', "<p>Texto.</p>"),
        ("El conjunto {a, b} y [nota]{c}.", "<p>El conjunto {a, b} y [nota]{c}.</p>"),
        # Code
        ("```\nOfrece:\n- Sala \\$ {.x}\n```", "<pre><code>Ofrece:- Sala \\$ {.x}</code></pre>"),
        ("<pre>\nOfrece:\n- Sala\n</pre>", "<pre>Ofrece:- Sala</pre>"),
    ],
)
def test_text_of_other_programs_is_read_as_it_was_meant(body: str, expected: str) -> None:
    assert html_of(body) == expected
    assert missing(body, clean_html(body, "es-MX")) is None


def outline(markup: str) -> str:
    """The lists of a page alone: which item stands within which."""
    return re.sub(r"\s|</?p>|<ol[^>]*>", lambda found: "<ol>" if found[0].startswith("<ol") else "", markup)


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("-*")), min_size=1, max_size=6), st.sampled_from([2, 4]))
@settings(max_examples=80, deadline=None)
def test_nested_lists_are_nested_as_commonmark_nests_them(items: list[tuple[int, str]], width: int) -> None:
    level, lines = 0, []
    for number, (wanted, _) in enumerate(items):
        level = min(wanted, level + 1) if number else 0
        lines.append(" " * (width * level) + f"- x{number}x")
    body = "\n".join(lines)
    assert outline(clean_html(body, "es-MX")) == outline(MarkdownIt("commonmark").render(body))


@given(st.text(alphabet="ab1 \n\n-*+.)>|:#\\{}[]`~\t", max_size=60))
def test_no_letter_goes_and_nothing_changes_when_it_is_done_twice(text: str) -> None:
    once = as_commonmark(text)
    assert re.sub(r"[^ab1]", "", once) == re.sub(r"[^ab1]", "", text) or "{" in text or ":::" in text


def test_prose_is_without_attributes_and_escapes() -> None:
    text = r'Cobró \$500 con [esto]{.underline} y ![x](a.jpg){width="3in"}.'
    assert "underline" not in prose(text)
    assert "width" not in prose(text)
    assert len(prose(text)) == len(text)
    assert "\\" not in prose(text)
