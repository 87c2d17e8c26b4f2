"""What photographs tell besides what they show: nothing that leaves has it, and caption and credit stay."""

import io
import re
import struct
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, PngImagePlugin, TiffImagePlugin
from support.photographs import PROFILE, SECRETS, XMP, a_photograph, a_picture, an_exif, segment

from comsoc_cli.rendering.metadata import cleaned, place_of


def with_chunks(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    more = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return png[:33] + more + png[33:]


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_loses_camera_place_and_owner_and_no_pixel(kind: str) -> None:
    before = a_picture(kind)
    after = cleaned(before)
    assert [secret for secret in SECRETS if secret in before] != []
    assert [secret for secret in SECRETS if secret in after] == []
    assert pixels(after) == pixels(before)
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert new.info["icc_profile"] == old.info["icc_profile"] == PROFILE
        assert not new.getexif().get_ifd(0x8825)
        assert not new.getexif().get_ifd(0x8769)
        if kind != "AVIF":  # it is turned by a property of its own
            told = dict(new.getexif())
            assert told == {0x0112: 6, 0x010E: "La clinica abre", 0x013B: "Lucia Beltran", 0x8298: "Oficina de Prensa"}
    assert place_of(before) is not None
    assert place_of(after) is None
    assert cleaned(after) == after


def test_the_scan_of_a_photograph_is_not_packed_anew_and_what_lies_behind_it_goes() -> None:
    before = a_photograph()
    after = cleaned(before)
    end = before.index(b"\xff\xd9", before.index(b"\xff\xda")) + 2
    scan = before[before.index(b"\xff\xdb", before.index(b"Uso libre")) : end]
    assert after.endswith(scan)
    assert [secret for secret in SECRETS if secret in after] == []
    assert b"Colonia Secreta" not in after


def test_caption_credit_and_copyright_of_a_photograph_stay() -> None:
    after = cleaned(a_photograph())
    told = ElementTree.fromstring(after[after.index(b"<x:xmpmeta") : after.index(b"<?xpacket end")])
    [description] = told.iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert {one.tag.partition("}")[2]: "".join(one.itertext()) for one in description} == {
        "description": "Inauguración de la clínica",
        "creator": "Lucía Beltrán",
        "rights": "Uso libre con crédito",
        "Credit": "Oficina de Prensa & Medios",
    }
    assert b"\x1c\x02\x78\x00\x07La sala" in after
    assert b"\x1c\x02\x50\x00\x0f" + "Lucía Beltrán".encode() in after


def test_a_progressive_photograph_keeps_all_its_scans() -> None:
    out = io.BytesIO()
    image = Image.effect_noise((200, 200), 80).convert("RGB")
    image.save(out, "JPEG", progressive=True, restart_marker_blocks=3, exif=an_exif())
    assert pixels(cleaned(out.getvalue())) == pixels(out.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_caption_and_credit_in_xmp_stay_in_other_formats_too(kind: str) -> None:
    out = io.BytesIO()
    image = Image.new("RGB", (20, 20), (1, 2, 3))
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        image.save(out, kind, pnginfo=info)
    else:
        image.save(out, kind, xmp=XMP, lossless=True)
    after = cleaned(out.getvalue())
    assert [word for word in (*SECRETS, b"GPSLatitude", b"Colonia Secreta") if word in after] == []
    with Image.open(io.BytesIO(after)) as found:
        assert "Inauguración de la clínica".encode() in after
        assert found.convert("RGB").getpixel((3, 3)) == (1, 2, 3)


def test_of_a_png_the_picture_and_its_description_stay_and_nothing_behind_its_end() -> None:
    chunks = (
        (b"tEXt", b"Comment\0SN-778899"),
        (b"tEXt", b"Software\0RetoqueZ"),
        (b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"FabricaX")),
        (b"tEXt", b"Description\0La sala"),
        (b"iTXt", b"Copyright\0\0\0\0\0Prensa"),
        (b"tIME", bytes(7)),
        (b"prVt", b"Miniatura"),
    )
    before = with_chunks(a_picture("PNG"), *chunks) + b"Miniatura"
    after = cleaned(before)
    assert set(re.findall(rb"tEXt|zTXt|iTXt|tIME|prVt|iCCP|eXIf", after)) == {b"tEXt", b"iTXt", b"iCCP", b"eXIf"}
    assert b"Description\0La sala" in after
    assert [secret for secret in SECRETS if secret in after] == []
    assert pixels(after) == pixels(before)


def test_a_transparent_palette_and_an_animation_stay_as_they_are() -> None:
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    out = io.BytesIO()
    palette.save(out, "PNG", transparency=0)
    assert pixels(cleaned(out.getvalue())) == pixels(out.getvalue())
    for kind in ("GIF", "PNG", "WEBP"):
        out = io.BytesIO()
        frames = [Image.new("RGB", (30, 30), colour) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100, loop=0)
        with Image.open(io.BytesIO(cleaned(out.getvalue()))) as image:
            assert image.n_frames == 3


def test_of_a_gif_the_comment_goes() -> None:
    out = io.BytesIO()
    Image.new("P", (10, 10)).save(out, "GIF", comment=b"Pedro Duenas")
    assert b"Pedro Duenas" in out.getvalue()
    assert b"Pedro Duenas" not in cleaned(out.getvalue())
    assert pixels(cleaned(out.getvalue())) == pixels(out.getvalue())


def test_a_tiff_that_is_attached_is_cleaned_where_it_stands() -> None:
    out = io.BytesIO()
    told = TiffImagePlugin.ImageFileDirectory_v2()
    told[0x010E], told[0x010F], told[0x0131] = "La clinica abre", "FabricaX", "RetoqueZ"
    told[0x8825] = {1: "N", 2: (24.0, 48.0, 30.0), 3: "W", 4: (107.0, 23.0, 40.0)}
    Image.new("RGB", (10, 10), (9, 8, 7)).save(out, "TIFF", tiffinfo=told)
    before, after = out.getvalue(), cleaned(out.getvalue())
    assert place_of(before) is not None
    assert place_of(after) is None
    assert [secret for secret in SECRETS if secret in after] == []
    assert pixels(after) == pixels(before)
    assert b"La clinica abre" in after


def test_a_film_of_a_telephone_loses_its_place() -> None:
    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", 8 + len(body)) + kind + body

    told = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+24.8083-107.3944/"))
    film = box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"mvhd", b"x" * 20) + told) + box(b"mdat", b"y" * 50)
    assert str(place_of(film)) == "24.8083, -107.3944"
    assert place_of(cleaned(film)) is None
    assert len(cleaned(film)) == len(film)
    assert b"x" * 20 in cleaned(film)


