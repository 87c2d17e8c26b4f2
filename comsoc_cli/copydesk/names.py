"""The rule about names: one person's is spelled one way."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

_PART = r"[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+(?:[-’'][A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+)?"
_NAME = re.compile(
    rf"(?<![\w@#/.’'-])(?:{_PART})"
    rf"(?:[ \u00a0\n](?:(?:de|del|la|las|los|y|van|von|da|do|dos)[ \u00a0\n])*(?:{_PART}))+(?![\w@/’'])"
)

#: Given names by which a person's is told from other words in capitals.
_GIVEN_WORDS = """
    adan adriana alan alberto alejandra alejandro alfonso alfredo alicia alma alvaro ana andrea andres angel
    angela antonio araceli armando arturo aurora beatriz benito bertha blanca carlos carmen carolina cecilia
    cesar clara claudia cristina cruz daniel daniela david diana diego dora edgar eduardo elena elizabeth elsa
    emilio enrique erika ernesto esteban esther eva eugenia fabiola felipe feliciano fernando fidel francisco
    gabriel gabriela gerardo gilberto gloria graciela guadalupe guillermo gustavo hector hilda hugo ignacio ines
    irma isabel ismael israel ivan jaime javier jesus joaquin joel jorge jose josefina juan juana julia julio
    karla laura leonardo leticia lidia lilia lorena lourdes lucia luis luz magdalena manuel marco marcos
    margarita maria mariana mario marisol marta martha martin mauricio mercedes miguel miriam monica nancy
    natalia norma octavio olga omar oscar pablo patricia paula pedro rafael ramiro ramon raquel raul rebeca
    ricardo roberto rocio rodolfo rodrigo rogelio rosa rosario ruben salvador samuel sandra santiago sara saul
    sergio silvia sofia sonia susana teresa tomas valeria vanessa veronica vicente victor victoria violeta
    xochitl yolanda yadira zulema adam alex alice amanda amy andrew ann anna anne anthony ashley barbara ben
    benjamin beth betty bill bob brad brian bruce carl carol catherine charles chris christine christopher colin
    craig cynthia dan deborah dennis diane don donald donna doug edward elaine emily eric erin frank fred gary
    george greg gregory heather helen henry jack jacob james jane janet jason jean jeff jennifer jeremy jessica
    jim joan joanne joe john jon jonathan joseph joshua judy julie justin karen kate katherine kathy keith kelly
    ken kevin kim kyle larry lauren leah linda lisa lori margaret mark mary matt matthew megan melissa michael
    michelle mike molly nathan nick nicole pamela patrick paul peter philip rachel rebecca richard rick rob
    robert robin ron ryan sam samantha sarah scott sean sharon shawn stephanie stephen steve steven susan ted
    thomas tim tom tony tracy tyler will william zach"""
_GIVEN = frozenset(_GIVEN_WORDS.split())
_SMALL_WORDS = "de del la las los y van von da do dos"
_SMALL = frozenset(_SMALL_WORDS.split())
#: Before a name, and none of it.
_TITLES_WORDS = """
    el la los las lic licenciado licenciada ing ingeniero ingeniera dr dra doctor doctora mtro mtra maestro
    maestra profesor profesora profr gobernador gobernadora secretario secretaria director directora presidente
    presidenta alcalde alcaldesa diputado diputada senador senadora comisionado comisionada titular general don
    doña señor señora sra sr mr mrs ms president secretary governor senator administrator commissioner the and
    chief officer estatal municipal federal coordinador coordinadora subsecretario subsecretaria jefe jefa san
    santa santo"""
_TITLES = frozenset(_TITLES_WORDS.split())
_SHORTEST = 4  #: letters of a part in which one may be wrong


def _spellings(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = _names(copy)
    times = Counter(one.parts for one in found)
    alike: dict[tuple[int, str], list[tuple[str, ...]]] = {}
    for name in times:  # only names of one length that share a part can be one name
        for part in {_plain(part) for part in name}:
            alike.setdefault((len(name), part), []).append(name)
    pairs = {frozenset(pair): pair for group in alike.values() for pair in combinations(group, 2)}
    pairs |= {frozenset(pair): pair for pair in combinations((name for name in times if len(name) == 2), 2)}
    told = []
    for one, other in pairs.values():
        if _is_slip(one, other):
            rare, usual = sorted((one, other), key=lambda name: (times[name], _accents(name)))
            told.append(_finding(rare, usual, found))
    told += _surnames(copy, found)
    yield from gathered(copy, told)


@dataclass(frozen=True)
class _Name:
    """A name of two parts or more as it stands in a text."""

    parts: tuple[str, ...]
    words: str
    field: str
    index: int | None
    start: int  #: in its text


def _finding(rare: tuple[str, ...], usual: tuple[str, ...], found: list[_Name]) -> Finding:
    one = next(name for name in found if name.parts == rare)
    better = next(name.words for name in found if name.parts == usual)
    message = said("“{one}” and “{other}”: one name, spelled two ways", one=one.words, other=better)
    if one.field == "body":
        end = one.start + len(one.words)
        return Finding(start=one.start, end=end, message=message, words=one.words, suggestion=better)
    return Finding(field=one.field, index=one.index, message=message, words=one.words, suggestion=better)


def _names(copy: Copy) -> list[_Name]:
    """Names of two parts or more, without the titles before them."""
    texts = [("body", None, copy.prose), *copy.fields()]
    return [
        _Name(parts, words, field, index, found.start() + cut)
        for field, index, text in texts
        for found in _NAME.finditer(text)
        for parts, cut, words in [_parts(found[0])]
        if len(parts) >= 2
    ]


def _parts(written: str) -> tuple[tuple[str, ...], int, str]:
    """The parts of a name without titles before it: (parts, where it begins, as written)."""
    pieces = list(re.finditer(r"\S+", written))
    while pieces and (_plain(pieces[0][0]) in _TITLES or pieces[0][0] in _SMALL):
        pieces.pop(0)
    if len(pieces) > 2 and _plain(pieces[0][0]) not in _GIVEN and _plain(pieces[1][0]) in _GIVEN:
        pieces.pop(0)  # a verb, or a title that is not listed
    cut = pieces[0].start() if pieces else 0
    parts = tuple(piece[0] for piece in pieces if piece[0] not in _SMALL)
    return parts, cut, " ".join(written[cut:].split(" "))


def _is_slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names are one with accents, or in one long part of a person's name a letter, that differ."""
    if len(one) != len(other):
        return False
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if all(_plain(a) == _plain(b) for a, b in differing):
        person = _is_person(one) or _is_person(other)
        return person or not any(_is_another_word(a, b) for a, b in differing)
    (a, b), more = differing[0], differing[1:]
    return not more and _is_person(one) and _is_person(other) and _one_letter(_plain(a), _plain(b), len(one))


