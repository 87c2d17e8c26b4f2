"""The contact book: who a segment selects, and what is wrong with an entry."""

import gc
from datetime import date
from pathlib import Path

import pytest
from support.offices import Layout
from support.readings import rules, sentences

from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.model.segments import members
from comsoc_cli.office.contacts import ContactsUnusable, contact_book, find_contact, read_contacts
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.suppressions import read_suppressions

PEOPLE = """
contacts:
  - {email: ana@x.example, type: prensa, region: culiacan, tags: [acreditado, palacio]}
  - {email: bea@x.example, type: radio, region: culiacan}
  - {email: carlos@x.example, type: tv, region: mazatlan, tags: acreditado}
  - {email: dora@x.example, type: prensa, region: mazatlan, segments: [libre]}
  - {email: eva@x.example, segments: libre}
segments:
"""


def book_of(root: Path) -> ContactBook:
    book, problems = read_contacts(open_office(root))
    assert problems == [], sentences(problems)
    return book


def problems_of(root: Path) -> list[Problem]:
    return read_contacts(open_office(root))[1]


def selected(office: Layout, *segments: str) -> list[str]:
    """Whom the first of these segments selects, by their first names."""
    text = PEOPLE + "\n".join(f"  {segment}" for segment in segments)
    if not any(segment.startswith("libre:") for segment in segments):
        text += "\n  libre: {title: Los que lo piden}"
    book = book_of(office({"contacts.yaml": text + "\n"}))
    return [contact.email.partition("@")[0] for contact in members(book, segments[0].partition(":")[0])]


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ("where: {type: prensa}", ["ana", "dora"]),
        ("where: {type: Prensa}", ["ana", "dora"]),
        ("where: {type: [prensa, tv]}", ["ana", "carlos", "dora"]),
        ("where: {type: prensa, region: culiacan}", ["ana"]),
        ("where: {tags: acreditado}", ["ana", "carlos"]),
        ("where: {tags: [palacio, otra]}", ["ana"]),
        ("where: {email: bea@x.example}", ["bea"]),
        ("where: {type: revista}", []),
        ("where: {noexiste: x}", []),
        ("where: {segments: libre}", ["dora", "eva"]),
        ("include: [prensa]", ["ana", "dora"]),
        ("include: prensa", ["ana", "dora"]),
        ("include: [prensa, radio]", ["ana", "bea", "dora"]),
        ("include: [prensa], where: {region: culiacan}", ["ana"]),
        ("include: [prensa], exclude: [culiacan]", ["dora"]),
        ("where: {region: [culiacan, mazatlan]}, exclude: [prensa, radio]", ["carlos"]),
        ("exclude: [prensa]", []),
        ("include: [norte]", ["carlos", "dora"]),
        ("title: Nadie", []),
    ],
)
def test_a_segment_selects_by_its_rule(office: Layout, rule: str, who: list[str]) -> None:
    others = (
        "prensa: {where: {type: prensa}}",
        "radio: {where: {type: radio}}",
        "culiacan: {where: {region: culiacan}}",
        "norte: {include: [sur]}",
        "sur: {where: {region: mazatlan}}",
    )
    assert selected(office, f"esta: {{{rule}}}", *others) == who


def test_a_contact_may_ask_for_a_segment_itself(office: Layout) -> None:
    assert selected(office, "libre: {where: {type: radio}}") == ["bea", "dora", "eva"]


def test_a_segment_may_be_only_those_who_ask_for_it(office: Layout) -> None:
    assert selected(office, "libre:") == ["dora", "eva"]


def test_exclusion_wins_over_asking_for_it(office: Layout) -> None:
    assert selected(office, "libre: {exclude: [prensa]}", "prensa: {where: {type: prensa}}") == ["eva"]


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("yes", True), ("sí", True), ("false", False), ("no", False)]
)
def test_a_segment_says_whether_it_may_be_written_to_under_embargo(office: Layout, written: str, value: bool) -> None:
    text = f"segments:\n  fuente: {{where: {{type: prensa}}, embargo: {written}}}\n"
    assert book_of(office({"contacts.yaml": text})).segments["fuente"].embargo is value


def test_an_embargo_mark_that_says_nothing_is_an_error(office: Layout) -> None:
    text = "segments:\n  fuente:\n    where: {type: prensa}\n    embargo: quizá\n"
    [problem] = problems_of(office({"contacts.yaml": text}))
    assert (problem.field, problem.line, problem.is_error) == ("embargo", 4, True)


