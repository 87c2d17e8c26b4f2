"""What a second pair of eyes found in the safeguards, so that it is not found again."""

import shutil
from pathlib import Path

import pytest
from support.mail_server import MailServer
from support.offices import SETTINGS, a_release, an_office, comsoc, messages
from test_cli_safeguards import (
    BEA,
    CAMPAIGN,
    EMBARGOED,
    KILL,
    LATER,
    TO_MEDIA,
    Layout,
    done,
    edit,
    embargoed,
    held,
    mails,
    mentions,
    sent,
    site,
    subjects,
    to,
    with_settings,
)

#: A blackout in which the site keeps what was public before.
STAYS = f"{CAMPAIGN}hide_site = false\n"


def test_a_lifted_embargo_is_told_by_the_same_command_where_no_mail_went_out(office: Layout) -> None:
    folder = office(with_settings("", **{"releases/becas.md": EMBARGOED}))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    with MailServer() as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\n'
    (folder / "comsoc.toml").write_text(SETTINGS + smtp)
    assert comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER).code == 5
    (folder / "comsoc.toml").write_text(SETTINGS)
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(folder, 1) == ["mesa@diario.example"]
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER), "not under embargo")
    assert len(messages(folder)) == 2


def test_after_a_trifle_a_real_correction_can_be_opened(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Una coma", "--minor"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert len(messages(folder)) == 6


def test_whoever_missed_a_correction_learns_of_it_with_the_next(office: Layout) -> None:
    folder = sent(office, {"releases/becas.md": a_release("Son 48 mil becas de 500 pesos.")})
    for wrong, right, limit in (("500 pesos", "900 pesos", ["--limit", "1"]), ("48 mil", "84 mil", [])):
        done(comsoc(folder, "correct", "becas", "--said", wrong, "--should", right))
        done(comsoc(folder, "approve", "becas"))
        done(comsoc(folder, "send", "becas", "--yes", *limit))
    assert len(messages(folder)) == 3 + 1 + 3
    for number, mail in enumerate(mails(folder)[4:]):
        text = " ".join(mail.get_body(("plain",)).get_content().split())
        assert "DEBE DECIR: “84 mil”" in text
        missed = number > 0  # the first was sent the earlier correction
        assert ("Decía: “500 pesos”. Debe decir: “900 pesos”." in text) is missed
        assert ("El resto del boletín se mantiene igual" in text) is not missed
    told = done(comsoc(folder, "status", "becas")).out
    assert "correction" in told
    assert "text" in told


def test_one_person_under_two_names_approves_once(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    done(comsoc(folder, "approve", "becas"))
    again = {"GIT_CONFIG_VALUE_0": "A. Ruiz", "GIT_CONFIG_VALUE_1": "Ana@sinaloa.example"}
    assert "1 of 2" in done(comsoc(folder, "approve", "becas", **again)).said
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *TO_MEDIA))


def test_urgent_and_approved_text_are_not_asked_for_together(office: Layout) -> None:
    folder = office()
    assert comsoc(folder, *TO_MEDIA, "--urgent", "x", "--approved-text").code == 2
    assert messages(folder) == []


def test_an_urgent_send_does_not_undo_a_withdrawal(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    held(comsoc(folder, *TO_MEDIA, "--urgent", "Urge"), "withdrawn by Ana Ruiz")
    assert "withdrawn:" in (folder / "approved/becas/r1/approval.yaml").read_text()


def test_two_texts_do_not_go_out_as_one_revision(office: Layout, tmp_path: Path) -> None:
    """Another branch approved another first text, and the merge took that one."""
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA, "--limit", "1"))
    other = an_office(tmp_path / "other", {"releases/becas.md": a_release("Otro texto.")})
    done(comsoc(other, "approve", "becas"))
    for name in ("releases/becas.md", "approved/becas/r1/index.md", "approved/becas/r1/approval.yaml"):
        (folder / name).write_bytes((other / name).read_bytes())
    held(comsoc(folder, *TO_MEDIA), "another text")
    assert len(messages(folder)) == 1


