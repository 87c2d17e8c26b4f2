"""Rules about days: weekdays that are another date's, and days that only today's reader can tell."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.speech import own_words
from comsoc_cli.copydesk.text import Copy, Span
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

_DAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_MONTHS_EN = "January February March April May June July August September October November December"
_MONTHS = {"es": _MONTHS_ES.split(), "en": _MONTHS_EN.split()}
_DAY_ES = r"(?P<day>lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)"
_MONTH_ES = r"(?P<month>enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
_MONTH_EN = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY_EN = (
    r"(?P<day>Mon(?:day|\.)|Tue(?:sday|s?\.)|Wed(?:nesday|\.)|Thu(?:rsday|r?s?\.)|Fri(?:day|\.)|Sat(?:urday|\.)|"
    r"Sun(?:day|\.))"
)
#: "lunes 22 y martes 23 de agosto (de 2027)": the days that share a month stand between a day and its month.
_FURTHER = (
    r"(?:,?\s*(?:(?:y|e|o|a|al)\s+)?(?:el\s+)?(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)?"
    r"\s*\d{1,2}(?:\s+de)?)"
)
_DATED = {
    "es": re.compile(
        rf"(?i)\b{_DAY_ES},?\s+(?P<number>\d{{1,2}})(?=(?:{_FURTHER}){{0,4}}?\s*(?:de\s+)?{_MONTH_ES}\b"
        r"(?:,?\s+(?:de\s+|del\s+(?:año\s+)?)?(?P<year>(?:19|20)\d\d)\b)?)"
    ),
    "en": re.compile(
        rf"\b{_DAY_EN},?\s+(?:the\s+)?{_MONTH_EN}\s+(?P<number>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[–-]?\s*\d|:)"
        r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
    ),
}
_NEARBY = timedelta(days=200)  #: how far a date without a year may lie from the release's own

_A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_A_DATE = {
    "es": re.compile(
        rf"(?i)\b\d{{1,2}}(?:º|o\.?|ro)?\s+de\s+{_MONTH_ES}\b|{_DAY_ES}\s+\d{{1,2}}\b|\bprimero\s+de\s+\w+"
    ),
    "en": re.compile(rf"\b{_MONTH_EN}\s+\d{{1,2}}\b|\b\d{{1,2}}\s+(?:of\s+)?(?:{'|'.join(_MONTHS['en'])})\b"),
}
#: The words "mañana" and "tomorrow" are nouns as well; so are the others in a turn of phrase.
_RELATIVE = {
    "es": re.compile(
        r"(?i)\b(?P<word>ayer|anoche|anteayer|antier|pasado\s+mañana"
        r"|(?<!la )(?<!las )(?<!una )(?<!esta )(?<!cada )(?<!el )(?<!un )(?<!media )(?<!buena )(?<!misma )(?<!toda )"
        r"(?<!de )(?<!del )(?<!al )(?<!y )(?<!o )(?<!otra )(?<!primera )(?<!próxima )(?<!nuestro )(?<!mejor )(?<!tu )"
        r"mañana|(?<=partir de )mañana|(?<=día de )mañana)\b(?!\s+(?:y|o|u|de|siguiente)\b|,?\s*tarde)"
    ),
    "en": re.compile(
        r"(?i)\b(?<!of )(?<!and )(?<!or )(?<!a )(?<!the )(?<!better )(?<!for )(?<!brighter )"
        r"(?P<word>yesterday|tomorrow|last night)\b(?!['’]s|\s+(?:and|or)\b)"
    ),
}
_NOW = re.compile(r"(?i)\b(?:now|ahora)\b")
_TODAY = {
    "es": re.compile(
        r"(?i)\b(?:(?<!de )|(?<=día de ))(?<!hasta )(?<!desde )(?<!y )(?<!por )(?<!al día de )(?P<word>hoy)\b"
        r"(?!\s+(?:en día|por hoy|más que|y\b|se sabe|existe))"
    ),
    "en": re.compile(r"(?i)\b(?<!of )(?<!and )(?<!in )(?<!until )(?P<word>today)\b(?!['’]s|\s{5,}|\s+and\b)"),
}


def _weekdays(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for found, wrong in _mismatches(copy, copy.prose):
        start, end = found.span()
        yield _mismatch(copy, found, wrong, start=start, end=end)
    for field, index, text in copy.fields():
        for found, wrong in _mismatches(copy, text):
            yield _mismatch(copy, found, wrong, field=field, index=index)


def _mismatches(copy: Copy, text: str) -> Iterator[tuple[re.Match[str], date]]:
    """Weekdays with a date that is another weekday's, and that date."""
    for found in _DATED[copy.language].finditer(text):
        possible = list(_dates(copy, found, text))
        day = _weekday(found["day"], copy.language)
        if possible and not any(one.weekday() == day for one in possible):
            yield found, possible[0]


