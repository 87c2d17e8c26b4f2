"""The copy desk's rules about headline, build, links, media and terms: what trips each, and what only looks like it."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from support.copydesk import LEAD, found_on, rules_on
from support.offices import SETTINGS, Layout, a_release
from support.texts import a_text, some_settings

from comsoc_cli.copydesk.blocks import blocks, sentences
from comsoc_cli.copydesk.findings import Around, text_problems
from comsoc_cli.copydesk.prose import prose
from comsoc_cli.copydesk.rule import Rule
from comsoc_cli.copydesk.rules import RULES

SIXTY = " ".join(["palabra"] * 60)
FACTS = {"src": "foto.jpg", "alt": "Un aula", "credit": "Ana Ruiz", "caption": "El aula de Guasave"}


def a_picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#0f4c5c").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("rule", "headline"),
    [
        ("headline-long", "El " + "gran " * 18 + "programa"),
        ("headline-capitals", "ARRANCA EL PROGRAMA ESTATAL DE BECAS 2027"),
        ("headline-exclamation", "¡Ya están aquí las becas 2027!"),
        ("headline-exclamation", "Llegan las becas!"),
        ("headline-stop", "Arranca el programa estatal de becas."),
        ("subject-long", "El Gobierno del Estado da a conocer que ya arrancó el programa estatal de becas"),
    ],
)
def test_a_headline_that_an_editor_would_change(office: Layout, rule: str, headline: str) -> None:
    [problem] = [
        one for one in found_on(office({"releases/becas.md": a_release(LEAD, headline=headline)})) if one.rule == rule
    ]
    assert (problem.line, problem.field) == (2, "headline")


@pytest.mark.parametrize(
    ("rule", "headline"),
    [
        ("headline-long", "El " + "gran " * 16 + "programa"),
        ("headline-capitals", "IMSS, ISSSTE y SSA firman con SEPYC"),
        ("headline-capitals", "SEP, IMSS, DIF, CFE: UAS"),
        ("headline-exclamation", "“¡Ya basta!”, dicen vecinas de Guasave"),
        ("headline-stop", "Sinaloa exporta a EE.UU."),
        ("headline-stop", "La obra pública, el agua, las becas…"),
        ("headline-stop", "Firma convenio con Aguas del Norte, S.A."),
        ("subject-long", "Arranca el programa estatal de becas 2027"),
    ],
)
def test_a_headline_that_only_looks_like_it(office: Layout, rule: str, headline: str) -> None:
    assert rule not in rules_on(office({"releases/becas.md": a_release(LEAD, headline=headline)}))


def test_the_later_of_two_releases_with_one_headline_is_told(office: Layout) -> None:
    root = office(
        {
            "releases/becas.md": a_release(LEAD, headline="Arrancan las becas", date="2026-11-23 10:00"),
            "releases/otra.md": a_release(LEAD, headline="¡Arrancan  las becas!", date="2026-11-20 10:00"),
            "releases/mas.md": a_release(LEAD, headline="Arrancan las becas 2027"),
        }
    )
    [problem] = [problem for problem in found_on(root) if problem.rule == "headline-repeated"]
    assert problem.path == "releases/becas.md"
    assert "“otra”" in str(problem.message)


def test_what_the_vault_alone_still_has_counts_as_earlier(office: Layout) -> None:
    old = a_release(LEAD, headline="Arrancan las becas", date="2025-11-23 10:00")
    root = office(
        {"approved/vieja/r1/index.md": old, "releases/becas.md": a_release(LEAD, headline="Arrancan las becas")}
    )
    assert "headline-repeated" in rules_on(root)


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("empty", "<!-- nada todavía -->"),
        ("lead-missing", f"## Antecedentes\n\n{LEAD}"),
        ("lead-missing", f"- {LEAD}"),
        ("lead-long", SIXTY + " más"),
        ("text-short", "Hoy arrancaron las becas."),
        ("text-long", "\n\n".join([SIXTY] * 26)),
        ("heading-jump", f"{LEAD}\n\n## Cuánto\n\n#### Preparatoria\n\nMil."),
        ("table-header", f"{LEAD}\n\n|  |  |\n|:--|--:|\n| Primaria | 16,000 |"),
        ("table-header", f"{LEAD}\n\n<table><tr><td><b>Nivel</b></td><td><b>Becas</b></td></tr></table>"),
        ("shortcode", f"{LEAD}\n\n{{{{< youtube a1 >}}}}"),
        ("blank", f"{LEAD}\n\n[Contexto: qué se hizo antes]"),
        ("blank", f"{LEAD}\n\n> “Una sola idea”\n>\n> [Nombre y cargo]"),
        ("blank-likely", f"{LEAD}\n\n> “[Una sola idea]”"),
        ("blank-likely", f"{LEAD}\n\nSe entregarán XXXX becas."),
        ("blank", f"{LEAD}\n\nEn una emergencia llame al [Número de emergencias]. Sí."),
        ("blank", f"{LEAD}\n\nSe entregarán [Monto por confirmar] pesos a las escuelas."),
        ("blank", f"{LEAD}\n\nLorem ipsum dolor."),
        (
            "language",
            "The State Government of Sinaloa today launched the program that is for the students of the state. " * 3,
        ),
        ("link-insecure", f"{LEAD} [Registro](http://sepyc.example/becas)"),
        ("link-insecure", f"{LEAD} Más en http://sepyc.example."),
        ("link-insecure", f"{LEAD} [Registro][r]\n\n[r]: http://sepyc.example"),
        ("link-nowhere", f"{LEAD} [Registro](#)"),
        ("link-nowhere", f"{LEAD} [Registro]()"),
        ("link-nowhere", f"{LEAD} <a href='javascript:void(0)'>Registro</a>"),
        ("link-nowhere", f"{LEAD} [Registro](https://)"),
        ("link-words", f"{LEAD} Haga [clic aquí](https://sepyc.example)."),
        ("link-words", f"{LEAD} [**Haga clic aquí**](https://sepyc.example)."),
        ("link-words", f"{LEAD} [aquí](https://sepyc.example)."),
        ("link-words", f"{LEAD} <a href='https://sepyc.example'>Click here</a>."),
        ("allow", f"<!-- comsoc: allow lead-lonng porque sí -->\n{LEAD}"),
        ("allow", f"<!-- comsoc: allow lead-long -->\n{LEAD}"),
        ("allow", f"<!-- comsoc alow lead-long porque sí -->\n{LEAD}"),
    ],
)
def test_a_text_that_an_editor_would_change(office: Layout, rule: str, body: str) -> None:
    assert rule in rules_on(office({"releases/becas.md": a_release(body)}))


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("empty", "Hoy."),
        ("lead-missing", f"<!-- comsoc: allow text-short es un aviso -->\n\n![Aula](aula.jpg)\n\n{LEAD}\n\n## Más"),
        ("lead-missing", f"**{LEAD}**"),
        ("lead-long", SIXTY),
        ("lead-long", SIXTY + "\n\n" + SIXTY),
        ("text-short", SIXTY),
        ("heading-jump", f"{LEAD}\n\n## Uno\n\n### Dos\n\n## Tres\n\n### Cuatro\n\n```\n##### no\n```"),
        ("table-header", f"{LEAD}\n\n| | Becas |\n|:--|--:|\n| Primaria | 16,000 |"),
        ("table-header", f"{LEAD}\n\n<table><tr><th>Nivel</th></tr><tr><td>16</td></tr></table>"),
        ("table-header", f"{LEAD}\n\n<table><tr><td>9:00</td><td>Registro de medios</td></tr></table>"),
        ("blank", f"{LEAD}\n\n“Gracias [Secretaría de Salud] por todo”, dijo."),
        (
            "blank",
            f"{LEAD}\n\nVea [la Convocatoria](https://sepyc.example) y [Ley Estatal][l].\n\n[l]: https://ley.example",
        ),
        ("blank", f"{LEAD}\n\nVea la [Ley Estatal].\n\n[Ley Estatal]: https://ley.example"),
        ("blank", f"{LEAD}\n\nNota.[^1]\n\n[^1]: Al pie."),
        ("language", f"{LEAD} El acto “The State of the Art” fue en inglés."),
        ("link-insecure", f"{LEAD} [Registro](https://sepyc.example)"),
        ("link-insecure", f"{LEAD}\n\n<!-- http://nota.example -->"),
        ("link-insecure", f"{LEAD} La dirección `http://localhost` es de ejemplo."),
        ("link-insecure", f"{LEAD} [Registro](https://web.example/http://sepyc.example)"),
        ("link-nowhere", f"{LEAD} [Registro](anexo.pdf)"),
        ("link-nowhere", f"{LEAD} [Nota](#uno)\n\n<a id='uno'></a>Uno."),
        ("link-nowhere", f"{LEAD} Nota.[^1]\n\n[^1]: Al pie."),
        ("link-words", f"{LEAD} [Aquí estoy: la historia de Culiacán](https://sepyc.example)"),
        ("link-words", f"{LEAD} [Registro de becas](https://sepyc.example)"),
        ("allow", f"<!-- comsoc: allow lead-long Es el decreto. -->\n{LEAD}\n<!-- otra nota de comsoc -->"),
    ],
)
def test_a_text_that_only_looks_like_it(office: Layout, rule: str, body: str) -> None:
    assert rule not in rules_on(office({"releases/becas.md": a_release(body)}))


def test_a_finding_leads_to_its_words(office: Layout) -> None:
    body = f"{LEAD}\n\nMás datos: haga [clic aquí](https://sepyc.example)."
    [problem] = [one for one in found_on(office({"releases/becas.md": a_release(body)})) if one.rule == "link-words"]
    assert (problem.line, problem.column, problem.words) == (12, 17, "clic aquí")


def test_a_dateline_is_expected_of_kinds_that_have_one(office: Layout) -> None:
    assert "dateline-missing" in rules_on(office({"releases/becas.md": a_release(LEAD, dateline=None)}))
    written = {"releases/becas.md": a_release(f"Culiacán, Sinaloa, a 23 de noviembre.– {LEAD}", dateline=None)}
    assert "dateline-missing" not in rules_on(office(written))
    notice = {"releases/becas.md": a_release(LEAD, dateline=None, kind="aviso")}
    assert "dateline-missing" not in rules_on(office(notice))


def test_somebody_can_be_called(office: Layout) -> None:
    nobody = SETTINGS.replace('email = "prensa@sinaloa.example"\nphone = "667 000 0000"', "")
    assert "contact-missing" in rules_on(office({"comsoc.toml": nobody}))
    assert "contact-missing" not in rules_on(office({"comsoc.toml": SETTINGS}))
    default = {"comsoc.toml": SETTINGS, "releases/becas.md": a_release(LEAD, contact=None)}
    assert "contact-missing" not in rules_on(office(default))


def with_picture(office: Layout, data: bytes, **facts: str) -> Path:
    return office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(LEAD, images=[{**FACTS, **facts}]),
            "releases/becas/foto.jpg": data,
        }
    )


@pytest.mark.parametrize(
    ("rule", "facts", "size"),
    [
        ("image-caption", {"caption": " "}, 1600),
        ("image-credit", {"credit": ""}, 1600),
        ("image-small", {}, 1100),
    ],
)
def test_a_picture_that_nobody_could_print(office: Layout, rule: str, facts: dict[str, str], size: int) -> None:
    problems = [one for one in found_on(with_picture(office, a_picture(size, 900), **facts)) if one.rule == rule]
    assert [one.field for one in problems] == ["images[1]"]


def test_a_picture_that_can_be_printed(office: Layout) -> None:
    assert not {"image-caption", "image-credit", "image-small", "image-heavy"} & rules_on(
        with_picture(office, a_picture(900, 1300))
    )


def test_a_picture_that_weighs_too_much(office: Layout) -> None:
    picture = a_picture(1600, 900)
    assert "image-heavy" in rules_on(with_picture(office, picture[:-2] + bytes(5_000_001) + picture[-2:]))


def test_what_is_attached_beyond_what_a_mail_carries(office: Layout) -> None:
    files: dict[str, str | bytes | None] = {
        "releases/becas.md": None,
        "releases/becas/index.md": a_release(LEAD, attachments=["a.pdf", "b.pdf"]),
        "releases/becas/a.pdf": bytes(2_000_000),
        "releases/becas/b.pdf": bytes(900_000),
    }
    assert "attachments-heavy" not in rules_on(office(files))
    [problem] = [
        one for one in found_on(office({**files, "releases/becas/b.pdf": bytes(1_100_000)})) if one.words == "b.pdf"
    ]
    assert (problem.rule, problem.field) == ("attachments-heavy", "attachments[2]")


STYLE = (
    SETTINGS
    + """
