"""Pictures of every kind as mails, pages and PDFs show them: upright, in sRGB, on white, and no heavier than wanted."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader
from support.offices import PIXEL, SETTINGS, a_release, comsoc, messages

from comsoc_cli.office.media import fault_of
from comsoc_cli.rendering.pictures import MAIL_SIZES, SHARE_MOST, mail_picture, measure, printed, scaled, shared
from comsoc_cli.rendering.pixels import Unreadable, header, on_white, unpacked, within

Layout = Callable[..., Path]
WHITE, RED = (255, 255, 255), (200, 30, 40)


def saved(image: Image.Image, kind: str, **told: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **told)
    return out.getvalue()


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", (width, height), Random(seed).randbytes(3 * width * height))


def in_a_mail(tmp_path: Path, data: bytes, name: str = "foto") -> Image.Image:
    (tmp_path / name).write_bytes(data)
    picture = mail_picture(name, tmp_path / name, "cid")
    assert picture is not None
    return Image.open(io.BytesIO(picture.data))


def near(found: object, wanted: tuple[int, ...], by: int = 12) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def see_through(mode: str) -> Image.Image:
    """Red on the right; on the left transparent, with black below."""
    image = Image.new("RGBA", (1700, 20), (0, 0, 0, 0))
    image.paste((*RED, 255), (850, 0, 1700, 20))
    if mode == "P":
        palette = Image.new("P", (1700, 20), 0)
        palette.putpalette([0, 0, 0, *RED])
        palette.paste(1, (850, 0, 1700, 20))
        return palette
    return image.convert(mode)


@pytest.mark.parametrize(
    ("kind", "mode", "told"),
    [
        ("WEBP", "RGBA", {"lossless": True}),
        ("PNG", "RGBA", {}),
        ("PNG", "P", {"transparency": 0}),
        ("PNG", "LA", {}),
        ("GIF", "P", {"transparency": 0}),
        ("AVIF", "RGBA", {"quality": 95}),
    ],
)
def test_what_is_transparent_stands_on_white_in_a_mail(
    tmp_path: Path, kind: str, mode: str, told: dict[str, object]
) -> None:
    found = in_a_mail(tmp_path, saved(see_through(mode), kind, **told))
    assert found.format == "JPEG"
    assert near(found.convert("RGB").getpixel((10, 5)), WHITE)
    assert not near(found.convert("RGB").getpixel((1500, 5)), WHITE, 60)


def test_a_heavy_png_is_in_the_mail_smaller(tmp_path: Path) -> None:
    data = saved(noise(1500, 900), "PNG")
    assert len(data) > 3_500_000
    (tmp_path / "captura.png").write_bytes(data)
    picture = mail_picture("captura.png", tmp_path / "captura.png", "cid")
    assert picture is not None
    assert (picture.name, picture.subtype) == ("captura.jpg", "jpeg")
    assert len(picture.data) < 1_500_000


def exchanged() -> bytes:
    """An sRGB profile whose red and green are exchanged, so that it cannot be overlooked."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red, green = profile.find(b"rXYZ", 128), profile.find(b"gXYZ", 128)
    return profile[:red] + b"gXYZ" + profile[red + 4 : green] + b"rXYZ" + profile[green + 4 :]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_colours_are_those_of_the_pictures_own_profile(tmp_path: Path, kind: str) -> None:
    data = saved(Image.new("RGB", (2000, 100), RED), kind, icc_profile=exchanged())
    (tmp_path / "foto").write_bytes(data)
    made = [in_a_mail(tmp_path, data), *(Image.open(io.BytesIO(one)) for one in
            (scaled(data, 480), shared(data), printed(tmp_path / "foto")[1]))]  # fmt: skip
    for image in made:
        red, green, _ = image.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert green > 150 > red


def test_a_small_picture_that_is_carried_as_it_is_keeps_its_profile(tmp_path: Path) -> None:
    found = in_a_mail(tmp_path, saved(Image.new("RGB", (800, 100), RED), "JPEG", icc_profile=exchanged()))
    assert found.info["icc_profile"] == exchanged()


