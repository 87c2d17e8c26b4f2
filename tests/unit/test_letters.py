"""The letters of a release: one text for each language and variant, and for each person what is theirs."""

import html
import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from support.letters import AT, ONE_CLICK, SENDER, a_delivery, letters, parsed
from support.offices import lay_out
from support.texts import a_text

from comsoc_cli.delivery.letters import Sign
from comsoc_cli.delivery.signing import signer
from comsoc_cli.model.delivery import Outcome, Purpose
from comsoc_cli.rendering.templates import TemplateFault

USUAL = {"email.txt": "Texto usual\n", "email.html": "<p>Página usual</p>"}


ANA, BEA = a_delivery("Ana Ruiz"), a_delivery("Bea Peñ")


def parts(data: bytes) -> tuple[str, str]:
    """Text and HTML of a message."""
    bodies = [parsed(data).get_body((subtype,)) for subtype in ("plain", "html")]
    text, page = (str(body.get_content()).replace("\r\n", "\n").strip() for body in bodies if body)
    return text, page


# Variants


@pytest.mark.parametrize(
    ("segments", "variant", "says"),
    [
        (("media",), "media", "medios"),
        (("radio",), "radio", "radio"),
        (("media", "radio"), "media", "medios"),
        (("radio", "media"), "radio", "radio"),
        (("municipios", "radio", "media"), "radio", "radio"),
        (("municipios",), "", "usual"),
        ((), "", "usual"),
        (("Media",), "", "usual"),
        (("medi",), "", "usual"),
    ],
)
def test_a_person_gets_the_variant_of_the_first_segment_that_has_one(
    tmp_path: Path, segments: tuple[str, ...], variant: str, says: str
) -> None:
    """The segments of a recipient stand in the order in which the release names them."""
    files = {
        **USUAL,
        "email.media.txt": "Texto medios\n",
        "email.media.html": "<p>Página medios</p>",
        "email.radio.txt": "Texto radio\n",
        "email.radio.html": "<p>Página radio</p>",
    }
    made = letters(tmp_path, files)
    person = replace(ANA, recipient=replace(ANA.recipient, segments=segments))
    assert made.variant(person.recipient) == variant
    text, page = parts(made.compose(person))
    assert text == f"Texto {says}"
    assert f"<p>Página {says}</p>" in page


def test_people_of_one_office_get_each_their_own_variant(tmp_path: Path) -> None:
    made = letters(tmp_path, {**USUAL, "email.media.txt": "Texto medios\n", "email.radio.txt": "Texto radio\n"})
    people = [("municipios",), ("municipios", "radio"), ("municipios", "media", "radio"), ("municipios",)]
    texts = [parts(made.compose(a_delivery("Ana", *segments)))[0] for segments in people]
    assert texts == ["Texto usual", "Texto radio", "Texto medios", "Texto usual"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("txt", ("Texto medios", "<p>Página usual</p>")), ("html", ("Texto usual", "<p>Página medios</p>"))],
)
def test_a_variant_of_one_part_leaves_the_other_as_usual(tmp_path: Path, kind: str, expected: tuple[str, str]) -> None:
    own = {"email.media.txt": "Texto medios\n", "email.media.html": "<p>Página medios</p>"}
    made = letters(tmp_path, {**USUAL, f"email.media.{kind}": own[f"email.media.{kind}"]})
    text, page = parts(made.compose(ANA))
    assert text == expected[0]
    assert expected[1] in page


def test_a_variant_may_extend_the_packaged_mail(tmp_path: Path) -> None:
    extended = '{% extends "comsoc/email.html" %}{% block footer %}<tr><td>Pie para medios</td></tr>{% endblock %}'
    made = letters(tmp_path, {"email.media.html": extended})
    text, page = parts(made.compose(ANA))
    assert "Pie para medios" in page
    assert "Buen día, Ana Ruiz:" in page
    assert "Buen día, Ana Ruiz:" in text
    assert "Pie para medios" not in parts(made.compose(a_delivery("Bea", "radio")))[1]


@pytest.mark.parametrize("segment", ["../fuera", "a/b", "..", "a.b", "con espacio", ""])
def test_a_segment_whose_name_is_no_file_name_has_no_variant(tmp_path: Path, segment: str) -> None:
    files = {f"email.{segment}.txt": "Texto ajeno\n"} if segment in ("a.b", "con espacio", "a/b") else {}
    lay_out(tmp_path, {"fuera.txt": "Texto ajeno\n"})
    made = letters(tmp_path, {**USUAL, **files})
    assert parts(made.compose(a_delivery("Ana", segment)))[0] == "Texto usual"


