"""What a press officer reads: an office's own words are not said twice, and no server is named where there is none."""

import html
import re
from pathlib import Path

import pytest
from support.mail_server import MailServer
from support.offices import PIXEL, SETTINGS, Layout, a_release, comsoc, messages
from support.processes import on_a_terminal

LOGO = '[identity]\nlogo = "logo.png"\n'


def approved(office: Layout, settings: str = "", **files: str | bytes) -> Path:
    folder = office({"comsoc.toml": f"{SETTINGS}\n{settings}", **files})
    assert comsoc(folder, "approve", "becas", "--yes").code == 0
    return folder


def test_a_contact_called_like_its_title_is_named_once(office: Layout) -> None:
    folder = approved(office)
    assert comsoc(folder, "build").code == 0
    assert comsoc(folder, "send", "becas", "--segment", "media", "--yes").code == 0
    kit = folder / "dist/press/becas"
    for name in ("index.html", "email.html", "email.txt", "becas.txt"):
        text = (kit / name).read_text(encoding="utf-8")
        below = text[text.casefold().rindex("atención a medios") :]
        assert "Atención a medios: Atención a medios" not in text
        assert "<strong></strong>" not in below
        assert "667 000 0000" in html.unescape(below).replace("\xa0", " ")
    assert "Atención a medios: 667 000 0000, prensa@sinaloa.example" in (kit / "email.txt").read_text(encoding="utf-8")


def test_a_contact_with_another_name_keeps_it(office: Layout) -> None:
    folder = approved(office, **{"comsoc.toml": SETTINGS.replace('"Atención a medios"', '"Ana Ruiz"')})
    assert comsoc(folder, "build", "--only", "web,email").code == 0
    for name in ("index.html", "email.html"):
        assert "<strong>Ana Ruiz</strong>" in (folder / "dist/press/becas" / name).read_text(encoding="utf-8")


def test_without_a_server_no_server_accepts(office: Layout) -> None:
    folder = approved(office)
    said = comsoc(folder, "send", "becas", "--segment", "media", "--yes", lang="es").said
    assert "Quedaron en outbox/: 3 · por reintentar 0" in said
    assert "servidor aceptó" not in said
    assert len(messages(folder)) == 3


def test_with_a_server_it_is_the_server_that_accepts(office: Layout) -> None:
    with MailServer() as server:
        smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\n'
        folder = approved(office, smtp)
        said = comsoc(folder, "send", "becas", "--segment", "media", "--yes", lang="es").said
    assert "El servidor aceptó 3 · por reintentar 0 · rechazados 0 · SIN CONFIRMAR 0" in said


@pytest.mark.parametrize(("images", "words"), [([], "texto, liga al PDF"), (["foto.png"], "texto, 1 foto (")])
def test_the_logo_is_no_photo_of_the_release(office: Layout, images: list[str], words: str) -> None:
    pictures = [{"src": src, "alt": "Aula", "credit": "Prensa", "caption": "El aula"} for src in images]
    files = {
        "templates/logo.png": PIXEL,
        "releases/foto.png": PIXEL,
        "releases/becas.md": a_release(images=pictures or None),
    }
    folder = approved(office, LOGO, **files)
    said = comsoc(folder, "send", "becas", "--segment", "media", "--dry-run", lang="es").said
    assert f"Contiene   {words}" in said


@pytest.mark.parametrize(
    ("before", "words", "opens"),
    [
        ([], ["build"], "dist/press/becas/index.html"),
        (["approve"], ["build"], "dist/site/index.html"),
        (["approve"], ["build", "becas"], "dist/press/becas/index.html"),
    ],
)
def test_build_names_the_page_that_there_is_something_to_see_on(
    office: Layout, before: list[str], words: list[str], opens: str
) -> None:
    folder = office()
    if before:
        assert comsoc(folder, "approve", "becas", "--yes").code == 0
    said = comsoc(folder, *words, "--only", "web", lang="es").out
    assert said.rstrip().endswith(f"Abra {folder / opens}")


def test_the_question_of_a_kill_says_how_many_will_be_told(office: Layout) -> None:
    folder = approved(office)
    assert comsoc(folder, "send", "becas", "--segment", "media", "--yes").code == 0
    assert comsoc(folder, "contacts", "suppress", "cabina@radio.example").code == 0
    words = ("--lang", "es", "kill", "becas", "--reason", "La cifra era falsa")
    code, shown = on_a_terminal(folder, *words, typed="no", waits_for="sin efecto?")
    assert code == 0
    assert "Se avisará por correo a: 2 personas." in shown
    assert "Hay que llamar a: 1 persona" in shown
    assert "No se hizo nada." in shown


def test_the_status_of_a_killed_release_says_that_the_notice_reached_people(office: Layout) -> None:
    folder = approved(office)
    assert comsoc(folder, "send", "becas", "--segment", "media", "--yes").code == 0
    assert comsoc(folder, "kill", "becas", "--reason", "La cifra era falsa", "--yes").code == 0
    assert "aviso de que queda sin efecto: aceptado 3" in comsoc(folder, "status", "becas", lang="es").out
    assert re.search(r"aviso de que queda sin efecto +aceptado 3", comsoc(folder, "status", lang="es").out)
    [release] = comsoc(folder, "status", "--json").json["releases"]
    assert release["notices"] == {"kill": {"accepted": 3}}
    assert release["segments"] == {"media": {"accepted": 3}}
