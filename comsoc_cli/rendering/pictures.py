"""Pictures as mails, pages, PDFs and other sites show them: no larger than they are shown, and telling nothing else."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from comsoc_cli.rendering.metadata import cleaned
from comsoc_cli.rendering.pixels import Header, Unreadable, header, of_width, on_white, unpacked, within

if TYPE_CHECKING:
    from PIL.Image import Image

#: From a picture's name to where it is found.
Href = Callable[[str], str]

#: Part of every key of the build's cache: raise it where this module makes other bytes than before.
VERSION = "1"

#: Pixels of the copies from which a browser chooses; a phone does not fetch what a newspaper prints.
WIDTHS = (480, 960, 1600)
COPY_QUALITY = 82
_SCALED = ("JPEG", "PNG", "WEBP")
_IN_MAILS = {"JPEG": "jpeg", "PNG": "png", "GIF": "gif"}
#: The picture that other sites show beside a link: pixels of its longer side, and bytes (Open Graph).
SHARE_LONGEST = 1200
SHARE_MOST = 300_000
#: Pixels of a picture's longer side in a PDF: the sheet's whole width at 300 dots per inch.
PRINT_LONGEST = 2600
#: A drawing stays a PNG on paper unless it weighs more bytes than this, and twice what it weighs as JPEG.
_PRINT_PNG_MOST = 300_000


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture ready for a message."""

    cid: str
    name: str
    data: bytes
    subtype: str  #: of image/…


@dataclass(frozen=True, kw_only=True)
class MailSize:
    """How large the pictures of a mail are."""

    longest: int  #: pixels
    quality: int  #: of a JPEG
    as_it_is: int  #: bytes up to which a picture that is small enough is not packed anew


#: From the usual size down to the one with which forty pictures go into one mail.
MAIL_SIZES = (
    MailSize(longest=1600, quality=85, as_it_is=1_000_000),
    MailSize(longest=1200, quality=80, as_it_is=400_000),
    MailSize(longest=900, quality=75, as_it_is=200_000),
    MailSize(longest=640, quality=70, as_it_is=80_000),
)


def mail_picture(name: str, path: Path, cid: str, size: MailSize = MAIL_SIZES[0]) -> Picture | None:
    """The picture as a message carries it, or None for a file that is no picture a mail program could show."""
    try:
        found = path.stat()
        suffix, data = _for_mail(path, found.st_mtime_ns, found.st_size, size)
    except (OSError, Unreadable):
        return None
    name = Path(name).name if suffix else Path(name).stem + ".jpg"
    return Picture(cid=cid, name=name, data=data, subtype=suffix or "jpeg")


