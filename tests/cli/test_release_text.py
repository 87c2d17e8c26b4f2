"""One release's file: what it may say, and every problem of it in one reading, with its line."""

import json
import os
import subprocess
import sys
from pathlib import Path

from support.offices import ROOT, Layout
from support.release_text import a_text

# Files that were made to do harm

READ_IT = """
import resource, sys, json
resource.setrlimit(resource.RLIMIT_AS, (800_000_000, 800_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (4, 4))
from pathlib import Path
from comsoc_cli.checks.office import office_problems
from comsoc_cli.office.desk import read_desk
from comsoc_cli.office.settings import open_office
office = open_office(Path(sys.argv[1]))
problems = office_problems(office, read_desk(office))
print(json.dumps([[one.path, one.rule, str(one.message)] for one in problems]))
"""


def problems_within_limits(root: Path) -> list[list[str]]:
    """Every problem of an office, found by a process that may take 800 megabytes and four seconds."""
    done = subprocess.run(
        [sys.executable, "-c", READ_IT, str(root)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-600:]
    found: list[list[str]] = json.loads(done.stdout)
    return found


def multiplied(key: str) -> list[str]:
    """Lines of YAML in which `key` stands for ten thousand million words."""
    lines = ["a0: &a0 [ja, ja, ja, ja, ja, ja, ja, ja, ja, ja]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return [*lines, f"{key}: *a9"]


def test_releases_that_multiply_themselves_fill_no_memory(office: Layout) -> None:
    places = ("otra", "headline", "summary", "images", "event")
    files = {f"releases/{key}.md": a_text(*multiplied(key), "date: 2026-11-23") for key in places}
    assert {path for path, *_ in problems_within_limits(office(files))} >= set(files)


def test_contacts_that_multiply_themselves_fill_no_memory(office: Layout) -> None:
    root = office(
        {"contacts.yaml": "\n".join([*multiplied("otra"), "contacts:", "  - {email: a@x.example, tags: *a9}"])}
    )
    assert problems_within_limits(root)
