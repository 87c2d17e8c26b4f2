"""Every safeguard at the command line: first it holds, then what lifts it does."""

import re
import shutil
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from support.mail_server import MailServer, held_from
from support.offices import CONTACTS, PIXEL, SETTINGS, Answer, a_release, an_office, comsoc, messages
from support.processes import ended, running

Layout = Callable[..., Path]

BEA = {"GIT_CONFIG_VALUE_0": "Bea Soto", "GIT_CONFIG_VALUE_1": "bea@sinaloa.example"}
ANA_AND_BEA = '\n[approval]\napprovers = ["ana@sinaloa.example", "bea@sinaloa.example"]\n'
TO_MEDIA = ("send", "becas", "--segment", "media", "--yes")
LATER = "2026-11-23T20:00:00+00:00"
EMBARGOED = a_release(embargo="2026-11-23 18:00", segments=["media", "acreditada"])
AFTER = "2026-11-24T01:00:00+00:00"  # 18:00 in Sinaloa: the embargo is over


def with_settings(extra: str, **files: str | bytes | None) -> dict[str, str | bytes | None]:
    return {"comsoc.toml": SETTINGS + extra, **files}


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.said
    return answer


def held(answer: Answer, *words: str) -> str:
    """Nothing left, and the reason is told."""
    assert answer.code == 3, answer.said
    for word in words:
        assert word in answer.said
    return answer.said


def mails(office: Path) -> list[Any]:
    return [message_from_bytes(data, policy=policy.default) for data in messages(office)]


def subjects(office: Path) -> list[str]:
    return [mail["subject"] for mail in mails(office)]


def to(office: Path, since: int = 0) -> list[str]:
    return sorted(mail["to"].addresses[0].addr_spec for mail in mails(office)[since:])


def site(office: Path, now: str) -> dict[str, bytes]:
    """The public site as it is built at a moment."""
    done(comsoc(office, "build", "--only", "web", now=now))
    folder = office / "dist/site"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mentions(files: dict[str, bytes], *secrets: str | bytes) -> list[str]:
    """Files of a site that hold any of these, in their names or in their bytes."""
    wanted = [secret.encode() if isinstance(secret, str) else secret for secret in secrets]
    return [name for name, data in files.items() if any(one in data or one in name.encode() for one in wanted)]


def sent(office: Layout, files: dict[str, str | bytes | None] | None = None) -> Path:
    folder = office(files or {})
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA))
    return folder


def edit(office: Path, before: str, after: str, name: str = "releases/becas.md") -> None:
    path = office / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


# approval


def test_two_persons_approve_where_two_are_required(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    assert "1 of 2" in done(comsoc(folder, "approve", "becas")).said
    held(comsoc(folder, *TO_MEDIA), "1 of 2 approvals")
    assert comsoc(folder, "approve", "becas", "--json").json["approvals"] == 1  # the same person again
    assert mentions(site(folder, LATER), "Arranca") == []
    assert comsoc(folder, "list", "--json").json["releases"][0]["status"] == "draft"
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *TO_MEDIA))
    assert len(messages(folder)) == 3


def test_only_those_who_are_named_approve_and_nobody_for_them(office: Layout) -> None:
    folder = office(with_settings('\n[approval]\napprovers = ["bea@sinaloa.example"]\n'))
    held(comsoc(folder, "approve", "becas"), "Ana Ruiz", "approvers")
    assert comsoc(folder, "approve", "becas", "--by", "Bea Soto").code == 2
    assert not (folder / "approved").exists()
    done(comsoc(folder, "approve", "becas", **BEA))
    done(comsoc(folder, *TO_MEDIA))


def test_an_approval_by_somebody_who_is_not_named_counts_for_nothing(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    (folder / "comsoc.toml").write_text(SETTINGS + '\n[approval]\napprovers = ["bea@sinaloa.example"]\n')
    held(comsoc(folder, *TO_MEDIA), "Ana Ruiz", "approvers")
    assert mentions(site(folder, LATER), "Arranca") == []
    left = 'approvers = ["bea@sinaloa.example"]\nformer = ["ana@sinaloa.example"]\n'
    (folder / "comsoc.toml").write_text(f"{SETTINGS}\n[approval]\n{left}")
    done(comsoc(folder, *TO_MEDIA))


def test_a_correction_that_waits_for_its_approval_leaves_the_page_as_it_was(office: Layout) -> None:
    folder = office(with_settings("\n[approval]\nrequired = 2\n"))
    for who in ({}, BEA):
        done(comsoc(folder, "approve", "becas", **who))
    done(comsoc(folder, *TO_MEDIA))
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
    held(comsoc(folder, *TO_MEDIA), "withdrawn by Ana Ruiz")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA))
    held(comsoc(folder, "approve", "becas", "--withdraw"), "has been sent", "comsoc kill becas")


