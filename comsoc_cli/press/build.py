"""The build: gather, judge, render what changed, write; kits for the desk, the public site from the vault."""

import contextlib
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from comsoc_cli.checks.releases import release_problems
from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.newsroom.site import LISTS, lists, public_revisions
from comsoc_cli.office.desk import Desk
from comsoc_cli.office.files import StoreUnusable
from comsoc_cli.office.folder import Office
from comsoc_cli.office.lock import held
from comsoc_cli.office.release_text import PLACEHOLDERS
from comsoc_cli.press.cache import BuildCache
from comsoc_cli.press.orders import EMAIL, OUTPUTS, PDF, WEB, Keys, Order
from comsoc_cli.press.work import Done, Press, fulfil, put, warm
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.safeguards.showing import approved_text, desk_text
from comsoc_cli.safeguards.standing import Standing

#: With fewer PDFs than this, starting worker processes takes longer than they save.
WORTH_WORKERS = 4

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
    outputs: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(problem.is_error for problem in self.problems)


@dataclass
class Build:
    """What a build did."""

    releases: list[Built] = field(default_factory=list)
    site: Path | None = None
    site_problems: list[Problem] = field(default_factory=list)


def build(
    office: Office,
    desk: Desk,
    standings: dict[str, Standing],
    wanted: Wanted,
    *,
    now: datetime,
    sent: Collection[tuple[str, int]] = (),
    watch: Watch = lambda done, total: None,
) -> Build:
    """Render what changed since the last build; raises StoreUnusable where nothing can be written.

    `sent` are the slugs and revisions that somebody has already.
    """
    with held(office.state / "build.lock", now, BuildRunning):
        return _Builder(office, desk, standings, wanted, now, sent, watch).run()


