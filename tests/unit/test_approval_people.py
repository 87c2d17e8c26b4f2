"""Whose approval counts: one person is one, under whatever name, and nobody approves what they wrote."""

from datetime import UTC, datetime

import pytest
from support.offices import SETTINGS, Layout
from support.people import ANA, BEA, EVA

from comsoc_cli.checks.approvers import approver_problems
from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.person import Person, looks, people_in
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.settings import open_office
from comsoc_cli.safeguards.approving import counting, same_person

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def said_by(who: Person, recorder: Person | None = None) -> Assent:
    written = {"recorded_by": recorder.name, "recorded_email": recorder.email} if recorder else {}
    return Assent(by=who.name, email="" if recorder else who.email, at=AT, **written)


def an_approval(*assents: Assent, authors: tuple[Person, ...] = (), author: str = "") -> Approval:
    return Approval(slug="becas", revision=1, digest="", assents=assents, authors=authors, author=author, year=2026)


# names


@pytest.mark.parametrize(
    "typed",
    ["ANA SOTO", "Ána  Sotó", "Аna Soto", "Αna Sоtο", "Ana\u200b Soto", "AnaSoto", "Ana S0to", "Ａｎａ Soto",
     "𝐀𝐧𝐚 Soto", "Ana\u3164Soto", "Ana\u00a0Soto", "Ana.Soto", "A\u0301na Soto"],
)  # fmt: skip
def test_names_that_a_reader_takes_for_one_are_one(typed: str) -> None:
    assert looks(typed) == looks("Ana Soto")


@pytest.mark.parametrize("other", ["Ana Sota", "Eva Soto", "Ana Soto Ríos", "Bea"])
def test_names_that_differ_are_two(other: str) -> None:
    assert looks(other) != looks("Ana Soto")


def test_an_address_keeps_its_signs() -> None:
    assert looks("ana.soto@x.example") != looks("anasoto@x.example")
    assert looks("АNA@x.example") == looks("ana@X.example")


def test_an_author_line_may_name_several_people() -> None:
    assert people_in("Ana Soto <ana@x.example>, Beto Ríos") == (
        Person("Ana Soto", "ana@x.example"),
        Person("Beto Ríos"),
    )
    assert Person("Beto Ríos") in people_in("Ana Soto y Beto Ríos")
    assert people_in("ana@x.example") == (Person("", "ana@x.example"),)
    assert people_in("") == ()


# what counts

ONE_RECORDER = (said_by(Person("Dirección"), ANA), said_by(Person("Secretaría"), ANA))


@pytest.mark.parametrize(
    ("assents", "many"),
    [
        ((said_by(ANA), said_by(BEA)), 2),
        ((said_by(ANA), said_by(Person("Аna Soto", "otra@casa.example"))), 1),
        ((said_by(ANA), said_by(Person("Otra", "ANA@sinaloa.example"))), 1),
        (ONE_RECORDER, 1),
        ((said_by(ANA), said_by(Person("Dirección"), ANA)), 1),
        ((said_by(Person("Dirección"), ANA), said_by(Person("Dirección"), BEA)), 1),
        ((said_by(Person("Dirección"), ANA), said_by(Person("Secretaría"), BEA)), 2),
    ],
)
def test_a_person_counts_once_whether_giving_or_recording(assents: tuple[Assent, ...], many: int) -> None:
    assert len(counting(an_approval(*assents), ApprovalRules(required=2))) == many


@pytest.mark.parametrize(
    ("assent", "counts"),
    [
        (said_by(BEA), True),
        (said_by(ANA), False),
        (said_by(Person("Ana S0tο", "nueva@casa.example")), False),
        (said_by(Person("Directora inventada"), ANA), False),
        (said_by(Person("Directora"), BEA), True),
        (said_by(EVA), False),
    ],
)
def test_with_four_eyes_no_author_gives_or_records_it(assent: Assent, counts: bool) -> None:
    approval = an_approval(assent, authors=(ANA,), author="Redacción, Eva Soto")
    assert bool(counting(approval, ApprovalRules(four_eyes=True))) is counts


def test_two_of_one_name_are_two_where_the_office_lists_both_addresses() -> None:
    other = Person(ANA.name, "ana.soto@sinaloa.example")
    rules = ApprovalRules(required=2, approvers=(ANA.email, other.email), four_eyes=True)
    assert len(counting(an_approval(said_by(ANA), said_by(other)), rules)) == 2
    assert len(counting(an_approval(said_by(other), authors=(ANA,)), rules)) == 1


@pytest.mark.parametrize(
    ("email", "may"),
    [("ana@sinaloa.example", True), ("ANA@sinaloa.example", True), ("аna@sinaloa.example", False), ("", False),
     ("luis@sinaloa.example", False)],
)  # fmt: skip
def test_who_may_approve_is_told_by_the_address_alone(email: str, may: bool) -> None:
    rules = ApprovalRules(approvers=("ana@sinaloa.example", "Luis Paz"), former=("luis@sinaloa.example",))
    assert rules.may(email) is may


def test_what_was_approved_under_a_name_goes_on_counting() -> None:
    rules = ApprovalRules(approvers=("Ana Soto", "bea@sinaloa.example"), former=("Luis Paz",))
    old = (Assent(by="Ana Soto", at=AT), Assent(by="Luis Paz", at=AT), Assent(by="Otro", at=AT))
    assert [one.by for one in counting(an_approval(*old), rules)] == ["Ana Soto", "Luis Paz"]


def test_who_has_left_approves_nothing_more_even_where_nobody_is_named() -> None:
    assert not ApprovalRules(former=("ana@sinaloa.example",)).may("ana@sinaloa.example")


def test_approvers_that_look_alike_are_told(office: Layout) -> None:
    named = '\n[approval]\napprovers = ["ana@sinaloa.example", "аna@sinaloa.example"]\n'
    [one] = approver_problems(open_office(office({"comsoc.toml": SETTINGS + named})))
    assert (one.rule, one.is_error) == ("approver-alike", False)


def test_one_mailbox_is_one_person_whatever_stands_behind_a_plus() -> None:
    assert same_person(
        Person("Ana Ruiz", "ana@sinaloa.example"), Person("A. R.", "ana+prensa@sinaloa.example"), ApprovalRules()
    )
    assert not same_person(Person("", "+ana@sinaloa.example"), Person("", "+bea@sinaloa.example"), ApprovalRules())


def test_who_has_another_address_now_is_not_two_people() -> None:
    rules = ApprovalRules(
        approvers=("ana.ruiz@sinaloa.example", "luis@sinaloa.example"), former=("ana@sinaloa.example",)
    )
    assert same_person(Person("Ana Ruiz", "ana@sinaloa.example"), Person("Ana Ruiz", "ana.ruiz@sinaloa.example"), rules)
