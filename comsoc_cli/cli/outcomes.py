"""What is said of a send in one sentence: the people it reached, or how far it came."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from comsoc_cli.cli.language import N_, figure, tr
from comsoc_cli.delivery.consignment import Sent
from comsoc_cli.model.delivery import NOTICES, Outcome
from comsoc_cli.rendering.wording import feminine

if TYPE_CHECKING:
    from comsoc_cli.rendering.views import ReleaseView


def how_far(done: Iterable[Sent]) -> str:
    """What had left when the run stopped; said before the reason, and never less than what is known."""
    tallies = [sent.tally for sent in done]
    accepted = sum(tally.of(Outcome.ACCEPTED) for tally in tallies)
    uncertain = sum(tally.of(Outcome.UNCERTAIN) for tally in tallies)
    if uncertain:
        return tr("The send stopped: accepted {accepted}, unconfirmed {uncertain}.",
                  accepted=figure(accepted), uncertain=figure(uncertain))  # fmt: skip
    if accepted:
        return tr("The send stopped after {accepted}.", accepted=figure(accepted))
    if not all(tally.is_settled for tally in tallies):
        return tr("The send stopped, and it is not known who got it.")
    return tr("Nothing was sent.")


def title_of(sent: Sent, view: "ReleaseView") -> str:
    """Whether this run reached anybody; else who had it before, by the ledger and the receipts."""
    tally, before = sent.tally, sent.consignment.before
    is_notice = sent.consignment.purpose in NOTICES
    if tally.of(Outcome.ACCEPTED) + tally.of(Outcome.UNCERTAIN):
        if is_notice:
            return N_("{reference}: notice sent {from_to}")
        if feminine(view.reference):
            return N_("{reference}, sent {from_to}, nobody twice")
        return N_("{reference} sent {from_to}, nobody twice")
    if before.get(Outcome.ACCEPTED):
        if is_notice:
            return N_("{reference}: nobody else was told now; {before} were told before")
        return N_("{reference}: nobody else has it now; {before} had it before")
    if before.get(Outcome.UNCERTAIN):
        return N_("{reference}: nobody is known for certain to have it")
    return N_("{reference}: nobody was told yet") if is_notice else N_("{reference}: nobody has it yet")
