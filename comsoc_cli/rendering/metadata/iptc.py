"""IPTC-IIM: caption and credit as agencies write them (IIM 4.2), within Photoshop's resources in a JPEG."""

import struct
from collections.abc import Iterator

OPENING = b"Photoshop 3.0\0"
_IPTC = 0x0404
_CHARACTERS = (1, 90)  #: which encoding the texts are in
_VERSION = (2, 0)
#: Title, byline and its title, headline, credit, source, copyright, caption.
_KEPT = {(2, number) for number in (5, 80, 85, 105, 110, 115, 116, 120)}


def kept(segment: bytes) -> bytes:
    """A segment with caption, credit and copyright only; empty where there are none."""
    records = b"".join(data for number, data in _resources(segment) if number == _IPTC)
    found = [(key, value) for key, value in _datasets(records) if key in _KEPT and value.strip(b"\0 ")]
    if not found:
        return b""
    before = [(key, value) for key, value in _datasets(records) if key in (_CHARACTERS, _VERSION)]
    data = b"".join(struct.pack(">BBBH", 0x1C, *key, len(value)) + value for key, value in (*before, *found))
    return OPENING + b"8BIM" + struct.pack(">HHI", _IPTC, 0, len(data)) + data + b"\0" * (len(data) % 2)


def _resources(segment: bytes) -> Iterator[tuple[int, bytes]]:
    """Photoshop's resources by number; what cannot be read ends them."""
    at = len(OPENING) if segment.startswith(OPENING) else len(segment)
    while at + 12 <= len(segment) and segment[at : at + 4] == b"8BIM":
        number, name = struct.unpack_from(">HB", segment, at + 4)
        at += 6 + (name + 2) // 2 * 2
        if at + 4 > len(segment):
            return
        (size,) = struct.unpack_from(">I", segment, at)
        yield number, segment[at + 4 : at + 4 + size]
        at += 4 + size + size % 2


def _datasets(records: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    at = 0
    while at + 5 <= len(records) and records[at] == 0x1C:
        _, record, number, size = struct.unpack_from(">BBBH", records, at)
        if size & 0x8000:  # a longer form, which no text of ours needs
            return
        yield (record, number), records[at + 5 : at + 5 + size]
        at += 5 + size
