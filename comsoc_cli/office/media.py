"""Pictures and attachments: which files a release names, and whether they may be read."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.message import Message, said
from comsoc_cli.model.release import file_name
from comsoc_cli.office.svg import drawing_fault

#: How each format begins, and what stands at its very end unless that is missing.
_FORMATS = ((b"\xff\xd8\xff", b"\xff\xd9"), (b"\x89PNG\r\n\x1a\n", b"IEND"), (b"GIF8", b"\x3b"))
_CONTAINER = re.compile(rb"RIFF....WEBP", re.DOTALL)
#: What picture programs read, and browsers and mail programs do not show.
_NOT_SHOWN = (
    (re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"), "TIFF"),
    (re.compile(rb"8BPS"), "Photoshop"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "BMP"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), "JPEG 2000"),
    (re.compile(rb"\0\0\0\x0cJXL |\xff\x0a"), "JPEG XL"),
)
_SHOWN_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
#: What browsers show as pages, in which scripts run under the newsroom's own address.
_PAGES = {".html", ".htm", ".xhtml", ".xht", ".shtml", ".mhtml", ".mht", ".svgz", ".xml", ".xsl", ".xslt", ".mathml"}
#: Bytes that are read of either end of a picture.
_END = 65_536
_ALT = r"!\[(?P<alt>(?:[^\[\]]|\[[^\[\]]*\]){0,2000})\]"
_MARKDOWN_IMAGE = re.compile(_ALT + r"\(\s*+")
_TITLE = r"(?:\"[^\"]{0,1000}\"|'[^']{0,1000}')?\s*+\)"
_ANGLED = re.compile(r"<([^<>\n]{1,1000})>\s*+" + _TITLE)
_ENDS = re.compile(r"\s*+" + _TITLE)
#: What decides where an address ends.
_SIGN = re.compile(r"\n[ \t]*+\n|\\|\(|\)|\s++|!\[|<")
_SIGNS_MOST = 100  #: of an address
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!])")
_NAMED_IMAGE = re.compile(_ALT + r"(?:\[(?P<name>[^\[\]]*)\])?(?!\()")
_TARGET = re.compile(r"(?m)^ {0,3}\[(?P<name>[^\[\]]+)\]:\s*(?:<(?P<angled>[^<>\n]+)>|(?P<src>[^\s<>]+))")
_HTML_IMAGE = re.compile(
    r"(?is)<img\b[^<>]{0,2000}?\bsrc\s*=\s*(?:\"(?P<double>[^\"<>]*)\"|'(?P<single>[^'<>]*)'|(?P<bare>[^\"'\s<>]+))"
    r"[^<>]{0,2000}>"
)
_HTML_ALT = re.compile(r"(?is)\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_CODE = re.compile(r"(?ms)^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`)")


@dataclass(frozen=True)
class Mention:
    """A picture that stands in the text itself."""

    src: str
    alt: str
    line: int


def fault_of(path: Path, src: str, name: str = "") -> tuple[str, Message] | None:
    """Why a file cannot be shown as the picture that its name promises: the rule and the sentence; None if it can."""
    with path.open("rb") as file:
        begin = file.read(_END)
        file.seek(max(0, file.seek(0, 2) - _END))
        end = file.read()
    if ".svg" in _suffixes(path, name or file_name(src)):
        return None  # it was looked at where it was found
    for opening, closing in _FORMATS:
        if begin.startswith(opening):
            message = said("the end of “{src}” is missing; copy the picture again from where it came from", src=src)
            return None if closing in end else ("image-broken", message)
    kind = _not_shown(begin)
    if kind:
        message = said("“{src}” is a picture of the kind {kind}, which browsers and mail programs do not show; "
                       "save it again as JPEG", src=src, kind=kind)  # fmt: skip
        return "image-format", message
    if _CONTAINER.match(begin) or _brands(begin) & _SHOWN_BRANDS:
        return None
    return "image-broken", said("“{src}” is no picture, whatever its name says; save it again as JPEG or PNG", src=src)


def _not_shown(begin: bytes) -> str:
    """The name of a kind that browsers do not show, or nothing; a telephone's HEIC may be called foto.jpg."""
    brands = _brands(begin)
    if brands & _HEIC_BRANDS and not brands & _SHOWN_BRANDS:
        return "HEIC"
    return next((kind for opening, kind in _NOT_SHOWN if opening.match(begin)), "")


