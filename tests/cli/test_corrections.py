"""Corrections and additions: to everybody who has the text, and to nobody else."""

import re

import pytest
from support.offices import (
    CONTACTS,
    SEND,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import LATER, done, edit, held, mails, sent, site, subjects, to

# corrections


def test_a_correction_goes_to_everybody_who_has_the_first_text_and_to_nobody_else(office: Layout) -> None:
    folder = sent(office, {"contacts.yaml": CONTACTS})
    first = {mail["to"].addresses[0].addr_spec: mail["message-id"] for mail in mails(folder)}
    edit(folder, "type: radio}", "type: otro}", "contacts.yaml")  # the station left the segment
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    held(comsoc(folder, *SEND[:2], "--yes"), "changed after its approval")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    later = mails(folder)[3:]
    assert {mail["to"].addresses[0].addr_spec: mail["in-reply-to"] for mail in later} == first
    assert {mail["references"] for mail in later} == set(first.values())
    assert {mail["subject"] for mail in later} == {"FE DE ERRATAS al Boletín 1 | Arranca el programa estatal de becas"}
    text = " ".join(later[0].get_body(("plain",)).get_content().split())
    assert "DICE: “arranca hoy”. DEBE DECIR: “arranca en enero”." in text
    assert "arranca en enero en todo el estado" in text
    assert "nothing to send" in done(comsoc(folder, "send", "becas", "--yes")).said
    assert len(messages(folder)) == 6


def test_a_correction_never_goes_to_somebody_who_has_unsubscribed_and_segments_add_newcomers(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, "correct", "becas", "--note", "Se agrega el calendario de pagos", "--addition"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert to(folder, 3) == ["desk@wire.example", "mesa@diario.example"]
    done(comsoc(folder, "send", "becas", "--segment", "media", "--yes"))
    assert to(folder, 5) == ["nueva@radio.example"]
    assert subjects(folder)[-1].startswith("ALCANCE al Boletín 1 | ")


def test_the_page_says_what_was_corrected_and_the_feed_entry_is_the_same_one(office: Layout) -> None:
    folder = sent(office)
    before = site(folder, LATER)
    done(comsoc(folder, "correct", "becas", "--note", "La beca es trimestral", now=LATER))
    done(comsoc(folder, "approve", "becas", now=LATER))
    after = site(folder, LATER)
    ids = [re.findall(rb"<id>(.*?)</id>", found["feed.atom"]) for found in (before, after)]
    assert ids[0] == ids[1]
    assert b"13:00:00-07:00</updated>" in after["feed.atom"]
    page = after["releases/becas/index.html"].decode()
    assert "La beca es trimestral." in page
    assert "13:00 h" in page
    assert b"La beca es trimestral." in after["corrections/index.html"]
    assert b"trimestral" in after["releases/becas/ninjs.json"]


def test_a_trifle_is_corrected_and_nobody_is_written_to(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Una coma", "--minor"))
    edit(folder, "El programa arranca", "El programa, arranca")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    done(comsoc(folder, *SEND))
    assert len(messages(folder)) == 3
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, *SEND))
    assert to(folder, 3) == ["nueva@radio.example"]
    assert subjects(folder)[-1] == "Boletín 1 | Arranca el programa estatal de becas"


def test_what_nobody_has_is_not_corrected(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, "correct", "becas", "--note", "x"), "nobody has")
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, "correct", "becas", "--note", "x"), "nobody has")
    edit(folder, "kind:", "correction: {revision: 2, note: inventada}\nkind:")
    held(comsoc(folder, "approve", "becas"), "calls itself a correction")


def test_a_text_that_was_sent_is_replaced_by_a_correction_only(office: Layout) -> None:
    folder = sent(office)
    edit(folder, "El programa", "Otro programa")
    held(comsoc(folder, "approve", "becas"), "comsoc correct becas")
    done(comsoc(folder, "correct", "becas", "--note", "Era otro programa"))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, "correct", "becas", "--note", "x"), "approved and not sent yet")
    done(comsoc(folder, "send", "becas", "--yes"))
    done(comsoc(folder, "correct", "becas", "--note", "Y otra vez"))
    assert (folder / "releases/becas.md").read_text().count("correction:") == 1
    done(comsoc(folder, "approve", "becas"))
    assert comsoc(folder, "list", "--json").json["releases"][0]["revision"] == 3


