"""What a correction says that it changed, held against what really changed."""

from email import message_from_bytes, policy
from pathlib import Path

from support.notices import BODY, REST
from support.offices import a_release, an_office, comsoc, messages

# The whole way


def test_who_has_the_first_text_and_who_has_the_second_are_each_told_what_changed_since(tmp_path: Path) -> None:
    contacts = """
    segments:
      media: {title: Medios, where: {type: prensa}}
      radio: {title: Radio, where: {type: radio}}
    contacts:
      - {email: mesa@diario.example, name: Mesa, type: prensa}
      - {email: cabina@radio.example, name: Cabina, type: radio}
    """
    text = a_release(BODY, segments=["media", "radio"])
    office = an_office(tmp_path, {"releases/becas.md": text, "contacts.yaml": contacts})
    path = office / "releases/becas.md"
    comsoc(office, "approve", "becas")
    comsoc(office, "send", "becas", "--segment", "media", "--yes")
    comsoc(office, "correct", "becas", "--note", "El horario es otro", "--minor")
    path.write_text(path.read_text().replace("9 a 15", "8 a 14"))
    comsoc(office, "approve", "becas", "--yes")
    comsoc(office, "send", "becas", "--segment", "radio", "--yes", now="2026-11-23T20:00:00+00:00")
    comsoc(office, "correct", "becas", "--said", "48 mil", "--should", "84 mil")
    assert comsoc(office, "approve", "becas", "--yes", now="2026-11-23T21:00:00+00:00").code == 0
    assert comsoc(office, "send", "becas", "--yes", now="2026-11-23T21:00:00+00:00").code == 0
    mails = [message_from_bytes(one, policy=policy.default) for one in messages(office)[-2:]]
    first, second = sorted(mails, key=lambda mail: str(mail["to"]), reverse=True)
    told = [" ".join(mail.get_body(("plain",)).get_content().split()) for mail in (first, second)]
    assert "enviado el 23 de noviembre a las 11:00 h, DICE: “48 mil”" in told[0]
    assert "También cambia: En el texto, DICE: “Las ventanillas abren de 9 a 15 horas" in told[0]
    assert REST not in told[0]
    assert "enviado el 23 de noviembre a las 13:00 h, DICE: “48 mil”" in told[1]
    assert REST in told[1]


def test_the_kit_shows_the_notice_before_the_correction_is_approved(tmp_path: Path) -> None:
    office = an_office(tmp_path, {"releases/becas.md": a_release(BODY)})
    comsoc(office, "approve", "becas")
    comsoc(office, "send", "becas", "--segment", "media", "--yes")
    comsoc(office, "correct", "becas", "--said", "48 mil", "--should", "84 mil")
    path = office / "releases/becas.md"
    path.write_text(path.read_text().replace("9 a 15", "8 a 14"))
    assert comsoc(office, "build", "becas", "--only", "email").code == 0
    mail = (office / "dist/press/becas/email.txt").read_text(encoding="utf-8")
    assert mail.startswith("=")
    assert "DICE: “48 mil”" in " ".join(mail.split())
    assert "También cambia" in mail
