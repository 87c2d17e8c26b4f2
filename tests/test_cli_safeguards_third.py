"""What a third reader found in the safeguards: lost files, several machines, and second thoughts."""

import json
import shutil
from pathlib import Path

import pytest
from support.offices import NOW, SETTINGS, a_release, comsoc, messages
from test_cli_safeguards import (
    AFTER,
    BEA,
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

MESA, CABINA, DESK = "mesa@diario.example", "cabina@radio.example", "desk@wire.example"
TO_HOLDERS = ("send", "becas", "--segment", "acreditada", "--yes")
TUESDAY, WEDNESDAY, THURSDAY = (f"2026-11-{day}T18:00:00+00:00" for day in (24, 25, 26))


def another_machine(office: Path, folder: Path, *, with_key: bool = True) -> Path:
    """A colleague's clone: all that is committed, and perhaps the key."""
    left = ("outbox", "ledger.db*", "dist", "*.lock", "build.db*", *(() if with_key else ("key",)))
    shutil.copytree(office, folder, ignore=shutil.ignore_patterns(*left))
    return folder


def pull(office: Path, other: Path) -> None:
    """What another machine committed comes here."""
    for name in ("approved", "dispatches", "releases"):
        shutil.copytree(other / name, office / name, dirs_exist_ok=True)


# embargoes


@pytest.mark.parametrize("change", [["--lift"], ["--until", "2026-11-23 14:00"]])
def test_an_embargo_that_is_approved_later_holds_whatever_became_of_an_earlier_one(
    office: Layout, change: list[str]
) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "embargo", "becas", *change, "--yes"))
    edit(folder, "2026-11-23 18:00", "2026-11-27 18:00")
    done(comsoc(folder, "approve", "becas", "--yes"))
    held(comsoc(folder, *TO_MEDIA, now=AFTER), "embargo until 2026-11-27")
    assert mentions(site(folder, AFTER), "becas") == []
    assert "embargo" in comsoc(folder, "list", "--json", now=AFTER).json["releases"][0]["objections"]
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(folder, 1) == [MESA]


def test_a_correction_whose_text_bears_the_old_hour_keeps_the_embargo_as_it_was_moved(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *TO_MEDIA, now=AFTER), "2026-11-25 08:00")
    edit(folder, "2026-11-23 18:00", "2026-11-23 12:30")
    held(comsoc(folder, "approve", "becas"), "embargo")


def test_who_got_the_old_hour_from_a_colleague_is_told_of_the_new_one(office: Layout, tmp_path: Path) -> None:
    """The colleague had not pulled the change: which was later does not say who knows of it."""
    folder = embargoed(office)
    edit(folder, "type: radio}", "type: radio, tags: [acreditado]}", "contacts.yaml")
    done(comsoc(folder, *TO_HOLDERS, "--limit", "1"))
    other = another_machine(folder, tmp_path / "other")
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-26 18:00", "--yes"))
    assert to(folder, 1) == [MESA]
    done(comsoc(other, *TO_HOLDERS, now=LATER))
    assert "23 nov" in subjects(other)[0]
    pull(folder, other)
    again = ("embargo", "becas", "--until", "2026-11-26 18:00", "--yes")
    done(comsoc(folder, *again, now=LATER))
    assert to(folder, 2) == [CABINA]
    pull(other, folder)
    held(comsoc(other, *again, now=LATER), "cannot end")
    assert to(other, 1) == []


def test_who_got_it_with_the_new_hour_is_not_told_of_it_again(office: Layout) -> None:
    folder = embargoed(office)
    edit(folder, "type: radio}", "type: radio, tags: [acreditado]}", "contacts.yaml")
    done(comsoc(folder, *TO_HOLDERS, "--limit", "1"))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-26 18:00", "--yes"))
    done(comsoc(folder, *TO_HOLDERS, now=LATER))
    held(comsoc(folder, "embargo", "becas", "--until", "2026-11-26 18:00", "--yes", now=LATER), "cannot end")
    assert len(messages(folder)) == 3


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


# files that are not there


def test_without_the_mark_of_its_kill_a_release_is_held_all_the_same(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA, "--limit", "1"))
    done(comsoc(folder, *KILL))
    site(folder, LATER)
    (folder / "approved/becas/kill.yaml").unlink()
    said = held(comsoc(folder, *TO_MEDIA, now=LATER), "kill.yaml", "dispatches/", "git pull")
    assert "“becas” was not sent" in said
    assert mentions(site(folder, LATER), "Arranca") == []
    assert comsoc(folder, "status", "--verify").code == 1
    assert comsoc(folder, "send", "--due", "--yes", now=LATER).code == 3
    assert len(messages(folder)) == 2


