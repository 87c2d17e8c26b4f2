"""Blackouts: the authority's ruling lets a text pass, and hide_site has no default."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.offices import SETTINGS, a_release, comsoc, messages
from support.readings import Layout, the_release
from test_objections import objected, rules_against
from test_test_sends import a_test

from comsoc_cli.checks.blackouts import blackout_problems
from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, store

VEDA = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-12-06\nexempt = ["salud"]\n'
BEFORE, WITHIN = datetime(2026, 11, 19, 18, tzinfo=UTC), datetime(2026, 11, 23, 18, tzinfo=UTC)
RULING = "INE/CG123/2026"


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


def test_build_says_that_the_site_hides_what_was_public(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + VEDA, "releases/becas.md": None})
    assert "hide_site has no answer" in comsoc(root, "build", "--only", "web").err
    assert "hide_site" not in comsoc(root, "build", "--only", "web", now="2026-12-20T18:00:00+00:00").err


def test_a_ruling_is_recorded_sent_and_audited(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + VEDA})
    assert comsoc(root, "approve", "becas", "--ruling", RULING).code == 2, "somebody answers for it"
    assert comsoc(root, "approve", "becas").code == 0
    assert a_test(root, "yo@sinaloa.example").code == 3
    assert comsoc(root, "approve", "becas", "--legal", "Lic. Mora", "--ruling", RULING).code == 0
    written = (root / "approved/becas/r1/approval.yaml").read_text(encoding="utf-8")
    assert f'ruling: "{RULING}"' in written
    assert a_test(root, "yo@sinaloa.example").code == 0
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0
    assert len(messages(root)) == 4
    sent = comsoc(root, "status", "--audit", "--public", "--json").json["sent"]
    assert {word["ruling"] for entry in sent for word in entry["words"]} == {RULING}
    assert "Mora" not in comsoc(root, "status", "--audit", "--public").out
    assert f"resolución: {RULING}" in comsoc(root, "status", "--audit", "--csv", lang="es").out