def test_what_changed_is_shown_in_words_before_it_is_approved(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release("Son 48 mil estudiantes de todo el estado.")})
    done(comsoc(folder, "approve", "becas"))
    edit(folder, "48 mil", "84 mil")
    said = held(comsoc(folder, *TO_MEDIA), "changed after its approval")
    assert "(line 10: 48 → 84)" in said
    assert "[−48−] {+84+}" in done(comsoc(folder, "approve", "becas")).err
    done(comsoc(folder, *TO_MEDIA))


def test_the_approved_text_goes_out_though_the_desk_has_another(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    edit(folder, "El programa arranca", "OTRO TEXTO arranca")
    held(comsoc(folder, *TO_MEDIA))
    done(comsoc(folder, *TO_MEDIA, "--approved-text"))
    assert not any(b"OTRO TEXTO" in data for data in messages(folder))
    [receipt] = (folder / "dispatches").iterdir()
    assert '"changed"' in receipt.read_text()
    assert mentions(site(folder, LATER), "OTRO TEXTO") == []


def test_an_urgent_text_goes_out_as_not_reviewed_and_another_person_reviews_it(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, *TO_MEDIA))
    done(comsoc(folder, *TO_MEDIA, "--dry-run", "--urgent", "Desbordamiento del río"))
    assert not (folder / "approved").exists()
    assert "NOT REVIEWED" in done(comsoc(folder, *TO_MEDIA, "--urgent", "Desbordamiento del río")).said
    assert len(messages(folder)) == 3
    [receipt] = (folder / "dispatches").iterdir()
    assert '"not_approved": "Desbordamiento del río"' in receipt.read_text()
    assert "sent, NOT REVIEWED" in done(comsoc(folder, "status")).out
    assert mentions(site(folder, LATER), "Arranca") == []
    held(comsoc(folder, "approve", "becas"), "another person must review it")
    done(comsoc(folder, "approve", "becas", **BEA))
    assert mentions(site(folder, LATER), "Arranca")
    assert len(messages(folder)) == 3
    assert "nothing to send" in done(comsoc(folder, *TO_MEDIA)).said


def test_an_urgent_send_goes_on_after_it_was_cut_off(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, *TO_MEDIA, "--urgent", "Desbordamiento", "--limit", "1"))
    held(comsoc(folder, *TO_MEDIA), "sent as urgent by Ana Ruiz")
    done(comsoc(folder, *TO_MEDIA, "--urgent", "Desbordamiento"))
    assert to(folder) == ["cabina@radio.example", "desk@wire.example", "mesa@diario.example"]


def test_a_text_with_errors_does_not_go_out_in_a_hurry(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(segments=["nadie"])})
    answer = comsoc(folder, *TO_MEDIA, "--urgent", "Desbordamiento")
    assert answer.code == 1
    assert messages(folder) == []
    assert not (folder / "approved").exists()


@pytest.mark.parametrize(
    ("before", "after"), [("by: ", "by: Otra"), ("2026-11-23", "2026-11-22"), ("number: 1", "number: 7")]
)
def test_an_approval_that_was_edited_by_hand_approves_nothing(office: Layout, before: str, after: str) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    edit(folder, before, after, "approved/becas/r1/approval.yaml")
    held(comsoc(folder, *TO_MEDIA), "edited by hand", "git checkout")
    assert mentions(site(folder, LATER), "Arranca") == []
    assert messages(folder) == []


