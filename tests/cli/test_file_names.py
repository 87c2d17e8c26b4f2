"""Files that a text names: what Markdown resolves is found, what is near is offered, what breaks lines is refused."""

import email
import email.policy

import pytest
from support.file_names import COMPOSED, DECOMPOSED
from support.offices import PIXEL, Layout, a_release, comsoc, messages

from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import read_vault


@pytest.mark.parametrize("field", ["attachments", "images"])
def test_a_line_break_in_a_name_holds_check_approve_and_build(office: Layout, field: str) -> None:
    value: object = ["anexo\n.png"] if field == "attachments" else [{"src": "anexo\n.png", "alt": "A"}]
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(**{field: value}),
            "releases/becas/anexo\n.png": PIXEL,
        }
    )
    for words in (("check", "becas"), ("approve", "becas")):
        answer = comsoc(root, *words)
        assert answer.code == 1
        assert f"{field}[1]: the name “anexo�.png” has a line break" in answer.said
    assert not (root / "approved/becas").exists()


def test_pictures_and_attachments_with_odd_names_reach_page_mail_pdf_and_vault(office: Layout) -> None:
    body = f"El texto.\n\n![Sala](<mi foto.png>)\n\n![Otra](foto (1).png)\n\n![Lugar]({COMPOSED})\n\nFin."
    images = [{"src": "avance #1 100%.PNG", "alt": "Avance", "credit": "A", "caption": "B"}]
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(body, images=images, attachments=["Acta 1%.PDF"], date="2026-11-20"),
            "releases/becas/mi foto.png": PIXEL,
            "releases/becas/foto (1).png": PIXEL,
            f"releases/becas/{DECOMPOSED}": PIXEL,
            "releases/becas/avance #1 100%.png": PIXEL,
            "releases/becas/acta 1%.pdf": b"%PDF-1.7",
        }
    )
    for words in (("approve", "becas"), ("build",), ("send", "becas", "--segment", "media", "--yes")):
        answer = comsoc(root, *words)
        assert answer.code == 0, answer.said
    folder = root / "dist/site/releases/becas"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'src="media/mi%20foto.png"' in page
    assert 'href="media/acta%201%25.pdf"' in page
    for address in ("mi foto.png", "foto (1).png", COMPOSED, "avance #1 100%.png", "acta 1%.pdf"):
        assert (folder / "media" / address).is_file()
    message = email.message_from_bytes(messages(root)[0], policy=email.policy.default)
    names = {part.get_filename() for part in message.walk()}
    assert {"mi foto.png", "foto (1).png", "avance #1 100%.png", "acta 1%.pdf"} <= names
    there = open_office(root)
    vault, desk = read_vault(there), read_desk(there)
    assert vault.problems == {}
    newest = vault.newest("becas")
    assert newest is not None
    assert newest.release.files.keys() == desk.releases["becas"].files.keys()
    assert comsoc(root, "list", "--json").json["releases"][0]["status"] in ("approved", "sent")


def test_a_vault_whose_names_a_mac_spelled_anew_is_whole(office: Layout) -> None:
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(images=[{"src": COMPOSED, "alt": "Lugar"}]),
            f"releases/becas/{COMPOSED}": PIXEL,
        }
    )
    assert comsoc(root, "approve", "becas").code == 0
    (root / "approved/becas/r1" / COMPOSED).rename(root / "approved/becas/r1" / DECOMPOSED)
    assert read_vault(open_office(root)).problems == {}
