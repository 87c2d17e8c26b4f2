"""Rules about how hard a text is to read."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.speech import own_words
from comsoc_cli.copydesk.text import Copy, Span, words
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity

_FEWEST = 100  #: words: of shorter texts the figures say nothing
_NUMBER = re.compile(r"[\d.,]+%?$")
_LISTED = 6  #: words between commas or semicolons: fewer are a list, which is long and not hard

_OPEN = "aeoáéóàèò"
#: Where one line ends and the next begins, to the reader's eye.
_BREAK = re.compile(r"</?(?:li|br|p|td|th|tr|div|ul|ol|h\d|dt|dd)\b[^>]*>|(?: {2,}|\\\\)\n")
_DATELINE = re.compile(r"\s*[A-ZÁÉÍÓÚÑ][^:;!?\n]{2,80}?(?:\.[-–—]|\.?\s[–—])\s+(?=[A-ZÁÉÍÓÚÑ])")
_VOWELS = re.compile(r"[aeiouáéíóúüàèìòùy]+")
_GLIDE = re.compile(r"(?<=[gq])u(?=[eiéí])")


#: Endings with a vowel that is not spoken: make, files, helped; but not table or created.
_SILENT = re.compile(r"[^aeiouyl]e$|[aeiouyl]le$|[^aeiouytd]ed$|[^aeiouylscxzgh]es$")


@dataclass(frozen=True)
class Counts:
    """What the formulas go by."""

    words: int
    sentences: int
    syllables: int


@lru_cache(maxsize=20_000)
def syllables(word: str, language: str) -> int:
    """How many syllables a word has; a number counts as two."""
    letters = unicodedata.normalize("NFC", word.lower())
    if _NUMBER.match(letters):
        return 2
    if len(letters) > 1 and word.isupper() and not re.search("[AEIOUÁÉÍÓÚ]", word):
        return len(word)  # read letter by letter
    return (
        sum(_spanish(part) if language == "es" else _english(part) for part in re.findall(r"[^\W\d_]+", letters)) or 1
    )


def _spanish(word: str) -> int:
    """Each group of vowels is one syllable, and one more for each hiatus in it (RAE, Ortografía, 2010, II 3.2)."""
    word = _GLIDE.sub("", word)
    word = re.sub(r"y(?=[aeiouáéíóú])|h(?=u[aeioáéíó])", "ʝ", word)  # consonants before a vowel
    word = re.sub(r"(?<=[aeiouáéíóú])h(?=[aeiouáéíóú])", "", word)
    return max(1, sum(1 + sum(map(_parts, group, group[1:])) for group in _VOWELS.findall(word)))


def _parts(first: str, second: str) -> bool:
    """Whether a syllable ends between two vowels."""
    if first in _OPEN and second in _OPEN:
        return True
    stressed = (first in "íú" and second in _OPEN) or (second in "íú" and first in _OPEN)
    return stressed or first == second


def _english(word: str) -> int:
    """Groups of vowels, without a final e that is not spoken; right to within a few per cent on running text."""
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    many = len(re.findall(r"[aeiouy]+", plain))
    if _SILENT.search(plain):
        many -= 1
    many += len(re.findall(r"i[ao](?!us|n\b|ns\b|nal|l\b)|eo(?!us|pl|n\b)|[^q]ua|uou|ism$|crea(?=t)|area", plain))
    return max(1, many)


def counts(copy: Copy) -> Counts:
    """Words, sentences and syllables of the running text."""
    written = [words(span.text) for span in copy.sentences if span.kind != "list"]
    written = [sentence for sentence in written if sentence]
    language = copy.language
    return Counts(
        words=sum(map(len, written)),
        sentences=len(written),
        syllables=sum(syllables(word, language) for sentence in written for word in sentence),
    )


def fernandez_huerta(many: Counts) -> float:
    """J. Fernández Huerta, “Medidas sencillas de lecturabilidad” (1959): 206.84 − 0.60 P − 1.02 F.

    P: syllables in a hundred words, F: words in a sentence.
    """
    return 206.84 - 0.60 * 100 * many.syllables / many.words - 1.02 * many.words / many.sentences


def inflesz(many: Counts) -> float:
    """Perspicuity by F. Szigriszt-Pazos (1993), 206.835 − 62.3 S/P − P/F; its scale is INFLESZ (Barrio, 2008)."""
    return 206.835 - 62.3 * many.syllables / many.words - many.words / many.sentences


def flesch(many: Counts) -> float:
    """Reading ease by R. Flesch (1948): 206.835 − 84.6 S/W − 1.015 W/F."""
    return 206.835 - 84.6 * many.syllables / many.words - 1.015 * many.words / many.sentences


_SCALE = (  #: from which figure on INFLESZ calls a text so
    (80, said("very easy")),
    (65, said("fairly easy")),
    (55, said("normal")),
    (40, said("somewhat hard")),
    (float("-inf"), said("very hard")),
)


def _word(figure: float) -> Message:
    return next(word for least, word in _SCALE if figure >= least)


def _readability(copy: Copy, limit: float | None) -> Iterator[Finding]:
    many = counts(copy)
    if many.words < _FEWEST or not many.sentences:
        return
    if copy.language == "en":
        figure = flesch(many)
        yield Finding(
            message=said("reading ease (Flesch) {figure}; {words} words a sentence",
                         figure=f"{figure:.0f}", words=f"{many.words / many.sentences:.0f}")
        )  # fmt: skip
        return
    perspicuity = inflesz(many)
    yield Finding(
        message=said(
            "Fernández Huerta {first}, INFLESZ {second}: {word}; {words} words a sentence",
            first=f"{fernandez_huerta(many):.0f}", second=f"{perspicuity:.0f}", word=_word(perspicuity),
            words=f"{many.words / many.sentences:.0f}",
        )
    )  # fmt: skip


def _long(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if limit is None:
        return
    own = copy.once("own words", own_words)
    long = [
        (many, start, end)
        for span in copy.sentences
        if span.kind != "quote" and span.end - span.start > 3 * limit
        for start, end in _lines(copy.body, span)
        if (many := _read_at_once(own[start:end])) > limit
    ]
    if not long:
        return
    many, start, end = max(long, key=lambda one: _weight(copy.prose[one[1] : one[2]], copy.language))
    message = (
        said("a sentence of {many} words; nobody keeps more than {limit} in mind", many=many, limit=f"{limit:g}")
        if len(long) == 1
        else said(
            "{times} sentences have more than {limit} words; the hardest of them has {many}",
            times=len(long), limit=f"{limit:g}", many=many,
        )
    )  # fmt: skip
    yield Finding(start=start, end=end, message=message, words=copy.prose[start:end])


def _lines(body: str, span: Span) -> Iterator[tuple[int, int]]:
    """The parts of a sentence that readers see on lines of their own."""
    start = span.start
    for ends in _BREAK.finditer(body, span.start, span.end):
        yield start, ends.start()
        start = ends.end()
    yield start, span.end


def _read_at_once(text: str) -> int:
    """The words of a sentence that must be kept in mind: a dateline, and those of a list it holds, are not."""
    dateline = _DATELINE.match(text)
    text = text[dateline.end() :] if dateline else text
    parts = re.split(r"[,;]\s", text)
    short = [many for part in parts[1:] if (many := len(words(part))) < _LISTED]
    return len(words(text)) - (sum(short) if len(short) >= 4 else 0)


def _weight(text: str, language: str) -> int:
    return sum(syllables(word, language) for word in words(text))


RULES = (
    Rule(
        name="sentence-long",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        limits={"": 45},
        summary=said("A sentence has no more than 45 words."),
        explanation=said(
            "Whoever hears a sentence on the radio cannot go back to its beginning. Make two of it; the hardest one is"
            " shown, and a list within a sentence does not count."
        ),
        bad="El programa, que fue creado en 2019 con el objeto de… (62 palabras)",
        good="El programa fue creado en 2019. Atiende a… (dos oraciones)",
        look=_long,
    ),
    Rule(
        name="readability",
        severity=Severity.INFO,
        scope=Scope.BODY,
        summary=said("How hard the text is to read, in figures."),
        explanation=said(
            "Spanish: Fernández Huerta (1959) and INFLESZ, the scale for Szigriszt-Pazos (1993); 55 to 65 is the"
            " language of newspapers, below 40 that of specialists. English: Flesch (1948). The figures count syllables"
            " and words only: they say nothing about sense."
        ),
        bad="INFLESZ 38",
        good="INFLESZ 58",
        look=_readability,
    ),
)
