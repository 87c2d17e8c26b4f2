"""send --test: who may get a test of a text, and the receipt that it leaves."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.offices import CONTACTS, NOW, SETTINGS, Answer, a_release, comsoc, messages
from support.readings import Layout
from test_objections import approve

from comsoc_cli.model.problem import Objection
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office, read_settings
from comsoc_cli.office.vault import read_vault
from comsoc_cli.safeguards.standing import standing
from comsoc_cli.safeguards.test_send import addressee, addressee_objections

#: Monday 23 November 2026, 11:00 in Sinaloa.
MONDAY = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
EMBARGO = "2026-11-23 18:00"
MESA, CABINA = "mesa@diario.example", "cabina@radio.example"
ANYBODY = "quien.sea@fuera.example"
SEND = ("send", "becas", "--segment", "media", "--yes")


def a_test(root: Path, address: str, *words: str, now: str = NOW, lang: str = "en") -> Answer:
    return comsoc(root, "send", "becas", "--test", address, *words, now=now, lang=lang)


def receipts(root: Path) -> list[Path]:
    return sorted((root / "dispatches").glob("*.json"))


def facts(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def objected(root: Path, address: str, now: datetime = MONDAY) -> list[Objection]:
    """What holds a test of the desk's text to this address."""
    home = open_office(root)
    book, _ = read_contacts(home)
    where = standing("becas", read_desk(home), read_vault(home), home.settings.approval)
    to = addressee(address, home.settings, book, now)
    assert where.desk
    return addressee_objections(where, where.desk, to, settings=home.settings, now=now)


def goes(root: Path, address: str, now: datetime = MONDAY) -> bool:
    return not objected(root, address, now)


@pytest.mark.parametrize(
    "address",
    ["prensa@sinaloa.example", "PRENSA@Sinaloa.example", "yo@sinaloa.example", "guardia@sinaloa.example",
     "respuestas@sinaloa.example"],
)  # fmt: skip
@pytest.mark.parametrize("embargo", [None, EMBARGO])
def test_any_text_goes_to_the_offices_own_addresses(office: Layout, address: str, embargo: str | None) -> None:
    settings = SETTINGS.replace('email = "prensa@sinaloa.example"\nphone', 'email = "guardia@sinaloa.example"\nphone')
    settings += 'reply_to = "respuestas@sinaloa.example"\n'
    assert goes(office({"comsoc.toml": settings, "releases/becas.md": a_release(embargo=embargo)}), address)


@pytest.mark.parametrize("address", [ANYBODY, MESA, CABINA, "prensa+x@sinaloa.example", "otra@sinaloa.example"])
@pytest.mark.parametrize("embargo", [None, EMBARGO])
def test_a_draft_goes_to_nobody_else(office: Layout, address: str, embargo: str | None) -> None:
    root = office({"releases/becas.md": a_release(embargo=embargo, segments=["media", "acreditada"])})
    [one] = objected(root, address)
    assert (one.rule, address in str(one.message), "yo@sinaloa.example" in str(one.lifted_by)) == (
        "test_recipient", True, True,
    )  # fmt: skip


def test_what_is_approved_and_public_may_be_tried_anywhere(office: Layout) -> None:
    root = office()
    approve(root)
    assert goes(root, ANYBODY)
    (root / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    assert not goes(root, ANYBODY), "the text on the desk is another"


def test_a_vault_that_was_edited_has_approved_nothing(office: Layout) -> None:
    root = office()
    (approve(root) / "foto.jpg").write_bytes(b"")
    assert not goes(root, ANYBODY)


def test_under_embargo_an_approved_text_goes_to_contacts_who_may_have_it(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo=EMBARGO, segments=["media", "acreditada"])})
    approve(root)
    assert [goes(root, one) for one in (MESA, CABINA, ANYBODY)] == [True, False, False]
    assert goes(root, ANYBODY, MONDAY + timedelta(days=1))


def test_an_accreditation_that_has_ended_or_was_given_up_opens_nothing(office: Layout) -> None:
    contacts = CONTACTS.replace("tags: [acreditado]}", "tags: [acreditado], until: 2026-11-22}")
    root = office({"contacts.yaml": contacts, "releases/becas.md": a_release(embargo=EMBARGO)})
    approve(root)
    assert not goes(root, MESA)
    (root / "contacts.yaml").write_text(CONTACTS, encoding="utf-8")
    assert goes(root, MESA)
    suppressed = "suppressions:\n  - {email: mesa@diario.example, since: 2026-01-01}\n"
    (root / "suppressions.yaml").write_text(suppressed, encoding="utf-8")
    assert not goes(root, MESA)


def test_a_date_to_come_holds_a_test_to_others_as_an_embargo_does(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(date="2026-12-24 10:00")})
    approve(root)
    assert [goes(root, one) for one in (ANYBODY, CABINA, "yo@sinaloa.example")] == [False, False, True]


def test_test_to_holds_addresses_only(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS.replace("yo@sinaloa.example", "sinaloa.example")})
    settings, problems = read_settings(root)
    assert (settings, [one.field for one in problems]) == (None, ["sender.test_to"])


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
    assert a_test(root, "yo@sinaloa.example").code == 0
    receipts(root)[0].write_text("{", encoding="utf-8")
    assert comsoc(root, *SEND).code == 0
    assert "receipt_damaged" in comsoc(root, "status", "--verify", "--json").out


def test_the_audit_has_tests_as_tests(office: Layout) -> None:
    root = office()
    assert a_test(root, "yo@sinaloa.example").code == 0
    [entry] = comsoc(root, "status", "--audit", "--json").json["sent"]
    assert (entry["purpose"], entry["revision"], entry["kind"], entry["words"]) == ("test", None, "boletin", [])
    shown = comsoc(root, "status", "--audit", lang="es").out
    assert "prueba" in shown
    assert "Ana Ruiz" in shown


def test_a_test_within_a_blackout_has_its_reason_in_the_receipt(office: Layout) -> None:
    veda = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-12-06\nhide_site = false\n'
    root = office({"comsoc.toml": SETTINGS + veda})
    assert a_test(root, "yo@sinaloa.example", "--despite-blackout", "Alerta de  lluvias").code == 0
    told = facts(receipts(root)[0])
    assert (told["overridden"], told["reasons"]) == (["blackout"], {"blackout": "Alerta de lluvias"})
