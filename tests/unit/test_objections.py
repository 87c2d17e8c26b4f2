"""What speaks against letting a release out: one table of situations, and the rules that object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.offices import Layout, a_release, lay_out
from support.readings import the_release
from support.standing import NOW, approve, how_it_stands, objected, rules_against

from comsoc_cli.model.approval import Approval, Assent, Kill, Status, Urgency, Withdrawal
from comsoc_cli.model.person import Person
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, read_vault, store
from comsoc_cli.safeguards.objections import PUBLIC, Audience, objections
from comsoc_cli.safeguards.standing import standings

EMBARGO = "2026-11-23 18:00"
WHEN_IT_ENDS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def approved(office: Layout, **changes: object) -> Path:
    """An office with one approved release."""
    root = office({"releases/becas.md": a_release(**changes)})  # type: ignore[arg-type]
    approve(root)
    return root


def test_nothing_speaks_against_an_approved_release_that_is_due(office: Layout) -> None:
    root = approved(office)
    assert rules_against(root, "media") == []
    assert rules_against(root) == []
    assert rules_against(root, "media", named=False) == []


@pytest.mark.parametrize("segments", [("media",), ()])
def test_what_is_not_approved_does_not_go_out(office: Layout, segments: tuple[str, ...]) -> None:
    root = office()
    [objection] = objected(root, *segments)
    assert objection.rule == "not_approved"
    assert "becas" in str(objection.message)
    assert str(objection.lifted_by) == "comsoc approve becas"
    assert rules_against(root, *segments, approved_text=True) == ["not_approved"]


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited": lambda root: lay_out(root, {"releases/becas.md": a_release("Otro texto.")}),
    "broken": lambda root: lay_out(root, {"releases/becas.md": "sin datos"}),
    "translated": lambda root: lay_out(root, {"releases/becas.en.md": a_release("Text.")}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_text_that_changed_after_its_approval_is_not_sent(office: Layout, change: str) -> None:
    root = approved(office)
    CHANGES[change](root)
    assert rules_against(root, "media") == ["changed"]
    assert how_it_stands(root).status(sent=False) == Status.CHANGED


@pytest.mark.parametrize("change", CHANGES)
def test_the_approved_text_may_be_sent_as_it_is(office: Layout, change: str) -> None:
    root = approved(office)
    CHANGES[change](root)
    assert rules_against(root, "media", approved_text=True) == []


def test_a_change_on_the_desk_does_not_touch_what_is_public(office: Layout) -> None:
    root = approved(office)
    CHANGES["edited"](root)
    assert rules_against(root) == []


def test_approving_again_lifts_it(office: Layout) -> None:
    root = approved(office)
    CHANGES["edited"](root)
    approve(root, revision=2)
    assert rules_against(root, "media") == []


def test_a_cosmetic_change_is_none(office: Layout) -> None:
    root = approved(office)
    text = (root / "releases" / "becas.md").read_text(encoding="utf-8")
    lay_out(root, {"releases/becas.md": text.replace('kind: "boletin"', "kind: boletin  # como siempre") + "\n\n"})
    assert rules_against(root, "media") == []


def test_a_text_that_was_taken_off_the_desk_may_be_sent(office: Layout) -> None:
    root = approved(office)
    (root / "releases" / "becas.md").unlink()
    assert rules_against(root, "media") == []


@pytest.mark.parametrize("segments", [("media",), ()])
@pytest.mark.parametrize("name", ["index.md", "extra.png"])
def test_what_was_changed_in_the_vault_does_not_go_out(office: Layout, segments: tuple[str, ...], name: str) -> None:
    root = approved(office)
    (root / "approved" / "becas" / "r1" / name).write_text(a_release("Otro texto."), encoding="utf-8")
    found = objected(root, *segments, approved_text=True)
    assert [one.rule for one in found] == ["vault"]
    assert "approved/becas/r1" in str(found[0].message)


@pytest.mark.parametrize("segments", [("media",), ()])
def test_a_broken_approval_is_no_approval(office: Layout, segments: tuple[str, ...]) -> None:
    root = approved(office)
    (root / "approved" / "becas" / "r1" / "approval.yaml").write_text("digest: x\n")
    assert rules_against(root, *segments) == ["vault"]


def test_an_older_revision_that_was_changed_holds_the_newest_as_well(office: Layout) -> None:
    root = approved(office)
    approve(root, revision=2)
    (root / "approved" / "becas" / "r1" / "extra.png").write_bytes(b"x")
    assert rules_against(root, "media") == ["vault"]


# Segments


def test_a_segment_that_the_release_does_not_name_is_an_objection(office: Layout) -> None:
    [objection] = objected(approved(office), "radio")
    assert objection.rule == "segment_not_named"
    assert "radio" in str(objection.message)


def test_a_segment_added_on_the_desk_alone_does_not_count(office: Layout) -> None:
    root = approved(office)
    lay_out(root, {"releases/becas.md": a_release(segments=["media", "radio"])})
    assert rules_against(root, "radio", approved_text=True) == ["segment_not_named"]


def test_a_segment_with_nobody_in_it_is_an_objection(office: Layout) -> None:
    files = {"contacts.yaml": "segments:\n  media: {where: {type: revista}}\n", "releases/becas.md": a_release()}
    root = office(files)
    approve(root)
    assert rules_against(root, "media") == ["segment_empty"]


def test_every_segment_is_looked_at(office: Layout) -> None:
    assert rules_against(approved(office), "media", "radio", "acreditada") == ["segment_not_named"] * 2


# The moment

BOTH = {"segments": ["media", "acreditada"]}
BEFORE, AFTER = NOW, WHEN_IT_ENDS


@pytest.mark.parametrize(
    ("changes", "segments", "named", "now", "rules"),
    [
        # a release with an embargo
        ({"embargo": EMBARGO}, ("media",), True, BEFORE, ["embargo"]),
        ({"embargo": EMBARGO}, ("acreditada",), True, BEFORE, []),
        ({"embargo": EMBARGO}, ("acreditada",), False, BEFORE, ["embargo"]),
        ({"embargo": EMBARGO}, ("media",), False, BEFORE, ["embargo", "embargo"]),
        ({"embargo": EMBARGO}, ("media", "acreditada"), True, BEFORE, ["embargo"]),
        ({"embargo": EMBARGO}, (), True, BEFORE, ["not_due"]),
        ({"embargo": EMBARGO}, ("media",), True, AFTER, []),
        ({"embargo": EMBARGO}, ("media",), False, AFTER, []),
        ({"embargo": EMBARGO}, (), True, AFTER, []),
        # whose embargo lies before its date, or whose date lies after its embargo
        ({"embargo": "2026-11-23 09:00"}, ("media",), True, BEFORE, []),
        ({"embargo": "2026-11-23 09:00", "date": "2026-11-23 18:00"}, ("media",), True, BEFORE, ["embargo"]),
        ({"embargo": "2026-11-23 09:00", "date": "2026-11-23 18:00"}, ("acreditada",), True, BEFORE, []),
        ({"embargo": "2026-11-23 18:00 -06:00"}, ("media",), True, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), []),
        # a release without an embargo, before its date
        ({"date": "2026-11-23 18:00"}, ("media",), True, BEFORE, ["not_due"]),
        ({"date": "2026-11-23 18:00"}, ("acreditada",), True, BEFORE, ["not_due"]),
        ({"date": "2026-11-23 18:00"}, (), True, BEFORE, ["not_due"]),
        ({"date": "2026-11-23 18:00"}, ("media",), True, AFTER, []),
        ({"date": "2026-11-23 18:00"}, (), True, AFTER, []),
    ],
)
def test_before_its_public_moment_a_release_goes_only_where_it_may(
    office: Layout,
    changes: dict[str, object],
    segments: tuple[str, ...],
    named: bool,
    now: datetime,
    rules: list[str],
) -> None:
    root = approved(office, **{**BOTH, **changes})
    assert rules_against(root, *segments, named=named, now=now) == rules


def test_an_embargo_that_was_lifted_on_the_desk_alone_still_holds(office: Layout) -> None:
    root = approved(office, embargo=EMBARGO)
    lay_out(root, {"releases/becas.md": a_release()})
    assert rules_against(root, "media", approved_text=True) == ["embargo"]


def test_the_moment_is_told_in_the_offices_zone(office: Layout) -> None:
    [objection] = objected(approved(office, embargo="2026-11-24T01:00Z"), "media")
    assert "2026-11-23 18:00" in str(objection.message)


# Kinds that are not published


def test_a_briefing_note_is_never_public_and_not_for_the_press(office: Layout) -> None:
    root = approved(office, kind="tarjeta")
    assert rules_against(root) == ["not_public"]
    assert rules_against(root, "media") == ["internal_kind"]


def test_a_briefing_note_that_is_not_due_has_both_against_it(office: Layout) -> None:
    assert rules_against(approved(office, kind="tarjeta", embargo=EMBARGO)) == ["not_public", "not_due"]


def test_every_reason_is_told_at_once(office: Layout) -> None:
    root = approved(office, embargo=EMBARGO)
    lay_out(root, {"releases/becas.md": a_release("Otro texto.")})
    assert rules_against(root, "radio", named=False) == ["changed", "segment_not_named", "embargo", "embargo"]


def test_every_objection_says_what_lifts_it(office: Layout) -> None:
    root = approved(office, embargo=EMBARGO)
    lay_out(root, {"releases/becas.md": a_release("Otro texto."), "approved/becas/r1/extra.png": b"x"})
    for objection in (*objected(root, "radio", named=False), *objected(root)):
        assert str(objection.message)
        assert str(objection.lifted_by)


# Where a release stands


def test_a_release_goes_from_draft_to_approved_to_sent(office: Layout) -> None:
    root = office()
    assert how_it_stands(root).status(sent=False) == Status.DRAFT
    approve(root)
    assert how_it_stands(root).status(sent=False) == Status.APPROVED
    assert how_it_stands(root).status(sent=True) == Status.SENT


def test_a_text_that_changed_after_it_was_sent_is_changed(office: Layout) -> None:
    root = approved(office)
    lay_out(root, {"releases/becas.md": a_release("Otro texto.")})
    assert how_it_stands(root).status(sent=True) == Status.CHANGED


def test_releases_of_desk_and_vault_are_all_there(office: Layout) -> None:
    root = office({"releases/agua.md": a_release(), "releases/rota.md": "sin datos"})
    approve(root)
    (root / "releases" / "becas.md").unlink()
    office_ = open_office(root)
    assert list(standings(read_desk(office_), read_vault(office_), office_.settings.approval)) == [
        "agua",
        "becas",
        "rota",
    ]


@pytest.mark.parametrize(
    ("rules", "changes", "words"),
    [
        (ApprovalRules(required=2), {}, "1 of 2 approvals"),
        (ApprovalRules(approvers=("bea@x.example",)), {}, "approved by Ana, whom [approval] approvers does not name"),
        (ApprovalRules(), {"withdrawn": Withdrawal(by="Bea", at=NOW)}, "withdrawn by Bea"),
        (ApprovalRules(), {"assents": (), "urgent": Urgency(reason="x", by="Bea", at=NOW)}, "as urgent by Bea"),
        (ApprovalRules(four_eyes=True), {"authors": (Person("Ana"),)}, "by its authors alone: Ana"),
    ],
)
def test_an_approval_that_is_not_enough_says_why(
    office: Layout, rules: ApprovalRules, changes: dict[str, Any], words: str
) -> None:
    root = approved(office)
    standing = how_it_stands(root)
    assert standing.newest
    newest = replace(standing.newest, approval=replace(standing.newest.approval, **changes))
    settings = replace(open_office(root).settings, approval=rules)
    with_it = replace(standing, revisions=(newest,), rules=rules)
    [one] = objections(with_it, PUBLIC, settings=settings, now=NOW)
    assert one.rule == "not_approved"
    assert words in str(one.message)


def test_a_number_that_another_release_has_holds_mails_and_not_the_page(office: Layout) -> None:
    root = approved(office)
    twice = replace(how_it_stands(root), number_of="agua")
    settings, book = open_office(root).settings, read_contacts(open_office(root))[0]
    assert objections(twice, PUBLIC, settings=settings, now=NOW) == []
    [one] = objections(twice, Audience(segments=(book.segments["media"],)), settings=settings, now=NOW)
    assert one.rule == "number_twice"
    assert "“agua” was given before" in str(one.message)


def test_what_is_killed_is_held_by_its_kill_alone(office: Layout) -> None:
    root = approved(office)
    killed = replace(how_it_stands(root), kill=Kill(reason="Era falso", by="Ana", at=NOW))
    [one] = objections(killed, PUBLIC, settings=open_office(root).settings, now=NOW)
    assert (one.rule, "Era falso" in str(one.message)) == ("killed", True)


def test_of_two_releases_with_one_number_the_later_one_is_told(office: Layout) -> None:
    root = office({"releases/agua.md": a_release(headline="Agua")})
    for slug, hour in (("becas", 0), ("agua", 1)):
        text, home = the_release(root, slug), open_office(root)
        assent = Assent(by="Ana", at=NOW + timedelta(hours=hour))
        approval = Approval(slug=slug, revision=1, digest=digest_of(text, 1), assents=(assent,), number=7, year=2026)
        store(home, text, approval)
    found = standings(read_desk(open_office(root)), read_vault(open_office(root)), ApprovalRules())
    assert {slug: one.number_of for slug, one in found.items()} == {"becas": "", "agua": "becas"}
