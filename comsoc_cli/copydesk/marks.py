"""Rules about marks: quotation marks, opening ¿ and ¡, spaces, dashes."""

import re
from collections.abc import Iterator

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.speech import unpaired
from comsoc_cli.copydesk.text import Copy, Span, in_english
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity
from comsoc_cli.rendering.typography import typeset

_FAR = 500  #: characters in which a question begins, or a link ends
_AROUND = 40  #: characters that are shown beside a mark

_DOUBLE = re.compile(r"(?<=[^\s|])  +(?=[^\s|])")
_STRAIGHT = re.compile(r"\"|(?<!\w)'(?=\w)|(?<=[\w.,!?…])'|(?<![-\d])--(?![-\d])")
_PRIMES = re.compile(r"\d[ ]?$")  #: 5'10", 24"

_DASHES = ("", "|", "–", "—", "-")
_HOUR = re.compile(r"(?i)\d\s*(?:[ap]\.?\s?m\.?|h(?:rs?|oras)?\.?|%)?$")
#: One that opens a speech, or stands behind the stop of a typed dateline.
_SPEAKS = re.compile(r"(?:^|(?<=\n))-(?=[¿¡“\"]?[A-ZÁÉÍÓÚÑ][A-ZÁÉÍÓÚÑa-záéíóúñ]*[ ,])")
_STOPPED = re.compile(r"(?<=[a-záéíóúñ\d])\.-(?=\s)")
_LIST_MARK = re.compile(r"(?:[-*+]|\d+[.)]|#)$")
_CODE = re.compile(r"(?: {4}|\t)")
_WEEKDAYS = re.compile(r"(?i)\b(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|sat|sun)[a-zé]*\.?$")

_ASKING = (
    r"(?:(?:a|con|de|en|para|por|desde|hasta|y|pero|o)\s+)?"
    r"(?:qué|quién(?:es)?|cuál(?:es)?|cuándo|cuánt[oa]s?|dónde|adónde|cómo)\b"
)
_ASKS = re.compile(rf"{_ASKING}", re.IGNORECASE)
_ASKS_LATER = re.compile(rf"(?<=[,;:(“«\"—])\s*({_ASKING})", re.IGNORECASE)
_BEGINS = re.compile(r"[\s“«\"'‘(\[—–-]*")
_CLOSES = re.compile(r"[?!]+")
_CUTS = re.compile(r"[.!?…:](?=[\s”»\"’)]|$)|\n\s*\n")


