"""What `init` filled in and the office has not: it holds a send through a real mail server, and is named otherwise."""

from collections.abc import Callable
from pathlib import Path

from support.offices import SETTINGS, comsoc


def test_a_send_is_held_and_names_what_is_not_filled_in(office: Callable[..., Path]) -> None:
    smtp = '\n[smtp]\nhost = "smtp.sinaloa.gob.mx"\nusername = "prensa"\n'
    root = office({"comsoc.toml": SETTINGS + smtp})
    assert comsoc(root, "approve", "becas", "--yes").code == 0
    answer = comsoc(root, "send", "becas", "--segment", "media", "--dry-run", "--json")
    assert answer.code == 3
    assert {one["rule"] for one in answer.json["dispatches"][0]["objections"]} == {"placeholder"}
    assert "sender.email" in answer.err
    assert "press_contacts.prensa.phone" in answer.err


def test_the_plan_names_them_where_nothing_leaves_the_machine(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "approve", "becas", "--yes")
    answer = comsoc(root, "send", "becas", "--segment", "media", "--yes")
    assert answer.code == 0
    [row] = [line for line in answer.out.splitlines() if line.startswith("Not filled in")]
    assert "prensa@sinaloa.example" in row
    assert "667 000 0000" in row
