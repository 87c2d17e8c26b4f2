"""Asking git's remote before a send: nobody is asked, it ends in time, and only what is not here is told."""

import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.offices import an_environment

from comsoc_cli.office import upstream
from comsoc_cli.office.upstream import Fetched, fetch

PATHS = ("dispatches", "contacts.yaml", "approved/becas")


def git(folder: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        env=an_environment(GIT_COMMITTER_NAME="Ana Ruiz", EMAIL="ana@sinaloa.example", **environment),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def asked(folder: Path, *paths: str, **environment: str) -> Fetched | None:
    return fetch(folder, paths or PATHS, an_environment(**environment))


def push(folder: Path, who: str = "Bea Solís", **files: str) -> None:
    """A colleague commits files, "/" written as "__", and pushes them."""
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "x", GIT_AUTHOR_NAME=who)
    git(folder, "push", "--quiet", "origin", "HEAD:main")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two clones of one repository, one file in it: mine and a colleague's."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "server")
    git(tmp_path, "clone", "--quiet", "server", "hers")
    git(tmp_path / "hers", "checkout", "--quiet", "-b", "main")
    push(tmp_path / "hers", **{"contacts.yaml": ""})
    git(tmp_path, "clone", "--quiet", "server", "mine")
    return tmp_path / "mine", tmp_path / "hers"


def test_what_a_colleague_pushed_is_told_with_its_author(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, "Bea Solís", dispatches__one="1")
    push(hers, "Carlos Paz", dispatches__two="2", releases__other="x")
    found = asked(mine)
    assert found == Fetched(missing=("dispatches/two", "dispatches/one"), authors=("Carlos Paz", "Bea Solís"))
    git(mine, "pull", "--quiet")
    assert asked(mine) == Fetched()


def test_what_does_not_matter_to_the_send_is_not_told(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, releases__becas="x", approved__luz__r1="x", approved__becas_2__r1="x")
    assert asked(mine) == Fetched()


def test_what_is_only_here_is_not_told(two: tuple[Path, Path]) -> None:
    mine, _ = two
    (mine / "dispatches").mkdir()
    (mine / "dispatches/one").write_text("1", encoding="utf-8")
    git(mine, "add", "--all")
    git(mine, "commit", "--quiet", "-m", "mine")
    assert asked(mine) == Fetched()


def test_what_both_have_by_different_commits_is_here(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, dispatches__one="1")
    (mine / "dispatches").mkdir()
    (mine / "dispatches/one").write_text("1", encoding="utf-8")
    git(mine, "add", "--all")
    git(mine, "commit", "--quiet", "-m", "the same, copied by hand")
    assert asked(mine) == Fetched()


def test_a_merge_of_a_colleague_is_told_by_what_it_brings(two: tuple[Path, Path]) -> None:
    mine, hers = two
    git(hers, "checkout", "--quiet", "-b", "other")
    (hers / "dispatches").mkdir()
    (hers / "dispatches/one").write_text("1", encoding="utf-8")
    git(hers, "add", "--all")
    git(hers, "commit", "--quiet", "-m", "one")
    git(hers, "checkout", "--quiet", "main")
    push(hers, releases__x="x")
    git(hers, "merge", "--quiet", "--no-ff", "-m", "merge", "other")
    git(hers, "push", "--quiet")
    found = asked(mine)
    assert found
    assert found.missing == ("dispatches/one",)


def test_an_office_in_a_folder_of_the_repository_names_its_own_paths(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, prensa__keep="")
    git(mine, "pull", "--quiet")
    push(hers, prensa__dispatches__one="1", dispatches__of_others="2")
    found = asked(mine / "prensa")
    assert found
    assert found.missing == ("dispatches/one",)


def test_a_shallow_clone_is_told_the_same(two: tuple[Path, Path], tmp_path: Path) -> None:
    _, hers = two
    push(hers, releases__x="1")
    git(tmp_path, "clone", "--quiet", "--depth=1", (tmp_path / "server").as_uri(), "shallow")
    assert asked(tmp_path / "shallow") == Fetched()
    push(hers, dispatches__one="1")
    found = asked(tmp_path / "shallow")
    assert found
    assert (found.failure, found.missing) == ("", ("dispatches/one",))


def test_a_history_that_was_written_anew_is_told_by_what_differs(two: tuple[Path, Path]) -> None:
    mine, hers = two
    git(hers, "commit", "--quiet", "--amend", "-m", "another")
    git(hers, "push", "--quiet", "--force")
    assert asked(mine) == Fetched()


# Where there is nothing to ask


def test_without_a_remote_nothing_is_asked(tmp_path: Path) -> None:
    assert asked(tmp_path) is None
    git(tmp_path, "init", "--quiet")
    assert asked(tmp_path) is None
    git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "x")
    assert asked(tmp_path) is None


def test_where_no_branch_follows_any_nothing_is_asked(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, dispatches__one="1")
    git(mine, "branch", "--unset-upstream")
    assert asked(mine) is None


