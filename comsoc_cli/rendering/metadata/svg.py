"""SVG: drawing programs note names of files, folders and people; photographs within it are cleaned as any other."""

import re
from base64 import b64decode, b64encode
from binascii import Error

_DRAWING = re.compile(rb"<(?:\w+:)?svg\b", re.IGNORECASE)
#: Comments, RDF about the drawing, and what Inkscape, Sodipodi and Illustrator keep for themselves.
_GO = re.compile(
    rb"(<!\[CDATA\[.*?\]\]>)|<!--.*?-->|<\?xpacket.*?\?>"
    rb"|<metadata\b[^>]*/>|<metadata\b.*?</metadata\s*>"
    rb"|<(?P<own>(?:sodipodi|inkscape):[\w-]+|i:pgf|i:pgfRef)\b(?:[^>/]|/(?!>))*(?:/>|>.*?</(?P=own)\s*>)"
    rb"|\s(?:sodipodi:(?:docname|docbase|absref)|inkscape:(?:export-filename|version))\s*=\s*(?:\"[^\"]*\"|'[^']*')",
    re.DOTALL,
)
_WITHIN = re.compile(rb"(data:image/[\w.+-]+;base64,)([A-Za-z0-9+/=\s]+|(?:[A-Za-z0-9+/=\s]|&#\w+;|%\w\w)+)")


def matches(data: bytes) -> bool:
    return bool(_DRAWING.search(data[:65_536])) and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def cleaned(data: bytes) -> bytes:
    return _WITHIN.sub(_photograph, _GO.sub(lambda found: found[1] or b"", data))


def records(data: bytes) -> tuple[bytes, bytes]:
    return b"", data


def _photograph(found: re.Match[bytes]) -> bytes:
    from comsoc_cli.rendering.metadata import cleaned as clean

    try:
        picture = b64decode(b"".join(found[2].split()), validate=True)
    except (Error, ValueError):
        return found[0]
    return found[1] + b64encode(clean(picture))
