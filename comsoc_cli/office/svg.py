"""Drawings (SVG) that only draw.

An SVG on the newsroom's own address is a document there: it can run scripts, show pages and fetch from other servers.
So it holds only elements and attributes from a list, no document type of its own and no entities, and refers to nothing
but its own parts and to pictures within itself (SVG 1.1 and 2, Namespaces in XML 1.0).
"""

import re
from dataclasses import dataclass
from xml.parsers import expat

from comsoc_cli.message import Message, said

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
#: Where drawing programs keep what only they read. Browsers do nothing with it.
_NOTES = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/dc/", "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/", "http://ns.adobe.com/", "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/", "http://inkscape.sourceforge.net/", "http://www.openswatchbook.org/",
    "http://www.bohemiancoding.com/sketch", "http://www.figma.com/", "http://www.serif.com/", "http://www.corel.com/",
    "http://www.vector.evaxdesign.sk", "http://xml.openoffice.org/", "https://boxy-svg.com", "http://iptc.org/",
    "http://xmp.gettyimages.com/", "http://www.npes.org/pdfx/", "http://www.aiim.org/pdfa/", "http://xmlns.com/foaf/",
    "http://schemas.microsoft.com/visio/", "http://www.xara.com/", "http://www.qgis.org/", "adobe:ns:meta/",
    "http://c2pa.org/",
)  # fmt: skip
_ELEMENTS_WORDS = """
    a altGlyph altGlyphDef altGlyphItem circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer
    feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA
    feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence filter flowDiv flowPara flowRegion flowRoot flowSpan font
    font-face font-face-format font-face-name font-face-src g glyph glyphRef hatch hatchpath hkern image line
    linearGradient marker mask mesh meshgradient meshpatch meshrow metadata missing-glyph path pattern polygon
    polyline radialGradient rect solidColor solidcolor stop style svg switch symbol text textPath title tref tspan use
    view vkern
"""
_ELEMENTS = frozenset(_ELEMENTS_WORDS.split())
_ATTRIBUTES_WORDS = """
    accent-height alignment-baseline alphabetic amplitude arabic-form ascent azimuth background background-color
    baseFrequency baseProfile baseline-shift bbox bias block-progression cap-height class clip clip-path clip-rule
    clipPathUnits color color-interpolation color-interpolation-filters color-profile color-rendering
    contentScriptType contentStyleType crossorigin cursor cx cy d descent diffuseConstant direction display divisor
    dominant-baseline dx dy edgeMode elevation enable-background exponent externalResourcesRequired fill fill-opacity
    fill-rule filter filterRes filterUnits flood-color flood-opacity focusable font font-family font-feature-settings
    font-kerning font-size font-size-adjust font-stretch font-style font-variant font-variant-caps
    font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position font-variation-settings
    font-weight format fr fx fy g1 g2 glyph-name glyph-orientation-horizontal glyph-orientation-vertical glyphRef
    gradientTransform gradientUnits hanging height horiz-adv-x horiz-origin-x horiz-origin-y id ideographic
    image-rendering in in2 inline-size intercept isolation k k1 k2 k3 k4 kernelMatrix kernelUnitLength kerning lang
    lengthAdjust letter-spacing lighting-color limitingConeAngle line-height marker marker-end marker-mid marker-start
    markerHeight markerUnits markerWidth mask mask-type maskContentUnits maskUnits mathematical media method
    mix-blend-mode mode name numOctaves offset opacity operator order orient orientation origin overflow
    overline-position overline-thickness paint-order panose-1 path pathLength patternContentUnits patternTransform
    patternUnits pointer-events points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits
    r radius refX refY rendering-intent requiredExtensions requiredFeatures result role rotate rx ry scale seed
    shape-inside shape-margin shape-padding shape-rendering shape-subtract side slope solid-color solid-opacity
    spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stemh stemv stitchTiles stop-color
    stop-opacity strikethrough-position strikethrough-thickness stroke stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style surfaceScale systemLanguage
    tabindex tableValues target targetX targetY text-align text-anchor text-decoration text-decoration-color
    text-decoration-line text-decoration-style text-indent text-orientation text-overflow text-rendering
    text-transform textLength title transform transform-box transform-origin type u1 u2 underline-position
    underline-thickness unicode unicode-bidi unicode-range units-per-em v-alphabetic v-hanging v-ideographic
    v-mathematical values vector-effect version vert-adv-y vert-origin-x vert-origin-y vertical-align viewBox
    viewTarget visibility white-space width widths word-spacing word-wrap writing-mode x x-height x1 x2
    xChannelSelector y y1 y2 yChannelSelector z zoomAndPan
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_WORDS.split())
#: Attributes that hold names and words, and no style.
_NAMES = frozenset({"id", "class", "title", "lang", "role", "unicode", "glyph-name"})
_ATTRIBUTES_OF_XML = frozenset({"space", "lang", "id"})
_ATTRIBUTES_OF_XLINK = frozenset({"title", "type", "show", "actuate", "role", "arcrole"})
_OWN_PART = re.compile(r"\s*#")
_PICTURE = re.compile(r"(?i)\s*data:\s*image/(?:png|jpe?g|gif|webp)\s*[;,]")
#: ASCII stays ASCII in all of these, whatever a server says of the file.
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1", "windows-1252"}
#: Marks of XMP, the notes of Adobe's programs.
_INSTRUCTIONS = {"xpacket", "adobe-xap-filters"}
#: The document types that drawing programs write declare nothing, and browsers do not read them.
_W3C_NAME = re.compile(r"-//W3C//DTD SVG [0-9. A-Za-z]+//EN")
_W3C_ADDRESS = re.compile(r"https?://www\.w3\.org/[\w/.-]+\.dtd")
_CSS_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})(?:\r\n|\s)?|(\r\n|[\n\r\f])|(.))", re.DOTALL)
_CSS_ADDRESS = re.compile(r"(?i)url\s*\(\s*[\"']?")
_CSS_RULE = re.compile(r"(?i)(?<!\w)@([a-z-]*)")
_CSS_RULES = {"media", "supports", "font-face", "keyframes", "-webkit-keyframes", "page", "charset", "layer"}
_CSS_FOREIGN = re.compile(
    r"(?i)\b(?:image-set|image|src|cross-fade|expression)\s*\(|-moz-binding|(?<![\w-])behaviou?r\s*:|javascript\s*:"
)
#: Shown of an address or a name.
_MOST = 60


@dataclass(frozen=True)
class DrawingFault:
    """Why a drawing is not used."""

    what: Message
    line: int  #: of the file, from 1


class _Found(Exception):
    """The first fault of a drawing."""

    def __init__(self, what: Message) -> None:
        super().__init__()
        self.what = what


def drawing_fault(data: bytes) -> DrawingFault | None:
    """The first thing in an SVG file that is more than drawing, or keeps it from being read; None if there is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:200]:
        return DrawingFault(_encoding("UTF-16"), 1)
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)
    except _Found as fault:
        return DrawingFault(fault.what, reading.parser.CurrentLineNumber)
    except expat.ExpatError as fault:
        return DrawingFault(said("a break: the file is damaged, or not whole"), fault.lineno)
    except (ValueError, LookupError):  # an encoding that Python does not know, or knows as more than one byte
        return DrawingFault(_encoding("?"), 1)
    return None


