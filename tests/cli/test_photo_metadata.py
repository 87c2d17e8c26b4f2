"""What photographs tell besides what they show: nothing that leaves has it, and caption and credit stay."""

import email
import email.policy
import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from pypdf import PdfReader
from support.copydesk import found_on
from support.offices import a_release, comsoc, messages
from support.photographs import SECRETS, a_photograph

# The whole way


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose release was approved, built and sent, with a photograph as picture, within the text, attached."""
    from support.offices import SETTINGS, an_office

    images = [{"src": "foto.jpg", "alt": "La sala", "credit": "Lucía Beltrán", "caption": "La sala"}]
    root = an_office(
        tmp_path_factory.mktemp("sent"),
        {
            "comsoc.toml": SETTINGS + '\n[mail]\nattach = "always"\n',
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(
                "Antes.\n\n![Otra](otra.jpg)\n\nFin.", images=images, attachments=["anexo.jpg"], date="2026-11-20 10:00"
            ),
            "releases/becas/foto.jpg": a_photograph((1800, 1200)),
            "releases/becas/otra.jpg": a_photograph((600, 400)),
            "releases/becas/anexo.jpg": a_photograph(),
        },
    )
    for words in (("approve", "becas"), ("build",), ("send", "becas", "--segment", "media", "--yes")):
        answer = comsoc(root, *words)
        assert answer.code == 0, answer.said
    return root


def secrets_in(data: bytes) -> list[bytes]:
    return [secret for secret in (*SECRETS, b"GPS") if secret in data]


def test_nothing_in_the_site_and_the_kits_says_where_or_with_what_it_was_taken(sent: Path) -> None:
    files = [path for path in (sent / "dist").rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix == ".jpg"]) > 10
    told = {path.relative_to(sent): found for path in files if (found := secrets_in(path.read_bytes()))}
    assert told == {}
    for path in files:
        if path.suffix == ".zip":
            with ZipFile(path) as kit:
                assert [name for name in kit.namelist() if secrets_in(kit.read(name))] == []


def test_nothing_in_the_mail_does(sent: Path) -> None:
    message = email.message_from_bytes(messages(sent)[0], policy=email.policy.default)
    parts = {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}
    assert {"foto.jpg", "otra.jpg", "anexo.jpg", "becas.pdf"} <= parts.keys()
    assert [name for name, data in parts.items() if secrets_in(bytes(data or b""))] == []  # type: ignore[arg-type]
    with Image.open(io.BytesIO(bytes(parts["otra.jpg"]))) as picture:  # type: ignore[arg-type]
        assert picture.size == (400, 600)  # upright, as hardly any mail program turns it


def test_nothing_in_the_pdf_does(sent: Path) -> None:
    pages = PdfReader(sent / "dist/press/becas/becas.pdf").pages
    images = [image for page in pages for image in page.images]
    assert len(images) >= 2
    assert [image.name for image in images if secrets_in(image.data)] == []


def test_the_vault_keeps_the_original_byte_for_byte(sent: Path) -> None:
    assert (sent / "approved/becas/r1/foto.jpg").read_bytes() == a_photograph((1800, 1200))
    assert comsoc(sent, "check", "becas", "--json").json["errors"] == 0


def test_other_sites_show_a_small_copy_whose_size_they_are_told(sent: Path) -> None:
    page = (sent / "dist/site/releases/becas/index.html").read_text(encoding="utf-8")
    told = dict(re.findall(r'<meta property="og:image(:\w+)?" content="([^"]*)">', page))
    assert told[""] == "https://prensa.sinaloa.example/releases/becas/media/share/foto.jpg"
    data = (sent / "dist/site/releases/becas/media/share/foto.jpg").read_bytes()
    assert len(data) <= 300_000
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (int(told[":width"]), int(told[":height"])) == (800, 1200)
        assert (picture.format, told[":type"]) == ("JPEG", "image/jpeg")
        assert dict(picture.getexif()) == {}


def test_check_says_for_information_where_a_picture_was_taken(sent: Path) -> None:
    found = [(one.severity.value, one.words) for one in found_on(sent) if one.rule == "image-place"]
    assert sorted(found) == [("info", "anexo.jpg"), ("info", "foto.jpg"), ("info", "otra.jpg")]
    answer = comsoc(sent, "check", "becas")
    assert "24.8083, -107.3944" in answer.said
