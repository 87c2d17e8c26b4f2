"""Rules about figures: how they are written, and whether those of one release agree."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.release import primary

#: Where Spanish writes 1,250.50 (RAE, DPD, “números” 2); elsewhere the marks change places.
_POINT = frozenset({"", "mx", "us", "pr", "gt", "hn", "ni", "pa", "sv", "do", "419"})

_EUROPEAN = re.compile(r"(?<![\w.,/-])\d{1,3}(?:\.\d{3})+,\d+(?![\w/-])|(?<![\w.,/-])\d{1,3}(?:\.\d{3}){2,}(?![\w./-])")
_COUNTED = re.compile(r"(?<![\w.,/-])[1-9]\d{0,2}\.\d{3}(?=\s+(?P<noun>[a-záéíóúñ]{4,}))")
_DECIMAL = re.compile(
    r"(?<![\w.,/-])\d+,\d{1,2}"
    r"(?=\s?%|\s+(?:por\s+ciento|millones|mil|kilómetros|metros|grados|percent|million|billion)\b)"
)
_RUN = re.compile(
    r"(?<![\w.,/#@_–:+-])(?P<sign>\$\s?)?[1-9]\d{4,}(?:\.\d{1,2})?(?![\w,/#@_–:-]|\.\d)"
    r"(?:\s+(?P<noun>[a-záéíóúñ]{3,}))?"
)
_SPACED = re.compile(
    r"(?<![\d.,/-] )(?<![\w.,/#@+-])(?P<sign>\$\s?)?[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+"
    r"(?![\w,/-]|[ \u00a0\u202f.]?\d)\s+(?P<noun>[a-záéíóúñ]{4,})"
)
_A_CODE = re.compile(
    r"(?i)\b(?:tel(?:éfonos?|s)?|celular|lada|whatsapp|número|núm|nº|no|ext(?:ensión)?|folio|expediente|oficio|cuenta|"
    r"clabe|cédula|código|c\.?\s?p|postal|placas?|serie|id|clave|contrato|licitación|isbn|registro|phone|call|code|zip|"
    r"number|section|suite|box|case|order|form|issue)\.?[\s:#]*(?:\w+\s)?$"
)
_NO_NOUN_WORDS = """
    con para por que los las del una uno sin ext and the for from with are was has have will can may esta este
    como desde hasta entre sobre cuando donde marque llame opción option press extensión"""
_NO_NOUN = frozenset(_NO_NOUN_WORDS.split())
#: Of these there may be three decimals.
_MEASURES_WORDS = """
    kilómetros metros centímetros kilogramos gramos toneladas hectáreas litros grados millones segundos minutos
    horas puntos unidades veces miles"""
_MEASURES = frozenset(_MEASURES_WORDS.split())

#: "48 mil", "48,000", "mil 528", "ocho mil 775", "4 millones 921 mil", "12 mil 275 millones", "1.8 million", …
_ONES_WORDS = "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince veinte treinta cien"
_ONES = _ONES_WORDS.split()
_WORTH = {word: value for value, word in enumerate(_ONES[:15], 1)} | {"veinte": 20, "treinta": 30, "cien": 100}
_SCALES = {"mil": 10**3, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_NUMBER = re.compile(
    rf"(?<![\w.,/$-])(?P<money>\$\s?)?"
    rf"(?P<figure>(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:(?:{'|'.join(_ONES)})\s+)?mil(?=\s+\d))"
    r"(?:\s+(?:mil|mill[oó]n(?:es)?|million|billion|thousand)\b|(?<=mil|nes)\s+\d{1,3}(?![\d,.]))*)"
    r"(?!\s?%|[\w,/-]|\.\d)(?:\s+(?P<of>de\s+)?(?P<phrase>[a-záéíóúñü]+(?:\s+[a-záéíóúñü]+){0,4}))?"
)
_STOPS_WORDS = """
    de del la las los el y e en a para por con que se un una al o u sin como más menos su sus fue es son será
    serán of the and for in on to an at by with that who are were is was or from more than has have will cada
    entre desde hasta sobre durante este esta ese esa ya no lo le les"""
_STOPS = frozenset(_STOPS_WORDS.split())
#: What is measured so is not counted: two figures of it are mostly two things.
_UNITS_WORDS = """
    peso dolar kilometro metro litro tonelada hectarea grado porciento punto ano mes dia semana hora minuto
    segundo vez veces kilogramo kilo gramo centimetro cuadrado cubico bimestre trimestre edad siglo version
    dollar mile foot feet year month day week hour minute second percent point time inch pound acre degree cent
    step way mayor menor enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre
    diciembre thing part example tip page question character word kind type piece key tema tipo cosa parte etapa
    paso nivel"""
_UNITS = frozenset(_UNITS_WORDS.split())
_SUBSET = re.compile(
    r"(?i)(?:de ellos|de ellas|de los cuales|de las cuales|otr[oa]s|primer[oa]s|restantes|adicional(?:es)?|además|"
    r"entre ell[oa]s|cada un[oa]|últim[oa]s|siguientes|próxim[oa]s|sólo|solo|hasta ahora|of them|of which|another|"
    r"other|first|additional|remaining|last|next|only|each|every|top|over the|nearly|de un total de|out of|de|of)\s*$"
)


def _style(copy: Copy, limit: float | None) -> Iterator[Finding]:
    region = copy.release.language.replace("_", "-").lower().partition("-")[2]
    if primary(copy.release.language) == "es" and region not in _POINT:
        return
    found = [
        Finding(start=start, end=start + len(words), message=said("{figure} would be {better} in the office’s style",
                figure=words, better=better), words=words, suggestion=better)
        for start, words, better in _misspelled(copy.prose)
    ]  # fmt: skip
    yield from gathered(copy, sorted(found, key=lambda one: one.start or 0))
    for field, index, text in copy.fields():
        for _, words, better in _misspelled(text):
            message = said("{figure} would be {better} in the office’s style", figure=words, better=better)
            yield Finding(field=field, index=index, message=message, words=words, suggestion=better)


def _misspelled(text: str) -> Iterator[tuple[int, str, str]]:
    """Figures whose marks are not those of the style: (place, as written, as it should be)."""
    for found in _EUROPEAN.finditer(text):
        yield found.start(), found[0], found[0].translate(str.maketrans(".,", ",."))
    for found in _COUNTED.finditer(text):
        if found["noun"] not in _MEASURES and found["noun"].endswith("s"):
            yield found.start(), found[0], found[0].replace(".", ",")
    for found in _DECIMAL.finditer(text):
        yield found.start(), found[0], found[0].replace(",", ".")
    for pattern in (_RUN, _SPACED):
        for found in pattern.finditer(text):
            if _is_amount(text, found):
                yield _grouped(text, found)


def _is_amount(text: str, found: re.Match[str]) -> bool:
    """Whether digits in a row count something, and are no telephone number, code or folio."""
    if _A_CODE.search(text[max(0, found.start() - 30) : found.start()]):
        return False
    return bool(found["sign"]) or bool(found["noun"] and found["noun"] not in _NO_NOUN)


def _grouped(text: str, found: re.Match[str]) -> tuple[int, str, str]:
    figure = re.match(r"(?:\$\s?)?[\d \u00a0\u202f]*\d(?:\.\d+)?", found[0])
    written = figure[0] if figure else found[0]
    whole, point, cents = re.sub(r"[^\d.]", "", written).partition(".")
    sign = "$" if written.startswith("$") else ""
    return found.start(), written, f"{sign}{int(whole):,}{point}{cents}"


@dataclass(frozen=True)
class _Amount:
    """A figure with what it counts."""

    value: Decimal
    noun: str  #: in the singular, folded
    rest: str  #: the words that narrow it
    words: str
    start: int  #: in its text


@dataclass(frozen=True)
class _Place:
    """A text of the release in which figures are given for the whole: headline, lead, …"""

    field: str
    index: int | None
    text: str
    start: int | None = None  #: of the text in the body


def _contradictions(copy: Copy, limit: float | None) -> Iterator[Finding]:
    places = [_Place(field, index, text) for field, index, text in copy.fields() if field != "images"]
    if copy.lead:
        places.append(_Place("body", None, copy.lead.text, copy.lead.start))
    read = [(place, _amounts(place.text, copy.language)) for place in places]
    told: set[str] = set()
    for number, (_, first) in enumerate(read):
        for place, second in read[number + 1 :]:
            for one, other in _disagreeing(first, second):
                if one.noun not in told:
                    told.add(one.noun)
                    yield _contradiction(place, one, other)
    yield from _tables(copy, read, told)


def _contradiction(place: _Place, one: _Amount, other: _Amount) -> Finding:
    message = said("“{here}”, and “{there}” elsewhere", here=other.words, there=one.words)
    if place.start is None:
        return Finding(field=place.field, index=place.index, message=message, words=other.words)
    start = place.start + other.start
    return Finding(start=start, end=start + len(other.words), message=message, words=other.words)


def _amounts(text: str, language: str) -> dict[str, list[_Amount]]:
    """The figures of a text by what they count."""
    amounts: dict[str, list[_Amount]] = {}
    for found in _NUMBER.finditer(text):
        one = _amount(found, language)
        if one and not _SUBSET.search(text[max(0, found.start() - 20) : found.start()]):
            amounts.setdefault(one.noun, []).append(one)
    return amounts


def _amount(found: re.Match[str], language: str) -> _Amount | None:
    if not found["phrase"] or found["money"]:
        return None
    phrase: list[str] = []
    for word in found["phrase"].split():
        if word in _STOPS:
            break
        phrase.append(word)
    of_them = found["of"] and not found["figure"].endswith(("ones", "ón"))  # "132 mil de secundaria": a part
    if not phrase or of_them or re.fullmatch(r"(?:19|20)\d\d", found["figure"]):
        return None
    noun = phrase[0] if language == "es" else next((word for word in phrase if word.endswith("s")), phrase[-1])
    rest = _narrowed(found["phrase"].split(), noun) if language == "es" else folded(" ".join(phrase).partition(noun)[0])
    words = found[0][: found.start("phrase") - found.start()] + " ".join(phrase)
    return _Amount(worth(found["figure"]), _singular(noun), rest, " ".join(words.split()), found.start())


def _narrowed(words: list[str], noun: str) -> str:
    """What narrows a Spanish noun: “de primaria”, or an adjective, which agrees with it."""
    after = [word for word in words[1:4] if word not in {"la", "las", "los", "el", "su", "sus"}]
    if len(after) > 1 and after[0] in {"de", "del"}:
        return folded(after[1])
    adjective = after and noun.endswith("s") and after[0].endswith("s") and after[0] not in _STOPS
    return folded(after[0]) if adjective else ""


def worth(figure: str) -> Decimal:
    """What a figure is worth whose thousands and millions are words."""
    total, open_ = Decimal(0), Decimal(0)
    for part in _parts(figure):
        if part in _SCALES or part.startswith("millon"):
            scale = _SCALES.get(part, 10**6)
            if scale == 10**3:
                open_ = (open_ or Decimal(1)) * scale
            else:
                total, open_ = (total + open_) * scale, Decimal(0)
        else:
            total, open_ = total + open_, Decimal(_WORTH.get(part, part))
    return total + open_


def _parts(figure: str) -> list[str]:
    return [part.replace(",", "") if part[0].isdigit() else folded(part) for part in figure.split()]


def _singular(noun: str) -> str:
    plain = folded(noun)
    for ending, one in (("ciones", "cion"), ("dades", "dad"), ("ies", "y"), ("ores", "or"), ("es", "e"), ("s", "")):
        if plain.endswith(ending) and len(plain) > len(ending) + 2:
            return plain[: -len(ending)] + one
    return plain


def _disagreeing(
    first: Mapping[str, list[_Amount]], second: Mapping[str, list[_Amount]]
) -> Iterator[tuple[_Amount, _Amount]]:
    """What two texts count once each, with two figures, one like a slip for the other."""
    for noun, ones in first.items():
        others = second.get(noun, [])
        if len(ones) != 1 or len(others) != 1:
            continue
        one, other = ones[0], others[0]
        if one.value != other.value and _same_thing(one, other) and _looks_like(one, other):
            yield one, other


def _same_thing(one: _Amount, other: _Amount) -> bool:
    return one.rest == other.rest or not (one.rest and other.rest)


def _looks_like(one: _Amount, other: _Amount) -> bool:
    """Digits that changed places, a “mil” that was lost, or for what is counted a figure of the same size."""
    digits = [str(int(amount.value * 1000)).rstrip("0") for amount in (one, other)]
    swapped = len(digits[0]) >= 2 and sorted(digits[0]) == sorted(digits[1])
    if one.noun in _UNITS:
        return swapped and len(digits[0]) >= 3
    ratio = max(one.value, other.value) / max(min(one.value, other.value), Decimal("0.001"))
    return swapped or (one.rest == other.rest and ratio <= 3 and min(one.value, other.value) >= 5)


def _tables(copy: Copy, read: list[tuple[_Place, dict[str, list[_Amount]]]], told: set[str]) -> Iterator[Finding]:
    """Totals of tables that are not what headline or lead give for the same thing."""
    for span in copy.paragraphs:
        if span.kind != "table":
            continue
        for noun, total, start, words in _totals(copy.body[span.start : span.end], span.start):
            given = [one for _, amounts in read for one in amounts.get(noun, ()) if len(amounts[noun]) == 1]
            if noun in told or not given or any(one.value == total for one in given):
                continue
            sum_up = _Amount(total, noun, "", words, 0)
            if _looks_like(given[0], sum_up) and not given[0].rest:
                told.add(noun)
                message = said("the table’s total is {total}, and “{there}” stands elsewhere",
                               total=words, there=given[0].words)  # fmt: skip
                yield Finding(start=start, end=start + len(words), message=message, words=words)


def _totals(table: str, start: int) -> Iterator[tuple[str, Decimal, int, str]]:
    """What each column of a table counts, and its total: (noun, total, place, as written)."""
    lines = table.split("\n")
    if len(lines) < 4 or not re.search(r"(?i)\btotal\b", lines[-1].lstrip("|* ").split("|")[0]):
        return
    heads = [folded(cell.partition("(")[0]) for cell in lines[0].strip().strip("|").split("|")]
    last = lines[-1].rstrip()
    place = start + len(table) - len(lines[-1]) + last.startswith("|")
    for head, cell in zip(heads, last.removeprefix("|").split("|"), strict=False):
        figure = re.search(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", cell)
        if head and " " not in head and figure:
            value = Decimal(figure[0].replace(",", ""))
            yield _singular(head), value, place + figure.start(), figure[0]
        place += len(cell) + 1


RULES = (
    Rule(
        name="figure-style",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("Thousands have a comma, decimals a point."),
        explanation=said(
            "In Mexico 1.250 is one and a quarter, and 1,250 more than a thousand. Years, telephone numbers, codes and"
            " folios have no marks. Texts of countries that write 1.250,50 are left alone: “language” says which."
        ),
        bad="El programa tiene 1.250.000,50 pesos para 48000 estudiantes.",
        good="El programa tiene 1,250,000.50 pesos para 48,000 estudiantes.",
        look=_style,
    ),
    Rule(
        name="figure-contradiction",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        summary=said("Headline, summary, lead and table give one figure for one thing."),
        explanation=said(
            "A figure that was corrected in one place and forgotten in another is what newsrooms call about first. What"
            " is compared: the same word with two figures, and the totals of tables. Parts of a whole (“12 mil de"
            " ellos”) are left alone."
        ),
        bad="headline: 48 mil estudiantes reciben becas\n---\nEl programa llega a 84 mil estudiantes.",
        good="headline: 48 mil estudiantes reciben becas\n---\nEl programa llega a 48,000 estudiantes.",
        look=_contradictions,
    ),
)
