"""Blackouts: the authority's ruling lets a text pass, and hide_site has no default."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.blackout_rulings import RULING, VEDA
from support.offices import SETTINGS, Layout, a_release
from support.readings import the_release
from support.standing import objected, rules_against

from comsoc_cli.checks.blackouts import blackout_problems
from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, store

BEFORE, WITHIN = datetime(2026, 11, 19, 18, tzinfo=UTC), datetime(2026, 11, 23, 18, tzinfo=UTC)


def an_office(office: Layout, *assents: Assent, settings: str = VEDA, date: str = "2026-11-23 10:00") -> Path:
    """An office with a blackout and one release with these approvals."""
    root = office({"comsoc.toml": SETTINGS + settings, "releases/becas.md": a_release(date=date)})
    release = the_release(root)
    approval = Approval(slug="becas", revision=1, digest=digest_of(release, 1), assents=assents, year=2026)
    store(open_office(root), release, approval)
    return root


def said_by(at: datetime = WITHIN, legal: str = "", ruling: str = "") -> Assent:
    return Assent(by="Ana", at=at, legal=legal, ruling=ruling)


@pytest.mark.parametrize(
    ("legal", "ruling", "rules"),
    [("", "", ["blackout"]), ("Lic. Mora", "", ["blackout"]), ("", RULING, ["blackout"]), ("Lic. Mora", RULING, [])],
)
def test_a_ruling_with_its_name_lets_any_topic_pass(office: Layout, legal: str, ruling: str, rules: list[str]) -> None:
    root = an_office(office, said_by(legal=legal, ruling=ruling))
    assert rules_against(root, "media") == rules
    assert rules_against(root) == rules, "and the same on the public site"


def test_the_objection_names_the_ruling_as_what_lifts_it(office: Layout) -> None:
    [one] = objected(an_office(office, said_by()), "media")
    assert "--legal NAME --ruling RULING" in str(one.lifted_by)


def test_a_ruling_in_an_approval_that_does_not_count_lets_nothing_pass(office: Layout) -> None:
    rules = '\n[approval]\napprovers = ["bea@sinaloa.example"]\n'
    root = an_office(office, said_by(legal="Lic. Mora", ruling=RULING), settings=rules + VEDA)
    assert rules_against(root, "media") == ["not_approved", "blackout"]


@pytest.mark.parametrize(("answer", "rules"), [("", ["blackout"]), ("true", ["blackout"]), ("false", [])])
def test_until_hide_site_is_answered_the_site_hides_what_stood(office: Layout, answer: str, rules: list[str]) -> None:
    settings = VEDA + (f"hide_site = {answer}\n" if answer else "")
    root = an_office(office, said_by(BEFORE), settings=settings, date="2026-11-19 10:00")
    assert rules_against(root) == rules
    if not answer:
        [one] = objected(root)
        assert "does not say in comsoc.toml" in str(one.message)
        assert "hide_site = false" in str(one.lifted_by)


def test_check_asks_for_hide_site_with_the_line_and_holds_nothing(office: Layout) -> None:
    second = VEDA.replace("Veda", "Otra") + "hide_site = false\n"
    home = open_office(office({"comsoc.toml": SETTINGS + VEDA + second}))
    [one] = blackout_problems(home)
    assert (one.rule, one.is_error, one.field, one.line) == ("hide-site", False, "blackouts[1].hide_site", 16)
    assert "hide_site = true or hide_site = false" in str(one.message)
