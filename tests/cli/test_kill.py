"""Releases of no effect: everybody who may have it is told, or named for the telephone."""

import shutil

import pytest
from support.offices import (
    KILL,
    NOW,
    PIXEL,
    SEND,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import (
    CAMPAIGN,
    LATER,
    THURSDAY,
    done,
    edit,
    embargoed,
    held,
    mails,
    mentions,
    sent,
    site,
    subjects,
    to,
    with_settings,
)

# kills


def test_everybody_who_may_have_it_is_told_though_they_left_and_the_office_hears_whom_to_call(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    text = (folder / "contacts.yaml").read_text()
    (folder / "contacts.yaml").write_text("\n".join(line for line in text.splitlines() if "desk@wire" not in line))
    said = done(comsoc(folder, *KILL)).said
    assert to(folder, 3) == ["desk@wire.example", "mesa@diario.example"]
    assert subjects(folder)[-1] == "FAVOR DE OMITIR el Boletín 1 (queda sin efecto)"
    assert "Radio Costa: Cabina (unsubscribed or blocked)" in said
    assert not any("Arranca" in str(mail.get_body(("plain",)).get_content()) for mail in mails(folder)[3:])


def test_a_kill_of_what_has_no_number_says_in_the_mail_alone_what_it_is_about(office: Layout) -> None:
    text = a_release("Vengan.", headline="Arranca la feria", kind="invitacion",
                     event={"start": "2026-11-27 11:00", "place": "Plazuela"})  # fmt: skip
    folder = sent(office, {"releases/becas.md": text})
    done(comsoc(folder, *KILL))
    assert subjects(folder)[-1] == "SE CANCELA | vie 27 nov, 11:00 h, Plazuela | Arranca la feria"
    assert "Se trata de: Arranca la feria" in str(mails(folder)[-1].get_body(("plain",)).get_content())
    done(comsoc(folder, "build", "--only", "web"))
    assert mentions(site(folder, LATER), "Arranca la feria") == []


def test_a_program_reads_whom_to_call_as_a_person_does(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "contacts", "suppress", "cabina@radio.example", "--reason", "baja"))
    [call] = comsoc(folder, *KILL, "--json").json["telephone"]
    assert call == {
        "outlet": "Radio Costa",
        "name": "Cabina",
        "address": "cabina@radio.example",
        "reason": "suppressed",
        "many": 1,
    }
    assert comsoc(folder, *KILL, "--json").json["telephone"] == [call]


def test_no_approval_embargo_blackout_or_limit_delays_a_kill(office: Layout) -> None:
    folder = embargoed(office, CAMPAIGN.replace("2026-11-20", '"2026-11-23 11:30"'))
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    edit(folder, "El programa", "Otro programa")
    done(comsoc(folder, *KILL, now=LATER))
    assert to(folder, 1) == ["mesa@diario.example"]
    assert mentions(site(folder, LATER), "Boletín 1", "SIN EFECTO") == []  # it never was public


def test_a_killed_release_is_frozen_and_its_page_says_so_and_nothing_else(office: Layout) -> None:
    text = a_release("Texto falso.", images=[{"src": "foto.png", "alt": "Aula llena"}], topics=["educacion"])
    folder = sent(
        office,
        {"releases/becas.md": None, "releases/becas/index.md": text, "releases/becas/foto.png": PIXEL + b"foto"},
    )
    done(comsoc(folder, "build"))
    assert (folder / "dist/site/releases/becas/becas.pdf").exists()
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *SEND), "of no effect")
    held(comsoc(folder, "send", "becas", "--yes"), "of no effect")
    held(comsoc(folder, "approve", "becas"), "of no effect")
    held(comsoc(folder, "correct", "becas", "--note", "x"), "of no effect")
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes"), "not under embargo")
    done(comsoc(folder, "build"))
    files = site(folder, LATER)
    assert sorted(name for name in files if name.startswith("releases/")) == [
        "releases/becas/index.html",
        "releases/becas/ninjs.json",
    ]
    assert mentions(files, "Arranca", "Texto falso", "foto.png", PIXEL + b"foto", "Aula llena") == []
    for name in ("index.html", "releases/becas/index.html", "feed.atom", "feed.json", "corrections/index.html"):
        assert b"Sin efecto" in files[name], name
        # The front page has a line of each release; the reason stands behind it.
        assert (b"La cifra era falsa" in files[name]) is (name != "index.html"), name
    assert b'"canceled"' in files["releases/becas/ninjs.json"]
    assert b"releases/becas/" in files["sitemap.xml"]
    assert comsoc(folder, "list", "--json").json["releases"][0]["status"] == "killed"


