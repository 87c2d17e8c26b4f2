"""Whether every letter of a Markdown text reaches its readers: source and HTML are held against each other.

What no reader is meant to see (comments, tags, addresses of links, labels, numbers of lists, alternative texts) is
taken out of the source by rules of its own, not by the converter's, and rather too much than too little: what is
missing then is missing.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass

from comsoc_cli.rendering.body import SHORTCODE
from comsoc_cli.rendering.commonmark import without_attributes

_HTML = """a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink
    blockquote body br button canvas caption center circle cite clippath code col colgroup data datalist dd defs del
    desc details dfn dialog dir div dl dt ellipse em embed fieldset figcaption figure filter font footer foreignobject
    form frame frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins kbd keygen label
    legend li line lineargradient link main map mark marker marquee mask math menu menuitem meta meter nav nobr
    noembed noframes noscript object ol optgroup option output p param path pattern picture plaintext polygon polyline
    portal pre progress q radialgradient rb rect rp rt rtc ruby s samp script search section select set slot small
    source span stop strike strong style sub summary sup svg symbol table tbody td template text textarea textpath
    tfoot th thead time title tr track tspan tt u ul use var video wbr xmp"""
_NAME = rf"(?:{'|'.join(_HTML.split())}|[a-z][\w.]*[:-][\w.:-]*)"
#: What opens a comment or an element whose content is for browsers alone, and what closes it.
_OPENS = re.compile(
    r"<!--|<\?|<!\[CDATA\[|<![a-z]"
    r"|<(script|style|template|title|textarea|iframe|noembed|noframes|noscript|xmp|svg|math|object|select)\b",
    re.IGNORECASE,
)
_ASCII_CAPITALS = re.compile("[A-Z]+")
_CLOSES = {"<!--": "-->", "<?": "?>", "<![cdata[": "]]>"}
#: A value in quotation marks holds no tag: where the second mark is forgotten, browsers take all up to the next one.
_VALUE = r"(?:\"(?:[^\"<>]|>(?=[\s\d=;)]))*\"|'(?:[^'<>]|>(?=[\s\d=;)]))*')"
_TAG = re.compile(rf"</?{_NAME}(?=[\s/>])(?:(?:[^<>\"']|{_VALUE})*+>|[^<>]*>)", re.IGNORECASE)
_IN_SHORTCODES = str.maketrans(dict.fromkeys("<>\"'()[]", " "))
_FENCE = re.compile(r"(?m)^[ \t>]*(?:```+|~~~+).*$")
_ABBREVIATION = re.compile(r"(?m)^[ \t>]*\*\[[^\]\n]*\][ ]?:[ \t]*(?:\n[ \t]*(?=\S))?.*$")
_DEFINITION = re.compile(
    r"(?m)^[ \t>]*\[(?!\^)([^\[\]]*)\]:[ \t]*(?:\n[ \t>]*)?(\S+)[ \t]*"
    r"(?:\n?[ \t>]*(?:\"[^\n]*\"|'[^\n]*'|\([^\n]*\))[ \t]*)?$"
)
_NOTE = re.compile(r"\[\^[^\]]*\]:?")
_LABEL = re.compile(r"\]\s?\[([^\[\]]*)\]")
_TARGET = re.compile(
    r"\]\(\s*(?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)"
    r"(?:\s*(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
    r"|\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
)
_PICTURE = re.compile(r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]")
_NUMBER = re.compile(r"(?m)^[ \t>]*(?:(?:[-*+:]|\d+[.)])[ \t]+[ \t>]*)+")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);?", re.IGNORECASE)
_VERBATIM = re.compile(r"[`~]|(?m:^(?: {4}|\t))|<(?:pre|code|xmp)\b", re.IGNORECASE)
_NOTE_NUMBER = re.compile(r'<sup id="fnref[^>]*>.*?</sup>')
_ANY_TAG = re.compile(r"<[^>]*>")
_NOT_LETTERS = re.compile(r"[\W_]+")
_NO_LINE_END = re.compile(r"[^\n]")
_TELLING = 3  #: letters, above which a line says by itself where it stands


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A line of a text with letters that no reader sees; `start` and `end` are its offsets in the source."""

    start: int
    end: int
    words: str


