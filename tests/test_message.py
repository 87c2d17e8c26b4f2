"""The bytes of a message: strict mail, one recipient, and for each person what was meant for them."""

import email
import html
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.texts import EVENT, a_text, approved, documents, with_picture

from comsoc_cli.model.delivery import Purpose, Recipient
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender
from comsoc_cli.office.contacts import UNPRINTABLE
from comsoc_cli.office.settings import read_settings
from comsoc_cli.rendering.mail import Attachment, Mail, Mails
from comsoc_cli.rendering.message import CompiledMessage, compiled, message_id
from comsoc_cli.rendering.slots import RecipientSlots, fill

SENDER = Sender(name="Comunicación Social", email="prensa@prensa.example", reply_to="respuestas@prensa.example")
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ID = "<0123456789abcdef@prensa.example>"
ANA = {"greeting": "Buen día, Ana Ruiz:", "name": "Ana Ruiz", "outlet": "El Diario", "address": "ana@diario.example"}
SLOTS = RecipientSlots()


def a_mail(**changes: Any) -> Mail:
    """A mail with every slot in both of its parts."""
    values: dict[str, Any] = {
        "language": "es-MX",
        "subject": "Boletín 41 | Arranca el programa de becas",
        "text": f"{SLOTS.greeting}\n\nTexto con ñ = é.\n.\nPara {SLOTS.name} de {SLOTS.outlet} <{SLOTS.address}>.\n",
        "html": f"<p>{SLOTS.greeting}</p>\n<p>&amp; ñ = é.</p>\n<p>{SLOTS.name}, {SLOTS.outlet}, {SLOTS.address}</p>\n",
        "links": {},
        **changes,
    }
    return Mail(**values)


def filled(
    message: CompiledMessage,
    slots: Mapping[str, str] = ANA,
    address: str = "ana@diario.example",
    name: str = "Ana Ruiz",
) -> bytes:
    return message.filled(address=address, name=name, message_id=ID, date=AT, slots=slots)


def parsed(data: bytes) -> EmailMessage:
    """The message as a strict reader takes it; every defect is a failure."""
    message = email.message_from_bytes(data, policy=SMTP.clone(raise_on_defect=True))
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
        for name, header in part.items():
            assert not getattr(header, "defects", ()), (name, header)
    return message


