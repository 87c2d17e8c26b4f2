"""The headers that are a person's own, byte for byte: whoever receives much mail reads them by machine."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.settings import Sender
from comsoc_cli.office.settings import read_settings
from comsoc_cli.rendering.heading import (
    heading,
    list_headers,
    message_id,
    on_the_wire,
    return_path,
    token_of,
    unsubscribe_address,
)

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ID = "<0123456789abcdef0123456789abcdef@sinaloa.example>"
TOKEN = "0123456789abcdef0123456789abcdef"


def a_sender(**changes: Any) -> Sender:
    return Sender(**{"name": "Prensa", "email": "prensa@sinaloa.example", **changes})


def listed(sender: Sender, **changes: Any) -> bytes:
    values: dict[str, Any] = {"slug": "becas-2027", "purpose": Purpose.RELEASE, "segment": "media", "token": TOKEN}
    return list_headers(sender, **{**values, **changes})


def to(name: str, address: str = "ana@diario.example") -> str:
    """The lines of To."""
    head = heading(address=address, name=name, message_id=ID, date=AT)
    return head.decode("utf-8").partition("\r\nDate: ")[0]


# The list


def test_without_an_address_for_one_click_a_mail_ends_it() -> None:
    assert listed(a_sender()) == (
        b"List-ID: <media.sinaloa.example>\r\n"
        b"List-Unsubscribe: <mailto:prensa@sinaloa.example?subject=BAJA>\r\n"
        b"Feedback-ID: becas-2027:media:release:sinaloa-example\r\n"
    )


def test_with_an_address_for_one_click_it_comes_first_and_says_so() -> None:
    sender = a_sender(reply_to="boletines+bajas@sinaloa.example", unsubscribe_url="https://baja.sinaloa.example/u")
    assert listed(sender, purpose=Purpose.KILL, segment="Fuente acreditada") == (
        b"List-ID: <fuente-acreditada.sinaloa.example>\r\n"
        b"List-Unsubscribe: <https://baja.sinaloa.example/u?d=0123456789abcdef0123456789abcdef>,"
        b" <mailto:boletines+bajas@sinaloa.example?subject=BAJA>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        b"Feedback-ID: becas-2027:fuente-acreditada:kill:sinaloa-example\r\n"
    )


def test_somebody_in_no_segment_is_on_the_list_of_the_press() -> None:
    assert b"List-ID: <prensa.sinaloa.example>\r\n" in listed(a_sender(), segment="")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://x.example/u", f"https://x.example/u?d={TOKEN}"),
        ("https://x.example/u?lista=1", f"https://x.example/u?lista=1&d={TOKEN}"),
        ("https://x.example/u/{token}", f"https://x.example/u/{TOKEN}"),
        ("https://x.example/u/{token}/baja?l=1", f"https://x.example/u/{TOKEN}/baja?l=1"),
        ("https://x.example/u?quien={token}&l=1", f"https://x.example/u?quien={TOKEN}&l=1"),
        ("", "mailto:prensa@sinaloa.example?subject=BAJA"),
    ],
)
def test_the_address_to_unsubscribe_names_the_delivery(url: str, address: str) -> None:
    sender = a_sender(unsubscribe_url=url)
    assert unsubscribe_address(sender, TOKEN) == address
    assert f"<{address}>".encode() in listed(sender)


@pytest.mark.parametrize("reply_to", ["o'hara&co@x.example", "a%b@x.example", "a?b@x.example", "a#b@x.example"])
def test_an_address_in_a_link_is_encoded_where_it_must_be(reply_to: str) -> None:
    address = unsubscribe_address(a_sender(reply_to=reply_to), TOKEN)
    assert re.fullmatch(r"mailto:[A-Za-z0-9@.%+-]+\?subject=BAJA", address)


@pytest.mark.parametrize("url", ["https://x.example/" + "largo/" * 100, "https://x.example/?" + "a=%20&" * 60])
def test_every_header_of_the_list_is_one_line_however_long(url: str) -> None:
    lines = listed(a_sender(unsubscribe_url=url, reply_to=f"{'a' * 60}@x.example")).split(b"\r\n")
    assert [line.partition(b":")[0] for line in lines] == [
        b"List-ID",
        b"List-Unsubscribe",
        b"List-Unsubscribe-Post",
        b"Feedback-ID",
        b"",
    ]
    assert url.encode() in lines[1]
    assert b"=?" not in lines[1]
    assert max(map(len, lines)) < 998


@given(segment=st.text(max_size=200))
@settings(deadline=None)
def test_any_segment_has_a_label_that_can_stand_in_a_domain(segment: str) -> None:
    head = listed(a_sender(), segment=segment)
    found = re.match(rb"List-ID: <([a-z0-9-]{1,63})\.sinaloa\.example>\r\n", head)
    assert found
    assert b"Feedback-ID: becas-2027:" + found[1] + b":release:sinaloa-example\r\n" in head


@pytest.mark.parametrize(
    "domain", ["x.example", "prensa.gobierno.sinaloa.example", "xn--peasco-xwa.example", "a-b.c-d.example"]
)
def test_the_last_part_of_a_feedback_id_is_the_office_for_every_release(domain: str) -> None:
    sender = a_sender(email=f"prensa@{domain}")
    ids = [
        re.search(rb"Feedback-ID: ([^\r]+)\r\n", listed(sender, slug=slug, segment=segment))
        for slug, segment in (("becas", "media"), ("agua", "radio"))
    ]
    parts = [found[1].split(b":") for found in ids if found]
    assert [len(one) for one in parts] == [4, 4]
    assert parts[0][3] == parts[1][3]
    assert 5 <= len(parts[0][3]) <= 15


def test_a_token_says_nothing_but_which_delivery_it_is() -> None:
    made = message_id("becas", 1, Purpose.RELEASE, "ana@x.example", "x.example", b"clave")
    head = listed(a_sender(unsubscribe_url="https://baja.example/u"), token=token_of(made))
    for word in (b"ana", b"x.example", b"diario"):
        assert word not in head.replace(b"sinaloa.example", b"")
    assert re.fullmatch("[0-9a-f]{32}", token_of(made))


@pytest.mark.parametrize("address", ["prensa@peñasco.example", "señal@x.example"])
@pytest.mark.parametrize("key", ["email", "reply_to"])
def test_a_sender_beyond_ascii_is_refused_by_the_settings_or_has_a_list(tmp_path: Path, key: str, address: str) -> None:
    other = "" if key == "email" else 'email = "prensa@x.example"\n'
    text = f'[office]\nname = "P"\n[sender]\n{other}{key} = "{address}"\n'
    (tmp_path / "comsoc.toml").write_text(text, encoding="utf-8")
    found, problems = read_settings(tmp_path)
    if found is None:
        assert [problem.field for problem in problems] == [f"sender.{key}"]
    else:
        assert listed(found.sender).isascii()


# To, Date, Message-ID


def test_the_heading_is_these_lines() -> None:
    head = heading(address="ana@diario.example", name="Ana Ruiz", message_id=ID, date=AT, listed=b"List-ID: <x>\r\n")
    assert head == (
        b"To: Ana Ruiz <ana@diario.example>\r\n"
        b"Date: Mon, 23 Nov 2026 18:00:00 +0000\r\n"
        b"Message-ID: <0123456789abcdef0123456789abcdef@sinaloa.example>\r\n"
        b"List-ID: <x>\r\n"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "To: ana@diario.example"),
        ("Ruiz, Ana", 'To: "Ruiz, Ana" <ana@diario.example>'),
        ("Ana O'Hara", 'To: "Ana O\'Hara" <ana@diario.example>'),
        ('Ana "La Jefa" \\', 'To: "Ana \\"La Jefa\\" \\\\" <ana@diario.example>'),
        ("Ana <eva@x.example>", 'To: "Ana <eva@x.example>" <ana@diario.example>'),
        ("Peña", "To: =?utf-8?b?UGXDsWE=?= <ana@diario.example>"),
        ("  Ana \r\n Bcc: x@y.example\u2028", 'To: "Ana Bcc: x@y.example" <ana@diario.example>'),
        ("=?utf-8?q?a?=", 'To: "= ?utf-8?q?a?=" <ana@diario.example>'),
        ("Ana " * 13 + "Ruiz", f"To: {'Ana ' * 13}Ruiz\r\n <ana@diario.example>"),
        ("ñ" * 22, f"To: =?utf-8?b?{'w7HDscOx' * 7}?=\r\n =?utf-8?b?w7E=?=\r\n <ana@diario.example>"),
    ],
)
def test_a_name_is_written_in_the_simplest_way_that_keeps_it(name: str, line: str) -> None:
    assert to(name) == line


@given(name=st.text(max_size=300))
@settings(deadline=None)
def test_no_name_makes_a_line_that_is_too_long_or_a_header_of_its_own(name: str) -> None:
    first, *rest = to(name).split("\r\n")
    assert first.startswith("To: ")
    assert all(line.startswith(" ") and line.strip() for line in rest)
    assert max(map(len, [first, *rest])) <= 78
    assert "\n" not in "".join([first, *rest])
    for word in re.findall(r"=\?.*?\?=", to(name)):
        assert len(word) <= 75


@pytest.mark.parametrize("address", ["a\r\nBcc: b@x.example", "a@x.example\nBcc: b@x.example", "a\r@x.example"])
def test_an_address_with_a_line_break_is_not_written(address: str) -> None:
    with pytest.raises(ValueError):
        to("Ana", address)


def test_one_moment_is_written_in_the_zone_in_which_it_was_planned() -> None:
    """Else the same delivery would have other bytes in a process that wrote the moment in another zone before."""
    for hours, written in ((0, "18:00:00 +0000"), (-7, "11:00:00 -0700"), (1, "19:00:00 +0100")):
        date = AT.astimezone(timezone(timedelta(hours=hours)))
        head = heading(address="ana@x.example", name="", message_id=ID, date=date)
        assert f"Date: Mon, 23 Nov 2026 {written}\r\n".encode() in head


# Message-ID


def an_id(**changes: Any) -> str:
    values = {
        "slug": "becas",
        "revision": 1,
        "purpose": Purpose.RELEASE,
        "address": "ana@x.example",
        "domain": "prensa.example",
        "secret": b"clave",
    }
    return message_id(**{**values, **changes})


def test_a_message_id_is_the_same_at_every_try() -> None:
    assert an_id() == an_id() == "<cf6cd457fe64d6f7c8a446f2d8b6aabb@prensa.example>"


def test_message_ids_differ_by_release_revision_purpose_person_and_key_and_name_nobody() -> None:
    made = [
        an_id(),
        an_id(slug="agua"),
        an_id(revision=2),
        an_id(purpose=Purpose.KILL),
        an_id(address="bea@x.example"),
        an_id(secret=b"otra clave"),
        an_id(secret=b""),
        an_id(slug="becas\0", revision=11),
    ]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"<[0-9a-f]{32}@prensa\.example>", one) for one in made)
    assert token_of(made[0]) == made[0][1:33]


# The envelope


def test_bounces_go_to_the_sender_or_to_an_address_that_names_the_delivery() -> None:
    assert return_path(a_sender(), TOKEN) == "prensa@sinaloa.example"
    assert return_path(a_sender(verp=True), TOKEN) == f"prensa+{TOKEN}@sinaloa.example"
    tagged = a_sender(email="prensa+boletin@sinaloa.example", verp=True)
    assert return_path(tagged, TOKEN) == f"prensa+boletin+{TOKEN}@sinaloa.example"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ana@diario.example", "ana@diario.example"),
        ("Ana@Diario.Example", "Ana@Diario.Example"),
        ("ana@peñasco.example", "ana@xn--peasco-xwa.example"),
        ("ana@PEÑASCO.example", "ana@xn--peasco-xwa.example"),
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@xn--peasco-xwa.example", "ana@xn--peasco-xwa.example"),
        ("ana@例え.example", "ana@xn--r8jz45g.example"),
        ("señal@x.example", "señal@x.example"),
        ("señal@peñasco.example", "señal@peñasco.example"),
        ("ana@-ñ-.example", "ana@-ñ-.example"),
    ],
)
def test_an_address_is_in_ascii_wherever_its_local_part_is(address: str, written: str) -> None:
    assert on_the_wire(address) == written
    assert f" {written}" in to("", address)
