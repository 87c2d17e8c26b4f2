"""`comsoc`: the program's entrance and its one boundary for errors."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

INTERRUPTED = 130
BUG = 5


class Interrupted(BaseException):
    """Ctrl-C, where no command has a way of its own to end well."""


def main() -> None:
    """Run the command line; every way out has an exit code of the contract, and none a traceback."""
    from comsoc_cli.cli.language import choose, speak

    speak(choose(sys.argv[1:], os.environ, Path.cwd()))
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """One call of the command line; the exit code."""
    from comsoc_cli.cli.counter import note, refuse
    from comsoc_cli.cli.language import tr
    from comsoc_cli.errors import Refusal

    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        _command()(args=words, prog_name="comsoc")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except Interrupted:
        note(tr("Interrupted. What was done is written down; the same command goes on."))
        return INTERRUPTED
    except Refusal as refusal:
        refuse(refusal)
        return refusal.exit_code
    except BrokenPipeError:
        _silence()
        return 0
    except Exception as bug:
        if os.environ.get("COMSOC_DEBUG"):
            raise
        note(tr("comsoc made a mistake ({mistake}); nothing that was sent is lost.", mistake=_short(bug)))
        note("→ " + tr("Repeat the command with COMSOC_DEBUG=1 before it and send what it prints to whoever looks after comsoc."))
        return BUG
    return 0


def _command() -> Any:
    """The command line with its help in the user's language."""
    import typer

    from comsoc_cli.cli.app import app
    from comsoc_cli.cli.language import tr

    command = typer.main.get_command(app)
    _translate(command, tr)
    return command


def _translate(command: Any, tr: Any) -> None:
    """The help texts are written in English where they belong, and translated here, all in one place."""
    for attribute in ("help", "short_help"):
        text = getattr(command, attribute, None)
        if text:
            setattr(command, attribute, tr(" ".join(text.split())))
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = tr(" ".join(parameter.help.split()))
    for other in getattr(command, "commands", {}).values():
        _translate(other, tr)


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise Interrupted


def _silence() -> None:
    """The reader of a pipe went away: say nothing more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _short(bug: Exception) -> str:
    text = f"{type(bug).__name__}: {bug}".split("\n")[0]
    return text if len(text) <= 200 else text[:199] + "…"


if __name__ == "__main__":
    main()
