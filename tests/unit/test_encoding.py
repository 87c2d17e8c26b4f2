"""What programs leave in a text: conflicts of git, misread letters, control characters, entities."""

import xml.dom.minidom
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from support.copydesk import LEAD, found_on
from support.offices import Layout, a_release, lay_out
from support.readings import the_problems
from support.texts import EVENT, a_text, approved, documents, some_settings

from comsoc_cli.copydesk.encoding import RULES
from comsoc_cli.copydesk.fixes import apply, fixes
from comsoc_cli.copydesk.office import knowledge
from comsoc_cli.copydesk.rules import RULES as EVERY_RULE
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.release import Image
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.rendering.body import clean_html
from comsoc_cli.rendering.calendar import CalendarEntry, calendar
from comsoc_cli.rendering.characters import misread, printable
from comsoc_cli.rendering.heading import address_line, text_line

OURS = {rule.name for rule in RULES}


def told(office: Layout, body: str, **changes: object) -> list[Problem]:
    root = office({"releases/becas.md": a_release(f"{LEAD}\n\n{body}", **changes)})
    return [one for one in found_on(root) if one.rule in OURS]


def mended(root: Path) -> str:
    """The file of the release once everything is mended that can be."""
    office = open_office(root)
    desk = read_desk(office)
    around = knowledge(office, desk)
    release = desk.releases["becas"]
    apply(release.path, [one for one in fixes(release, EVERY_RULE, around["becas"]) if one.rule in OURS])
    return release.path.read_text(encoding="utf-8")


# Conflicts


@pytest.mark.parametrize(
    "conflict",
    [
        "<<<<<<< HEAD\nSon 12.\n=======\nSon 15.\n>>>>>>> origin/main",
        "<<<<<<< HEAD\nSon 12.\n||||||| 1a2b3c4\nSon 10.\n=======\nSon 15.\n>>>>>>> 5d6e7f8 (Ana: sube)",
        "<<<<<<<\nSon 12.\n=======\nSon 15.\n>>>>>>>",
        "Son 12.\n=======\nSon 15.\n>>>>>>> main",
    ],
)
def test_a_conflict_in_the_text_is_an_error(office: Layout, conflict: str) -> None:
    found = told(office, conflict)
    assert [(one.rule, one.is_error) for one in found] == [("conflict", True)]
    assert found[0].words == next(line for line in conflict.split("\n") if line[0] in "<>")


@pytest.mark.parametrize(
    "body",
    [
        "Título\n=======\n\nTexto.",
        "> > > > > > > hondo",
        "<<<<<<<< ocho",
        "`<<<<<<< HEAD`",
        "||||||| a | b",
        "```\n<<<<<<< HEAD\n```",
    ],
)
def test_what_only_looks_like_a_conflict_is_none(office: Layout, body: str) -> None:
    assert told(office, body) == []


@pytest.mark.parametrize("between", ["", "||||||| base\nheadline: Cero\n"])
def test_a_conflict_in_the_data_is_called_so_with_its_line(office: Layout, between: str) -> None:
    matter = f"---\n<<<<<<< HEAD\nheadline: Uno\n{between}=======\nheadline: Dos\n>>>>>>> main\n---\nTexto.\n"
    root = lay_out(office({"releases/becas.md": None}), {"releases/becas.md": matter})
    [problem] = the_problems(root)
    assert (problem.rule, problem.line, problem.is_error) == ("conflict", 2, True)


