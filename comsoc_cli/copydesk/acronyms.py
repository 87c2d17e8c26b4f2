"""Rules about acronyms: they are spelled out where they first stand."""

import re
from collections.abc import Iterator

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

#: What readers of newspapers know without being told.
_KNOWN_WORDS = """
    ADN AM API CD CEO CFE COVID CURP DF DIF DJ DNA DVD EE EPUB EU EUA FAQ FBI CIA FIFA FM GB GIF GPS HD HDMI
    HTML HTTP HTTPS ID IMSS INE INEGI IOS IP ISBN ISSN ISSSTE IT IVA ISR JPEG JPG KM LED LEDS LGBT LGBTQ LGBTI
    MB MP3 MP4 NASA NBA NFL OCDE OEA OK OMS ONG ONU OTAN PAN PC PDF PEMEX PIB PIN PM PNG PRD PRI PT PS QR RFC
    RSS SA SARS SAT SEP SIDA SMS SOS TIC TV UAS UE UHF UK UN UNAM UNESCO UNICEF URL US USA USB VHF VIH HIV AIDS
    VIP WIFI XML ZIP UV PH ADHD CSV JSON DC NY CA VA MD LA PR HR Q&A UX UI CMS SEO GSA NOAA FEMA EPA CDC IRS
    USDA NIH FDA HHS DHS DOD OMB WWW AC BC AD CSS MS PHP SQL EST EDT ET PST CT MT DIY BBC CNN NPR ABC CBS NBC
    IBM HP AT&T NGO CV PLC RV MVP TBD RSVP TODO NOT AND THE ALL NEW FOR YOU
    LLC LLP CPU MUST HERE NOTE NOTA PRESS README MIT STEM ONLY SOLO RELEASE"""
_KNOWN = frozenset(_KNOWN_WORDS.split())
_ACRONYM = re.compile(r"(?<![\w@#.\-/&’'$])(?:[A-ZÑ]{2,}[a-zñ]{0,2}[A-ZÑ]+|[A-ZÑ]{3,8})s?(?![\w@\-/&]|\.\w)")
_ROMAN = re.compile(r"M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")
_MANY = 60  #: acronyms: a text with more of them is a list
_LONGEST = 9  #: letters of an acronym
_SHOUTED = 3  #: words in capitals beside each other: no acronyms but a heading, or somebody who shouts
_SMALL_WORDS = "de del la las los el y e en a para por con of the and for in on to an at"
_SMALL = frozenset(_SMALL_WORDS.split())
_GLOSS = re.compile(r"s?\s*(?:\(|,|[—–:-]|o\s|or\s)\s*(?P<words>[^)]{4,120})")
_WORD = re.compile(r"[^\W\d_]+")
_MOST = 4  #: letters that a word gives to an acronym
_FAR = 140  #: characters before an acronym in which its words may stand


def _early(copy: Copy, limit: float | None) -> Iterator[Finding]:
    late = [found for found, spelled in copy.once("acronyms", _every_unspelled) if spelled]
    if late:
        names = _names(late)
        message = said("{acronyms}: used before what it stands for is told", acronyms=names)
        yield Finding(start=late[0].start(), end=late[0].end(), message=message, words=late[0][0])


def _never(copy: Copy, limit: float | None) -> Iterator[Finding]:
    unknown = [found for found, spelled in copy.once("acronyms", _every_unspelled) if not spelled]
    if unknown:
        message = said("{acronyms}: nowhere is told what it stands for", acronyms=_names(unknown))
        yield Finding(start=unknown[0].start(), end=unknown[0].end(), message=message, words=unknown[0][0])


def _names(found: list[re.Match[str]]) -> str:
    return ", ".join(dict.fromkeys(one[0] for one in found))


def _every_unspelled(copy: Copy) -> list[tuple[re.Match[str], bool]]:
    return list(_unspelled(copy))


def _unspelled(copy: Copy) -> Iterator[tuple[re.Match[str], bool]]:
    """The first place of each acronym that is not spelled out there or before, and whether it is further down."""
    known, seen = _known(copy), set[str]()
    before = " ".join((copy.release.subhead, *copy.release.summary))
    for found in _ACRONYM.finditer(copy.prose):
        name = _singular(found[0])
        if name in seen or name in known or _is_word(copy, name) or _is_shouted(copy, found):
            continue
        seen.add(name)
        if len(seen) > _MANY:
            return
        if _spelled_here(copy.prose, found, name) or _named_before(f"{before} {copy.prose[: found.start()]}", name):
            continue
        later = next(
            (one for one in re.finditer(rf"\(\s*{re.escape(name)}s?\b", copy.prose) if one.start() > found.end()), None
        )
        yield found, later is not None and _spelled_before(copy.prose, later.start(), name)


