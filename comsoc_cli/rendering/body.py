"""The text of a release: Markdown to HTML that is safe to publish."""

import html
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nh3
from markdown import Markdown

from comsoc_cli.catalogue import translations
from comsoc_cli.errors import Refusal
from comsoc_cli.message import said
from comsoc_cli.model.release import Release, primary
from comsoc_cli.rendering.characters import LINE_ENDS, UNPRINTABLE
from comsoc_cli.rendering.commonmark import as_commonmark, with_commonmark
from comsoc_cli.rendering.emphasis import with_emphasis
from comsoc_cli.rendering.inline import quickened
from comsoc_cli.rendering.pictures import Href, measure, srcset
from comsoc_cli.rendering.typography import typeset_html

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "q", "s", "small",
    "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "abbr": {"title"},
    "img": {"src", "alt", "title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start", "type"},
    "li": {"id"},
    "sup": {"id"},
}
_CLASSES = {
    "a": {"footnote-ref", "footnote-backref"},
    "div": {"footnote"},
    "th": {"left", "center", "right"},
    "td": {"left", "center", "right"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
#: Shortcodes and Liquid tags of other site generators; they are shown as the text that they are.
SHORTCODE = re.compile(r"\{\{[<%].{0,1000}?[>%]\}\}|\{%.{0,1000}?%\}|\{\{.{0,1000}?\}\}", re.DOTALL)
_NO_LETTERS = re.compile("[\ue0f0-\ue0ff]")  # what a character reference may have brought in
_SET_ASIDE = re.compile("\ue0f8([0-9]+)\ue0f9")
#: How wide a picture within the text is shown, as page.css has it.
_SHOWN = "(min-width: 48rem) 44rem, 100vw"
_IMAGE = re.compile(r"<img\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([a-z]+)=\"([^\"]*)\"")
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_LINK = re.compile(r'<a\b([^>]*?)href="([^"]*)"([^>]*)>')
#: What may stand in no address (RFC 3986), and percent signs that encode nothing.
_NO_ADDRESS = re.compile(r'[\s"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
_WITH_NAME = re.compile(r"(?i)https?://[^/?#]*@")
_EMPTY_HEADING = re.compile(r"<h([1-6])>\s*</h\1>\n?")
_HEADING_CELL = re.compile(r"<th(?=[ >])(?![^>]*\bscope=)")
#: [foto]: <mi foto.jpg> "Título": as Python-Markdown has it, and with blanks between angle brackets (CommonMark 4.7).
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[([^\[\]]*)\]:[ ]*(?:\n[ ]*)?(<[^<>\n]+>|[^\s]+)[ ]*(?:\n[ ]*)?(([\"'])(.*)\4[ ]*|\((.*)\)[ ]*)?$",
    re.MULTILINE,
)
_ALIGNED = re.compile(r"<(t[hd]) style=\"text-align: (left|center|right);\">")


class TooDeep(Refusal):
    """Quotations within quotations, or lists within lists, beyond what can be read."""

    def __init__(self, slug: str) -> None:
        super().__init__(said("“{slug}” is nested too deeply to be rendered", slug=slug))


def body_html(text: Release, href: Href, missing: Callable[[str], str]) -> str:
    """The body as HTML without scripts, styles or foreign pictures.

    `href` gives the address of a picture that is there, `missing` the words of the placeholder for one that is not.
    Headings begin at h2, since the headline is the page's h1. Raises TooDeep.
    """
    try:
        converted = clean_html(text.body, text.language)
    except RecursionError:
        raise TooDeep(text.slug) from None
    return _placed(converted, text, href, missing)


@lru_cache(maxsize=4)
def clean_html(body: str, language: str) -> str:
    """A body as HTML that is safe, its pictures not yet placed; raises RecursionError.

    The same text goes into page, plain text, PDF, mail and feed, one after the other: it is converted once.
    """
    foreign: list[str] = []
    body = UNPRINTABLE.sub(_as_break, body)

    def set_aside(found: re.Match[str]) -> str:
        """What belongs to another program is nothing that Markdown may read."""
        foreign.append(found[0])
        return f"\ue0f8{len(foreign) - 1}\ue0f9"

    source = as_commonmark(SHORTCODE.sub(set_aside, body))
    markdown = _markdown(language)
    markdown.reset()
    converted = _ALIGNED.sub(r'<\1 class="\2">', markdown.convert(source))
    clean = nh3.clean(
        converted,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    clean = typeset_html(clean, spanish=primary(language) == "es")
    clean = _SET_ASIDE.sub(lambda found: _as_text(foreign[int(found[1]) :][:1]), clean)
    clean = _NO_LETTERS.sub("", clean)
    clean = _HEADING_CELL.sub('<th scope="col"', clean).lstrip()  # of a comment that stood first, empty lines are left
    return _levelled(_EMPTY_HEADING.sub("", _LINK.sub(_lead_somewhere, clean)))


def _as_break(found: re.Match[str]) -> str:
    """The line break of Word and its like as one; what no document may hold as nothing."""
    if found[0] == "\u2029":
        return "\n\n"
    return "<br>" if found[0] in LINE_ENDS else ""


def _as_text(found: list[str]) -> str:
    """A foreign tag as text, also where nh3 left its place within an attribute, which it writes in double quotes."""
    return html.escape("".join(found), quote=False).replace('"', "&quot;")


@cache
def _markdown(language: str) -> Markdown:
    """One converter per process and language; an instance may not be shared between threads."""
    translate = translations(language).gettext
    converter = Markdown(
        extensions=["tables", "footnotes", "def_list", "fenced_code", "abbr", "sane_lists", "smarty"],
        extension_configs={
            "tables": {"use_align_attribute": False},
            "footnotes": {"BACKLINK_TEXT": "↩", "BACKLINK_TITLE": translate("Back to the text, note {}")},
        },
        output_format="html",
        tab_length=4,
    )
    definitions: Any = converter.parser.blockprocessors["reference"]
    definitions.RE = _DEFINITION
    return quickened(with_emphasis(with_commonmark(converter)))


def _lead_somewhere(found: re.Match[str]) -> str:
    """An address as browsers and PDFs may have it.

    One that another program was to fill in leads nowhere, nor does one with a name before its host: it may deceive.
    """
    address = html.unescape(found[2])
    if SHORTCODE.search(address) or _WITH_NAME.match(address):
        return f"<a{found[1]}{found[3]}>".replace("  ", " ").replace(" >", ">")
    encoded = _NO_ADDRESS.sub(lambda one: quote(one[0]), address)
    return f'<a{found[1]}href="{html.escape(encoded)}"{found[3]}>'


def _levelled(text: str) -> str:
    """Headings begin at h2, and none jumps over a level: what stands one deeper is one deeper."""
    above: list[int] = []

    def level(found: re.Match[str]) -> str:
        written = int(found[2])
        if not found[1]:
            while above and above[-1] >= written:
                above.pop()
            above.append(written)
        return f"<{found[1]}h{min(6, 1 + len(above))}"

    return _HEADING.sub(level, text)


def _placed(markup: str, text: Release, href: Href, missing: Callable[[str], str]) -> str:
    """Each picture at its address, or a placeholder that cannot be overlooked."""

    def place(found: re.Match[str]) -> str:
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(found[1])}
        src = attributes.get("src", "")
        name = text.name_of(src)
        alt = html.escape(attributes.get("alt", ""), quote=True)
        if name in text.files:
            measured = _measured(name, text.files[name], href)
            return f'<img src="{html.escape(href(name), quote=True)}"{measured} alt="{alt}">'
        return f'<span class="placeholder">{html.escape(missing(alt or src))}</span>'

    return _IMAGE.sub(place, markup)


def _measured(name: str, path: Path, href: Href) -> str:
    """How large a picture is and where its smaller copies are: for pages only, beside which they lie."""
    size = measure(path) if href is in_media else None
    if size is None:
        return ""
    copies = html.escape(srcset(name, size, href), quote=True)
    choice = f' srcset="{copies}" sizes="{_SHOWN}"' if copies else ""
    return f' width="{size.width}" height="{size.height}"{choice} loading="lazy"'


def in_media(name: str) -> str:
    """Where a kit keeps a file of the release."""
    return "media/" + quote(name)
