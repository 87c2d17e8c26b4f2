"""People by name and address, and whether two of them may be one: names that look alike are one name."""

import re
import unicodedata
from dataclasses import dataclass

#: Letters that look like Latin ones (after Unicode's confusables, UTS 39): each pair is the letter and what it looks
#: like. Cyrillic, Greek, then Latin, Armenian and small capitals.
_PAIRS = """
    Аa Вb Еe Ѕs Іi Јj Кk Мm Нh Оo Рp Сc Тt Уy Хx Һh Ԛq Ԝw Үy Ӏl
    аa вb еe ѕs іi јj кk мm нh оo рp сc тt уy хx һh ԁd ԛq ԝw ѵv үy ӏl пn гr ьb
    Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx
    αa βb γy εe ιi ηn κk νv οo ρp τt υu χx ωw μu ϲc ϳj σo
    ɑa ɡg ıi ɩi ǀl łl øo đd ħh ʟl ɪi þp ðd օo սu հh ոn ցg զq
    ᴀa ʙb ᴄc ᴅd ᴇe ɢg ʜh ᴊj ᴋk ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz
"""
_ALIKE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
#: Figures and signs that stand for letters; i and l are one, as I and l are in many typefaces.
_FIGURES = str.maketrans("01|!i", "ollll")
#: What is not seen: formats, marks on letters, and letters without a shape.
_UNSEEN = {"Cf", "Cc", "Mn", "Me", "Mc", "Zs", "Zl", "Zp", "Co", "Cn"}
_SHAPELESS = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5"


@dataclass(frozen=True)
class Person:
    """A person, by name, address or both."""

    name: str = ""
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name and self.email else self.name or self.email


def looks(text: str) -> str:
    """What a name or an address looks like: the same for all spellings that a reader takes for one.

    Without regard to case, accents, blanks, invisible characters, look-alike letters of other scripts and figures that
    stand for letters. In a name only letters and figures count; in an address its signs do, too, but not what stands
    behind a + before the @: that is the same mailbox.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    folded = unicodedata.normalize("NFKD", folded.casefold()).translate(_ALIKE)
    seen = "".join(one for one in folded if unicodedata.category(one) not in _UNSEEN and one not in _SHAPELESS)
    seen = seen.translate(_FIGURES).replace("rn", "m").replace("vv", "w")
    kept = re.sub(r"(?<=.)\+[^@]*(?=@)", "", seen) if "@" in seen else "".join(one for one in seen if one.isalnum())
    return kept or seen


def people_in(text: str) -> tuple[Person, ...]:
    """The people that an `author:` names: "Ana Ruiz <ana@sinaloa.example>", "Ana Ruiz y Beto Soto"."""
    found = []
    parts = re.split(r"\s*[,;/&+]\s*|\s+(?:y|e|and)\s+", text)
    for part in parts if "<" in text else (text, *parts):
        name, opened, address = part.partition("<")
        if opened:
            found.append(Person(name.strip(), address.strip("> ")))
        elif part.strip():
            found.append(Person("", part.strip()) if "@" in part else Person(part.strip()))
    return tuple(dict.fromkeys(found))