def _is_person(name: tuple[str, ...]) -> bool:
    return _plain(name[0]) in _GIVEN


def _is_another_word(one: str, other: str) -> bool:
    """Whether an accent makes another word: secretaria and secretaría, publico and publicó."""
    return _plain(one).endswith(("ria", "rias")) or one[:-1] == other[:-1] or len(one) < _SHORTEST


def _one_letter(one: str, other: str, parts: int) -> bool:
    """Whether one letter differs that is no other name's: María and Mario, Daniel and Daniela are two persons."""
    if min(len(one), len(other)) < _SHORTEST or (parts == 2 and min(len(one), len(other)) < _SHORTEST + 1):
        return False
    if one in _GIVEN and other in _GIVEN:
        return False
    if one[:-1] == other[:-1] or one[:-1] == other or other[:-1] == one:
        return False
    if len(one) == len(other):
        places = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        turned = len(places) == 2 and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
        return len(places) == 1 or (turned and places[1] == places[0] + 1)
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _surnames(copy: Copy, found: list[_Name]) -> Iterator[Finding]:
    """Surnames that stand alone with other accents than in the full name."""
    written = {part for name in found if _is_person(name.parts) for part in name.parts[1:]}
    by_plain = {_plain(part): part for part in written}
    in_names = [(name.start, name.start + len(name.words)) for name in found if name.field == "body"]
    told = set[str]()
    for one in re.finditer(_PART, copy.prose):
        usual = by_plain.get(_plain(one[0]))
        if usual is None or one[0] in written or one[0] in told or any(a <= one.start() < b for a, b in in_names):
            continue
        told.add(one[0])
        message = said("“{one}” and “{other}”: one name, spelled two ways", one=one[0], other=usual)
        yield Finding(start=one.start(), end=one.end(), message=message, words=one[0], suggestion=usual)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()


def _accents(name: tuple[str, ...]) -> int:
    return sum(1 for part in name for letter in part if ord(letter) > 127)


RULES = (
    Rule(
        name="name-spelling",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        summary=said("A person’s name is spelled one way."),
        explanation=said(
            "An accent that is missing once, or a letter, is what the person sees first. Names are compared by their"
            " parts; where two persons have names that much alike, <!-- comsoc: allow name-spelling … --> lets them"
            " pass."
        ),
        bad="Rubén Martínez Soto abrió el foro. Al cierre, Ruben Martinez Soto agradeció la asistencia.",
        good="Rubén Martínez Soto abrió el foro. Al cierre, Martínez Soto agradeció la asistencia.",
        look=_spellings,
    ),
)
