"""The bytes of a message: strict mail, one recipient, and for each person what was meant for them."""

import email
import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.errors import NonASCIILocalPartDefect
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy, compat32
from email.utils import format_datetime, getaddresses
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from support.texts import EVENT, a_text, approved, documents, with_picture

from comsoc_cli.model.delivery import Purpose, Recipient
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender
from comsoc_cli.office.contacts import UNPRINTABLE
from comsoc_cli.office.settings import read_settings
from comsoc_cli.rendering.heading import list_headers
from comsoc_cli.rendering.mail import Attachment, Mail, Mails
from comsoc_cli.rendering.message import CompiledMessage, compiled
from comsoc_cli.rendering.slots import NAMES, RecipientSlots, fill

SENDER = Sender(name="Comunicación Social", email="prensa@prensa.example", reply_to="respuestas@prensa.example")
AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
ID = "<0123456789abcdef@prensa.example>"
TOKEN = ID[1:].partition("@")[0]
LEAVE = "https://baja.example/u?lista=1&d=" + TOKEN
ANA = {
    "greeting": "Buen día, Ana Ruiz:",
    "name": "Ana Ruiz",
    "outlet": "El Diario",
    "address": "ana@diario.example",
    "unsubscribe": LEAVE,
}
#: Every slot in both parts, with another one beside it, twice, and in an attribute.
TEXT = """{greeting}

Texto con ñ = é.
.
Para {name} de {outlet} <{address}>.
{name}{outlet} {name}
Baja: {unsubscribe}
"""
HTML = """<p>{greeting}</p>
<p>&amp; ñ = é.</p>
<p title="{name}">{name}, {outlet}, {address}</p>
<p><a style="color: red" href="{unsubscribe}">Baja</a>{name}{outlet}</p>
"""
SLOTS = {name: str(getattr(RecipientSlots, name)) for name in NAMES}


def a_mail(**changes: Any) -> Mail:
    """A mail with every slot in both of its parts."""
    values: dict[str, Any] = {
        "language": "es-MX",
        "subject": "Boletín 41 | Arranca el programa de becas",
        "text": TEXT.format(**SLOTS),
        "html": HTML.format(**SLOTS),
        "links": {},
        **changes,
    }
    return Mail(**values)


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
    "Ana\r\nBcc: otra@x.example",
    "Ana\nRuiz\u2028Peña\u2029\x85Ñ\x0b\x1c",
    "\u202eanA\u202c",
    "=?utf-8?q?Ana=0D=0ABcc:_otra@x.example?=",
    "x" * 41 + "ñ",
    "Ana " * 14 + "Ruiz",
    "",
]


def one_line(text: str) -> str:
    return " ".join(text.split())


def literally(name: str) -> str:
    """A name in a header: one line, and nothing in it is decoded."""
    return one_line(name).replace("=?", "= ?")


def the_list(sender: Sender, segment: str = "media", purpose: Purpose = Purpose.RELEASE) -> bytes:
    return list_headers(sender, slug="becas", purpose=purpose, segment=segment, token=TOKEN)


def filled(
    message: CompiledMessage,
    slots: Mapping[str, str] = ANA,
    address: str = "ana@diario.example",
    name: str = "Ana Ruiz",
    sender: Sender = SENDER,
) -> bytes:
    return message.filled(address=address, name=name, message_id=ID, date=AT, slots=slots, listed=the_list(sender))


def read(data: bytes, policy: Policy) -> Any:
    """A message whose headers may be in UTF-8 (RFC 6532), for which the standard library's readers take text."""
    head, end, body = data.partition(b"\r\n\r\n")
    return email.message_from_string(
        head.decode("utf-8") + (end + body).decode("ascii", "surrogateescape"), policy=policy
    )


