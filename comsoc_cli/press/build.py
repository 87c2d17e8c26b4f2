"""The build: gather, judge, render what changed, write; kits for the desk, the public site from the vault."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.approval import Status
from comsoc_cli.model.problem import Problem
from comsoc_cli.office.files import write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.lock import held
from comsoc_cli.office.signatures import signers_mark
from comsoc_cli.press.cache import BuildCache, Reading
from comsoc_cli.press.copies import Copies, copies_folder
from comsoc_cli.press.orders import CARD, EMAIL, OUTPUTS, PDF, WEB, Keys, Order
from comsoc_cli.press.pool import Task, fulfilled
from comsoc_cli.press.reading import Read, Reader
from comsoc_cli.press.shelf import Shelf
from comsoc_cli.press.stamps import SEPARATOR
from comsoc_cli.press.work import Done
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.templates import Templates

#: Says, in a folder other than dist/, whose press/ and site/ are.
MARK = ".comsoc-output"
#: Seconds of work that a build which is killed may lose.
_SAVE_EVERY = 1.0

Watch = Callable[[int, int], None]


class BuildRunning(Refusal):
    """Another build of this office is at work."""

    exit_code = UNUSABLE

    def __init__(self, holder: str) -> None:
        super().__init__(
            said("Nothing was built: another build of this office is running ({holder}).", holder=holder),
            said("Wait until it has ended; then repeat the same command."),
        )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a build was asked for."""

    slugs: tuple[str, ...] | None = None  #: None: every release
    outputs: tuple[str, ...] = OUTPUTS
    folder: Path
    jobs: int = 1
    force: bool = False


@dataclass
class Built:
    """What became of one release."""

    slug: str
    status: str
    rendered: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    folder: Path = Path()
    problems: list[Problem] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(problem.is_error for problem in self.problems)

    @property
    def outputs(self) -> dict[str, Path]:
        """The files that a person would open."""
        names = {
            "web": (WEB, "index.html"),
            "pdf": (PDF, f"{self.slug}.pdf"),
            "email_html": (EMAIL, "email.html"),
            "email_text": (EMAIL, "email.txt"),
            "email": (EMAIL, "email.eml"),
        }
        there, kit = {*self.rendered, *self.unchanged}, self.folder / "press" / self.slug
        return {key: kit / file for key, (output, file) in names.items() if output in there}


@dataclass
class Build:
    """What a build did."""

    releases: list[Built] = field(default_factory=list)
    site: Path | None = None
    site_problems: list[Problem] = field(default_factory=list)
    #: Slugs of pages that were not asked for, and that a build of everything would make anew.
    waiting: list[str] = field(default_factory=list)


def build(
    office: Office,
    wanted: Wanted,
    *,
    now: datetime,
    sent: Collection[tuple[str, int]] = (),
    watch: Watch = lambda done, total: None,
) -> Build:
    """Render what changed since the last build; raises StoreUnusable where nothing can be written.

    `sent` are the slugs and revisions that a recipient has already.
    """
    with held(lock := office.state / "build.lock", now, BuildRunning):
        cache = BuildCache(office.state / "build.db")
        try:
            return Builder(office, wanted, cache, now, lock.stat().st_mtime_ns, sent, watch).run()
        finally:
            cache.close()


