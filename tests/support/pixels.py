"""Pictures and their pixels."""

import io
from pathlib import Path
from random import Random

from PIL import Image

from comsoc_cli.rendering.pictures import mail_picture

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