def test_a_drawing_loses_what_its_program_noted_and_photographs_within_it_are_cleaned() -> None:
    from base64 import b64decode, b64encode

    photograph = b64encode(a_photograph())
    drawing = (
        b'<?xml version="1.0"?><!-- RetoqueZ --><svg xmlns="http://www.w3.org/2000/svg" sodipodi:docname="Pedro Duenas"'
        b' viewBox="0 0 9 9"><metadata id="a"><b>Pedro Duenas</b></metadata><sodipodi:namedview id="c"/><title>Mapa'
        b'</title><style><![CDATA[ /* <!-- */ rect{fill:red} /* --> */ ]]></style><rect width="3" height="3"/>'
        b'<image href="data:image/jpeg;base64,' + photograph + b'"/></svg>'
    )
    after = cleaned(drawing)
    assert b"Pedro Duenas" not in after
    assert b"RetoqueZ" not in after
    assert b"rect{fill:red}" in after
    assert b"<title>Mapa</title>" in after
    [within] = re.findall(rb"base64,([^\"]+)", after)
    assert b64decode(within) == cleaned(a_photograph())


def test_a_caption_that_the_camera_wrote_is_none() -> None:
    for caption in ("OLYMPUS DIGITAL CAMERA", "FabricaX ModeloY", "DCIM\\100MEDIA\\DJI_0042.JPG"):
        exif = Image.Exif()
        exif[0x010E], exif[0x010F] = caption, "FabricaX"
        out = io.BytesIO()
        Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
        assert caption.encode() not in cleaned(out.getvalue())


def test_a_packet_with_entities_is_not_read() -> None:
    bomb = XMP.replace(b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "aaa">]><x:xmpmeta', 1)
    data = a_picture("JPEG")
    after = cleaned(data[:2] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bomb) + data[2:])
    assert b"xmpmeta" not in after


def test_a_camera_that_did_not_know_where_it_was_tells_no_place() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)})
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    assert place_of(out.getvalue()) is None


def test_what_is_no_picture_is_as_it_was() -> None:
    for data in (b"", b"%PDF-1.7 ...", b"PK\3\4zip", b"\xff\xd8", b"<html></html>", b"\x89PNG"):
        assert cleaned(data) == data


_WHOLE = [a_photograph(), *(a_picture(kind) for kind in ("PNG", "WEBP", "AVIF", "TIFF", "GIF"))]


@given(some.sampled_from(_WHOLE), some.integers(0, 4000), some.binary(min_size=1, max_size=8), some.booleans())
def test_damaged_pictures_are_no_fault(data: bytes, at: int, junk: bytes, cut: bool) -> None:
    damaged = data[:at] if cut else data[:at] + junk + data[at + len(junk) :]
    assert isinstance(cleaned(damaged), bytes)
    place_of(damaged)