[style]
officials = ["Ana Pérez López"]

[style.terms]
"discapacitad*" = "persona con discapacidad"
"primera dama" = ""
"""
)


def test_the_offices_terms(office: Layout) -> None:
    body = (
        f"{LEAD} Los discapacitados y la Primera  Dama acuden.\n\n> “Soy discapacitado”, dijo.\n\nDijo “discapacitado”."
    )
    files = {"comsoc.toml": STYLE, "releases/becas.md": a_release(body, subhead="Discapacitadas reciben")}
    found = [(one.words, one.suggestion) for one in found_on(office(files)) if one.rule == "term"]
    assert found == [
        ("Discapacitadas", "Persona con discapacidad"),
        ("discapacitados", "persona con discapacidad"),
        ("Primera Dama", ""),
    ]


def test_an_official_is_noted_in_headline_and_caption_alone(office: Layout) -> None:
    files = {"comsoc.toml": STYLE, "releases/becas.md": a_release(f"{LEAD} Lo dijo Ana Pérez López.")}
    assert "official-named" not in rules_on(office(files))
    named = {**files, "releases/becas.md": a_release(LEAD, headline="Entrega Ana Perez Lopez las becas")}
    [problem] = [one for one in found_on(office(named)) if one.rule == "official-named"]
    assert problem.severity == "info"
    assert "134" in str(problem.message)


def test_a_rule_is_silenced_in_one_text_and_speaks_in_its_translation(office: Layout) -> None:
    long = SIXTY + " más"
    files = {
        "releases/becas.md": a_release(f"<!-- comsoc: allow lead-long Es el texto del decreto. -->\n{long}"),
        "releases/becas.en.md": a_release(long, language="en"),
    }
    assert [one.path for one in found_on(office(files)) if one.rule == "lead-long"] == ["releases/becas.en.md"]


def test_severities_and_limits_are_the_offices(office: Layout) -> None:
    adjusted = (
        SETTINGS
        + """
    [check.severity]
    lead-long = "error"
    text-short = "off"
    [check.limits]
    headline-long = 3
    [check.limits.lead-long]
    boletin = 10
    aviso = 100
    """
    )
    files = {
        "comsoc.toml": adjusted,
        "releases/becas.md": a_release(LEAD),
        "releases/aviso.md": a_release(LEAD, kind="aviso", headline="Lluvias"),
    }
    found = {(one.path, one.rule, one.severity) for one in found_on(office(files))}
    assert ("releases/becas.md", "lead-long", "error") in found
    assert ("releases/becas.md", "headline-long", "warning") in found
    assert not [
        one for one in found if one[1] == "text-short" or (one[0], one[1]) == ("releases/aviso.md", "lead-long")
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_is_about(rule: Rule) -> None:
    assert rule.name == rule.name.lower().strip()
    assert str(rule.summary).endswith(".")
    assert str(rule.explanation).endswith(".")
    assert rule.bad != rule.good


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


MARKDOWN = """<!-- nota -->
**Culiacán.–** El Lic. Juan A. Pérez vio [la *obra*](https://a.example/c_(d)) el 3 de mayo. Costó 1.5 mdp. ¿Sí?

> “Hola.”
>
> Titular

| Nivel | Becas |
|:--|--:|
| Primaria | 16,000 |

- uno `código`
- dos, art. 134 y núm. 5
  más

![Un aula](aula.jpg)

Título
------

EE.UU. y S.A. de C.V. a las 10:00 a.m. en https://a.example/b. Fin.
"""


def test_prose_keeps_every_place_and_nothing_but_words() -> None:
    text = prose(MARKDOWN)
    assert len(text) == len(MARKDOWN)
    assert not [mark for mark in ("*", "https", "código", "nota", "|", ">", "](", "#", "- ") if mark in text]
    assert all(there in (" ", letter) for there, letter in zip(text, MARKDOWN, strict=True))


def test_blocks_and_sentences_of_a_text() -> None:
    found = list(blocks(MARKDOWN, prose(MARKDOWN)))
    kinds = [span.kind for span in found]
    assert kinds == ["paragraph", "quote", "quote", "table", "list", "list", "caption", "heading", "paragraph"]
    said = [one.plain for span in found if span.kind == "paragraph" for one in sentences(span)]
    assert said == [
        "Culiacán.– El Lic. Juan A. Pérez vio la obra el 3 de mayo.",
        "Costó 1.5 mdp.",
        "¿Sí?",
        "EE.UU. y S.A. de C.V. a las 10:00 a.m. en .",
        "Fin.",
    ]
    assert all(MARKDOWN[one.start : one.end].strip() for span in found for one in sentences(span))


@settings(max_examples=150, deadline=2000)
@given(st.text(alphabet='ab Á.¿"“”-–#>*_`|[]()!:/<>{}%\n0’', max_size=120))
def test_no_text_is_too_odd_for_the_rules(body: str) -> None:
    text = prose(body)
    assert len(text) == len(body)
    for span in blocks(body, text):
        assert text[span.start : span.end] == span.text
        assert all(span.start <= one.start < one.end <= span.end for one in sentences(span))
    for problem in text_problems(a_text(body), RULES, Around(settings=some_settings()), path="releases/becas.md"):
        assert problem.line is None or problem.line >= 1
