"""Values that are the same though they are typed otherwise, contacts in no segment, and rules that look for nobody."""

from datetime import date

import pytest
from support.offices import Layout

from comsoc_cli.checks.contacts import book_problems
from comsoc_cli.delivery.plan import plan
from comsoc_cli.model.alike import fold, nearest
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.nowhere import nowhere, nowhere_message
from comsoc_cli.model.segments import members
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.settings import open_office

TODAY = date(2026, 11, 23)


def book_of(office: Layout, segments: str, *contacts: str) -> ContactBook:
    entries = "".join(f"  - {{email: c{number}@x.example, {one}}}\n" for number, one in enumerate(contacts))
    text = f"segments:\n{segments}contacts:\n{entries}"
    book, problems = read_contacts(open_office(office({"contacts.yaml": text})))
    assert problems == []
    return book


# What is the same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Radio ", "radio"),
        (" \tRADIO", "radio"),
        ("Culiacán", "culiacan"),
        ("CULIACÁN", "culiacán"),
        ("Peñasco", "penasco"),
        ("prensa  escrita", "Prensa escrita"),
        ("prensa\u00a0escrita", "prensa escrita"),
        ("Culiaca\u0301n", "Culiacán"),
        ("Straße", "STRASSE"),
    ],
)
def test_blanks_capitals_and_accents_separate_no_values(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("radio", "radios"), ("a b", "ab"), ("tv-1", "tv 1"), ("distrito 1", "distrito 2")]
)
def test_other_values_are_others(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("where", "contact"),
    [
        ("type: radio", 'type: "Radio "'),
        ('type: " Radio"', "type: radio"),
        ("region: Culiacán", "region: culiacan"),
        ("region: [mazatlan, culiacan]", "region: CULIACÁN"),
        ("tags: acreditado", "tags: [otro, ' Acreditado ']"),
        ("outlet: El Diario", "outlet: EL  DIARIO"),
    ],
)
def test_a_segment_selects_whatever_way_a_value_is_typed(office: Layout, where: str, contact: str) -> None:
    book = book_of(office, f"  s: {{where: {{{where}}}}}\n", contact)
    assert len(members(book, "s")) == 1


def test_an_accent_separates_two_mailboxes(office: Layout) -> None:
    text = "segments:\n  s: {where: {email: josé@x.example}}\ncontacts:\n  - {email: jose@x.example}\n"
    book, _ = read_contacts(open_office(office({"contacts.yaml": text})))
    assert members(book, "s") == []


def test_the_plan_counts_one_type_once_however_it_is_typed(office: Layout) -> None:
    book = book_of(office, "  s: {where: {type: radio}}\n", "type: radio", 'type: "Radio "', "type: RADIO")
    assert plan(book, ("s",), today=TODAY).types == {"radio": 3}


# What was perhaps meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("prensa escrita", "prensa"),
        ("Prensa-escrita", "prensa"),
        ("radios", "radio"),
        ("raido", "radio"),
        ("Prenza", "prensa"),
        ("televisión", "tv"),
        ("digitales", "digital"),
        ("municipio", ""),
        ("revista", ""),
        ("", ""),
        ("x", ""),
    ],
)
def test_a_near_value_is_offered_and_no_far_one(value: str, meant: str) -> None:
    assert nearest(value, ["prensa", "radio", "tv", "digital"]) == meant


def test_another_number_is_another_thing() -> None:
    assert nearest("distrito 12", ["distrito 11", "distrito 21"]) == ""


# Who is in no segment


