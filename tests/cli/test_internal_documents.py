"""Internal documents: what is for the government's own people never goes to the press."""

from support.internal import PEOPLE
from support.offices import SEND, SETTINGS, Layout, a_release, comsoc, messages
from support.standing import approve
from support.steps import LATER, done, edit, held, mentions, site


def test_a_kind_that_becomes_internal_keeps_its_receipts(office: Layout) -> None:
    root = office({"contacts.yaml": PEOPLE, "releases/becas.md": a_release(segments=["media", "gabinete"])})
    approve(root)
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0
    (root / "comsoc.toml").write_text(SETTINGS + '\n[kinds.boletin]\naudience = "internal"\n', encoding="utf-8")
    assert comsoc(root, "list", "--json").json["releases"][0]["status"] == "sent"
    refused = comsoc(root, "send", "becas", "--segment", "media", "--yes", lang="es")
    assert "Es un documento interno: no se envía a “Medios”. Segmentos internos: gabinete." in refused.err
    assert (refused.code, len(messages(root))) == (3, 3)
    kill = comsoc(root, "kill", "becas", "--reason", "Era interno", "--yes", "--json")
    assert (kill.code, kill.json["dispatches"][0]["accepted"]) == (0, 3), "a kill goes to who has it"


def test_urgent_does_not_send_it_to_the_press(office: Layout) -> None:
    root = office({"contacts.yaml": PEOPLE, "releases/becas.md": a_release(kind="tarjeta", segments=["gabinete"])})
    words = ("--segment", "media", "--urgent", "Piden la tarjeta", "--yes")
    assert comsoc(root, "send", "becas", *words).code == 3
    assert (messages(root), (root / "approved/becas").exists()) == ([], False)


def test_what_an_internal_document_said_is_told_to_nobody_by_a_later_kind(office: Layout) -> None:
    secret = "La auditoría encontró un faltante."
    root = office({
        "contacts.yaml": PEOPLE,
        "releases/becas.md": a_release(f"Hay reunión.\n\n{secret}", kind="tarjeta", segments=["gabinete"]),
    })  # fmt: skip
    done(comsoc(root, "approve", "becas"))
    done(comsoc(root, "send", "becas", "--segment", "gabinete", "--yes"))
    done(comsoc(root, "correct", "becas", "--note", "Cambia el día"))
    edit(root, secret, "")
    edit(root, '"tarjeta"', '"boletin"')
    edit(root, '["gabinete"]', '["media"]')
    comsoc(root, "approve", "becas", "--yes")
    held(comsoc(root, *SEND), "internal document", "comsoc new")
    done(comsoc(root, "build", "--only", "web"))
    assert mentions(site(root, LATER), "faltante") == []
    assert len(messages(root)) == 1
