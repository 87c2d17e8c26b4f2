"""Wrong YAML: every fault in one run, each on the line where it is to be mended and in words that say how."""

from pathlib import Path

from support.offices import CONTACTS, SETTINGS, an_office, comsoc

BROKEN_BOOK = """
segments:
  media: {title: Medios, where: {type: prensa}}
  radio: {title: Radio
contacts:
  - {email: uno@diario.example, type: prensa}
  - email: dos@diario.example
    name: Ana: la jefa
  - email: tres@diario.example
    name Luis
  - {email: cuatro@diario.example, name: "Dora}
  - {email: no es un correo, type: prensa}
<<<<<<< HEAD
  - {email: cinco@diario.example, type: prensa}
=======
  - {email: seis@diario.example, type: prensa}
>>>>>>> origin/main
  - email: siete@diario.example
    email: ocho@diario.example
  - {email: nueve@diario.example, type: prensa}
"""


def test_a_broken_book_tells_every_fault_at_once_and_shows_who_can_be_read(tmp_path: Path) -> None:
    office = an_office(tmp_path, {"contacts.yaml": BROKEN_BOOK})
    checked = comsoc(office, "contacts", "check")
    assert checked.code == 1
    for line, words in {3: "bracket", 7: "quotation marks", 9: "colon", 10: "quotation mark", 11: "e-mail address",
                        12: "conflict", 18: "twice"}.items():  # fmt: skip
        assert any(f"contacts.yaml:{line} " in one and words in one for one in checked.out.splitlines()), checked.out
    shown = comsoc(office, "contacts", "list")
    assert "uno@diario.example" in shown.out
    assert "nueve@diario.example" in shown.out


def test_nobody_is_written_to_from_what_is_left_of_a_book(tmp_path: Path) -> None:
    office = an_office(tmp_path, {"contacts.yaml": CONTACTS.replace("outlet: El Diario", "outlet: El: Diario")})
    comsoc(office, "approve", "becas")
    sent = comsoc(office, "send", "becas", "--segment", "media", "--yes")
    assert sent.code != 0
    assert "contacts.yaml:6" in sent.err
    assert not (office / "outbox").exists()


def test_a_conflict_in_the_suppressions_is_told_and_nobody_is_written_to(tmp_path: Path) -> None:
    text = "suppressions:\n<<<<<<< HEAD\n  - {email: a@x.example}\n=======\n  - {email: b@x.example}\n>>>>>>> main\n"
    office = an_office(tmp_path, {"suppressions.yaml": text})
    comsoc(office, "approve", "becas")
    sent = comsoc(office, "send", "becas", "--segment", "media", "--yes", lang="es")
    assert sent.code != 0
    assert "suppressions.yaml:2" in sent.err
    assert "conflicto" in sent.err


def test_a_conflict_in_the_settings_and_in_an_approval_is_called_so(tmp_path: Path) -> None:
    office = an_office(tmp_path)
    comsoc(office, "approve", "becas")
    approval = office / "approved" / "becas" / "r1" / "approval.yaml"
    lines = approval.read_text(encoding="utf-8").splitlines()
    lines[1:2] = ["<<<<<<< HEAD", lines[1], "=======", lines[1] + "9", ">>>>>>> origin/main"]
    approval.write_text("\n".join(lines), encoding="utf-8")
    held = comsoc(office, "check")
    assert "approval.yaml:2" in held.said
    assert "conflict" in held.said
    settings = SETTINGS.replace("[sender]", "<<<<<<< HEAD\n[sender]\n=======\n>>>>>>> origin/main")
    (office / "comsoc.toml").write_text(settings.lstrip("\n"), encoding="utf-8")
    refused = comsoc(office, "list", lang="es")
    assert "comsoc.toml:11" in refused.err
    assert "conflicto" in refused.err
