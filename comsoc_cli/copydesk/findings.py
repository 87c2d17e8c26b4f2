"""What the rules find in a release, as problems with their places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comsoc_cli.copydesk.allowing import allowed
from comsoc_cli.copydesk.rule import Finding, Rule
from comsoc_cli.copydesk.text import Copy
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.check_settings import OFF
from comsoc_cli.office.files import FileFault, read_text

_LONGEST = 120  #: of words that are shown


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the copy desk knows besides a release itself."""

    settings: Settings
    earlier: Mapping[str, str] = field(default_factory=dict)  #: headlines of earlier releases, folded, and their slugs
    words: frozenset[str] = frozenset()  #: of the office's dictionary.txt
    blanks: frozenset[str] = frozenset()  #: of the office's own drafts, folded


def copies(release: Release, around: Around) -> Iterator[Copy]:
    """The texts of a release, prepared for the rules."""
    for text in release.texts:
        yield Copy(
            release=text,
            original=release,
            settings=around.settings,
            earlier=around.earlier if text is release else {},
            own_words=around.words,
            blanks=around.blanks,
        )


def text_problems(release: Release, rules: Iterable[Rule], around: Around, *, path: str) -> list[Problem]:
    """What these rules say of all texts of a release; `path` is the original's, relative to the office."""
    rules = tuple(rules)
    found: list[Problem] = []
    for copy in copies(release, around):
        shown = path if copy.release is release else path.rsplit("/", 1)[0] + "/" + copy.release.path.name
        places = _Places(copy.release)
        problems = [_problem(rule, weight, one, shown, places) for rule, weight, one in findings(copy, rules)]
        found += sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))
    return found


def findings(copy: Copy, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Severity, Finding]]:
    """What the rules say of one text, with the weight that the office gives them."""
    silent = allowed(copy.body)
    for rule in rules:
        severity = severity_of(rule, copy.settings)
        if severity is None or rule.name in silent or (rule.languages and copy.language not in rule.languages):
            continue
        for finding in rule.look(copy, limit_of(rule, copy.kind, copy.settings)):
            yield rule, severity, finding


def severity_of(rule: Rule, settings: Settings) -> Severity | None:
    """How much a rule weighs in this office; None: nothing."""
    chosen = settings.check.severity.get(rule.name, rule.severity.value)
    return None if chosen == OFF else Severity(chosen)


def limit_of(rule: Rule, kind: str, settings: Settings) -> float | None:
    """The limit for a kind: the office's, else the rule's own for it, else the rule's for all."""
    own = settings.check.limit(rule.name, kind)
    return own if own is not None else rule.limits.get(kind, rule.limits.get(""))


def _problem(rule: Rule, severity: Severity, finding: Finding, path: str, places: "_Places") -> Problem:
    name = finding.field if finding.index is None else f"{finding.field}[{finding.index + 1}]"
    line, column = places.of(finding)
    return Problem(
        path=path, line=line, column=column, field=name, severity=severity, rule=rule.name, message=finding.message,
        words=_shown(finding.words), suggestion=finding.suggestion,
    )  # fmt: skip


def _shown(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


class _Places:
    """Where findings stand in a release's file; the file is read again only for those in its data."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def of(self, finding: Finding) -> tuple[int | None, int | None]:
        """Line and column, both counted from 1."""
        release = self._release
        if finding.start is not None:
            before = release.body[: finding.start]
            return release.body_line + before.count("\n"), finding.start - (before.rfind("\n") + 1) + 1
        if finding.field == "body":
            return (release.body_line, None)
        return self._in_data(finding)

    def _in_data(self, finding: Finding) -> tuple[int | None, int | None]:
        line = self._line(finding)
        if not finding.words:
            return line, None
        last = min(len(self._lines), line + 6)
        for number in range(line, last + 1):
            column = self._lines[number - 1].find(finding.words)
            if column >= 0:
                return number, column + 1
        return line, None

    def _line(self, finding: Finding) -> int:
        from comsoc_cli.office.release_text import field_line

        place = (finding.field,) if finding.index is None else (finding.field, finding.index)
        return field_line("\n".join(self._lines), place)

    @cached_property
    def _lines(self) -> list[str]:
        try:
            return read_text(self._release.path).split("\n")
        except FileFault:
            return [""]
