"""Blanks of drafts hold an approval; brackets that an editor means do not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from support.copydesk import LEAD, found_on
from support.offices import ROOT, SETTINGS, Layout, a_release

PACKAGED = sorted((ROOT / "templates/new").glob("*.md"))


def blanks_on(root: Path) -> list[str]:
    """The rules about blanks that speak of the release `becas`."""
    return [one.rule for one in found_on(root) if one.rule.startswith("blank")]


@pytest.fixture
def rules_of(office: Layout) -> Callable[..., set[str]]:
    def rules(body: str, **changes: object) -> set[str]:
        return set(blanks_on(office({"releases/becas.md": a_release(f"{LEAD}\n\n{body}", **changes)})))

    return rules


@pytest.mark.parametrize("draft", PACKAGED, ids=lambda path: path.stem)
def test_each_single_blank_of_a_draft_is_one_wherever_it_stands(office: Layout, draft: Path) -> None:
    blanks = re.findall(r"\[[^\]\n]+\]", draft.read_text(encoding="utf-8"))
    assert blanks
    lines = [f"Renglón {number}: ya escrito {one}" for number, one in enumerate(blanks)]
    root = office({"releases/becas.md": a_release(f"{LEAD}\n\n" + "\n\n".join(lines))})
    assert blanks_on(root) == ["blank"] * len(blanks)


def test_a_blank_of_the_offices_own_drafts_is_one_too(office: Layout) -> None:
    root = office(
        {
            "templates/new/boletin.md": "[Aquí va la nota del día]\n",
            "releases/becas.md": a_release(f"{LEAD}\n\nDijo además que [aquí va la nota del día] y siguió."),
        }
    )
    assert set(blanks_on(root)) == {"blank"}


@pytest.mark.parametrize(
    "body",
    [
        "Dijo [nombre] que sí.",
        "Dijo [Nombre y apellidos], [cargo].",
        "El evento será el [fecha] a las [hora] en [lugar].",
        "Costará [monto por confirmar] pesos.",
        "Costará [MONTO POR CONFIRMAR].",
        "Se darán [insertar cifra] becas.",
        "[Cita: algo que ya no es lo que decía el borrador]",
        "Contact [name] at [phone].",
        "Lorem ipsum dolor sit amet.",
    ],
)
def test_what_asks_for_something_is_a_blank(rules_of: Callable[..., set[str]], body: str) -> None:
    assert "blank" in rules_of(body)


def test_a_blank_in_the_data_is_one(rules_of: Callable[..., set[str]]) -> None:
    assert rules_of("Más.", subhead="Lo anunció [nombre y cargo]") == {"blank"}
    assert rules_of("Más.", headline="Abre [nombre del programa]") == {"blank"}
    assert rules_of("Más.", dateline="[lugar], Sinaloa") == {"blank"}
    event = {"start": "2026-11-27 10:00", "place": "[sede]", "address": "[por confirmar]"}
    assert rules_of("Más.", kind="invitacion", event=event) == {"blank"}


@pytest.mark.parametrize(
    "body",
    [
        "“La obra […] se entrega en enero”, dijo [sic].",
        "> “Vamos [a la escuela] todos […] juntos.”",
        "“Me llamo [nombre] y tengo nueve años”, dijo la niña.",
        "Vea la [convocatoria](https://sepyc.gob.mx/c) y la [Ley de Educación][l].\n\n[l]: https://ley.gob.mx",
        "Vea [lugar](https://sepyc.gob.mx/lugar).",
        "Nota.[^fecha]\n\n[^fecha]: Al pie.",
        "Se usa `[nombre]` en el formato.\n\n<!-- [Entrada: qué, quién, cuándo, dónde y por qué] -->",
        "![Nombre y cargo](foto.jpg)",
        "El intervalo [0, 1] y el artículo [3] siguen.",
        "[N. del E.] El original dice otra cosa.",
        r"Escriba \[nombre\] en el formato.",
    ],
)
def test_what_an_editor_puts_between_brackets_is_none(rules_of: Callable[..., set[str]], body: str) -> None:
    assert rules_of(body) == set()


@pytest.mark.parametrize("body", ["[Se escuchan aplausos]", "Se darán XXXX becas.", "Lo firma nombre y apellido."])
def test_what_only_looks_like_one_is_told_and_holds_nothing(rules_of: Callable[..., set[str]], body: str) -> None:
    assert rules_of(body) == {"blank-likely"}


def test_it_is_an_error_unless_the_office_says_otherwise(office: Layout) -> None:
    files = {"releases/becas.md": a_release(f"{LEAD}\n\n[nombre]")}
    assert [one.is_error for one in found_on(office(files)) if one.rule == "blank"] == [True]
    root = office({**files, "comsoc.toml": SETTINGS + '\n[check.severity]\nblank = "warning"\n'})
    assert [one.is_error for one in found_on(root) if one.rule == "blank"] == [False]
