"""Pictures as mail carries them: at most 1600 pixels, in a format that every mail program shows."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

LONGEST = 1600
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
        with warnings.catch_warnings():
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
