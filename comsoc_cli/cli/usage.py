"""Wrong usage and help, in the user's language; the command-line library speaks English only."""

import re
from typing import Any

import typer

from comsoc_cli.cli.counter import note
from comsoc_cli.cli.language import N_, tr
from comsoc_cli.cli.terminal import shown

#: The library's own words that are shown by help; its gettext domain is ours (see `language.speak`).
WORDS = (
    N_("Options"),
    N_("Commands"),
    N_("Arguments"),
    N_("default: {default}"),
    N_("required"),
    N_("HEADLINE"),
    N_("RELEASE"),
    N_("ADDRESS"),
    N_("ADDRESS|SEGMENT"),
    N_("DIR"),
    N_("DATE"),
    N_("NAME"),
    N_("TEXT"),
    N_("CONTACT"),
    N_("REASON"),
    N_("HOW"),
    N_("MOMENT"),
    N_("DAY"),
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
#: What is wrong with a call: the library's sentence, and ours.
_SENTENCES = (
    (r"No such option: (.+?)(?: .*)?", N_("There is no option {found}.")),
    (r"No such command '(.+?)'.*", N_("There is no command “{found}”.")),
    (r"Missing (?:argument|parameter|option) '(.+?)'.*", N_("{found} is missing.")),
    (r"Missing command\.?", N_("A command is missing.")),
    (r"Option '(.+?)' requires an argument.*", N_("The option {found} needs a value.")),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.+?)\)", N_("“{found}” is too much.")),
    (r"Invalid value for '?(.+?)'?: Input should be a valid integer.*", N_("{found}: a whole number is expected.")),
    (r"Invalid value for '?(.+?)'?: Input should be greater than or equal to (.+)", N_("{found}: at least {detail}.")),
    (r"Invalid value for '?(.+?)'?: (.+)", N_("{found}: {detail}.")),
)


_IN_USAGE = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))
_Library: Any = typer.Context.formatter_class


class _Formatter(_Library):  # type: ignore[misc]
    """Help that begins with "Uso:" where Spanish is spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for word in _IN_USAGE:
            args = args.replace(word, tr(word))
        super().write_usage(prog, args, prefix or tr("Usage:") + " ")


def speak_in_help(command: Any) -> None:
    """Put all of a command's help, and of the commands below it, into the user's language."""
    command.context_class.formatter_class = _Formatter
    for attribute in ("help", "short_help"):
        text = getattr(command, attribute, None)
        if text:
            setattr(command, attribute, _told(text))
    help_option = command.get_help_option(typer.Context(command, help_option_names=["-h", "--help"]))
    for parameter in [*command.params, help_option]:
        if getattr(parameter, "help", None):
            parameter.help = _told(parameter.help)
        if getattr(parameter, "metavar", None):
            parameter.metavar = _told(parameter.metavar)
            parameter.display_type_rich = _no_type  # a metavar says more than "<list[str]>"
    for other in getattr(command, "commands", {}).values():
        speak_in_help(other)


def _no_type(ctx: Any) -> str:
    return ""


def _told(text: str) -> str:
    line = " ".join(text.split())
    return tr(line)


def tell(fault: Any) -> None:
    """One sentence on what is wrong with a call, and where the right form is shown."""
    message = shown(str(fault.format_message()))
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            groups = [*found.groups(), "", ""]
            message = tr(sentence, found=_told(groups[0]), detail=str(groups[1]).rstrip("."))
            break
    note(message)
    context = getattr(fault, "ctx", None)
    path = context.command_path if context else "comsoc"
    note("→ " + tr("The right form: {command}", command=f"{path} --help"))
