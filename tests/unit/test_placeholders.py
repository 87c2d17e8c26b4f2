"""What `init` filled in and the office has not: it holds a send through a real mail server, and is named otherwise."""

import pytest
from support.texts import a_text, some_settings

from comsoc_cli.model.settings import OfficeSettings, PressContact, Sender, Settings, Smtp
from comsoc_cli.safeguards.placeholders import placeholder_objections, placeholders

FILLED_IN = Settings(
    office=OfficeSettings(name="Comunicación Social", url="https://prensa.sinaloa.gob.mx"),
    press_contacts={"prensa": PressContact(name="Atención", email="prensa@sinaloa.gob.mx", phone="667 758 7000")},
    sender=Sender(name="Comunicación Social", email="boletines@sinaloa.gob.mx"),
    kinds=some_settings().kinds,
)


def with_contact(**changes: str) -> Settings:
    return some_settings(
        office=FILLED_IN.office, sender=FILLED_IN.sender, press_contacts={"prensa": PressContact(name="P", **changes)}
    )


def found(settings: Settings, **changes: str) -> list[str]:
    return [one.field for one in placeholders(settings, a_text(**changes))]


def test_what_the_office_has_filled_in_is_none() -> None:
    assert found(FILLED_IN) == []


@pytest.mark.parametrize(
    "domain",
    [
        "prensa.example", "oficina.test", "x.invalid", "localhost", "correo.localhost", "example.com",
        "mail.example.org", "EXAMPLE.NET", "prensa.example.",
    ],
)  # fmt: skip
def test_a_domain_that_is_nobodys_is_one(domain: str) -> None:
    sender = Sender(name="P", email=f"prensa@{domain}")
    assert found(some_settings(office=FILLED_IN.office, press_contacts={}, sender=sender)) == ["sender.email"]


@pytest.mark.parametrize("domain", ["ejemplo.com", "example.com.mx", "myexample.com", "test.gob.mx", "contest", "mx"])
def test_a_domain_that_looks_alike_is_none(domain: str) -> None:
    sender = Sender(name="P", email=f"prensa@{domain}")
    assert found(some_settings(office=FILLED_IN.office, press_contacts={}, sender=sender)) == []


@pytest.mark.parametrize(
    "phone", ["667 000 0000", "(667) 000-0000", "+52 667 000 0000", "555 555 5555", "123 456 7890"]
)
def test_a_number_that_nobody_has_is_one(phone: str) -> None:
    assert found(with_contact(phone=phone)) == ["press_contacts.prensa.phone"]


@pytest.mark.parametrize("phone", ["", "667 758 7000", "667 000 0100", "800 000 1234", "911", "667 758 7000 ext. 1200"])
def test_a_number_that_somebody_may_have_is_none(phone: str) -> None:
    assert found(with_contact(phone=phone)) == []


def test_the_contact_that_the_release_names_counts() -> None:
    contacts = {
        "prensa": PressContact(name="P", email="a@prensa.example"),
        "salud": PressContact(name="S", email="a@salud.gob.mx"),
    }
    settings = some_settings(office=FILLED_IN.office, sender=FILLED_IN.sender, press_contacts=contacts)
    assert found(settings) == found(settings, contact="prensa") == ["press_contacts.prensa.email"]
    assert found(settings, contact="salud") == []


def test_pages_of_the_office_count() -> None:
    office = OfficeSettings(name="C", url="https://prensa.example", privacy_notice="https://oficina.test/aviso")
    sender = Sender(email="a@sinaloa.gob.mx", reply_to="b@example.org", unsubscribe_url="https://example.com/{token}")
    assert found(some_settings(office=office, sender=sender, press_contacts={})) == [
        "sender.reply_to", "office.url", "office.privacy_notice", "sender.unsubscribe_url",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "holds"),
    [
        ("smtp.sinaloa.gob.mx", True),
        ("10.0.0.7", True),
        ("localhost", False),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        (None, False),
    ],
)
def test_they_hold_a_send_through_a_server_of_another_machine(host: str | None, holds: bool) -> None:
    settings = some_settings(smtp=Smtp(host=host) if host else None)
    objected = list(placeholder_objections(a_text(), settings))
    assert bool(objected) is holds
    assert {one.rule for one in objected} <= {"placeholder"}