def _is_word(copy: Copy, name: str) -> bool:
    """Whether it is no acronym but a figure in Roman numerals, or a word that is written small elsewhere."""
    small = rf"\b(?:{name.lower()}|{name.capitalize()})\b"
    return len(name) > _LONGEST or bool(_ROMAN.fullmatch(name) or re.search(small, copy.prose))


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") else name


def _known(copy: Copy) -> frozenset[str]:
    """What needs no telling: what everybody knows, the office's own, its agencies' names."""
    settings = copy.settings
    names = (*settings.agencies, *settings.agencies.values(), settings.office.name, settings.office.organization)
    own = {word.upper() for name in names for word in re.findall(r"\w+", name)}
    words = {word for name in settings.style.acronyms for word in (name, name.upper())}
    return _KNOWN | words | own | {one.upper() for one in copy.own_words} | set(_mixed(names))


def _mixed(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from re.findall(r"\w+", name)


def _is_shouted(copy: Copy, found: re.Match[str]) -> bool:
    """Whether it is one of several words in capitals."""
    span = copy.span_at(found.start())
    if span is None or span.kind in {"heading", "table", "caption"}:
        return True
    before = re.findall(r"[^\W\d_]+", copy.prose[max(span.start, found.start() - 60) : found.start()])
    after = re.findall(r"[^\W\d_]+", copy.prose[found.end() : min(span.end, found.end() + 60)])
    run = 1
    for words in (reversed(before), after):
        for word in words:
            if len(word) < 2 or not word.isupper():
                break
            run += 1
    return run >= _SHOUTED


def _spelled_here(text: str, found: re.Match[str], name: str) -> bool:
    """“Nombre Largo (SIGLA)”, “SIGLA (Nombre Largo)”, “SIGLA, Nombre Largo,”, “SIGLA o Nombre Largo”."""
    opening = text[max(0, found.start() - 30) : found.start()].rpartition("(")
    inside = opening[1] and ")" not in opening[2]
    if inside and _spelled_before(text, found.start(), name):
        return True
    after = _GLOSS.match(text, found.end())
    return bool(after and _begins_with(name, _WORD.findall(after["words"])))


def _spelled_before(text: str, place: int, name: str) -> bool:
    """Whether one of the words before the bracket begins like the acronym in it."""
    words = _WORD.findall(text[max(0, place - _FAR) : place])
    return any(folded(word)[:1].upper() == name[0] and word not in {name, name + "s"} for word in words[-14:])


def _named_before(text: str, name: str) -> bool:
    """Whether a name in capital letters stands somewhere that these letters stand for."""
    words = [word for word in _WORD.findall(text) if word[0].isupper() or word in _SMALL]
    return any(_begins_with(name, words[n : n + 16]) for n, word in enumerate(words) if word[0] == name[0])


def _begins_with(name: str, words: list[str]) -> bool:
    """Whether the letters are the beginnings of words in a row; short words may be passed over."""
    if not name or not words:
        return not name
    word = folded(words[0]).upper()
    if words[0].lower() in _SMALL and _begins_with(name, words[1:]):
        return True
    return any(
        word.startswith(name[:many].upper()) and _begins_with(name[many:], words[1:])
        for many in range(min(_MOST, len(name)), 0, -1)
    )


RULES = (
    Rule(
        name="acronym-early",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("An acronym is not used before it is spelled out."),
        explanation=said(
            "Who reads from the top meets the letters first and what they stand for later. Spell it out where it first"
            " stands: “Instituto de Capacitación para el Trabajo (ICATSIN)”, and use the letters from there on."
        ),
        bad="El ICATSIN abre cursos. El Instituto de Capacitación para el Trabajo (ICATSIN) tiene 12 planteles.",
        good="El Instituto de Capacitación para el Trabajo (ICATSIN) abre cursos. El ICATSIN tiene 12 planteles.",
        look=_early,
    ),
    Rule(
        name="acronym-unknown",
        severity=Severity.INFO,
        scope=Scope.BODY,
        summary=said("An acronym that not everybody knows is spelled out."),
        explanation=said(
            "Spell it out where it first stands, or leave it out: what stands only once needs no letters. Acronyms that"
            " all of the office’s readers know are listed in [style] acronyms of comsoc.toml."
        ),
        bad="El ICATSIN abre cursos en doce planteles.",
        good="El Instituto de Capacitación para el Trabajo (ICATSIN) abre cursos en doce planteles.",
        look=_never,
    ),
)
