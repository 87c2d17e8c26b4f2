"""Embargoes: who may have it before its hour, and who is told that the hour changed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.mail_server import MailServer
from support.offices import (
    MESA,
    PIXEL,
    SEND,
    SETTINGS,
    Layout,
    a_release,
    comsoc,
    messages,
)
from support.steps import (
    AFTER,
    CAMPAIGN,
    EMBARGOED,
    LATER,
    TO_HOLDERS,
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

# clocks


def test_who_got_it_while_a_clock_was_ahead_is_told_that_its_embargo_is_lifted(office: Layout) -> None:
    root = embargoed(office)
    done(comsoc(root, "send", "becas", "--segment", "acreditada", "--yes", now="2026-11-23T23:30:00+00:00"))
    done(comsoc(root, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(root, 1) == [MESA]


def test_a_translation_under_embargo_holds_the_whole_release(office: Callable[..., Path]) -> None:
    root = office({"releases/becas.en.md": a_release("English text.", embargo="2026-12-30 10:00")})
    comsoc(root, "approve", "becas")
    assert comsoc(root, *SEND).code == 3
    comsoc(root, "build")
    assert not (root / "dist/site/releases/becas").exists()


def test_under_embargo_only_those_who_may_have_it_get_it_and_the_site_has_no_trace(office: Layout) -> None:
    text = a_release(
        "Texto secreto.\n\n![Aula](foto.png)",
        embargo="2026-11-23 18:00",
        segments=["media", "acreditada"],
        images=[{"src": "foto.png", "alt": "Aula"}],
    )
    folder = office(
        with_settings(
            '\n[embargo]\nzones = ["America/Mexico_City"]\n',
            **{"releases/becas.md": None, "releases/becas/index.md": text, "releases/becas/foto.png": PIXEL + b"foto"},
        )
    )
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *SEND), "embargo", "media")
    done(comsoc(folder, "send", "--due", "--yes"))
    assert messages(folder) == []
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    [mail] = mails(folder)
    notice = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "18:00 horas, tiempo de Sinaloa (19:00, tiempo del centro del país)" in notice
    assert mail["subject"].startswith("EMBARGADO hasta lun 23 nov, 18:00 h Sinaloa | ")
    before = site(folder, LATER)
    assert mentions(before, "becas", "Arranca", "secreto", "foto", PIXEL + b"foto") == []
    after = site(folder, AFTER)
    assert mentions(after, "releases/becas")
    assert mentions(after, "EMBARGAD") == []


def test_an_embargo_is_lifted_early_and_everybody_who_holds_it_is_told(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    first = mails(folder)[0]["message-id"]
    answer = done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert "1" in answer.said
    notice = mails(folder)[-1]
    assert notice["subject"] == "EMBARGO LEVANTADO: Boletín 1 | Arranca el programa estatal de becas"
    assert notice["in-reply-to"] == first
    assert to(folder, 1) == ["mesa@diario.example"]
    assert mentions(site(folder, LATER), "releases/becas")
    done(comsoc(folder, *SEND, now=LATER))
    assert len(messages(folder)) == 2 + 2  # the one who has it is not written to again
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER), "not under embargo")


def test_an_embargo_is_moved_twice_and_each_time_everybody_is_told(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    held(comsoc(folder, "embargo", "becas", "--until", "2026-11-23 09:00", "--yes"), "has passed")
    assert comsoc(folder, "embargo", "becas", "--until", "pronto", "--yes").code == 2
    assert comsoc(folder, "embargo", "becas", "--yes").code == 2
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-24 08:00", "--yes"))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    assert len(messages(folder)) == 3
    assert subjects(folder)[-1].startswith("EMBARGO hasta mié 25 nov, 8:00 h Sinaloa: Boletín 1")
    held(comsoc(folder, *SEND, now=AFTER), "2026-11-25 08:00")
    assert mentions(site(folder, AFTER), "becas") == []
    assert done(comsoc(folder, "status", "--verify")).code == 0


def test_an_embargo_change_waits_for_a_yes_and_changes_nothing_without(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    assert comsoc(folder, "embargo", "becas", "--lift").code == 2
    assert not (folder / "approved/becas/embargo.yaml").exists()


def test_no_embargo_is_added_after_it_was_sent_without_one(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Se embarga"))
    edit(folder, "kind:", 'embargo: "2026-11-23 18:00"\nkind:')
    held(comsoc(folder, "approve", "becas"), "without an embargo")
    edit(folder, 'embargo: "2026-11-23 18:00"\n', "")
    done(comsoc(folder, "approve", "becas"))


def test_an_embargoed_release_is_corrected_and_keeps_its_embargo(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    edit(folder, "2026-11-23 18:00", "2026-11-23 12:00")
    held(comsoc(folder, "approve", "becas"), "keeps the embargo")
    edit(folder, "2026-11-23 12:00", "2026-11-23 18:00")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    mail = mails(folder)[-1]
    assert mail["subject"].startswith("EMBARGADO hasta lun 23 nov, 18:00 h Sinaloa | FE DE ERRATAS al Boletín 1 | ")
    assert mentions(site(folder, LATER), "becas") == []


def test_a_lifted_embargo_is_told_by_the_same_command_where_no_mail_went_out(office: Layout) -> None:
    folder = office(with_settings("", **{"releases/becas.md": EMBARGOED}))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    with MailServer() as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\n'
    (folder / "comsoc.toml").write_text(SETTINGS + smtp)
    assert comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER).code == 5
    (folder / "comsoc.toml").write_text(SETTINGS)
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(folder, 1) == ["mesa@diario.example"]
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER), "not under embargo")
    assert len(messages(folder)) == 2


def test_an_embargo_is_not_added_by_a_later_date_either(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Otra fecha"))
    edit(folder, "2026-11-23 10:00", "2026-11-30 10:00")
    held(comsoc(folder, "approve", "becas"), "later date")


def test_within_a_blackout_an_embargo_may_still_be_moved(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    with (folder / "comsoc.toml").open("a") as settings:
        settings.write(CAMPAIGN)
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    held(comsoc(folder, "embargo", "becas", "--lift", "--yes"), "Campañas")


def test_a_lifted_embargo_tells_nothing_of_a_correction_that_waits(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "send", "becas", "--segment", "acreditada", "--yes"))
    done(comsoc(folder, "correct", "becas", "--note", "Otro titular"))
    edit(folder, "Arranca el programa", "NO APROBADO")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "becas", "--withdraw"))
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert "NO APROBADO" not in mails(folder)[-1].as_string()


# embargoes


@pytest.mark.parametrize("change", [["--lift"], ["--until", "2026-11-23 14:00"]])
def test_an_embargo_that_is_approved_later_holds_whatever_became_of_an_earlier_one(
    office: Layout, change: list[str]
) -> None:
    folder = embargoed(office)
    done(comsoc(folder, "embargo", "becas", *change, "--yes"))
    edit(folder, "2026-11-23 18:00", "2026-11-27 18:00")
    done(comsoc(folder, "approve", "becas", "--yes"))
    held(comsoc(folder, *SEND, now=AFTER), "embargo until 2026-11-27")
    assert mentions(site(folder, AFTER), "becas") == []
    assert "embargo" in comsoc(folder, "list", "--json", now=AFTER).json["releases"][0]["objections"]
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes", now=LATER))
    assert to(folder, 1) == [MESA]


def test_a_correction_whose_text_bears_the_old_hour_keeps_the_embargo_as_it_was_moved(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    held(comsoc(folder, *SEND, now=AFTER), "2026-11-25 08:00")
    edit(folder, "2026-11-23 18:00", "2026-11-23 12:30")
    held(comsoc(folder, "approve", "becas"), "embargo")


def test_who_got_it_with_the_new_hour_is_not_told_of_it_again(office: Layout) -> None:
    folder = embargoed(office)
    edit(folder, "type: radio}", "type: radio, tags: [acreditado]}", "contacts.yaml")
    done(comsoc(folder, *TO_HOLDERS, "--limit", "1"))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-26 18:00", "--yes"))
    done(comsoc(folder, *TO_HOLDERS, now=LATER))
    held(comsoc(folder, "embargo", "becas", "--until", "2026-11-26 18:00", "--yes", now=LATER), "cannot end")
    assert len(messages(folder)) == 3
