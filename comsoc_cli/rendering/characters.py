"""Characters that no document may hold: what XML 1.0 (2.2), RFC 5545 and mail programs cannot take.

Also read back what was decoded wrongly: UTF-8 that was taken for Windows-1252, Mac Roman or the code page of DOS.
"""

import re
from collections.abc import Iterator
from functools import cache

#: Controls but tab and line ends, halves of pairs, and what Unicode keeps for no character at all.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
#: Of these, what ends a line in Word or on old terminals.
LINE_ENDS = frozenset("\x0b\x0c\x85\u2028\u2029")

#: How UTF-8 was read, and what begins a character of two, three or four bytes there.
_CODE_PAGES = ("cp1252", "mac_roman", "cp850", "cp437")
_LEADS = re.compile("[ÂÃâðï√¬‚├┬Ô│]")
_LONGEST = 3  #: times that a text was read wrongly


def printable(text: str) -> str:
    """The text without what no document may hold; what ended a line becomes a blank."""
    return UNPRINTABLE.sub(lambda found: " " if found[0] in LINE_ENDS else "", text)


def misread(text: str) -> Iterator[tuple[int, int, str]]:
    """Where UTF-8 was decoded as something else: (start, end, as it was meant)."""
    if text.isascii() or not _LEADS.search(text):
        return
    done = 0
    found = [one for page in _CODE_PAGES for one in _misread_as(page, text)]
    for start, end, meant in sorted(found, key=lambda one: (one[0], -one[1])):
        if start >= done:
            yield start, end, meant
            done = end


def _misread_as(page: str, text: str) -> Iterator[tuple[int, int, str]]:
    for found in _pattern(page).finditer(text):
        meant = _meant(found[0], page)
        beside = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
        # √ and ¬ are signs of mathematics too; what they stand for is a letter, and has letters beside it.
        if meant and (page != "mac_roman" or (meant.isalpha() and any(map(str.isalpha, beside)))):
            yield found.start(), found.end(), meant


def _meant(text: str, page: str) -> str:
    """What stands behind a run of misread characters, read back as often as it was misread; empty: nothing does."""
    for _ in range(_LONGEST):
        again = _read_back(text, page)
        if not again:
            return ""
        if not _pattern(page).fullmatch(again):
            return "" if UNPRINTABLE.search(again) else again
        text = again
    return "" if UNPRINTABLE.search(text) else text


def _read_back(text: str, page: str) -> str:
    data = bytearray()
    for letter in text:
        data.append(_bytes(page)[letter])
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return meant if all(map(_is_usual, meant)) else ""


def _is_usual(letter: str) -> bool:
    """Whether it is a letter or mark of the languages written here, a picture sign, or was misread once more."""
    return (
        "\xa0" <= letter <= "\xff"
        or "\u2010" <= letter <= "\u27bf"
        or letter >= "\U0001f000"
        or letter in "\ufeffŒœŠšŽžŸƒˆ˜\x81\x8d\x8f\x90\x9d"
    )


@cache
def _bytes(page: str) -> dict[str, int]:
    """The byte of each character; those that a code page leaves out are as in Latin-1, as browsers take them."""
    found = {}
    for number in range(0x80, 0x100):
        try:
            found[bytes([number]).decode(page)] = number
        except UnicodeDecodeError:
            found[chr(number)] = number
        if page == "cp1252":
            found.setdefault(chr(number), number)
    return found


@cache
def _pattern(page: str) -> re.Pattern[str]:
    """Runs of misread characters: a first byte of UTF-8 with as many others as it asks for."""
    letters: dict[int, set[str]] = {}
    for letter, number in _bytes(page).items():
        letters.setdefault(number, set()).add(letter)

    def one_of(*numbers: int) -> str:
        return "[" + "".join(re.escape(letter) for number in numbers for letter in sorted(letters[number])) + "]"

    others = one_of(*range(0x80, 0xC0))
    two = one_of(0xC2, 0xC3) + others
    three = one_of(0xE2, 0xEF) + others + others
    four = one_of(0xF0) + others + others + others
    # Of what was misread twice, some letters lie further on: ƒ, Š.
    again = one_of(0xC5, 0xC6, 0xCB) + others
    return re.compile(f"(?:{two}|{three}|{four})(?:{two}|{again}|{three}|{four})*")
