"""The desk: the releases that are being written, one per file or folder."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem, errors
from comsoc_cli.model.release import Release
from comsoc_cli.office.folder import Office, UnknownRelease
from comsoc_cli.office.release_text import PLACEHOLDERS, ReleaseReader
from comsoc_cli.office.slugs import is_slug, slugify

_TRANSLATION = re.compile(r"(?P<original>.+)\.(?P<language>[a-z]{2}(?:-[A-Z]{2})?)")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The files of one release."""

    slug: str
    text: Path
    translations: tuple[tuple[str, Path], ...] = ()  #: language and file


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What lies on the desk: the releases that could be read, and every problem of all of them."""

    releases: dict[str, Release] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)  #: by slug

    @property
    def broken(self) -> list[str]:
        """Slugs without a page, because none can be made."""
        return [slug for slug in self.problems if slug not in self.releases]

    def all_problems(self) -> list[Problem]:
        return [problem for slug in sorted(self.problems) for problem in self.problems[slug]]


def read_desk(office: Office, slugs: Iterable[str] | None = None) -> Desk:
    """Read the desk, or only these releases of it."""
    places, problems = survey(office)
    wanted = None if slugs is None else set(slugs)
    desk = Desk()
    reader = ReleaseReader(office.settings, office.root)
    for slug in sorted({*places, *problems}):
        if wanted is not None and slug not in wanted:
            continue
        found = problems.get(slug, [])
        if slug in places and not found:
            release, found = read_place(reader, places[slug])
            if release:
                desk.releases[slug] = release
        desk.problems[slug] = found
    return desk


def read_place(reader: ReleaseReader, place: Place) -> tuple[Release | None, list[Problem]]:
    """A release with its translations."""
    release, problems = reader.read(place.text, place.slug)
    translations: list[Release] = []
    for language, path in place.translations:
        translation, more = reader.read(path, place.slug, language=language)
        problems += more
        if translation:
            translations.append(translation)
    blocking = [problem for problem in errors(problems) if problem.rule not in PLACEHOLDERS]
    if release is None or blocking:
        return None, problems
    return replace(release, translations=tuple(translations)), problems


def survey(office: Office) -> tuple[dict[str, Place], dict[str, list[Problem]]]:
    """The releases on the desk by slug, and those whose files are in each other's way."""
    places: dict[str, Place] = {}
    problems: dict[str, list[Problem]] = {}
    taken: dict[str, Path] = {}
    for slug, text, translations in _texts(office.desk, set()):
        shown = office.name_of(text)
        if text.is_dir():
            message = said("the folder cannot be read")
            problems.setdefault(slug, []).append(Problem(path=shown, rule="unreadable", message=message))
        elif not all(_is_inside(path, office.root) for path in (text, *(path for _, path in translations))):
            message = said("the file leads out of the office and is not read")
            problems.setdefault(slug, []).append(Problem(path=shown, rule="path-outside", message=message))
        elif not is_slug(slug):
            message = said(
                "the name may hold only letters without accents, figures and hyphens; rename it “{better}”",
                better=slugify(slug),
            )
            problems.setdefault(slug, []).append(Problem(path=shown, rule="slug", message=message))
        elif slug.casefold() in taken:
            other = taken[slug.casefold()]
            message = said(
                "two releases are called “{slug}”: this one and {other}", slug=slug, other=office.name_of(other)
            )
            problems.setdefault(slug, []).append(Problem(path=shown, rule="slug-twice", message=message))
        else:
            taken[slug.casefold()] = text
            places[slug] = Place(slug=slug, text=text, translations=tuple(translations))
    return places, problems


def find_slugs(office: Office, wanted: Iterable[str], others: Iterable[str] = ()) -> list[str]:
    """The slugs that slugs or paths mean; `others` are known besides the desk's; raises UnknownRelease."""
    places, problems = survey(office)
    known = {*places, *problems, *others}
    found = []
    for name in wanted:
        slug = name if name in known else _slug_of_path(name, places)
        if slug not in known:
            nearest = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
            raise UnknownRelease(name, nearest[0] if nearest else "")
        if slug not in found:
            found.append(slug)
    return found


def _slug_of_path(name: str, places: dict[str, Place]) -> str:
    path = Path(name).resolve()
    for place in places.values():
        files = (place.text, *(file for _, file in place.translations))
        if any(path == file.resolve() for file in files) or (
            place.text.name == "index.md" and path == place.text.parent.resolve()
        ):
            return place.slug
    return ""


def _is_inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _texts(folder: Path, seen: set[Path]) -> Iterator[tuple[str, Path, list[tuple[str, Path]]]]:
    """Slug, file and translations of every release in a folder; a folder without index.md only groups others.

    A folder that cannot be read stands for itself. Links that lead in a circle are followed once.
    """
    if not folder.is_dir() or folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    try:
        names = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    except OSError:
        yield folder.name, folder, []
        return
    stems = {path.stem for path in names if path.suffix == ".md" and path.name != "README.md"}
    translations: dict[str, list[tuple[str, Path]]] = {}
    for path in names:
        found = _TRANSLATION.fullmatch(path.stem) if path.suffix == ".md" else None
        if found and found["original"] in stems:
            translations.setdefault(found["original"], []).append((found["language"], path))
            stems.discard(path.stem)
    if "index" in stems and seen != {folder.resolve()}:  # on the desk itself it is a release like any other
        yield folder.name, folder / "index.md", translations.get("index", [])
        return
    for path in names:
        if path.is_dir():
            yield from _texts(path, seen)
        elif path.suffix == ".md" and path.stem in stems:
            yield path.stem, path, translations.get(path.stem, [])
