"""Rules about links: where they lead, and what they are called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from comsoc_cli.copydesk.prose import readable
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

_LINK = re.compile(
    r"(?<!!)\[(?P<words>(?:[^\[\]!]|!(?!\[)|!?\[[^\[\]]*\]){1,500})\]"
    r"\(\s*<?(?P<target>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'(][^\n]*?[\"')])?\s*\)"
)
_NAMED = re.compile(r"(?m)^ {0,3}\[(?P<words>(?!\^)[^\[\]\n]+)\]:[ \t]*<?(?P<target>[^\s>]*)>?")
_HTML = re.compile(
    r"(?is)<a\b[^<>]{0,500}?\bhref\s{0,9}=\s{0,9}[\"']?(?P<target>[^\"'\s<>]*)[\"']?[^<>]{0,500}>"
    r"(?P<words>.{0,500}?)</a\s{0,9}>"
)
_BARE = re.compile(r"(?i)(?<![\w/(\[\"'=])http://[^\s<>\"”)\]]*[^\s<>\"”).,;:!?\]]")
_EXAMPLE = re.compile(r"(?i)https?:/{0,2}(?:www\.?)?|(?:javascript|data|vbscript):.*|#")
_CLICK = re.compile(
    r"(?:(?:haga|haz|hacer|de|da|dar|dando|haciendo)\s)?clic[k]?(?:\s(?:aqui|aca|en.*|sobre.*))?"
    r"|(?:please\s)?click(?:\s(?:here|on.*|this.*))?|(?:ver|leer|consulta|consulte|entra|entre)?\s?(?:aqui|aca)"
    r"|(?:read|see)?\s?here|(?:este|el|siguiente|este siguiente|el siguiente|en este)?\s?(?:enlace|link|vinculo|liga)"
    r"|(?:this|the)?\s?link"
)


@dataclass(frozen=True)
class _Anchor:
    """A link of the text."""

    words: str
    target: str
    start: int
    end: int


def _anchors(copy: Copy) -> Iterator[_Anchor]:
    """The links of a text, without those in code and comments."""
    written = readable(copy.body)
    for pattern in (_LINK, _NAMED, _HTML):
        for found in pattern.finditer(written):
            if pattern is _NAMED or copy.prose[found.start("words") : found.end("words")].strip():
                words = "" if pattern is _NAMED else copy.prose[found.start("words") : found.end("words")]
                yield _Anchor(" ".join(words.split()), found["target"], found.start(), found.end())


def _insecure(copy: Copy, limit: float | None) -> Iterator[Finding]:
    message = said("the address begins with http://: what it sends can be read and changed on its way")
    told: set[str] = set()
    anchors = [(anchor.target, anchor.start, anchor.end) for anchor in _anchors(copy)]
    bare = [(found[0], found.start(), found.end()) for found in _BARE.finditer(readable(copy.body))]
    for target, start, end in anchors + bare:
        if target.lower().startswith("http://") and not _EXAMPLE.fullmatch(target) and target not in told:
            told.add(target)
            yield Finding(start=start, end=end, message=message, words=target, suggestion=_secure(target))
    for number, link in enumerate(copy.release.links):
        if link.url.lower().startswith("http://"):
            yield Finding(
                field="links", index=number, message=message, words=link.url, suggestion=_secure(link.url)
            )  # fmt: skip


def _secure(target: str) -> str:
    return "https" + target[4:]


def _nowhere(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for anchor in _anchors(copy):
        target = anchor.target
        if not target or _EXAMPLE.fullmatch(target) or (target.startswith("#") and not _has_anchor(copy, target[1:])):
            message = said("the link “{words}” leads nowhere", words=anchor.words)
            yield Finding(
                start=anchor.start, end=anchor.end, message=message, words=copy.body[anchor.start : anchor.end]
            )  # fmt: skip


def _has_anchor(copy: Copy, name: str) -> bool:
    return bool(re.search(rf"\b(?:id|name)\s*=\s*[\"']?{re.escape(name)}\b", copy.body)) or name.startswith("fn")


def _click_here(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for anchor in _anchors(copy):
        if _CLICK.fullmatch(folded(anchor.words).strip()):
            message = said("the link is called “{words}”; say what lies there", words=anchor.words)
            yield Finding(start=anchor.start, end=anchor.end, message=message, words=anchor.words)


RULES = (
    Rule(
        name="link-insecure",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("Links begin with https://."),
        explanation=said(
            "Browsers warn of pages without https, and mail filters mark messages that lead to them. Try the same"
            " address with https:// and write that."
        ),
        bad="[La convocatoria](http://sepyc.example/becas)",
        good="[La convocatoria](https://sepyc.example/becas)",
        look=_insecure,
    ),
    Rule(
        name="link-nowhere",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=(),
        summary=said("Every link leads somewhere."),
        explanation=said(
            "An address was left empty or is one that no reader can follow. Fill it in or take the link away."
        ),
        bad="[La convocatoria](#)",
        good="[La convocatoria](https://sepyc.example/becas)",
        look=_nowhere,
    ),
    Rule(
        name="link-words",
        severity=Severity.WARNING,
        scope=Scope.MEDIA,
        languages=("es", "en"),
        summary=said("A link is called by what it leads to."),
        explanation=said(
            "Who listens to a page hears its links one after the other, and “here” says nothing. In print it says"
            " nothing to anybody."
        ),
        bad="Para registrarse, haga [clic aquí](https://sepyc.example/becas).",
        good="El [registro de becas](https://sepyc.example/becas) es gratuito.",
        look=_click_here,
    ),
)
