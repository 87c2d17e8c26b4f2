"""Whose word counts: the rules of [approval] applied to what an approval says."""

from collections.abc import Iterator

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.settings import ApprovalRules


def counting(approval: Approval, rules: ApprovalRules) -> tuple[Assent, ...]:
    """The assents that count: each of another person, by somebody who may, and not by the author where four eyes do.

    A withdrawn approval has none.
    """
    if approval.withdrawn:
        return ()
    found: dict[str, Assent] = {}
    for one in approval.assents:
        if _may(one, approval, rules):
            found.setdefault(one.by.casefold(), one)
    return tuple(found.values())


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
    author = approval.author.casefold()
    return bool(author) and any(one and one.casefold() in {author, *_within(author)} for one in who)


def _within(author: str) -> list[str]:
    """Name and address of "Ana Ruiz <ana@sinaloa.example>"."""
    name, opened, address = author.partition("<")
    return [name.strip(), address.strip("> ")] if opened else []


def _may(one: Assent, approval: Approval, rules: ApprovalRules) -> bool:
    if rules.four_eyes and is_author(approval, one.by, one.email):
        return False
    if approval.urgent and one.by.casefold() == approval.urgent.by.casefold():
        return False  # who sent it without approval does not review it
    return rules.names(one.by, one.email, also_former=True)