def test_an_approval_from_the_future_approves_nothing_yet(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", now="2026-11-25T18:00:00+00:00"))
    held(comsoc(folder, *TO_MEDIA), "still to come")
    assert mentions(site(folder, LATER), "Arranca") == []
    done(comsoc(folder, *TO_MEDIA, now="2026-11-25T18:00:01+00:00"))


def test_a_number_that_two_branches_gave_is_given_anew(office: Layout, tmp_path: Path) -> None:
    """Both releases were approved as the first of the year, in two clones, and then merged."""
    one = office()
    two = an_office(tmp_path / "two", {"releases/becas.md": None, "releases/agua.md": a_release(headline="Agua")})
    done(comsoc(one, "approve", "becas"))
    done(comsoc(two, "approve", "agua", now="2026-11-23T18:10:00+00:00"))
    for name in ("releases/agua.md", "approved/agua/r1/index.md", "approved/agua/r1/approval.yaml"):
        (one / name).parent.mkdir(parents=True, exist_ok=True)
        (one / name).write_bytes((two / name).read_bytes())
    held(comsoc(one, "send", "agua", "--segment", "media", "--yes", now=LATER), "number 1", "becas")
    done(comsoc(one, *TO_MEDIA, now=LATER))
    assert comsoc(one, "approve", "agua", "--json", now=LATER).json["number"] == 2
    done(comsoc(one, "send", "agua", "--segment", "media", "--yes", now=LATER))


def test_a_number_that_people_have_in_their_mail_is_changed_no_more(office: Layout, tmp_path: Path) -> None:
    one = office()
    two = an_office(tmp_path / "two", {"releases/becas.md": None, "releases/agua.md": a_release(headline="Agua")})
    done(comsoc(one, "approve", "becas"))
    done(comsoc(two, "approve", "agua", now="2026-11-23T18:10:00+00:00"))
    done(comsoc(two, "send", "agua", "--segment", "media", "--limit", "1", "--yes", now=LATER))
    for name in ("releases/becas.md", "approved/becas/r1/index.md", "approved/becas/r1/approval.yaml"):
        (two / name).parent.mkdir(parents=True, exist_ok=True)
        (two / name).write_bytes((one / name).read_bytes())
    done(comsoc(two, "send", "agua", "--segment", "media", "--yes", now=LATER))
    assert len(messages(two)) == 3


def test_two_approvals_that_git_merged_into_one_file_approve_nothing(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    path = folder / "approved/becas/r1/approval.yaml"
    text = path.read_text()
    path.write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> otra\n")
    held(comsoc(folder, *TO_MEDIA), "approved/becas/r1/approval.yaml")
    path.write_text(text.replace("approvals:\n", 'approvals:\n  - by: "Luis"\n    at: 2026-11-23T10:00:00-07:00\n'))
    held(comsoc(folder, *TO_MEDIA), "merged")


@pytest.mark.parametrize("extra", ["nota.txt", "foto.png"])
def test_a_file_more_or_less_than_the_digest_knows_holds_it(office: Layout, extra: str) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    (folder / "approved/becas/r1" / extra).write_bytes(PIXEL)
    held(comsoc(folder, *TO_MEDIA), "not what was approved")
    (folder / "approved/becas/r1" / extra).unlink()
    done(comsoc(folder, *TO_MEDIA))


# embargo


def embargoed(office: Layout, extra: str = "", **files: str | bytes | None) -> Path:
    folder = office(with_settings(extra, **{"releases/becas.md": EMBARGOED, **files}))
    done(comsoc(folder, "approve", "becas"))
    return folder


def test_under_embargo_only_those_who_may_have_it_get_it_and_the_site_has_no_trace(office: Layout) -> None:
    text = a_release(
        "Texto secreto.\n\n![Aula](foto.png)",
        embargo="2026-11-23 18:00",
        segments=["media", "acreditada"],
        images=[{"src": "foto.png", "alt": "Aula"}],
    )
    folder = office(
        with_settings(
            '\n[embargo]\nzones = ["America/Mexico_City"]\n',
            **{"releases/becas.md": None, "releases/becas/index.md": text, "releases/becas/foto.png": PIXEL + b"foto"},
        )
    )
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *TO_MEDIA), "embargo", "media")
    done(comsoc(folder, "send", "--due", "--yes"))
    assert messages(folder) == []
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    [mail] = mails(folder)
    notice = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "18:00 horas, tiempo de Sinaloa (19:00, tiempo del centro del país)" in notice
    assert mail["subject"].startswith("EMBARGADO hasta lun 23 nov, 18:00 h Sinaloa | ")
    before = site(folder, LATER)
    assert mentions(before, "becas", "Arranca", "secreto", "foto", PIXEL + b"foto") == []
    after = site(folder, AFTER)
    assert mentions(after, "releases/becas")
    assert mentions(after, "EMBARGAD") == []


def test_an_embargo_is_lifted_early_and_everybody_who_holds_it_is_told(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    first = mails(folder)[0]["message-id"]
    answer = done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert "1" in answer.said
    notice = mails(folder)[-1]
    assert notice["subject"] == "EMBARGO LEVANTADO: Boletín 1 | Arranca el programa estatal de becas"
    assert notice["in-reply-to"] == first
    assert to(folder, 1) == ["mesa@diario.example"]
    assert mentions(site(folder, LATER), "releases/becas")
    done(comsoc(folder, *TO_MEDIA, now=LATER))
    assert len(messages(folder)) == 2 + 2  # the one who has it is not written to again
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER), "not under embargo")


