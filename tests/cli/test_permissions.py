"""What comsoc keeps for itself is readable by its owner, or by the group that shares the office, and by nobody else."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.offices import SEND, Layout, comsoc

from comsoc_cli.model import private


@pytest.fixture(autouse=True)
def an_open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    private._is_shared.cache_clear()
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    """The mode of everything in .comsoc and the outbox, and of the two."""
    places = [folder / ".comsoc", folder / "outbox"]
    found = [*places, *(path for place in places for path in place.rglob("*"))]
    return {path.relative_to(folder).as_posix(): mode(path) for path in found}


def work(folder: Path) -> None:
    assert comsoc(folder, "approve", "becas", "--yes").code == 0
    assert comsoc(folder, "build", "--only", "web").code == 0
    assert comsoc(folder, *SEND).code == 0


def test_ledger_key_cache_and_outbox_are_the_owners_alone(office: Layout) -> None:
    folder = office()
    work(folder)
    found = modes(folder)
    assert {".comsoc/ledger.db", ".comsoc/key", ".comsoc/build.db"} <= set(found)
    assert sum(name.startswith("outbox/new/") for name in found) == 3
    assert {name: oct(one) for name, one in found.items() if one & 0o077} == {}


@pytest.mark.parametrize("word", ["group", "true", "0660", "all"])
def test_where_git_shares_the_repository_the_group_reads_and_writes(office: Layout, word: str) -> None:
    folder = office()
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "config", "core.sharedRepository", word], check=True)
    work(folder)
    found = modes(folder)
    assert found[".comsoc"] == found["outbox"] == found["outbox/new"] == 0o2770
    kept = {name: one for name, one in found.items() if name.endswith((".db", "key", ".lock")) or "/new/" in name}
    assert set(kept.values()) == {0o660}
    assert not [line for line in comsoc(folder, "check").said.splitlines() if "chmod" in line]


@pytest.mark.parametrize("config", ["", "[core]\n\tsharedRepository = umask\n", "[core]\n\tsharedRepository = 0640\n"])
def test_other_words_share_nothing(tmp_path: Path, config: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text(config)
    assert private.file_mode(tmp_path / ".comsoc/ledger.db") == 0o600
    assert private.folder_mode(tmp_path / ".comsoc") == 0o700


def test_in_a_worktree_the_repositorys_own_settings_count(tmp_path: Path) -> None:
    (tmp_path / "main/.git/worktrees/w").mkdir(parents=True)
    (tmp_path / "main/.git/config").write_text("[core]\n\tsharedrepository = group\n")
    (tmp_path / "main/.git/worktrees/w/commondir").write_text("../..\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w/.git").write_text(f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    assert private.file_mode(tmp_path / "w/.comsoc/ledger.db") == 0o660


def test_what_was_open_is_closed_by_the_next_command_that_writes(office: Layout) -> None:
    folder = office()
    work(folder)
    (folder / ".comsoc").chmod(0o755)
    (folder / ".comsoc/ledger.db").chmod(0o644)
    assert comsoc(folder, *SEND).code == 0
    assert (mode(folder / ".comsoc"), mode(folder / ".comsoc/ledger.db")) == (0o700, 0o600)


def test_check_names_what_is_open_and_the_command_that_closes_it(office: Layout) -> None:
    folder = office()
    work(folder)
    message = next((folder / "outbox/new").iterdir())
    message.chmod(0o644)
    (folder / ".comsoc/ledger.db").chmod(0o664)
    found = [one for one in comsoc(folder, "check", "--json").json["problems"] if one["rule"] == "permissions"]
    assert [one["path"] for one in found] == [".comsoc/ledger.db", message.relative_to(folder).as_posix()]
    assert "chmod -R u=rwX,go= .comsoc" in found[0]["message"]
    assert "chmod -R u=rwX,go= outbox" in found[1]["message"]


def test_what_its_owner_may_not_do_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.touch(mode=0o444)
    private.narrow(file)
    assert mode(file) == 0o400