def _unpaired(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = []
    for place, opens in unpaired(copy):
        message = (
            said("a quotation mark opens here and nothing closes it")
            if opens
            else said("a quotation mark closes here and nothing opened it")
        )
        found.append(Finding(start=place, end=place + 1, message=message, words=_near(copy, place)))
    yield from gathered(copy, found)


def _line_before(text: str, place: int, most: int) -> str:
    """What stands before a place on its line, no more than so many characters."""
    return text[max(0, place - most) : place].rpartition("\n")[2]


def _near(copy: Copy, place: int) -> str:
    """The words beside a place, on its line."""
    before = _line_before(copy.prose, place, _AROUND)
    after = copy.prose[place : place + _AROUND].partition("\n")[0]
    if len(before) == _AROUND:
        before = before.partition(" ")[2]
    return " ".join((before + (after.rpartition(" ")[0] if len(after) == _AROUND else after)).split())


def _straight(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = []
    for mark in _STRAIGHT.finditer(copy.prose):
        start, end = mark.span()
        before, after = _line_before(copy.prose, start, 3), copy.prose[end : end + 2]
        if copy.body[start:end] != mark[0] or _PRIMES.search(before):
            continue
        after = after if after.isdigit() else ""  # ’90
        better = typeset(before + mark[0] + after)[-1 - len(after)]
        found.append(
            Finding(
                start=start,
                end=end,
                words=_near(copy, start),
                replacement=better,
                suggestion=better,
                message=said("a mark of typewriters, which pages show as {better}", better=better),
            )
        )
    yield from gathered(copy, found)


def _double(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = []
    for spaces in _DOUBLE.finditer(copy.body):
        start, end = spaces.span()
        span = copy.span_at(start)
        # What is blanked in the prose beside them was code, or an address: nothing to do with.
        if span is None or span.kind == "table" or not (copy.prose[start - 1] + copy.prose[end]).strip():
            continue
        line = copy.body.rfind("\n", 0, start) + 1
        if _LIST_MARK.search(copy.body[max(line, start - 12) : start]) or _CODE.match(copy.body, line, start):
            continue
        found.append(
            Finding(start=start, end=end, message=said("two spaces, where one does"), words=_near(copy, start),
                    replacement=" ")
        )  # fmt: skip
    yield from gathered(copy, found)


def _dashes(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found: list[Finding] = []
    for span in copy.paragraphs:
        if span.kind != "table":
            found += _hyphens(copy, span)
    yield from gathered(copy, found)


def _hyphens(copy: Copy, span: Span) -> Iterator[Finding]:
    spanish = copy.language == "es"
    hyphens = list(_spaced(copy, span))
    pair = spanish and len(hyphens) == 2 and _is_aside(span.text, hyphens[0], hyphens[1])
    for number, one in enumerate(hyphens):
        better = " – " if not pair else (" —", "— ")[number]
        yield _dash(copy, span, one, better, said("a hyphen stands where a dash belongs"))
    if spanish:
        for one in _SPEAKS.finditer(span.text):
            if span.kind == "paragraph":
                yield _dash(copy, span, one, "—", said("speech begins with a raya, not with a hyphen"))
        for one in _STOPPED.finditer(span.text):
            yield _dash(copy, span, one, ".–", said("a hyphen stands where a dash belongs"))


def _spaced(copy: Copy, span: Span) -> Iterator[re.Match[str]]:
    """Hyphens between words, with a space on either side; ranges of hours, days and figures are none."""
    for one in re.finditer(" - ", span.text):
        before = span.text[max(0, one.start() - _FAR) : one.start()].rstrip()
        after = span.text[one.end() : one.end() + _FAR].lstrip()
        range_of_figures = _HOUR.search(before) and after[:1].isdigit()
        beside = copy.body[span.start + one.start() : span.start + one.end()] == one[0]
        alone = before[-1:] not in _DASHES and after[:1] not in _DASHES
        if beside and alone and not range_of_figures and not _WEEKDAYS.search(before):
            yield one


def _is_aside(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two hyphens of one sentence hold words between them."""
    between = text[first.end() : second.start()]
    return not re.search(r"[.!?]\s|\n", between) and text[second.end()].islower()


def _dash(copy: Copy, span: Span, one: re.Match[str], better: str, message: Message) -> Finding:
    start, end = span.start + one.start(), span.start + one.end()
    same = copy.body[start:end] == one[0]
    return Finding(
        start=start, end=end, message=message, words=_near(copy, start + (1 if one[0][0] == " " else 0)),
        suggestion=better.strip(), replacement=better if same else None,
    )  # fmt: skip


def _opening(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if in_english(copy.prose):
        return
    found = []
    for span in copy.paragraphs:
        for mark, opening in () if in_english(span.text) else _unopened(span.text):
            window = max(0, mark.start() - _FAR)
            place = _begins(span.text[window : mark.start()], opening)
            start = span.start + (mark.start() if place is None else window + place)
            found.append(
                Finding(
                    start=start,
                    end=start if place is not None else span.start + mark.end(),
                    message=said("“{mark}” closes what no “{opening}” opened", mark=mark[0][0], opening=opening),
                    words=_near(copy, span.start + mark.start()),
                    replacement=None if place is None else opening,
                )
            )
    yield from gathered(copy, found)
    for field, index, text in copy.fields():
        for mark, opening in () if in_english(text) else _unopened(text):
            message = said("“{mark}” closes what no “{opening}” opened", mark=mark[0][0], opening=opening)
            yield Finding(field=field, index=index, message=message, words=text)


def _unopened(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Marks that close a question or an exclamation, and the one that should have opened it."""
    since = 0  #: where the last question or exclamation ended
    for mark in _CLOSES.finditer(text):
        before, after = text[since : mark.start()], text[mark.end() : mark.end() + 3]
        follows = after.lstrip('”»"’)').strip()[:1]
        a_name = mark[0] == "!" and (follows.islower() or follows in {",", ";", ":"})  # as in Yahoo!
        word = before.rstrip('”»"’) \n')[-1:].isalnum()
        if word and not a_name and not set("¿¡") & set(before):
            yield mark, "¿" if "?" in mark[0] else "¡"
        if not after.strip() or after[0].isspace():
            since = mark.end()


def _begins(before: str, opening: str) -> int | None:
    """Where the opening mark goes, if there is only one place for it."""
    since = max((cut.end() for cut in _CUTS.finditer(before)), default=0)
    sentence = before[since:]
    skipped = _BEGINS.match(sentence)
    first = since + (skipped.end() if skipped else 0)
    if opening == "¿":
        if _ASKS.match(before, first):
            return first
        later = _ASKS_LATER.search(sentence)
        return since + later.start(1) if later else None
    return first if not re.search(r"[,;:]", sentence) else None


RULES = (
    Rule(
        name="quote-unpaired",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("Every quotation mark that opens is closed."),
        explanation=said(
            "Without its second mark nobody can tell where the speaker’s words end and the office’s begin. A quotation"
            " of several paragraphs opens in each of them and closes in the last."
        ),
        bad="“Una beca que llega a tiempo es la diferencia, dijo la titular.",
        good="“Una beca que llega a tiempo es la diferencia”, dijo la titular.",
        look=_unpaired,
    ),
    Rule(
        name="marks-straight",
        severity=Severity.INFO,
        scope=Scope.BODY,
        summary=said("Quotation marks and dashes are those of print."),
        explanation=said(
            "Pages, PDFs and mails show “ ”, ‘ ’ and – for the marks of typewriters by themselves; in the text they"
            " matter to whoever copies it from the file. `comsoc check --fix` puts them in."
        ),
        bad='"Una beca a tiempo", dijo -- y lo repitió.',
        good="“Una beca a tiempo”, dijo – y lo repitió.",
        look=_straight,
        fixable=True,
    ),
    Rule(
        name="opening-mark",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=("es",),
        summary=said("Questions and exclamations open with ¿ and ¡."),
        explanation=said(
            "In Spanish the opening mark is no ornament: it says where the question begins. `comsoc check --fix` puts"
            " it in where there is only one place for it."
        ),
        bad="Quién puede pedir la beca?",
        good="¿Quién puede pedir la beca?",
        look=_opening,
        fixable=True,
    ),
    Rule(
        name="double-space",
        severity=Severity.INFO,
        scope=Scope.BODY,
        summary=said("There is one space between words."),
        explanation=said(
            "Pages and PDFs show one; whoever copies the text from the file gets both. `comsoc check --fix` takes the"
            " second away."
        ),
        bad="La beca  llega en enero.",
        good="La beca llega en enero.",
        look=_double,
        fixable=True,
    ),
    Rule(
        name="dash",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("A hyphen joins, a dash parts."),
        explanation=said(
            "The hyphen stands within words (teórico-práctico) and between years (2026-2027). Asides stand between"
            " rayas (—así—) or after a dash with spaces ( – ), and speech begins with a raya."
        ),
        bad="El programa - dijo la titular - empieza en enero.",
        good="El programa —dijo la titular— empieza en enero.",
        look=_dashes,
        fixable=True,
    ),
)
