"""What a colleague sent from another machine is known here by the receipts."""

import json
import shutil
from pathlib import Path

import pytest
from support.offices import (
    CABINA,
    DESK,
    KILL,
    MESA,
    NOW,
    SEND,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import (
    LATER,
    TO_HOLDERS,
    another_machine,
    done,
    edit,
    embargoed,
    held,
    mails,
    pull,
    sent,
    subjects,
    to,
)


def test_another_machine_kills_and_corrects_what_a_colleague_sent(office: Layout, tmp_path: Path) -> None:
    """The colleague's receipts say who has it; the office's key tells which contacts those are."""
    folder = sent(office)
    first = {mail["to"].addresses[0].addr_spec: mail["message-id"] for mail in mails(folder)}
    other = tmp_path / "other"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("outbox", "ledger.db*", "dist"))
    done(comsoc(other, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(other, "approve", "becas"))
    done(comsoc(other, "send", "becas", "--yes"))
    assert {mail["to"].addresses[0].addr_spec: mail["in-reply-to"] for mail in mails(other)} == first
    text = (other / "contacts.yaml").read_text()
    (other / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "desk@wire" not in line))
    (other / ".comsoc/ledger.db").unlink()
    said = done(comsoc(other, *KILL)).said
    assert to(other, 3) == ["cabina@radio.example", "mesa@diario.example"]
    assert "people to whom a colleague sent it" in said


def test_without_the_key_a_kill_says_that_somebody_could_not_be_told(office: Layout, tmp_path: Path) -> None:
    folder = sent(office)
    other = tmp_path / "other"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("outbox", ".comsoc", "dist"))
    said = done(comsoc(other, *KILL)).said
    assert "3 people to whom a colleague sent it" in said
    held(comsoc(other, *SEND), "of no effect")


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
