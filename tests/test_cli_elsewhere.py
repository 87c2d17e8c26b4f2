"""What another machine, another person or a power cut did: nobody gets it twice because of it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import a_release, comsoc, messages

SEND = ("send", "becas", "--segment", "media", "--yes")


@pytest.fixture
def sent(office: Callable[..., Path]) -> Path:
    """An office whose release went to media."""
    root = office()
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, *SEND).code == 0
    return root


def test_without_its_ledger_an_office_sends_nothing_again(sent: Path) -> None:
    before = len(messages(sent))
    shutil.rmtree(sent / ".comsoc")
    answer = comsoc(sent, *SEND, "--json")
    assert answer.code == 3
    assert answer.json["dispatches"][0]["objections"][0]["rule"] == "sent_elsewhere"
    assert len(messages(sent)) == before


def test_a_newcomer_gets_it_alone_though_there_are_receipts(sent: Path) -> None:
    with (sent / "contacts.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {email: nueva@radio.example, type: radio}\n")
    answer = comsoc(sent, *SEND, "--json")
    assert (answer.code, answer.json["dispatches"][0]["accepted"]) == (0, 1)


def test_a_damaged_approval_holds_every_approval_that_could_do_harm(sent: Path) -> None:
    (sent / "approved/becas/r1/approval.yaml").write_text("", encoding="utf-8")
    (sent / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    (sent / "releases/luz.md").write_text(a_release("Llega la luz.", headline="Luz"), encoding="utf-8")
    for slug in ("becas", "luz"):  # the second could be given the number of the first
        answer = comsoc(sent, "approve", slug)
        assert answer.code == 3
        assert "git checkout" in answer.err
    assert comsoc(sent, *SEND).code == 3


def test_a_text_whose_vault_is_gone_is_not_approved_anew_once_it_was_sent(sent: Path) -> None:
    shutil.rmtree(sent / "approved/becas")
    answer = comsoc(sent, "approve", "becas")
    assert answer.code == 3
    assert "comsoc correct" in answer.err


def test_a_replacement_that_a_power_cut_left_half_done_is_mended(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "approve", "becas")
    (root / "approved/becas/r1").rename(root / "approved/becas/.r1.old")
    assert comsoc(root, "approve", "becas").code == 0
    assert (root / "approved/becas/r1/approval.yaml").is_file()
    assert not (root / "approved/becas/.r1.old").exists()


def test_the_receipt_of_a_run_that_was_cut_off_is_closed_by_the_next(sent: Path) -> None:
    [path] = (sent / "dispatches").iterdir()
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts.update(state="running")
    for outcome in ("accepted", "deferred", "refused", "uncertain", "finished"):
        facts.pop(outcome, None)
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert comsoc(sent, *SEND).code == 0
    closed = json.loads(path.read_text(encoding="utf-8"))
    assert (closed["state"], closed["accepted"]) == ("stopped", 3)


def test_the_limit_holds_for_the_whole_run(office: Callable[..., Path]) -> None:
    root = office({"releases/luz.md": a_release("Llega la luz.", headline="Luz")})
    for slug in ("becas", "luz"):
        comsoc(root, "approve", slug)
    answer = comsoc(root, "send", "--segment", "media", "--limit", "4", "--yes", "--json")
    assert sum(dispatch["accepted"] for dispatch in answer.json["dispatches"]) == 4


def test_a_test_is_not_sent_to_somebody_who_asked_to_be_left_alone(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "contacts", "suppress", "mesa@diario.example")
    answer = comsoc(root, "send", "becas", "--test", "MESA@diario.example")
    assert (answer.code, messages(root)) == (3, [])


@pytest.mark.parametrize("word", ["=?utf-8?q?Hola=0D=0ABcc:_v@x.example?=", "=?utf-8?q?=ED=A0=80?=", "=?utf-8?q?=00?="])
def test_an_encoded_word_in_a_name_or_headline_stays_text(office: Callable[..., Path], word: str) -> None:
    desk = f'  - {{email: m@x.example, name: "{word}", type: prensa}}'
    contacts = f"segments:\n  media: {{where: {{type: prensa}}}}\ncontacts:\n{desk}\n"
    root = office({"contacts.yaml": contacts, "releases/becas.md": a_release(headline=word)})
    comsoc(root, "approve", "becas")
    assert comsoc(root, *SEND).code == 0
    [message] = messages(root)
    head = message.partition(b"\n\n")[0]
    assert b"\nBcc:" not in head
    assert b"\0" not in head


def test_a_translation_under_embargo_holds_the_whole_release(office: Callable[..., Path]) -> None:
    root = office({"releases/becas.en.md": a_release("English text.", embargo="2026-12-30 10:00")})
    comsoc(root, "approve", "becas")
    assert comsoc(root, *SEND).code == 3
    comsoc(root, "build")
    assert not (root / "dist/site/releases/becas").exists()


def test_a_foreign_tag_within_an_attribute_closes_no_quotation_mark(office: Callable[..., Path]) -> None:
    body = """<a href='{{" onclick="alert(1)" x="}}'>hola</a>"""
    root = office({"releases/becas.md": a_release(body)})
    comsoc(root, "build")
    assert 'onclick="alert(1)"' not in (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
