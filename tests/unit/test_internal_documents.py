"""Internal documents: what is for the government's own people never goes to the press."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.internal import PEOPLE
from support.offices import CONTACTS, MESA, SETTINGS, Layout, a_release
from support.standing import NOW, approve, how_it_stands, objected, rules_against
from support.test_sends import ANYBODY, goes

from comsoc_cli.checks.releases import reference_problems
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office, read_settings
from comsoc_cli.safeguards.internal import internal_objections
from comsoc_cli.safeguards.objections import PUBLIC, Audience, objections

OFICIAL = "oficial@municipio.example"
VEDA = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-12-06\nhide_site = false\n'
EVERYBODY = ["gabinete", "media", "acreditada"]


def a_card(**changes: object) -> str:
    return a_release(kind="tarjeta", **{"segments": EVERYBODY, **changes})


def internal(office: Layout, settings: str = "", **changes: object) -> Path:
    """An office that approved an internal document which names the press, as older versions let it."""
    root = office({"contacts.yaml": PEOPLE, "comsoc.toml": SETTINGS + settings, "releases/becas.md": a_card(**changes)})
    approve(root)
    return root


def settings_of(root: Path) -> Settings:
    return open_office(root).settings


def test_it_goes_to_internal_segments_and_to_no_other(office: Layout) -> None:
    root = internal(office)
    assert rules_against(root, "gabinete") == []
    assert rules_against(root, "media") == ["internal_kind"]
    assert rules_against(root, "gabinete", "acreditada") == ["internal_kind"]
    assert rules_against(root) == ["not_public"]


def test_the_objection_names_the_segment_and_those_that_may_have_it(office: Layout) -> None:
    [one] = objected(internal(office), "media")
    assert str(one.message) == (
        "This is an internal document: it is not sent to “Medios”. Internal segments: gabinete."
    )
    assert "nothing" in str(one.lifted_by)


@pytest.mark.parametrize(
    "wish", [{"urgent": True}, {"approved_text": True}, {"despite_blackout": True}, {"named": True}]
)
def test_nothing_overrules_it(office: Layout, wish: dict[str, bool]) -> None:
    root = internal(office)
    book, _ = read_contacts(open_office(root))
    audience = replace(Audience(segments=(book.segments["media"],), book=book), **wish)
    found = objections(how_it_stands(root), audience, settings=settings_of(root), now=NOW)
    assert [one.rule for one in found] == ["internal_kind"]


def test_a_blackout_does_not_hold_it_and_holds_what_is_for_the_press(office: Layout) -> None:
    assert rules_against(internal(office, VEDA), "gabinete") == []
    root = office({"comsoc.toml": SETTINGS + VEDA, "releases/becas.md": a_release(kind="nota-informativa")})
    approve(root)
    assert rules_against(root, "media") == ["blackout"]


def test_an_own_kind_may_be_internal_and_is_then_never_published(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + '\n[kinds.sintesis]\nlabel = "Síntesis"\naudience = "internal"\n'})
    kind = settings_of(root).kinds["sintesis"]
    assert (kind.is_internal, kind.public) == (True, False)


@pytest.mark.parametrize(
    ("written", "field"),
    [('label = "X"\naudience = "prensa"', "kinds.x.audience"),
     ('label = "X"\naudience = "internal"\npublic = true', "kinds.x.public")],
)  # fmt: skip
def test_an_audience_that_is_none_is_told(office: Layout, written: str, field: str) -> None:
    _, problems = read_settings(office({"comsoc.toml": f"{SETTINGS}\n[kinds.x]\n{written}\n"}))
    assert [one.field for one in problems] == [field]


def test_an_office_that_published_its_cards_goes_on_publishing_them(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + "\n[kinds.tarjeta]\npublic = true\n"})
    kind = settings_of(root).kinds["tarjeta"]
    assert (kind.is_internal, kind.public) == (False, True)
    root = office({"comsoc.toml": SETTINGS + '\n[kinds.tarjeta]\nlabel = "Tarjeta"\n'})
    assert settings_of(root).kinds["tarjeta"].is_internal


def test_check_tells_of_a_segment_that_may_not_have_it(office: Layout) -> None:
    root = office({"contacts.yaml": PEOPLE, "releases/becas.md": a_card()})
    home = open_office(root)
    book, _ = read_contacts(home)
    release = read_desk(home).releases["becas"]
    found = list(reference_problems(release, "releases/becas.md", home.settings, book))
    assert [(one.rule, one.is_error, "“Medios”" in str(one.message)) for one in found] == [
        ("internal-kind", True, True), ("internal-kind", True, False),
    ]  # fmt: skip


def test_where_no_segment_is_internal_the_objection_says_so(office: Layout) -> None:
    root = internal(office)
    (root / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    [one] = objected(root, "media")
    assert "No segment is internal yet." in str(one.message)


def test_a_correction_of_an_internal_document_goes_to_who_has_it(office: Layout) -> None:
    root = internal(office)
    standing, book = how_it_stands(root), read_contacts(open_office(root))[0]
    assert standing.newest
    again = replace(standing, revisions=(standing.newest, standing.newest))
    holders = Audience(holders=True, book=book)
    assert objections(again, holders, settings=settings_of(root), now=NOW) == []
    press = replace(holders, segments=(book.segments["media"],))
    assert [one.rule for one in objections(again, press, settings=settings_of(root), now=NOW)] == ["internal_kind"]


def test_a_text_for_the_press_is_not_corrected_by_an_internal_document(office: Layout) -> None:
    root = internal(office)
    newest = how_it_stands(root).newest
    assert newest
    before = replace(newest, release=replace(newest.release, kind="boletin"))
    [one] = internal_objections(newest.release, (), None, settings_of(root), before=[before], to_holders=True)
    assert "those who have “becas” as Boletín do not get it" in str(one.message)


def test_a_test_of_it_goes_to_the_office_and_to_internal_contacts(office: Layout) -> None:
    root = internal(office)
    assert [goes(root, one) for one in ("yo@sinaloa.example", OFICIAL, MESA, ANYBODY)] == [True, True, False, False]


def test_a_text_for_the_press_is_no_revision_of_an_internal_document(office: Layout) -> None:
    root = internal(office)
    standing, book = how_it_stands(root), read_contacts(open_office(root))[0]
    assert standing.newest
    first = standing.newest
    second = replace(
        first, approval=replace(first.approval, revision=2), release=replace(first.release, kind="boletin")
    )
    again = replace(standing, revisions=(first, second))
    press = Audience(segments=(book.segments["media"],), book=book)
    for audience in (PUBLIC, press, Audience(holders=True, book=book)):
        rules = {one.rule for one in objections(again, audience, settings=settings_of(root), now=NOW)}
        assert "internal_kind" in rules, audience
