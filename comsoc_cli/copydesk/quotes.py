"""The rule about quotations: each has a named speaker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.speech import outside, quotations
from comsoc_cli.copydesk.text import Copy, Span, words
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

_FEWEST = 6  #: words: fewer between quotation marks are a name, or a word that is doubted

_STEMS_ES = """abord abund acept aclar acot acus aconsej admit adelant advert adviert advirt afirm agradec agradez agreg
    alert analiz añad anot anticip anunci apunt argument argu asegur asent asever atribuy augur bromed calific
    celebr cit coincid coment comparti complement compromet conclu consider const cont contest convoc cuestion
    declar defend defin denunci describ desej destac detall dict escrib escuch especific estim exclam exhort exig
    expend explic expon expus exter exterm expres externó felicit finaliz garantiz hac hizo identific indic inform
    insist invit invitó lament le llam manifest mencion narr neg observ opin orden pid pid pidi plant plante pregunt
    precis prometi promet pronunci propon propus puntualiz razon ratific reafirm recalc recomend reconoc reconozc
    record recuerd refir refier refrend reflexion reiter relat remarc resalt respond resum reve revel resumi se señal
    sentenci signific sintetiz solicit sostien sostuv subray suger sugir terci trasmit transmit ubic urg valor"""
_ENDS_ES = r"(?:ó|o|a|an|aba|aban|ado|ando|ar|aron|ará|e|en|er|iendo|ió|ieron|ía|ir|é|ido|uvo|imos|amos)?"
_SPEAKS_ES = re.compile(
    rf"(?i)\b(?:d[ie]j(?:o|eron)|dic(?:e|en|iendo|ho)|decir|diría|según|de acuerdo con|en palabras de|a decir de|"
    rf"palabras|mensaje|discurso|carta|textual(?:mente)?|leyenda|consigna|testimonio|voz de|leyó|reza|"
    rf"(?:{'|'.join(sorted({stem for stem in _STEMS_ES.split() if len(stem) > 3}))}|cit|neg){_ENDS_ES})\b"
)
_SPEAKS_EN = re.compile(
    r"(?i)\b(?:sa(?:id|ys|ying)|say|t(?:old|ells?|elling)|add(?:ed|s|ing)|not(?:ed|es|ing)|explain(?:ed|s|ing)?|"
    r"stat(?:ed|es|ing|ement)|wr(?:ote|ites?|iting|itten)|ask(?:ed|s|ing)?|argu(?:ed|es|ing)|announc(?:ed|es|ing)|"
    r"describ(?:ed|es|ing)|according to|quot(?:ed|es|ing|e|ation)|remark(?:ed|s|ing)?|comment(?:ed|s|ing)?|"
    r"declar(?:ed|es|ing)|answer(?:ed|s|ing)?|repl(?:ied|ies|ying)|respon(?:ded|ds|ding|se)|recall(?:ed|s|ing)?|"
    r"suggest(?:ed|s|ing)?|recommend(?:ed|s|ing)?|observ(?:ed|es|ing)|point(?:ed|s|ing)? out|call(?:ed|s|ing)|"
    r"defin(?:ed|es|ing|ition)|conclud(?:ed|es|ing)|report(?:ed|s|ing)?|stress(?:ed|es|ing)?|read(?:s|ing)?|put it|"
    r"emphasiz(?:ed|es|ing)|encourag(?:ed|es|ing)|continu(?:ed|es|ing)|shar(?:ed|es|ing)|mention(?:ed|s|ing)?|"
    r"tweet(?:ed|s)?|post(?:ed|s)?|prompt(?:ed|s)?|requir(?:ed|es|ing)|believ(?:ed|es)|think(?:s)?|thought|joked?|"
    r"hear(?:d|s)?|email(?:ed)?|mandat(?:ed|es)|outlin(?:ed|es)|instruct(?:ed|s)|expect(?:ed|s)|in (?:the )?words|"
    r"acknowledg(?:ed|es)|agree(?:d|s)|claim(?:ed|s)|reflect(?:ed|s)|laugh(?:ed|s)|thank(?:ed|s)|learned|feel(?:s)?)\b"
)
_SPEAKS = {"es": _SPEAKS_ES, "en": _SPEAKS_EN}

#: What such words name when it is quoted: no speech but a title.
_TITLED = re.compile(
    r"(?i)\b(?:programa|proyecto|libro|obra|campaña|lema|conferencia|taller|foro|título|titulad[oa]s?|llamad[oa]s?|"
    r"denominad[oa]s?|exposición|película|estrategia|concurso|plática|curso|tema|canción|curso-taller|diplomado|"
    r"congreso|seminario|encuentro|convocatoria|premio|escuela|primaria|jornada|feria|festival|ponencia|panel|acuerdo|"
    r"ley|bajo el|called|entitled|titled|named|book|article|post|webinar|session|panel|talk|report|act|memo|"
    r"memorandum|order|paper|guide|video|series|theme|page|section|field|button|link|label|blog)\s+(?:\w+\s+){0,2}[:,]?\s*$"
)
_SIGNATURE = 25  #: words at most
_HTML = re.compile(r"<(?:blockquote|div|td|li|strong|span|figure|p|h\d)\b")
_ENDS = re.compile(r"[.,;!?…]")
_DASHED = re.compile(r"\s*[—–―-]")


@dataclass(frozen=True)
class _Blocks:
    """The blocks of a text, and what is quoted in each of them."""

    copy: Copy
    spans: tuple[Span, ...]
    quotes: tuple[list[tuple[int, int]], ...]

    def goes_on(self, number: int) -> bool:
        """Whether a block begins with a quotation, and the one before ends with one."""
        if not number or not self.quotes[number] or not self.quotes[number - 1]:
            return False
        before = self.quotes[number - 1][-1][1] >= self.spans[number - 1].end - 3
        return before and not self.copy.prose[self.spans[number].start : self.quotes[number][0][0]].strip()

    def speaks(self, number: int) -> bool:
        """Whether a block has, outside of what it quotes, a verb of speaking."""
        span = self.spans[number]
        return bool(_SPEAKS[self.copy.language].search(outside(span.text, span.start, self.quotes[number])))


def _unspoken(copy: Copy, limit: float | None) -> Iterator[Finding]:
    spans = tuple(span for span in copy.paragraphs if span.kind != "caption")
    blocks = _Blocks(copy, spans, tuple(quotations(copy, span) for span in spans))
    found, first = [], 0
    for number in range(len(spans)):
        if not blocks.goes_on(number):
            first = number
        for start, end in _speeches(blocks, number):
            if not _spoken(blocks, first, number, start, end):
                message = said("nobody is named who says this")
                found.append(Finding(start=start, end=end, message=message, words=copy.prose[start:end]))
    yield from gathered(copy, found)


def _speeches(blocks: _Blocks, number: int) -> Iterator[tuple[int, int]]:
    """The quotations of speech in a block; titles and single words between quotation marks are none."""
    copy, span = blocks.copy, blocks.spans[number]
    if not blocks.quotes[number] or span.kind not in {"paragraph", "quote"}:
        return
    if _HTML.search(copy.body[span.start : span.end]):
        return
    for start, end in blocks.quotes[number]:
        inside = copy.prose[start:end].strip('“”«»" \n')
        closed = copy.body[end - 1] in '”»";'
        linked = "](" in copy.body[start:end] or copy.body[start - 1 : start] in {"(", "["}
        if closed and not linked and len(words(inside)) >= _FEWEST and _is_speech(copy, span, start, end, inside):
            yield start, end


def _is_speech(copy: Copy, span: Span, start: int, end: int, inside: str) -> bool:
    """Whether it is a whole sentence, and no title."""
    before = copy.prose[max(span.start, start - 60) : start]
    sentence = inside[:1].isupper() or inside[:1] in "¿¡"
    stops = bool(_ENDS.match(inside[-1:]) or _ENDS.match(copy.prose[end : end + 1]) or end >= span.end)
    long_words = [word for word in words(inside) if len(word) > 3 and word[0].isalpha()]
    titled = sum(1 for word in long_words if word[0].isupper()) > 0.5 * len(long_words)
    return sentence and stops and not titled and not _TITLED.search(before)


def _spoken(blocks: _Blocks, first: int, last: int, start: int, end: int) -> bool:
    """Whether its speaker is named: beside it, or in the paragraph before or after."""
    before = blocks.copy.prose[max(0, start - 3) : start].rstrip()
    if before.endswith(":") or _DASHED.match(blocks.copy.prose, end):
        return True
    if first and blocks.spans[first - 1].plain.endswith(":"):
        return True
    near = range(max(0, first - 1), min(len(blocks.spans), last + 2))
    return any(map(blocks.speaks, near)) or _signed(blocks, last)


def _signed(blocks: _Blocks, number: int) -> bool:
    """Whether a line below says whose words they are."""
    below = next((n for n in range(number + 1, min(len(blocks.spans), number + 4)) if not blocks.quotes[n]), None)
    if below is None or len(words((span := blocks.spans[below]).text)) > _SIGNATURE:
        return False
    return span.kind == "quote" or (span.kind == "paragraph" and not span.plain.endswith("."))


RULES = (
    Rule(
        name="quote-speaker",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        summary=said("Whoever is quoted is named."),
        explanation=said(
            "A newsroom cannot print words that nobody said. Name the person and the office beside the quotation, or"
            " below it in a line of its own."
        ),
        bad="“Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo a la mitad.”",
        good="“Una beca que llega a tiempo es la diferencia entre terminar el año y dejarlo a la mitad”, dijo la"
        " titular de la Secretaría de Educación Pública y Cultura.",
        look=_unspoken,
    ),
)