def parsed(data: bytes) -> EmailMessage:
    """The message as a strict reader takes it; every defect is a failure."""
    message = read(data, SMTP.clone(raise_on_defect=True))
    assert isinstance(message, EmailMessage)
    # With SMTPUTF8, a local part beyond ASCII is no defect, though the standard library takes it for one.
    allowed = NonASCIILocalPartDefect if not data.partition(b"\r\n\r\n")[0].isascii() else ()
    for part in message.walk():
        assert part.defects == []
        for name, header in part.items():
            defects = [one for one in getattr(header, "defects", ()) if not isinstance(one, allowed)]
            assert not defects, (name, header)
    return message


def part(message: EmailMessage, subtype: str) -> str:
    found = message.get_body((subtype,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def people_in(data: bytes, header: str) -> list[tuple[str, str]]:
    """Names and addresses of a header, as a mail program reads them.

    By the standard library's older parser: the newer one puts a space where a long name was folded (RFC 2047, 6.2).
    """
    raw = read(data, compat32)[header]
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


def test_a_link_for_one_person_can_be_followed_from_either_part() -> None:
    message = a_message()
    assert f"Baja: {LEAVE}\n" in part(message, "plain")
    assert f'href="{html.escape(LEAVE)}"' in part(message, "html")


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
    sender = Sender(name="Prensa", email="prensa@x.example", reply_to=reply_to)
    data = filled(compiled(a_mail(), sender), sender=sender)
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
        *(Sender(name=one_line(name), email="prensa@x.example") for name in NASTY),
    ],
)
def test_any_sender_that_the_settings_take_can_send(sender: Sender) -> None:
    data = filled(compiled(a_mail(), sender), sender=sender)
    check_on_the_wire(data)
    [(name, address)] = people_in(data, "From")
    assert name == literally(sender.name)
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
        check_on_the_wire(filled(compiled(a_mail(), found.sender), sender=found.sender))


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


@pytest.mark.parametrize("kind", ["message/rfc822", "message/partial", "multipart/related", "text/plain", "video/mp4"])
def test_an_attachment_is_a_file_whatever_its_type(kind: str) -> None:
    content = "Subject: año\r\n\r\nhola\r\n.\r\n--x--\r\n".encode()
    data = filled(compiled(a_mail(attachments=(Attachment(name="anexo", type=kind, data=content),)), SENDER))
    check_on_the_wire(data)
    [attachment] = parsed(data).iter_attachments()
    assert attachment.get_filename() == "anexo"
    assert attachment.get_payload(decode=True) == content
    assert attachment.get_content_maintype() == ("application" if kind.startswith("m") else kind.partition("/")[0])


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
    assert " <señal@x.example>\r\n".encode() in data
    check_on_the_wire(data)
    [found] = parsed(data)["To"].addresses
    assert (found.display_name, found.addr_spec) == ("Señal", "señal@x.example")


def test_a_recipient_without_a_name_is_only_an_address() -> None:
    assert b"\r\nTo: ana@diario.example\r\n" in b"\r\n" + filled(compiled(a_mail(), SENDER), name="")


def test_the_greeting_is_in_the_releases_language() -> None:
    mails, text = Mails(documents()), a_text()
    person = Recipient(key="a@x.example", address="a@x.example", name="Ana")
    assert mails.forms(text).slots(person, LEAVE)["greeting"] == "Buen día, Ana:"
    assert mails.forms(a_text(language="en")).slots(person, LEAVE)["greeting"] == "Good day, Ana:"
    nobody = mails.forms(text).slots(Recipient(key="a", address="a@x.example"), LEAVE)
    assert "{" not in nobody["greeting"]
    assert all(nobody.values())


@pytest.mark.parametrize("name", ["{address}", "{}", "%s", "{{ 7 * 7 }}", "\\1", "\\g<0>", SLOTS["address"]])
def test_a_name_is_never_taken_for_a_pattern(name: str) -> None:
    slots = Mails(documents()).forms(a_text()).slots(Recipient(key="a", address="a@x.example", name=name), LEAVE)
    assert slots["greeting"] == f"Buen día, {name}:"
    assert name in part(parsed(filled(compiled(a_mail(), SENDER), slots)), "plain")


# The fast way against the slow way


