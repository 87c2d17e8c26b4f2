"""What is asked most often answers at once: nothing heavy is imported before it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.offices import an_environment

HEAVY = ("weasyprint", "sqlalchemy", "yagmail", "pydantic", "yaml", "jinja2", "markdown", "rich", "babel", "keyring")
PROBE = """
import json, sys
from comsoc_cli.cli.main import run
code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.split(".")[0] for name in sys.modules})]), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_help_and_version_import_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], cwd=tmp_path, env=an_environment(), capture_output=True, text=True
    )
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    assert not set(HEAVY) & set(modules)