def test_an_embargo_is_moved_twice_and_each_time_everybody_is_told(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    held(comsoc(folder, "embargo", "becas", "--until", "2026-11-23 09:00", "--yes"), "has passed")
    assert comsoc(folder, "embargo", "becas", "--until", "pronto", "--yes").code == 2
    assert comsoc(folder, "embargo", "becas", "--yes").code == 2
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-24 08:00", "--yes"))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    assert len(messages(folder)) == 3
    assert subjects(folder)[-1].startswith("EMBARGO hasta mié 25 nov, 8:00 h Sinaloa: Boletín 1")
    held(comsoc(folder, *TO_MEDIA, now=AFTER), "2026-11-25 08:00")
    assert mentions(site(folder, AFTER), "becas") == []
    assert done(comsoc(folder, "status", "--verify")).code == 0


def test_an_embargo_change_waits_for_a_yes_and_changes_nothing_without(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    assert comsoc(folder, "embargo", "becas", "--lift").code == 2
    assert not (folder / "approved/becas/embargo.yaml").exists()


def test_no_embargo_is_added_after_it_was_sent_without_one(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Se embarga"))
    edit(folder, "kind:", 'embargo: "2026-11-23 18:00"\nkind:')
    held(comsoc(folder, "approve", "becas"), "without an embargo")
    edit(folder, 'embargo: "2026-11-23 18:00"\n', "")
    done(comsoc(folder, "approve", "becas"))


def test_an_embargoed_release_is_corrected_and_keeps_its_embargo(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    edit(folder, "2026-11-23 18:00", "2026-11-23 12:00")
    held(comsoc(folder, "approve", "becas"), "keeps the embargo")
    edit(folder, "2026-11-23 12:00", "2026-11-23 18:00")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    mail = mails(folder)[-1]
    assert mail["subject"].startswith("EMBARGADO hasta lun 23 nov, 18:00 h Sinaloa | FE DE ERRATAS al Boletín 1 | ")
    assert mentions(site(folder, LATER), "becas") == []


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


# blackouts

CAMPAIGN = """
[[blackouts]]
name = "Campañas locales 2027"
from = 2026-11-20
until = 2026-12-06
law = "Constitución, art. 41, base III, apartado C"
exempt = ["Educación", "salud"]
"""


def test_within_a_blackout_only_what_is_exempt_and_signed_off_goes_out(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN, **{"releases/becas.md": a_release(topics=["educacion"])}))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *TO_MEDIA), "Campañas locales 2027", "art. 41", "2026-12-06 23:59", "--legal")
    assert mentions(site(folder, LATER), "Arranca") == []
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    done(comsoc(folder, *TO_MEDIA))
    assert mentions(site(folder, LATER), "Arranca")


def test_a_signature_does_not_make_another_topic_exempt(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN, **{"releases/becas.md": a_release(topics=["obra-publica"])}))
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    held(comsoc(folder, *TO_MEDIA), "Campañas")
    done(comsoc(folder, *TO_MEDIA, now="2026-12-07T07:00:00+00:00"))


def test_where_no_signature_is_wanted_the_topic_is_enough(office: Layout) -> None:
    folder = office(
        with_settings(CAMPAIGN + "legal_signoff = false\n", **{"releases/becas.md": a_release(topics=["salud"])})
    )
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *TO_MEDIA))


def test_a_blackout_is_overruled_with_a_reason_that_is_in_the_receipt(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *TO_MEDIA))
    done(comsoc(folder, *TO_MEDIA, "--despite-blackout", "Alerta sanitaria, oficio 12"))
    [receipt] = (folder / "dispatches").iterdir()
    assert '"blackout": "Alerta sanitaria, oficio 12"' in receipt.read_text()
    assert mentions(site(folder, LATER), "Arranca") == []


def test_only_an_approver_overrules_a_blackout_where_they_are_named(office: Layout) -> None:
    folder = office(with_settings(ANA_AND_BEA + CAMPAIGN))
    done(comsoc(folder, "approve", "becas"))
    luis = {"GIT_CONFIG_VALUE_0": "Luis Paz", "GIT_CONFIG_VALUE_1": "luis@sinaloa.example"}
    held(comsoc(folder, *TO_MEDIA, "--despite-blackout", "Urge", **luis), "Luis Paz")
    done(comsoc(folder, *TO_MEDIA, "--despite-blackout", "Urge", **BEA))


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
    said = held(comsoc(folder, *TO_MEDIA), "Campañas locales 2027", "Revocación de mandato", "no end")
    assert said.count("✗") == 2