def test_cmyk_becomes_what_a_screen_shows(tmp_path: Path) -> None:
    data = saved(Image.new("CMYK", (400, 300), (0, 255, 255, 0)), "JPEG", quality=95)
    for found in (in_a_mail(tmp_path, data), Image.open(io.BytesIO(scaled(data, 100)))):
        assert found.mode == "RGB"
        red, green, blue = found.getpixel((5, 5))  # type: ignore[misc]
        assert red > 200
        assert max(green, blue) < 90


def test_grey_of_sixteen_bits_is_divided_and_not_clipped(tmp_path: Path) -> None:
    for value, wanted in ((40_000, 156), (10_000, 39), (300, 1)):
        data = saved(Image.new("I;16", (300, 200), value), "PNG")
        for found in (in_a_mail(tmp_path, data), Image.open(io.BytesIO(scaled(data, 100)))):
            grey = found.convert("L").getpixel((5, 5))
            assert isinstance(grey, int)
            assert abs(grey - wanted) <= 2


def test_of_what_moves_the_mail_has_the_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in (RED, (0, 200, 0))]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    found = in_a_mail(tmp_path, data)
    assert found.format == "JPEG"
    assert near(found.getpixel((5, 5)), RED)
    small = in_a_mail(tmp_path, saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "b")
    assert small.format == "GIF"  # a small one moves in mails too


def test_a_photograph_with_a_second_picture_behind_it_is_a_photograph(tmp_path: Path) -> None:
    """As telephones write them: Pillow calls that MPO."""
    data = saved(noise(2000, 100), "MPO", save_all=True, append_images=[Image.new("RGB", (50, 50))])
    (tmp_path / "foto.jpg").write_bytes(data)
    size = measure(tmp_path / "foto.jpg")
    assert size is not None
    assert size.copies == (480, 960, 1600)
    assert header(data).format == "JPEG"


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


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x08meta" + bytes(50)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (HEIC, "HEIC"),
        (HEIC.replace(b"ftypheic", b"ftypmif1"), "HEIC"),
        (saved(Image.new("RGB", (9, 9)), "TIFF"), "TIFF"),
        (saved(Image.new("RGB", (9, 9)), "BMP"), "BMP"),
        (saved(Image.new("RGB", (9, 9)), "JPEG2000"), "JPEG 2000"),
        (b"8BPS\0\1" + bytes(50), "Photoshop"),
    ],
)
@pytest.mark.parametrize("name", ["foto.heic", "foto.jpg"])
def test_what_browsers_do_not_show_is_named_whatever_its_name_is(
    tmp_path: Path, data: bytes, kind: str, name: str
) -> None:
    (tmp_path / name).write_bytes(data)
    found = fault_of(tmp_path / name, name)
    assert found is not None
    assert found[0] == "image-format"
    assert f"of the kind {kind}," in str(found[1])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_what_browsers_show_is_no_fault(tmp_path: Path, kind: str) -> None:
    (tmp_path / "foto.jpg").write_bytes(saved(Image.new("RGB", (40, 40)), kind))
    assert fault_of(tmp_path / "foto.jpg", "foto.jpg") is None


def test_the_copy_for_other_sites_is_light_whatever_the_picture_is() -> None:
    for data in (saved(noise(2400, 2400), "JPEG", quality=95), saved(see_through("RGBA"), "PNG")):
        copy = shared(data)
        assert len(copy) <= SHARE_MOST
        with Image.open(io.BytesIO(copy)) as image:
            assert (image.format, max(image.size)) == ("JPEG", 1200)
            assert image.size == within(1200)(*Image.open(io.BytesIO(data)).size)


def test_a_picture_is_never_made_larger() -> None:
    small = unpacked(saved(Image.new("RGB", (30, 20), RED), "PNG"), within(1600))
    assert small.size == (30, 20)
    assert on_white(small) is small


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


def test_sizes_in_mails_go_down() -> None:
    assert [one.longest for one in MAIL_SIZES] == sorted((one.longest for one in MAIL_SIZES), reverse=True)