def part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body((subtype,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def people_in(data: bytes, header: str) -> list[tuple[str, str]]:
    """Names and addresses of a header, as a mail program reads them.

    By the standard library's older parser: the newer one puts a space where a long name was folded (RFC 2047, 6.2).
    """
    raw = email.message_from_bytes(data, policy=compat32)[header]
    return [(" ".join(str(make_header(decode_header(name))).split()), address) for name, address in getaddresses([raw])]


def a_message(**changes: Any) -> EmailMessage:
    return parsed(filled(compiled(a_mail(**changes), SENDER)))


def check_on_the_wire(data: bytes) -> None:
    """What RFC 5322 and RFC 5321 ask of the bytes."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert b"\0" not in data


# What everybody gets


def test_it_is_mail_without_a_defect() -> None:
    data = filled(compiled(a_mail(), SENDER))
    check_on_the_wire(data)
    message = parsed(data)
    assert message["Subject"] == "Boletín 41 | Arranca el programa de becas"
    assert str(message["From"]) == "Comunicación Social <prensa@prensa.example>"
    assert message["Reply-To"] == "respuestas@prensa.example"
    assert message["Message-ID"] == ID
    assert message["Date"].datetime == AT
    assert message["Content-Language"] == "es-MX"
    assert message["MIME-Version"] == "1.0"
    assert message["Auto-Submitted"] == "auto-generated"


def test_it_has_one_recipient_and_no_copies() -> None:
    message = a_message()
    assert [one.addr_spec for one in message["To"].addresses] == ["ana@diario.example"]
    assert len(message.get_all("To", [])) == 1
    for header in ("Cc", "Bcc", "Resent-To", "Resent-Cc"):
        assert header not in message


def test_no_header_stands_twice() -> None:
    names = [name.lower() for name in a_message(urgent=True).keys()]  # noqa: SIM118 - a message's keys repeat
    assert sorted(names) == sorted(set(names))


def test_text_and_html_are_what_was_written() -> None:
    message = a_message()
    assert message.get_content_type() == "multipart/alternative"
    assert part(message, "plain") == fill(a_mail().text, ANA)
    assert part(message, "html") == fill(a_mail().html, ANA, html.escape)


def test_a_name_stands_escaped_in_html_and_as_it_is_in_text() -> None:
    slots = {**ANA, "name": '<b>Ana & "Bea"</b>'}
    message = parsed(filled(compiled(a_mail(), SENDER), slots))
    assert '<b>Ana & "Bea"</b>' in part(message, "plain")
    assert "&lt;b&gt;Ana &amp; &quot;Bea&quot;&lt;/b&gt;" in part(message, "html")


def test_an_urgent_mail_says_so() -> None:
    assert "high" in str(a_message(urgent=True)["Importance"])
    assert "Importance" not in a_message()


def test_a_test_is_marked_in_its_subject() -> None:
    message = parsed(filled(compiled(a_mail(), SENDER, "[PRUEBA]")))
    assert message["Subject"] == "[PRUEBA] Boletín 41 | Arranca el programa de becas"


@pytest.mark.parametrize(
    "subject", ["ñ" * 300, "palabra " * 60, "a" * 900, "🦤 " * 80, 'con "comillas", comas; y <ángulos>']
)
def test_a_long_subject_comes_back_whole(subject: str) -> None:
    data = filled(compiled(a_mail(subject=subject), SENDER))
    check_on_the_wire(data)
    assert str(parsed(data)["Subject"]) == subject.strip()


@pytest.mark.parametrize(
    "reply_to",
    ["baja@prensa.example", "bajas-de-la-coordinacion-general-de-comunicacion-social@" + "muy-largo." * 12 + "example"],
)
def test_the_way_to_unsubscribe_is_written_as_it_is(reply_to: str) -> None:
    data = filled(compiled(a_mail(), Sender(name="Prensa", email="prensa@x.example", reply_to=reply_to)))
    assert f"\r\nList-Unsubscribe: <mailto:{reply_to}?subject=BAJA>\r\n".encode() in data
    check_on_the_wire(data)


@pytest.mark.parametrize(
    "sender",
    [
        Sender(name="", email="prensa@x.example"),
        Sender(name="Prensa, Sinaloa", email="prensa@x.example"),
        Sender(name='La "Coordinación" <General>', email="prensa@x.example"),
        Sender(
            name="Coordinación General de Comunicación Social, Gobierno del Estado de Sinaloa " * 2, email="p@x.example"
        ),
        Sender(name="Prensa", email="prensa+boletin@x.example"),
    ],
)
def test_any_sender_that_the_settings_take_can_send(sender: Sender) -> None:
    data = filled(compiled(a_mail(), sender))
    check_on_the_wire(data)
    [(name, address)] = people_in(data, "From")
    assert name == " ".join(sender.name.split())
    assert address.partition("@")[0] == sender.email.partition("@")[0]


@pytest.mark.parametrize("address", ["prensa@peñasco.example", "señal@x.example"])
@pytest.mark.parametrize("key", ["email", "reply_to"])
def test_a_sender_beyond_ascii_is_refused_by_the_settings_or_can_send(tmp_path: Path, key: str, address: str) -> None:
    other = "" if key == "email" else 'email = "prensa@x.example"\n'
    text = f'[office]\nname = "P"\n[sender]\n{other}{key} = "{address}"\n'
    (tmp_path / "comsoc.toml").write_text(text, encoding="utf-8")
    found, problems = read_settings(tmp_path)
    if found is None:
        assert [problem.field for problem in problems] == [f"sender.{key}"]
    else:
        check_on_the_wire(filled(compiled(a_mail(), found.sender)))


def test_the_same_mail_has_the_same_bytes() -> None:
    first = filled(compiled(a_mail(), SENDER))
    filled(compiled(a_mail(subject="Otro"), SENDER))
    assert filled(compiled(a_mail(), SENDER)) == first


def test_filling_for_others_changes_nothing() -> None:
    message = compiled(a_mail(), SENDER)
    first = filled(message)
    filled(message, {**ANA, "name": "Otra persona"}, "otra@x.example", "Otra persona")
    assert filled(message) == first


def test_a_line_that_looks_like_the_place_of_a_part_is_only_text() -> None:
    text = "comsoc-text-stands-here\n\ncomsoc-html-stands-here\n\n--=_comsoc\n\nFrom aquí\n.\n"
    message = a_message(text=text)
    assert part(message, "plain") == text
    assert part(message, "html") == fill(a_mail().html, ANA, html.escape)


@pytest.mark.parametrize("subject", ["comsoc-text-stands-here", "comsoc-html-stands-here"])
def test_a_subject_that_looks_like_the_place_of_a_part_is_only_a_subject(subject: str) -> None:
    message = a_message(subject=subject)
    assert message["Subject"] == subject
    assert part(message, "plain") == fill(a_mail().text, ANA)


@pytest.mark.parametrize(
    "text", ["", "\n", "a" * 3000, "ñ" * 3000, "fin con espacio \ny tab\t\n", "\n\n\nuno", "=41 =\n="]
)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    data = filled(compiled(a_mail(text=text), SENDER))
    check_on_the_wire(data)
    assert part(parsed(data), "plain").rstrip("\n") == text.rstrip("\n")


# What it carries


def test_attachments_and_pictures_come_back_as_they_were(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(out, "PNG")
    text = with_picture(tmp_path, out.getvalue(), "Texto.\n\n![Aula](foto.png)")
    mail = Mails(documents()).mail(approved(text), text, pdf=b"%PDF-1.7 de prueba")
    data = compiled(mail, SENDER).filled(address="a@x.example", name="", message_id=ID, date=AT, slots=ANA)
    check_on_the_wire(data)
    message = parsed(data)
    [attachment] = message.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("becas.pdf", "application/pdf")
    assert attachment.get_content() == b"%PDF-1.7 de prueba"
    pictures = [one for one in message.walk() if one.get_content_maintype() == "image"]
    assert [one.get_content() for one in pictures] == [out.getvalue()]
    cid = str(pictures[0]["Content-ID"]).strip("<>")
    assert f"cid:{cid}" in part(message, "html")


@pytest.mark.parametrize("name", ["año nuevo.pdf", "a" * 150 + ".pdf", 'con "comillas".pdf', "emoji 🦤.pdf"])
def test_an_attachment_keeps_its_name(name: str) -> None:
    data = filled(compiled(a_mail(attachments=(Attachment(name=name, type="application/pdf", data=b"x"),)), SENDER))
    check_on_the_wire(data)
    [attachment] = parsed(data).iter_attachments()
    assert attachment.get_filename() == name


def test_an_invitation_carries_its_calendar_entry() -> None:
    text = a_text(kind="invitacion", event=EVENT)
    mail = Mails(documents()).mail(approved(text, published=True), text)
    message = parsed(filled(compiled(mail, SENDER)))
    [attachment] = message.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"


def test_what_the_public_page_has_is_linked_and_not_attached() -> None:
    text = a_text()
    mail = Mails(documents()).mail(approved(text, published=True), text, pdf=b"%PDF")
    assert mail.attachments == ()
    assert "https://prensa.example/releases/becas/" in mail.text


# Recipients


@pytest.mark.parametrize("harm", ["Ana\r\nBcc: b@x.example", "Ana\nBcc: b@x.example", "Ana\rBcc: b@x.example"])
@pytest.mark.parametrize("place", ["name", "address", "slots"])
def test_no_value_makes_a_header_of_its_own(harm: str, place: str) -> None:
    slots = dict.fromkeys(ANA, harm) if place == "slots" else ANA
    name = harm if place == "name" else "Ana"
    address = f"{harm}@x.example" if place == "address" else "ana@x.example"
    try:
        data = filled(compiled(a_mail(), SENDER), slots, address, name)
    except ValueError:
        return
    message = parsed(data)
    assert "Bcc" not in message
    assert len(message["To"].addresses) == 1
    check_on_the_wire(data)


@pytest.mark.parametrize("harm", ["Uno\r\nBcc: b@x.example", "Uno\nBcc: b@x.example", "Uno\rBcc: b@x.example"])
def test_no_subject_makes_a_header_of_its_own(harm: str) -> None:
    try:
        message = a_message(subject=harm)
    except ValueError:
        return
    assert "Bcc" not in message


def test_an_address_beyond_ascii_is_written_in_utf8() -> None:
    data = filled(compiled(a_mail(), SENDER), address="señal@x.example", name="Señal")
    assert "To: Señal <señal@x.example>\r\n".encode() in data
    check_on_the_wire(data)


def test_a_recipient_without_a_name_is_only_an_address() -> None:
    assert b"\r\nTo: ana@diario.example\r\n" in b"\r\n" + filled(compiled(a_mail(), SENDER), name="")


def test_the_greeting_is_in_the_releases_language() -> None:
    mails, text = Mails(documents()), a_text()
    person = Recipient(key="a@x.example", address="a@x.example", name="Ana")
    assert mails.greetings(text, person)["greeting"] == "Buen día, Ana:"
    assert mails.greetings(a_text(language="en"), person)["greeting"] == "Good day, Ana:"
    assert "{" not in mails.greetings(text, Recipient(key="a", address="a@x.example"))["greeting"]


@pytest.mark.parametrize("name", ["{address}", "{}", "%s", "{{ 7 * 7 }}", "\\1"])
def test_a_name_is_never_taken_for_a_pattern(name: str) -> None:
    slots = Mails(documents()).greetings(a_text(), Recipient(key="a", address="a@x.example", name=name))
    assert slots["greeting"] == f"Buen día, {name}:"
    assert name in part(parsed(filled(compiled(a_mail(), SENDER), slots)), "plain")


def test_message_ids_differ_by_release_revision_purpose_and_person_and_name_nobody() -> None:
    made = [
        message_id("becas", 1, Purpose.RELEASE, "ana@x.example", "prensa.example"),
        message_id("agua", 1, Purpose.RELEASE, "ana@x.example", "prensa.example"),
        message_id("becas", 2, Purpose.RELEASE, "ana@x.example", "prensa.example"),
        message_id("becas", 1, Purpose.KILL, "ana@x.example", "prensa.example"),
        message_id("becas", 1, Purpose.RELEASE, "bea@x.example", "prensa.example"),
    ]
    assert len(set(made)) == len(made)
    assert made[0] == message_id("becas", 1, Purpose.RELEASE, "ana@x.example", "prensa.example")
    assert all(re.fullmatch(r"<[0-9a-f]{32}@prensa\.example>", one) for one in made)


# The fast way against the slow way


def built_for_one_person(mail: Mail, slots: Mapping[str, str], address: str, name: str) -> EmailMessage:
    """The slow way: one EmailMessage per person."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SENDER.name, addr_spec=SENDER.email)
    message["Reply-To"] = SENDER.reply_to
    local, _, domain = address.rpartition("@")
    message["To"] = Address(name, local, domain)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(AT)
    message["Message-ID"] = ID
    message.set_content(fill(mail.text, slots))
    message.add_alternative(fill(mail.html, slots, html.escape), subtype="html")
    return parsed(message.as_bytes())


NASTY = [
    "José Ángel Peña Ñañez",
    "🦤 Dodo 👩🏽‍🚀",
    "‏مكتب الصحافة",
    "משרד העיתונות",
    'Ana "La Jefa" Ruiz',
    "Ana <ana@otra.example>",
    "ana@otra.example, eva@otra.example",
    "Pérez, Juan; Ruiz: Ana",
    "a" * 300,
    "ñ" * 300,
    "Ñ" * 40 + ", " + "Ñ" * 40 + " <x@y.example>",
    "palabra " * 40,
    "\\",
    '"',
    ".",
    "=",
    "&amp; <b>",
    "\u200b\u00a0\u00ad",
    "e\u0301" * 50,
]
printable = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Co")) | st.sampled_from('"<>@,;:\\()=?_ .'),
    max_size=120,
).filter(lambda text: not UNPRINTABLE.search(text))
names = (st.sampled_from(NASTY) | printable | st.text(alphabet='ñÁ🦤, <>"@.a', max_size=250)).filter(
    lambda name: "=?" not in name  # the slow way decodes it; see the injection below
)


def with_examples(test: Any) -> Any:
    for name in NASTY:
        test = example(name=name)(test)
    return test


@with_examples
@given(name=names)
@settings(max_examples=60, deadline=None)
def test_the_fast_way_says_what_the_slow_way_says(name: str) -> None:
    name, outlet = name.strip(), name[::-1]
    mail, address = a_mail(), "ana@diario.example"
    slots = {"greeting": f"Buen día, {name}:", "name": name, "outlet": outlet, "address": address}
    data = filled(compiled(mail, SENDER), slots, address, name)
    check_on_the_wire(data)
    fast, slow = parsed(data), built_for_one_person(mail, slots, address, name)
    for header in ("From", "Reply-To", "To", "Subject", "Date", "Message-ID"):
        assert fast[header] == slow[header], header
    for subtype in ("plain", "html"):
        assert part(fast, subtype) == part(slow, subtype)


@with_examples
@given(name=names)
@settings(max_examples=60, deadline=None)
def test_any_name_leaves_one_recipient_with_that_name(name: str) -> None:
    name = " ".join(name.split())
    data = filled(compiled(a_mail(), SENDER), name=name)
    [found] = parsed(data)["To"].addresses
    assert found.addr_spec == "ana@diario.example"
    if "=?" not in name:  # who is called like an encoded word is shown decoded
        [(shown, address)] = people_in(data, "To")
        assert ("".join(shown.split()), address) == ("".join(name.split()), "ana@diario.example")


@given(
    text=st.text(
        alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Co", "Zl", "Zp")) | st.just("\n"), max_size=400
    )
)
@settings(max_examples=60, deadline=None)
def test_any_body_comes_back_as_it_was(text: str) -> None:
    data = filled(compiled(a_mail(text=text + f"\n{SLOTS.name}"), SENDER))
    check_on_the_wire(data)
    assert part(parsed(data), "plain").rstrip("\n") == f"{text}\nAna Ruiz"


def test_a_packaged_mail_is_the_same_either_way() -> None:
    text: Release = a_text("Uno con ñ.\n\n- dos\n- tres\n\n[Cuatro](https://x.example/?a=1&b=2)")
    mail = Mails(documents()).mail(approved(text, published=True), text)
    fast = parsed(filled(compiled(mail, SENDER)))
    slow = built_for_one_person(mail, ANA, "ana@diario.example", "Ana Ruiz")
    assert part(fast, "plain") == part(slow, "plain")
    assert part(fast, "html").rstrip("\n") == part(slow, "html").rstrip("\n")
