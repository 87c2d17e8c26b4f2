"""Rules about characters: what programs leave in a text, and no reader should see."""

import html
import re
from collections.abc import Callable, Iterator

from comsoc_cli.copydesk.gathering import gathered
from comsoc_cli.copydesk.prose import readable
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity
from comsoc_cli.office.conflicts import conflict_in, conflicts
from comsoc_cli.rendering.characters import LINE_ENDS, UNPRINTABLE, misread

_LOST = "\ufffd"
#: UTF-8 that was misread, and of which an invisible second half has gone.
_HALF = re.compile(r"(?<=[a-zñ])Ã(?=[a-z\s.,;:]|$)")
_HIDDEN = re.compile(UNPRINTABLE.pattern[:-1] + "\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OVERRIDES = frozenset("\u202d\u202e")
#: Letters of languages that are written from right to left.
_FROM_THE_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6});")
#: Entities that readers see as they are: escaped once too often, or without their end.
_SHOWN = re.compile(
    r"&amp;(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{2,7});"
    r"|&(?:nbsp|[aeiouAEIOU]acute|[nN]tilde|[uU]uml|iquest|iexcl|[lr]aquo|[lr]dquo|[lr]squo|[mn]dash|hellip|ordm)\b(?!;)"
)
#: What may replace something in the data without being taken for a sign of YAML.
_PLAIN = re.compile(r"[\w \u00a0¿¡“”‘’«»–—…ºª°€.,;()]*")

Places = Callable[[str], Iterator[tuple[int, int, str | None]]]


