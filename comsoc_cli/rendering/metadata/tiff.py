"""TIFF: rows are taken out of its tables where they stand, so that nothing else moves (TIFF 6.0)."""

import struct

from comsoc_cli.rendering.metadata.exif import EXIF_TABLE, GPS_TABLE, INTEROP_TABLE, MAKE, MODEL, Tables

#: Maker, model, program, date, machine, XMP, IPTC, Photoshop's resources, EXIF, place, serial numbers.
_GO = {MAKE, MODEL, 0x0131, 0x0132, 0x013C, 0x02BC, 0x83BB, 0x8649, EXIF_TABLE, GPS_TABLE, INTEROP_TABLE, 0xC62F}
_XMP = 0x02BC
_POINTERS = {EXIF_TABLE, GPS_TABLE, INTEROP_TABLE}
_TABLES_MOST = 100


def matches(data: bytes) -> bool:
    return data.startswith((b"II*\0", b"MM\0*"))


def cleaned(data: bytes) -> bytes:
    out, tables = bytearray(data), Tables(data)
    table, seen = tables.first(), set[int]()
    while table and table not in seen and len(seen) < _TABLES_MOST:
        seen.add(table)
        _take_out(out, tables, table)
        table = tables.following(table)
    return bytes(out)


def records(data: bytes) -> tuple[bytes, bytes]:
    tables = Tables(data)
    entry = tables.found(tables.first(), _XMP)
    return data, data[entry.value_at : entry.value_at + entry.size] if entry else b""


def _take_out(out: bytearray, tables: Tables, table: int) -> None:
    """Without those rows the table is shorter; what it ends with follows at once."""
    entries = list(tables.entries(table))
    going = [entry for entry in entries if entry.tag in _GO]
    if not going:
        return
    for entry in going:
        if entry.tag in _POINTERS:
            _blank(out, tables, tables.number(entry))
        out[entry.value_at : entry.value_at + entry.size] = bytes(entry.size)
    (many,) = struct.unpack_from(f"{tables.order}H", tables.data, table)
    end = table + 2 + 12 * many
    gone = {entry.at for entry in going}
    rows = [tables.data[at : at + 12] for at in range(table + 2, end, 12) if at not in gone]
    shorter = struct.pack(f"{tables.order}H", len(rows)) + b"".join(rows) + tables.data[end : end + 4]
    out[table : end + 4] = shorter.ljust(end + 4 - table, b"\0")


def _blank(out: bytearray, tables: Tables, table: int, depth: int = 0) -> None:
    """A table and all that it holds, overwritten."""
    entries = list(tables.entries(table))
    for entry in entries:
        if entry.tag in _POINTERS and depth < 3:
            _blank(out, tables, tables.number(entry), depth + 1)
        out[entry.value_at : entry.value_at + entry.size] = bytes(entry.size)
    if entries:
        out[table : entries[-1].at + 12] = bytes(entries[-1].at + 12 - table)
