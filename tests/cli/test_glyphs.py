"""Letters that the PDF's fonts do not have are told with their line; those that they have are not."""

import json

import pytest
from support.offices import Layout, a_release, comsoc


def told(office: Layout, body: str, **matter: object) -> list[tuple[object, str]]:
    """Line and sentence of each finding."""
    root = office({"releases/becas.md": a_release(body, **matter)})
    problems = comsoc(root, "check", "becas", "--json").json["problems"]
    return [(one["line"], one["message"]) for one in problems if one["rule"] == "glyph-missing"]


def test_emoji_arrows_and_other_scripts_are_named_with_their_line(office: Layout) -> None:
    body = "El programa arranca hoy en todo el estado.\n\nRegistro → en línea 🎉.\n\n- 学校 de idiomas"
    [(line, message)] = told(office, body)
    assert line == 12
    for letter in ("→ (U+2192)", "🎉 (U+1F389)"):
        assert letter in message
    assert "14" in message  # the line of the other


def test_headline_and_summary_are_looked_at_as_well(office: Layout) -> None:
    found = told(office, "El programa arranca hoy.", headline="Arranca ✓ el programa", summary=["Uno", "≥ 10 becas"])
    assert sorted("✓" if "✓" in message else "≥" for _, message in found) == sorted("≥✓")


@pytest.mark.parametrize(
    "text",
    [
        "“Ñandú”, ‘pingüino’… – — ¿qué? ¡ya! 10 °C, ½, 3 m², 50 %, 20 €, n.º 4, 1.ª, • ™ ® © § ¶ × ÷ ± µ",
        "Łódź, Škoda, Ångström, Čapek, İstanbul, Erdoğan, Ōsaka, Nuñez, Güemes, Hoàng Văn Thái",
        "a\u00a0b, a\u202fb, a\u2011b, a\u00adb, a\u200bb, e\u0301",
        "`código → aparte`",
    ],
)
def test_what_the_fonts_have_is_no_matter(office: Layout, text: str) -> None:
    assert not told(office, f"El programa arranca hoy en todo el estado. {text}")


@pytest.mark.parametrize(
    ("address", "code", "place"),
    [
        ("ana\u200b@diario.example", "U+200B", "“ana”"),
        ("ana\u00a0ruiz@diario.example", "U+00A0", "“ana”"),
        ("an\u00ada@diario.example", "U+00AD", "“an”"),
        ("ana@\u200fdiario.example", "U+200F", "“ana@”"),
        ("\ufeffana@diario.example", "U+FEFF", "beginning"),
    ],
)
def test_an_address_with_a_character_that_nobody_sees_is_told_with_the_character(
    office: Layout, address: str, code: str, place: str
) -> None:
    root = office({"contacts.yaml": f"contacts:\n  - email: {json.dumps(address)}\n"})
    answer = comsoc(root, "check")
    assert answer.code == 1
    [line] = [one for one in answer.said.splitlines() if "contacts.yaml:2" in one]
    assert f"[{code}]" in line
    assert place in answer.said.replace("\n", " ")