def _conflict(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if "<<<<<<<" not in copy.body and ">>>>>>>" not in copy.body:
        return
    lines = readable(copy.body).split("\n")
    faults = conflicts(lines, copy.release.body_line)
    for (first, last), fault in zip(conflict_in(lines), faults, strict=True):
        start = sum(len(line) + 1 for line in lines[:first])
        end = start + len("\n".join(lines[first : last + 1]))
        yield Finding(start=start, end=end, message=fault.message, words=lines[first])


def _everywhere(copy: Copy, places: Places, say: Callable[[str, str | None], Message]) -> Iterator[Finding]:
    """What stands in the body and in the data, with what may replace it; of the body once, with all its lines."""
    yield from gathered(
        copy,
        [
            Finding(
                start=start, end=end, message=say(copy.body[start:end], better), words=_beside(copy.body, start, end),
                suggestion=(better or "").strip(), replacement=better,
            )
            for start, end, better in places(copy.body)
        ],
    )  # fmt: skip
    for field, index, text in copy.fields():
        found = [(text[start:end], better) for start, end, better in places(text)]
        if found:
            written, better = found[0]
            yield Finding(
                field=field, index=index, message=say(written, better), suggestion=better or "",
                words="" if UNPRINTABLE.search(written) else written, in_data=tuple(_replaceable(found)),
            )  # fmt: skip


def _replaceable(found: list[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    """Words that a file has as they are, with what YAML takes for no sign of its own; each once."""
    for written, better in dict(found).items():
        if better is not None and _PLAIN.fullmatch(better) and not UNPRINTABLE.search(written):
            yield written, better


def _misread(copy: Copy, limit: float | None) -> Iterator[Finding]:
    def places(text: str) -> Iterator[tuple[int, int, str | None]]:
        yield from misread(text)
        if copy.language == "es":
            yield from ((found.start(), found.end(), None) for found in _HALF.finditer(text))

    def say(written: str, better: str | None) -> Message:
        if better is None:
            return said("“{written}” is a letter that another program misread; write it anew", written=written)
        return said("“{written}” was misread by another program: it is “{better}”", written=written, better=better)

    yield from _everywhere(copy, places, say)


def _gone(copy: Copy, limit: float | None) -> Iterator[Finding]:
    def places(text: str) -> Iterator[tuple[int, int, str | None]]:
        yield from ((found.start(), found.end(), None) for found in re.finditer(_LOST, text))

    yield from _everywhere(
        copy, places, lambda *_: said("a letter was lost here and cannot be brought back; write it anew")
    )


def _hidden(copy: Copy, limit: float | None) -> Iterator[Finding]:
    from_the_right = bool(_FROM_THE_RIGHT.search(copy.body))

    def places(text: str) -> Iterator[tuple[int, int, str | None]]:
        for found in _HIDDEN.finditer(text):
            if not (from_the_right and found[0] in _TURNS - _OVERRIDES):
                yield found.start(), found.end(), _instead(text, found)

    def say(written: str, better: str | None) -> Message:
        if written in _TURNS:
            return said("an invisible sign that turns the direction of the words: {code}", code=_code(written))
        if written in LINE_ENDS:
            return said("a line break of another program: {code}", code=_code(written))
        return said("an invisible control character: {code}", code=_code(written))

    yield from _everywhere(copy, places, say)


def _instead(text: str, found: re.Match[str]) -> str:
    """A line break of Markdown, as far as there is room for one; nothing for what means nothing."""
    if found[0] not in LINE_ENDS:
        return ""
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    rest = text[found.end() :].partition("\n")[0]
    if not rest.strip() or not line.strip():
        return ""
    return "<br>" if "|" in line + rest or line.startswith("#") else "  \n"


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def _entities(copy: Copy, limit: float | None) -> Iterator[Finding]:
    def say(written: str, better: str | None) -> Message:
        return said("readers see “{written}” instead of “{better}”", written=written, better=better or "")

    def in_the_body(text: str) -> Iterator[tuple[int, int, str | None]]:
        text = readable(text) if "&" in text else ""
        for found in _SHOWN.finditer(text):
            meant = html.unescape(html.unescape(found[0] if found[0].endswith(";") else f"{found[0]};"))
            if len(meant) == 1:
                yield found.start(), found.end(), meant

    def in_the_data(text: str) -> Iterator[tuple[int, int, str | None]]:
        for found in _ENTITY.finditer(text):
            meant = html.unescape(html.unescape(found[0]))
            if len(meant) == 1:
                yield found.start(), found.end(), meant

    def places(text: str) -> Iterator[tuple[int, int, str | None]]:
        return in_the_body(text) if text is copy.body else in_the_data(text)

    yield from _everywhere(copy, places, say)


def _beside(text: str, start: int, end: int) -> str:
    """The words around a place, on its line, as far as they can be shown."""
    left = text[max(0, start - 20) : start].rpartition("\n")[2]
    right = text[end : end + 20].partition("\n")[0]
    return _HIDDEN.sub("", f"{left}{text[start:end]}{right}").strip()


RULES = (
    Rule(
        name="conflict",
        severity=Severity.ERROR,
        scope=Scope.BODY,
        languages=(),
        summary=said("No conflict of git is left in the text."),
        explanation=said(
            "Two people changed the same lines, and git wrote both versions between <<<<<<<, ======= and >>>>>>>. Keep"
            " the words that hold and take the marks away."
        ),
        bad="<<<<<<< HEAD\nSon 12 mil libros.\n=======\nSon 15 mil libros.\n>>>>>>> origin/main",
        good="Son 15 mil libros.",
        look=_conflict,
    ),
    Rule(
        name="misread",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("No letter was misread by another program."),
        explanation=said(
            "Ã³ for ó or â€œ for “ come from a text that was saved in one encoding and opened in another."
            " `comsoc check --fix` puts the letters back where nothing of them is lost."
        ),
        bad="La SecretarÃ­a informÃ³.",
        good="La Secretaría informó.",
        look=_misread,
        fixable=True,
    ),
    Rule(
        name="letter-lost",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("No letter was replaced by �."),
        explanation=said(
            "The sign � stands where a program could not read a letter and threw it away. It cannot be brought back:"
            " write it anew."
        ),
        bad="Educaci�n",
        good="Educación",
        look=_gone,
    ),
    Rule(
        name="hidden-character",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("No invisible control character stands in the text."),
        explanation=said(
            "Line breaks of Word, control characters, spaces without width and signs that turn the direction of the"
            " words come along when a text is pasted. `comsoc check --fix` takes them away and makes a line break of"
            " what was one."
        ),
        bad="Primera línea\N{SYMBOL FOR VERTICAL TABULATION}segunda línea",
        good="Primera línea  \nsegunda línea",
        look=_hidden,
        fixable=True,
    ),
    Rule(
        name="entity",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("No entity of HTML is shown as it is."),
        explanation=said(
            "&aacute; or &nbsp; in a headline, a caption or a summary reach readers as they are written, and so does"
            " what was escaped twice or has no end in the text. `comsoc check --fix` writes the letter."
        ),
        bad="headline: Educaci&oacute;n abre escuelas",
        good="headline: Educación abre escuelas",
        look=_entities,
        fixable=True,
    ),
)