@pytest.mark.parametrize(
    "segments",
    [
        "a: {include: [a]}",
        "a: {include: [b]}\n  b: {include: [a]}",
        "a: {include: [b]}\n  b: {exclude: [c]}\n  c: {include: [a]}",
        "a: {exclude: [a], where: {type: prensa}}",
    ],
)
def test_segments_that_include_each_other_are_an_error(office: Layout, segments: str) -> None:
    problems = problems_of(office({"contacts.yaml": f"segments:\n  {segments}\n"}))
    assert set(rules(problems)) == {"segment-circle"}
    assert "a →" in str(problems[0].message)


def test_a_segment_beside_a_circle_is_not_accused(office: Layout) -> None:
    text = "segments:\n  a: {include: [b]}\n  b: {include: [c]}\n  c: {include: [b]}\n"
    assert {problem.field for problem in problems_of(office({"contacts.yaml": text}))} == {"b", "c"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("segments:\n  a: {include: [nadie]}\n", 2),
        ("segments:\n  a: {exclude: nadie}\n", 2),
        ("contacts:\n  - email: a@x.example\n    segments: [nadie]\n", 2),
    ],
)
def test_a_segment_that_does_not_exist_is_an_error(office: Layout, text: str, line: int) -> None:
    [problem] = problems_of(office({"contacts.yaml": text}))
    assert (problem.rule, problem.line, problem.is_error) == ("unknown-segment", line, True)
    assert "nadie" in str(problem.message)


# Entries


def test_a_contact_is_read_with_all_that_it_says(office: Layout) -> None:
    text = """
        contacts:
          - email: Redaccion@Diario.EXAMPLE
            name: Mesa de redacción
            outlet: El Diario
            language: es
            until: 2027-12-31
            type: no
            hora: 12:30
            tags: [acreditado]
    """
    [contact] = book_of(office({"contacts.yaml": text})).contacts
    assert contact.key == "redaccion@diario.example"
    assert (contact.name, contact.outlet, contact.language) == ("Mesa de redacción", "El Diario", "es")
    assert contact.until == date(2027, 12, 31)
    assert contact.fields == {"type": "no", "hora": "12:30", "tags": ("acreditado",)}
    assert contact.line == 2


def test_empty_values_are_values_left_out(office: Layout) -> None:
    text = "contacts:\n  - email: a@x.example\n    name:\n    until: ~\n    type:\n    segments:\n"
    [contact] = book_of(office({"contacts.yaml": text})).contacts
    assert (contact.name, contact.until, contact.fields, contact.segments) == ("", None, {}, ())


@pytest.mark.parametrize(
    "typed",
    [
        "nadie",
        "a@",
        "@x.example",
        "a@localhost",
        "a@[127.0.0.1]",
        "a b@x.example",
        "a@x..example",
        "a@x.example, b@x.example",
        "Ana <a@x.example>",
        "a@x.example\\nBcc: b@x.example",
        "a@-x.example",
        "",
    ],
)
def test_an_address_that_is_none_is_an_error_on_its_line(office: Layout, typed: str) -> None:
    text = f'contacts:\n  - name: Ana\n    email: "{typed}"\n  - email: bea@x.example\n'
    book, problems = read_contacts(open_office(office({"contacts.yaml": text})))
    assert [(one.field, one.line, one.is_error) for one in problems] == [("email", 3, True)]
    assert [contact.email for contact in book.contacts] == ["bea@x.example"]


def test_a_contact_without_an_address_is_an_error(office: Layout) -> None:
    [problem] = problems_of(office({"contacts.yaml": "contacts:\n  - name: Ana\n"}))
    assert (problem.rule, problem.field, problem.line) == ("missing", "email", 2)


@pytest.mark.parametrize("entry", ["ana@x.example", "[ana@x.example]", "", "~"])
def test_an_entry_that_is_no_contact_is_an_error(office: Layout, entry: str) -> None:
    [problem] = problems_of(office({"contacts.yaml": f"contacts:\n  - {entry}\n"}))
    assert (problem.is_error, problem.line) == (True, 2)


