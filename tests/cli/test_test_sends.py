"""What somebody who tried to break the delivery found, so that it is not found again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support.offices import (
    CABINA,
    CONTACTS,
    KILL,
    MESA,
    SEND,
    SETTINGS,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.standing import approve
from support.steps import EMBARGOED, done, edit, held, mails, sent
from support.test_sends import ANYBODY, EMBARGO, a_test

YO = "yo@sinaloa.example"  # one of the office’s own addresses
CAMPAIGN = '[[blackouts]]\nname = "Veda"\nfrom = 2026-11-01\nuntil = 2026-12-01\nexempt = ["salud"]\n'


def test_under_embargo_a_test_to_the_office_is_what_a_segment_that_may_have_it_gets(office: Layout) -> None:
    root = office({"releases/becas.md": EMBARGOED, "releases/luz.md": a_release(embargo="2026-11-23 18:00")})
    for words in (["--segment", "acreditada", "--as", MESA], ["--segment", "media"], ["--as", MESA], []):
        done(a_test(root, YO, *words))
    assert {mail["subject"].partition("] ")[2][:30] for mail in mails(root)} == {"EMBARGADO hasta lun 23 nov, 18"}
    assert len(messages(root)) == 4
    [seen] = comsoc(root, "send", "becas", "--test", "yo@sinaloa.example", "--as", MESA, "--json").json["dispatches"]
    assert seen["segments"] == ["acreditada"]
    (root / "contacts.yaml").write_text("segments: [", encoding="utf-8")
    done(a_test(root, YO))


def test_a_blackout_holds_a_test_until_its_topic_is_exempt_or_somebody_answers_for_it(office: Layout) -> None:
    root = office({"comsoc.toml": f"{SETTINGS}\n{CAMPAIGN}"})
    held(a_test(root, YO), "Veda")
    done(a_test(root, YO, "--despite-blackout", "Aviso de Protección Civil"))
    edit(root, "kind:", "topics: [Salud]\nkind:")
    done(a_test(root, YO))
    assert len(messages(root)) == 2


def test_what_is_of_no_effect_is_not_tested(office: Layout) -> None:
    root = sent(office)
    done(comsoc(root, *KILL))
    before = len(messages(root))
    held(a_test(root, YO), "of no effect")
    assert len(messages(root)) == before


def test_with_an_objection_to_one_of_them_no_test_leaves(office: Layout) -> None:
    root = sent(office)
    before = len(messages(root))
    (root / "releases/luz.md").write_text(a_release(), encoding="utf-8")
    held(comsoc(root, "send", "becas", "luz", "--test", CABINA), "“luz” was not sent")
    assert len(messages(root)) == before


def test_a_test_is_not_sent_to_somebody_who_asked_to_be_left_alone(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "contacts", "suppress", "mesa@diario.example")
    answer = comsoc(root, "send", "becas", "--test", "MESA@diario.example")
    assert (answer.code, messages(root)) == (3, [])


def receipts(root: Path) -> list[Path]:
    return sorted((root / "dispatches").glob("*.json"))


def facts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_draft_to_somebody_else_is_refused_with_the_addresses_that_may_have_it(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo=EMBARGO)})
    answer = a_test(root, ANYBODY, lang="es")
    assert "la prueba no se envía a quien.sea@fuera.example, que no es una dirección de la oficina" in answer.err
    assert (answer.code, "yo@sinaloa.example" in answer.err, messages(root), receipts(root)) == (3, True, [], [])


def test_a_contact_list_that_cannot_be_read_opens_nothing(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo=EMBARGO)})
    approve(root)
    (root / "contacts.yaml").write_text(CONTACTS + "  - {email: roto}\n", encoding="utf-8")
    assert a_test(root, MESA).code == 3


def test_every_test_leaves_a_receipt_without_an_address(office: Layout) -> None:
    root = office()
    answer = a_test(root, "Yo@Sinaloa.example", "--json")
    [dispatch] = answer.json["dispatches"]
    [path] = receipts(root)
    assert (dispatch["purpose"], Path(dispatch["receipt"])) == ("test", path)
    assert path.name == "20261123T180000Z-becas-r0-test.json"
    told = facts(path)
    assert (told["purpose"], told["state"], told["accepted"], told["to"]) == ("test", "finished", 1, "office")
    assert (told["sent_by"], "approved" in told, told["kind"]) == ("Ana Ruiz", False, "boletin")
    assert "@" not in path.read_text(encoding="utf-8")
    assert "yo" not in path.read_text(encoding="utf-8").casefold().split('"')


def test_a_test_of_an_approved_text_says_on_whose_word(office: Layout) -> None:
    root = office()
    approve(root)
    assert a_test(root, ANYBODY).code == 0
    told = facts(receipts(root)[0])
    assert (told["revision"], told["approved"]["by"], told["to"]) == (1, "Ana", "other")


def test_nobody_counts_as_having_what_was_tested(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(segments=["media", "radio"])})
    assert comsoc(root, "approve", "becas").code == 0
    assert a_test(root, MESA).code == 0
    assert comsoc(root, "list", "--json").json["releases"][0]["status"] == "approved"
    assert comsoc(root, "status", "--verify", "--json").json["receipts"] == 0
    assert comsoc(root, "approve", "becas", "--withdraw").code == 0, "it fixes no revision"
    (root / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    assert comsoc(root, "approve", "becas", "--json").json["revision"] == 1
    assert comsoc(root, *SEND, "--json").json["dispatches"][0]["accepted"] == 3
    assert comsoc(root, "status", "--verify").code == 0


def test_a_damaged_receipt_of_a_test_holds_no_send_and_is_told_by_verify(office: Layout) -> None:
    root = office()
    assert comsoc(root, "approve", "becas").code == 0
    assert a_test(root, YO).code == 0
    receipts(root)[0].write_text("{", encoding="utf-8")
    assert comsoc(root, *SEND).code == 0
    assert "receipt_damaged" in comsoc(root, "status", "--verify", "--json").out


def test_the_audit_has_tests_as_tests(office: Layout) -> None:
    root = office()
    assert a_test(root, YO).code == 0
    [entry] = comsoc(root, "status", "--audit", "--json").json["sent"]
    assert (entry["purpose"], entry["revision"], entry["kind"], entry["words"]) == ("test", None, "boletin", [])
    shown = comsoc(root, "status", "--audit", lang="es").out
    assert "prueba" in shown
    assert "Ana Ruiz" in shown


def test_a_test_within_a_blackout_has_its_reason_in_the_receipt(office: Layout) -> None:
    veda = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-12-06\nhide_site = false\n'
    root = office({"comsoc.toml": SETTINGS + veda})
    assert a_test(root, YO, "--despite-blackout", "Alerta de  lluvias").code == 0
    told = facts(receipts(root)[0])
    assert (told["overridden"], told["reasons"]) == (["blackout"], {"blackout": "Alerta de lluvias"})
