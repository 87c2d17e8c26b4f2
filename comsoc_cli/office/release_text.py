"""One release's file becomes a Release; every problem in it is found in one reading."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.model.release import Correction, Event, Image, Link, Release, file_name
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.contacts import UNPRINTABLE
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.frontmatter_text import split_sound
from comsoc_cli.office.locating import Located, NotThere, locate
from comsoc_cli.office.marked_yaml import Marked, line_of, plain
from comsoc_cli.office.media import acting, fault_of, mentions
from comsoc_cli.office.moments import UnsureHour, date_in_name, has_hour, moment
from comsoc_cli.office.validation import Place, problems_of, unknown_key, wrong_value

FIELDS = (
    "headline", "subhead", "summary", "kind", "date", "embargo", "dateline", "language", "topics", "agencies",
    "municipalities", "segments", "contact", "author", "images", "links", "attachments", "event",
    "correction",
)  # fmt: skip
_OTHER_NAMES = {
    "title": "headline",
    "description": "subhead",
    "subtitle": "subhead",
    "tags": "topics",
    "image": "images",
}
_LISTS = ("summary", "topics", "agencies", "municipalities", "segments", "images", "links", "attachments")
_GROUPS = {"images": Image, "links": Link, "event": Event, "correction": Correction}
_SINGLE = ("event", "correction")
#: What a record has and nobody writes: it is told by how the other values were written.
_DERIVED = ("all_day",)
_ONE_LINE = ("headline", "subhead", "dateline", "contact", "author", "kind", "language")
#: What the vault keeps beside the media of a release.
_RESERVED = re.compile(r"(?:approval|kill|embargo|audience)\.yaml|index(\.[a-z]{2}(-[A-Z]{2})?)?\.md")
_DATE = said("a date such as 2026-11-23 10:00")

#: Characters of a text: a book. A PDF of ten times as many takes an hour.
BODY_MOST = 1_000_000
#: Problems that an approval does not let pass, and a build does: it shows a placeholder, or the first of two hours.
PLACEHOLDERS = (
    "image-missing", "image-remote", "image-elsewhere", "image-alt", "link-url", "image-script", "file-script",
    "unsure-hour",
)  # fmt: skip


class ReleaseReader:
    """Reads texts of one office; the same for the desk and for the vault."""

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.root = root
        self.zone = settings.zone
        self._latest: tuple[tuple[str, ...], _Reading, Release] | None = None

    def read(
        self, path: Path, slug: str, *, language: str = "", name: str = ""
    ) -> tuple[Release | None, list[Problem]]:
        """The release in a file (None where it has errors that no page can be made with) and every problem of it."""
        shown = name or (path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path))
        try:
            text = read_text(path)
        except FileFault as fault:
            return None, [Problem(path=shown, line=fault.line, rule=fault.rule, message=fault.message)]
        # The desk's text and the vault's are read one after the other, and are mostly the same.
        alike = (text, slug, language, date_in_name(path.name))
        if self._latest and self._latest[0] == alike:
            _, reading, release = self._latest
            return _placed(release, path, shown, reading)
        return self._parsed(alike, path, shown)

    def _parsed(self, alike: tuple[str, ...], path: Path, shown: str) -> tuple[Release | None, list[Problem]]:
        whole, slug, language, _ = alike
        try:
            matter, body, body_line, faults = split_sound(whole)
        except FileFault as fault:
            return None, [Problem(path=shown, line=fault.line, rule=fault.rule, message=fault.message)]
        reading = _Reading(self, shown, matter)
        values = reading.values(path.name, slug)
        if faults:
            return None, reading.beside(faults)
        values.setdefault("language", language or self.settings.office.language)
        text = {"slug": slug, "body": body, "body_line": body_line}
        try:
            release: Release = _adapter().validate_python({**values, **text})
        except ValidationError as fault:
            reading.problems += problems_of(fault, path=shown, known=FIELDS, line=reading.line)
            return None, reading.problems
        if any(problem.is_error and problem.rule not in PLACEHOLDERS for problem in reading.problems):
            _, others = with_files(replace(release, path=path), shown, reading.line)
            return None, [*reading.problems, *others]
        release = replace(release, frontmatter=plain(matter))
        if not reading.problems:
            self._latest = alike, reading, release
        return _placed(release, path, shown, reading)


def _placed(release: Release, path: Path, shown: str, reading: "_Reading") -> tuple[Release, list[Problem]]:
    """The release with the files that lie beside it, and every problem of both."""
    release, problems = with_files(replace(release, path=path), shown, reading.line)
    return release, [*reading.problems, *problems]


@cache
def _adapter() -> TypeAdapter[Release]:
    return TypeAdapter(Release)


def field_line(text: str, place: Place) -> int:
    """On which line of a release's file a field stands, under whichever of its names; 1 where it is not written."""
    try:
        return _line_in(split_sound(text)[0], place)
    except FileFault:
        return 1


