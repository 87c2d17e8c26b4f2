"""WebP: a row of chunks in a RIFF file (RFC 9649)."""

import struct
from collections.abc import Iterator

from comsoc_cli.rendering.metadata import exif, xmp

_STAY = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def matches(data: bytes) -> bool:
    return data.startswith(b"RIFF") and data[8:12] == b"WEBP"


def cleaned(data: bytes) -> bytes:
    found, packet = records(data)
    table, told = exif.kept(found), xmp.kept(packet)
    out = []
    for kind, body in _chunks(data):
        if kind == b"VP8X":
            flags = body[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if table else 0) | (_HAS_XMP if told else 0)
            body = bytes([flags]) + body[1:]
        if kind in _STAY:
            out.append(_chunk(kind, body))
    out += [_chunk(kind, body) for kind, body in ((b"EXIF", table), (b"XMP ", told)) if body]
    content = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(content)) + content


def records(data: bytes) -> tuple[bytes, bytes]:
    found = dict(_chunks(data))
    return found.get(b"EXIF", b"").removeprefix(b"Exif\0\0"), found.get(b"XMP ", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    (size,) = struct.unpack_from("<I", data, 4) if len(data) >= 8 else (0,)
    at, end = 12, min(len(data), 8 + size)
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        if size or kind not in (b"VP8X",):
            yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