def test_a_blackout_that_ends_before_it_begins_is_a_fault_of_the_settings(office: Layout) -> None:
    folder = office(with_settings(CAMPAIGN.replace("2026-12-06", "2026-11-01")))
    answer = comsoc(folder, *TO_MEDIA)
    assert answer.code == 5
    assert "comsoc.toml" in answer.err
    assert "until" in answer.err


# corrections


def test_a_correction_goes_to_everybody_who_has_the_first_text_and_to_nobody_else(office: Layout) -> None:
    folder = sent(office, {"contacts.yaml": CONTACTS})
    first = {mail["to"].addresses[0].addr_spec: mail["message-id"] for mail in mails(folder)}
    edit(folder, "type: radio}", "type: otro}", "contacts.yaml")  # the station left the segment
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    held(comsoc(folder, *TO_MEDIA[:2], "--yes"), "changed after its approval")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    later = mails(folder)[3:]
    assert {mail["to"].addresses[0].addr_spec: mail["in-reply-to"] for mail in later} == first
    assert {mail["references"] for mail in later} == set(first.values())
    assert {mail["subject"] for mail in later} == {"FE DE ERRATAS al Boletín 1 | Arranca el programa estatal de becas"}
    text = " ".join(later[0].get_body(("plain",)).get_content().split())
    assert "DICE: “arranca hoy”. DEBE DECIR: “arranca en enero”." in text
    assert "arranca en enero en todo el estado" in text
    assert "nothing to send" in done(comsoc(folder, "send", "becas", "--yes")).said
    assert len(messages(folder)) == 6


def test_a_correction_never_goes_to_somebody_who_has_unsubscribed_and_segments_add_newcomers(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, "correct", "becas", "--note", "Se agrega el calendario de pagos", "--addition"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert to(folder, 3) == ["desk@wire.example", "mesa@diario.example"]
    done(comsoc(folder, "send", "becas", "--segment", "media", "--yes"))
    assert to(folder, 5) == ["nueva@radio.example"]
    assert subjects(folder)[-1].startswith("ALCANCE al Boletín 1 | ")


def test_the_page_says_what_was_corrected_and_the_feed_entry_is_the_same_one(office: Layout) -> None:
    folder = sent(office)
    before = site(folder, LATER)
    done(comsoc(folder, "correct", "becas", "--note", "La beca es trimestral", now=LATER))
    done(comsoc(folder, "approve", "becas", now=LATER))
    after = site(folder, LATER)
    ids = [re.findall(rb"<id>(.*?)</id>", found["feed.atom"]) for found in (before, after)]
    assert ids[0] == ids[1]
    assert b"13:00:00-07:00</updated>" in after["feed.atom"]
    page = after["releases/becas/index.html"].decode()
    assert "La beca es trimestral." in page
    assert "13:00 h" in page
    assert b"La beca es trimestral." in after["corrections/index.html"]
    assert b"trimestral" in after["releases/becas/ninjs.json"]


def test_a_trifle_is_corrected_and_nobody_is_written_to(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Una coma", "--minor"))
    edit(folder, "El programa arranca", "El programa, arranca")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    done(comsoc(folder, *TO_MEDIA))
    assert len(messages(folder)) == 3
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, *TO_MEDIA))
    assert to(folder, 3) == ["nueva@radio.example"]
    assert subjects(folder)[-1] == "Boletín 1 | Arranca el programa estatal de becas"


def test_what_nobody_has_is_not_corrected(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, "correct", "becas", "--note", "x"), "nobody has")
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, "correct", "becas", "--note", "x"), "nobody has")
    edit(folder, "kind:", "correction: {revision: 2, note: inventada}\nkind:")
    held(comsoc(folder, "approve", "becas"), "calls itself a correction")


def test_a_text_that_was_sent_is_replaced_by_a_correction_only(office: Layout) -> None:
    folder = sent(office)
    edit(folder, "El programa", "Otro programa")
    held(comsoc(folder, "approve", "becas"), "comsoc correct becas")
    done(comsoc(folder, "correct", "becas", "--note", "Era otro programa"))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, "correct", "becas", "--note", "x"), "approved and not sent yet")
    done(comsoc(folder, "send", "becas", "--yes"))
    done(comsoc(folder, "correct", "becas", "--note", "Y otra vez"))
    assert (folder / "releases/becas.md").read_text().count("correction:") == 1
    done(comsoc(folder, "approve", "becas"))
    assert comsoc(folder, "list", "--json").json["releases"][0]["revision"] == 3


@pytest.mark.parametrize(
    "words", [(), ("--said", "a"), ("--should", "b"), ("--said", "a", "--should", "b", "--addition")]
)
def test_half_a_correction_is_refused(office: Layout, words: tuple[str, ...]) -> None:
    folder = sent(office)
    before = (folder / "releases/becas.md").read_bytes()
    assert comsoc(folder, "correct", "becas", *words).code == 2
    assert (folder / "releases/becas.md").read_bytes() == before


