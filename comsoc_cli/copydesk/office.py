"""What of an office the copy desk goes by: its settings, its words, its other headlines."""

from collections.abc import Iterator

from comsoc_cli.copydesk.archive import earlier_headlines
from comsoc_cli.copydesk.blanks import blanks_in
from comsoc_cli.copydesk.findings import Around
from comsoc_cli.copydesk.rules import BY_NAME, nearest_rule
from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem
from comsoc_cli.office.desk import Desk
from comsoc_cli.office.folder import SETTINGS, Office
from comsoc_cli.office.settings import line_in_settings

DICTIONARY = "dictionary.txt"


def knowledge(office: Office, desk: Desk) -> dict[str, Around]:
    """What is known besides each of the releases on the desk, by slug."""
    releases = list(desk.releases.values())
    earlier = earlier_headlines(office, releases, desk.broken)
    words, blanks = own_words(office), blanks_in(office.templates)
    return {
        release.slug: Around(settings=office.settings, earlier=earlier[release.slug], words=words, blanks=blanks)
        for release in releases
    }


def own_words(office: Office) -> frozenset[str]:
    """The words of dictionary.txt, one a line; what follows a # is for people."""
    try:
        text = (office.root / DICTIONARY).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return frozenset()
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(line.casefold() for line in lines if line)


def rule_problems(office: Office) -> Iterator[Problem]:
    """Names in [check] that no rule has."""
    check = office.settings.check
    for table, names in (("severity", check.severity), ("limits", check.limits)):
        for name in names:
            place = ("check", table, name)
            if name not in BY_NAME:
                message = said("there is no rule “{name}”{nearest}", name=name, nearest=nearest_rule(name))
                line = line_in_settings(office, place)
                yield Problem(path=SETTINGS, line=line, field=".".join(place), rule="unknown-rule", message=message)