def test_each_language_has_its_text_in_the_variant(tmp_path: Path) -> None:
    text = a_text(translations=(a_text("In English.", language="en", headline="Scholarships begin"),))
    made = letters(tmp_path, {"email.media.txt": "{{ recipient.greeting }} {{ release.headline }}\n"}, text=text)
    english = replace(ANA, recipient=replace(ANA.recipient, language="en-US"))
    assert parts(made.compose(ANA))[0] == "Buen día, Ana Ruiz: Arranca el programa de becas"
    assert parts(made.compose(english))[0] == "Good day, Ana Ruiz: Scholarships begin"
    assert parsed(made.compose(english))["Content-Language"] == "en"


@pytest.mark.parametrize(
    "template",
    [
        "{% if recipient.name %}x{% endif %}",
        "{{ recipient.outlet or 'su medio' }}",
        "{% if recipient.outlet == 'El Diario' %}x{% endif %}",
        "{{ recipient.name|upper }}",
        "{{ recipient.name[:1] }}",
        "{% if recipient.name is defined %}x{% endif %}",
        "{% if recipient.name ~ '' == 'Ana' %}x{% endif %}",
        "{{ 'x' if recipient.name ~ '' }}",
        "{{ (recipient.name ~ '') or 'su medio' }}",
        "{% set name %}{{ recipient.name }}{% endset %}{% if not name %}x{% endif %}",
        "{% if (recipient.outlet|string) is eq('Radio') %}x{% endif %}",
        "{% for one in [1] if recipient.name ~ '' %}x{% endfor %}",
        "{% set n = recipient.name ~ '' %}{% include 'other.txt' %}",
        "{% from 'macros.txt' import g %}{{ g(recipient.name ~ '!') }}",
        "{% from 'macros.txt' import g %}{{ g(recipient.name) }}",
        "{{ (recipient.name ~ '')|length }}",
        "{{ {'a': 1}.get(recipient.name ~ '', 'otro') }}",
        "{{ (recipient.name ~ '').startswith('A') }}",
        "{{ [recipient.name ~ '']|select('equalto', 'Ana')|list|length }}",
        "{% set name %}{{ recipient.name }}{% endset %}{{ name.startswith('A') }}",
        "{% set name %}{{ recipient.name }}{% endset %}{{ {'a': 1}.get(name, 'otro') }}",
        "{{ recipient.name|e|length }}",
    ],
)
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_variant_in_which_a_recipient_decides_something_is_told_and_nobody_gets_it(
    tmp_path: Path, kind: str, template: str
) -> None:
    others = {
        "other.txt": "{% if n == 'Ana' %}x{% endif %}",
        "macros.txt": "{% macro g(n) %}{{ n|length }}{% endmacro %}",
    }
    made = letters(tmp_path, {**USUAL, **others, f"email.media.{kind}": f"\n{template}"})
    with pytest.raises(TemplateFault) as refusal:
        made.prepare([a_delivery("Bea", "radio").recipient, ANA.recipient])
    sentence = str(refusal.value.message)
    assert f"templates/email.media.{kind}" in sentence or "templates/macros.txt" in sentence
    assert "variant" in sentence


@pytest.mark.parametrize(
    "template",
    [
        "Para {{ recipient.name }}.",
        "{% set who %}Para {{ recipient.name }}.{% endset %}{{ who }}",
        "{% macro g(n) %}Para {{ n }}.{% endmacro %}{{ g(recipient.name) }}",
    ],
)
@pytest.mark.parametrize("kind", ["txt", "html"])
def test_what_is_kept_under_a_name_is_printed_for_each(tmp_path: Path, kind: str, template: str) -> None:
    made = letters(tmp_path, {**USUAL, f"email.media.{kind}": template + "\n"})
    named = a_delivery("Ana <b> & Cía")
    made.prepare([named.recipient])
    found = parts(made.compose(named))[kind == "html"]
    assert (html.escape("Para Ana <b> & Cía.") if kind == "html" else "Para Ana <b> & Cía.") in found


def test_a_fault_in_a_variant_that_nobody_gets_is_no_obstacle(tmp_path: Path) -> None:
    made = letters(tmp_path, {**USUAL, "email.radio.txt": "{{ nada }}"})
    made.prepare([ANA.recipient])
    assert parts(made.compose(ANA))[0] == "Texto usual"


# Compiled once


def test_letters_differ_only_in_what_is_a_persons_own(tmp_path: Path) -> None:
    made = letters(tmp_path, sender=ONE_CLICK)
    one, other = a_delivery("Ana Ruiz"), a_delivery("Eva Diaz")
    swapped, expected = (made.compose(delivery).replace(b"=\r\n", b"") for delivery in (one, other))
    for ours, theirs in (
        (b"Ana Ruiz", b"Eva Diaz"),
        (b"ana@diario", b"eva@diario"),
        (one.message_id[1:33].encode(), other.message_id[1:33].encode()),
    ):
        assert ours in swapped
        swapped = swapped.replace(ours, theirs)
    assert swapped == expected