def test_a_mark_of_a_kill_that_cannot_be_read_is_written_anew(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    (folder / "approved/becas/kill.yaml").write_text("<<<<<<< HEAD\n")
    held(comsoc(folder, "approve", "becas"), "cannot be read")
    held(comsoc(folder, "correct", "becas", "--note", "x"), "cannot be read")
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *TO_MEDIA), "of no effect")
    assert len(messages(folder)) == 6


def test_a_kill_reaches_whoever_has_a_revision_that_cannot_be_read_any_more(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(folder, "approve", "becas"))
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, "send", "becas", "--segment", "media", "--yes"))
    kept = folder.parent / "r2"
    shutil.copytree(folder / "approved/becas/r2", kept)
    (folder / "approved/becas/r2/approval.yaml").write_text("x")
    done(comsoc(folder, *KILL))
    assert "nueva@radio.example" in to(folder, 7)
    shutil.rmtree(folder / "approved/becas/r2")
    shutil.copytree(kept, folder / "approved/becas/r2")
    many = len(messages(folder))
    held(comsoc(folder, *KILL), "nobody is left to be told")
    assert len(messages(folder)) == many


def test_a_correction_within_a_blackout_waits_and_the_page_stays(office: Layout) -> None:
    folder = office(with_settings(STAYS, **{"releases/becas.md": a_release(date="2026-11-10 10:00")}))
    early = "2026-11-10T18:00:00+00:00"
    done(comsoc(folder, "approve", "becas", now=early))
    done(comsoc(folder, *TO_MEDIA, now=early))
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


def test_a_release_that_waits_for_a_second_approval_holds_no_other(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n", **{"releases/agua.md": a_release(headline="Agua")}))
    done(comsoc(folder, "approve", "becas"))
    for who in ({}, BEA):
        done(comsoc(folder, "approve", "agua", **who))
    done(comsoc(folder, "send", "--segment", "media", "--yes"))
    assert set(subjects(folder)) == {"Boletín 2 | Agua"}


def test_an_embargo_is_not_added_by_a_later_date_either(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Otra fecha"))
    edit(folder, "2026-11-23 10:00", "2026-11-30 10:00")
    held(comsoc(folder, "approve", "becas"), "later date")


def test_within_a_blackout_an_embargo_may_still_be_moved(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    with (folder / "comsoc.toml").open("a") as settings:
        settings.write(CAMPAIGN)
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes"), "Campañas")


def test_a_lifted_embargo_tells_nothing_of_a_correction_that_waits(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    done(comsoc(folder, "correct", "becas", "--note", "Otro titular"))
    edit(folder, "Arranca el programa", "NO APROBADO")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert "NO APROBADO" not in mails(folder)[-1].as_string()


@pytest.mark.parametrize("matter", ["{revision: 2}", "{revision: 2, said: a}", "{revision: 2, note: ''}"])
def test_a_correction_that_says_nothing_is_not_approved(office: Layout, matter: str) -> None:
    folder = sent(office)
    edit(folder, "kind:", f"correction: {matter}\nkind:")
    held(comsoc(folder, "approve", "becas"), "does not say what it corrects")


def test_a_place_is_claimed_as_corrected_only_where_it_is(office: Layout) -> None:
    folder = sent(office, {"releases/becas.md": a_release("Son 48 becas y 48 aulas, desde 1984.")})
    answer = comsoc(folder, "correct", "becas", "--said", "48", "--should", "84", "--json")
    assert answer.json["replaced"] is False
    assert comsoc(folder, "correct", "becas", "--said", "48", "--should", "48").code == 2


def test_a_blackout_written_with_the_inner_word_is_understood(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN.replace("from =", "since =")))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *TO_MEDIA), "Campañas")
