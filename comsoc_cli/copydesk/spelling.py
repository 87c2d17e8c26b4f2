"""Spelling, by the dictionaries of hunspell that are installed; without them, or without the extra, silent."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.release import primary

#: Whether a word is in a dictionary.
Known = Callable[[str], bool]

FOLDERS = (
    "/usr/share/hunspell", "/usr/share/myspell", "/usr/share/myspell/dicts", "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell", "/Library/Spelling",
)  # fmt: skip
#: Which dictionary is looked for where there is none of the language's own country.
_NEAREST = {"es": ("es_MX", "es_ES", "es"), "en": ("en_US", "en_GB", "en")}
_WORD = re.compile(r"(?<![\w@#&.’'-])[^\W\d_]{3,}(?:[’'][^\W\d_]+)?(?![\w@’'-]|\.\w)")
_ACCENTS = str.maketrans("áéíóú", "aeiou")
_ACCENTED = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "úü", "n": "ñ"}
_FOREIGN = 0.25  #: the share of unknown words from which on the dictionary is not the text's own
_FEW = 40  #: words, below which a single slip weighs more
_ENDS = frozenset(".!?…:")


def _accents(copy: Copy, limit: float | None) -> Iterator[Finding]:
    known = _dictionary(copy)
    for field, index, start, word, _ in _unknown(copy, known) if known else ():
        better = next((one for one in _with_accent(word.lower()) if known and known(one)), "")
        if better:
            better = better.capitalize() if word[0].isupper() else better
            message = said("“{word}” is written with another accent: “{better}”", word=word, better=better)
            yield _finding(field, index, start, word, message, better)


def _spelling(copy: Copy, limit: float | None) -> Iterator[Finding]:
    known = _dictionary(copy)
    for field, index, start, word, begins in _unknown(copy, known) if known else ():
        if begins or word != word.lower():
            continue  # a name
        if not any(known and known(one) for one in _with_accent(word)):
            better = next((one for one in _mended(word) if known and known(one)), "")
            message = said("“{word}” is in no dictionary", word=word)
            yield _finding(field, index, start, word, message, better)


def _finding(field: str, index: int | None, start: int, word: str, message: Message, better: str) -> Finding:
    in_body = field == "body"
    return Finding(
        start=start if in_body else None, end=start + len(word) if in_body else None, field=field, index=index,
        words=word, message=message, suggestion=better,
    )  # fmt: skip


def _unknown(copy: Copy, known: Known) -> Iterator[tuple[str, int | None, int, str, bool]]:
    """Each unknown word once: field, which one of a list, place, word, and whether a sentence begins with it."""
    texts = [("body", None, copy.prose), *copy.fields()]
    found: dict[str, tuple[str, int | None, int, str, bool]] = {}
    words: Counter[str] = Counter()
    names: set[str] = set()
    for field, index, text in texts:
        for one in _WORD.finditer(text):
            word, begins = one[0], _begins(text, one.start())
            words[word] += 1
            if word[0].isupper() and not begins:
                names.add(word)
            if word not in found and not _is_name(word, begins) and not _is_known(copy, word, known):
                found[word] = field, index, one.start(), word, begins
    share = _FOREIGN if len(words) >= _FEW else 2 * _FOREIGN
    if len(found) <= share * len(words):
        yield from (place for word, place in found.items() if word.capitalize() not in names)


def _is_name(word: str, begins: bool) -> bool:
    return word[0].isupper() and (not begins or not word[1:].islower())


def _is_known(copy: Copy, word: str, known: Known) -> bool:
    plain = word.replace("’", "'")
    lower = plain.lower()
    return lower in copy.own_words or known(plain) or (lower != plain and known(lower)) or not _in_letters(lower)


def _in_letters(word: str) -> bool:
    return all(letter < "\u0250" or letter == "'" for letter in word)


def _begins(text: str, start: int) -> bool:
    """Whether a sentence, a cell or an item begins here."""
    before = text[max(0, start - 12) : start].rstrip(" \t“”«»\"'¿¡(—–-")
    return not before or before[-1] in _ENDS or before[-1] == "\n" or "   " in text[max(0, start - 4) : start]


def _with_accent(word: str) -> Iterator[str]:
    """The word with its accent elsewhere."""
    plain = word.translate(_ACCENTS)
    if plain != word:
        yield plain
    for place, letter in enumerate(plain):
        for accented in _ACCENTED.get(letter, ""):
            candidate = plain[:place] + accented + plain[place + 1 :]
            if candidate != word:
                yield candidate


def _mended(word: str) -> Iterator[str]:
    """The word without a slip of the finger: two letters exchanged, one too many, one not doubled."""
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[: place + 1] + word[place:]


def _dictionary(copy: Copy) -> Known | None:
    tag = copy.release.language if copy.language == primary(copy.release.language) else copy.language
    return dictionary(tag.replace("-", "_"), os.environ.get("DICPATH", ""))


@cache
def dictionary(language: str, path: str) -> Known | None:
    """The dictionary of a language such as es_MX, from `path` or where systems keep them; None where there is none."""
    try:
        from hunspell import Hunspell
    except ImportError:
        return None
    for folder in (*filter(None, path.split(os.pathsep)), *FOLDERS):
        for name in (language, *_NEAREST.get(language.split("_")[0].lower(), ())):
            if all((Path(folder) / f"{name}{ending}").is_file() for ending in (".aff", ".dic")):
                return _looked_up(Hunspell(name, hunspell_data_dir=folder, system_encoding="UTF-8"))
    return None


def _looked_up(book: Any) -> Known:
    """Each word is looked up once."""
    return cache(lambda word: bool(book.spell(word)))


RULES = (
    Rule(
        name="accent",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=("es",),
        summary=said("A word bears its accent, and no other."),
        explanation=said(
            "The word is in no dictionary, but it is with another accent or with ñ. It needs the extra “spelling” and"
            " a dictionary (on Debian and Ubuntu: hunspell-es). What the office writes otherwise stands in"
            " dictionary.txt, one word a line."
        ),
        bad="El programa tambien llega a la poblacion rural.",
        good="El programa también llega a la población rural.",
        look=_accents,
    ),
    Rule(
        name="spelling",
        severity=Severity.INFO,
        scope=Scope.BODY,
        languages=("es", "en"),
        summary=said("A word is in the dictionary."),
        explanation=said(
            "Names and acronyms are passed over. Words of the trade that no dictionary has stand in dictionary.txt,"
            " one a line. It needs the extra “spelling” and a dictionary (on Debian and Ubuntu: hunspell-es,"
            " hunspell-en-us)."
        ),
        bad="El gobeirno del estado",
        good="El gobierno del estado",
        look=_spelling,
    ),
)
