"""Stars and underscores: emphasis as CommonMark has it, and what Word leaves behind."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown_it import MarkdownIt

from comsoc_cli.rendering.emphasis import with_emphasis


def html_of(text: str) -> str:
    return with_emphasis(Markdown(output_format="html")).convert(text).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*uno* y **dos**", "<em>uno</em> y <strong>dos</strong>"),
        ("_uno_ y __dos__", "<em>uno</em> y <strong>dos</strong>"),
        ("***uno***", "<em><strong>uno</strong></em>"),
        ("***uno** dos*", "<em><strong>uno</strong> dos</em>"),
        ("**uno *dos***", "<strong>uno <em>dos</em></strong>"),
        ("*uno **dos** tres*", "<em>uno <strong>dos</strong> tres</em>"),
        ("in*cre*íble", "in<em>cre</em>íble"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("un_archivo_así.pdf", "un_archivo_así.pdf"),
        ("*Cifras preliminares. *Sujetas a cambio", "*Cifras preliminares. *Sujetas a cambio"),
        ("**uno y _dos**", "<strong>uno y _dos</strong>"),
        (r"\*uno\* y *dos\**", "*uno* y <em>dos*</em>"),
        ("*[uno](x)* y [*dos*](y)", '<em><a href="x">uno</a></em> y <a href="y"><em>dos</em></a>'),
        ("**`a*b` y c**", "<strong><code>a*b</code> y c</strong>"),
        ("*uno* **dos** _tres_ *cuatro*", "<em>uno</em> <strong>dos</strong> <em>tres</em> <em>cuatro</em>"),
        # Beyond CommonMark.
        ("**Nota: **el plazo vence.", "<strong>Nota: </strong>el plazo vence."),
        ("** Nota:** el plazo vence.", "<strong> Nota:</strong> el plazo vence."),
        ("**uno****dos**", "<strong>uno</strong><strong>dos</strong>"),
        ("*uno***dos**", "<em>uno</em><strong>dos</strong>"),
        ("el lunes**,** a las nueve", "el lunes<strong>,</strong> a las nueve"),
        ("**«Hola»**dijo", "<strong>«Hola»</strong>dijo"),
        ("Nombre: ____________ Firma: ____________", "Nombre: ____________ Firma: ____________"),
        ('("____") o ("____")', '("____") o ("____")'),
        ("a ** b ** c", "a ** b ** c"),
        # Both of these lost letters to Python-Markdown.
        (
            "**_PREGUNTA:_ ** _Cuánto costará el mercado._",
            "<strong><em>PREGUNTA:</em> </strong> <em>Cuánto costará el mercado.</em>",
        ),
        (
            "_**LUIS** _ **A._MORA, REGIDOR.**",
            "<em><strong>LUIS</strong> </em> <strong>A._MORA, REGIDOR.</strong>",
        ),
    ],
)  # fmt: skip
def test_emphasis_is_read_as_it_was_meant(text: str, expected: str) -> None:
    assert html_of(text) == expected


@given(st.text(alphabet="ab *_.,", max_size=30))
def test_what_commonmark_reads_without_a_sign_left_over_is_read_the_same(text: str) -> None:
    text = f"x{text}x"
    expected = MarkdownIt("commonmark").render(text).strip()
    if not re.search(r"[*_]", expected) and "____" not in text:
        assert f"<p>{html_of(text)}</p>" == expected


@given(st.text(alphabet="abñ *_.,`()!\\\n" + string.digits, max_size=60))
def test_no_letter_is_lost_between_stars_and_underscores(text: str) -> None:
    letters = re.sub(r"[\W_]", "", f"x{text}")
    assert re.sub(r"[\W_]", "", re.sub(r"<[^>]*>", "", html_of(f"x{text}"))) == letters or re.search(
        r"(?m)^\s*\d+\.(?=\s)",
        text,  # the number of a list
    )


def test_one_converter_reads_one_text_after_the_other() -> None:
    converter = with_emphasis(Markdown())
    texts = ["*a*", "*a*", "*a* b", "*a* *b*", "x *a* *b*", "*b*", "a", "**a", "**a", "*a* b"]
    assert [converter.reset().convert(one) for one in texts] == [
        with_emphasis(Markdown()).convert(one) for one in texts
    ]
    assert converter.reset().convert("\n\n".join(texts)) == "\n".join(
        with_emphasis(Markdown()).convert(one) for one in texts
    )
