"""What a benchmark writes into its page: tables, and what was promised beside what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Goal:
    """What was promised of a number, and what is aimed at."""

    what: str
    found: float
    least: float
    aim: float | None
    unit: str = ""
    less_is_better: bool = False

    @property
    def met(self) -> bool:
        return self.found <= self.least if self.less_is_better else self.found >= self.least

    def row(self) -> list[str]:
        sign = "≤" if self.less_is_better else "≥"
        aim = "" if self.aim is None else f"{sign} {self.aim:g}{self.unit}"
        least = f"{sign} {self.least:g}{self.unit}"
        return [self.what, f"{self.found:.3g}{self.unit}", least, aim, "yes" if self.met else "no"]


def goals_table(goals: Sequence[Goal]) -> str:
    return "Goals:\n\n" + table(["", "found", "promised", "aim", "kept"], [goal.row() for goal in goals])


def megabytes(many: int) -> float:
    return many / 1_000_000


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that can be read as it is; all columns but the first hold numbers."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        numbers = (cell.strip().rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        return f"| {' | '.join([first, *numbers])} |"

    rule = "|".join(["-" * (widths[0] + 2), *(f"{'-' * (width + 1)}:" for width in widths[1:])])
    return "\n".join([line(head), f"|{rule}|", *(line(row) for row in rows)])


def rewrite(command: str, measured: str) -> None:
    """Put what a command measured between its two marks of the page."""
    begin, end = f"<!-- measured by {command}: begin -->", "<!-- measured: end -->"
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    if not found:
        raise SystemExit(f"{PAGE} has no line {begin}")
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n\n{measured}\n\n{end}{after}", encoding="utf-8")
