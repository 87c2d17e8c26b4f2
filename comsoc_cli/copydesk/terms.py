"""Rules about the office's own words: terms that it does not write, officials that it names."""

import re
from collections.abc import Iterator
from functools import lru_cache

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"\n]*\"")


@lru_cache(maxsize=4)
def _any_of(terms: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all terms, the longest first; a `*` stands for any ending."""
    ordered = sorted(terms, key=len, reverse=True)
    parts = [re.escape(term.strip()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for term in ordered]
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'({part})' for part in parts)})(?!\w)", re.IGNORECASE)


def _terms(copy: Copy, limit: float | None) -> Iterator[Finding]:
    terms = copy.settings.style.terms
    if not terms:
        return
    ordered = sorted(terms, key=len, reverse=True)
    pattern = _any_of(tuple(terms))
    quotes = [span for span in copy.paragraphs if span.kind == "quote"]
    prose = _QUOTED.sub(lambda found: " " * len(found[0]), copy.prose)
    texts = [("body", None, prose), *((field, index, _QUOTED.sub("", text)) for field, index, text in copy.fields())]
    for field, index, text in texts:
        for found in pattern.finditer(text):
            in_body = field == "body"
            if in_body and any(span.start <= found.start() < span.end for span in quotes):
                continue  # what somebody said is not rewritten
            better = _like(found[0], terms[ordered[int(found.lastindex or 1) - 1]])
            message = (
                said("the office writes “{better}” for “{term}”", better=better, term=found[0])
                if better
                else said("the office does not write “{term}”", term=found[0])
            )
            yield Finding(
                start=found.start() if in_body else None, end=found.end() if in_body else None, field=field,
                index=index, message=message, words=found[0], suggestion=better,
            )  # fmt: skip


def _like(word: str, better: str) -> str:
    return better[:1].upper() + better[1:] if word[:1].isupper() else better


def _officials(copy: Copy, limit: float | None) -> Iterator[Finding]:
    names = {folded(name): name for name in copy.settings.style.officials}
    if not names:
        return
    texts: list[tuple[str, int | None, str]] = [("headline", None, copy.headline)]
    texts += [
        ("images", number, f"{image.caption} {image.alt}") for number, image in enumerate(copy.release.images)
    ]  # fmt: skip
    for field, index, text in texts:
        here = f" {folded(text)} "
        for plain, name in names.items():
            if plain and f" {plain} " in here:
                message = said(
                    "“{name}” stands in the headline or below a picture; whether article 134, eighth paragraph, of the"
                    " Constitution (personal promotion) speaks against it, the legal department decides",
                    name=name,
                )
                yield Finding(field=field, index=index, message=message, words=name)


RULES = (
    Rule(
        name="term",
        severity=Severity.WARNING,
        scope=Scope.OFFICE,
        languages=(),
        summary=said("The office’s own words are used."),
        explanation=said(
            "[style.terms] in comsoc.toml lists what the office does not write and what it writes instead; a * stands"
            " for any ending. Quotations are left as they were said."
        ),
        bad="El programa atiende a discapacitados.",
        good="El programa atiende a personas con discapacidad.",
        look=_terms,
    ),
    Rule(
        name="official-named",
        severity=Severity.INFO,
        scope=Scope.OFFICE,
        languages=(),
        summary=said("An official’s name stands in the headline or below a picture."),
        explanation=said(
            "In Mexico government publicity may hold no names, pictures, voices or symbols that promote a public"
            " servant in person (article 134, eighth paragraph, of the Constitution). This is a note, no judgement:"
            " the legal department decides. The names are those of [style] officials in comsoc.toml."
        ),
        bad="Entrega Juan Pérez 48 mil becas",
        good="El Gobierno del Estado entrega 48 mil becas",
        look=_officials,
    ),
)