def test_without_the_change_of_its_embargo_a_release_is_held_all_the_same(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    (folder / "approved/becas/embargo.yaml").unlink()
    held(comsoc(folder, "send", "--due", "--yes", now=AFTER), "embargo.yaml")
    assert mentions(site(folder, AFTER), "becas") == []
    assert len(messages(folder)) == 2


def test_without_its_correction_the_wrong_text_goes_to_nobody(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA, "--limit", "1"))
    before = (folder / "releases/becas.md").read_text()
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert mentions(site(folder, LATER), "arranca en enero")
    shutil.rmtree(folder / "approved/becas/r2")
    (folder / "releases/becas.md").write_text(before)
    held(comsoc(folder, "send", "--due", "--yes", now=LATER), "approved/becas/r2")
    held(comsoc(folder, *TO_MEDIA, now=LATER), "approved/becas/r2")
    assert mentions(site(folder, LATER), "releases/becas/index", "arranca hoy") == []
    assert len(messages(folder)) == 2


def test_a_page_goes_where_only_the_receipt_of_its_correction_was_pulled(office: Layout, tmp_path: Path) -> None:
    """Nothing changed in the vault since the last build: the receipt alone tells that the text was corrected."""
    folder = sent(office)
    assert mentions(site(folder, LATER), "arranca hoy")
    other = another_machine(folder, tmp_path / "other")
    done(comsoc(other, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(other, "approve", "becas"))
    done(comsoc(other, "send", "becas", "--yes"))
    shutil.copytree(other / "dispatches", folder / "dispatches", dirs_exist_ok=True)
    assert mentions(site(folder, LATER), "arranca hoy") == []
    pull(folder, other)
    after = site(folder, LATER)
    assert mentions(after, "arranca en enero")


def test_a_timer_fails_aloud_where_an_approval_cannot_be_read(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    path = folder / "approved/becas/r1/approval.yaml"
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    assert comsoc(folder, "send", "--due", "--yes").code == 3
    assert messages(folder) == []


def test_a_timer_fails_aloud_where_a_correction_holds_what_is_due(office: Layout) -> None:
    rules = "\n[approval]\nrequired = 2\n"
    folder = office(with_settings(rules, **{"releases/becas.md": EMBARGOED}))
    for who in ({}, BEA):
        done(comsoc(folder, "approve", "becas", **who))
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    assert done(comsoc(folder, "send", "--due", "--yes", now=NOW)).said == ""
    held(comsoc(folder, "send", "--due", "--yes", now=AFTER), "1 of 2 approvals")
    done(comsoc(folder, "approve", "becas", now=AFTER, **BEA))
    done(comsoc(folder, "send", "--due", "--yes", now=AFTER))
    assert {CABINA, DESK, MESA} == set(to(folder, 1))


# who has it by other machines


def test_holders_whom_nobody_here_knows_are_not_denied(office: Layout, tmp_path: Path) -> None:
    folder = sent(office)
    other = another_machine(folder, tmp_path / "other")
    text = (other / "contacts.yaml").read_text()
    (other / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "cabina@" not in line))
    done(comsoc(other, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(other, "approve", "becas"))
    answer = done(comsoc(other, "send", "becas", "--yes"))
    assert "1 person to whom a colleague sent it" in answer.said
    assert to(other) == [DESK, MESA]
    again = done(comsoc(other, "send", "becas", "--yes"))
    assert "1 person" in again.said
    assert "everybody has it" not in again.said


@pytest.mark.parametrize("with_key", [True, False])
def test_a_lifted_embargo_is_not_told_to_nobody_where_a_colleague_sent_it(
    office: Layout, tmp_path: Path, with_key: bool
) -> None:
    folder = embargoed(office)
    done(comsoc(folder, *TO_HOLDERS))
    other = another_machine(folder, tmp_path / "other", with_key=with_key)
    if with_key:
        text = (other / "contacts.yaml").read_text()
        (other / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "mesa@" not in line))
        answer = done(comsoc(other, "embargo", "becas", "--lift", "--yes", now=LATER))
        assert "1 person to whom a colleague sent it" in answer.said
        assert "Nobody holds" not in answer.said
    else:
        held(comsoc(other, "embargo", "becas", "--lift", "--yes", now=LATER), ".comsoc/key", "COMSOC_KEY")
        assert not (other / "approved/becas/embargo.yaml").exists()
    assert messages(other) == []


@pytest.mark.parametrize("what", ["correction", "kill"])
def test_who_was_told_by_a_colleague_is_not_told_again_though_no_contact_any_more(
    office: Layout, tmp_path: Path, what: str
) -> None:
    folder = sent(office)
    other = another_machine(folder, tmp_path / "other")
    if what == "kill":
        done(comsoc(other, *KILL))
    else:
        done(comsoc(other, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(other, "approve", "becas"))
        done(comsoc(other, "send", "becas", "--yes"))
    assert len(messages(other)) == 3
    pull(folder, other)
    text = (folder / "contacts.yaml").read_text()
    (folder / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "cabina@" not in line))
    if what == "kill":
        held(comsoc(folder, "kill", "becas", "--yes"), "nobody is left to be told")
    else:
        done(comsoc(folder, "send", "becas", "--yes"))
    assert len(messages(folder)) == 3


# kills


def test_a_kill_without_the_vault_says_whom_to_call(office: Layout) -> None:
    folder = sent(office)
    shutil.rmtree(folder / "approved/becas")
    said = held(
        comsoc(folder, *KILL), "Telephone", "El Diario", "Radio Costa", "Wire", "git checkout -- approved/becas"
    )
    assert "nobody has it" not in said
    assert (folder / "approved/becas/kill.yaml").is_file()
    assert len(messages(folder)) == 3
    held(comsoc(folder, "approve", "becas"), "of no effect")


def test_a_kill_names_a_receipt_that_cannot_be_read(office: Layout, tmp_path: Path) -> None:
    folder = sent(office)
    other = another_machine(folder, tmp_path / "other", with_key=False)
    [receipt] = (other / "dispatches").iterdir()
    receipt.write_text("<<<<<<< HEAD\n" + receipt.read_text())
    answer = comsoc(other, *KILL, "--json")
    assert answer.json["telephone"] == [
        {"outlet": "", "name": receipt.name, "address": "", "reason": "sent_elsewhere", "many": 0}
    ]
    assert receipt.name in held(comsoc(other, "kill", "becas", "--yes"))


@pytest.mark.parametrize("how", ["hidden at the time", "a clock that was set back"])
def test_a_page_that_was_public_says_that_it_is_killed(office: Layout, how: str) -> None:
    hidden = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-24\nuntil = 2026-11-25\nhide_site = true\n'
    folder = sent(office, with_settings(hidden if how == "hidden at the time" else ""))
    assert mentions(site(folder, NOW), "releases/becas")
    killed = "2026-11-24T20:00:00+00:00" if how == "hidden at the time" else "2026-11-23T17:30:00+00:00"
    done(comsoc(folder, *KILL, now=killed))
    if how == "hidden at the time":
        assert mentions(site(folder, killed), "becas") == []
    after = site(folder, THURSDAY)
    assert mentions(after, "releases/becas/index.html")
    assert b"becas" in after["corrections/index.html"].lower()


# persons and numbers


@pytest.mark.parametrize("by", [["--by", "ana@sinaloa.example"], []])
def test_one_person_is_one_person_from_whichever_machine(office: Layout, by: list[str]) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    done(comsoc(folder, "approve", "becas"))
    at_home = {} if by else {"GIT_CONFIG_VALUE_1": "ana@casa.example"}
    done(comsoc(folder, "approve", "becas", *by, **at_home))
    held(comsoc(folder, *TO_MEDIA), "1 of 2 approvals")
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *TO_MEDIA))