@lru_cache(maxsize=32)
def _for_mail(path: Path, _time: int, _size: int, size: MailSize) -> tuple[str, bytes]:
    """The subtype of a picture that is carried as it is, or nothing, and its bytes; raises Unreadable."""
    data = cleaned(path.read_bytes())
    told = header(data)
    if (
        told.format in _IN_MAILS
        and told.plain
        and not told.turned
        and max(told.width, told.height) <= size.longest
        and len(data) <= size.as_it_is
    ):
        return _IN_MAILS[told.format], data
    return "", _jpeg(unpacked(data, within(size.longest)), size.quality)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How large a picture is shown, and what can be made of it."""

    width: int  #: pixels
    height: int
    scales: bool  #: whether there are smaller copies of it
    unpacks: bool  #: whether it can be unpacked at all

    @property
    def copies(self) -> tuple[int, ...]:
        """The widths of its smaller copies."""
        return tuple(width for width in WIDTHS if width < self.width) if self.scales else ()

    @property
    def share(self) -> tuple[int, int]:
        """Width and height of the copy that other sites show."""
        return within(SHARE_LONGEST)(self.width, self.height)


def measure(path: Path) -> Measure | None:
    """The measure of a picture, or None for what is none of pixels, such as an SVG."""
    told = told_by(path)
    if told is None:
        return None
    unpacks = told.pixels <= told.most
    scales = told.format in _SCALED and not told.moves and unpacks
    return Measure(width=told.width, height=told.height, scales=scales, unpacks=unpacks)


def told_by(path: Path) -> Header | None:
    """What a picture says of itself, or None where it cannot be read."""
    try:
        found = path.stat()
        return _told_by(path, found.st_mtime_ns, found.st_size)
    except OSError:
        return None


@lru_cache(maxsize=2000)
def _told_by(path: Path, _time: int, _size: int) -> Header | None:
    try:
        return header(path)
    except Unreadable:
        return None


def copy_name(name: str, width: int) -> str:
    """Where a kit keeps a smaller copy: foto.jpg is 480/foto.jpg."""
    return f"{width}/{name}"


def share_name(name: str) -> str:
    """Where a kit keeps the copy that other sites show: share/foto.jpg, and share/foto.png.jpg."""
    return f"share/{name}" if name.lower().endswith((".jpg", ".jpeg")) else f"share/{name}.jpg"


def srcset(name: str, size: Measure | None, href: Href) -> str:
    """The smaller copies of a picture and itself, for a browser to choose from; nothing where it has none."""
    if size is None or not size.copies:
        return ""
    copies = [f"{href(copy_name(name, width))} {width}w" for width in size.copies]
    return ", ".join([*copies, f"{href(name)} {size.width}w"])


def scaled(data: bytes, width: int) -> bytes:
    """A smaller copy in the same format, upright and in sRGB, without what the camera wrote into it.

    What cannot be unpacked, because its end is missing, is its own copy: a browser shows as much of it as there is.
    """
    try:
        kind = header(data).format
        small = unpacked(data, of_width(width))
    except Unreadable:
        return cleaned(data)
    out = io.BytesIO()
    if kind == "JPEG":
        on_white(small).save(out, "JPEG", quality=COPY_QUALITY, optimize=True, progressive=True)
    else:
        small.save(out, kind, **({"optimize": True} if kind == "PNG" else {"quality": COPY_QUALITY}))
    return out.getvalue()


def shared(data: bytes) -> bytes:
    """The copy that other sites show beside a link: a JPEG of at most 300 kB, whatever the picture is."""
    try:
        image = on_white(unpacked(data, within(SHARE_LONGEST)))
    except Unreadable:
        return cleaned(data)
    for quality in (82, 75, 68, 60, 50, 40, 30):
        if len(found := _jpeg(image, quality)) <= SHARE_MOST:
            return found
    # A picture that is noise all over is shown softer.
    size = image.size
    for part in (2, 4, 8):
        soft = image.resize((max(1, size[0] // part), max(1, size[1] // part))).resize(size)
        if len(found := _jpeg(soft, 30)) <= SHARE_MOST:
            break
    return found


def printed(path: Path) -> tuple[str, bytes]:
    """The media type and bytes of a picture as a PDF has it: no larger than a sheet wants it, in sRGB.

    What is none of pixels, or cannot be unpacked, comes as it lies there; the type is then empty.
    """
    found = path.stat()
    return _printed(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=12)
def _printed(path: Path, _time: int, _size: int) -> tuple[str, bytes]:
    data = cleaned(path.read_bytes())
    try:
        told = header(data)
        image = unpacked(data, within(PRINT_LONGEST))
    except Unreadable:
        return "", data
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    drawn = b"" if told.format in ("JPEG", "AVIF") else _png(image)
    if image.mode == "RGBA" or (drawn and len(drawn) <= _PRINT_PNG_MOST):
        return "image/png", drawn or _png(image)
    photograph = _jpeg(on_white(image), 90)
    return ("image/png", drawn) if drawn and len(drawn) <= 2 * len(photograph) else ("image/jpeg", photograph)


def _jpeg(image: "Image", quality: int) -> bytes:
    out = io.BytesIO()
    on_white(image).save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _png(image: "Image") -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
