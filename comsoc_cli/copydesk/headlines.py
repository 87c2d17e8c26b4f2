"""Rules about the headline and the mail's subject."""

import re
from collections.abc import Iterator

from comsoc_cli.copydesk.rule import Finding, Rule, Scope
from comsoc_cli.copydesk.text import Copy, folded, words
from comsoc_cli.message import said
from comsoc_cli.model.problem import Severity
from comsoc_cli.model.settings import Settings
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.views import Viewer

_QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
_SHORT_STOP = re.compile(r"(?:\b\w\.)+\w\.$|\b(?:etc|Jr|Sr|Inc|Ltd|Cía|S\.A)\.$|\.\.\.$", re.IGNORECASE)
_FEWEST_CAPITALS = 12
_CAPITALS = 0.8  #: the share from which on a headline is one in capitals
_A_NUMBER = 100  #: the number is given by the approval; by then a series mostly has three figures


def _long(copy: Copy, limit: float | None) -> Iterator[Finding]:
    many = len(words(copy.headline))
    if limit is not None and many > limit:
        message = said("the headline has {many} words, and {limit} are enough", many=many, limit=f"{limit:g}")
        yield Finding(field="headline", message=message)


def _capitals(copy: Copy, limit: float | None) -> Iterator[Finding]:
    letters = [letter for letter in copy.headline if letter.isalpha()]
    capitals = sum(1 for letter in letters if letter.isupper())
    long_words = [word for word in words(copy.headline) if len(word) > 5]
    if len(letters) >= _FEWEST_CAPITALS and capitals / len(letters) >= _CAPITALS and any(map(str.isupper, long_words)):
        message = said("the headline is written in capitals; names and acronyms cannot be told in it")
        yield Finding(field="headline", message=message, words=copy.headline)


def _exclamation(copy: Copy, limit: float | None) -> Iterator[Finding]:
    found = re.search(r"¡[^!]*!?|\S*!", _QUOTED.sub("", copy.headline))
    if found:
        message = said("the headline exclaims; a newsroom takes that for advertising")
        yield Finding(field="headline", message=message, words=found[0])


def _stop(copy: Copy, limit: float | None) -> Iterator[Finding]:
    headline = copy.headline.rstrip()
    if headline.endswith(".") and not _SHORT_STOP.search(headline) and not re.search(r"[A-Z]\.$", headline):
        message = said("the headline ends with a full stop")
        last = headline.split()[-1]
        yield Finding(field="headline", message=message, words=last, suggestion=last[:-1])


def _subject(copy: Copy, limit: float | None) -> Iterator[Finding]:
    shown = Presentation(release=copy.original, number=_number(copy), number_text=_number_text(copy))
    subject = _viewer(copy.settings).subject(shown, copy.release)
    if limit is not None and len(subject) > limit:
        message = said(
            "the mail’s subject has {many} characters, and most programs show {limit} at most",
            many=len(subject),
            limit=f"{limit:g}",
        )
        yield Finding(field="headline", message=message, words=subject[int(limit) :].strip())


def _number(copy: Copy) -> int | None:
    kind = copy.settings.kinds.get(copy.kind)
    return _A_NUMBER if kind and kind.numbered else None


def _number_text(copy: Copy) -> str:
    number, release, settings = _number(copy), copy.original, copy.settings
    if number is None:
        return ""
    year = release.date.astimezone(settings.zone).year
    return settings.kinds[copy.kind].number_text(number, year, settings.agency_name(release.agencies))


_viewers: dict[int, tuple[Settings, Viewer]] = {}


def _viewer(settings: Settings) -> Viewer:
    """One for all texts of an office."""
    kept = _viewers.get(id(settings))
    if kept is None or kept[0] is not settings:
        _viewers.clear()
        kept = _viewers[id(settings)] = settings, Viewer(settings)
    return kept[1]


def _repeated(copy: Copy, limit: float | None) -> Iterator[Finding]:
    other = copy.earlier.get(folded(copy.headline))
    if other:
        message = said("“{slug}” has the same headline; in an inbox one looks like the other sent again", slug=other)
        yield Finding(field="headline", message=message, words=copy.headline)


RULES = (
    Rule(
        name="headline-long",
        severity=Severity.WARNING,
        scope=Scope.HEADLINE,
        languages=(),
        limits={"": 18},
        summary=said("A headline has no more than 18 words."),
        explanation=said(
            "Pages, inboxes and chats cut a long headline off, and often the news with it. Say who does what; the rest"
            " goes into the subhead."
        ),
        bad="El Gobierno del Estado, a través de la Secretaría de Educación Pública y Cultura, da a conocer que ya"
        " arrancó el programa estatal de becas",
        good="Arranca el programa estatal de becas 2027",
        look=_long,
    ),
    Rule(
        name="headline-capitals",
        severity=Severity.WARNING,
        scope=Scope.HEADLINE,
        languages=(),
        summary=said("A headline is not written in capitals."),
        explanation=said(
            "Capitals are read more slowly, hide names and acronyms, and mail filters take them for advertising."
            " Write it as a sentence."
        ),
        bad="ARRANCA EL PROGRAMA ESTATAL DE BECAS",
        good="Arranca el programa estatal de becas",
        look=_capitals,
    ),
    Rule(
        name="headline-exclamation",
        severity=Severity.WARNING,
        scope=Scope.HEADLINE,
        languages=(),
        summary=said("A headline does not exclaim."),
        explanation=said(
            "News speaks for itself, and mail filters count exclamation marks. What somebody said may exclaim, between"
            " quotation marks."
        ),
        bad="¡Ya están aquí las becas 2027!",
        good="Arranca el programa estatal de becas 2027",
        look=_exclamation,
    ),
    Rule(
        name="headline-stop",
        severity=Severity.WARNING,
        scope=Scope.HEADLINE,
        languages=(),
        summary=said("A headline ends without a full stop."),
        explanation=said("Headlines are titles, and titles have no full stop in Spanish or in English. Take it away."),
        bad="Arranca el programa estatal de becas.",
        good="Arranca el programa estatal de becas",
        look=_stop,
    ),
    Rule(
        name="subject-long",
        severity=Severity.INFO,
        scope=Scope.HEADLINE,
        languages=(),
        limits={"": 78},
        summary=said("The mail’s subject has no more than 78 characters."),
        explanation=said(
            "The subject is made of the kind’s pattern and the headline. Programs on a desk show some 78 characters,"
            " phones 40: what is news must stand at the beginning. Shorten the headline, or the kind’s “subject”."
        ),
        bad="Boletín 100 | El Gobierno del Estado da a conocer que ya arrancó el programa estatal de becas",
        good="Boletín 100 | Arranca el programa estatal de becas 2027",
        look=_subject,
    ),
    Rule(
        name="headline-repeated",
        severity=Severity.WARNING,
        scope=Scope.OFFICE,
        languages=(),
        summary=said("No earlier release has the same headline."),
        explanation=said(
            "Two mails with one subject look like one that was sent twice, and search engines show only one of the"
            " pages. Say what is new this time."
        ),
        bad="Aviso a la población",
        good="Se reabre la carretera Coyotitán–San Ignacio",
        look=_repeated,
    ),
)
