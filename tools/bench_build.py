"""Measures how fast comsoc builds, side by side with others, and writes the table of docs/benchmarks.md.

make bench-build, or: .venv/bin/python tools/bench_build.py [--quick] [--repeat K] [--only pages,many,pdfs,help]
tools/bench-setup installs what it needs.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.generators import for_hugo, for_pelican, write
from bench.office import COMSOC
from bench.page import ROOT, Goal, goals_table, megabytes, rewrite, table
from bench.processes import Ended, complete, timed
from bench.releases import an_office, correct_one, pdf_sources, texts

from comsoc_cli.model.settings import Identity
from comsoc_cli.rendering.identity import identity_view
from comsoc_cli.rendering.templates import Templates

PARTS = ("pages", "many", "pdfs", "help")
OTHERS = ROOT / ".venv-bench" / "bin"
FEW, MANY, PDFS = 1_000, 10_000, 100
QUICKER = 20  # a quick run makes so many times fewer
TYPER = "import typer\napp = typer.Typer()\n@app.command()\ndef main() -> None: pass\napp()\n"


class Bench:
    """One run of the command: its folder, how many times fewer pages it makes, and how often."""

    def __init__(self, folder: Path, quicker: int, repeat: int) -> None:
        self.folder = folder
        self.quicker = quicker
        self.repeat = repeat
        self.goals: list[Goal] = []

    def pages(self) -> str:
        """A thousand pages, from nothing."""
        many = FEW // self.quicker
        office = an_office(self.folder / "office", many)
        hugo = for_hugo(self.folder / "hugo", texts(many), _style())
        pelican = for_pelican(self.folder / "pelican", texts(many))
        ours, theirs = [], []
        for _ in range(self.repeat):
            ours.append(self.cold(office))
            theirs.append(self.hugo(hugo))
        words = [OTHERS / "pelican", "content", "-s", "settings.py", "-o", "output", "-q"]
        third = self.run("pelican", words, pelican)
        pdf_less = self.run("comsoc, nothing changed", [*COMSOC, "build", "--only", "web"], office)
        ratio = seconds(ours) / seconds(theirs)
        self.goals.append(Goal(f"{many:,} releases, cold: comsoc / Hugo", ratio, 8, 4, less_is_better=True))
        rows = [
            ["comsoc", *told(ours)],
            ["comsoc, nothing changed", *told([pdf_less])],
            ["Hugo", *told(theirs)],
            ["Pelican", *told([third])],
        ]
        return f"{many:,} releases, web only:\n\n" + table(_HEAD, rows)

    def many(self) -> str:
        """Ten thousand pages: from nothing, with nothing changed, with one changed."""
        many = MANY // self.quicker
        office = an_office(self.folder / "office", many)
        hugo = for_hugo(self.folder / "hugo", texts(many), _style())
        cold = self.cold(office, family=True)
        same, edited, theirs = [], [], []
        for turn in range(self.repeat):
            theirs.append(self.hugo(hugo))
            same.append(self.run("comsoc, nothing changed", [*COMSOC, "build", "--only", "web"], office))
            correct_one(office, turn)
            edited.append(self.run("comsoc, one edited", [*COMSOC, "build", "--only", "web"], office))
        hugo_takes = seconds(theirs)
        what = f"{many:,} releases, "
        self.goals += [
            Goal(what + "nothing changed: / Hugo", seconds(same) / hugo_takes, 0.35, 0.1, less_is_better=True),
            Goal(what + "one edited: / Hugo", seconds(edited) / hugo_takes, 0.6, 0.25, less_is_better=True),
            Goal(what + "cold: memory of all processes", megabytes(cold.peak), 400, 200, " MB", less_is_better=True),
        ]
        rows = [
            ["comsoc, cold", *told([cold])],
            ["comsoc, nothing changed", *told(same)],
            ["comsoc, one edited", *told(edited)],
            ["Hugo, all of them again", *told(theirs)],
        ]
        return f"{many:,} releases, web only:\n\n" + table(_HEAD, rows)

    def pdfs(self) -> str:
        """A hundred PDFs, from nothing; the command is so slow that a tenth of them says enough."""
        many = PDFS // self.quicker
        office = an_office(self.folder / "office", many)
        ours = [self.run("comsoc", [*COMSOC, "build", "--only", "pdf", "--force"], office) for _ in range(self.repeat)]
        sample = pdf_sources(office, self.folder / "pdf", max(1, many // 10))
        theirs = []
        for path in sample:
            words = [OTHERS / "weasyprint", "-q", "--pdf-variant", "pdf/ua-1", "-u", ROOT / "templates/"]
            theirs.append(self.run("weasyprint", [*words, path, path.with_suffix(".pdf")], path.parent))
        one = seconds(theirs)
        self.goals.append(Goal(f"{many} PDFs: faster than weasyprint per file", one * many / seconds(ours), 10, 13))
        rows = [["comsoc", *told(ours)], ["weasyprint, one file", *told(theirs)]]
        return f"{many} PDFs:\n\n" + table(_HEAD, rows)

    def help(self) -> str:
        """How long until the program says something."""
        write(self.folder / "nothing.py", TYPER)
        ours, theirs = [], []
        for _ in range(5 * self.repeat):
            ours.append(self.run("comsoc --help", [*COMSOC, "--help"], self.folder))
            theirs.append(self.run("typer --help", [sys.executable, "nothing.py", "--help"], self.folder))
        ratio = seconds(ours) / seconds(theirs)
        self.goals.append(Goal("comsoc --help / an empty Typer program", ratio, 1.6, 1.2, less_is_better=True))
        rows = [["comsoc --help", *told(ours)], ["an empty Typer program", *told(theirs)]]
        return "The first word:\n\n" + table(_HEAD, rows)

    def cold(self, office: Path, *, family: bool = False) -> Ended:
        for name in ("dist", ".comsoc"):
            self.put_aside(office / name)
        return self.run("comsoc, cold", [*COMSOC, "build", "--only", "web"], office, family=family)

    def hugo(self, site: Path) -> Ended:
        self.put_aside(site / "public")
        return self.run("hugo", ["hugo", "--quiet"], site)

    def put_aside(self, made: Path) -> None:
        """Out of the way, and deleted at the end: file systems create files slowly while others are just gone."""
        if made.exists():
            aside = self.folder / "aside"
            aside.mkdir(exist_ok=True)
            made.rename(aside / f"{len(list(aside.iterdir()))}")

    def run(self, name: str, words: Sequence[str | Path], folder: Path, *, family: bool = False) -> Ended:
        ended = complete(timed(words, folder, family=family))
        took = f"{ended.seconds:.2f} s, {ended.busy:.2f} s of them busy, {megabytes(ended.peak):.0f} MB"
        print(f"  {name}: {took}", flush=True)
        return ended


_HEAD = ["", "runs", "seconds (median)"]


def seconds(runs: Sequence[Ended]) -> float:
    return median(one.seconds for one in runs)


def told(runs: Sequence[Ended]) -> list[str]:
    return [str(len(runs)), f"{seconds(runs):.2f}"]


def _style() -> str:
    """The page carries its style within itself, as comsoc's does."""
    office = identity_view(Identity())
    return Templates(None).render(
        "page.css", language="es", release="page.css", values={"office": {"identity": office}}
    )


