"""send --test: who may get a test of a text, and the receipt that it leaves."""

from datetime import timedelta

import pytest
from support.offices import CABINA, CONTACTS, MESA, SETTINGS, Layout, a_release
from support.standing import approve
from support.test_sends import ANYBODY, EMBARGO, MONDAY, goes, objected

from comsoc_cli.office.settings import read_settings


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
