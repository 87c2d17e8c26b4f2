"""The text part of a mail, and the text for copying: it reads well by itself."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.texts import a_text

from comsoc_cli.rendering.body import body_html, in_media
from comsoc_cli.rendering.documents import tidied
from comsoc_cli.rendering.plain import plain_text, wrapped

LONG = "El Gobierno del Estado de Sinaloa informa que el programa estatal de becas arranca hoy en todos los municipios."


def plain_of(body: str, width: int = 72, files: Mapping[str, Path] | None = None) -> str:
    """A body as Markdown, as the reader of a plain text sees it."""
    return plain_text(
        body_html(a_text(body, files=files or {}), in_media, lambda what: f"[Falta: {what}]"), width=width
    )


def test_paragraphs_are_wrapped_and_stand_apart() -> None:
    text = plain_of(f"{LONG}\n\n{LONG}")
    first, second = text.split("\n\n")
    assert first == second
    assert max(map(len, text.split("\n"))) <= 72
    assert " ".join(first.split()) == LONG


def test_a_line_break_in_the_source_is_a_space() -> None:
    assert plain_of("uno\ndos\ntres") == "uno dos tres"


def test_a_line_break_that_is_meant_stays() -> None:
    assert plain_of("uno  \ndos") == "uno\ndos"


@pytest.mark.parametrize("word", ["https://prensa.example/" + "a" * 90, "a" * 200])
def test_a_word_that_is_longer_than_a_line_stays_whole(word: str) -> None:
    assert word in plain_of(f"antes {word} después").split("\n")


def test_a_compound_is_not_torn_at_its_hyphen() -> None:
    assert wrapped("aaa bbb-ccc", 8) == "aaa\nbbb-ccc"


def test_for_copying_no_line_is_broken_but_where_a_paragraph_ends() -> None:
    assert plain_of(f"{LONG}\n\n{LONG}", width=100_000) == f"{LONG}\n\n{LONG}"


# Links


def test_links_are_numbered_and_listed_at_the_end() -> None:
    text = plain_of("Vea [las reglas](https://a.example) y [el mapa](https://b.example).")
    assert text == "Vea las reglas [1] y el mapa [2].\n\n[1] https://a.example\n[2] https://b.example"


def test_one_address_has_one_number() -> None:
    text = plain_of("[Uno](https://a.example) y [otra vez](https://a.example).")
    assert text == "Uno [1] y otra vez [1].\n\n[1] https://a.example"


def test_an_address_keeps_its_signs() -> None:
    assert plain_of("[x](https://a.example/?b=1&c=2)").endswith("[1] https://a.example/?b=1&c=2")


def test_an_address_of_mail_is_no_footnote() -> None:
    assert plain_of("[prensa@x.example](mailto:prensa@x.example)") == "prensa@x.example"


def test_a_link_in_a_table_is_listed() -> None:
    text = plain_of("| a | b |\n|---|---|\n| [x](https://a.example) | 2 |")
    assert "x [1]" in text
    assert text.endswith("[1] https://a.example")


# Footnotes


def test_the_mark_of_a_footnote_does_not_run_into_the_figure_before_it() -> None:
    text = plain_of("Se entregaron 48,000[^1] becas en 2026[^2].\n\n[^1]: Cifra preliminar.\n[^2]: A la fecha.")
    assert "48,0001" not in text
    assert "20262" not in text
    assert "Cifra preliminar." in text


def test_the_way_back_from_a_footnote_is_no_text() -> None:
    assert "↩" not in plain_of("Uno[^1].\n\n[^1]: Nota.")


# Lists


def test_a_list_has_bullets() -> None:
    assert plain_of("- uno\n- dos\n- tres") == "• uno\n• dos\n• tres"


def test_a_long_item_is_indented_below_its_bullet() -> None:
    first, *others = plain_of(f"- {LONG}\n- dos").split("\n")
    assert first.startswith("• El Gobierno")
    assert others[0].startswith("  ")
    assert others[-1] == "• dos"


@pytest.mark.parametrize("start", [1, 3, 9, 98])
def test_a_numbered_list_counts_from_where_it_begins(start: int) -> None:
    text = plain_of("\n".join(f"{number}. punto" for number in range(start, start + 3)))
    assert text == "\n".join(f"{number}. punto" for number in range(start, start + 3))


def test_a_list_within_a_list_is_indented() -> None:
    lines = [line for line in plain_of("- uno\n    - hijo\n    - hija\n- dos").split("\n") if line]
    assert lines == ["• uno", "  • hijo", "  • hija", "• dos"]


def test_a_numbered_list_within_a_list_counts_for_itself() -> None:
    lines = [line for line in plain_of("1. uno\n    1. a\n    2. b\n2. dos\n    1. c").split("\n") if line]
    assert lines == ["1. uno", "   1. a", "   2. b", "2. dos", "   1. c"]


def test_a_list_after_a_paragraph_stands_apart_from_it() -> None:
    assert plain_of("Habrá:\n\n- uno\n- dos\n\nY ya.") == "Habrá:\n\n• uno\n• dos\n\nY ya."


def test_two_lists_stay_two_lists() -> None:
    assert plain_of("- uno\n- dos\n\nLuego:\n\n1. a\n2. b") == "• uno\n• dos\n\nLuego:\n\n1. a\n2. b"


def test_paragraphs_of_an_item_stay_in_it() -> None:
    lines = plain_of("- uno\n\n    más de uno\n\n- dos").split("\n")
    assert lines[0] == "• uno"
    assert "  más de uno" in lines
    assert "• dos" in lines


def test_an_item_of_a_list_that_was_never_opened_does_no_harm() -> None:
    assert "suelto" in plain_text("<li>suelto</li></ul></ol></blockquote></a></td>")


# Tables


def test_a_table_that_fits_stands_in_columns() -> None:
    text = plain_of("| Municipio | Becas |\n|---|---|\n| Culiacán | 12,000 |\n| Ahome | 800 |")
    assert [line.rstrip() for line in text.split("\n")] == [
        "Municipio  Becas",
        "-----------------",
        "Culiacán   12,000",
        "Ahome         800",
    ]


def test_a_table_that_is_too_wide_becomes_lines_with_their_headings() -> None:
    rows = f"| Municipio | Acción |\n|---|---|\n| Culiacán | {LONG} |\n| Ahome | Nada |"
    text = plain_of(rows)
    assert "Municipio: Culiacán" in text
    assert "Municipio: Ahome\nAcción: Nada" in text
    assert max(map(len, text.split("\n"))) <= 72


def test_an_empty_table_does_no_harm() -> None:
    assert plain_text("<table></table>") == ""
    assert plain_text("<table><tr></tr><tr><td></td></tr></table>") == ""


def test_rows_of_different_length_do_no_harm() -> None:
    text = plain_text(
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    )
    assert "3" in text


# The rest


def test_a_quotation_has_its_mark_on_every_line() -> None:
    lines = plain_of(f"> {LONG}\n>\n> Fin.").split("\n")
    assert all(line.startswith(">") for line in lines)
    assert lines[-1] == "> Fin."
    assert max(map(len, lines)) <= 72


def test_a_list_in_a_quotation_keeps_both_marks() -> None:
    assert plain_of("> - uno\n> - dos") == "> • uno\n> • dos"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("AT&T, 3 < 5 y 7 > 2", "AT&T, 3 < 5 y 7 > 2"),
        ("&ntilde; &amp; &euro; &#241;", "ñ & € ñ"),
        ('"Hola" -- dijo...', "“Hola” – dijo…"),
        ("&lt;script&gt;", "<script>"),
        ("**negrita** y *cursiva*", "negrita y cursiva"),
    ],
)
def test_entities_and_emphasis_become_what_they_mean(body: str, text: str) -> None:
    assert plain_of(body) == text


def test_code_keeps_its_lines_and_spaces() -> None:
    text = plain_of("Antes.\n\n```\nuno\n  dos   tres\n\ncuatro\n```\n\nDespués.")
    assert text == "Antes.\n\nuno\n  dos   tres\n\ncuatro\n\nDespués."


def test_headings_stand_out_and_apart() -> None:
    assert plain_of("Uno.\n\n## Qué sigue\n\nDos.") == "Uno.\n\nQUÉ SIGUE\n\nDos."


def test_a_picture_is_named_by_its_alt(tmp_path: Path) -> None:
    assert plain_of("![Aula llena](foto.png)", files={"foto.png": tmp_path / "foto.png"}) == "[Foto: Aula llena]"
    assert "Falta: Aula llena" in plain_of("![Aula llena](nada.png)")


def test_a_definition_list_is_readable() -> None:
    assert [line for line in plain_of("Beca\n: Un apoyo").split("\n") if line] == ["Beca", "Un apoyo"]


def test_nothing_that_is_not_shown_is_told() -> None:
    assert plain_text("<title>t</title><style>p{}</style><script>x()</script><p>Hola</p>") == "Hola"


@given(st.text(alphabet=st.sampled_from("<>/ abcdulitrpehog\n&;\"='"), max_size=120))
@settings(max_examples=150, deadline=None)
def test_no_markup_breaks_the_reading(markup: str) -> None:
    assert isinstance(plain_text(markup), str)


@given(st.lists(st.text(alphabet="áñ bc-d", max_size=30), max_size=8), st.integers(20, 90))
@settings(max_examples=80, deadline=None)
def test_wrapping_loses_no_word(words: list[str], width: int) -> None:
    text = " ".join(words)
    assert wrapped(text, width).split() == text.split()


def test_tidying_leaves_one_empty_line_at_most() -> None:
    assert tidied("\n\n uno  \n\n\n\ndos\n\n") == " uno\n\ndos\n"
    assert tidied("") == "\n"
