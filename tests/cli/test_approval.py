"""Approvals: how many, by whom, of which text; all with the real command line."""

from pathlib import Path

import pytest
from support.offices import (
    PIXEL,
    SEND,
    SETTINGS,
    Layout,
    a_release,
    an_office,
    comsoc,
    messages,
)
from support.steps import BEA, LATER, done, edit, held, mentions, site, subjects, with_settings

# approval


def test_two_persons_approve_where_two_are_required(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    assert "1 of 2" in done(comsoc(folder, "approve", "becas")).said
    held(comsoc(folder, *SEND), "1 of 2 approvals")
    assert comsoc(folder, "approve", "becas", "--json").json["approvals"] == 1  # the same person again
    assert mentions(site(folder, LATER), "Arranca") == []
    assert comsoc(folder, "list", "--json").json["releases"][0]["status"] == "draft"
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *SEND))
    assert len(messages(folder)) == 3


def test_only_those_who_are_named_approve_and_nobody_for_them(office: Layout) -> None:
    folder = office(with_settings('\n[approval]\napprovers = ["bea@sinaloa.example"]\n'))
    held(comsoc(folder, "approve", "becas"), "Ana Ruiz", "approvers")
    assert comsoc(folder, "approve", "becas", "--by", "Bea Soto").code == 2
    assert not (folder / "approved").exists()
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *SEND))


