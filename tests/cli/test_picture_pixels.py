"""Pictures of every kind as mails, pages and PDFs show them: upright, in sRGB, on white, and no heavier than wanted."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from support.offices import PIXEL, SETTINGS, Layout, a_release, comsoc, messages
from support.pixels import RED, in_a_mail, near, noise, saved

from comsoc_cli.rendering.pictures import scaled
from comsoc_cli.rendering.pixels import Unreadable, unpacked, within


def large_png(width: int, height: int) -> bytes:
    """One that is nothing but large: its rows are all the same."""
    return saved(Image.new("1", (width, height)), "PNG")


def test_a_photograph_of_108_megapixels_is_shown_and_a_png_of_as_many_is_told(office: Layout, tmp_path: Path) -> None:
    data = saved(Image.new("L", (12_000, 9_000), 90), "JPEG", quality=30)
    assert in_a_mail(tmp_path, data).size == (1600, 1200)
    assert Image.open(io.BytesIO(scaled(data, 480))).size == (480, 360)
    images = [{"src": name, "alt": "A", "credit": "B", "caption": "C"} for name in ("plano.png", "foto.jpg")]
    files = {"releases/becas.md": None, "releases/becas/index.md": a_release(images=images)}
    root = office({**files, "releases/becas/plano.png": large_png(12_000, 9_000), "releases/becas/foto.jpg": data})
    answer = comsoc(root, "check", "becas", "--json")
    told = [(one["rule"], one["severity"]) for one in answer.json["problems"] if "megapixels" in one["message"]]
    assert told == [("image-unreadable", "error")]
    with pytest.raises(Unreadable):
        unpacked(large_png(12_000, 9_000), within(100))


# Many pictures, and the PDF


def with_pictures(office: Layout, pictures: dict[str, bytes], settings: str = "", **changes: object) -> Path:
    images = [{"src": name, "alt": "Sala", "credit": "Ana", "caption": "La sala"} for name in pictures]
    files = {f"releases/becas/{name}": data for name, data in pictures.items()}
    text = {"releases/becas.md": None, "releases/becas/index.md": a_release(images=images, **changes)}
    return office({"comsoc.toml": SETTINGS + settings, **text, **files})


def test_twelve_heavy_pictures_are_all_in_the_mail_which_servers_take(office: Layout) -> None:
    heavy = {f"foto{number:02}.jpg": saved(noise(1500, 1000, number), "JPEG", quality=80) for number in range(12)}
    root = with_pictures(office, heavy, '\n[mail]\nattach = "always"\n')
    for words in (("approve", "becas"), ("send", "becas", "--segment", "media", "--yes")):
        answer = comsoc(root, *words)
        assert answer.code == 0, answer.said
    [message, *_] = messages(root)
    assert len(message) <= 5_000_000
    assert message.count(b"Content-Type: image/jpeg") == 12
    assert b"application/pdf" in message


def test_a_picture_in_a_pdf_is_as_sharp_as_print_wants_it_and_no_sharper(office: Layout) -> None:
    root = with_pictures(office, {"foto.jpg": saved(noise(6000, 4000), "JPEG", quality=60)})
    assert (root / "releases/becas/foto.jpg").stat().st_size > 5_000_000
    assert comsoc(root, "build", "--only", "pdf").code == 0
    path = root / "dist/press/becas/becas.pdf"
    assert path.stat().st_size <= 2_000_000
    [image] = [image for page in PdfReader(path).pages for image in page.images]
    assert image.image is not None
    # 66 mm high at 300 dots per inch
    assert 700 <= image.image.height <= 790


def test_a_small_picture_in_a_pdf_keeps_its_pixels(office: Layout) -> None:
    root = with_pictures(office, {"foto.jpg": saved(noise(500, 300), "JPEG")})
    assert comsoc(root, "build", "--only", "pdf").code == 0
    [image] = [image for page in PdfReader(root / "dist/press/becas/becas.pdf").pages for image in page.images]
    assert image.image is not None
    assert image.image.size == (500, 300)


def test_a_large_logo_with_a_palette_stands_in_the_pdf(office: Layout) -> None:
    logo = Image.new("P", (2000, 2000), 0)
    logo.putpalette([0, 0, 0, *RED])
    logo.paste(1, (500, 500, 1500, 1500))
    root = office({
        "comsoc.toml": SETTINGS + '\n[identity]\nlogo = "logo.png"\n',
        "templates/logo.png": saved(logo, "PNG", transparency=0),
    })  # fmt: skip
    answer = comsoc(root, "build", "--only", "pdf")
    assert answer.code == 0, answer.said
    [image] = [image for page in PdfReader(root / "dist/press/becas/becas.pdf").pages for image in page.images]
    assert image.image is not None
    assert near(image.image.convert("RGB").getpixel((image.image.width // 2, image.image.height // 2)), RED)


def test_a_picture_that_no_mail_can_show_holds_the_approval(office: Layout) -> None:
    whole = saved(noise(1700, 1700), "PNG")
    at = whole.index(b"IDAT", len(whole) // 2)
    root = with_pictures(office, {"foto.png": whole[:at] + struct.pack(">I", 0) + whole[at + 4 :]})
    answer = comsoc(root, "approve", "becas")
    assert answer.code == 1
    assert "its mail cannot show “foto.png”" in answer.err
    assert not (root / "approved/becas").exists()


def test_what_mail_programs_do_not_show_is_told(office: Layout) -> None:
    frames = [noise(700, 700, seed) for seed in range(3)]
    moves = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2000 2000"><rect width="9" height="9"/></svg>'
    root = with_pictures(office, {"mapa.svg": drawing, "paso.gif": moves, "punto.png": PIXEL})
    answer = comsoc(root, "check", "becas", "--json")
    told = {one["message"] for one in answer.json["problems"] if one["rule"] == "image-mail"}
    assert told == {
        "mail programs do not show the drawing “mapa.svg”; put a PNG of it beside the text",
        "“paso.gif” moves on the page; the mail and the PDF show its first frame",
    }
