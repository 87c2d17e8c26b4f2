"""Rules about what becomes of a text on its way to readers: every letter arrives."""

from collections.abc import Iterator

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity
from comsoc_cli.rendering.body import clean_html
from comsoc_cli.rendering.completeness import missing


def _lost(copy: Copy, limit: float | None) -> Iterator[Finding]:
    try:
        markup = clean_html(copy.body, copy.release.language)
    except RecursionError:
        yield Finding(message=said("the text is nested too deeply to be rendered"))
        return
    found = missing(copy.body, markup)
    if found:
        message = said("letters of this line do not reach readers: look at its stars, brackets and signs < >")
        yield Finding(start=found.start, end=found.end, message=message, words=found.words)


RULES = (
    Rule(
        name="letters-lost",
        severity=Severity.ERROR,
        scope=Scope.BODY,
        languages=(),
        summary=said("Every letter of the text reaches its readers."),
        explanation=said(
            "The letters of the text are held against those of the page. What is missing was taken for something else:"
            " words between < and > for a tag, a cell too many in a table, a parenthesis that is not closed for an"
            " address, what follows an element that is not closed."
        ),
        bad="El monto es <por confirmar con Finanzas>.",
        good="El monto es de 48 millones de pesos.",
        look=_lost,
    ),
)
