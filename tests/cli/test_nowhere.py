"""Values that are the same though they are typed otherwise, contacts in no segment, and rules that look for nobody."""

from collections.abc import Callable
from pathlib import Path

from support.offices import comsoc

# On the screen

SLIP = """
segments:
  media: {title: Medios, where: {type: [prensa, radio]}}
contacts:
  - {email: a@x.example, type: prensa}
  - {email: b@x.example, name: Bea, type: prensa escrita}
"""


def test_every_place_that_looks_at_contacts_counts_them(office: Callable[..., Path]) -> None:
    root = office({"contacts.yaml": SLIP})
    comsoc(root, "approve", "becas")
    told = "1 contacto no está en ningún segmento: tipo “prensa escrita” 1 (¿quiso decir “prensa”?)."
    for words in (("contacts", "check"), ("check",), ("send", "becas", "--segment", "media", "--dry-run")):
        assert told in comsoc(root, *words, lang="es").said, words
        assert comsoc(root, *words, "--json").json["nowhere"] == 1, words
    answer = comsoc(root, "send", "becas", "--segment", "media", "--yes", "--json", lang="es")
    assert (answer.code, answer.json["nowhere"], told in answer.err) == (0, 1, True)


def test_they_are_listed(office: Callable[..., Path]) -> None:
    root = office({"contacts.yaml": SLIP})
    answer = comsoc(root, "contacts", "list", "--nowhere")
    assert "b@x.example" in answer.out
    assert "type: prensa escrita" in answer.out
    assert "a@x.example" not in answer.out
    listed = comsoc(root, "contacts", "list", "--nowhere", "--json").json["contacts"]
    assert [one["email"] for one in listed] == ["b@x.example"]
    assert comsoc(root, "contacts", "list", "--nowhere", "--segment", "media").code == 2


def test_who_is_in_no_segment_on_purpose_is_told_and_is_no_warning(office: Callable[..., Path]) -> None:
    answer = comsoc(office(), "contacts", "check", "--strict")
    assert answer.code == 0
    assert "type “municipio” 1." in answer.out