def test_an_approval_by_somebody_who_is_not_named_counts_for_nothing(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    (folder / "comsoc.toml").write_text(SETTINGS + '\n[approval]\napprovers = ["bea@sinaloa.example"]\n')
    held(comsoc(folder, *SEND), "Ana Ruiz", "approvers")
    assert mentions(site(folder, LATER), "Arranca") == []
    left = 'approvers = ["bea@sinaloa.example"]\nformer = ["ana@sinaloa.example"]\n'
    (folder / "comsoc.toml").write_text(f"{SETTINGS}\n[approval]\n{left}")
    done(comsoc(folder, *SEND))


def test_a_correction_that_waits_for_its_approval_leaves_the_page_as_it_was(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    for who in ({}, BEA):
        done(comsoc(folder, "approve", "becas", **who))
    done(comsoc(folder, *SEND))
    before = site(folder, LATER)["releases/becas/index.html"]
    assert b"arranca hoy" in before
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    assert site(folder, LATER)["releases/becas/index.html"] == before
    held(comsoc(folder, "send", "becas", "--yes"), "1 of 2")
    done(comsoc(folder, "approve", "becas", **BEA))
    assert b"arranca en enero" in site(folder, LATER)["releases/becas/index.html"]
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    assert site(folder, LATER)["releases/becas/index.html"] == before


def test_a_word_of_mouth_is_written_down_as_what_it_is(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", "--by", "Dirección", "--via", "whatsapp"))
    written = (folder / "approved/becas/r1/approval.yaml").read_text()
    assert 'by: "Dirección"' in written
    assert 'via: "whatsapp"' in written
    assert 'recorded_by: "Ana Ruiz"' in written
    assert comsoc(folder, "approve", "becas", "--via", "whatsapp").code == 2


def test_an_approval_is_taken_back_while_nobody_has_the_text(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, "approve", "becas", "--withdraw"), "not approved")
    done(comsoc(folder, "approve", "becas"))
    assert mentions(site(folder, LATER), "Arranca")
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    assert mentions(site(folder, LATER), "Arranca") == []
    held(comsoc(folder, *SEND), "withdrawn by Ana Ruiz")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    held(comsoc(folder, "approve", "becas", "--withdraw"), "has been sent", "comsoc kill becas")


def test_what_changed_is_shown_in_words_before_it_is_approved(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release("Son 48 mil estudiantes de todo el estado.")})
    done(comsoc(folder, "approve", "becas"))
    edit(folder, "48 mil", "84 mil")
    said = held(comsoc(folder, *SEND), "changed after its approval")
    assert "(line 10: 48 → 84)" in said
    assert "[−48−] {+84+}" in done(comsoc(folder, "approve", "becas")).err
    done(comsoc(folder, *SEND))


def test_the_approved_text_goes_out_though_the_desk_has_another(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    edit(folder, "El programa arranca", "OTRO TEXTO arranca")
    held(comsoc(folder, *SEND))
    done(comsoc(folder, *SEND, "--approved-text"))
    assert not any(b"OTRO TEXTO" in data for data in messages(folder))
    [receipt] = (folder / "dispatches").iterdir()
    assert '"changed"' in receipt.read_text()
    assert mentions(site(folder, LATER), "OTRO TEXTO") == []


@pytest.mark.parametrize(
    ("before", "after"), [("by: ", "by: Otra"), ("2026-11-23", "2026-11-22"), ("number: 1", "number: 7")]
)
def test_an_approval_that_was_edited_by_hand_approves_nothing(office: Layout, before: str, after: str) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    edit(folder, before, after, "approved/becas/r1/approval.yaml")
    held(comsoc(folder, *SEND), "edited by hand", "git checkout")
    assert mentions(site(folder, LATER), "Arranca") == []
    assert messages(folder) == []


def test_an_approval_from_the_future_approves_nothing_yet(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", now="2026-11-25T18:00:00+00:00"))
    held(comsoc(folder, *SEND), "still to come")
    assert mentions(site(folder, LATER), "Arranca") == []
    done(comsoc(folder, *SEND, now="2026-11-25T18:00:01+00:00"))


def test_two_approvals_that_git_merged_into_one_file_approve_nothing(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    path = folder / "approved/becas/r1/approval.yaml"
    text = path.read_text()
    path.write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> otra\n")
    held(comsoc(folder, *SEND), "approved/becas/r1/approval.yaml")
    path.write_text(text.replace("approvals:\n", 'approvals:\n  - by: "Luis"\n    at: 2026-11-23T10:00:00-07:00\n'))
    held(comsoc(folder, *SEND), "merged")


@pytest.mark.parametrize("extra", ["nota.txt", "foto.png"])
def test_a_file_more_or_less_than_the_digest_knows_holds_it(office: Layout, extra: str) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    (folder / "approved/becas/r1" / extra).write_bytes(PIXEL)
    held(comsoc(folder, *SEND), "not what was approved")
    (folder / "approved/becas/r1" / extra).unlink()
    done(comsoc(folder, *SEND))


def test_one_person_under_two_names_approves_once(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    done(comsoc(folder, "approve", "becas"))
    again = {"GIT_CONFIG_VALUE_0": "A. Ruiz", "GIT_CONFIG_VALUE_1": "Ana@sinaloa.example"}
    assert "1 of 2" in done(comsoc(folder, "approve", "becas", **again)).said
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *SEND))


def test_two_texts_do_not_go_out_as_one_revision(office: Layout, tmp_path: Path) -> None:
    """Another branch approved another first text, and the merge took that one."""
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND, "--limit", "1"))
    other = an_office(tmp_path / "other", {"releases/becas.md": a_release("Otro texto.")})
    done(comsoc(other, "approve", "becas"))
    for name in ("releases/becas.md", "approved/becas/r1/index.md", "approved/becas/r1/approval.yaml"):
        (folder / name).write_bytes((other / name).read_bytes())
    held(comsoc(folder, *SEND), "another text")
    assert len(messages(folder)) == 1


def test_a_release_that_waits_for_a_second_approval_holds_no_other(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n", **{"releases/agua.md": a_release(headline="Agua")}))
    done(comsoc(folder, "approve", "becas"))
    for who in ({}, BEA):
        done(comsoc(folder, "approve", "agua", **who))
    done(comsoc(folder, "send", "--segment", "media", "--yes"))
    assert set(subjects(folder)) == {"Boletín 2 | Agua"}


# persons and numbers


@pytest.mark.parametrize("by", [["--by", "ana@sinaloa.example"], []])
def test_one_person_is_one_person_from_whichever_machine(office: Layout, by: list[str]) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    done(comsoc(folder, "approve", "becas"))
    at_home = {} if by else {"GIT_CONFIG_VALUE_1": "ana@casa.example"}
    done(comsoc(folder, "approve", "becas", *by, **at_home))
    held(comsoc(folder, *SEND), "1 of 2 approvals")
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *SEND))


def test_two_who_are_called_the_same_are_two_where_the_office_says_so(office: Layout) -> None:
    named = 'approvers = ["ana@sinaloa.example", "ana.ruiz@sinaloa.example"]\n'
    folder = office(with_settings(f"\n[approval]\nrequired = 2\n{named}"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", GIT_CONFIG_VALUE_1="ana.ruiz@sinaloa.example"))
    done(comsoc(folder, *SEND))


def test_an_approval_from_the_future_is_given_again(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", now="2027-01-23T18:00:00+00:00"))
    said = held(comsoc(folder, *SEND), "still to come")
    assert "comsoc approve becas" in said
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
