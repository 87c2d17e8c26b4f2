"""comsoc build"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, note, problem_json, problem_line, put
from comsoc_cli.cli.display import moving_bar, time_left
from comsoc_cli.cli.interruption import stop_if_asked
from comsoc_cli.cli.language import N_, figure, told, tr
from comsoc_cli.cli.terminal import shown

if TYPE_CHECKING:
    from comsoc_cli.model.problem import Problem
    from comsoc_cli.office.folder import Office
    from comsoc_cli.press.build import Build, Wanted

WARNINGS_SHOWN = 10


def command(
    context: typer.Context,
    release: list[str] = typer.Argument(
        None,
        metavar="RELEASE",
        autocompletion=completion.slugs,
        help=N_("Slugs or paths; every release if nothing is said."),
    ),
    only: str = typer.Option("", "--only", metavar="web,pdf,email", help=N_("Only these outputs.")),
    output: Path | None = typer.Option(None, "--output", metavar="DIR", help=N_("Where to write instead of dist/.")),
    jobs: int = typer.Option(
        0,
        "--jobs",
        metavar="N",
        help=N_("How many processes; as many as there are cores if nothing is said."),
    ),
    force: bool = typer.Option(False, "--force", help=N_("Render everything anew.")),
    why: bool = typer.Option(
        False, "--explain", help=N_("Build nothing; say of each output why it would be rendered, or not.")
    ),
    as_json: bool = counter.Json,
) -> None:
    """Render what changed."""
    from comsoc_cli.office.desk import find_slugs
    from comsoc_cli.office.receipts import sent_by_receipts
    from comsoc_cli.press.build import Wanted, build

    here = counter.of(context, as_json)
    began = time.monotonic()
    office = here.office()
    _warn_of_unanswered_blackouts(office)
    slugs = tuple(find_slugs(office, release)) if release else None
    wanted = Wanted(
        slugs=slugs,
        outputs=_outputs(only),
        folder=output.resolve() if output else office.dist,
        jobs=jobs or os.cpu_count() or 1,
        force=force,
    )
    if why:
        _explain(here, office, wanted)
        return
    with _progress(here) as watch:
        done = build(office, wanted, now=clock(), sent=sent_by_receipts(office), watch=watch)
    if as_json:
        here.answer(_document(done, time.monotonic() - began))
    else:
        _show(done, time.monotonic() - began, by_name=bool(wanted.slugs))
    if any(built.failed for built in done.releases) or done.site_problems:
        raise counter.stop(1)


def _explain(here: counter.Counter, office: "Office", wanted: "Wanted") -> None:
    """In words, why each output of the releases that were named would be rendered or not."""
    from comsoc_cli.press.explain import explain

    if not wanted.slugs:
        raise typer.BadParameter(tr("name the release: comsoc build --explain RELEASE"), param_hint="--explain")
    found = [(slug, one) for slug in wanted.slugs for one in explain(office, slug, wanted, now=clock())]
    here.answer(
        {
            "explanations": [
                {
                    "release": slug,
                    "place": one.place,
                    "output": one.output,
                    "rendered": one.rendered,
                    "reasons": [told(reason) for reason in one.reasons],
                }
                for slug, one in found
            ]
        }
    )
    if here.as_json:
        return
    for _, one in found:
        state = tr("would be rendered") if one.rendered else tr("unchanged") if one.output else tr("not there")
        reasons = "; ".join(told(reason) for reason in one.reasons)
        what = f"{one.place}  {one.output}" if one.output else one.place
        put(shown(f"{what}  {state}: {reasons}"))


def _warn_of_unanswered_blackouts(office: "Office") -> None:
    """A period that lasts now and does not say whether the site hides what was public before: it is hidden."""
    names = [one.name for one in office.settings.blackouts if one.hide_site is None and one.covers(clock())]
    for name in names:
        words = N_(
            "while “{name}” lasts, the site hides what was public before: hide_site has no answer in comsoc.toml."
        )
        note(tr("Warning: {message}", message=tr(words, name=name)))


def _outputs(only: str) -> tuple[str, ...]:
    known = ("web", "pdf", "email")
    names = [name.strip() for name in only.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise typer.BadParameter(
                tr("“{found}” is none of {known}", found=name, known=", ".join(known)), param_hint="--only"
            )
    return tuple(name for name in known if name in names) or known


def _document(done: "Build", seconds: float) -> dict[str, Any]:
    return {
        "releases": [
            {
                "slug": built.slug,
                "status": built.status,
                "rendered": built.rendered,
                "unchanged": built.unchanged,
                "outputs": {name: str(path) for name, path in built.outputs.items()},
                "problems": [problem_json(problem) for problem in built.problems],
            }
            for built in done.releases
        ],
        "site": str(done.site) if done.site else None,
        "waiting": done.waiting,
        "seconds": round(seconds, 3),
    }


def _show(done: "Build", seconds: float, *, by_name: bool) -> None:
    _show_problems(done)
    rendered = [built for built in done.releases if built.rendered]
    failed = [built for built in done.releases if built.failed]
    for built in rendered:
        put(shown(f"{built.slug}  {', '.join(built.rendered)}"))
    put(
        tr(
            "{rendered} releases rendered, {unchanged} unchanged, {failed} failed, in {seconds} s.",
            rendered=len(rendered),
            unchanged=len(done.releases) - len(rendered) - len(failed),
            failed=len(failed),
            seconds=f"{seconds:.1f}",
        )
    )
    if done.waiting:
        many = len(done.waiting)
        put(tr("{many} other pages of the newsroom are not up to date: comsoc build", many=many))
    if page := _to_open(done, by_name=by_name):
        put(tr("Open {path}", path=page))


def _to_open(done: "Build", *, by_name: bool) -> Path | None:
    """What a person wants to see now: the release that was named, else the newsroom, unless it is empty."""
    pages = [built.outputs["web"] for built in done.releases if "web" in built.outputs]
    if done.site and (done.site / "releases").is_dir() and not by_name:
        return done.site / "index.html"
    return pages[0] if pages else done.site and done.site / "index.html"


def _show_problems(done: "Build") -> None:
    """Every error, and a few warnings: who reads a hundred reads none."""
    warnings: list[Problem] = []
    for problem in [*(problem for built in done.releases for problem in built.problems), *done.site_problems]:
        if problem.is_error:
            note(problem_line(problem))
        else:
            warnings.append(problem)
    for problem in warnings[:WARNINGS_SHOWN]:
        note(problem_line(problem))
    if len(warnings) > WARNINGS_SHOWN:
        note(tr("… and {many} more warnings: comsoc check", many=len(warnings) - WARNINGS_SHOWN))


@contextmanager
def _progress(here: counter.Counter) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, silence elsewhere; after each release a build may be interrupted."""
    if not here.is_watched:
        yield lambda done, total: stop_if_asked()
        return
    with moving_bar(tr("Rendering")) as show_bar:
        began = time.monotonic()

        def show(done: int, total: int) -> None:
            stop_if_asked()
            rate = done / max(0.001, time.monotonic() - began)
            speed = f"{rate:,.0f}/s" if rate >= 1 else tr("{rate} a minute", rate=f"{rate * 60:.0f}")
            many = tr("{done} of {planned}", done=figure(done), planned=figure(total))
            words = " · ".join(part for part in (many, speed, time_left(total - done, rate)) if part)
            show_bar(done, total, words)

        yield show
