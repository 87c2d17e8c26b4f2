"""Whose word counts: the rules of [approval] applied to what an approval says."""

from collections.abc import Iterator

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.settings import ApprovalRules, folded


def counting(approval: Approval, rules: ApprovalRules) -> tuple[Assent, ...]:
    """The assents that count: each of another person, by somebody who may, and not by the author where four eyes do.

    A withdrawn approval has none.
    """
    if approval.withdrawn:
        return ()
    found: list[Assent] = []
    for one in approval.assents:
        if _may(one, approval, rules) and not any(same_person((one.by, one.email), (it.by, it.email)) for it in found):
            found.append(one)
    return tuple(found)


def same_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two people, each by name and address, are one: by the address where both have one, else by the name."""
    which = 1 if one[1] and other[1] else 0
    return folded(one[which]) == folded(other[which])


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
    if urgent and same_person((one.by, one.email), (urgent.by, urgent.email)):
        return False  # who sent it without approval does not review it
    return rules.names(one.by, one.email, also_former=True)
