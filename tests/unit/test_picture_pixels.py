"""Pictures of every kind as mails, pages and PDFs show them: upright, in sRGB, on white, and no heavier than wanted."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from support.pixels import RED, WHITE, in_a_mail, near, noise, saved

from comsoc_cli.office.media import fault_of
from comsoc_cli.rendering.pictures import MAIL_SIZES, SHARE_MOST, mail_picture, measure, printed, scaled, shared
from comsoc_cli.rendering.pixels import header, on_white, unpacked, within


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


def test_sizes_in_mails_go_down() -> None:
    assert [one.longest for one in MAIL_SIZES] == sorted((one.longest for one in MAIL_SIZES), reverse=True)