class Builder:
    """One build; `began` is the time of the disk's clock, in nanoseconds."""

    def __init__(
        self,
        office: Office,
        wanted: Wanted,
        cache: BuildCache,
        now: datetime,
        began: int,
        sent: Collection[tuple[str, int]] = (),
        watch: Watch = lambda done, total: None,
    ) -> None:
        self.office = office
        self.wanted = wanted
        self.cache = cache
        self.sent = sent
        self.watch = watch
        self.templates = Templates(office.templates)
        self.keys = Keys(office.settings, self.templates.folders)
        signers = signers_mark(office.root) if office.settings.approval.signed else ""
        self.reader = Reader(office, self.keys.read_with.digest + signers, now=now, began=began)
        self.shelf = Shelf(cache, wanted.folder, ours=_is_ours(office, wanted.folder), force=wanted.force)
        self.readings: dict[str, Reading] = {}
        self.kits: dict[str, Built] = {}
        self.failed: set[str] = set()  #: slugs of which the newsroom's page could not be made
        self.waiting: dict[str, Order] = {}
        self.build = Build()

    @property
    def with_site(self) -> bool:
        return WEB in self.wanted.outputs

    def run(self) -> Build:
        stale = self._survey()
        self._withdraw(stale)
        ahead = [*stale, *(slug for slug, one in self.readings.items() if self._is_due(one))]
        try:
            self._render(ahead)
        finally:
            self.cache.save()
        if ahead:
            Copies(copies_folder(self.office)).sweep()
        for slug in self.readings.keys() - set(ahead):
            self._leave(self.readings[slug])
        self.build.releases = [self.kits[slug] for slug in sorted(self.kits)]
        if self.with_site:
            self.build.site = self.wanted.folder / "site"
            self.build.waiting = self._waiting()
            self._write_lists(self._public() - self.failed)
        self.keys.remember(self.cache)
        self.cache.save()
        return self.build

    def _survey(self) -> list[str]:
        """Learn what is as it was; answers with the slugs that changed."""
        self.reader.survey(self.cache)
        slugs, known = self.reader.slugs(), list(self.cache.readings())
        self.cache.forget_releases(one.slug for one in known if one.slug not in slugs)
        self.readings = {one.slug: one for one in known if one.slug in slugs and self.reader.is_current(one)}
        return sorted(slugs - self.readings.keys())

    def _withdraw(self, stale: list[str]) -> None:
        """First of all, take away what must not be public any more, and kits of releases that are gone."""
        if self.with_site:
            there = self.shelf.names("site/releases")
            # What changed may have become a secret; what is not there can wait until its turn.
            changed = {slug for slug in stale if slug in there and self._still_stands(slug)}
            public = self._public() | changed
            if there - public:
                self._write_lists(self._public() & there)
            self.shelf.remove_others("site/releases", public)
        if self.wanted.slugs is None:
            self.shelf.remove_others("press", self.reader.on_desk())

    def _still_stands(self, slug: str) -> bool:
        """Whether a release that changed may keep its page until another takes its place."""
        site = self.reader.read(slug).site
        return site is not None and not site.is_notice

    def _public(self) -> set[str]:
        return {slug for slug, one in self.readings.items() if one.site}

    def _write_lists(self, slugs: set[str]) -> None:
        """Lists and feeds, so that they never name what is not there."""
        shown = sorted((self.readings[slug] for slug in slugs), key=lambda one: (one.order, one.slug), reverse=True)
        self.shelf.write_lists(shown, self.office.settings, self.templates, self.keys, self.reader.now)

    def _places(self, one: Reading) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Where a release belongs: the order's name, content and state, and outputs."""
        if one.kit and self._is_wanted(one.slug):
            yield f"press/{one.slug}", one.kit, self.wanted.outputs
        if one.site and self.with_site:
            name = f"site/releases/{one.slug}"
            if outputs := self._in_the_newsroom(one, name):
                yield name, one.site, outputs

    def _in_the_newsroom(self, one: Reading, name: str) -> tuple[str, ...]:
        """What is due of a release's page, PDF and card.

        Where others are asked for by name, a page that says what it should stays, though settings or templates are
        newer, and one that is not there yet waits for a build of everything.
        """
        # A PDF that is there already must not say something else than its page.
        with_pdf = PDF in self.wanted.outputs or self.shelf.has(name, PDF)
        whole = (WEB, PDF, CARD) if with_pdf and one.status != Status.KILLED else (WEB, CARD)
        if self._is_wanted(one.slug):
            return whole
        if not self.shelf.has(name, WEB):
            return ()
        if self.shelf.says(name, WEB, one.site):
            return (CARD,)
        return whole if self.shelf.has(name, PDF) else (WEB, CARD)

    def _waiting(self) -> list[str]:
        """Releases whose pages a build of everything would make anew."""
        others = [one for one in self.readings.values() if one.site and not self._is_wanted(one.slug)]
        stale = [
            one.slug for one in others if self.shelf.stale(f"site/releases/{one.slug}", self.keys.of((WEB,), one.site))
        ]
        return sorted(stale)

    def _is_wanted(self, slug: str) -> bool:
        return self.wanted.slugs is None or slug in self.wanted.slugs

    def _is_due(self, one: Reading) -> bool:
        return any(self.shelf.stale(name, self.keys.of(outputs, state)) for name, state, outputs in self._places(one))

    def _render(self, ahead: list[str]) -> None:
        saved = time.monotonic()
        tasks = self._tasks(sorted(ahead, key=self._size, reverse=True))
        for many, answers in enumerate(fulfilled(self.office, tasks, self.wanted.jobs), 1):
            for done in answers:
                self._note(done)
            self.watch(many, len(ahead))
            if time.monotonic() - saved > _SAVE_EVERY:
                self.cache.save()
                saved = time.monotonic()

    def _size(self, slug: str) -> int:
        """How heavy a release is, by the length of its text."""
        name = self.reader.names.get(slug, "").split(SEPARATOR)[0]
        try:
            return (self.office.root / name).stat().st_size if name else 0
        except OSError:
            return 0

    def _tasks(self, slugs: list[str]) -> Iterator[Task]:
        """Read one after the other, and say what is to be rendered of each."""
        for slug in slugs:
            read = self.reader.read(slug)
            self.readings[slug] = read.reading
            self.cache.put_reading(read.reading)
            orders = [order for order in self.orders(read) if order.outputs]
            self._gather(read, orders)
            self.waiting |= {order.name: order for order in orders}
            yield orders

    def orders(self, read: Read) -> Iterator[Order]:
        """Where a release belongs, and which of its outputs are not there as they should be."""
        for name, state, outputs in self._places(read.reading):
            shown = read.kit if name.startswith("press/") else read.site
            assert isinstance(shown, Presentation)
            keys = self.keys.of(outputs, state)
            stale = self.shelf.stale(name, keys)
            current = tuple(output for output in outputs if output not in stale)
            folder = self.wanted.folder / name
            yield Order(name=name, folder=folder, shown=shown, outputs=stale, keys=keys, current=current)

    def _gather(self, read: Read, orders: list[Order]) -> None:
        """What is said of a release that was read."""
        one = read.reading
        if not (self.reader.is_on_desk(one.slug) and self._is_wanted(one.slug)):
            return
        due = next((order.outputs for order in orders if order.name == f"press/{one.slug}"), ())
        self._report(one, due, read.problems)

    def _leave(self, one: Reading) -> None:
        """A release that nothing was done about."""
        if one.texts and self._is_wanted(one.slug):
            self._report(one, (), [])

    def _report(self, one: Reading, due: tuple[str, ...], problems: list[Problem]) -> None:
        status = Status.SENT if one.status == Status.APPROVED and (one.slug, one.ordinal) in self.sent else one.status
        built = self.kits[one.slug] = Built(slug=one.slug, status=status, problems=problems, folder=self.wanted.folder)
        if not one.kit:
            return
        built.rendered = list(due)
        built.unchanged = [output for output in self.wanted.outputs if output not in due]

    def _note(self, done: Done) -> None:
        """Keep what a process answered."""
        order = self.waiting.pop(done.name)
        if done.message:
            self._failed(order, done)
            return
        if done.card:
            self.shelf.put_card(order, done.card)
        self.shelf.put(order, done.files)

    def _failed(self, order: Order, done: Done) -> None:
        if done.store_failed:
            raise Refused(done)
        assert done.message
        slug = order.shown.release.slug
        path = self.office.name_of(order.shown.release.path)
        problem = Problem(path=path, rule="render", message=done.message)
        if order.name.startswith("site/"):
            self.build.site_problems.append(problem)
            self.failed.add(slug)
        else:
            built = self.kits[slug]
            built.problems.append(problem)
            built.rendered, built.unchanged = [], []


def _is_ours(office: Office, folder: Path) -> bool:
    """Whether press/ and site/ there are this office's alone, whatever the cache still knows of them.

    In a folder elsewhere, or behind a link, that was empty of both when the first build came, it left its name.
    """
    if folder == office.dist and not folder.is_symlink():
        return True
    name, mark = f"{office.settings.office.name}\n", folder / MARK
    if not any((folder / place).exists() for place in ("press", "site")):
        write_text(mark, name)
        return True
    try:
        return mark.read_text("utf-8") == name
    except (OSError, UnicodeDecodeError):
        return False


class Refused(Refusal):
    """A worker could not write; the build stops with its sentence."""

    exit_code = UNUSABLE

    def __init__(self, done: Done) -> None:
        assert done.message
        super().__init__(done.message, done.hint)