@pytest.mark.parametrize(
    "words", [(), ("--said", "a"), ("--should", "b"), ("--said", "a", "--should", "b", "--addition")]
)
def test_half_a_correction_is_refused(office: Layout, words: tuple[str, ...]) -> None:
    folder = sent(office)
    before = (folder / "releases/becas.md").read_bytes()
    assert comsoc(folder, "correct", "becas", *words).code == 2
    assert (folder / "releases/becas.md").read_bytes() == before


def test_what_was_said_is_looked_for_wherever_else_it_stands(office: Layout) -> None:
    folder = sent(
        office,
        {
            "releases/becas.md": a_release("Son 48 mil estudiantes.", subhead="Apoyo para 48 mil estudiantes"),
            "releases/becas.en.md": a_release("They are 48 mil.", headline="Scholarships"),
        },
    )
    answer = comsoc(folder, "correct", "becas", "--said", "48 mil", "--should", "84 mil", "--json")
    left = [(one["path"], one["line"]) for one in answer.json["left"]]
    assert [name for name, _ in left] == ["releases/becas.md", "releases/becas.en.md"]
    lines = (folder / "releases/becas.md").read_text().split("\n")
    assert lines[left[0][1] - 1].startswith("subhead:")
    assert "Son 84 mil estudiantes." in lines


def test_words_that_were_never_sent_are_not_corrected(office: Layout) -> None:
    folder = sent(office)
    before = (folder / "releases/becas.md").read_text()
    answer = comsoc(folder, "correct", "becas", "--said", "arranca ayer", "--should", "arranca en enero")
    assert answer.code == 2
    assert "“arranca ayer” does not stand in the text" in answer.err
    assert (folder / "releases/becas.md").read_text() == before
    done(comsoc(folder, "correct", "becas", "--said", "El programa **arranca** hoy", "--should", "Arranca en enero"))


def test_a_plan_says_that_an_addition_adds(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--addition", "--note", "Se agregan dos fotografías"))
    done(comsoc(folder, "approve", "becas"))
    said = done(comsoc(folder, "send", "becas", "--yes")).said
    assert re.search(r"^Adds +Se agregan dos", said, re.MULTILINE)


def test_a_text_that_left_the_desk_comes_back_for_its_correction(office: Layout) -> None:
    folder = sent(office)
    (folder / "releases/becas.md").unlink()
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    assert "arranca en enero" in (folder / "releases/becas/index.md").read_text()
    done(comsoc(folder, "approve", "becas"))


def test_after_a_trifle_a_real_correction_can_be_opened(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Una coma", "--minor"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert len(messages(folder)) == 6


def test_whoever_missed_a_correction_learns_of_it_with_the_next(office: Layout) -> None:
    folder = sent(office, {"releases/becas.md": a_release("Son 48 mil becas de 500 pesos.")})
    for wrong, right, limit in (("500 pesos", "900 pesos", ["--limit", "1"]), ("48 mil", "84 mil", [])):
        done(comsoc(folder, "correct", "becas", "--said", wrong, "--should", right))
        done(comsoc(folder, "approve", "becas"))
        done(comsoc(folder, "send", "becas", "--yes", *limit))
    assert len(messages(folder)) == 3 + 1 + 3
    for number, mail in enumerate(mails(folder)[4:]):
        text = " ".join(mail.get_body(("plain",)).get_content().split())
        assert "DEBE DECIR: “84 mil”" in text
        missed = number > 0  # the first was sent the earlier correction
        assert ("Decía: “500 pesos”. Debe decir: “900 pesos”." in text) is missed
        assert ("El resto del boletín se mantiene igual" in text) is not missed
    told = done(comsoc(folder, "status", "becas")).out
    assert "correction" in told
    assert "text" in told


@pytest.mark.parametrize("matter", ["{revision: 2}", "{revision: 2, said: a}", "{revision: 2, note: ''}"])
def test_a_correction_that_says_nothing_is_not_approved(office: Layout, matter: str) -> None:
    folder = sent(office)
    edit(folder, "kind:", f"correction: {matter}\nkind:")
    held(comsoc(folder, "approve", "becas"), "does not say what it corrects")


def test_a_place_is_claimed_as_corrected_only_where_it_is(office: Layout) -> None:
    folder = sent(office, {"releases/becas.md": a_release("Son 48 becas y 48 aulas, desde 1984.")})
    answer = comsoc(folder, "correct", "becas", "--said", "48", "--should", "84", "--json")
    assert answer.json["replaced"] is False
    assert comsoc(folder, "correct", "becas", "--said", "48", "--should", "48").code == 2
