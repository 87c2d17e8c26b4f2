"""Whose word counts: the rules of [approval] applied to what an approval says."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.audience import AudienceChange
from comsoc_cli.model.person import Person, looks
from comsoc_cli.model.settings import ApprovalRules, folded

#: How far two machines' clocks may be apart.
TOLERANCE = timedelta(minutes=5)


def counting(approval: Approval, rules: ApprovalRules) -> tuple[Assent, ...]:
    """The assents that count: each of other people, by a person who may, and not by an author where four eyes do.

    Who writes an assent down for another has a part in it: no two assents count that have a person in common, and none
    that an author gave or wrote down. A withdrawn approval has none.
    """
    if approval.withdrawn:
        return ()
    found: list[Assent] = []
    for one in approval.assents:
        if _may(one, approval, rules) and not any(have_a_person_in_common(one, it, rules) for it in found):
            found.append(one)
    return tuple(found)


def have_a_person_in_common(one: Assent, other: Assent, rules: ApprovalRules) -> bool:
    """Whether one person had a part in both assents, or one key signed both."""
    if rules.signed and one.key and one.key == other.key:
        return True
    return any(same_person(mine, theirs, rules) for mine in one.people for theirs in other.people)


def approved_at(approval: Approval, rules: ApprovalRules) -> datetime | None:
    """When it had as many approvals as the office requires; None if it has not. Later ones change nothing."""
    moments = sorted(one.at for one in counting(approval, rules))
    return moments[rules.required - 1] if len(moments) >= rules.required else None


def same_person(one: Person, other: Person, rules: ApprovalRules) -> bool:
    """Whether two people may be one: their names or addresses look alike.

    Of two who are called the same, the office tells that they are two by naming both addresses as approvers.
    """
    mine, theirs = ({looks(word) for word in (who.name, who.email) if word} for who in (one, other))
    if mine.isdisjoint(theirs):
        return False
    addresses = {folded(one.email), folded(other.email)}
    return not (len(addresses) == 2 and "" not in addresses and all(map(rules.lists, addresses)))


def is_approved(approval: Approval, rules: ApprovalRules) -> bool:
    """Whether as many have approved as the office requires."""
    return len(counting(approval, rules)) >= rules.required


def in_force(changes: Iterable[AudienceChange], approval: Approval, rules: ApprovalRules) -> tuple[AudienceChange, ...]:
    """The changes of a text's audience that hold: an addition with all its approvals; a segment taken away, at once.

    A segment that is taken away brings no recipient anything, so one person's word is enough for it.
    """
    mine = (one for one in changes if one.concerns(approval))
    return tuple(one for one in mine if one.removed or is_approved(one.approval, rules))


def strangers(approval: Approval, rules: ApprovalRules) -> Iterator[str]:
    """Who approved without being named in [approval] approvers."""
    for one in approval.assents:
        if not rules.counts(one.by, one.email):
            yield one.by


def is_author(approval: Approval, who: Person, rules: ApprovalRules) -> bool:
    """Whether a person wrote the text, or a part of it."""
    return any(same_person(who, writer, rules) for writer in approval.writers)


def _may(one: Assent, approval: Approval, rules: ApprovalRules) -> bool:
    if rules.four_eyes and any(is_author(approval, who, rules) for who in one.people):
        return False
    urgent = approval.urgent
    if urgent and any(same_person(who, urgent.who, rules) for who in one.people):
        return False  # who sent it without approval does not review it
    return rules.counts(one.by, one.email) and (not rules.asks_for_a_signature(one.at) or bool(one.key))