def test_what_was_said_is_looked_for_wherever_else_it_stands(office: Layout) -> None:
    folder = sent(
        office,
        {
            "releases/becas.md": a_release("Son 48 mil estudiantes.", subhead="Apoyo para 48 mil estudiantes"),
            "releases/becas.en.md": a_release("They are 48 mil.", headline="Scholarships"),
        },
    )
    answer = comsoc(folder, "correct", "becas", "--said", "48 mil", "--should", "84 mil", "--json")
    left = [(one["path"], one["line"]) for one in answer.json["left"]]
    assert [name for name, _ in left] == ["releases/becas.md", "releases/becas.en.md"]
    lines = (folder / "releases/becas.md").read_text().split("\n")
    assert lines[left[0][1] - 1].startswith("subhead:")
    assert "Son 84 mil estudiantes." in lines


def test_words_that_were_never_sent_are_not_corrected(office: Layout) -> None:
    folder = sent(office)
    before = (folder / "releases/becas.md").read_text()
    answer = comsoc(folder, "correct", "becas", "--said", "arranca ayer", "--should", "arranca en enero")
    assert answer.code == 2
    assert "“arranca ayer” does not stand in the text" in answer.err
    assert (folder / "releases/becas.md").read_text() == before
    done(comsoc(folder, "correct", "becas", "--said", "El programa **arranca** hoy", "--should", "Arranca en enero"))


def test_a_plan_says_that_an_addition_adds(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--addition", "--note", "Se agregan dos fotografías"))
    done(comsoc(folder, "approve", "becas"))
    said = done(comsoc(folder, "send", "becas", "--yes")).said
    assert re.search(r"^Adds +Se agregan dos", said, re.MULTILINE)


def test_a_text_that_left_the_desk_comes_back_for_its_correction(office: Layout) -> None:
    folder = sent(office)
    (folder / "releases/becas.md").unlink()
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    assert "arranca en enero" in (folder / "releases/becas/index.md").read_text()
    done(comsoc(folder, "approve", "becas"))


# kills

KILL = ("kill", "becas", "--reason", "La cifra era falsa", "--yes")


def test_everybody_who_may_have_it_is_told_though_they_left_and_the_office_hears_whom_to_call(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    text = (folder / "contacts.yaml").read_text()
    (folder / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "desk@wire" not in line))
    said = done(comsoc(folder, *KILL)).said
    assert to(folder, 3) == ["desk@wire.example", "mesa@diario.example"]
    assert subjects(folder)[-1] == "FAVOR DE OMITIR el Boletín 1 (queda sin efecto)"
    assert "Radio Costa: Cabina (unsubscribed or blocked)" in said
    assert not any("Arranca" in str(mail.get_body(("plain",)).get_content()) for mail in mails(folder)[3:])


def test_a_kill_of_what_has_no_number_says_in_the_mail_alone_what_it_is_about(office: Layout) -> None:
    text = a_release("Vengan.", headline="Arranca la feria", kind="invitacion",
                     event={"start": "2026-11-27 11:00", "place": "Plazuela"})  # fmt: skip
    folder = sent(office, {"releases/becas.md": text})
    done(comsoc(folder, *KILL))
    assert subjects(folder)[-1] == "SE CANCELA | vie 27 nov, 11:00 h, Plazuela | Arranca la feria"
    assert "Se trata de: Arranca la feria" in str(mails(folder)[-1].get_body(("plain",)).get_content())
    done(comsoc(folder, "build", "--only", "web"))
    assert mentions(site(folder, LATER), "Arranca la feria") == []


def test_a_program_reads_whom_to_call_as_a_person_does(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    [call] = comsoc(folder, *KILL, "--json").json["telephone"]
    assert call == {
        "outlet": "Radio Costa",
        "name": "Cabina",
        "address": "cabina@radio.example",
        "reason": "suppressed",
        "many": 1,
    }
    assert comsoc(folder, *KILL, "--json").json["telephone"] == [call]


def test_no_approval_embargo_blackout_or_limit_delays_a_kill(office: Layout) -> None:
    folder = embargoed(office, CAMPAIGN.replace("2026-11-20", '"2026-11-23 11:30"'))
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    edit(folder, "El programa", "Otro programa")
    done(comsoc(folder, *KILL, now=LATER))
    assert to(folder, 1) == ["mesa@diario.example"]
    assert mentions(site(folder, LATER), "Boletín 1", "SIN EFECTO") == []  # it never was public


def test_a_killed_release_is_frozen_and_its_page_says_so_and_nothing_else(office: Layout) -> None:
    text = a_release("Texto falso.", images=[{"src": "foto.png", "alt": "Aula llena"}], topics=["educacion"])
    folder = sent(
        office,
        {"releases/becas.md": None, "releases/becas/index.md": text, "releases/becas/foto.png": PIXEL + b"foto"},
    )
    done(comsoc(folder, "build"))
    assert (folder / "dist/site/releases/becas/becas.pdf").exists()
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *TO_MEDIA), "of no effect")
    held(comsoc(folder, "send", "becas", "--yes"), "of no effect")
    held(comsoc(folder, "approve", "becas"), "of no effect")
    held(comsoc(folder, "correct", "becas", "--note", "x"), "of no effect")
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes"), "not under embargo")
    done(comsoc(folder, "build"))
    files = site(folder, LATER)
    assert sorted(name for name in files if name.startswith("releases/")) == [
        "releases/becas/index.html",
        "releases/becas/ninjs.json",
    ]
    assert mentions(files, "Arranca", "Texto falso", "foto.png", PIXEL + b"foto", "Aula llena") == []
    for name in ("index.html", "releases/becas/index.html", "feed.atom", "feed.json", "corrections/index.html"):
        assert b"Sin efecto" in files[name], name
        # The front page has a line of each release; the reason stands behind it.
        assert (b"La cifra era falsa" in files[name]) is (name != "index.html"), name
    assert b'"canceled"' in files["releases/becas/ninjs.json"]
    assert b"releases/becas/" in files["sitemap.xml"]
    assert comsoc(folder, "list", "--json").json["releases"][0]["status"] == "killed"