# Misread letters


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("La SecretarÃ\xada informÃ³ que el aÃ±o habrÃ¡ mÃ¡s.", "La Secretaría informó que el año habrá más."),
        ("Â¿QuÃ© pasÃ³? Â¡MÃ¡s!", "¿Qué pasó? ¡Más!"),
        ("â€œHolaâ€\x9d, dijo â€“ y calló â€” asÃ­â€¦", "“Hola”, dijo – y calló — así…"),
        ("5Â° y 3Âº, 20 â‚¬", "5° y 3º, 20 €"),
        ("ðŸ˜€ bien", "😀 bien"),
        ("ÃƒÂ¡rbol y aÃƒÂ±o", "árbol y año"),
        ("EducaciÃƒÆ’Ã‚Â³n", "Educación"),
        ("Educaci√≥n y a√±o", "Educación y año"),
        ("Educaci├│n y a├▒o", "Educación y año"),
    ],
)  # fmt: skip
def test_what_was_misread_is_read_back(text: str, meant: str) -> None:
    for start, end, better in reversed(list(misread(text))):
        text = text[:start] + better + text[end:]
    assert text == meant


@pytest.mark.parametrize(
    "text",
    [
        "La Secretaría informó que el año próximo habrá más “salas” – ¿sí? 5° 3º 20 € …",
        "NÃO, SÃO PAULO, Ângela, Âncora e Übung, „Ä“ und «É», É… y Ñ”.",
        "√2 ¬ p ¬q y 3√8; ┌──┐ │a│ └──┘",
        "Çeşme, Škoda, Łódź, Đà Nẵng, Київ, 東京, Ελλάδα",
        "Â", "Ã", "", "â la carte", "ð",
    ],
)  # fmt: skip
def test_what_is_written_so_is_left(text: str) -> None:
    assert list(misread(text)) == []


@given(st.text(alphabet="aeiouáéíóúñÑüÁÉÍÓÚ¿¡“”‘’–—…ºª°€ ,.", max_size=30), st.integers(1, 2))
def test_spanish_that_was_misread_comes_back_as_it_was(text: str, times: int) -> None:
    def once(letters: str) -> str:
        return "".join(
            bytes([one]).decode("cp1252") if one not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(one)
            for one in letters.encode("utf-8")
        )

    wrong = text
    for _ in range(times):
        wrong = once(wrong)
    for start, end, better in reversed(list(misread(wrong))):
        wrong = wrong[:start] + better + wrong[end:]
    assert wrong == text


def test_misread_letters_are_a_warning_once_and_mended_everywhere(office: Layout) -> None:
    body = f"{LEAD}\n\nLa SecretarÃ­a informÃ³.\n\nHabrÃ¡ mÃ¡s."
    root = office(
        {"releases/becas.md": a_release(body, headline="EducaciÃ³n abre: Ã±Ã³ y Ã³", subhead="El aÃ±o: mÃ¡s")}
    )
    found = [one for one in found_on(root) if one.rule == "misread"]
    assert [(one.field, one.is_error) for one in found] == [
        ("headline", False), ("subhead", False), ("body", False),
    ]  # fmt: skip
    text = mended(root)
    assert "La Secretaría informó." in text
    assert "Habrá más." in text
    assert "Educación abre: ñó y ó" in text
    assert "El año: más" in text
    assert [one for one in found_on(root) if one.rule == "misread"] == []


def test_half_a_letter_and_a_lost_one_are_told_and_left(office: Layout) -> None:
    found = told(office, "La SecretarÃa de Educaci\ufffdn.", headline="Educaci\ufffdn abre")
    assert sorted(one.rule for one in found) == ["letter-lost", "letter-lost", "misread"]
    assert not any(one.suggestion for one in found)


# Control characters


def test_control_characters_and_turning_signs_are_told_and_taken_away(office: Layout) -> None:
    table = "| A | B |\n|---|---|\n| x\x0by | z |"
    body = f"{LEAD}\n\nPrimera\x0bsegunda.\n\nSu\x07ena \u202eal revés\u202c y ce\u200bro.\n\n{table}"
    root = office({"releases/becas.md": a_release(body)})
    [problem] = [one for one in found_on(root) if one.rule == "hidden-character"]
    assert not problem.is_error
    text = mended(root)
    assert "Primera  \nsegunda." in text
    assert "Suena al revés y cero." in text
    assert "| x<br>y | z |" in text


