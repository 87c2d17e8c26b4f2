"""Why a send is refused before anything is on its way."""

from collections.abc import Sequence

from comsoc_cli.errors import SAFEGUARD, UNUSABLE, USAGE, Refusal
from comsoc_cli.message import said


class UnknownSegment(Refusal):
    """A segment that contacts.yaml does not have."""

    exit_code = USAGE

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            said("There is no segment “{name}” in contacts.yaml.", name=name),
            said("The segments are: {known}.", known=", ".join(known))
            if known
            else said("contacts.yaml has no segments, or is not there: write them under “segments:”."),
        )


class NoSegment(Refusal):
    """A first send needs a segment."""

    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            said("To whom? No segment was named."),
            said("Name one or more: comsoc send RELEASE --segment media"),
        )


class NoSender(Refusal):
    """Nothing can be sent without an address that it comes from."""

    exit_code = UNUSABLE

    def __init__(self) -> None:
        super().__init__(
            said("comsoc.toml does not say from which address the office writes."),
            said('Add it under [sender]: email = "prensa@…"'),
        )


class ChangedMeanwhile(Refusal):
    """Between the plan and the sending a text or the contacts changed."""

    exit_code = SAFEGUARD

    def __init__(self) -> None:
        super().__init__(
            said("Texts or contacts changed while you were looking at the plan."),
            said("Look at the new plan: the same command shows it."),
        )


class SendRunning(Refusal):
    """Another `send` of this office is at work."""

    exit_code = UNUSABLE

    def __init__(self, holder: str) -> None:
        super().__init__(
            said("Another send of this office is running ({holder}).", holder=holder),
            said("Wait until it has ended; “comsoc status” shows how far it is."),
        )


class KilledMeanwhile(Refusal):
    """Between the plan and the sending the release was declared of no effect."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” was declared of no effect meanwhile.", slug=slug),
            said("“comsoc kill {slug}” tells whoever has not been told.", slug=slug),
        )
