"""Urgent sends: before the approval, with a reason, reviewed afterwards."""

from support.offices import (
    SEND,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import BEA, LATER, done, held, mentions, site, to


def test_an_urgent_text_goes_out_as_not_reviewed_and_another_person_reviews_it(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, *SEND))
    done(comsoc(folder, *SEND, "--dry-run", "--urgent", "Desbordamiento del río"))
    assert not (folder / "approved").exists()
    assert "NOT REVIEWED" in done(comsoc(folder, *SEND, "--urgent", "Desbordamiento del río")).said
    assert len(messages(folder)) == 3
    [receipt] = (folder / "dispatches").iterdir()
    assert '"not_approved": "Desbordamiento del río"' in receipt.read_text()
    assert "sent, NOT REVIEWED" in done(comsoc(folder, "status")).out
    assert mentions(site(folder, LATER), "Arranca") == []
    held(comsoc(folder, "approve", "becas"), "another person must review it")
    done(comsoc(folder, "approve", "becas", **BEA))
    assert mentions(site(folder, LATER), "Arranca")
    assert len(messages(folder)) == 3
    assert "nothing to send" in done(comsoc(folder, *SEND)).said


def test_an_urgent_send_goes_on_after_it_was_cut_off(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, *SEND, "--urgent", "Desbordamiento", "--limit", "1"))
    held(comsoc(folder, *SEND), "sent as urgent by Ana Ruiz")
    done(comsoc(folder, *SEND, "--urgent", "Desbordamiento"))
    assert to(folder) == ["cabina@radio.example", "desk@wire.example", "mesa@diario.example"]


def test_a_text_with_errors_does_not_go_out_in_a_hurry(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(segments=["nadie"])})
    answer = comsoc(folder, *SEND, "--urgent", "Desbordamiento")
    assert answer.code == 1
    assert messages(folder) == []
    assert not (folder / "approved").exists()


def test_urgent_and_approved_text_are_not_asked_for_together(office: Layout) -> None:
    folder = office()
    assert comsoc(folder, *SEND, "--urgent", "x", "--approved-text").code == 2
    assert messages(folder) == []


def test_an_urgent_send_does_not_undo_a_withdrawal(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    held(comsoc(folder, *SEND, "--urgent", "Urge"), "withdrawn by Ana Ruiz")
    assert "withdrawn:" in (folder / "approved/becas/r1/approval.yaml").read_text()
