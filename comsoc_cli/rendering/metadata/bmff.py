"""AVIF, HEIC and films: boxes within boxes (ISO/IEC 14496-12, 23008-12). What goes is overwritten where it stands."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from comsoc_cli.rendering.metadata import xmp
from comsoc_cli.rendering.metadata.exif import Place

_PICTURES = {b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
_POINT = re.compile(rb"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)(?:[+-][\d.]+)?/")
_EMPTY_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


@dataclass(frozen=True)
class _Box:
    kind: bytes
    begin: int
    body: int
    end: int


def matches(data: bytes) -> bool:
    return data[4:8] == b"ftyp"


def cleaned(data: bytes) -> bytes:
    out = bytearray(data)
    for kind, begin, end in _told_by(data):
        size = end - begin
        if kind == b"Exif":
            filling = _NO_EXIF if size >= len(_NO_EXIF) else b""
            out[begin:end] = filling.ljust(size, b"\0")
        else:
            filling = xmp.kept(data[begin:end]) or _EMPTY_XMP
            out[begin:end] = (filling if len(filling) <= size else b"").ljust(size, b" ")
    for box in _of_films(data):
        out[box.begin + 4 : box.begin + 8] = b"free"
        out[box.body : box.end] = bytes(box.end - box.body)
    return bytes(out)


def records(data: bytes) -> tuple[bytes, bytes]:
    """Of a picture; what a film tells is elsewhere."""
    found, packet = b"", b""
    for kind, begin, end in _told_by(data):
        if kind == b"Exif" and end - begin > 4:
            (ahead,) = struct.unpack_from(">I", data, begin)
            found = data[begin + 4 + ahead : end]
        elif kind != b"Exif":
            packet = data[begin:end]
    return found, packet


def place_in(data: bytes) -> Place | None:
    """Where a film says that it was taken (ISO 6709: "+24.8083-107.3944/")."""
    for box in _of_films(data):
        if found := _POINT.search(data, box.body, box.end):
            latitude, longitude = float(found[1]), float(found[2])
            if latitude or longitude:
                return Place(latitude, longitude)
    return None


def is_film(data: bytes) -> bool:
    return matches(data) and data[8:12] not in _PICTURES


def _boxes(data: bytes, begin: int, end: int) -> Iterator[_Box]:
    while begin + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, begin)
        body = begin + 8
        if size == 1 and begin + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, begin + 8)
            body += 8
        stop = begin + size if size else end
        if stop < body or stop > end:
            return
        yield _Box(kind, begin, body, stop)
        begin = stop


def _told_by(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """EXIF and XMP of a picture: which of both, and from where to where."""
    for box in _boxes(data, 0, len(data)):
        if box.kind == b"uuid" and data[box.body : box.body + 16] == _XMP_UUID:
            yield b"mime", box.body + 16, box.end
        elif box.kind == b"meta":
            inner = {one.kind: one for one in _boxes(data, box.body + 4, box.end)}
            if b"iinf" in inner and b"iloc" in inner:
                items = dict(_items(data, inner[b"iinf"]))
                base = inner[b"idat"].body if b"idat" in inner else 0
                for number, begin, end in _places(data, inner[b"iloc"], base):
                    if number in items and end <= len(data):
                        yield items[number], begin, end


def _items(data: bytes, iinf: _Box) -> Iterator[tuple[int, bytes]]:
    """By number, those items that hold EXIF or XMP."""
    at = iinf.body + (6 if data[iinf.body] == 0 else 8)
    for box in _boxes(data, at, iinf.end):
        if box.kind != b"infe" or data[box.body] < 2:
            continue
        form = ">I" if data[box.body] == 3 else ">H"
        (number,) = struct.unpack_from(form, data, box.body + 4)
        kind_at = box.body + 4 + struct.calcsize(form) + 2
        kind = data[kind_at : kind_at + 4]
        if kind == b"Exif" or (kind == b"mime" and b"rdf+xml" in data[kind_at : box.end]):
            yield number, kind


def _places(data: bytes, iloc: _Box, base: int) -> Iterator[tuple[int, int, int]]:
    """Each item's number, and from where to where each of its pieces lies; none where they cannot be read."""
    try:
        yield from _read_places(data, iloc, base)
    except (struct.error, IndexError):
        return


def _read_places(data: bytes, iloc: _Box, base: int) -> Iterator[tuple[int, int, int]]:
    version, sizes = data[iloc.body], data[iloc.body + 4 : iloc.body + 6]
    widths = {"offset": sizes[0] >> 4, "length": sizes[0] & 15, "base": sizes[1] >> 4, "index": sizes[1] & 15}
    at = iloc.body + 6

    def number(width: int) -> int:
        nonlocal at
        at += width
        return int.from_bytes(data[at - width : at], "big")

    for _ in range(number(4 if version == 2 else 2)):
        item = number(4 if version == 2 else 2)
        in_idat = version > 0 and number(2) & 15 == 1
        number(2)
        begin = number(widths["base"]) + (base if in_idat else 0)
        for _ in range(number(2)):
            if at > iloc.end:
                return
            if version > 0:
                number(widths["index"])
            offset, length = number(widths["offset"]), number(widths["length"])
            yield item, begin + offset, begin + offset + length


def _of_films(data: bytes) -> Iterator[_Box]:
    """Where a film or its tracks tell of place, maker and program."""
    if not is_film(data):
        return
    for movie in _boxes(data, 0, len(data)):
        if movie.kind == b"moov":
            tracks = [one for one in _boxes(data, movie.body, movie.end) if one.kind == b"trak"]
            for within in (movie, *tracks):
                yield from (one for one in _boxes(data, within.body, within.end) if one.kind in (b"udta", b"meta"))