def _brands(begin: bytes) -> set[bytes]:
    """What a file of boxes says that it is (ISO/IEC 14496-12)."""
    if begin[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(begin[:4], "big"), 400)
    return {begin[8:12], *(begin[at : at + 4] for at in range(16, size, 4))}


def acting(path: Path, src: str, name: str = "") -> tuple[str, Message] | None:
    """Why a file would act in a browser, under the newsroom's own address: the rule and the sentence; None if not."""
    suffixes = _suffixes(path, name or file_name(src))
    if suffixes & _PAGES:
        message = said("“{src}” is a web page, which could act under the newsroom's own address; "
                       "save it as PDF, or put it into a ZIP file", src=src)  # fmt: skip
        return "file-script", message
    fault = drawing_fault(path.read_bytes()) if ".svg" in suffixes else None
    if fault is None:
        return None
    message = said("“{src}” is not used: in its line {line} it has {what}; save it again as plain SVG, or as PNG",
                   src=src, line=fault.line, what=fault.what)  # fmt: skip
    return "image-script", message


def _suffixes(path: Path, name: str) -> set[str]:
    """How a file's name ends where it lies, and where a page shows it: a link may have another name than its file."""
    return {path.suffix.lower(), Path(name).suffix.lower()}


def mentions(body: str, first_line: int) -> Iterator[Mention]:
    """The pictures in a Markdown text, without those in blocks of code."""
    if "![" not in body and "<img" not in body.lower():
        return
    text = _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), _without_indented_code(body))
    targets = {one["name"].strip().casefold(): one["angled"] or one["src"] for one in _TARGET.finditer(text)}
    found: list[tuple[int, str, str]] = []
    for image in _MARKDOWN_IMAGE.finditer(text):
        if src := _address(text, image.end()):
            found.append((image.start(), html.unescape(_ESCAPED.sub(r"\1", src)).strip(), image["alt"]))
    for image in _NAMED_IMAGE.finditer(text):
        target = targets.get((image["name"] or image["alt"]).strip().casefold())
        if target:
            found.append((image.start(), html.unescape(target).strip(), image["alt"]))
    for image in _HTML_IMAGE.finditer(text):
        alt = _HTML_ALT.search(image[0])
        src = html.unescape(image["double"] or image["single"] or image["bare"] or "")
        found.append((image.start(), src, (alt[1] or alt[2] or "") if alt else ""))
    for position, src, alt_text in sorted(found):
        yield Mention(src, " ".join(alt_text.split()), first_line + text.count("\n", 0, position))


def _address(text: str, begin: int) -> str:
    """The address in a picture's brackets, which begins there, as Python-Markdown reads it; or nothing.

    It may hold blanks, and brackets in pairs; a title may stand behind it.
    """
    if angled := _ANGLED.match(text, begin):
        return angled[1]
    at, open_brackets = begin, 0
    for _ in range(_SIGNS_MOST):
        sign = _SIGN.search(text, at)
        if sign is None or sign[0] in ("![", "<") or sign[0].count("\n") > 1:
            return ""
        at = sign.end()
        if sign[0] == "\\":
            at += 1
        elif sign[0] == "(":
            open_brackets += 1
        elif not open_brackets and _ENDS.match(text, sign.start()):
            return text[begin : sign.start()]
        elif sign[0] == ")":
            open_brackets -= 1
    return ""


def _without_indented_code(body: str) -> str:
    """The text with its indented blocks of code blanked; what is indented within a list is no code."""
    lines = body.split("\n")
    in_list, before_is_blank = False, True
    for number, line in enumerate(lines):
        if not line.strip():
            before_is_blank = True
            continue
        if line.startswith(("    ", "\t")):
            if before_is_blank and not in_list:
                lines[number] = ""
                continue
        else:
            in_list = bool(re.match(r" {0,3}(?:[-*+]|\d+\.)\s", line))
        before_is_blank = False
    return "\n".join(lines)