@dataclass(frozen=True)
class Person:
    """Somebody to write to, with what is expected of their headers."""

    name: str = "Ana Ruiz"
    outlet: str = "El Diario"
    address: str = "ana@diario.example"
    on_the_wire: str = "ana@diario.example"
    segment: str = "media"
    label: str = "media"
    purpose: Purpose = Purpose.RELEASE
    url: str = ""  #: where one click ends it, in the settings
    leave: str = "mailto:respuestas@prensa.example?subject=BAJA"  #: and in the mail

    @property
    def sender(self) -> Sender:
        return replace(SENDER, unsubscribe_url=self.url)

    @property
    def slots(self) -> dict[str, str]:
        return {
            "greeting": f"Buen día, {self.name}:",
            "name": self.name,
            "outlet": self.outlet,
            "address": self.address,
            "unsubscribe": self.leave,
        }


def built_for_one_person(text: str, page: str, person: Person, subject: str = "") -> bytes:
    """The slow way: one EmailMessage per person, from a text in which nothing is left to be filled in."""
    # Nothing is folded: the standard library's own folding changes long names.
    message = EmailMessage(policy=SMTP.clone(max_line_length=10_000, utf8=not person.on_the_wire.isascii()))
    message["From"] = Address(SENDER.name, addr_spec=SENDER.email)
    message["Reply-To"] = SENDER.reply_to
    local, _, domain = person.on_the_wire.rpartition("@")
    message["To"] = Address(literally(person.name), local, domain)
    message["Subject"] = subject or a_mail().subject
    message["Date"] = format_datetime(AT)
    message["Message-ID"] = ID
    message["Auto-Submitted"] = "auto-generated"
    message["List-ID"] = f"<{person.label}.prensa.example>"
    by_mail = "<mailto:respuestas@prensa.example?subject=BAJA>"
    message["List-Unsubscribe"] = f"<{person.leave}>, {by_mail}" if person.url else by_mail
    if person.url:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Feedback-ID"] = f"becas:{person.label}:{person.purpose}:prensa-example"
    message.set_content(text)
    message.add_alternative(page, subtype="html")
    message["Content-Language"] = "es-MX"
    return message.as_bytes()


def filled_for(person: Person, mail: Mail) -> bytes:
    """The fast way."""
    message = compiled(mail, person.sender)
    listed = the_list(person.sender, person.segment, person.purpose)
    return message.filled(
        address=person.address, name=person.name, message_id=ID, date=AT, slots=person.slots, listed=listed
    )


def check_the_same(fast_way: bytes, slow_way: bytes) -> None:
    fast, slow = parsed(fast_way), parsed(slow_way)
    assert sorted(fast.keys()) == sorted(slow.keys())
    for header in ("From", "To"):
        assert people_in(fast_way, header) == people_in(slow_way, header)
    for header in set(slow.keys()) - {"From", "To", "Content-Type"}:  # a Content-Type names the boundary
        assert fast[header] == slow[header], header
    for subtype in ("plain", "html"):
        assert part(fast, subtype).rstrip("\n") == part(slow, subtype).rstrip("\n")


printable = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Co")) | st.sampled_from('"<>@,;:\\()=?_ .'),
    max_size=120,
).filter(lambda text: not UNPRINTABLE.search(text))
line_breaks = st.text(alphabet="aÑ \n\r\t\x0b\x85\u2028\u2029\xa0,", max_size=80)
names = st.sampled_from(NASTY) | printable | st.text(alphabet='ñÁ🦤, <>"@.a?=', max_size=250) | line_breaks
people = st.builds(
    lambda address, segment, leave, **more: Person(
        address=address[0],
        on_the_wire=address[1],
        segment=segment[0],
        label=segment[1],
        url=leave[0],
        leave=leave[1],
        **more,
    ),
    name=names,
    outlet=names,
    purpose=st.sampled_from(Purpose),
    address=st.sampled_from(
        [
            ("ana@diario.example", "ana@diario.example"),
            ("ana@peñasco.example", "ana@xn--peasco-xwa.example"),
            ("señal@x.example", "señal@x.example"),
            ("señal@peñasco.example", "señal@peñasco.example"),
            ("a" * 60 + "@" + "muy-largo." * 12 + "example", "a" * 60 + "@" + "muy-largo." * 12 + "example"),
            ("o'hara&co@x.example", "o'hara&co@x.example"),
        ]
    ),
    segment=st.sampled_from(
        [
            ("media", "media"),
            ("Fuente acreditada", "fuente-acreditada"),
            ("", "prensa"),
            ("radio y televisión del norte, del centro y del sur", "radio-y-television-del-norte-del-centro-y-del-sur"),
        ]
    ),
    leave=st.sampled_from(
        [
            ("", "mailto:respuestas@prensa.example?subject=BAJA"),
            ("https://baja.example/u", f"https://baja.example/u?d={TOKEN}"),
            ("https://baja.example/u?l=1&m=2", f"https://baja.example/u?l=1&m=2&d={TOKEN}"),
            (f"https://baja.example/{'largo/' * 30}{{token}}/", f"https://baja.example/{'largo/' * 30}{TOKEN}/"),
        ]
    ),
)