class _Reading:
    """One drawing on its way through expat."""

    def __init__(self) -> None:
        self.depth = 0
        self.in_style = 0  #: the depth of the <style> that is being read
        self.css: list[str] = []
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self.declaration
        parser.StartDoctypeDeclHandler = self.document_type
        parser.EntityDeclHandler = parser.ElementDeclHandler = parser.AttlistDeclHandler = _declares
        parser.NotationDeclHandler = parser.UnparsedEntityDeclHandler = _declares
        parser.SkippedEntityHandler = _declares
        parser.ProcessingInstructionHandler = _instruction
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.lower() not in _ENCODINGS:
            raise _Found(_encoding(encoding))

    def document_type(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        known = _W3C_NAME.fullmatch(public or "") and _W3C_ADDRESS.fullmatch(system or "")
        if has_subset or not known:
            raise _Found(said("a document type of its own (DTD)"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.depth == 0 and (space, local) != (SVG, "svg"):
            raise _Found(said("<{name}> instead of a drawing", name=_short(local)))
        self.depth += 1
        if not (local in _ELEMENTS if space == SVG else space.startswith(_NOTES)):
            raise _Found(said("the element <{name}>", name=_short(local)))
        for key, value in attributes.items():
            _look_at(space, local, key, value)
        if (space, local) == (SVG, "style") and not self.in_style:
            self.in_style = self.depth
            self.parser.CharacterDataHandler = self.css.append

    def end(self, name: str) -> None:
        if self.in_style == self.depth:
            _look_at_css("".join(self.css))
            self.css.clear()
            self.in_style, self.parser.CharacterDataHandler = 0, None
        self.depth -= 1


def _declares(*_: object) -> None:
    raise _Found(said("entities of its own (DTD)"))


def _instruction(target: str, data: str) -> None:
    if target not in _INSTRUCTIONS:
        raise _Found(said("the instruction <?{name}?>", name=_short(target)))


def _look_at(space: str, element: str, key: str, value: str) -> None:
    """Raise _Found for an attribute that is more than drawing; `space` is the namespace of its element."""
    own, _, name = key.rpartition(" ")
    if name.lower().startswith("on"):
        raise _Found(said("the attribute {name}, which acts", name=_short(name)))
    if name.lower() == "href":
        _look_at_reference(element, value)
    elif own == "" and space == SVG:
        if name.startswith(("data-", "aria-")):
            return
        if name not in _ATTRIBUTES:
            raise _Found(said("the attribute {name}", name=_short(name)))
        if name not in _NAMES and ("(" in value or "\\" in value or ":" in value):
            _look_at_css(value, is_sheet=False)
    elif not (
        own.startswith(_NOTES)
        or (own == "" and space != SVG)
        or (own == _XLINK and name in _ATTRIBUTES_OF_XLINK)
        or (own == _XML and name in _ATTRIBUTES_OF_XML)
    ):
        raise _Found(said("the attribute {name}", name=_short(name)))


def _look_at_reference(element: str, value: str) -> None:
    if _OWN_PART.match(value) or (element in {"image", "feImage"} and _PICTURE.match(value)):
        return
    raise _Found(said("a reference to “{address}”", address=_short(value)))


def _look_at_css(text: str, *, is_sheet: bool = True) -> None:
    """Raise _Found for a style that fetches or acts, with its escapes resolved and as it is written, in this order."""
    for css in dict.fromkeys((_CSS_ESCAPE.sub(_unescaped, text), text)):
        for found in _CSS_ADDRESS.finditer(css):
            if not (_OWN_PART.match(css, found.end()) or _PICTURE.match(css, found.end())):
                raise _Found(said("a reference to “{address}”", address=_short(css[found.end() :])))
        for found in _CSS_RULE.finditer(css) if is_sheet else ():
            if found[1].lower() not in _CSS_RULES:
                raise _Found(said("the style @{name}", name=_short(found[1])))
        if foreign := _CSS_FOREIGN.search(css):
            raise _Found(said("the style {name}", name=_short(foreign[0])))


def _unescaped(found: re.Match[str]) -> str:
    """A character of CSS that was written as an escape (CSS Syntax 3, 4.3.7)."""
    if found[1]:
        number = int(found[1], 16)
        return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"
    return found[3] or ""


def _encoding(name: str) -> Message:
    return said("the encoding {name} instead of UTF-8", name=_short(name))


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _MOST else one_line[: _MOST - 1] + "…"
