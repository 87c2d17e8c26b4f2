"""Rules about the build of a text: lead, dateline, contact, length, headings, tables, what was left in it."""

import re
from collections.abc import Iterator

from comsoc_cli.copydesk.prose import COMMENT
from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, words
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.release import primary
from comsoc_cli.rendering.body import SHORTCODE

_DATELINE = re.compile(r"[A-ZÁÉÍÓÚÑ][^.:;!?\n]{2,80}?[.,:]?\s?(?:[-–—]{1,2}|\.[-–—])\s*\S")
_EMPTY_HEADER = re.compile(r"[ \t|]*")
_RULER = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*\|[ \t|:-]*$")
_HTML_TABLE = re.compile(r"(?is)<table\b.*?(?:</table\s*>|\Z)")


def _empty(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if not COMMENT.sub("", copy.body).strip():
        yield Finding(message=said("there is no text below the data"))


def _no_lead(copy: Copy, limit: float | None) -> Iterator[Finding]:
    first = next((span for span in copy.paragraphs if span.kind != "caption"), None)
    if first and copy.lead is None:
        message = said("the text does not begin with a paragraph that says what happened")
        yield Finding(start=first.start, end=first.end, message=message, words=_short(first.plain))


def _long_lead(copy: Copy, limit: float | None) -> Iterator[Finding]:
    lead = copy.lead
    if lead is None or limit is None:
        return
    many = len(words(lead.text))
    if many > limit:
        message = said("the lead has {many} words; {limit} are enough for what happened", many=many, limit=f"{limit:g}")
        yield Finding(start=lead.start, end=lead.end, message=message, words=_short(lead.plain))


def _no_dateline(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if not limit or copy.release.dateline.strip() or copy.original.dateline.strip():
        return
    lead = copy.lead
    if copy.body.strip() and not (lead and _DATELINE.match(lead.plain)):
        yield Finding(field="dateline", message=said("it does not say from where the news comes"))


def _no_contact(copy: Copy, limit: float | None) -> Iterator[Finding]:
    if copy.release is not copy.original or not limit:
        return
    contacts = copy.settings.press_contacts
    chosen = copy.release.contact
    if chosen and chosen not in contacts:
        return  # it is told already that there is none of that name
    contact = contacts[chosen] if chosen else next(iter(contacts.values()), None)
    if contact is None or not (contact.email or contact.phone):
        yield Finding(field="contact", message=said("nobody is named whom a journalist could call or write to"))


def _length(copy: Copy) -> int:
    return sum(len(words(span.text)) for span in copy.paragraphs)


def _short_text(copy: Copy, limit: float | None) -> Iterator[Finding]:
    many = _length(copy)
    if limit is not None and 0 < many < limit:
        message = said("the text has {many} words; one of its kind has {limit} at least", many=many, limit=f"{limit:g}")
        yield Finding(message=message)


def _long_text(copy: Copy, limit: float | None) -> Iterator[Finding]:
    many = _length(copy)
    if limit is not None and many > limit:
        message = said("the text has {many} words; one of its kind has {limit} at most", many=many, limit=f"{limit:g}")
        yield Finding(message=message)


def _jump(copy: Copy, limit: float | None) -> Iterator[Finding]:
    before = 0
    for span in copy.paragraphs:
        if span.kind == "heading":
            if before and span.level > before + 1:
                message = said(
                    "a heading of level {level} follows one of level {before}", level=span.level, before=before
                )
                yield Finding(
                    start=span.start, end=span.end, message=message, words=_short(span.plain),
                    suggestion=f"{'#' * (before + 1)} {span.plain}",
                )  # fmt: skip
            before = span.level


def _header(copy: Copy, limit: float | None) -> Iterator[Finding]:
    message = said("the table has no header cells; nobody can tell what its columns are")
    for span in copy.paragraphs:
        if span.kind == "table":
            written = copy.body[span.start : span.end]
            head, _, below = written.partition("\n")
            if _EMPTY_HEADER.fullmatch(head) and "|" in head and _RULER.match(below.partition("\n")[0]):
                yield Finding(start=span.start, end=span.start + len(head), message=message, words=_short(span.plain))
    for found in _HTML_TABLE.finditer(copy.body):
        if _has_heads_in_disguise(found[0]):
            yield Finding(start=found.start(), end=found.end(), message=message, words="<table>")


def _has_heads_in_disguise(table: str) -> bool:
    """Whether the first row of an HTML table is a heading for the eye alone; a table for layout has none."""
    row = re.search(r"(?is)<tr\b.*?(?=</tr|<tr\b|\Z)", table)
    cells = re.findall(r"(?is)<td\b[^>]*>(.*?)(?=<td\b|</td|\Z)", row[0]) if row else []
    return len(cells) > 1 and all(re.search(r"(?i)<(?:strong|b)\b", cell) for cell in cells)


def _shortcode(copy: Copy, limit: float | None) -> Iterator[Finding]:
    line = -1
    for found in SHORTCODE.finditer(copy.body):
        here = copy.body.count("\n", 0, found.start())
        if here != line:
            line = here
            message = said("“{tag}” belongs to another program and is shown as text", tag=_short(found[0]))
            yield Finding(start=found.start(), end=found.end(), message=message, words=_short(found[0]))


def _language(copy: Copy, limit: float | None) -> Iterator[Finding]:
    written = primary(copy.release.language)
    if written != copy.language and written in {"es", "en"}:
        tag, found = copy.release.language, copy.language
        message = said("the text is written in “{found}”, and its data say “{written}”", found=found, written=tag)
        yield Finding(field="language", message=message, words=tag, suggestion=found)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:59] + "…"


EMPTY = Rule(
    name="empty",
    severity=Severity.WARNING,
    scope=Scope.BODY,
    languages=(),
    summary=said("There is a text below the data."),
    explanation=said(
        "A release without a text is a page and a mail with a headline alone. Write it below the second “---”."
    ),
    bad="---\nheadline: Arranca el programa estatal de becas\n---\n",
    good="---\nheadline: Arranca el programa estatal de becas\n---\nEl Gobierno del Estado puso en marcha hoy…",
    look=_empty,
)
SHORTCODES = Rule(
    name="shortcode",
    severity=Severity.WARNING,
    scope=Scope.BODY,
    languages=(),
    summary=said("No tags of other programs are left in the text."),
    explanation=said(
        "Shortcodes and Liquid tags mean something to the program that the text was written for, and nothing here:"
        " readers see them as they are. Put what they stood for in their place."
    ),
    bad="{{< youtube a1b2c3 >}}",
    good="links: [{title: Video completo, url: https://prensa.example/video}]",
    look=_shortcode,
)

RULES = (
    EMPTY,
    SHORTCODES,
    Rule(
        name="lead-missing",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("A text begins with its lead."),
        explanation=said(
            "The first paragraph says what happened, who did it, when, where and why. Newsrooms take that paragraph;"
            " pages, feeds and chats show it. A heading, a list or a table cannot stand for it."
        ),
        bad="## Antecedentes",
        good="El Gobierno del Estado puso en marcha hoy el programa estatal de becas 2027.",
        look=_no_lead,
    ),
    Rule(
        name="lead-long",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        limits={"": 60},
        summary=said("The lead has no more than 60 words."),
        explanation=said(
            "What does not fit into 60 words is not the news but its background. Let the offices and their titles wait"
            " for the second paragraph."
        ),
        bad="En el marco de las acciones que encabeza el Gobierno del Estado en beneficio de las y los estudiantes de"
        " los 20 municipios, y en seguimiento a los acuerdos de la reunión de… (85 words)",
        good="El Gobierno del Estado puso en marcha hoy el programa estatal de becas 2027, que entregará un apoyo"
        " bimestral a 48 mil estudiantes.",
        look=_long_lead,
    ),
    Rule(
        name="dateline-missing",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        languages=(),
        limits={"boletin": 1, "posicionamiento": 1},
        summary=said("A release says from where it comes."),
        explanation=said(
            "“dateline” is the place before the date: a newsroom needs it to know whose news it is. The limit says for"
            " which kinds it is expected: 1, or 0 where it is not. One that stands in the text itself counts as well."
        ),
        bad="dateline:",
        good="dateline: Culiacán, Sinaloa",
        look=_no_dateline,
    ),
    Rule(
        name="contact-missing",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        languages=(),
        limits={"": 1},
        summary=said("Somebody can be called about the release."),
        explanation=said(
            "A journalist who has a question asks today or not at all. Give [press_contacts] in comsoc.toml a contact"
            " with an address or a telephone number. The limit says for which kinds: 1, or 0 where nobody is needed."
        ),
        bad="[press_contacts]",
        good='[press_contacts.prensa]\nname = "Atención a medios"\nphone = "667 000 0100"',
        look=_no_contact,
    ),
    Rule(
        name="text-short",
        severity=Severity.INFO,
        scope=Scope.BODY,
        languages=(),
        limits={
            "boletin": 40,
            "posicionamiento": 30,
            "nota-informativa": 30,
            "tarjeta": 30,
            "invitacion": 20,
            "aviso": 10,
        },
        summary=said("A text is not too short for its kind."),
        explanation=said(
            "Below that many words a newsroom has to call to make a note of it. Add a figure, a source, what follows;"
            " or choose a kind that is short, such as an urgent notice."
        ),
        bad="Hoy arrancaron las becas.",
        good="El Gobierno del Estado puso en marcha hoy el programa estatal de becas 2027, que entregará…",
        look=_short_text,
    ),
    Rule(
        name="text-long",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        limits={
            "boletin": 1500,
            "posicionamiento": 900,
            "nota-informativa": 900,
            "tarjeta": 900,
            "invitacion": 500,
            "aviso": 300,
        },
        summary=said("A text is not too long for its kind."),
        explanation=said(
            "Nobody reads a long release to its end. Put the figures into an attachment, or make two releases of it."
        ),
        bad="(1,600 palabras)",
        good="(450 palabras y un anexo)",
        look=_long_text,
    ),
    Rule(
        name="language",
        severity=Severity.WARNING,
        scope=Scope.RELEASE,
        languages=(),
        summary=said("A text is in the language that its data say."),
        explanation=said(
            "Dates, labels, hyphens and the voice that reads a page aloud go by “language”; without it, by the"
            " office’s. Rules of the copy desk go by the text itself."
        ),
        bad="headline: State scholarship program begins",
        good="headline: State scholarship program begins\nlanguage: en",
        look=_language,
    ),
    Rule(
        name="heading-jump",
        severity=Severity.INFO,
        scope=Scope.BODY,
        languages=(),
        summary=said("Headings go down one level at a time."),
        explanation=said(
            "Who listens to a page goes through it by its headings. Pages and PDFs are mended by themselves; in the"
            " text, one level more is one # more."
        ),
        bad="## Cuánto\n\n#### Preparatoria",
        good="## Cuánto\n\n### Preparatoria",
        look=_jump,
    ),
    Rule(
        name="table-header",
        severity=Severity.WARNING,
        scope=Scope.BODY,
        languages=(),
        summary=said("A table has header cells."),
        explanation=said(
            "The first row says what the columns are: without it, whoever listens to the table hears figures only, and"
            " whoever copies it loses what they mean."
        ),
        bad="|  |  |\n|:--|--:|\n| Primaria | 16,000 |",
        good="| Nivel | Becas |\n|:--|--:|\n| Primaria | 16,000 |",
        look=_header,
    ),
)
