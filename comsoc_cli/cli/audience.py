"""What `approve` says of segments that were added to an approved text, or taken from it."""

from typing import TYPE_CHECKING

from comsoc_cli.cli.language import tr

if TYPE_CHECKING:
    from comsoc_cli.model.audience import AudienceChange
    from comsoc_cli.model.settings import ApprovalRules


def change_json(one: "AudienceChange", rules: "ApprovalRules") -> dict[str, object]:
    """One of `audience` in the JSON document."""
    from comsoc_cli.safeguards.approving import counting

    many = len(counting(one.approval, rules))
    return {"segment": one.segment, "removed": one.removed, "by": one.approval.by, "approvals": many}


def change_told(one: "AudienceChange", reference: str, rules: "ApprovalRules") -> str:
    """Tells that a segment was added or taken away, the person who did it, and whether that is enough."""
    from comsoc_cli.safeguards.approving import counting, is_approved

    facts = {"reference": reference, "revision": one.approval.revision, "segment": one.segment, "by": one.approval.by}
    if one.removed:
        return tr("{reference}, revision {revision}: no longer for “{segment}”, by {by}.", **facts)
    if is_approved(one.approval, rules):
        return tr("{reference}, revision {revision}: also for “{segment}”, approved by {by}. Its text stays the same.",
                  **facts)  # fmt: skip
    facts |= {"many": len(counting(one.approval, rules)), "required": rules.required}
    return tr("{reference}, revision {revision}: “{segment}” was added with {many} of {required} approvals, by {by}; it"
              " does not get it yet.", **facts)  # fmt: skip
