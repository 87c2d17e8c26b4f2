"""Reading releases for a build: each as it lies on the desk and in the vault, only where something changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from comsoc_cli.checks.releases import UNFINISHED, release_problems
from comsoc_cli.model.problem import Objection, Problem, Severity
from comsoc_cli.model.release import Release
from comsoc_cli.office.desk import Desk, Place, read_place, survey
from comsoc_cli.office.files import below
from comsoc_cli.office.folder import Office
from comsoc_cli.office.missing import taken_away, told_by_receipts
from comsoc_cli.office.release_text import PLACEHOLDERS, ReleaseReader
from comsoc_cli.office.vault import Vault, digest_of, read_revisions
from comsoc_cli.press.cache import BuildCache, Reading
from comsoc_cli.press.orders import state_of
from comsoc_cli.press.stamps import SEPARATOR, Stamps, taken
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.safeguards.blackouts import before_the_blackout
from comsoc_cli.safeguards.objections import PUBLIC, objections
from comsoc_cli.safeguards.showing import desk_text, public_text
from comsoc_cli.safeguards.standing import Standing, standing

#: Problems that are warnings in a build.
_TO_COME = frozenset(PLACEHOLDERS) | {rule.name for rule in UNFINISHED}


@dataclass(frozen=True, kw_only=True)
class Read:
    """One release that was read now: what the cache keeps of it, what is shown, and what is wrong with it."""

    reading: Reading
    kit: Presentation | None = None
    site: Presentation | None = None
    held: list[Objection] = field(default_factory=list)  #: what speaks against its standing in the newsroom
    problems: list[Problem] = field(default_factory=list)


class Reader:
    """Reads the releases of an office at one moment; `began` is the disk's time in nanoseconds."""

    def __init__(self, office: Office, common: str, *, now: datetime, began: int) -> None:
        self.office = office
        self.common = common
        self.now = now
        self._clock = _in_utc(now)
        self.began = began
        self.texts = ReleaseReader(office.settings, office.root)
        self.names: dict[str, str] = {}  #: of the desk's texts, by slug
        self.languages: dict[str, list[str]] = {}  #: of their translations
        self.told = told_by_receipts(office)
        self.in_the_way: dict[str, list[Problem]] = {}  #: releases whose files cannot be told apart, by slug

    @cached_property
    def taken_away(self) -> dict[str, list[Problem]]:
        """Files of the vault that git has and that are not there; asked once, where a release is read anew."""
        return taken_away(self.office)

    def survey(self, cache: BuildCache) -> None:
        """Find the releases of the desk; where no folder changed, they are those of last time."""
        kept = cache.kept("desk")
        if kept and Stamps(*kept["folders"]).hold(str(self.office.root)):
            self.names, self.languages = kept["names"], kept["languages"]
            return
        places, self.in_the_way = survey(self.office)
        for slug, place in places.items():
            paths = (place.text, *(path for _, path in place.translations))
            self.names[slug] = SEPARATOR.join(path.relative_to(self.office.root).as_posix() for path in paths)
            if place.translations:
                self.languages[slug] = [language for language, _ in place.translations]
        folders = list(_folders(self.office.desk))
        if self.in_the_way or any(folder.is_symlink() for folder in folders):
            cache.keep("desk", None)
            return
        stamps = taken(self.office.root, folders, self.began)
        found = {"folders": [stamps.names, stamps.marks], "names": self.names, "languages": self.languages}
        cache.keep("desk", found)

    def place(self, slug: str) -> Place:
        """Where the texts of a release on the desk lie."""
        text, *others = (self.office.root / name for name in self.names[slug].split(SEPARATOR))
        return Place(slug=slug, text=text, translations=tuple(zip(self.languages.get(slug, ()), others, strict=True)))

    def is_on_desk(self, slug: str) -> bool:
        return slug in self.names or slug in self.in_the_way

    def slugs(self) -> set[str]:
        """Every release of desk and vault."""
        try:
            vault = {path.name for path in self.office.vault.iterdir() if not path.name.startswith(".")}
        except OSError:
            vault = set()
        return vault | self.on_desk()

    def on_desk(self) -> set[str]:
        return {*self.names, *self.in_the_way}

    def is_current(self, known: Reading) -> bool:
        """Whether a release would be read as it was: files, settings, and on which side of its moments now is."""
        root = str(self.office.root)
        return (
            known.common == self.common
            and known.texts == self.names.get(known.slug, "")
            and known.passed == self._passed(known.moments)
            and known.told == self._told(known.slug)
            and known.vault.hold(root)
            and (not known.texts or known.desk.hold(root))
        )

    def read(self, slug: str) -> Read:
        """One release, anew from its files."""
        desk, vault = Desk(), Vault()
        if slug in self.names:
            release, desk.problems[slug] = read_place(self.texts, self.place(slug))
            if release:
                desk.releases[slug] = release
        elif slug in self.in_the_way:
            desk.problems[slug] = self.in_the_way[slug]
        folder = self.office.vault / slug
        read_revisions(self.office, self.texts, folder, vault, self.told.get(slug))
        if folder.is_dir() and slug in self.taken_away:
            vault.add({slug: self.taken_away[slug]})
        one = standing(slug, desk, vault, self.office.settings.approval)
        problems = self._problems(one, desk)
        settings, now = self.office.settings, self.now
        kit = desk_text(one, settings=settings, now=now) if one.desk and not _hold(problems) else None
        held = objections(one, PUBLIC, settings=settings, now=now)
        site = public_text(one, settings=settings, now=now)
        reading = self._reading(one, kit, site, problems)
        return Read(reading=reading, kit=kit, site=site, held=held, problems=problems)

    def _problems(self, one: Standing, desk: Desk) -> list[Problem]:
        problems = list(desk.problems.get(one.slug, ()))
        if one.desk:
            path = self.office.name_of(one.desk.path)
            problems += release_problems(one.desk, path=path, settings=self.office.settings)
        return [_in_a_build(problem) for problem in problems]

    def _reading(
        self, one: Standing, kit: Presentation | None, site: Presentation | None, problems: list[Problem]
    ) -> Reading:
        newest = one.newest
        public = before_the_blackout(one.as_public(), self.office.settings, self.now).newest
        texts = [one.desk] if one.desk else []
        texts += [revision.release for revision in (newest, public) if revision]
        moments = " ".join(sorted({_in_utc(moment) for moment in self._moments(one, texts)}))
        reading = Reading(
            slug=one.slug,
            ordinal=newest.ordinal if newest else 0,
            status=one.status(sent=False),
            texts=self.names.get(one.slug, ""),
            kit=state_of(kit, digest_of(kit.release, newest.ordinal if newest else 0)) if kit else "",
            site=state_of(site, public.found_digest) if site and public else "",
            moments=moments,
            passed=self._passed(moments),
            order=_in_utc(public.release.public_moment) if public else "",
            common=self.common,
            told=self._told(one.slug),
        )
        if problems or one.problems:
            return reading  # without stamps: it is read again each time, so that its problems are told each time
        desk = taken(self.office.root, _files(one.desk), self.began) if one.desk else Stamps()
        folder = self.office.vault / one.slug
        # A slug that the vault does not have may come into it: that the folder is missing is a mark as well.
        vault = taken(self.office.root, (folder, *(found.path for found in below(folder))), self.began)
        return replace(reading, desk=desk, vault=vault)

    def _moments(self, one: Standing, texts: list[Release]) -> Iterator[datetime]:
        """When a release would be read otherwise: it becomes public, its event is over, a blackout begins or ends."""
        for text in texts:
            yield from _moments(text)
        for revision in one.revisions[-1:]:
            yield from (moment for moment in revision.approval.moments if moment > self.now)
        for blackout in self.office.settings.blackouts if one.newest else ():
            yield blackout.since
            if blackout.until:
                yield blackout.until + timedelta(seconds=1)

    def _told(self, slug: str) -> str:
        told = self.told.get(slug)
        return told.mark if told else ""

    def _passed(self, moments: str) -> int:
        return sum(1 for moment in moments.split() if moment <= self._clock)


def _in_a_build(problem: Problem) -> Problem:
    """What is missing or not finished holds an approval only: a build shows how the text stands."""
    return replace(problem, severity=Severity.WARNING) if problem.is_error and problem.rule in _TO_COME else problem


def _hold(problems: list[Problem]) -> bool:
    return any(problem.is_error for problem in problems)


def _files(release: Release) -> Iterator[Path]:
    """Every file that a release on the desk consists of, by the name that it uses."""
    for text in release.texts:
        yield text.path
        for name, path in text.files.items():
            yield text.folder / name
            if path != text.folder / name:
                yield path


def _moments(release: Release) -> Iterator[datetime]:
    """When a release becomes public, and when its event is over and leaves the calendar."""
    yield release.public_moment
    if release.event:
        yield release.event.over + timedelta(seconds=1)


def _folders(folder: Path) -> Iterator[Path]:
    """A folder and all folders below it."""
    if folder.is_dir():
        yield folder
        for path in folder.rglob("*"):
            if path.is_dir():
                yield path


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
