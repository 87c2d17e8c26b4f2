"""Pictures as mails and pages carry them: no larger than they are shown, and without what a camera wrote into them."""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

#: From a picture's name to where it is found.
Href = Callable[[str], str]

LONGEST = 1600
#: Pixels of the copies from which a browser chooses; a phone does not fetch what a newspaper prints.
WIDTHS = (480, 960, 1600)
COPY_QUALITY = 82
_SCALED = ("JPEG", "PNG", "WEBP")
_AS_THEY_ARE = {"JPEG": "jpeg", "PNG": "png", "GIF": "gif"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture ready for a message."""

    cid: str
    name: str
    data: bytes
    subtype: str  #: of image/…


def mail_picture(name: str, path: Path, cid: str) -> Picture | None:
    """The picture as a message carries it, or None for a file that is no picture a mail program could show."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    data = path.read_bytes()
    try:
        with warnings.catch_warnings(), _whole_pictures_only():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.format in _AS_THEY_ARE and max(opened.size) <= LONGEST:
                    return Picture(cid=cid, name=Path(name).name, data=data, subtype=_AS_THEY_ARE[opened.format])
                image = ImageOps.exif_transpose(opened)
                image.thumbnail((LONGEST, LONGEST))
                out = io.BytesIO()
                image.convert("RGB").save(out, "JPEG", quality=85, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None
    return Picture(cid=cid, name=Path(name).stem + ".jpg", data=out.getvalue(), subtype="jpeg")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How large a picture is shown, and whether smaller copies can be made of it."""

    width: int  #: pixels
    height: int
    scales: bool

    @property
    def copies(self) -> tuple[int, ...]:
        """The widths of its smaller copies."""
        return tuple(width for width in WIDTHS if width < self.width) if self.scales else ()


def measure(path: Path) -> Measure | None:
    """The measure of a picture, or None for what is none of pixels, such as an SVG."""
    try:
        found = path.stat()
    except OSError:
        return None
    return _measured(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=2000)
def _measured(path: Path, _time: int, _size: int) -> Measure | None:
    from PIL import ExifTags, Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as opened:
                width, height = opened.size
                turned = opened.getexif().get(ExifTags.Base.Orientation, 1) >= 5
                scales = opened.format in _SCALED and not getattr(opened, "is_animated", False)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None
    return Measure(width=height if turned else width, height=width if turned else height, scales=scales)


def copy_name(name: str, width: int) -> str:
    """Where a kit keeps a smaller copy: foto.jpg is 480/foto.jpg."""
    return f"{width}/{name}"


def srcset(name: str, size: Measure | None, href: Href) -> str:
    """The smaller copies of a picture and itself, for a browser to choose from; nothing where it has none."""
    if size is None or not size.copies:
        return ""
    copies = [f"{href(copy_name(name, width))} {width}w" for width in size.copies]
    return ", ".join([*copies, f"{href(name)} {size.width}w"])


def scaled(data: bytes, width: int) -> bytes:
    """A smaller copy in the same format, upright, without what the camera wrote into it.

    What cannot be unpacked, because its end is missing, is its own copy: a browser shows as much of it as there is.
    """
    try:
        with _whole_pictures_only():
            return _scaled(data, width)
    except (OSError, ValueError, SyntaxError):
        return data


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """WeasyPrint tells Pillow to unpack halves as well; what a build makes must not depend on who came first."""
    from PIL import ImageFile

    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _scaled(data: bytes, width: int) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data)) as opened:
        kind = opened.format or "JPEG"
        opened.draft("RGB", (width, width))  # a JPEG is not unpacked further than needed
        image = ImageOps.exif_transpose(opened)
        height = max(1, round(image.height * width / image.width))
        if image.mode not in ("RGB", "RGBA", "L", "LA"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        out = io.BytesIO()
        if kind == "JPEG":
            small.convert("RGB").save(out, "JPEG", quality=COPY_QUALITY, optimize=True, progressive=True)
        else:
            small.save(out, kind, **({"optimize": True} if kind == "PNG" else {"quality": COPY_QUALITY}))
        return out.getvalue()