def test_an_international_domain_is_written_with_its_ascii_form(office: Layout) -> None:
    text = "contacts:\n  - email: mesa@peñasco.example\n  - email: mesa@xn--peasco-xwa.example\n"
    book, problems = read_contacts(open_office(office({"contacts.yaml": text})))
    assert [contact.email for contact in book.contacts] == ["mesa@xn--peasco-xwa.example"] * 2
    assert rules(problems) == ["contact-twice"]


def test_a_contact_that_stands_twice_is_a_warning_with_both_lines(office: Layout) -> None:
    text = "contacts:\n  - email: a@x.example\n  - email: b@x.example\n  - email: A@X.example\n"
    [problem] = problems_of(office({"contacts.yaml": text}))
    assert (problem.rule, problem.severity, problem.line) == ("contact-twice", Severity.WARNING, 4)
    assert "line 2" in str(problem.message)


def test_every_entry_of_an_address_is_found(office: Layout) -> None:
    text = "contacts:\n  - email: a@x.example\n  - email: A@X.example\n  - email: b@x.example\n"
    book, _ = read_contacts(open_office(office({"contacts.yaml": text})))
    assert len(find_contact(book, " A@x.EXAMPLE ")) == 2


@pytest.mark.parametrize("field", ["name", "outlet", "language"])
@pytest.mark.parametrize(
    "typed", [r"Ana\nBcc: b@x.example", r"Ana\rX: y", r"Ana\0", r"Ana\u2028y", r"Ana\x85y", r"a\x0cb"]
)
def test_a_line_break_in_a_name_is_an_error(office: Layout, field: str, typed: str) -> None:
    text = f'contacts:\n  - email: a@x.example\n    {field}: "{typed}"\n'
    [problem] = problems_of(office({"contacts.yaml": text}))
    assert (problem.field, problem.line, problem.is_error) == (field, 3, True)


@pytest.mark.parametrize("typed", ["2026-02-30", "pronto", "31/12/2027", "[2027]", "2027"])
def test_an_end_that_is_no_day_is_an_error(office: Layout, typed: str) -> None:
    [problem] = problems_of(office({"contacts.yaml": f"contacts:\n  - email: a@x.example\n    until: {typed}\n"}))
    assert (problem.field, problem.line, problem.is_error) == ("until", 3, True)


@pytest.mark.parametrize("value", ["{a: b}", "[[a]]", "[{a: b}]"])
def test_a_field_of_the_offices_own_is_a_text_or_a_list_of_texts(office: Layout, value: str) -> None:
    [problem] = problems_of(office({"contacts.yaml": f"contacts:\n  - email: a@x.example\n    type: {value}\n"}))
    assert (problem.field, problem.line) == ("type", 3)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("contactos:\n  - email: a@x.example\n", 1),
        ("segments:\n  a: {wher: {type: x}}\n", 2),
        ("contacts: ninguno\n", 1),
        ("segments: ninguno\n", 1),
        ("segments:\n  a: algo\n", 2),
        ("segments:\n  a:\n    where: algo\n", 3),
        ("- email: a@x.example\n", 1),
        ("contacts:\n  - email: a@x.example\n    email: b@x.example\n", 3),
        ('contacts:\n  - email: "a@x.example\n', None),
        ("contacts:\n  - email: a@x.example\n\tname: x\n", 3),
    ],
)
def test_a_slip_in_the_file_is_an_error_with_its_line(office: Layout, text: str, line: int | None) -> None:
    [problem] = problems_of(office({"contacts.yaml": text}))
    assert problem.is_error
    assert problem.path == "contacts.yaml"
    assert problem.line is not None
    assert line in {None, problem.line}


def test_every_problem_is_found_in_one_reading(office: Layout) -> None:
    text = """
        segments:
          a: {include: [nadie], otra: x}
        contacts:
          - email: nadie
          - email: b@x.example
            until: pronto
            name: [a]
    """
    problems = problems_of(office({"contacts.yaml": text}))
    assert sorted((one.line, one.field) for one in problems) == [
        (2, "a"),
        (2, "otra"),
        (4, "email"),
        (6, "until"),
        (7, "name"),
    ]


def test_nobody_is_written_to_from_half_a_list(office: Layout) -> None:
    root = office({"contacts.yaml": "contacts:\n  - email: a@x.example\n  - email: nadie\n"})
    with pytest.raises(ContactsUnusable) as refusal:
        contact_book(open_office(root))
    assert "contacts.yaml:3" in str(refusal.value.message)


