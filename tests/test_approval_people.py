"""Whose approval counts: one person is one, under whatever name, and nobody approves what they wrote."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.offices import SETTINGS, Answer, a_release, an_environment, comsoc
from support.readings import Layout, the_release

from comsoc_cli.checks.approvers import approver_problems
from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.person import Person, looks, people_in
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.authorship import address_of, authors
from comsoc_cli.office.git import Identity
from comsoc_cli.office.settings import open_office
from comsoc_cli.safeguards.approving import counting

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ANA, BEA, EVA = (Person(f"{name} Soto", f"{name.lower()}@sinaloa.example") for name in ("Ana", "Bea", "Eva"))
FOUR_EYES = "\n[approval]\nfour_eyes = true\n"


def said_by(who: Person, recorder: Person | None = None) -> Assent:
    written = {"recorded_by": recorder.name, "recorded_email": recorder.email} if recorder else {}
    return Assent(by=who.name, email="" if recorder else who.email, at=AT, **written)


def an_approval(*assents: Assent, authors: tuple[Person, ...] = (), author: str = "") -> Approval:
    return Approval(slug="becas", revision=1, digest="", assents=assents, authors=authors, author=author, year=2026)


def git(root: Path, *words: str, who: Person = ANA) -> None:
    names = {"GIT_AUTHOR_NAME": who.name, "GIT_AUTHOR_EMAIL": who.email}
    names |= {"GIT_COMMITTER_NAME": who.name, "GIT_COMMITTER_EMAIL": who.email}
    subprocess.run(["git", "-C", str(root), *words], env=an_environment(**names), check=True, capture_output=True)


def commit(root: Path, who: Person, text: str | None = None, message: str = "x") -> None:
    """Commit everything that lies there as somebody, with another text of the release if one is given."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    if text is not None:
        (root / "releases/becas.md").write_text(a_release(text), encoding="utf-8")
    git(root, "add", "--all", who=who)
    git(root, "commit", "--quiet", "--message", message, who=who)


def as_(who: Person) -> dict[str, str]:
    return {"GIT_CONFIG_VALUE_0": who.name, "GIT_CONFIG_VALUE_1": who.email}


def approve(root: Path, who: Person, *words: str) -> Answer:
    return comsoc(root, "approve", "becas", *words, **as_(who))


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


# what git knows


def test_authors_are_all_who_committed_the_text_and_who_has_it_uncommitted(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    commit(root, BEA, "Otro texto.", "x\n\nCo-authored-by: Luz Paz <luz@sinaloa.example>")
    here = Identity(EVA.name, EVA.email)
    assert set(authors(root, the_release(root), None, here)) == {ANA, BEA, Person("Luz Paz", "luz@sinaloa.example")}
    (root / "releases/becas.md").write_text(a_release("Sin confirmar."), encoding="utf-8")
    assert EVA in authors(root, the_release(root), None, here)


def test_a_text_that_was_moved_keeps_its_authors(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    (root / "releases/becas.md").rename(root / "releases/otro.md")
    commit(root, BEA)
    (root / "releases/otro.md").rename(root / "releases/becas.md")
    commit(root, BEA)
    assert ANA in authors(root, the_release(root), None, None)


def test_outside_of_a_repository_the_author_is_who_is_there(office: Layout) -> None:
    root = office()
    assert authors(root, the_release(root), None, Identity(EVA.name, EVA.email)) == (EVA,)


def test_what_another_person_approved_has_no_authors_any_more(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + FOUR_EYES})
    commit(root, ANA)
    refused = approve(root, ANA)
    assert (refused.code, "Ana Soto wrote" in refused.err) == (3, True), refused.said
    assert approve(root, BEA).code == 0
    commit(root, BEA, "Bea cambia el texto.")
    assert approve(root, BEA).code == 3
    assert approve(root, ANA).code == 0, "Bea read what Ana wrote, and Ana what Bea changed"
    written = (root / "approved/becas/r1/approval.yaml").read_text(encoding="utf-8")
    assert 'authors:\n  - name: "Bea Soto"\n    email: "bea@sinaloa.example"\n' in written


# at the counter


@pytest.mark.parametrize(
    ("front", "by"),
    [({"author": "Redacción"}, ()), ({}, ("--by", "Directora inventada")), ({"author": "Bea Soto"}, ("--by", "Eva"))],
)
def test_one_person_alone_does_not_write_and_approve(
    office: Layout, front: dict[str, str], by: tuple[str, ...]
) -> None:
    root = office({"comsoc.toml": SETTINGS + FOUR_EYES, "releases/becas.md": a_release(**front)})
    commit(root, ANA)
    answer = approve(root, ANA, *by)
    assert (answer.code, "Ana Soto wrote" in answer.err, (root / "approved").exists()) == (3, True, False)


def test_one_person_does_not_give_and_record_two_approvals(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + "\n[approval]\nrequired = 2\n"})
    assert approve(root, ANA, "--by", "Dirección").code == 0
    refused = approve(root, ANA)
    assert (refused.code, "another person" in refused.err) == (3, True)
    assert approve(root, BEA, "--by", "Secretaría").code == 0
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0


def test_a_name_among_the_approvers_is_told_with_the_address_to_write(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + '\n[approval]\napprovers = ["Ana Soto", "Luis Paz"]\n'})
    commit(root, ANA)
    assert address_of(root, "ANA SOTO") == ANA.email
    first, second = approver_problems(open_office(root))
    assert (first.rule, first.is_error, first.line == 17, ANA.email in str(first.message)) == (
        "approver-name",
        True,
        True,
        True,
    )
    assert "git config user.email" in str(second.message)
    refused = approve(root, ANA)
    assert (refused.code, f"write “{ANA.email}”" in refused.err) == (3, True)


def test_approvers_that_look_alike_are_told(office: Layout) -> None:
    named = '\n[approval]\napprovers = ["ana@sinaloa.example", "аna@sinaloa.example"]\n'
    [one] = approver_problems(open_office(office({"comsoc.toml": SETTINGS + named})))
    assert (one.rule, one.is_error) == ("approver-alike", False)
