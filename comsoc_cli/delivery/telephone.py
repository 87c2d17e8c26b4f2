"""The telephone list after a kill: everybody who may have the release and cannot be told by mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comsoc_cli.delivery.consignment import Consignment, Sent
from comsoc_cli.delivery.holders import Holders
from comsoc_cli.delivery.plan import NOT_ALLOWED, REFUSED, SUPPRESSED, UNCERTAIN
from comsoc_cli.model.contact import Contact
from comsoc_cli.model.delivery import Outcome, Recipient

ELSEWHERE = "sent_elsewhere"  #: a colleague sent it, and it is not known here to whom
NOT_TOLD = "not_told"  #: no mail could be made
_UNREACHED = (SUPPRESSED, REFUSED, UNCERTAIN, NOT_ALLOWED)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A person to telephone, or `many` people without a name here; outlet, name and address may be empty.

    With none of them (`many` is 0) `name` is that of a receipt that cannot be read.
    """

    outlet: str = ""
    name: str = ""
    address: str = ""
    reason: str  #: an outcome, a reason of the plan, or ELSEWHERE
    many: int = 1


def calls(consignments: Sequence[Consignment], done: Sequence[Sent]) -> list[Call]:
    """By outlet; `done` is what came of the consignments that were sent now."""
    found = [*_after_sending(done), *_left_out(consignments)]
    return sorted(found, key=_order)


def of_holders(holders: Holders) -> list[Call]:
    """Everybody who may have it, by outlet, where no mail can be made."""
    found = [_call(one, NOT_TOLD) for one in holders.recipients]
    found += [Call(reason=ELSEWHERE, many=holders.unknown)] if holders.unknown else []
    found += [Call(name=receipt.name, reason=ELSEWHERE, many=0) for receipt in holders.damaged]
    return sorted(found, key=_order)


def _order(call: Call) -> tuple[bool, str, str, str]:
    return call.reason == ELSEWHERE, call.outlet, call.name, call.address


def _after_sending(done: Sequence[Sent]) -> Iterator[Call]:
    for sent in done:
        for recipient in sent.uncertain:
            yield _call(recipient, Outcome.UNCERTAIN)
        for delivery in sent.failed:
            yield _call(delivery.recipient, delivery.outcome)


def _left_out(consignments: Sequence[Consignment]) -> Iterator[Call]:
    for consignment in consignments:
        for one in consignment.plan.excluded:
            if one.reason in _UNREACHED:
                yield _call(one.contact, one.reason)
        if consignment.unknown:
            yield Call(reason=ELSEWHERE, many=consignment.unknown)
        for receipt in consignment.damaged:
            yield Call(name=receipt.name, reason=ELSEWHERE, many=0)


def _call(one: Recipient | Contact, reason: str) -> Call:
    address = one.address if isinstance(one, Recipient) else one.email
    return Call(outlet=one.outlet, name=one.name, address=address, reason=reason)