def test_a_kill_of_what_is_killed_tells_nobody_twice(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *KILL), "nobody is left to be told")
    assert len(messages(folder)) == 6


def test_a_kill_of_what_nobody_ever_approved_is_refused_and_of_what_nobody_has_is_done(office: Layout) -> None:
    folder = office()
    held(comsoc(folder, *KILL), "never approved")
    done(comsoc(folder, "approve", "becas"))
    assert comsoc(folder, "kill", "becas", "--yes").code == 2  # without a reason
    assert comsoc(folder, "kill", "becas", "--reason", "x").code == 2  # nobody to ask
    done(comsoc(folder, *KILL))
    assert messages(folder) == []
    held(comsoc(folder, *SEND), "of no effect")


def test_a_mark_that_was_edited_by_hand_holds_the_release(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    edit(folder, "falsa", "cierta", "approved/becas/kill.yaml")
    held(comsoc(folder, *SEND), "approved/becas/kill.yaml")
    assert mentions(site(folder, LATER), "Arranca") == []


def test_a_mark_of_a_kill_that_cannot_be_read_is_written_anew(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, *KILL))
    (folder / "approved/becas/kill.yaml").write_text("<<<<<<< HEAD\n")
    held(comsoc(folder, "approve", "becas"), "cannot be read")
    held(comsoc(folder, "correct", "becas", "--note", "x"), "cannot be read")
    done(comsoc(folder, *KILL))
    held(comsoc(folder, *SEND), "of no effect")
    assert len(messages(folder)) == 6


def test_a_kill_reaches_whoever_has_a_revision_that_cannot_be_read_any_more(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(folder, "approve", "becas"))
    added = "  - {email: nueva@radio.example, type: radio}\n"
    (folder / "contacts.yaml").write_text((folder / "contacts.yaml").read_text() + added)
    done(comsoc(folder, "send", "becas", "--segment", "media", "--yes"))
    kept = folder.parent / "r2"
    shutil.copytree(folder / "approved/becas/r2", kept)
    (folder / "approved/becas/r2/approval.yaml").write_text("x")
    done(comsoc(folder, *KILL))
    assert "nueva@radio.example" in to(folder, 7)
    shutil.rmtree(folder / "approved/becas/r2")
    shutil.copytree(kept, folder / "approved/becas/r2")
    many = len(messages(folder))
    held(comsoc(folder, *KILL), "nobody is left to be told")
    assert len(messages(folder)) == many


# kills


def test_a_kill_without_the_vault_says_whom_to_call(office: Layout) -> None:
    folder = sent(office)
    shutil.rmtree(folder / "approved/becas")
    said = held(
        comsoc(folder, *KILL), "Telephone", "El Diario", "Radio Costa", "Wire", "git checkout -- approved/becas"
    )
    assert "nobody has it" not in said
    assert (folder / "approved/becas/kill.yaml").is_file()
    assert len(messages(folder)) == 3
    held(comsoc(folder, "approve", "becas"), "of no effect")


@pytest.mark.parametrize("how", ["hidden at the time", "a clock that was set back"])
def test_a_page_that_was_public_says_that_it_is_killed(office: Layout, how: str) -> None:
    hidden = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-24\nuntil = 2026-11-25\nhide_site = true\n'
    folder = sent(office, with_settings(hidden if how == "hidden at the time" else ""))
    assert mentions(site(folder, NOW), "releases/becas")
    killed = "2026-11-24T20:00:00+00:00" if how == "hidden at the time" else "2026-11-23T17:30:00+00:00"
    done(comsoc(folder, *KILL, now=killed))
    if how == "hidden at the time":
        assert mentions(site(folder, killed), "becas") == []
    after = site(folder, THURSDAY)
    assert mentions(after, "releases/becas/index.html")
    assert b"becas" in after["corrections/index.html"].lower()
