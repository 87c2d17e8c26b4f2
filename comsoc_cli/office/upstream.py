"""What colleagues have pushed: asks git's remote, without a question to anybody and for ten seconds at most."""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

#: Seconds for everything that is asked of git before a send.
MOST_SECONDS = 10.0
_FOR_THE_REMOTE = 8.0  #: of these, how many may pass until the remote has answered
_TO_END = 0.5  #: and in how many git may take its lock files away when it is ended
_SETTINGS = r"^(branch\..*\.(remote|merge)|remote\..*\.url|core\.sshcommand)$"
#: Why a fetch failed; receipts and JSON use these words.
TIMEOUT, LOGIN, UNREACHABLE, OTHER = "timeout", "login", "unreachable", "other"
_SAID: dict[str, tuple[str, ...]] = {
    LOGIN: (
        "terminal prompts disabled",
        "could not read username",
        "could not read password",
        "authentication failed",
        "permission denied",
        "host key verification",
        "access denied",
        "returned error: 401",
        "returned error: 403",
    ),
    UNREACHABLE: (
        "could not resolve",
        "timed out",
        "connection refused",
        "connection reset",
        "connection closed",
        "no route to host",
        "network is unreachable",
        "failed to connect",
        "couldn't connect",
        "unable to connect",
        "does not appear to be a git",
        "not found",
        "does not exist",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """The branch of a remote that is asked."""

    remote: str
    branch: str  #: its full name there: "refs/heads/main"
    is_own: bool  #: whether the current branch follows it
    ssh: str = ""  #: the office's own core.sshCommand

    @property
    def pull(self) -> str:
        """The command that brings it here."""
        return "git pull" if self.is_own else f"git pull {self.remote} {self.branch.removeprefix('refs/heads/')}"


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What asking the remote came to."""

    failure: str = ""  #: empty: it answered; else one of the reasons above
    missing: tuple[str, ...] = ()  #: paths, relative to the office, of what was pushed and is not here
    authors: tuple[str, ...] = ()  #: who committed it, newest first
    pull: str = "git pull"  #: the command that brings what is missing


def fetch(folder: Path, paths: Sequence[str], environment: Mapping[str, str]) -> Fetched | None:
    """Asks the remote what colleagues pushed; None where no branch follows any.

    `folder` is the office, `paths` are those of it that matter. Where the remote does not answer, what git knew of it
    before is judged. Nothing of the branch or of the files here is changed.
    """
    git = _Git(folder, environment)
    known = git.ask("config", "-z", "--get-regexp", _SETTINGS)
    settings = dict(one.partition("\n")[::2] for one in known.text.split("\0") if one)
    if known.code > 1:  # 1: there is no such setting; more: git refuses the folder, or is in pieces
        return Fetched(failure=OTHER)
    if not any(name.endswith(".merge") for name in settings):
        return None
    upstream = _upstream(settings, git.ask("symbolic-ref", "--quiet", "--short", "HEAD").text.strip())
    if upstream is None:
        return None
    done = git.ask(
        *("-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "credential.interactive=false"),
        *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--", upstream.remote, upstream.branch),
        ssh=upstream.ssh,
        within=_FOR_THE_REMOTE,
    )
    failure = "" if done.code == 0 or _is_not_there_yet(done.errors) else _reason(done)
    missing, authors = _not_here(git, paths, fresh=done.code == 0)
    return Fetched(failure=failure, missing=missing, authors=authors, pull=upstream.pull)


def _upstream(settings: Mapping[str, str], branch: str) -> Upstream | None:
    """What a branch follows; for one that follows nothing, or a detached HEAD, what main or another branch follows.

    None where no branch follows any.
    """
    following = [name[len("branch.") : -len(".merge")] for name in settings if name.endswith(".merge")]
    for name in (branch, "main", "master", *sorted(following)):
        remote, there = settings.get(f"branch.{name}.remote"), settings.get(f"branch.{name}.merge")
        if name and remote and there:
            ssh = settings.get("core.sshcommand", "")
            return Upstream(remote=remote, branch=there, is_own=name == branch, ssh=ssh)
    return None


def _not_here(git: "_Git", paths: Sequence[str], *, fresh: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paths that the upstream has otherwise than HEAD because of commits that are not here, and who made these."""
    candidates = ("@{upstream}", "FETCH_HEAD") if fresh else ("@{upstream}",)
    theirs = next((found for name in candidates if (found := git.commit(name))), "")
    if not theirs:
        return (), ()
    if not git.commit("HEAD"):  # nothing was ever committed or pulled here
        tree = git.ask("ls-tree", "-r", "-z", "--name-only", theirs, "--", *paths).text
        return tuple(name for name in tree.split("\0") if name), ()
    ways = ("--relative", "--no-renames", "--name-only", "-z")
    other = set(git.ask("diff", *ways, "HEAD", theirs, "--", *paths).text.split("\0")) - {""}
    if not other:
        return (), ()
    form = ("--no-show-signature", "--full-history", "-c", "--format=%x01%an%x02")
    log = git.ask("log", *form, *ways, f"HEAD..{theirs}", "--", *paths).text
    missing, authors = [], []
    for entry in log.split("\1")[1:]:
        author, _, names = entry.partition("\2")
        touched = [name for name in map(str.strip, names.split("\0")) if name in other]
        missing += touched
        authors += [author] if touched else []
    return tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(authors))


@dataclass(frozen=True, kw_only=True)
class _Answer:
    code: int
    text: str = ""
    errors: str = ""
    late: bool = False


class _Git:
    """Git in one folder, which asks no questions and ends in time."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **environment,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",  # set and empty: neither core.askPass nor SSH_ASKPASS is asked
            "SSH_ASKPASS": "",
            "SSH_ASKPASS_REQUIRE": "never",
            "GCM_INTERACTIVE": "never",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C",
        }
        self._began = time.monotonic()

    def commit(self, name: str) -> str:
        """The commit that a name stands for, or nothing."""
        return self.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").text.strip()

    def ask(self, *words: str, ssh: str = "", within: float = MOST_SECONDS - _TO_END) -> _Answer:
        """What git answers; it is ended, with all that it has started, `within` so many seconds of the first call."""
        command = ["git", "-C", str(self.folder), "--literal-pathspecs", *words]
        environment = {**self.environment, "GIT_SSH_COMMAND": _ssh(self.environment, ssh)}
        # Into files: a pipe stays open as long as anything that git has started holds it.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    command,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=errors,
                    start_new_session=True,  # without a terminal on which ssh could ask
                )
            except OSError:
                return _Answer(code=1)  # a machine without git has no remote
            late = False
            try:
                process.wait(max(0.0, self._began + within - time.monotonic()))
            except subprocess.TimeoutExpired:
                late = True
            finally:
                _end(process)
            return _Answer(code=process.returncode, text=_read(out), errors=_read(errors), late=late)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all of its group, gently first, so that git leaves no lock behind."""
    if process.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_TO_END)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")


def _ssh(environment: Mapping[str, str], configured: str) -> str:
    """The office's own ssh command, told to ask no questions; in the order in which git looks for it."""
    program = environment.get("GIT_SSH", "")
    command = environment.get("GIT_SSH_COMMAND") or configured or (shlex.quote(program) if program else "ssh")
    if re.search(r"(?i)plink", command):
        return f"{command} -batch"
    return f"{command} -o BatchMode=yes -o ConnectTimeout={_FOR_THE_REMOTE:.0f}"


def _is_not_there_yet(errors: str) -> bool:
    """Whether the remote answered that this branch is not pushed yet."""
    return "couldn't find remote ref" in errors.lower()


def _reason(answer: _Answer) -> str:
    if answer.late:
        return TIMEOUT
    errors = answer.errors.lower()
    return next((name for name, words in _SAID.items() if any(word in errors for word in words)), OTHER)
