"""Rules about letters that the PDF's fonts do not have.

A sheet is set in the packaged fonts, so that every machine gives the same one. For a letter that they lack, a machine
takes whatever font it has, or shows an empty box.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity

#: What Source Sans 3 has, by code point in hexadecimal, as the fonts' own tables say; a test holds them together.
SANS = """
20-7e a0-181 186 18a 18d-190 192-194 196-197 19a-19b 19e 1a0-1a1 1af-1b1 1b7 1bf-1c3 1cd-1dd 1e2-1e7 1ea-1eb 1ee-1f0
1f4-1f5 1f7-201 204-205 208-209 20c-20d 218-220 222-223 226-227 237 23a-23e 241-245 248-249 250-27b 27d-285 287-292
294-295 298-299 29b-29f 2a1-2a8 2b0-2b4 2b7-2b9 2bb-2c1 2c6-2cc 2d0-2d7 2da 2dc-2de 2e0-2e4 2ed 300-301 303-304
308-309 323 329 1d25 1d2c 1d2e 1d30-1d31 1d33-1d3a 1d3c 1d3e-1d43 1d47-1d4b 1d4d 1d4f-1d52 1d56-1d58 1d5b 1d6f-1d70
1d79 1d7b 1d7f 1d9c 1da0 1dac 1dae 1db0 1dbb 1dbf 1e02-1e03 1e06-1e07 1e0a-1e11 1e16-1e17 1e1e-1e2b 1e32-1e3b
1e3e-1e49 1e52-1e53 1e56-1e63 1e66-1e67 1e6a-1e6f 1e72-1e73 1e7e-1e85 1e8e-1e97 1e9e-1e9f 1ef2-1ef9 2009 200b
2013-2014 2018-201a 201c-201e 2020 2022 2026 2032-2033 2039-203a 2044 20a1 20a3-20a4 20a6-20a7 20a9 20ab-20ac 20ae
20b1-20b2 20b4-20b5 20b8-20ba 20bd 2113 2122 2191 2193 2212 2215 2c60-2c62 2c65-2c66 2c71 2c7d a722-a725 a74e-a74f
a75a-a75b a764-a765 a779-a787 a789 a7ad-a7ae a7b3 a7b5 a7f2-a7f4 feff
"""
#: And Source Serif 4, in which headlines and headings are set.
SERIF = """
20-7e a0-12b 12e-131 134-165 168-17f 18f 192 1a0-1a1 1af-1b0 1cd-1dc 1e6-1e7 1f8-1f9 218-21b 237 251 259 261 2b0
2b2-2b3 2b7-2b8 2bb-2bc 2be-2bf 2c6-2cc 2da 2dc-2dd 2e1-2e3 300-301 303-304 308-309 323 329 1d43 1d47-1d49 1d4d
1d4f-1d50 1d52 1d56-1d58 1d5b 1d9c 1da0 1dbb 1e0c-1e0f 1e20-1e21 1e24-1e25 1e2a-1e2b 1e36-1e3b 1e3e-1e3f 1e42-1e49
1e5a-1e63 1e6c-1e6f 1e80-1e85 1e8e-1e8f 1e92-1e93 1e97 1e9e 1ef2-1ef9 2002 2009 200b 2013-2014 2018-201a 201c-201e
2020 2022 2026 2032-2033 2039-203a 2044 20a1 20a4 20a6-20a7 20a9 20ab-20ac 20ae 20b1-20b2 20b4-20b5 20b8-20ba 20bd
20bf 2113 2122 2191 2193 2212 2215
"""
#: Letters of one finding that are named.
_MOST = 8
#: What is not drawn: controls, joiners, marks of direction, selectors of variants, accents of their own.
_NOT_DRAWN = {"Cc", "Cf", "Zl", "Zp", "Mn"}
#: Spaces and hyphens for which the sheet takes usual ones.
_ALIKE = r"\s\u202f\u2010\u2011"


def _lacking(copy: Copy, limit: float | None) -> Iterator[Finding]:
    sans, serif = _having(SANS), _having(SERIF if copy.settings.identity.typeface == "serif" else SANS)
    for field, index, text in copy.fields():
        if letters := _letters(serif if field == "headline" else sans, text):
            yield Finding(field=field, index=index, message=_message(letters), words=letters[0])
    found = []
    place = 0
    for line in copy.prose.split("\n"):
        if letters := _letters(serif if line.startswith("#") else sans, line):
            start = place + line.index(letters[0])
            found.append(Finding(start=start, end=start + 1, message=_message(letters), words=letters[0]))
        place += len(line) + 1
    yield from gathered(copy, found)


def _message(letters: list[str]) -> Message:
    shown = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters[:_MOST])
    more = "…" if len(letters) > _MOST else ""
    return said("the PDF’s fonts have no {letters}: nothing, or an empty box, stands there; write it in words",
                letters=shown + more)  # fmt: skip


def _letters(having: re.Pattern[str], text: str) -> list[str]:
    """The letters of a text that a font has not, each once."""
    lacking = dict.fromkeys(having.sub("", text))
    return [letter for letter in lacking if unicodedata.category(letter) not in _NOT_DRAWN]


@cache
def _having(ranges: str) -> re.Pattern[str]:
    """Runs of letters that a font has."""
    ends = [one.partition("-") for one in ranges.split()]
    pairs = ((int(first, 16), int(last or first, 16)) for first, _, last in ends)
    return re.compile(f"[{_ALIKE}" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in pairs) + "]+")


RULES = (
    Rule(
        name="glyph-missing",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        languages=(),
        summary=said("The PDF has a letter for every sign of the text."),
        explanation=said(
            "The sheet is set in fonts that comsoc brings along, so that every machine gives the same one. They have"
            " the Latin letters of Europe and the Americas, and neither emoji, arrows and ticks nor Chinese,"
            " Arabic or Cyrillic. What they lack is left out, is an empty box, or looks otherwise on each machine."
        ),
        bad="Arranca el registro 🎉 → becas.example",
        good="Arranca el registro en becas.example",
        look=_lacking,
    ),
)
