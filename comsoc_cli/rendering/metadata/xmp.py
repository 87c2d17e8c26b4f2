"""XMP: caption, credit and much else as RDF (ISO 16684-1, IPTC Photo Metadata Standard)."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from comsoc_cli.rendering.metadata.exif import Place

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
#: What stays: what is seen, who made it, whose it is and how it may be used. That a machine made it must be said.
_KEPT = {
    ("dc", "title"): "Alt",
    ("dc", "description"): "Alt",
    ("dc", "creator"): "Seq",
    ("dc", "rights"): "Alt",
    ("photoshop", "Headline"): "",
    ("photoshop", "AuthorsPosition"): "",
    ("photoshop", "Credit"): "",
    ("photoshop", "Source"): "",
    ("xmpRights", "UsageTerms"): "Alt",
    ("xmpRights", "WebStatement"): "",
    ("Iptc4xmpCore", "AltTextAccessibility"): "Alt",
    ("Iptc4xmpCore", "ExtDescrAccessibility"): "Alt",
    ("Iptc4xmpExt", "DigitalSourceType"): "",
}
_GPS = re.compile(rb"exif:GPS(Latitude|Longitude)\s*(?:=\s*[\"']|>)\s*([0-9]+),([0-9.]+)(?:,([0-9.]+))?([NSEW])")
_BY_A_CAMERA = re.compile(r"DIGITAL CAMERA|SONY DSC|DCIM|DJI_|GOPRO", re.IGNORECASE)
_MOST = 5_000_000  #: bytes of a packet that is read

#: A value and its language, which may be empty.
_Values = list[tuple[str, str]]


def kept(packet: bytes) -> bytes:
    """A packet with caption, credit and copyright only; empty where there are none, or where it cannot be read."""
    values = _values(packet)
    if not values:
        return b""
    spaces = sorted({prefix for prefix, _ in values})
    parts = [
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">',
        f'<rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about=""',
        *(f' xmlns:{prefix}="{_SPACES[prefix]}"' for prefix in spaces),
        ">",
        *(_written(f"{prefix}:{name}", _KEPT[prefix, name], found) for (prefix, name), found in values.items()),
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>',
    ]
    return "".join(parts).encode()


def place_in(packet: bytes) -> Place | None:
    """Where a packet says that the picture was taken."""
    found: dict[bytes, float] = {}
    for name, degrees, minutes, seconds, side in _GPS.findall(packet[:_MOST]):
        try:
            size = int(degrees) + float(minutes) / 60 + (float(seconds) / 3600 if seconds else 0.0)
        except ValueError:
            continue
        found[name] = -size if side in b"SW" else size
    if len(found) < 2 or not any(found.values()):
        return None
    return Place(found[b"Latitude"], found[b"Longitude"])


def _values(packet: bytes) -> dict[tuple[str, str], _Values]:
    """By property, in a fixed order."""
    if not packet or len(packet) > _MOST or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return {}
    begin, end = packet.find(b"<"), packet.rfind(b">")
    try:
        tree = ElementTree.fromstring(packet[begin : end + 1])  # noqa: S314 - it has no entities
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    names = {f"{{{_SPACES[prefix]}}}{name}": (prefix, name) for prefix, name in _KEPT}
    found: dict[tuple[str, str], _Values] = {}
    for description in tree.iter(f"{{{_RDF}}}Description"):
        for name, value in description.attrib.items():
            if name in names and value.strip():
                found.setdefault(names[name], [("", value.strip())])
        for child in description:
            if child.tag in names and (values := list(_texts(child))):
                found.setdefault(names[child.tag], values)
    caption = found.get(("dc", "description"))
    if caption and all(_BY_A_CAMERA.search(text) for _, text in caption):
        del found["dc", "description"]
    return {key: found[key] for key in _KEPT if key in found}


def _texts(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    items = list(element.iter(f"{{{_RDF}}}li")) or [element]
    for item in items:
        if text := (item.text or "").strip():
            yield item.get(_LANG, ""), text


def _written(name: str, form: str, values: _Values) -> str:
    if not form:
        return f"<{name}>{escape(values[0][1])}</{name}>"
    items = "".join(f"<rdf:li{_language(language, form)}>{escape(text)}</rdf:li>" for language, text in values)
    return f"<{name}><rdf:{form}>{items}</rdf:{form}></{name}>"


def _language(language: str, form: str) -> str:
    return f" xml:lang={quoteattr(language or 'x-default')}" if form == "Alt" else ""