class _Builder:
    def __init__(
        self,
        office: Office,
        desk: Desk,
        standings: dict[str, Standing],
        wanted: Wanted,
        now: datetime,
        sent: Collection[tuple[str, int]],
        watch: Watch,
    ) -> None:
        self.office = office
        self.desk = desk
        self.standings = standings
        self.wanted = wanted
        self.now = now
        self.watch = watch
        self.sent = sent
        self.templates = Templates(office.templates)
        self.keys = Keys(office, self.templates)
        self.cache = BuildCache.load(office.state / "build.json")
        self.build = Build()

    def run(self) -> Build:
        with_site = WEB in self.wanted.outputs
        kits = {built.slug: built for built in self._gather()}
        kit_orders = {slug: self._kit_order(slug) for slug, built in kits.items() if not built.failed}
        site_orders = self._site_orders() if with_site else {}
        self._withdraw(site_orders, with_site)
        orders = [*kit_orders.values(), *site_orders.values()]
        before = {order.name: self.cache.files(order.name) for order in orders}
        due = {order.name: self._due(order) for order in orders}
        done = self._render([order for order in due.values() if order.outputs])
        self.cache.save()
        for slug, order in kit_orders.items():
            self._report(kits[slug], order, due[order.name], done.get(order.name))
        self.build.releases = list(kits.values())
        if with_site:
            self._finish_site(site_orders, done)
        for name, files in before.items():
            if not (name in done and done[name].message):
                self._sweep(name, files)
        self.cache.save()
        return self.build

    def _gather(self) -> Iterator[Built]:
        """The releases on the desk that were asked for, with what speaks against rendering them."""
        for slug, standing in self.standings.items():
            if not standing.on_desk or (self.wanted.slugs is not None and slug not in self.wanted.slugs):
                continue
            newest = standing.newest
            handed_over = newest is not None and (slug, newest.ordinal) in self.sent
            built = Built(slug=slug, status=standing.status(sent=handed_over))
            problems = list(self.desk.problems.get(slug, ()))
            if standing.desk:
                path = self.office.name_of(standing.desk.path)
                problems += release_problems(standing.desk, path=path, settings=self.office.settings)
            built.problems = [_in_a_build(problem) for problem in problems]
            yield built

    def _kit_order(self, slug: str) -> Order:
        shown = desk_text(self.standings[slug], settings=self.office.settings, now=self.now)
        return Order(
            name=f"press/{slug}",
            folder=self.wanted.folder / "press" / slug,
            shown=shown,
            outputs=self.wanted.outputs,
            key=self.keys.key(shown),
        )

    def _site_orders(self) -> dict[str, Order]:
        orders = {}
        for revision in public_revisions(self.standings, self.office.settings, self.now):
            standing = self.standings[revision.slug]
            shown = approved_text(standing, settings=self.office.settings, now=self.now)
            orders[revision.slug] = Order(
                name=f"site/releases/{revision.slug}",
                folder=self.wanted.folder / "site" / "releases" / revision.slug,
                shown=shown,
                outputs=(WEB, PDF),
                key=self.keys.key(shown),
            )
        return orders

    def _withdraw(self, site_orders: dict[str, Order], with_site: bool) -> None:
        """First of all, take away what must not be public any more, and kits of releases that are gone."""
        if with_site:
            self._remove_others("site/releases", set(site_orders))
        if self.wanted.slugs is None:
            self._remove_others("press", {slug for slug, one in self.standings.items() if one.on_desk})
        for name in list(self.cache.entries):
            if not Path(self.cache.entries[name].get("folder", "")).is_dir():
                del self.cache.entries[name]

    def _remove_others(self, place: str, wanted: set[str]) -> None:
        """Take away releases that have no business there; in a folder that is not ours only what a build wrote."""
        folder = self.wanted.folder / place
        if not folder.is_dir():
            return
        ours = self.wanted.folder == self.office.dist
        for path in sorted(folder.iterdir()):
            written = self.cache.entries.get(f"{place}/{path.name}", {}).get("folder") == str(path)
            if path.name in wanted or not (ours or written):
                continue
            try:
                if place.startswith("site"):
                    self._unlist()
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            except OSError as fault:
                raise StoreUnusable(path, fault) from None

    def _unlist(self) -> None:
        """Lists and feeds go before what they name; they are made anew at the end."""
        for name in LISTS:
            (self.wanted.folder / "site" / name).unlink(missing_ok=True)

    def _due(self, order: Order) -> Order:
        """The order without what is as it should be."""
        if self.wanted.force:
            return order
        stale = [one for one in order.outputs if not self.cache.is_current(order.name, one, order.key, order.folder)]
        return replace(order, outputs=tuple(stale))

    def _render(self, orders: Sequence[Order]) -> dict[str, Done]:
        done: dict[str, Done] = {}
        by_name = {order.name: order for order in orders}
        for answer in _fulfilled(self.office, orders, self.wanted.jobs):
            done[answer.name] = answer
            order = by_name[answer.name]
            for output, files in answer.files.items():
                self.cache.put(order.name, order.folder, output, order.key, files)
            self.watch(len(done), len(orders))
            if answer.store_failed and answer.message:
                raise Refused(answer)
        return done

    def _report(self, built: Built, order: Order, due: Order, done: Done | None) -> None:
        if done and done.message:
            path = self.office.name_of(order.shown.release.path)
            built.problems.append(Problem(path=path, rule="render", message=done.message))
            return
        built.rendered = list(due.outputs)
        built.unchanged = [output for output in order.outputs if output not in due.outputs]
        names = {
            "web": (WEB, "index.html"),
            "pdf": (PDF, f"{built.slug}.pdf"),
            "email_html": (EMAIL, "email.html"),
            "email_text": (EMAIL, "email.txt"),
            "email": (EMAIL, "email.eml"),
        }
        built.outputs = {key: order.folder / file for key, (output, file) in names.items() if output in order.outputs}

    def _finish_site(self, orders: dict[str, Order], done: dict[str, Done]) -> None:
        """Lists and feeds last, so that they never name what is not there."""
        site = self.wanted.folder / "site"
        good = {}
        for slug, order in orders.items():
            answer = done.get(order.name)
            if answer and answer.message:
                path = self.office.name_of(order.shown.release.path)
                self.build.site_problems.append(Problem(path=path, rule="render", message=answer.message))
            else:
                good[slug] = order.shown
        for name, data in lists(self.office.settings, self.templates, list(good.values())):
            put(site / name, data)
        self.build.site = site

    def _sweep(self, name: str, before: set[str]) -> None:
        """Take away files that an order no longer writes, such as a picture that was dropped.

        In a folder that is not ours, only those that an earlier build wrote.
        """
        entry = self.cache.entries.get(name)
        if not entry:
            return
        folder, files = Path(entry["folder"]), self.cache.files(name)
        for path in sorted(folder.rglob("*"), reverse=True):
            shown = path.relative_to(folder).as_posix()
            ours = shown in before or self.wanted.folder == self.office.dist
            if path.is_file() and shown not in files and ours:
                path.unlink()
            elif path.is_dir():
                with contextlib.suppress(OSError):
                    path.rmdir()


class Refused(Refusal):
    """A worker could not write; the build stops with its sentence."""

    exit_code = UNUSABLE

    def __init__(self, done: Done) -> None:
        assert done.message
        super().__init__(done.message, done.hint)


def _fulfilled(office: Office, orders: Sequence[Order], jobs: int) -> Iterator[Done]:
    """The answers as they come; heavy work in warm processes where it is worth their start."""
    heavy = sum(1 for order in orders if PDF in order.outputs)
    workers = min(jobs, heavy)
    if workers < 2 or heavy < WORTH_WORKERS:
        press = Press(office.settings, office.templates)
        yield from (press.fulfil(order) for order in orders)
        return
    # Heaviest first, so that no process is left alone with the longest text.
    ordered = sorted(orders, key=lambda order: len(order.shown.release.body), reverse=True)
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=warm, initargs=(office.settings, office.templates)
    )
    with pool:
        try:
            for future in as_completed([pool.submit(fulfil, order) for order in ordered]):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _in_a_build(problem: Problem) -> Problem:
    """Missing pictures are placeholders in a build; they hold an approval only."""
    return replace(problem, severity=Severity.WARNING) if problem.is_error and problem.rule in PLACEHOLDERS else problem
