"""When two values of a field are the same, and when one was perhaps meant for the other."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_ALIKE = 0.8  #: share of letters that two values have in common, in their order
_SHORTEST = 4  #: letters of a word that is compared by its letters
_LONGEST_SHORT = 3  #: letters of a word that may stand for a longer one: "tv"


def fold(value: str) -> str:
    """A value for comparing: without outer and double blanks, capitals and accents."""
    if not value.isascii():
        parts = unicodedata.normalize("NFKD", value)
        value = "".join([letter for letter in parts if not unicodedata.combining(letter)])
    return " ".join(value.casefold().split())


def nearest(value: str, known: Iterable[str]) -> str:
    """The one of `known`, as it is written there, for which a value was perhaps meant; or nothing."""
    words, best, share = _words(value), "", 0.0
    for one in known:
        found = _nearness(words, _words(one))
        if found > share:
            best, share = one, found
    return best


def _words(value: str) -> list[str]:
    """Its words, folded, in the singular; a hyphen or a dash is a blank."""
    return [_singular(word) for word in re.split(r"[\W_]+", fold(value)) if word]


def _singular(word: str) -> str:
    return re.sub(r"(?<=[aeiou])s$|(?<=[dlnrsz])es$", "", word) if len(word) > _SHORTEST else word


def _nearness(one: list[str], other: list[str]) -> float:
    """From 0, nothing in common, to 1, the same words."""
    if not one or not other or _figures(one) != _figures(other):
        return 0  # "distrito 1" is not meant for "distrito 2"
    if set(one) <= set(other) or set(other) <= set(one):
        return 0.9 + 0.1 * min(len(one), len(other)) / max(len(one), len(other))
    first, second = " ".join(one), " ".join(other)
    if len(one) == len(other) == 1 and (_stands_for(first, second) or _stands_for(second, first)):
        return _ALIKE
    if min(len(first), len(second)) < _SHORTEST:
        return 0
    found = SequenceMatcher(None, first, second).ratio()
    return found if found >= _ALIKE else 0


def _figures(words: list[str]) -> list[str]:
    return [word for word in words if any(letter.isdigit() for letter in word)]


def _stands_for(short: str, long: str) -> bool:
    """Whether a word is short for another, as "tv" is for "television": its letters in their order, from the first."""
    if not 2 <= len(short) <= _LONGEST_SHORT < len(long) or short[0] != long[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