def test_a_kill_of_what_is_killed_tells_nobody_twice(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *KILL), "nobody is left to be told")
    assert len(messages(folder)) == 6


def test_a_kill_of_what_nobody_ever_approved_is_refused_and_of_what_nobody_has_is_done(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, *KILL), "never approved")
    done(comsoc(folder, "approve", "becas"))
    assert comsoc(folder, "kill", "becas", "--yes").code == 2  # without a reason
    assert comsoc(folder, "kill", "becas", "--reason", "x").code == 2  # nobody to ask
    done(comsoc(folder, *KILL))
    assert messages(folder) == []
    held(comsoc(folder, *TO_MEDIA), "of no effect")


def test_a_mark_that_was_edited_by_hand_holds_the_release(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    edit(folder, "falsa", "cierta", "approved/becas/kill.yaml")
    held(comsoc(folder, *TO_MEDIA), "approved/becas/kill.yaml")
    assert mentions(site(folder, LATER), "Arranca") == []


def many_contacts(count: int) -> str:
    lines = [f"  - {{email: p{number:03}@medio{number % 7}.example, type: prensa}}" for number in range(count)]
    return "\n".join(["segments:", "  media: {where: {type: prensa}}", "contacts:", *lines, ""])


@pytest.mark.parametrize(("connections", "after"), [(1, 1), (2, 7), (4, 30)])
def test_a_send_that_is_running_stops_at_a_kill_and_whoever_has_it_is_told(
    office: Layout, tmp_path: Path, connections: int, after: int
) -> None:
    go_on = tmp_path / "killed"
    with MailServer(rules=held_from(after, go_on, sessions=connections)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = {connections}\n'
        folder = office(with_settings(smtp, **{"contacts.yaml": many_contacts(120)}))
        done(comsoc(folder, "approve", "becas"))
        with running(folder, *TO_MEDIA) as send:
            server.wait_for_messages(after)
            done(comsoc(folder, *KILL))
            go_on.touch()
            stopped = ended(send)
        held(stopped, "of no effect")
        got: dict[str, list[str]] = {"release": [], "kill": []}
        for message in server.messages():
            mail = message_from_bytes(message.content, policy=policy.default)
            got["kill" if "OMITIR" in mail["subject"] else "release"].append(message.recipients[0])
        assert after <= len(got["release"]) < 120
        assert sorted(got["kill"]) == sorted(got["release"])
        assert len(set(got["kill"])) == len(got["kill"])
        assert done(comsoc(folder, "status", "--verify")).code == 0


def test_a_kill_that_was_cut_off_goes_on_with_those_who_were_not_told(office: Layout, tmp_path: Path) -> None:
    go_on = tmp_path / "cut off"
    with MailServer(rules=held_from(45, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        folder = office(with_settings(smtp, **{"contacts.yaml": many_contacts(40)}))
        done(comsoc(folder, "approve", "becas"))
        done(comsoc(folder, *TO_MEDIA))
        with running(folder, *KILL) as kill:
            server.wait_for_messages(45)
            kill.kill()
            kill.wait()
        go_on.touch()
        again = comsoc(folder, "kill", "becas", "--yes")
        assert again.code in (0, 4), again.said  # 4: one of them is not known to have heard
        told = [message.recipients[0] for message in server.messages()[40:]]
        assert len(told) == len(set(told))
        assert len(told) >= 39
        if len(told) == 39:
            assert "unconfirmed" in again.said


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
    held(comsoc(other, *TO_MEDIA), "of no effect")


@pytest.mark.parametrize("killed", ["becas", "agua"])
def test_a_kill_stops_that_release_and_no_other(office: Layout, tmp_path: Path, killed: str) -> None:
    """Of two releases in one send, the first is at work when one of them is killed."""
    go_on = tmp_path / "killed"
    with MailServer(rules=held_from(5, go_on)) as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 1\n'
        files = {"contacts.yaml": many_contacts(40), "releases/agua.md": a_release(headline="Agua para todos")}
        folder = office(with_settings(smtp, **files))
        for slug in ("becas", "agua"):
            done(comsoc(folder, "approve", slug))
        with running(folder, "send", "becas", "agua", "--segment", "media", "--yes") as send:
            server.wait_for_messages(5)
            done(comsoc(folder, "kill", killed, "--reason", "La cifra era falsa", "--yes"))
            go_on.touch()
            held(ended(send), "of no effect")
        got = [message_from_bytes(one.content, policy=policy.default)["subject"] for one in server.messages()]
        other = "Boletín 2 | Agua para todos" if killed == "becas" else "Boletín 1 | Arranca"
        assert sum(1 for subject in got if subject.startswith(other)) == 40
        stopped = "Boletín 1 | " if killed == "becas" else "Boletín 2 | "
        assert sum(1 for subject in got if subject.startswith(stopped)) < 40


SECRET = {
    "releases/secreto/index.md": a_release(
        "Párrafo reservado del texto.\n\n![Plano](plano.png)",
        headline="Titular reservado",
        subhead="Sumario reservado",
        topics=["educacion"],
        images=[{"src": "plano.png", "alt": "Plano reservado", "caption": "Pie reservado"}],
        attachments=["anexo-reservado.pdf"],
        segments=["media", "acreditada"],
        kind="invitacion",
        event={"start": "2026-11-25 09:00", "place": "Patio central"},
    ),
    "releases/secreto/plano.png": PIXEL + b"los bytes del plano",
    "releases/secreto/anexo-reservado.pdf": b"%PDF-1.7 anexo reservado",
}
TRACES = ("reservad", "anexo-reservado", "plano.png", b"los bytes del plano")
EVENT = ("2026-11-25", "20261125", "Patio central")  #: of a cancelled event, day and place are told


def unapproved(folder: Path) -> None:
    """Nothing is done."""


def under_embargo(folder: Path) -> None:
    edit(folder, "kind:", 'embargo: "2026-11-24 18:00"\nkind:', "releases/secreto/index.md")
    done(comsoc(folder, "approve", "secreto"))


def in_a_blackout(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    with (folder / "comsoc.toml").open("a") as settings:
        settings.write('[[blackouts]]\nname = "Campañas"\nfrom = 2026-11-23\nhide_site = true\n')


def withdrawn(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    done(comsoc(folder, "approve", "secreto", "--withdraw"))


def killed(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    done(comsoc(folder, "kill", "secreto", "--reason", "Se canceló", "--yes"))


@pytest.mark.parametrize("state", [unapproved, under_embargo, in_a_blackout, withdrawn, killed])
@pytest.mark.parametrize("before", ["never", "public", "public, and the cache was lost"])
def test_the_public_site_has_no_byte_of_what_must_not_be_there(
    office: Layout, state: Callable[[Path], None], before: str
) -> None:
    """Neither in a new site nor in one that showed it before."""
    folder = office(SECRET)
    done(comsoc(folder, "approve", "becas", now="2026-11-20T18:00:00+00:00"))
    if before != "never":
        done(comsoc(folder, "approve", "secreto"))
        assert mentions(site(folder, LATER), *TRACES)
        shutil.rmtree(folder / "approved/secreto")
    if before.endswith("lost"):
        (folder / ".comsoc/build.db").unlink()
    if before == "public":
        done(comsoc(folder, "build", "--jobs", "1"))  # with PDFs
    state(folder)
    files = site(folder, LATER)
    assert mentions(files, *TRACES, *(() if state is killed else EVENT)) == []
    assert bool(mentions(files, "Arranca")) is (state is not in_a_blackout)
