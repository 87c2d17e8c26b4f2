"""Whose word counts: the rules of [approval] applied to what an approval says."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.settings import ApprovalRules, folded

#: How far two machines' clocks may be apart.
TOLERANCE = timedelta(minutes=5)


def counting(approval: Approval, rules: ApprovalRules) -> tuple[Assent, ...]:
    """The assents that count: each of another person, by somebody who may, and not by the author where four eyes do.

    A withdrawn approval has none.
    """
    if approval.withdrawn:
        return ()
    found: list[Assent] = []
    for one in approval.assents:
        if _may(one, approval, rules) and not any(same_person(one.who, it.who, rules) for it in found):
            found.append(one)
    return tuple(found)


def approved_at(approval: Approval, rules: ApprovalRules) -> datetime | None:
    """When it had as many approvals as the office requires; None if it has not. Later ones change nothing."""
    moments = sorted(one.at for one in counting(approval, rules))
    return moments[rules.required - 1] if len(moments) >= rules.required else None


def same_person(one: tuple[str, str], other: tuple[str, str], rules: ApprovalRules) -> bool:
    """Whether two people, each by name and address, are one: they share the name or the address.

    Of two who are called the same, the office tells that they are two by naming both addresses as approvers.
    """
    mine, theirs = ({folded(word) for word in who if word} for who in (one, other))
    if mine.isdisjoint(theirs):
        return False
    addresses = {folded(one[1]), folded(other[1])}
    return not (len(addresses) == 2 and "" not in addresses and all(map(rules.lists, addresses)))


def is_approved(approval: Approval, rules: ApprovalRules) -> bool:
    """Whether as many have approved as the office requires."""
    return len(counting(approval, rules)) >= rules.required


def strangers(approval: Approval, rules: ApprovalRules) -> Iterator[str]:
    """Who approved without being named in [approval] approvers."""
    for one in approval.assents:
        if not rules.names(one.by, one.email, also_former=True):
            yield one.by


def is_author(approval: Approval, *who: str) -> bool:
    """Whether somebody, by name or address, wrote the text."""
    author = folded(approval.author)
    return bool(author) and any(one and folded(one) in {author, *_within(author)} for one in who)


def _within(author: str) -> list[str]:
    """Name and address of "Ana Ruiz <ana@sinaloa.example>"."""
    name, opened, address = author.partition("<")
    return [name.strip(), address.strip("> ")] if opened else []


def _may(one: Assent, approval: Approval, rules: ApprovalRules) -> bool:
    if rules.four_eyes and is_author(approval, one.by, one.email):
        return False
    urgent = approval.urgent
    if urgent and same_person(one.who, urgent.who, rules):
        return False  # who sent it without approval does not review it
    return rules.names(one.by, one.email, also_former=True)
