"""PNG: a row of chunks (W3C PNG, third edition)."""

import struct
import zlib
from collections.abc import Iterator

from comsoc_cli.rendering.metadata import exif, xmp

_OPENING = b"\x89PNG\r\n\x1a\n"
#: The picture, its colours, its size in print, its frames.
_STAY = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP", b"gAMA", b"sRGB", b"cHRM", b"cICP", b"mDCV", b"cLLI",
    b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_KEYWORDS = {b"Title", b"Author", b"Description", b"Copyright"}
_XMP = b"XML:com.adobe.xmp"


def matches(data: bytes) -> bool:
    return data.startswith(_OPENING)


def cleaned(data: bytes) -> bytes:
    """The same picture. What stands behind its end goes: pieces that were cropped lie there."""
    out = [_OPENING]
    found, packet = records(data)
    for kind, body in _chunks(data):
        if kind in _STAY or (kind in _TEXTS and body.split(b"\0")[0] in _KEYWORDS):
            out.append(_chunk(kind, body))
        if kind == b"IHDR":
            if table := exif.kept(found):
                out.append(_chunk(b"eXIf", table))
            if told := xmp.kept(packet):
                out.append(_chunk(b"iTXt", _XMP + b"\0\0\0\0\0" + told))
    return b"".join(out)


def records(data: bytes) -> tuple[bytes, bytes]:
    found, packet = b"", b""
    for kind, body in _chunks(data):
        if kind == b"eXIf":
            found = body.removeprefix(b"Exif\0\0")
        elif kind == b"iTXt" and body.startswith(_XMP + b"\0\0\0"):
            packet = body[len(_XMP) + 3 :].split(b"\0", 2)[-1]
    return found, packet


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_OPENING)
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        if kind == b"IEND":
            return
        at += 12 + size