def test_a_branch_that_follows_none_and_a_detached_head_ask_what_main_follows(two: tuple[Path, Path]) -> None:
    mine, hers = two
    push(hers, dispatches__one="1")
    missing = Fetched(missing=("dispatches/one",), authors=("Bea Solís",), pull="git pull origin main")
    git(mine, "checkout", "--quiet", "-b", "trial", "--no-track")
    assert asked(mine) == missing
    git(mine, "checkout", "--quiet", "--detach")
    assert asked(mine) == missing
    git(mine, *missing.pull.split()[1:], "--quiet")
    assert asked(mine) == Fetched(pull="git pull origin main")


def test_a_clone_of_an_empty_repository_asks_and_hears_of_the_first_push(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "server")
    for name in ("mine", "hers"):
        git(tmp_path, "clone", "--quiet", "server", name)
        git(tmp_path / name, "symbolic-ref", "HEAD", "refs/heads/main")
        git(tmp_path / name, "config", "branch.main.remote", "origin")
        git(tmp_path / name, "config", "branch.main.merge", "refs/heads/main")
    assert asked(tmp_path / "mine") == Fetched()
    push(tmp_path / "hers", dispatches__one="1", releases__x="x")
    assert asked(tmp_path / "mine") == Fetched(missing=("dispatches/one",))


def test_one_process_is_all_that_an_office_without_remote_costs(
    tmp_path: Path,
) -> None:
    git(tmp_path, "init", "--quiet")
    trace = tmp_path / "trace"
    assert asked(tmp_path, GIT_TRACE=str(trace)) is None
    started = [line for line in trace.read_text(encoding="utf-8").splitlines() if "built-in: git" in line]
    assert len(started) == 1


def test_a_machine_without_git_asks_nothing(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    mine, _ = two
    monkeypatch.setenv("PATH", "/nowhere")
    assert fetch(mine, PATHS, {"PATH": "/nowhere"}) is None


# Where the remote does not answer


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "_FOR_THE_REMOTE", 0.6)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("scheme", ["git", "http", "ssh"])
def test_a_remote_that_never_answers_is_given_up(two: tuple[Path, Path], silent: int, scheme: str) -> None:
    mine, _ = two
    git(mine, "remote", "set-url", "origin", f"{scheme}://127.0.0.1:{silent}/prensa.git")
    found = asked(mine)
    assert found
    assert found.failure == "timeout" or (scheme == "ssh" and found.failure)  # a machine may have no ssh
    assert not list((mine / ".git").rglob("*.lock"))


@pytest.mark.usefixtures("hurried")
def test_a_helper_that_hangs_is_ended_with_all_that_it_started(two: tuple[Path, Path], tmp_path: Path) -> None:
    mine, _ = two
    helper, pid = tmp_path / "helper", tmp_path / "pid"
    helper.write_text(f"#!/bin/sh\ntrap '' TERM\necho $$ > {pid}\nsleep 60\n", encoding="utf-8")
    helper.chmod(0o755)
    git(mine, "config", "protocol.ext.allow", "always")
    git(mine, "remote", "set-url", "origin", f"ext::{helper}")
    found = asked(mine)
    assert found == Fetched(failure="timeout")
    stat = Path("/proc") / pid.read_text(encoding="utf-8").strip() / "stat"
    assert not stat.exists() or ") Z " in stat.read_text(encoding="utf-8"), "it lives, and nobody waits for it"


def test_what_git_knew_before_is_told_where_the_remote_is_gone(two: tuple[Path, Path], tmp_path: Path) -> None:
    mine, hers = two
    push(hers, dispatches__one="1")
    git(mine, "fetch", "--quiet")
    (tmp_path / "server").rename(tmp_path / "away")
    assert asked(mine) == Fetched(failure="unreachable", missing=("dispatches/one",), authors=("Bea Solís",))


@pytest.fixture
def closed_door() -> Iterator[int]:
    """The port of a web server that wants a password from everybody."""

    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="prensa"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Not to the test's output."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_server_that_wants_a_password_gets_none_and_asks_nobody(
    two: tuple[Path, Path], tmp_path: Path, closed_door: int
) -> None:
    mine, _ = two
    asks = tmp_path / "asks"
    asks.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-asked\necho secreto\n", encoding="utf-8")
    asks.chmod(0o755)
    git(mine, "config", "core.askPass", str(asks))
    git(mine, "remote", "set-url", "origin", f"http://127.0.0.1:{closed_door}/prensa.git")
    assert asked(mine, GIT_ASKPASS=str(asks), SSH_ASKPASS=str(asks)) == Fetched(failure="login")
    assert not (tmp_path / "was-asked").exists()


@pytest.mark.parametrize(
    ("environment", "configured", "command"),
    [
        ({}, "", "ssh -o BatchMode=yes -o ConnectTimeout=8"),
        ({}, "ssh -i llave", "ssh -i llave -o BatchMode=yes -o ConnectTimeout=8"),
        ({"GIT_SSH_COMMAND": "ssh -p 2222"}, "ssh -i x", "ssh -p 2222 -o BatchMode=yes -o ConnectTimeout=8"),
        ({"GIT_SSH": "/opt/mi ssh"}, "", "'/opt/mi ssh' -o BatchMode=yes -o ConnectTimeout=8"),
        ({"GIT_SSH": "/opt/plink"}, "", "/opt/plink -batch"),
    ],
)
def test_the_offices_own_ssh_is_used_and_told_to_ask_nobody(
    environment: dict[str, str], configured: str, command: str
) -> None:
    assert upstream._ssh(environment, configured) == command
