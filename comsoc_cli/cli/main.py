"""`comsoc`: the program's entrance and its one boundary for errors."""

import errno
import os
import sys
from pathlib import Path
from typing import Any

from comsoc_cli.cli.interruption import Interrupted, listen

USAGE = 2
INTERRUPTED = 130
BUG = UNWRITTEN = 5
#: What the machine refuses, whatever a program does.
_OF_THE_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE,
    errno.ENFILE, errno.ENOMEM, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR,
}  # fmt: skip


def main() -> None:
    """Run the command line; every way out has an exit code of the contract, and none a traceback."""
    # First of all, so that not even Ctrl-C during the imports shows one.
    listen()
    _open_streams()
    try:
        code = run(sys.argv[1:])
    except Interrupted:
        code = INTERRUPTED
    sys.exit(code)


def run(words: list[str]) -> int:
    """One call of the command line; the exit code."""
    from comsoc_cli.cli.counter import note
    from comsoc_cli.cli.language import choose, speak, tr
    from comsoc_cli.cli.terminal import readable, take_the_streams

    words = [readable(word) for word in words]
    speak(choose(words, os.environ, Path.cwd()))
    screen = take_the_streams()
    code = _called(words)
    screen.flush()
    if screen.fault:
        cause = screen.fault.strerror or str(screen.fault)
        note(tr("What was to be shown could not be written: {cause}.", cause=cause))
        return code or UNWRITTEN
    return code


def _called(words: list[str]) -> int:
    """What came of a call, told where it went wrong."""
    from comsoc_cli.cli.counter import note, refuse
    from comsoc_cli.cli.language import tr
    from comsoc_cli.errors import Refusal

    try:
        return _code(_command().main(args=words, prog_name="comsoc", standalone_mode=False))
    except SystemExit as end:
        return _code(end.code)
    except Interrupted:
        note(tr("Interrupted. What was done is written down; the same command goes on."))
        return INTERRUPTED
    except Refusal as refusal:
        refuse(refusal)
        return refusal.exit_code
    except Exception as bug:
        if hasattr(bug, "format_message"):
            return _wrong_usage(bug)
        if isinstance(bug, OSError) and bug.errno in _OF_THE_MACHINE:
            return _told_of_the_machine(bug)
        if os.environ.get("COMSOC_DEBUG"):
            raise
        note(tr("comsoc made a mistake ({mistake}); nothing that was sent is lost.", mistake=_short(bug)))
        note(
            "→ "
            + tr("Repeat it with COMSOC_DEBUG=1 before the command, and show what it prints to who looks after comsoc.")
        )
        return BUG


def _told_of_the_machine(fault: OSError) -> int:
    """No mistake of ours: a disk that is full, a folder that is closed."""
    from comsoc_cli.cli.counter import refuse
    from comsoc_cli.office.files import MachineUnusable

    refusal = MachineUnusable(fault)
    refuse(refusal)
    return refusal.exit_code


def _code(end: object) -> int:
    """The exit code that a command ended with."""
    return end if isinstance(end, int) else 0 if end is None else 1


def _wrong_usage(fault: Exception) -> int:
    """A call that the command line does not take; without any words it shows the help."""
    from comsoc_cli.cli.usage import tell

    context = getattr(fault, "ctx", None)
    if type(fault).__name__ == "NoArgsIsHelpError" and context:
        print(context.get_help())
        return 0
    tell(fault)
    return USAGE


def _command() -> Any:
    """The command line with its help in the user's language."""
    import typer

    from comsoc_cli.cli.app import app
    from comsoc_cli.cli.usage import speak_in_help

    command = typer.main.get_command(app)
    speak_in_help(command)
    return command


def _open_streams() -> None:
    """A standard stream that was closed takes everything and shows nothing; that is no error."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def _short(bug: Exception) -> str:
    text = f"{type(bug).__name__}: {bug}".split("\n")[0]
    return text if len(text) <= 200 else text[:199] + "…"


if __name__ == "__main__":
    main()
