"""EXIF: what a camera writes into a picture (CIPA DC-008), in the tables of a TIFF file (TIFF 6.0)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

ORIENTATION, DESCRIPTION, ARTIST, COPYRIGHT = 0x0112, 0x010E, 0x013B, 0x8298
MAKE, MODEL = 0x010F, 0x0110
GPS_TABLE, EXIF_TABLE, INTEROP_TABLE = 0x8825, 0x8769, 0xA005
_ASCII, _SHORT, _RATIONAL = 2, 3, 5
#: Bytes of one value of each type, by the type's number.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
#: Captions that cameras write by themselves.
_BY_CAMERAS = ("DIGITAL CAMERA", "SONY DSC", "DCIM", "DJI_", "GOPRO")
_ENTRIES_MOST = 1000


@dataclass(frozen=True)
class Place:
    """Where a picture was taken, in degrees; north and east are positive."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:.4f}, {self.longitude:.4f}"


@dataclass(frozen=True)
class Entry:
    """One row of a table: a tag and where its value lies."""

    tag: int
    type: int
    count: int
    at: int  #: where the row itself lies
    value_at: int
    size: int  #: bytes of the value


class Tables:
    """The tables of EXIF data; whatever leads out of the data is left out."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(data[:4]), "")

    def first(self) -> int:
        """Where the first table lies; 0 where there is none."""
        return self._number("I", 4) if self.order else 0

    def entries(self, table: int) -> Iterator[Entry]:
        """The rows of the table that lies there."""
        many = self._number("H", table) if self.order and table else 0
        for at in range(table + 2, table + 2 + 12 * min(many, _ENTRIES_MOST), 12):
            if at + 12 > len(self.data):
                return
            tag, kind, count = struct.unpack_from(f"{self.order}HHI", self.data, at)
            size = SIZES.get(kind, 0) * count
            value_at = at + 8 if size <= 4 else self._number("I", at + 8)
            if size and value_at + size <= len(self.data):
                yield Entry(tag, kind, count, at, value_at, size)

    def following(self, table: int) -> int:
        """Where the table after this one lies; 0 where it is the last."""
        return self._number("I", table + 2 + 12 * self._number("H", table))

    def found(self, table: int, tag: int) -> Entry | None:
        return next((entry for entry in self.entries(table) if entry.tag == tag), None)

    def number(self, entry: Entry) -> int:
        return self._number("H" if entry.type == _SHORT else "I", entry.value_at)

    def text(self, table: int, tag: int) -> bytes:
        """A text as it stands there, without what fills it up."""
        entry = self.found(table, tag)
        if entry is None or entry.type != _ASCII:
            return b""
        return self.data[entry.value_at : entry.value_at + entry.size].split(b"\0")[0].strip()

    def degrees(self, table: int, tag: int) -> float | None:
        """Degrees, minutes and seconds as one number."""
        entry = self.found(table, tag)
        if entry is None or entry.type != _RATIONAL or not 1 <= entry.count <= 3:
            return None
        numbers = struct.unpack_from(f"{self.order}{2 * entry.count}I", self.data, entry.value_at)
        parts = list(zip(numbers[::2], numbers[1::2], strict=True))
        if any(not below for _, below in parts[:1]):
            return None
        return float(sum(above / below / 60**power for power, (above, below) in enumerate(parts) if below))

    def _number(self, kind: str, at: int) -> int:
        size = 2 if kind == "H" else 4
        return int(struct.unpack_from(self.order + kind, self.data, at)[0]) if at + size <= len(self.data) else 0


def place_in(data: bytes) -> Place | None:
    """Where EXIF data say that a picture was taken. Zero degrees both ways are a camera that did not know."""
    tables = Tables(data)
    pointer = tables.found(tables.first(), GPS_TABLE)
    if pointer is None:
        return None
    gps = tables.number(pointer)
    latitude, longitude = tables.degrees(gps, 2), tables.degrees(gps, 4)
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    south, west = tables.text(gps, 1).upper() == b"S", tables.text(gps, 3).upper() == b"W"
    return Place(-latitude if south else latitude, -longitude if west else longitude)


def orientation_in(data: bytes) -> int:
    """How the picture is turned, 1 to 8; 1 is upright."""
    tables = Tables(data)
    entry = tables.found(tables.first(), ORIENTATION)
    found = tables.number(entry) if entry else 1
    return found if 1 <= found <= 8 else 1


def kept(data: bytes) -> bytes:
    """EXIF data with orientation, caption, photographer and copyright only; empty where there are none of them."""
    tables = Tables(data)
    first = tables.first()
    texts = {tag: tables.text(first, tag) for tag in (DESCRIPTION, ARTIST, COPYRIGHT)}
    if _is_by_a_camera(texts[DESCRIPTION], tables.text(first, MAKE)):
        texts[DESCRIPTION] = b""
    orientation = orientation_in(data)
    rows = [(tag, text + b"\0") for tag, text in texts.items() if text]
    if not rows and orientation == 1:
        return b""
    return _table(rows, orientation)


def _is_by_a_camera(caption: bytes, make: bytes) -> bool:
    written = caption.decode("latin-1").upper()
    maker = make.decode("latin-1").upper().split(" ")[0]
    return any(words in written for words in _BY_CAMERAS) or bool(maker and written.startswith(maker))


def _table(texts: list[tuple[int, bytes]], orientation: int) -> bytes:
    """A TIFF header with one table; its rows are in the order of their tags."""
    rows: list[tuple[int, int, int, bytes]] = [(tag, _ASCII, len(text), text) for tag, text in texts]
    if orientation != 1:
        rows.append((ORIENTATION, _SHORT, 1, struct.pack(">HH", orientation, 0)))
    rows.sort()
    beyond = 8 + 2 + 12 * len(rows) + 4
    table, values = struct.pack(">H", len(rows)), b""
    for tag, kind, count, value in rows:
        if len(value) <= 4:
            place = value.ljust(4, b"\0")
        else:
            place = struct.pack(">I", beyond + len(values))
            values += value + b"\0" * (len(value) % 2)
        table += struct.pack(">HHI", tag, kind, count) + place
    return b"MM\0*" + struct.pack(">I", 8) + table + b"\0\0\0\0" + values
