"""Rules about blanks: what the drafts of `comsoc new` ask for, and what other templates leave to be filled in."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from comsoc_cli.copydesk.prose import readable
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.release import Release
from comsoc_cli.rendering.templates import packaged_folder

_DEFINITION = re.compile(r"(?m)^ {0,3}\[([^\]\n]+)\]:")  #: of a link that stands elsewhere by its name
_BRACKETS = re.compile(r"(?<![!\]\\])\[(?!\^)[^\[\]\n]{2,}\](?![(\[])")
#: What between brackets asks for something, wherever they stand.
_ASKS = re.compile(
    r"(?i)\b(?:por (?:confirmar|definir|precisar|llenar)|completar|insertar|escrib[ae] aquí|to be confirmed|to come|"
    r"insert|fill in|tbd|tbc)\b"
)
#: Words of which blanks are made, and those that join them.
_ASKED_WORDS = """
    nombre nombres apellido apellidos cargo puesto titular fecha dia hora lugar sede telefono correo monto cifra
    numero municipio dependencia secretaria funcionario funcionaria vocero vocera cita texto entrada dato name
    surname title office date day time place venue phone email amount figure number city agency official
    spokesperson quote quotation text lead programa obra institucion tema direccion apertura project program
    institution topic address"""
_ASKED = frozenset(_ASKED_WORDS.split())
_JOINING_WORDS = "y e o de del la el los las su completo completa and or of the his her full xx"
_JOINING = frozenset(_JOINING_WORDS.split())
_LOREM = re.compile(r"(?i)\blorem ipsum dolor\b")
#: What other templates leave to be filled in; and what stands in any of it, in small letters.
_FILLER = re.compile(r"(?i)\bX{4,}\b|\bTKTK\b|\b(?:nombre y apellido|insertar aquí|insert here)\b")
_IN_FILLERS = ("xxxx", "tktk", "nombre y", "insert")


def blanks_of(texts: Iterable[str]) -> frozenset[str]:
    """The blanks of drafts, folded."""
    return frozenset(folded(found[0]) for text in texts for found in _BRACKETS.finditer(text)) - {""}


def blanks_in(folder: Path) -> frozenset[str]:
    """The blanks of the drafts in a folder of templates; none where it has no drafts."""
    drafts = sorted((folder / "new").glob("*.md"))
    return blanks_of(path.read_text(encoding="utf-8", errors="replace") for path in drafts if path.is_file())


@cache
def _packaged() -> frozenset[str]:
    return blanks_in(packaged_folder())


def _blank(copy: Copy, limit: float | None) -> Iterator[Finding]:
    known = _packaged() | copy.blanks
    for found in (*_brackets(copy), *_LOREM.finditer(copy.prose)):
        if found[0][0] != "[" or _is_blank(found[0], known, quoted=_is_quoted(copy.body, found)):
            message = said("a blank of the draft is not filled in: {blank}", blank=_short(found[0]))
            yield Finding(start=found.start(), end=found.end(), message=message, words=_short(found[0]))
    for field, index, text in (*copy.fields(), *_facts(copy.release)):
        for found in _BRACKETS.finditer(text):
            if _is_blank(found[0], known, quoted=False):
                message = said("a blank of the draft is not filled in: {blank}", blank=_short(found[0]))
                yield Finding(field=field, index=index, message=message, words=_short(found[0]))


def _facts(release: Release) -> Iterator[tuple[str, int | None, str]]:
    """What stands beside the texts and readers see as well: (field, which one of a list, text)."""
    yield "dateline", None, release.dateline
    for number, image in enumerate(release.images):
        yield "images", number, image.alt
        yield "images", number, image.credit
    for number, link in enumerate(release.links):
        yield "links", number, link.title
    for event in (release.event,) if release.event else ():
        yield "event", None, event.place
        yield "event", None, event.address
        yield "event", None, event.accreditation


def _likely(copy: Copy, limit: float | None) -> Iterator[Finding]:
    known, line = _packaged() | copy.blanks, -1
    small = copy.body.lower()
    fillers = _FILLER.finditer(copy.prose) if any(one in small for one in _IN_FILLERS) else ()
    brackets = [
        found
        for found in _brackets(copy)
        if not _is_blank(found[0], known, quoted=_is_quoted(copy.body, found)) and _stands_like_one(copy.body, found)
    ]
    for one in sorted((*brackets, *fillers), key=lambda found: found.start()):
        here = copy.body.count("\n", 0, one.start())
        if here != line:
            line = here
            message = said("perhaps a blank that is not filled in: {blank}", blank=_short(one[0]))
            yield Finding(start=one.start(), end=one.end(), message=message, words=_short(one[0]))


def _brackets(copy: Copy) -> Iterator[re.Match[str]]:
    """Brackets that are no link, no note, no code."""
    if "[" not in copy.body:
        return
    links = {name.casefold() for name in _DEFINITION.findall(copy.body)}
    for found in _BRACKETS.finditer(readable(copy.body)):
        if found[0][1:-1].casefold() not in links:
            yield found


def _is_blank(written: str, known: frozenset[str], *, quoted: bool) -> bool:
    """Whether brackets ask for something: as a draft does, with its first words, or with nothing but such nouns."""
    words = folded(written)
    if words in known or _ASKS.search(written):
        return True
    head = folded(written.partition(":")[0]) if ":" in written else ""
    if head and any(one.startswith(f"{head} ") for one in known):
        return True
    several = words.split()
    # In what somebody says, an editor may have put a single word between brackets; NOMBRE is none that is said.
    quoted = quoted and not (written.isupper() and len(written) > 5)
    return not quoted and bool(several) and several[0] in _ASKED and set(several) <= _ASKED | _JOINING


def _stands_like_one(body: str, found: re.Match[str]) -> bool:
    """Whether brackets stand where a blank does: alone, or at the end of a sentence outside a quotation."""
    name = found[0][1:-1]
    if len(name) < 7 or not (name[0].isupper() or name[0] == "¿"):
        return False
    before, after = _beside(body, found)
    alone = not before.strip('> \t-*+0123456789.“"«') and not after.strip('.”"» \t\\')
    ends = not _is_quoted(body, found) and bool(re.match(r"[.;]?\s*$|\.\s", after))
    return not after.startswith(":") and (alone or ends)


def _is_quoted(body: str, found: re.Match[str]) -> bool:
    """Whether an editor may have put a word between brackets into a quotation."""
    before, _ = _beside(body, found)
    return before.lstrip().startswith(">") or before.count("“") > before.count("”") or bool(before.count('"') % 2)


def _beside(body: str, found: re.Match[str]) -> tuple[str, str]:
    """What stands on the same line before and after."""
    end = body.find("\n", found.end())
    return body[body.rfind("\n", 0, found.start()) + 1 : found.start()], body[found.end() : end if end >= 0 else None]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


BLANKS = Rule(
    name="blank",
    severity=Severity.ERROR,
    scope=Scope.BODY,
    languages=(),
    summary=said("Every blank of the draft is filled in."),
    explanation=said(
        "`comsoc new` leaves blanks between square brackets, and so do an office’s own drafts. Write what they ask for,"
        " or take them away; until then the text is not approved. A link is none, nor is [sic] or […]."
    ),
    bad="[Entrada: qué, quién, cuándo, dónde y por qué]",
    good="El Gobierno del Estado puso en marcha hoy el programa estatal de becas 2027.",
    look=_blank,
)
LIKELY = Rule(
    name="blank-likely",
    severity=Severity.WARNING,
    scope=Scope.BODY,
    languages=(),
    summary=said("Nothing stands in the text that looks like a blank."),
    explanation=said(
        "Words between square brackets that stand alone, XXXX or “nombre y apellido” are mostly what a template left."
    ),
    bad="Se entregarán XXXX becas.",
    good="Se entregarán 48 mil becas.",
    look=_likely,
)
RULES = (BLANKS, LIKELY)
