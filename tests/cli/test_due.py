"""What a timer sends, and what it leaves alone."""

from support.offices import (
    CABINA,
    DESK,
    MESA,
    NOW,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import AFTER, BEA, EMBARGOED, TO_HOLDERS, done, edit, held, subjects, to, with_settings

# due


def test_a_timer_sends_what_has_become_public_once(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(date="2026-11-23 12:00", segments=["media", "acreditada"])})
    done(comsoc(folder, "approve", "becas"))
    quiet = done(comsoc(folder, "send", "--due", "--yes"))
    assert quiet.said == ""
    at_noon = "2026-11-23T19:00:00+00:00"
    done(comsoc(folder, "send", "--due", "--yes", now=at_noon))
    assert to(folder) == ["cabina@radio.example", "desk@wire.example", "mesa@diario.example"]
    again = done(comsoc(folder, "send", "--due", "--yes", now="2026-11-23T19:05:00+00:00"))
    assert again.said == ""
    edit(folder, "El programa", "Otro programa")  # the desk is the desk; everybody has the approved text
    assert done(comsoc(folder, "send", "--due", "--yes", now="2026-11-23T19:10:00+00:00")).said == ""
    assert len(messages(folder)) == 3


def test_a_timer_sends_the_others_where_one_is_held(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua para todos")})
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "agua"))
    edit(folder, "El programa", "Otro programa")
    held(comsoc(folder, "send", "--due", "--yes"), "changed after its approval")
    assert subjects(folder) == ["Boletín 2 | Agua para todos"] * 3


def test_a_timer_leaves_alone_what_is_old_or_not_approved(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua", date="2026-11-10 10:00")})
    done(comsoc(folder, "approve", "agua", now="2026-11-10T18:00:00+00:00"))
    assert done(comsoc(folder, "send", "--due", "--yes")).said == ""
    assert comsoc(folder, "send", "--due", "becas", "--yes").code == 2
    assert comsoc(folder, "send", "--due", "--segment", "media", "--yes").code == 2


def test_what_would_fail_at_the_hour_fails_at_the_approval(office: Layout) -> None:
    folder = office(
        {
            "releases/becas.md": a_release(date="2026-11-24 12:00"),
            "templates/email.radio.html": "{{ nothing.there }}",
        }
    )
    edit(folder, '["media"]', '["media", "radio"]')
    answer = comsoc(folder, "approve", "becas")
    assert answer.code != 0
    assert "email.radio.html" in answer.said
    assert not (folder / "approved/becas").exists()


def test_approve_says_what_would_hold_it_today(office: Layout) -> None:
    folder = office({"releases/becas.md": EMBARGOED})
    answer = comsoc(folder, "approve", "becas", "--json")
    assert {one["rule"] for one in answer.json["objections"]} == {"embargo", "not_due"}


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
