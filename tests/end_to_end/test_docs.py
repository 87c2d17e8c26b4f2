"""README and docs are true: every command in them is run, every option and setting is named in them."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.docs import PAGES, blocks
from support.offices import an_environment, lay_out

#: Commands that are not ours, or that .ci/run runs as they are.
ELSEWHERE = ("make demo", "make test", "make check", "sudo apt-get install", "pipx install", "pipx ensurepath")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_works(page: Path, tmp_path: Path) -> None:
    text = next(blocks(page, "markdown"), "")
    for line in (line for block in blocks(page, "sh") for line in block.splitlines()):
        if line.startswith(ELSEWHERE):
            continue
        assert line.startswith("comsoc "), f"{page.name} has a command that no test runs: {line}"
        if "send" in line and "--segment" in line:
            line += " --yes"  # nobody sits at this terminal
        done = subprocess.run(
            ["/bin/sh", "-c", line.replace("comsoc ", f"{sys.executable} -m comsoc_cli ", 1)],
            cwd=tmp_path, env=an_environment(), capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{line}: {done.stderr}"
        if line.startswith("comsoc new") and text:
            lay_out(tmp_path, {"releases/abre-la-biblioteca-de-guasave.md": text})
