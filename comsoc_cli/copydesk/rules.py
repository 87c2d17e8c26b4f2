"""All rules of the copy desk."""

from collections.abc import Iterator
from difflib import get_close_matches

from comsoc_cli.copydesk import (
    acronyms,
    blanks,
    conversion,
    dates,
    encoding,
    figures,
    glyphs,
    headlines,
    links,
    marks,
    media,
    names,
    quotes,
    reading,
    spelling,
    structure,
    terms,
)
from comsoc_cli.copydesk.allowing import ADDRESSED, ALLOWED
from comsoc_cli.copydesk.prose import COMMENT
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Severity


def _allow(copy: Copy, limit: float | None) -> Iterator[Finding]:
    for found in ALLOWED.finditer(copy.body):
        name = found["rule"]
        if name not in BY_NAME:
            message = said("there is no rule “{name}”{nearest}", name=name, nearest=nearest_rule(name))
        elif not found["reason"].strip():
            message = said("say why “{name}” does not hold here; until then it does", name=name)
        else:
            continue
        yield Finding(start=found.start(), end=found.end(), message=message, words=name)
    for other in ADDRESSED.finditer(copy.body):
        message = said("it begins like a word to comsoc and is none; write <!-- comsoc: allow RULE reason -->")
        comment = COMMENT.match(copy.body, other.start())
        end = comment.end() if comment else other.end()
        yield Finding(
            start=other.start(), end=end, message=message, words=" ".join(copy.body[other.start() : end].split())
        )


def nearest_rule(name: str) -> Message:
    """“; “lead-long” was perhaps meant”, or nothing."""
    found = get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
    return said("; “{nearest}” was perhaps meant", nearest=found[0]) if found else Message("")


ALLOW = Rule(
    name="allow",
    severity=Severity.WARNING,
    scope=Scope.BODY,
    languages=(),
    summary=said("A rule that is silenced in a text exists, and there is a reason."),
    explanation=said(
        "<!-- comsoc: allow RULE reason --> silences one rule for the text in which it stands; readers never see it."
        " The reason is for the colleague who reads the text next."
    ),
    bad="<!-- comsoc: allow lead-long -->",
    good="<!-- comsoc: allow lead-long La entrada es el texto del decreto. -->",
    look=_allow,
)

RULES: tuple[Rule, ...] = (
    *headlines.RULES,
    *structure.RULES,
    *blanks.RULES,
    *encoding.RULES,
    *conversion.RULES,
    *quotes.RULES,
    *marks.RULES,
    *glyphs.RULES,
    *acronyms.RULES,
    *dates.RULES,
    *figures.RULES,
    *names.RULES,
    *reading.RULES,
    *links.RULES,
    *media.RULES,
    *terms.RULES,
    *spelling.RULES,
    ALLOW,
)
BY_NAME = {rule.name: rule for rule in RULES}
