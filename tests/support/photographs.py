"""Photographs with all that a camera writes into them."""

import io
import struct

from PIL import ExifTags, Image, ImageCms

#: Words that a camera, a telephone or a program wrote, none of which may leave.
SECRETS = (b"FabricaX", b"ModeloY", b"SN-778899", b"Pedro Duenas", b"RetoqueZ", b"NotaDelFabricante", b"Miniatura")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="RetoqueZ" aux:SerialNumber="SN-778899"
 aux:OwnerName="Pedro Duenas" exif:GPSLatitude="24,48.5N" exif:GPSLongitude="107,23.66W"
 photoshop:Credit="Oficina de Prensa &amp; Medios" photoshop:City="Colonia Secreta">
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Inauguración de la clínica</rdf:li></rdf:Alt></dc:description>
 <dc:creator><rdf:Seq><rdf:li>Lucía Beltrán</rdf:li></rdf:Seq></dc:creator>
 <dc:rights><rdf:Alt><rdf:li xml:lang="es">Uso libre con crédito</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def an_exif(*, turned: bool = True, place: bool = True) -> bytes:
    exif = Image.Exif()
    exif[0x010E], exif[0x010F], exif[0x0110] = "La clinica abre", "FabricaX", "ModeloY"
    exif[0x0131], exif[0x013B], exif[0x8298] = "RetoqueZ", "Lucia Beltran", "Oficina de Prensa"
    if turned:
        exif[0x0112] = 6
    inner = exif.get_ifd(0x8769)
    inner[0xA431], inner[0xA430], inner[0x927C] = "SN-778899", "Pedro Duenas", b"NotaDelFabricante" * 20
    if place:
        exif.get_ifd(0x8825).update({1: "N", 2: (24.0, 48.0, 30.0), 3: "W", 4: (107.0, 23.0, 40.0)})
    return exif.tobytes()


def an_iptc() -> bytes:
    """A segment of Photoshop: caption and byline, a city, and the preview of the picture before it was cropped."""
    told = ((1, 90, b"\x1b%G"), (2, 80, "Lucía Beltrán".encode()), (2, 90, b"Colonia Secreta"), (2, 120, b"La sala"))
    data = b"".join(struct.pack(">BBBH", 0x1C, record, number, len(text)) + text for record, number, text in told)
    preview = b"Miniatura"
    resources = (
        b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(data)) + data + b"\0" * (len(data) % 2),
        b"8BIM" + struct.pack(">HHI", 0x040C, 0, len(preview)) + preview + b"\0",
    )
    return b"Photoshop 3.0\0" + b"".join(resources)


def segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


def a_picture(kind: str, size: tuple[int, int] = (120, 80), mode: str = "RGB") -> bytes:
    image = Image.radial_gradient("L").resize(size).convert(mode)
    out = io.BytesIO()
    told = {"exif": an_exif(), "icc_profile": PROFILE} if kind not in ("GIF", "TIFF") else {}
    image.save(out, kind, **told)
    return out.getvalue()


def a_photograph(size: tuple[int, int] = (120, 80)) -> bytes:
    """A JPEG with all that cameras and programs put into one, and a second picture behind its end."""
    data = a_picture("JPEG", size)
    first = 4 + struct.unpack_from(">H", data, 4)[0] if data[2:4] == b"\xff\xe0" else 2
    more = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP) + segment(0xED, an_iptc())
    more += segment(0xE2, b"MPF\0NotaDelFabricante") + segment(0xFE, b"RetoqueZ") + segment(0xEB, b"JP RetoqueZ")
    return data[:first] + more + data[first:] + b"SN-778899" + a_picture("JPEG")


def a_photo(width: int, height: int, kind: str = "JPEG", *, turned: bool = False) -> bytes:
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    exif = image.getexif()
    exif[ExifTags.Base.Make] = "Cámara de prueba"
    if turned:
        exif[ExifTags.Base.Orientation] = 6
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()