def missing(source: str, markup: str) -> Missing | None:
    """The first line of a Markdown source with letters or digits that its HTML does not show; None: all are there."""
    meant, shown = meant_to_be_seen(source), _seen(markup)
    have = Counter(shown)
    lacking = {letter for letter, many in Counter(meant).items() if many > have[letter] and letter.isalnum()}
    return _first_line(source, meant, _NOT_LETTERS.sub("", shown), lacking) if lacking else None


def meant_to_be_seen(source: str) -> str:
    """The source, of as many lines, without what no reader is meant to see."""
    text = SHORTCODE.sub(lambda found: found[0].translate(_IN_SHORTCODES), source) if "{" in source else source
    text = without_attributes(text)
    if "<" in text:
        text = _TAG.sub(_blank, _without_unseen(text))
    if "```" in text or "~~~" in text:
        text = _FENCE.sub("", text)
    if "[" in text:
        text = _without_addresses(text)
    text = _NUMBER.sub("", text)
    if "&" in text:
        verbatim = _VERBATIM.search(source)
        text = _ENTITY.sub("" if verbatim else _decoded, text)
    return text


def _without_unseen(text: str) -> str:
    """Without comments and what is for browsers, as far as it is closed; each sign is looked at once."""
    small = text.lower() if text.isascii() else _ASCII_CAPITALS.sub(lambda found: found[0].lower(), text)
    place, parts = 0, []
    never: set[str] = set()  #: what closes nothing any more
    for found in _OPENS.finditer(text):
        closing = f"</{found[1].lower()}" if found[1] else _CLOSES.get(found[0].lower(), ">")
        if found.start() < place or closing in never:
            continue
        end = small.find(closing, found.end())
        if end < 0:
            never.add(closing)
            continue
        parts += [text[place : found.start()], _NO_LINE_END.sub(" ", text[found.start() : end + len(closing)])]
        place = end + len(closing)
    return "".join([*parts, text[place:]])


def _without_addresses(text: str) -> str:
    """Links and pictures by their words, without labels and definitions."""
    labels = {" ".join(found[1].split()).casefold() for found in _DEFINITION.finditer(text)}
    text = _DEFINITION.sub(_blank, _ABBREVIATION.sub(_blank, text))
    text = _NOTE.sub(_blank, text)
    if labels:
        text = _LABEL.sub(
            lambda found: _blank(found) if " ".join(found[1].split()).casefold() in labels else found[0], text
        )
    if "](" in text:
        text = _TARGET.sub(lambda found: "]" + _blank(found)[1:], text)
    return _PICTURE.sub(_blank, text) if "![" in text else text


def _decoded(found: re.Match[str]) -> str:
    """The letter that an entity stands for; nothing where it has no end, since browsers read some of these too."""
    return html.unescape(found[0]).replace("\n", " ") if found[0].endswith(";") else ""


def _seen(markup: str) -> str:
    """The text of clean HTML, without the numbers that stand for footnotes."""
    return html.unescape(_ANY_TAG.sub("", _NOTE_NUMBER.sub("", markup)))


def _first_line(source: str, meant: str, shown: str, lacking: set[str]) -> Missing | None:
    """The first line that is not shown as it stands: one with a word that is nowhere, else one with a letter too few.

    Lines are looked for one behind the other, and of two equal lines each needs a place of its own; notes stand
    elsewhere than in the source.
    """
    place, start = 0, 0
    every = _NOT_LETTERS.sub("", meant)
    suspect: Missing | None = None
    for line, written in zip(meant.split("\n"), source.split("\n"), strict=True):
        letters = _NOT_LETTERS.sub("", line)
        found = shown.find(letters, place)
        if found >= 0:
            place = found + len(letters) if len(letters) > _TELLING else place
        elif lacking.intersection(letters) and shown.count(letters) < every.count(letters):
            here = Missing(start=start, end=start + len(written), words=written.strip())
            if any(word not in shown for word in _NOT_LETTERS.split(line)):
                return here
            suspect = suspect or here
        start += len(written) + 1
    return suspect


def _blank(found: re.Match[str]) -> str:
    return _NO_LINE_END.sub(" ", found[0])