def _line_in(matter: Marked, place: Place) -> int:
    if place and place[0] not in matter:
        written = next((old for old, new in _OTHER_NAMES.items() if new == place[0] and old in matter), None)
        place = (written, *place[1:]) if written else place
    return line_of(matter, place) or 1


class _Reading:
    """The frontmatter of one file on its way into a Release."""

    def __init__(self, reader: ReleaseReader, shown: str, matter: Marked) -> None:
        self.reader = reader
        self.shown = shown
        self.matter = matter
        self.problems: list[Problem] = []

    def line(self, place: Place) -> int | None:
        return _line_in(self.matter, place)

    def values(self, file_name: str, slug: str) -> dict[str, Any]:
        """The keys that a release has, under their own names and in the shapes that it wants."""
        values = self._known()
        for key in _LISTS:
            if key in values and not isinstance(values[key], list):
                values[key] = [values[key]]
        if "images" in values:
            values["images"] = [
                {"src": one} if isinstance(one, str) else one for one in values["images"] if one is not None
            ]
        for key in _LISTS:
            if key in values:
                values[key] = tuple(plain(values[key]))
        for key, record in _GROUPS.items():
            if key in values:
                self._check_group(key, record, values)
        self._one_line(values)
        self._dates(values, date_in_name(file_name) or date_in_name(slug))
        kind = values.get("kind", "boletin")
        if isinstance(kind, str) and kind not in self.reader.settings.kinds:
            kinds = ", ".join(self.reader.settings.kinds)
            self.wrong("kind", kind, said("one of {kinds}", kinds=kinds))
        elif isinstance(kind, str) and self.reader.settings.kinds[kind].invites and "event" not in values:
            self.problem("event", "missing", said("an invitation needs “event:” with its start and place"))
        return values

    def beside(self, faults: Sequence[FileFault]) -> list[Problem]:
        """The faults of the frontmatter, and what else is wrong; what seems to be missing may stand in a fault."""
        told = [Problem(path=self.shown, line=one.line, rule=one.rule, message=one.message) for one in faults]
        return [*told, *(one for one in self.problems if one.rule != "missing")]

    def problem(self, field: str, rule: str, message: Message, *way: str) -> None:
        place = (field, *way)
        self.problems.append(
            Problem(path=self.shown, line=self.line(place), field=".".join(place), rule=rule, message=message)
        )

    def wrong(self, field: str, found: object, expected: Message, *way: str | int) -> None:
        self.problems.append(wrong_value(self.shown, self.line((field, *way)), field, found, expected))

    def _known(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in self.matter.items():
            name = _OTHER_NAMES.get(key, key)
            if name not in FIELDS:
                warning = unknown_key(self.shown, key, FIELDS, self.matter.lines[key], Severity.WARNING)
                self.problems.append(warning)
            elif value is not None and (name == key or (name not in values and self.matter.get(name) is None)):
                values[name] = value
        return values

    def _check_group(self, key: str, record: type[Any], values: dict[str, Any]) -> None:
        """Unknown keys within images, links and event are warnings, as they are at the top."""
        known = tuple(field.name for field in fields(record) if field.name not in _DERIVED)
        groups = (values[key],) if key in _SINGLE else values[key]
        kept: list[Any] = []
        for number, group in enumerate(groups):
            if not isinstance(group, Mapping):
                kept.append(group)
                continue
            group = {"title" if name == "text" and key == "links" else name: value for name, value in group.items()}
            for name in group:
                if name not in known:
                    line = self.line((key, name) if key in _SINGLE else (key, number, name))
                    self.problems.append(unknown_key(self.shown, name, known, line, Severity.WARNING))
            kept.append({name: value for name, value in group.items() if name in known and value is not None})
        values[key] = kept[0] if key in _SINGLE else tuple(kept)

    def _one_line(self, values: dict[str, Any]) -> None:
        for key in _ONE_LINE:
            if isinstance(values.get(key), str):
                values[key] = values[key].strip()
                if UNPRINTABLE.search(values[key]):
                    self.wrong(key, values[key], said("a text on one line"))
        if values.get("headline") == "":
            del values["headline"]
        language = values.get("language", "es")
        if isinstance(language, str) and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", language):
            self.wrong("language", language, said("a language such as es-MX"))

    def _dates(self, values: dict[str, Any], in_name: str) -> None:
        for key in ("date", "embargo"):
            if key in values:
                values[key] = self._moment(key, values[key])
        event = values.get("event")
        if isinstance(event, dict):
            written = [str(event[key]) for key in ("start", "end") if key in event]
            for key in ("start", "end"):
                if key in event:
                    event[key] = self._moment("event", event[key], key)
            event["all_day"] = not any(map(has_hour, written))
        if "date" not in values:
            if in_name:
                values["date"] = self._moment("date", in_name)
            else:
                self.problem("date", "missing", said("“date” is missing: the day and hour that the release bears"))
                values["date"] = self._nothing
        for key in ("date", "embargo"):
            if values.get(key, self._nothing) is None:
                values[key] = self._nothing

    @property
    def _nothing(self) -> datetime:
        """Stands in for a date that cannot be read, so that the other problems of the file are found as well."""
        return datetime(1970, 1, 1, tzinfo=self.reader.zone)

    def _moment(self, field: str, value: object, *way: str) -> datetime:
        try:
            return (
                moment(str(value), self.reader.zone) if isinstance(value, str | date) else moment("", self.reader.zone)
            )
        except UnsureHour as fault:
            self.problem(field, "unsure-hour", fault.what, *way)
            return fault.moment
        except ValueError:
            place = (field, *way)
            self.problems.append(wrong_value(self.shown, self.line(place), ".".join(place), value, _DATE))
            return self._nothing


def with_files(release: Release, shown: str, line: Callable[[Place], int | None]) -> tuple[Release, list[Problem]]:
    """The release with the files it names, and what is wrong with those; `line` tells where a field stands."""
    named = _Files(release, shown)
    for number, image in enumerate(release.images):
        named.picture(image.src, image.alt, line(("images", number)), f"images[{number + 1}]")
    for number, attachment in enumerate(release.attachments):
        named.look(attachment, line(("attachments", number)), f"attachments[{number + 1}]")
    for number, link in enumerate(release.links):
        if not re.match(r"https?://\S+$", link.url):
            message = said("“{url}” is no address that begins with https://", url=link.url)
            named.problem("link-url", line(("links", number)), f"links[{number + 1}].url", message)
    if len(release.body) > BODY_MOST:
        message = said("the text has {size} million characters; put into an attachment what goes beyond one million",
                       size=f"{len(release.body) / 1_000_000:.1f}")  # fmt: skip
        named.problem("body-vast", release.body_line, "body", message)
        return named.release(), named.problems
    for mention in mentions(release.body, release.body_line):
        named.picture(mention.src, mention.alt, mention.line, "body")
    return named.release(), named.problems


class _Files:
    """Looks for the files that one text names."""

    def __init__(self, release: Release, shown: str) -> None:
        self.text = release
        self.shown = shown
        self.found: dict[str, Path] = {}
        self.sources: dict[str, str] = {}
        self.problems: list[Problem] = []

    def release(self) -> Release:
        return replace(self.text, files=self.found, sources=self.sources)

    def problem(self, rule: str, line: int | None, field: str, message: Message) -> None:
        self.problems.append(Problem(path=self.shown, line=line, field=field, rule=rule, message=message))

    def look(self, src: str, line: int | None, field: str) -> Located | None:
        """The file that is meant, unless it is not there or must not be shown."""
        place = locate(self.text.folder, src)
        name = file_name(src) if isinstance(place, NotThere) else place.name
        if _RESERVED.fullmatch(name):
            message = said("“{src}” is a name that comsoc uses itself; rename the file", src=src)
            self.problem("reserved-name", line, field, message)
            return None
        if isinstance(place, NotThere):
            self.problem(place.rule, line, field, place.message)
            return None
        if acts := acting(place.path, src, place.name):
            self.problem(acts[0], line, field, acts[1])
            return None
        self.found[place.name] = place.path
        if place.name != file_name(src):
            self.sources[src] = place.name
        return place

    def picture(self, src: str, alt: str, line: int | None, field: str) -> None:
        there = self.look(src, line, field)
        if there is None:
            return
        if fault := fault_of(there.path, src, there.name):
            self.problem(fault[0], line, field, fault[1])
        if not alt.strip():
            message = said("“{src}” has no alt: say in a sentence what it shows", src=src)
            self.problem("image-alt", line, field, message)