def test_two_who_are_called_the_same_are_two_where_the_office_says_so(office: Layout) -> None:
    named = 'approvers = ["ana@sinaloa.example", "ana.ruiz@sinaloa.example"]\n'
    folder = office(with_settings(f"\n[approval]\nrequired = 2\n{named}"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", GIT_CONFIG_VALUE_1="ana.ruiz@sinaloa.example"))
    done(comsoc(folder, *TO_MEDIA))


def test_an_approval_from_the_future_is_given_again(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", now="2027-01-23T18:00:00+00:00"))
    said = held(comsoc(folder, *TO_MEDIA), "still to come")
    assert "comsoc approve becas" in said
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA))


def test_a_correction_bears_the_number_that_people_have(office: Layout, tmp_path: Path) -> None:
    folder = office({"releases/agua.md": a_release("Vuelve el agua.", headline="Agua")})
    other = another_machine(folder, tmp_path / "other")
    for root, slug, now in ((folder, "agua", NOW), (other, "becas", LATER)):
        done(comsoc(root, "approve", slug, now=now))
        done(comsoc(root, "send", slug, "--segment", "media", "--yes", now=now))
    pull(other, folder)
    done(comsoc(other, "correct", "becas", "--note", "Son 84 mil", now=LATER))
    assert "revision 2" in done(comsoc(other, "approve", "becas", now=LATER)).said
    done(comsoc(other, "send", "becas", "--yes", now=LATER, COMSOC_KEY=(other / ".comsoc/key").read_text()))
    assert {mail["subject"].partition(" | ")[0] for mail in mails(other)[3:]} == {"FE DE ERRATAS al Boletín 1"}
    assert json.loads(next((other / "dispatches").glob("*-becas-r2.json")).read_text())["number"] == 1


def test_what_was_added_to_the_vault_is_told_with_a_way_to_lift_it(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS})
    done(comsoc(folder, "approve", "becas"))
    (folder / "approved/becas/r1/.DS_Store").write_bytes(b"Finder")
    done(comsoc(folder, *TO_MEDIA, "--limit", "1"))
    (folder / "approved/becas/r1/notas.txt").write_bytes(b"Quitar el segundo parrafo")
    held(comsoc(folder, *TO_MEDIA), "without those that were added")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA))
