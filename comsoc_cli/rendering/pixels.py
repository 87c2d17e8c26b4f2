"""A picture's pixels as every program shows them: upright, in sRGB, with eight bits, no more of them than wanted."""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

#: Pixels that are unpacked at once: 400 MB of memory. A JPEG is unpacked no further than needed, an eighth at least.
UNPACKED_MOST = 100_000_000
JPEG_MOST = 400_000_000

#: From a size in pixels to the wanted one.
Fit = Callable[[int, int], tuple[int, int]]


class Unreadable(Exception):
    """A picture that cannot be unpacked."""


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a picture says of itself before it is unpacked."""

    format: str  #: JPEG, PNG, WEBP, GIF, AVIF…
    width: int  #: pixels, as it is shown
    height: int
    turned: bool  #: whether it must be turned to stand upright
    moves: bool  #: whether it is animated
    plain: bool  #: eight bits of grey, RGB or a palette, as every program knows them

    @property
    def pixels(self) -> int:
        return self.width * self.height

    @property
    def most(self) -> int:
        """Pixels that a picture of this kind may have to be unpacked."""
        return JPEG_MOST if self.format == "JPEG" else UNPACKED_MOST


def header(source: bytes | Path) -> Header:
    """Reads the size and kind of a picture; raises Unreadable."""
    with _opened(source) as image:
        return _header(image)


def unpacked(data: bytes, fit: Fit) -> "Image":
    """A picture in grey, RGB or RGBA of the size that `fit` answers to its own; never larger. Raises Unreadable.

    Of an animated picture it is the first frame.
    """
    from PIL import Image

    with _opened(data) as image:
        told = _header(image)
        if told.pixels > told.most:
            raise Unreadable
        orientation, profile = _orientation(image), image.info.get("icc_profile")
        wanted = fit(told.width, told.height)
        size = (min(wanted[0], told.width), min(wanted[1], told.height))
        raw = size[::-1] if orientation >= 5 else size
        image.draft(None, raw)
        image.load()
        small = _eight_bits(image)
        if small.size != raw:
            small = small.resize(raw, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return _in_srgb(_upright(small, orientation), profile)


def on_white(image: "Image") -> "Image":
    """The same without transparency, as JPEG wants it."""
    from PIL import Image

    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, (255, 255, 255))
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def within(longest: int) -> Fit:
    """No longer than that, neither wide nor high."""

    def fit(width: int, height: int) -> tuple[int, int]:
        ratio = min(1.0, longest / max(width, height))
        return max(1, round(width * ratio)), max(1, round(height * ratio))

    return fit


def of_width(wanted: int) -> Fit:
    """That wide."""
    return lambda width, height: (wanted, max(1, round(height * wanted / width)))


@contextmanager
def _opened(source: bytes | Path) -> "Iterator[Image]":
    """WeasyPrint tells Pillow to unpack halves as well; what a build makes must not depend on who came first.

    How many pixels are too many we decide ourselves, when the header is read.
    """
    from PIL import Image, ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = False, None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(source if isinstance(source, Path) else io.BytesIO(source)) as image:
                yield image
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError, EOFError, KeyError, IndexError) as fault:
        raise Unreadable from fault
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = before


def _header(image: "Image") -> Header:
    turned = _orientation(image)
    width, height = image.size[::-1] if turned >= 5 else image.size
    kind = "JPEG" if image.format == "MPO" else image.format or ""
    return Header(
        format=kind,
        width=width,
        height=height,
        turned=turned != 1,
        moves=bool(getattr(image, "is_animated", False)) and kind != "JPEG",
        plain=image.mode in ("1", "L", "LA", "P", "RGB", "RGBA"),
    )


def _orientation(image: "Image") -> int:
    from PIL import ExifTags

    if image.format == "PNG" and "exif" not in image.info:
        return 1  # Pillow would unpack it all to look behind the pixels
    found = image.getexif().get(ExifTags.Base.Orientation, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _upright(image: "Image", orientation: int) -> "Image":
    from PIL import Image

    turns = Image.Transpose
    ways = {2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM, 5: turns.TRANSPOSE,
            6: turns.ROTATE_270, 7: turns.TRANSVERSE, 8: turns.ROTATE_90}  # fmt: skip
    return image.transpose(ways[orientation]) if orientation in ways else image


def _eight_bits(image: "Image") -> "Image":
    """Grey of sixteen bits is divided, not clipped; a palette becomes colours."""
    if image.mode.startswith("I") or image.mode == "F":
        return _divided(image)
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        see_through = image.mode != "P" or "transparency" in image.info
        return image.convert("RGBA" if see_through else "RGB")
    if image.mode in ("L", "RGB", "RGBA", "CMYK", "LAB"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _divided(image: "Image") -> "Image":
    wide = image if image.mode in ("I", "F") else image.convert("I")
    if image.mode.startswith("I;16"):
        most = 65_535.0
    else:
        extremes = wide.getextrema()
        top = extremes[1] if isinstance(extremes[1], int | float) else 255
        most = float(max(255, 65_535 if 255 < top <= 65_535 else top))
    return wide.point(lambda value: value * (255 / most) + 0).convert("L")


def _in_srgb(image: "Image", profile: bytes | None) -> "Image":
    """Colours as a screen has them, by the picture's own profile where it has one."""
    if profile:
        image = _by_profile(image, profile)
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def _by_profile(image: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space)
        if mode is None or (image.mode == "CMYK") != (mode == "CMYK"):
            return image
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        turned = ImageCms.profileToProfile(image.convert(mode), source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a broken profile says nothing
    if turned is None:
        return image
    if alpha:
        turned.putalpha(alpha)
    return turned


@lru_cache(maxsize=1)
def _srgb() -> "ImageCmsProfile":
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