def measure(quicker: int, repeat: int, parts: Sequence[str]) -> str:
    """Run what is asked for; the text that tells of it."""
    system = f"{platform.system()} {platform.machine()}"
    measured = [f"Machine: {os.cpu_count()} cores, {system}, Python {platform.python_version()}."]
    goals: list[Goal] = []
    for part in parts:
        print(part, flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
            bench = Bench(Path(folder), quicker, repeat)
            measured.append(getattr(bench, part)())
            goals += bench.goals
    return "\n\n".join([*measured, goals_table(goals)])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast comsoc builds, side by side with others.")
    parser.add_argument("--quick", action="store_true", help="few pages: to see that it works, not to measure")
    parser.add_argument("--repeat", type=int, default=3, metavar="K", help="runs of the fast contestants (3)")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS", help="some of " + ",".join(PARTS))
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    parts = asked.only.split(",")
    if not set(parts) <= set(PARTS):
        sys.exit(f"--only takes some of {','.join(PARTS)}")
    if not (shutil.which("hugo") and (OTHERS / "pelican").exists()):
        sys.exit("run tools/bench-setup first")
    measured = measure(QUICKER if asked.quick else 1, asked.repeat, parts)
    print(f"\n{measured}")
    if not asked.quick and set(parts) == set(PARTS):
        rewrite("make bench-build", measured)


if __name__ == "__main__":
    main()
