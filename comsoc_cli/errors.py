"""The base of all refusals: what a user asked for and what cannot or must not be done.

Each package keeps its own refusals beside the code that raises them. Only the counter catches and prints them;
any other exception is a bug, whose traceback COMSOC_DEBUG=1 shows.
"""

from comsoc_cli.message import Message

USAGE = 2
SAFEGUARD = 3
UNUSABLE = 5


class Refusal(Exception):
    """One sentence that names the thing and the place, and what to do next."""

    exit_code = 1

    def __init__(self, message: Message, hint: Message | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