def test_what_was_prepared_needs_no_file_any_more(tmp_path: Path) -> None:
    """Templates and attachments are read once for each language and variant, and not for each person."""
    attachment = tmp_path / "tabla.csv"
    attachment.write_bytes(b"a,b\r\n1,2\r\n")
    text = a_text(attachments=("tabla.csv",), files={"tabla.csv": attachment})
    files = {**USUAL, "email.media.txt": "Para {{ recipient.name }}\n"}
    made = letters(tmp_path, files, text=text)
    made.prepare([ANA.recipient, BEA.recipient])
    before = made.compose(ANA)
    attachment.unlink()
    for name in files:
        (tmp_path / "templates" / name).unlink()
    assert made.compose(ANA) == before
    message = parsed(made.compose(BEA))
    assert [one.get_content() for one in message.iter_attachments()] == ["a,b\r\n1,2\r\n"]
    assert parts(made.compose(BEA))[0] == "Para Bea Peñ"


def test_many_threads_may_compose_what_was_prepared(tmp_path: Path) -> None:
    made = letters(tmp_path, {"email.radio.txt": "Radio: {{ recipient.name }}\n"}, sender=ONE_CLICK)
    many = [a_delivery(f"P{number} Ñáñez", "media" if number % 2 else "radio") for number in range(200)]
    made.prepare([delivery.recipient for delivery in many])
    one_by_one = [made.compose(delivery) for delivery in many]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(made.compose, many)) == one_by_one


def test_a_letter_is_the_same_at_every_try_and_in_every_process(tmp_path: Path) -> None:
    first = letters(tmp_path, sender=ONE_CLICK).compose(ANA)
    again = replace(ANA, tries=3, outcome=Outcome.DEFERRED, reply="450 later", at=AT.replace(hour=20))
    assert letters(tmp_path, sender=ONE_CLICK).compose(again) == first


def test_the_mark_of_a_test_stands_in_every_variant(tmp_path: Path) -> None:
    made = letters(tmp_path, {"email.media.txt": "x\n"}, subject_mark="[PRUEBA]")
    for delivery in (ANA, a_delivery("Bea", "radio")):
        assert parsed(made.compose(delivery))["Subject"].startswith("[PRUEBA] ")


def test_the_size_is_about_that_of_a_letter(tmp_path: Path) -> None:
    made = letters(tmp_path)
    assert made.size(made.text(ANA.recipient)) == pytest.approx(len(made.compose(ANA)), rel=0.1)


# The way out


def links(page: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="([^"]*)"', page)]


@pytest.mark.parametrize("with_token", ["https://baja.example/u", "https://baja.example/{token}/u?l=1&m=2"])
def test_one_click_in_either_part_and_in_the_header_leads_to_the_same_place(tmp_path: Path, with_token: str) -> None:
    made = letters(tmp_path, sender=replace(SENDER, unsubscribe_url=with_token))
    for delivery in (ANA, BEA):
        data = made.compose(delivery)
        token = delivery.message_id[1:33]
        address = with_token.replace("{token}", token) if "{token}" in with_token else f"{with_token}?d={token}"
        text, page = parts(data)
        assert re.search(rf"(?m): {re.escape(address)}$", text)
        assert links(page).count(address) == 1
        assert f"\r\nList-Unsubscribe: <{address}>, <mailto:prensa@sinaloa.example?subject=BAJA>\r\n".encode() in data
        assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data


def test_without_one_click_there_is_no_such_link(tmp_path: Path) -> None:
    data = letters(tmp_path).compose(ANA)
    text, page = parts(data)
    assert "BAJA" in text
    assert "one click" not in text.lower() + page.lower()
    assert "clic" not in text + page
    assert ANA.message_id[1:33] not in text + page
    assert b"List-Unsubscribe-Post" not in data


@pytest.mark.parametrize(
    "link",
    [
        '<a class="link" href="{{ recipient.unsubscribe }}">x</a>',
        "<a class=link href={{ recipient.unsubscribe }}>x</a>",
        "<a class='link' href='{{ recipient.unsubscribe }}'>x</a>",
        '<a style="margin: 0" href="{{ recipient.unsubscribe }}">x</a>',
        '<a href="{{ recipient.unsubscribe }}" title="{{ recipient.name }}">x</a>',
    ],
)
def test_moving_the_styles_leaves_a_link_whole(tmp_path: Path, link: str) -> None:
    page = f"<html><head><style>a, .link {{ color: red }}</style></head><body><p>{link}</p></body></html>"
    made = letters(tmp_path, {"email.html": page, "email.txt": "x\n"}, sender=ONE_CLICK)
    shown = parts(made.compose(ANA))[1]
    assert links(shown) == [f"https://baja.sinaloa.example/u?lista=1&d={ANA.message_id[1:33]}"]
    assert "color: red" in shown
    assert "\ue0f0" not in shown