@given(person=people)
@settings(max_examples=100, deadline=None)
def test_the_fast_way_says_what_the_slow_way_says(person: Person) -> None:
    data = filled_for(person, a_mail())
    check_on_the_wire(data)
    assert person.on_the_wire.isascii() is data.isascii(), "SMTPUTF8 is for an address that needs it"
    values = {name: one_line(value) for name, value in person.slots.items()}
    text = TEXT.format(**values)
    page = HTML.format(**{name: html.escape(value) for name, value in values.items()})
    check_the_same(data, built_for_one_person(text, page, person))


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_the_fast_way_says_of_anybody_what_the_slow_way_says(name: str) -> None:
    person = Person(name=name, outlet=name[::-1])
    values = {name: one_line(value) for name, value in person.slots.items()}
    page = HTML.format(**{name: html.escape(value) for name, value in values.items()})
    check_the_same(filled_for(person, a_mail()), built_for_one_person(TEXT.format(**values), page, person))


@given(name=names)
@settings(max_examples=60, deadline=None)
def test_any_name_leaves_one_recipient_with_that_name(name: str) -> None:
    data = filled(compiled(a_mail(), SENDER), name=name)
    [found] = parsed(data)["To"].addresses
    assert found.addr_spec == "ana@diario.example"
    assert people_in(data, "To") == [(literally(name), "ana@diario.example")]


@given(
    text=st.text(
        alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Co", "Zl", "Zp")) | st.just("\n"), max_size=400
    )
)
@settings(max_examples=60, deadline=None)
def test_any_body_comes_back_as_it_was(text: str) -> None:
    data = filled(compiled(a_mail(text=text + f"\n{SLOTS['name']}"), SENDER))
    check_on_the_wire(data)
    assert part(parsed(data), "plain").rstrip("\n") == f"{text}\nAna Ruiz"


def test_a_packaged_mail_is_the_same_either_way() -> None:
    person = Person(url="https://baja.example/u", leave=f"https://baja.example/u?d={TOKEN}")
    text: Release = a_text("Uno con ñ.\n\n- dos\n- tres\n\n[Cuatro](https://x.example/?a=1&b=2)")
    mail = Mails(documents(sender=person.sender)).mail(approved(text, published=True), text)
    data = filled_for(person, mail)
    slow = built_for_one_person(
        fill(mail.text, person.slots), fill(mail.html, person.slots, html.escape), person, mail.subject
    )
    check_the_same(data, slow)
    fast = parsed(data)
    assert person.leave in part(fast, "plain")
    assert f'href="{html.escape(person.leave)}"' in part(fast, "html")


def test_headers_of_the_list_stand_on_one_line_each_and_unencoded() -> None:
    url = f"https://baja.example/{'largo/' * 60}"
    data = filled_for(Person(url=url), a_mail())
    check_on_the_wire(data)
    by_mail = "<mailto:respuestas@prensa.example?subject=BAJA>"
    assert f"\r\nList-Unsubscribe: <{url}?d={TOKEN}>, {by_mail}\r\n".encode() in data
