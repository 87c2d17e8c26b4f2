"""Election blackouts: what may go out within one, and what the site shows."""

import pytest
from support.offices import (
    NOW,
    SEND,
    Layout,
    a_release,
    comsoc,
)
from support.steps import BEA, CAMPAIGN, LATER, WEDNESDAY, done, held, mentions, site, with_settings

ANA_AND_BEA = '\n[approval]\napprovers = ["ana@sinaloa.example", "bea@sinaloa.example"]\n'


def test_within_a_blackout_only_what_is_exempt_and_signed_off_goes_out(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN, **{"releases/becas.md": a_release(topics=["educacion"])}))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *SEND), "Campañas locales 2027", "art. 41", "2026-12-06 23:59", "--legal")
    assert mentions(site(folder, LATER), "Arranca") == []
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    done(comsoc(folder, *SEND))
    assert mentions(site(folder, LATER), "Arranca")


def test_a_signature_does_not_make_another_topic_exempt(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN, **{"releases/becas.md": a_release(topics=["obra-publica"])}))
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    held(comsoc(folder, *SEND), "Campañas")
    done(comsoc(folder, *SEND, now="2026-12-07T07:00:00+00:00"))


def test_where_no_signature_is_wanted_the_topic_is_enough(office: Layout) -> None:
    folder = office(
        with_settings(CAMPAIGN + "legal_signoff = false\n", **{"releases/becas.md": a_release(topics=["salud"])})
    )
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))


def test_a_blackout_is_overruled_with_a_reason_that_is_in_the_receipt(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *SEND))
    done(comsoc(folder, *SEND, "--despite-blackout", "Alerta sanitaria, oficio 12"))
    [receipt] = (folder / "dispatches").iterdir()
    assert '"blackout": "Alerta sanitaria, oficio 12"' in receipt.read_text()
    assert mentions(site(folder, LATER), "Arranca") == []


def test_only_an_approver_overrules_a_blackout_where_they_are_named(office: Layout) -> None:
    folder = office(with_settings(ANA_AND_BEA + CAMPAIGN))
    done(comsoc(folder, "approve", "becas"))
    luis = {"GIT_CONFIG_VALUE_0": "Luis Paz", "GIT_CONFIG_VALUE_1": "luis@sinaloa.example"}
    held(comsoc(folder, *SEND, "--despite-blackout", "Urge", **luis), "Luis Paz")
    done(comsoc(folder, *SEND, "--despite-blackout", "Urge", **BEA))


@pytest.mark.parametrize(("hide", "there"), [("false", True), ("true", False)])
def test_earlier_releases_stay_on_the_site_unless_it_is_hidden(office: Layout, hide: str, there: bool) -> None:
    earlier = a_release(date="2026-11-10 10:00")
    folder = office(with_settings(f"{CAMPAIGN}hide_site = {hide}\n", **{"releases/becas.md": earlier}))
    done(comsoc(folder, "approve", "becas", now="2026-11-10T18:00:00+00:00"))
    assert mentions(site(folder, "2026-11-19T18:00:00+00:00"), "Arranca")
    assert bool(mentions(site(folder, LATER), "Arranca")) is there
    assert (folder / "approved/becas/r1/index.md").exists()
    assert mentions(site(folder, "2026-12-07T07:00:01+00:00"), "Arranca")


def test_blackouts_that_overlap_or_have_no_end_hold_each_for_itself(office: Layout) -> None:
    other = '[[blackouts]]\nname = "Revocación de mandato"\nfrom = 2026-11-22\n'
    folder = office(with_settings(CAMPAIGN + other))
    done(comsoc(folder, "approve", "becas"))
    said = held(comsoc(folder, *SEND), "Campañas locales 2027", "Revocación de mandato", "no end")
    assert said.count("✗") == 2


def test_a_blackout_that_ends_before_it_begins_is_a_fault_of_the_settings(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN.replace("2026-12-06", "2026-11-01")))
    answer = comsoc(folder, *SEND)
    assert answer.code == 5
    assert "comsoc.toml" in answer.err
    assert "until" in answer.err


#: A blackout in which the site keeps what was public before.
STAYS = f"{CAMPAIGN}hide_site = false\n"


def test_a_correction_within_a_blackout_waits_and_the_page_stays(office: Layout) -> None:
    folder = office(with_settings(STAYS, **{"releases/becas.md": a_release(date="2026-11-10 10:00")}))
    early = "2026-11-10T18:00:00+00:00"
    done(comsoc(folder, "approve", "becas", now=early))
    done(comsoc(folder, *SEND, now=early))
    before = site(folder, LATER)["releases/becas/index.html"]
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "INAUGURA el gobernador", "--minor"))
    done(comsoc(folder, "approve", "becas"))
    assert site(folder, LATER)["releases/becas/index.html"] == before
    assert mentions(site(folder, "2026-12-07T07:00:01+00:00"), "INAUGURA")


def test_a_signature_given_later_does_not_make_an_old_release_new(office: Layout) -> None:
    folder = office(with_settings(STAYS, **{"releases/becas.md": a_release(date="2026-11-10 10:00")}))
    done(comsoc(folder, "approve", "becas", now="2026-11-10T18:00:00+00:00"))
    done(comsoc(folder, "approve", "becas", "--legal", "Carla Mora"))
    assert mentions(site(folder, LATER), "Arranca")


def test_a_blackout_written_with_the_inner_word_is_understood(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN.replace("from =", "since =")))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *SEND), "Campañas")


# blackouts


@pytest.mark.parametrize("how", ["the second approval", "the review of what was urgent"])
def test_what_is_approved_within_a_blackout_was_not_public_before(office: Layout, how: str) -> None:
    blackout = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-24\nuntil = 2026-11-30\n'
    if how == "the second approval":
        folder = office(with_settings(f"\n[approval]\nrequired = 2\n{blackout}"))
        done(comsoc(folder, "approve", "becas"))
    else:
        folder = office(with_settings(blackout))
        done(comsoc(folder, "send", "becas", "--segment", "media", "--yes", "--urgent", "prisa"))
    assert mentions(site(folder, NOW), "becas") == []
    done(comsoc(folder, "approve", "becas", now=WEDNESDAY, **BEA))
    assert mentions(site(folder, WEDNESDAY), "becas", "Arranca") == []
    assert mentions(site(folder, "2026-12-02T18:00:00+00:00"), "releases/becas")
