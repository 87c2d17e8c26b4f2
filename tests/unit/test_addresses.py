"""Addresses: whoever is told at a glance is told the same as by the validator."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from comsoc_cli.model.contact import address_key
from comsoc_cli.office.addresses import NoAddress, is_address, normalised

_atoms = st.text(alphabet="abz09!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=30)
_labels = st.text(alphabet="abxn09-", min_size=1, max_size=30)
_odd = st.sampled_from(
    [
        "",
        "a" * 63,
        "a" * 64,
        "xn--peasco-xwa",
        "xn--nada",
        "ab--c",
        "-a",
        "a-",
        "A",
        "peñasco",
        "test",
        "local",
        "mx",
        "1",
    ]
)
_locals = st.lists(
    _atoms | st.sampled_from(["", "Mesa", "info", "INFO", "mesa ", '"mesa"', "ñ"]), min_size=1, max_size=3
)
_domains = st.lists(_labels | _odd, min_size=1, max_size=6)


def by_the_validator(text: str) -> str:
    """What the validator alone makes of it; "" if it is no address."""
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return ""
    return (found.ascii_email or found.normalized) if "." in found.ascii_domain else ""


def by_us(text: str) -> str:
    try:
        return normalised(text)
    except NoAddress:
        return ""


@given(local=_locals.map(".".join), domain=_domains.map(".".join), end=st.sampled_from(["", "\n", " ", "."]))
@example(local="a" * 64, domain="x.mx", end="")
@example(local="a" * 65, domain="x.mx", end="")
@example(local="a" * 249, domain="x.mx", end="")
@example(local="a" * 250, domain="x.mx", end="")
@example(local="a", domain=".".join(["a" * 49] * 5) + ".aa", end="")
@example(local="a", domain=".".join(["a" * 49] * 5) + ".aaa", end="")
def test_an_address_is_told_as_the_validator_tells_it(local: str, domain: str, end: str) -> None:
    text = f"{local}@{domain}{end}"
    assert by_us(text) == by_the_validator(text)


@pytest.mark.parametrize("name", ["arpa", "invalid", "local", "localhost", "onion", "test"])
def test_a_reserved_name_is_no_place_for_mail_but_a_name_like_it_is(name: str) -> None:
    assert not is_address(f"mesa@{name}")
    assert not is_address(f"mesa@correo.{name}")
    assert is_address(f"mesa@{name}.mx")
    assert is_address(f"mesa@correo.{name}s")


def test_two_mailboxes_that_only_german_takes_for_one_are_two() -> None:
    assert address_key("Straße@x.example") == "straße@x.example" != address_key("strasse@x.example")
    assert address_key(" MESA@X.Example ") == "mesa@x.example"
