"""comsoc build"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from comsoc_cli.cli import completion, counter
from comsoc_cli.cli.counter import clock, note, problem_json, problem_line
from comsoc_cli.cli.language import N_, tr

if TYPE_CHECKING:
    from comsoc_cli.model.problem import Problem
    from comsoc_cli.press.build import Build

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
    as_json: bool = counter.Json,
) -> None:
    """Render what changed."""
    from comsoc_cli.office.desk import find_slugs, read_desk
    from comsoc_cli.office.receipts import sent_by_receipts
    from comsoc_cli.office.vault import read_vault
    from comsoc_cli.press.build import Wanted, build
    from comsoc_cli.safeguards.standing import standings

    here = counter.of(context, as_json)
    began = time.monotonic()
    office = here.office()
    slugs = tuple(find_slugs(office, release)) if release else None
    desk = read_desk(office)
    wanted = Wanted(
        slugs=slugs,
        outputs=_outputs(only),
        folder=output.resolve() if output else office.dist,
        jobs=jobs or os.cpu_count() or 1,
        force=force,
    )
    with _progress(here) as watch:
        done = build(
            office,
            desk,
            standings(desk, read_vault(office)),
            wanted,
            now=clock(),
            sent=sent_by_receipts(office),
            watch=watch,
        )
    here.answer(_document(done, time.monotonic() - began))
    if not as_json:
        _show(done, time.monotonic() - began)
    if any(built.failed for built in done.releases) or done.site_problems:
        raise counter.stop(1)


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
        "seconds": round(seconds, 3),
    }


def _show(done: "Build", seconds: float) -> None:
    _show_problems(done)
    rendered = [built for built in done.releases if built.rendered]
    failed = [built for built in done.releases if built.failed]
    for built in rendered:
        print(f"{built.slug}  {', '.join(built.rendered)}")
    print(
        tr(
            "{rendered} releases rendered, {unchanged} unchanged, {failed} failed, in {seconds} s.",
            rendered=len(rendered),
            unchanged=len(done.releases) - len(rendered) - len(failed),
            failed=len(failed),
            seconds=f"{seconds:.1f}",
        )
    )
    if done.site:
        print(tr("Open {path}", path=done.site / "index.html"))


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
    """A bar on a terminal, silence elsewhere."""
    if not here.is_watched:
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(tr("Rendering")), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
