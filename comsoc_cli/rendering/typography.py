"""The signs and spaces of print: what typewriters lack, and lines that do not end between a figure and its unit."""

import re
from functools import lru_cache

from markupsafe import Markup

#: A space on which no line ends.
NO_BREAK = "\u00a0"
_WITH_NO_BREAK = r"\1" + NO_BREAK

_UNITS = (
    r"mil(?:l[oó]n(?:es)?|lions?)?|bill[oó]n(?:es)?|billions?|thousand|mm?d[pd]|[%‰]|°[CF]?|"
    r"[kcmd]?m[²³]?|km/h|has?|[kmM]?g|t|[mM]?l|L|[kMG]?Wh?|[kKMGT]B|[kMG]?Hz|"
    r"h(?:rs|oras|ours)?|min(?:utos|utes)?|[ap]\. ?m\.|[ap]\.?m\b"
)
_MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
    "January February March April May June July August September October November December",
)
_BEFORE_FIGURES = (
    "art Art arts Arts núm Núm núms pág Pág págs Págs p pp fracc Fracc inc cap vol Vol fig Fig tel Tel No Nos"
)
_BEFORE_NAMES = (
    "Sr Sra Sres Sras Srta Dr Dra Dres Lic Ing Mtro Mtra Prof Profa Profr Arq Gral Cmte Cap Tte Cnel Sgto "
    "Av Blvd Col Sta Sto Mr Mrs Ms St"
)


def _after(words: str) -> str:
    """Behind a space that one of these abbreviations precedes; each needs a look back of its own."""
    return "|".join(rf"(?<=\b{word}\.[ \n])" for word in words.split())


#: Spaces on which no line may end. Each expression begins with signs that are rare, so that a text is passed quickly.
_GLUED = (
    re.compile(
        r"([\dº°$§№.])[ \n](?:"
        rf"(?<=\d[ \n])(?=(?:{_UNITS}|\d\d\d\d?)(?!\w))"
        rf"|(?<=[\dº°][ \n])(?=de (?:{_MONTHS[0].replace(' ', '|')})\b)"
        rf"|(?=\d)(?:(?<=[$§№][ \n])|{_after(_BEFORE_FIGURES)})"
        rf"|(?=[A-ZÁÉÍÓÚÑ])(?:{_after(_BEFORE_NAMES)})"
        r"|(?<=\b[ap]\.[ \n])(?=m\.))"
    ),
    re.compile(rf"([A-S](?:{'|'.join(month[1:] for month in _MONTHS[1].split())}))[ \n](?=\d)"),
    re.compile(r"([Ss]iglos?)[ \n](?=[XVI]+\b)"),
)
_DASH = re.compile(r"()[ \n](?<=\w[ \n])(?=[–—][ \n])")
#: Marks that open, where Markdown's typographer, made for English, has one that closes; and the ’ of ’90.
_TURNED = re.compile(r"[”’‘](?:(?<=[¿¡«(\[{:…/][”’])(?=[\w¿¡])|(?<=‘)(?=\d\d\b))")
_OPENING = {"”": "“", "’": "‘", "‘": "’"}
#: Two short dashes around words are meant to be rayas, and so is one that opens a paragraph of speech.
_RAYAS = re.compile(r"(?<![\w.–])–(?=[\w¿¡“])([^–<\n]{1,200}[\w.?!”])–(?!\w)")
_SPEECH = re.compile(r"(?<=<p>)–(?=[\w¿¡“])")
_VERBATIM = re.compile(r"(<(pre|code)\b.*?</\2>)", re.DOTALL)
_TYPED = re.compile(r"\"|'|---?|\.\.\.")
_OPENS = re.compile(r"[\s¿¡«(\[{:…/—–“‘-]?\Z")


def typeset_html(markup: str, *, spanish: bool) -> str:
    """Clean HTML whose quotation marks and dashes Markdown has seen to, with what it does not know; code stays."""
    if "<code" not in markup and "<pre" not in markup:
        return _typeset_part(markup, spanish)
    parts = _VERBATIM.split(markup)
    return "".join(
        _typeset_part(part, spanish) + verbatim
        for part, verbatim in zip(parts[::3], [*parts[1::3], ""], strict=True)
    )  # fmt: skip


def _typeset_part(markup: str, spanish: bool) -> str:
    markup = _TURNED.sub(lambda found: _OPENING[found[0]], markup)
    if spanish and "–" in markup:
        markup = _SPEECH.sub("—", _RAYAS.sub(r"—\1—", markup))
    return glued(markup)


def typeset(text: str) -> str:
    """A line of plain text, such as a headline, as it is printed: “ ”, ‘ ’, dashes, and spaces on which no line ends.

    In HTML that stands already only the spaces are seen to: its quotation marks may be those of tags.
    """
    if isinstance(text, Markup):
        return Markup(glued(text))  # noqa: S704 - as safe as it was
    return _typeset_line(text)


@lru_cache(maxsize=30_000)
def _typeset_line(text: str) -> str:
    """The same headline stands on its page, in lists and in feeds."""
    if _TYPED.search(text):
        text = _TYPED.sub(_printed, text)
    return glued(text)


def glued(text: str) -> str:
    """With a space on which no line ends wherever one must not."""
    for spaces in _GLUED:
        text = spaces.sub(_WITH_NO_BREAK, text)
    return _DASH.sub(_WITH_NO_BREAK, text) if "–" in text or "—" in text else text


def _printed(found: re.Match[str]) -> str:
    typed, before = found[0], found.string[max(0, found.start() - 1) : found.start()]
    if typed in ("...", "--", "---"):
        return {"...": "…", "--": "–", "---": "—"}[typed]
    if before and before in "\"'":
        before = found.string[max(0, found.start() - 2) : found.start() - 1]  # both open, or both close
    opens = _OPENS.match(before) and not (typed == "'" and re.match(r"\d\d\b", found.string[found.end() :]))
    return ("“" if opens else "”") if typed == '"' else ("‘" if opens else "’")
