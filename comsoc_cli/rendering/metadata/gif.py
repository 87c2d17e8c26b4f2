"""GIF: a row of blocks (GIF 89a). Its comments and its programs' blocks go, but for those of its frames and colours."""

from collections.abc import Iterator

_TRAILER, _EXTENSION, _IMAGE = 0x3B, 0x21, 0x2C
_COMMENT, _PROGRAM = 0xFE, 0xFF
_STAY = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def matches(data: bytes) -> bool:
    return data[:6] in (b"GIF87a", b"GIF89a") and len(data) > 13


def cleaned(data: bytes) -> bytes:
    return b"".join(_blocks(data))


def records(data: bytes) -> tuple[bytes, bytes]:
    at = data.find(b"XMP DataXMP")
    return b"", data[at + 11 : data.find(b"<?xpacket end", at)] if at > 0 else b""


def _blocks(data: bytes) -> Iterator[bytes]:
    at = 13 + _colours(data[10])
    yield data[:at]
    while at + 2 <= len(data) and data[at] in (_EXTENSION, _IMAGE):
        begin = at
        if data[at] == _IMAGE:
            at += 11 + (_colours(data[at + 9]) if at + 9 < len(data) else 0)
            stays = True
        else:
            kind = data[at + 1]
            stays = kind != _COMMENT and (kind != _PROGRAM or data[at + 3 : at + 14] in _STAY)
            at += 2
        while at < len(data) and data[at]:
            at += data[at] + 1
        at += 1
        if stays:
            yield data[begin:at]
    yield b"\x3b"


def _colours(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