def test_a_text_that_is_written_from_the_right_may_say_so(office: Layout) -> None:
    assert told(office, "Dijo \u2067שלום\u2069 al llegar.") == []
    assert told(office, "Dijo \u2067hola\u2069 al llegar.") != []


SIGNS = st.sampled_from("\x0b\x07\x85\u2028<&\"'")
ANY = st.text(alphabet=st.one_of(st.characters(codec="utf-8", exclude_categories=()), SIGNS), max_size=40)


@given(ANY)
def test_what_is_printable_is_well_formed_xml(text: str) -> None:
    shown = printable(text).replace("&", "").replace("<", "").replace("]]>", "")
    xml.dom.minidom.parseString(f"<a>{shown}</a>".encode())


@given(ANY)
@settings(max_examples=60, deadline=None)
def test_a_calendar_is_read_back_whatever_it_says(text: str) -> None:
    entry = CalendarEntry(
        uid="becas@x", stamp=EVENT.start, sequence=0, start=EVENT.start, end=None, summary=text or "x", location=text,
        description=text,
    )  # fmt: skip
    data = calendar([entry], name=text)
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 1
    assert not set(data) & (set(range(32)) - {9, 10, 13})


@given(ANY)
def test_a_header_is_one_line_whatever_it_says(text: str) -> None:
    for line in (text_line("Subject", text), address_line("From", text, "prensa@x.example")):
        assert not set(line) & (set(range(32)) - {9, 10, 13})
        assert all(not part or part[:1] in (b" ", b"\t") for part in line.split(b"\r\n")[1:])


@pytest.mark.parametrize("sign", ["\x0b", "\x01", "\x1b", "\x7f", "\x85", "\x9d", "\u2028", "\ufffe", "\U0001ffff"])
def test_every_page_of_a_release_is_without_them(sign: str) -> None:
    text = a_text(
        f"Primera{sign}segunda.\n\n- uno{sign}dos", headline=f"Uno{sign}dos", subhead=f"a{sign}b",
        summary=(f"c{sign}d",), images=(Image(src="x.jpg", alt=f"e{sign}f", caption=f"g{sign}h", credit=f"i{sign}j"),),
        dateline=f"C{sign}D",
    )  # fmt: skip
    maker = documents(office=some_settings().office)
    shown = approved(text)
    assert sign not in maker.page(shown, text)
    assert sign not in clean_html(text.body, "es-MX")
    assert sign not in maker.plain(shown, text)


def test_a_line_break_of_word_is_one() -> None:
    assert clean_html("Primera\x0bsegunda.", "es-MX") == "<p>Primera<br>segunda.</p>"


# Entities


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("Educaci&amp;oacute;n p&amp;uacute;blica", "Educación pública"),
        ("Ley&nbsp de Aguas", "Ley\u00a0 de Aguas"),
        ("a&ntilde o", "añ o"),
    ],
)
def test_an_entity_that_readers_see_is_mended(office: Layout, body: str, meant: str) -> None:
    root = office({"releases/becas.md": a_release(f"{LEAD}\n\n{body}")})
    assert [one.rule for one in found_on(root) if one.rule in OURS] == ["entity"]
    assert meant in mended(root)


def test_an_entity_in_the_data_is_mended(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(LEAD, headline="Educaci&oacute;n&nbsp;abre", summary=["M&#225;s"])})
    assert {one.field for one in found_on(root) if one.rule == "entity"} == {"headline", "summary[1]"}
    text = mended(root)
    assert "Educación\u00a0abre" in text
    assert "Más" in text


@pytest.mark.parametrize("body", ["Educaci&oacute;n &nbsp; &copy; AT&T", "`&amp;aacute;` R&D y Q&A", "a&b;c"])
def test_an_entity_that_becomes_its_letter_is_none(office: Layout, body: str) -> None:
    assert told(office, body) == []