def test_a_warning_does_not_hold_the_list(office: Layout) -> None:
    root = office({"contacts.yaml": "contacts:\n  - email: a@x.example\n  - email: a@x.example\n"})
    assert len(contact_book(open_office(root)).contacts) == 2


@pytest.mark.parametrize("text", [None, "", "# todavía nadie\n", "contacts:\nsegments:\n", "---\n"])
def test_an_office_without_contacts_has_an_empty_book(office: Layout, text: str | None) -> None:
    assert book_of(office({"contacts.yaml": text})) == ContactBook()


def test_twenty_thousand_contacts_are_read_without_a_word(office: Layout) -> None:
    lines = [f"  - {{email: mesa{n}@medio{n % 900}.example, name: Mesa {n}, type: prensa}}" for n in range(20_000)]
    root = office({"contacts.yaml": "\n".join(["segments:", "  media: {where: {type: prensa}}", "contacts:", *lines])})
    book = book_of(root)
    assert len(members(book, "media")) == 20_000


def test_contacts_that_say_the_same_have_it_once_in_memory(office: Layout) -> None:
    entry = "{{email: {}@x.example, outlet: El Diario, type: prensa, region: culiacan, tags: [palacio, acreditado]}}"
    text = "contacts:\n" + "".join(f"  - {entry.format(letter)}\n" for letter in "ab")
    one, other = book_of(office({"contacts.yaml": text})).contacts
    assert one.fields == {"type": "prensa", "region": "culiacan", "tags": ("palacio", "acreditado")}
    assert one.fields is other.fields
    assert one.outlet is other.outlet
    assert one.key is one.email


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_book_is_the_same_however_much_of_it_is_shared(
    office: Layout, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    root = office({"contacts.yaml": PEOPLE + "  libre:\n  media: {where: {type: [prensa, tv]}}\n"})
    shared = book_of(root)
    chosen = members(shared, "media")
    monkeypatch.setattr("comsoc_cli.office.contacts.MOST_SHARED", most)
    monkeypatch.setattr("comsoc_cli.model.segments.MOST_KEPT", most)
    assert book_of(root) == shared
    assert members(shared, "media") == chosen


@pytest.mark.parametrize("text", ["contacts:\n  - email: a@x.example\n", 'contacts: ["', "contacts: [*nadie]"])
@pytest.mark.parametrize("was_on", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(office: Layout, text: str, was_on: bool) -> None:
    root = office({"contacts.yaml": text})
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        read_contacts(open_office(root))
        assert gc.isenabled() is was_on
    finally:
        (gc.enable if before else gc.disable)()


# Suppressions


def test_a_suppression_says_since_when_and_why(office: Layout) -> None:
    text = "suppressions:\n  - {email: Mesa@Diario.example, since: 2026-11-01, reason: baja}\n"
    found, problems = read_suppressions(open_office(office({"suppressions.yaml": text})))
    assert problems == []
    assert found["mesa@diario.example"].since == date(2026, 11, 1)
    assert found["mesa@diario.example"].reason == "baja"


@pytest.mark.parametrize("since", ["", "  since: pronto\n", "  since:\n", "  since: 2026-02-30\n"])
def test_a_slip_in_the_date_does_not_let_the_address_be_written_to(office: Layout, since: str) -> None:
    text = "suppressions:\n- email: a@x.example\n" + since
    found, _ = read_suppressions(open_office(office({"suppressions.yaml": text})))
    assert set(found) == {"a@x.example"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("suppressions:\n  - {email: nadie}\n", 2),
        ("suppressions:\n  - a@x.example\n", 2),
        ("suppressions: a@x.example\n", 1),
        ("- a@x.example\n", 1),
        ("supressions:\n  - {email: a@x.example}\n", 1),
        ("suppressions:\n  - {email: a@x.example, sinse: 2026-11-01}\n", 2),
    ],
)
def test_a_slip_among_the_suppressions_holds_every_send(office: Layout, text: str, line: int) -> None:
    root = office({"suppressions.yaml": text})
    [problem] = [one for one in problems_of(root) if one.path == "suppressions.yaml"]
    assert (problem.line, problem.is_error) == (line, True)
    with pytest.raises(ContactsUnusable):
        contact_book(open_office(root))
