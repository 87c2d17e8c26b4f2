"""JPEG: a row of segments, then the scans (ITU-T T.81). The scans stay as they are."""

import re
import struct
from collections.abc import Iterator

from comsoc_cli.rendering.metadata import exif, iptc, xmp

_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_APP, _COMMENT, _SCAN, _END = range(0xE0, 0xF0), 0xFE, 0xDA, 0xD9
#: In a scan: anything but data, a restart mark or filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def matches(data: bytes) -> bool:
    return data.startswith(b"\xff\xd8\xff")


def cleaned(data: bytes) -> bytes:
    """The same scans. What stands behind their end goes: previews, films and cropped pieces lie there."""
    segments = list(_segments(data))
    first = [_segment(0xE0, _without_preview(body)) for kind, body in segments[:1] if _is_jfif(kind, body)]
    out = [b"\xff\xd8", *first]
    found, packet = _records(segments)
    if table := exif.kept(found):
        out.append(_segment(0xE1, _EXIF + table))
    if told := xmp.kept(packet):
        out.append(_segment(0xE1, _XMP + told))
    out += [_segment(0xED, told) for kind, body in segments if kind == 0xED and (told := iptc.kept(body))][:1]
    for kind, body in segments:
        if kind == 0:
            out.append(body)
        elif _stays(kind, body):
            out.append(_segment(kind, body))
    return b"".join(out)


def records(data: bytes) -> tuple[bytes, bytes]:
    return _records(list(_segments(data, only_head=True)))


def _records(segments: list[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    mine = [body for kind, body in segments if kind == 0xE1]
    found = next((body[len(_EXIF) :] for body in mine if body.startswith(_EXIF)), b"")
    return found, next((body[len(_XMP) :] for body in mine if body.startswith(_XMP)), b"")


def _stays(kind: int, body: bytes) -> bool:
    """Of the segments for programs: the colour profile and what Adobe says of the colours."""
    if kind not in _APP:
        return kind != _COMMENT
    return (kind == 0xE2 and body.startswith(_ICC)) or (kind == 0xEE and body.startswith(b"Adobe"))


def _is_jfif(kind: int, body: bytes) -> bool:
    return kind == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 14


def _without_preview(jfif: bytes) -> bytes:
    return jfif[:12] + b"\0\0"


def _segment(kind: int, body: bytes) -> bytes:
    """A segment; what is too long for one is left out."""
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body if len(body) <= 65_533 else b""


def _segments(data: bytes, *, only_head: bool = False) -> Iterator[tuple[int, bytes]]:
    """Each segment's mark and body, and under mark 0 the scans as they stand, up to the end of the picture."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        if kind == _END:
            yield 0, b"\xff\xd9"
            return
        (size,) = struct.unpack_from(">H", data, at + 2)
        if kind == _SCAN:
            if only_head:
                return
            end = _end_of_scan(data, at + 2 + size)
            yield 0, data[at:end]
            at = end
            continue
        yield kind, data[at + 4 : at + 2 + size]
        at += 2 + size
    if data[at : at + 2] == b"\xff\xd9":
        yield 0, b"\xff\xd9"


def _end_of_scan(data: bytes, at: int) -> int:
    found = _MARKER.search(data, at)
    return found.start() if found else len(data)