def test_a_template_may_print_the_way_out_without_one_click(tmp_path: Path) -> None:
    made = letters(tmp_path, {**USUAL, "email.txt": "Baja: {{ recipient.unsubscribe }}\n"})
    assert parts(made.compose(ANA))[0] == "Baja: mailto:prensa@sinaloa.example?subject=BAJA"


def test_a_letter_names_the_list_of_the_first_segment(tmp_path: Path) -> None:
    made = letters(tmp_path)
    message = parsed(made.compose(a_delivery("Ana", "Fuente acreditada", "media", purpose=Purpose.ERRATUM)))
    assert message["List-ID"] == "<fuente-acreditada.sinaloa.example>"
    assert message["Feedback-ID"] == "becas:fuente-acreditada:erratum:sinaloa-example"


# On the wire


def test_the_envelope_is_in_ascii_where_it_can_be_and_may_name_the_delivery(tmp_path: Path) -> None:
    beyond = replace(ANA, recipient=replace(ANA.recipient, address="ana@peñasco.example"))
    plain = letters(tmp_path).envelope(beyond)
    assert (plain.sender, plain.recipient) == ("prensa@sinaloa.example", "ana@xn--peasco-xwa.example")
    verp = letters(tmp_path, sender=replace(SENDER, verp=True)).envelope(ANA)
    assert (verp.sender, verp.recipient) == (f"prensa+{ANA.message_id[1:33]}@sinaloa.example", "ana@diario.example")


@pytest.mark.parametrize(
    ("address", "is_ascii"),
    [("ana@diario.example", True), ("ana@peñasco.example", True), ("señal@diario.example", False)],
)
def test_a_letter_is_in_ascii_unless_its_address_cannot_be(tmp_path: Path, address: str, is_ascii: bool) -> None:
    made = letters(tmp_path, sender=ONE_CLICK)
    delivery = replace(ANA, recipient=replace(ANA.recipient, address=address, name="Peña 🦤"))
    assert made.compose(delivery).isascii() is is_ascii
    assert made.envelope(delivery).recipient.isascii() is is_ascii


def a_signature(folder: Path) -> tuple[Sign, bytes]:
    """What signs, and the record with which a receiver verifies it."""
    key = rsa.generate_private_key(65537, 2048)
    path = folder / "dkim.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return signer("sinaloa.example", "comsoc", path).signed, b"v=DKIM1; k=rsa; p=" + b64encode(public)


def test_a_signed_letter_is_believed_with_its_list_headers_under_the_signature(tmp_path: Path) -> None:
    sign, record = a_signature(tmp_path)
    made = letters(tmp_path, sender=ONE_CLICK, sign=sign)
    zone = {b"comsoc._domainkey.sinaloa.example.": record}
    bare = letters(tmp_path, sender=ONE_CLICK).compose(ANA)
    data = made.compose(ANA)

    def believed(message: bytes) -> bool:
        return bool(dkim.verify(message, dnsfunc=lambda name, timeout: zone.get(name)))

    assert data.endswith(b"\r\n" + bare)
    assert believed(data)
    assert believed(made.compose(BEA))
    signature = re.sub(r"\s", "", str(parsed(data)["DKIM-Signature"]))
    tags = dict(tag.split("=", 1) for tag in signature.split(";"))
    listed = {"list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "to", "from", "message-id", "date"}
    assert listed <= set(tags["h"].lower().split(":"))
    assert tags["t"] == str(int(AT.timestamp()))
    assert made.compose(replace(ANA, tries=2)) == data, "the same at every try"
    for ours, theirs in ((b"One-Click", b"Two-Click"), (b"List-ID: <media", b"List-ID: <radio"), (b"?d=", b"?e=")):
        changed = data.replace(ours, theirs) if ours in data else data.replace(b"&d=", b"&e=", 1)
        assert changed != data
        assert not believed(changed)


@pytest.mark.parametrize("address", ["señal@diario.example", "ana@peñasco.example"])
@pytest.mark.parametrize("name", ["", "Peña, Ana", "ñ" * 200])
def test_any_letter_can_be_signed(tmp_path: Path, address: str, name: str) -> None:
    sign, record = a_signature(tmp_path)
    delivery = replace(ANA, recipient=replace(ANA.recipient, address=address, name=name))
    data = letters(tmp_path, sign=sign).compose(delivery)
    assert dkim.verify(data, dnsfunc=lambda name, timeout: record)