def test_those_in_no_segment_are_counted_by_value_with_what_was_meant(office: Layout) -> None:
    contacts = ["type: prensa", *["type: prensa escrita"] * 2, "type: Prensa  Escrita", "region: x", "type: municipio"]
    book = book_of(office, "  media: {where: {type: [prensa, radio]}}\n", *contacts)
    found = nowhere(book, TODAY)
    assert found.many == 5
    assert str(nowhere_message(found)) == (
        "5 contacts are in no segment: type “prensa escrita” 3 (was “prensa” meant?), type “municipio” 1,"
        " without type 1. To see them: comsoc contacts list --nowhere"
    )


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("type: prensa, region: sur", "region “sur” 1"),
        ("type: prensa", "without region 1"),
        ("region: norte", "without type 1"),
        ("type: prensa, region: Norte B", "region “Norte B” 1 (was “norte” meant?)"),
        ("type: radio, region: este", "type “radio”, region “este” 1"),
    ],
)
def test_the_field_that_keeps_somebody_out_is_named(office: Layout, contact: str, told: str) -> None:
    segments = "  a: {where: {type: prensa, region: norte}}\n  b: {where: {type: radio, region: norte}}\n"
    segments += "  c: {where: {type: tv, region: este}}\n"
    assert f": {told}. To see it" in str(nowhere_message(nowhere(book_of(office, segments, contact), TODAY)))


def test_who_asked_for_a_segment_or_is_not_written_to_anyway_is_not_counted(office: Layout) -> None:
    segments = "  a: {where: {type: prensa}}\n  libre:\n"
    contacts = ("segments: libre", "until: 2026-11-22", "until: 2026-11-23", "type: baja")
    office({"suppressions.yaml": "suppressions:\n  - {email: c3@x.example}\n"})
    assert [one.email for one in nowhere(book_of(office, segments, *contacts), TODAY).contacts] == ["c2@x.example"]


def test_somebody_with_two_entries_is_reached_by_one(office: Layout) -> None:
    entries = "  - {email: A@x.example, type: y}\n  - {email: a@x.example, type: prensa}\n"
    text = f"segments:\n  a: {{where: {{type: prensa}}}}\ncontacts:\n{entries}"
    book, _ = read_contacts(open_office(office({"contacts.yaml": text})))
    assert nowhere(book, TODAY).many == 0


@pytest.mark.parametrize("segments", ["", "  todos:\n", "  x: {include: [y]}\n  y:\n"])
def test_without_rules_the_number_alone_is_told(office: Layout, segments: str) -> None:
    found = nowhere(book_of(office, segments, "type: a", "type: b"), TODAY)
    assert str(nowhere_message(found)).startswith("2 contacts are in no segment. To see them")


def test_many_different_values_are_summed_up(office: Layout) -> None:
    names = ["ene", "feb", "mar", "abr", "may", "jun", "jul"]
    found = nowhere(book_of(office, "  a: {where: {type: prensa}}\n", *[f"type: {name}" for name in names]), TODAY)
    assert "others 2. To see" in str(nowhere_message(found))


def test_braces_in_a_value_stay_as_they_are(office: Layout) -> None:
    found = nowhere(book_of(office, "  a: {where: {'{x}': prensa}}\n", "'{x}': '{y}'"), TODAY)
    assert "x “{y}” 1" in str(nowhere_message(found))


# Rules that look for nobody


@pytest.mark.parametrize(
    ("segments", "contact", "severity", "told"),
    [
        (
            "  a: {where: {type: tv}}\n",
            "type: televisión",
            "warning",
            "type “tv”, which no contact has (is it “televisión”?)",
        ),
        ("  a: {where: {type: tv}}\n", "type: prensa", "info", "type “tv”, which no contact has"),
        ("  a: {where: {tags: [acreditados]}}\n", "tags: [acreditado]", "warning", "(is it “acreditado”?)"),
        ("  a: {where: {type: radio}}\n  b: {where: {type: radios}}\n", "type: radio", "info", "“radios”, which"),
    ],
)
def test_a_value_that_nobody_has_is_told(office: Layout, segments: str, contact: str, severity: str, told: str) -> None:
    book = book_of(office, segments, contact)
    found = [one for one in book_problems(open_office(office({})), book, TODAY) if one.rule == "segment-value"]
    assert [(one.severity.value, told in str(one.message)) for one in found] == [(severity, True)]


def test_an_office_without_contacts_hears_nothing(office: Layout) -> None:
    assert list(book_problems(open_office(office({})), ContactBook(), TODAY)) == []