def _dates(copy: Copy, found: re.Match[str], text: str) -> Iterator[date]:
    """What dates may be meant, the nearest first: of the year that stands there, else of those that are near."""
    own = copy.original.date.date()
    near = text[max(0, found.start() - 200) : found.end() + 100]
    years = [int(found["year"])] if found["year"] else [own.year - 1, own.year, own.year + 1]
    others = [] if found["year"] else [int(year) for year in _A_YEAR.findall(near)]
    month = _month(found["month"], copy.language)
    dates = [one for year in years if (one := _date(year, month, int(found["number"])))]
    nearest = sorted(dates, key=lambda one: abs(one - own))
    yield from nearest[:1]
    yield from (one for one in nearest[1:] if abs(one - own) <= _NEARBY)
    yield from (one for year in others if (one := _date(year, month, int(found["number"]))))


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _weekday(word: str, language: str) -> int:
    return next(n for n, day in enumerate(_DAYS[language]) if _plain(day)[:3] == _plain(word)[:3])


def _month(word: str, language: str) -> int:
    return next(n for n, month in enumerate(_MONTHS[language], 1) if month.lower()[:3] == word.lower()[:3])


def _plain(word: str) -> str:
    return word.lower().translate(str.maketrans("áé", "ae"))


def _mismatch(
    copy: Copy, found: re.Match[str], wrong: date, *, start: int | None = None, end: int | None = None,
    field: str = "body", index: int | None = None,
) -> Finding:  # fmt: skip
    language = copy.language
    meant = _DAYS[language][wrong.weekday()]
    day = _weekday(found["day"], language)
    there = min(
        (wrong + timedelta(days=n) for n in range(-6, 7)), key=lambda one: (one.weekday() != day, abs(one - wrong))
    )
    better = f"{_written(meant, wrong, language)}; {_written(_DAYS[language][day], there, language)}"
    message = said(
        "{date} is {day}, not {written}",
        date=f"{wrong.day:02}/{wrong.month:02}/{wrong.year}",
        day=meant,
        written=_DAYS[language][day],
    )
    words = " ".join(f"{found[0]} {'' if language == 'en' else 'de ' + found['month']}".split())
    return Finding(
        start=start, end=end, field=field, index=index, message=message, suggestion=better,
        words=words if start is not None else found[0],
    )  # fmt: skip


def _written(day: str, on: date, language: str) -> str:
    month = _MONTHS[language][on.month - 1]
    return f"{day}, {month} {on.day}" if language == "en" else f"{day} {on.day} de {month}"


def _relative(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = []
    for start, end in _undated(copy, _RELATIVE[copy.language], copy.sentences):
        word = copy.prose[start:end]
        message = said("“{word}” is another day for whoever reads it tomorrow; add the date", word=word)
        found.append(Finding(start=start, end=end, message=message, words=word))
    yield from gathered(copy, found)


def _today(copy: Copy, limit: float | None) -> Iterator[Finding]:
    release = copy.original
    moved = release.embargo is not None and release.embargo.date() != release.date.date()
    if copy.lead is None or (_has_dateline(copy) and not moved):
        return
    lead = [span for span in copy.sentences if copy.lead.start <= span.start < copy.lead.end]
    for start, end in _undated(copy, _TODAY[copy.language], lead):
        message = (
            said("“{word}” is the day of the release, and the embargo ends on another", word=copy.prose[start:end])
            if moved
            else said("“{word}” stands in a text that has no dateline", word=copy.prose[start:end])
        )
        yield Finding(start=start, end=end, message=message, words=copy.prose[start:end])
        return


def _has_dateline(copy: Copy) -> bool:
    return bool(copy.release.dateline.strip() or copy.original.dateline.strip())


def _undated(copy: Copy, pattern: re.Pattern[str], spans: "tuple[Span, ...] | list[Span]") -> Iterator[tuple[int, int]]:
    """Words that name a day in sentences that give no date; what is quoted was said like that."""
    own = copy.once("own words", own_words)
    for span in spans:
        text = own[span.start : span.end]
        if _A_DATE[copy.language].search(span.text):
            continue
        if _NOW.search(text):
            continue  # "now or tomorrow": no day is meant
        for found in pattern.finditer(text):
            yield span.start + found.start("word"), span.start + found.end("word")


RULES = (
    Rule(
        name="weekday",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        summary=said("A weekday is that of its date."),
        explanation=said(
            "If the weekday and the date do not agree, half of the readers come on the wrong day. A date without a year"
            " is taken for the one nearest to the release’s own."
        ),
        bad="El registro abre el lunes 24 de noviembre de 2026.",
        good="El registro abre el martes 24 de noviembre de 2026.",
        look=_weekdays,
    ),
    Rule(
        name="day-relative",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("“Yesterday” and “tomorrow” have their date beside them."),
        explanation=said(
            "A release is read and printed on other days than that on which it was written. Give the date, or both:"
            " “mañana, martes 24 de noviembre”. What somebody said is left as it was said."
        ),
        bad="El registro abre mañana.",
        good="El registro abre mañana, martes 24 de noviembre.",
        look=_relative,
    ),
    Rule(
        name="today",
        severity=Severity.INFO,
        scope=Scope.BODY,
        summary=said("“Today” in a lead has a dateline that says which day."),
        explanation=said(
            "The dateline gives “hoy” its date. Without one, or with an embargo that ends on another day, nobody can"
            " tell which day is meant."
        ),
        bad="dateline:\n---\nEl Gobierno del Estado puso en marcha hoy el programa de becas.",
        good="dateline: Culiacán, Sinaloa\n---\nEl Gobierno del Estado puso en marcha hoy el programa de becas.",
        look=_today,
    ),
)
