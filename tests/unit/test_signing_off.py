"""What becomes of an approval, asked of the functions themselves: whose word counts, and which revision a text is."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.offices import Layout, a_release, lay_out
from support.readings import the_release
from support.standing import NOW

from comsoc_cli.errors import Refusal
from comsoc_cli.model.approval import Approval, Urgency
from comsoc_cli.model.person import Person
from comsoc_cli.model.settings import ApprovalRules, Settings
from comsoc_cli.office.git import Identity
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import Vault, read_vault, rewrite, store
from comsoc_cli.safeguards.approval_refusals import (
    HandedOver,
    InPersonOnly,
    LeftTheOffice,
    Nobody,
    NotAnApprover,
    NothingApproved,
    SpokenAlready,
)
from comsoc_cli.safeguards.approving import counting, is_approved
from comsoc_cli.safeguards.signing_off import Word, approval_of, urgent_approval, withdrawn

ANA, BEA, EVA = (Identity(f"{name} Soto", f"{name.lower()}@sinaloa.example") for name in ("Ana", "Bea", "Eva"))
TWO = ApprovalRules(required=2)
NAMED = ApprovalRules(approvers=("ana@sinaloa.example",), former=("bea@sinaloa.example",))
FOUR_EYES = ApprovalRules(four_eyes=True)
CORRECTION = {"revision": 2, "note": "Son 84 mil", "said": "48", "should": "84"}


def settings_of(root: Path, rules: ApprovalRules) -> Settings:
    return replace(open_office(root).settings, approval=rules)


def the_vault(root: Path) -> Vault:
    return read_vault(open_office(root))


def approve(
    root: Path,
    who: Identity | None = ANA,
    *,
    rules: ApprovalRules = ApprovalRules(),  # noqa: B008 - frozen
    sent: Collection[int] = (),
    wrote: tuple[Identity, ...] = (EVA,),
    now: datetime = NOW,
    taken: bool = False,
    **word: str,
) -> Approval:
    """A person approves what lies on the desk, and the vault has it."""
    text, vault = the_release(root), the_vault(root)
    approval = approval_of(
        text,
        vault,
        Word(identity=who, **word),
        settings=settings_of(root, rules),
        author="Eva",
        authors=lambda since: tuple(Person(one.name, one.email) for one in wrote),
        sent=sent,
        number_is_taken=taken,
        now=now,
    )
    newest = vault.newest("becas")
    office = open_office(root)
    if newest and newest.approval.digest == approval.digest:
        rewrite(office, approval)
    else:
        store(office, text, approval)
    return approval


def edit(root: Path, body: str = "Otro texto.", **changes: Any) -> None:
    lay_out(root, {"releases/becas.md": a_release(body, **changes)})


# whose word counts


def test_one_word_approves_and_says_who_when_and_which_number(office: Layout) -> None:
    approval = approve(office())
    assert (approval.revision, approval.number, approval.year) == (1, 1, 2026)
    assert [(one.by, one.email, one.at) for one in approval.assents] == [("Ana Soto", "ana@sinaloa.example", NOW)]
    assert approval.authors == (Person("Eva Soto", "eva@sinaloa.example"),)


def test_a_word_of_mouth_is_written_down_with_who_wrote_it(office: Layout) -> None:
    [one] = approve(office(), by="Dirección", via="whatsapp", legal="Lic. Paz", ruling="INE/1").assents
    assert (one.by, one.email, one.via, one.legal, one.ruling) == ("Dirección", "", "whatsapp", "Lic. Paz", "INE/1")
    assert (one.recorded_by, one.recorded_email) == ("Ana Soto", "ana@sinaloa.example")


@pytest.mark.parametrize(
    ("who", "rules", "words", "refusal"),
    [
        (None, ApprovalRules(), {}, Nobody),
        (BEA, NAMED, {}, LeftTheOffice),
        (EVA, NAMED, {}, NotAnApprover),
        (None, NAMED, {}, NotAnApprover),
        (ANA, NAMED, {"by": "Dirección"}, InPersonOnly),
        (ANA, ApprovalRules(signed=True), {"by": "Dirección"}, InPersonOnly),
        (EVA, FOUR_EYES, {}, NothingApproved),
        (EVA, FOUR_EYES, {"by": "Dirección"}, NothingApproved),
        (ANA, FOUR_EYES, {"by": "Eva Soto"}, NothingApproved),
    ],
)
def test_a_word_that_counts_for_nothing_is_refused(
    office: Layout, who: Identity | None, rules: ApprovalRules, words: dict[str, str], refusal: type[Refusal]
) -> None:
    root = office()
    with pytest.raises(refusal):
        approve(root, who, rules=rules, **words)
    assert the_vault(root).revisions == {}


def test_two_words_of_two_people_approve_where_two_are_required(office: Layout) -> None:
    root = office()
    assert not is_approved(approve(root, rules=TWO), TWO)
    assert not is_approved(approve(root, rules=TWO), TWO), "the same person once more"
    with pytest.raises(SpokenAlready):
        approve(root, ANA, rules=TWO, by="Dirección")
    assert is_approved(approve(root, BEA, rules=TWO), TWO)
    third = approve(root, EVA, rules=TWO)
    assert [one.by for one in third.assents] == ["Ana Soto", "Bea Soto"], "one more name would say nothing"


def test_the_legal_departments_word_is_added_to_what_is_approved(office: Layout) -> None:
    root = office()
    approve(root)
    [one] = approve(root, legal="Lic. Paz").assents
    assert (one.legal, one.ruling) == ("Lic. Paz", "")
    [one] = approve(root, legal="Lic. Paz", ruling="INE/CG123/2027").assents
    assert (one.legal, one.ruling) == ("Lic. Paz", "INE/CG123/2027")
    [one] = approve(root, ANA, by="Dirección", legal="Lic. Mora").assents
    assert (one.by, one.legal) == ("Ana Soto", "Lic. Mora"), "the word of mouth adds no second approval"


def test_what_was_said_while_a_clock_was_ahead_is_said_again(office: Layout) -> None:
    root = office()
    approve(root, now=NOW + timedelta(days=2))
    [one] = approve(root).assents
    assert one.at == NOW


def test_who_sent_it_as_urgent_does_not_review_it(office: Layout) -> None:
    root = office()
    settings, text = settings_of(root, ApprovalRules()), the_release(root)
    urgency = Urgency(reason="Lluvias", by=ANA.name, at=NOW, email=ANA.email)
    urgent = urgent_approval(
        text, the_vault(root), urgency, settings=settings, author="Eva", authors=lambda since: (), sent=()
    )
    store(open_office(root), text, urgent)
    assert (urgent.assents, urgent.urgent, urgent.number) == ((), urgency, 1)
    with pytest.raises(NothingApproved):
        approve(root, ANA, sent=[1])
    approval = approve(root, BEA, sent=[1])
    assert [one.by for one in counting(approval, ApprovalRules())] == ["Bea Soto"]


# which revision a text is


def test_a_text_that_nobody_has_is_replaced_and_keeps_its_number(office: Layout) -> None:
    root = office()
    first = approve(root)
    edit(root)
    second = approve(root)
    assert (second.revision, second.number) == (1, 1)
    assert second.digest != first.digest
    assert approve(root, taken=True).number == 2, "another release was given the number before"


@pytest.mark.parametrize(
    ("sent", "changes"),
    [
        ([1], {}),  # it went out: corrections only
        ([1], {"correction": {**CORRECTION, "revision": 3}}),
        ([], {"correction": CORRECTION}),  # nobody has it: nothing to correct
        ([1], {"correction": {"revision": 2}}),  # it does not say what it corrects
        ([1], {"correction": {"revision": 2, "note": "x", "said": "48"}}),
        ([1], {"correction": CORRECTION, "embargo": "2026-11-25 18:00"}),
        ([1], {"correction": CORRECTION, "date": "2026-11-25 10:00"}),
    ],
)
def test_what_can_be_no_revision_is_refused(office: Layout, sent: list[int], changes: dict[str, Any]) -> None:
    root = office()
    approve(root)
    edit(root, **changes)
    with pytest.raises((HandedOver, NothingApproved)):
        approve(root, sent=sent)
    assert [one.ordinal for one in the_vault(root).revisions["becas"]] == [1]


def test_a_correction_is_the_next_revision_under_the_same_number(office: Layout) -> None:
    root = office()
    approve(root)
    edit(root, correction=CORRECTION)
    second = approve(root, BEA, sent=[1])
    assert (second.revision, second.number, [one.by for one in second.assents]) == (2, 1, ["Bea Soto"])
    edit(root, "Otro más.", correction=CORRECTION)
    assert approve(root, sent=[1]).revision == 2, "while nobody has it, it is replaced"
    edit(root, "Otro más.", correction={**CORRECTION, "revision": 3})
    with pytest.raises(HandedOver):
        approve(root, sent=[1])
    assert approve(root, sent=[1, 2]).revision == 3


def test_a_trifle_stands_though_it_is_sent_to_nobody(office: Layout) -> None:
    root = office()
    approve(root)
    edit(root, correction={"revision": 2, "note": "Una coma", "minor": True})
    approve(root, sent=[1])
    edit(root, "Otro.", correction={**CORRECTION, "revision": 3})
    assert approve(root, sent=[1]).revision == 3


def test_a_text_whose_vault_is_gone_is_not_the_first_again(office: Layout) -> None:
    root = office()
    with pytest.raises(HandedOver):
        approve(root, sent=[1])
    edit(root, correction=CORRECTION)
    with pytest.raises(NothingApproved):
        approve(root)


def test_the_embargo_of_a_text_that_went_out_stays_in_its_correction(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo="2026-11-25 18:00")})
    approve(root)
    edit(root, correction=CORRECTION, embargo="2026-11-26 18:00")
    with pytest.raises(NothingApproved):
        approve(root, sent=[1])
    edit(root, correction=CORRECTION, embargo="2026-11-25 18:00")
    assert approve(root, sent=[1]).revision == 2


# taken back


def test_an_approval_is_taken_back_once_and_only_while_nobody_has_the_text(office: Layout) -> None:
    root = office()
    settings = settings_of(root, ApprovalRules())
    with pytest.raises(NothingApproved):
        withdrawn(None, "becas", ANA, settings=settings, sent=(), now=NOW)
    approve(root)
    newest = the_vault(root).newest("becas")
    with pytest.raises(NothingApproved):
        withdrawn(newest, "becas", ANA, settings=settings, sent=[1], now=NOW)
    back = withdrawn(newest, "becas", BEA, settings=settings, sent=(), now=NOW)
    assert (back.withdrawn and back.withdrawn.by, counting(back, ApprovalRules())) == ("Bea Soto", ())
    rewrite(open_office(root), back)
    again = approve(root, EVA, rules=ApprovalRules())
    assert (again.withdrawn, [one.by for one in again.assents]) == (None, ["Eva Soto"])
