"""An office that lost its ledger knows by its receipts who has what."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from support.offices import SEND, a_release, comsoc, messages


def test_without_its_ledger_an_office_sends_nothing_again(sent_office: Path) -> None:
    before = len(messages(sent_office))
    shutil.rmtree(sent_office / ".comsoc")
    answer = comsoc(sent_office, *SEND, "--json")
    assert answer.code == 3
    assert answer.json["dispatches"][0]["objections"][0]["rule"] == "sent_elsewhere"
    assert len(messages(sent_office)) == before


def test_a_newcomer_gets_it_alone_though_there_are_receipts(sent_office: Path) -> None:
    with (sent_office / "contacts.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {email: nueva@radio.example, type: radio}\n")
    answer = comsoc(sent_office, *SEND, "--json")
    assert (answer.code, answer.json["dispatches"][0]["accepted"]) == (0, 1)


def test_the_receipt_of_a_run_that_was_cut_off_is_closed_by_the_next(sent_office: Path) -> None:
    [path] = (sent_office / "dispatches").iterdir()
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts.update(state="running")
    for outcome in ("accepted", "deferred", "refused", "uncertain", "finished"):
        facts.pop(outcome, None)
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert comsoc(sent_office, *SEND).code == 0
    closed = json.loads(path.read_text(encoding="utf-8"))
    assert (closed["state"], closed["accepted"]) == ("stopped", 3)


def test_the_limit_holds_for_the_whole_run(office: Callable[..., Path]) -> None:
    root = office({"releases/luz.md": a_release("Llega la luz.", headline="Luz")})
    for slug in ("becas", "luz"):
        comsoc(root, "approve", slug)
    answer = comsoc(root, "send", "--segment", "media", "--limit", "4", "--yes", "--json")
    assert sum(dispatch["accepted"] for dispatch in answer.json["dispatches"]) == 4
