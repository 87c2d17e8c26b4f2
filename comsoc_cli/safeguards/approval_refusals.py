"""Why an approval is refused: one class for each situation."""

from datetime import datetime

from comsoc_cli.errors import SAFEGUARD, USAGE, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.settings import ApprovalRules, folded
from comsoc_cli.office.git import Identity


class NothingApproved(Refusal):
    """A safeguard forbids the approval."""

    exit_code = SAFEGUARD


class Frozen(NothingApproved):
    """What is of no effect stays so."""

    def __init__(self, slug: str, since: datetime) -> None:
        super().__init__(
            said("Nothing was done: “{slug}” is of no effect since {moment}.", slug=slug, moment=since),
            said('What is to be said now is another release: comsoc new "…"'),
        )


class HandedOver(NothingApproved):
    """What a recipient has already got is corrected, not replaced."""

    def __init__(self, slug: str, revision: int) -> None:
        super().__init__(
            said(
                "Nothing was approved: revision {revision} of “{slug}” has been sent, and its text cannot be replaced.",
                slug=slug,
                revision=revision,
            ),
            said('Open a correction: comsoc correct {slug} --note "…"', slug=slug),
        )


class VaultDamaged(NothingApproved):
    """Without all approvals it is not known which text was sent, nor which numbers were given."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("Nothing was approved: what the vault has of “{slug}” cannot be read.", slug=slug),
            said("Bring it back as it was: git checkout -- approved/{slug}", slug=slug),
        )


class Nobody(Refusal):
    """An approval needs a person who gives it."""

    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            said("Nothing was approved: it is not known who approves."),
            said('Say it: --by "Name", or once and for all: git config --global user.name "Name"'),
        )


class NotAnApprover(NothingApproved):
    """The office has named who may."""

    def __init__(self, who: Identity | None, rules: ApprovalRules) -> None:
        named = next((one for one in rules.approvers if who and folded(one) == folded(who.name)), "")
        if named and who and who.email:
            hint = said("approvers holds addresses: write “{email}” there instead of “{name}”.",
                        email=who.email, name=named)  # fmt: skip
        else:
            hint = said("These may: {names}.", names=", ".join(rules.approvers))
        super().__init__(
            said("Nothing was done: {who} is not named in [approval] approvers.", who=str(who) if who else "?"), hint
        )


class LeftTheOffice(NothingApproved):
    """What a former approver approved holds; nothing new does."""

    def __init__(self, who: Identity) -> None:
        super().__init__(
            said("Nothing was done: {who} stands in [approval] former, among those who have left.", who=str(who)),
            said("Let a colleague approve it."),
        )


class SpokenAlready(NothingApproved):
    """One person's part in an approval counts once, whether given or written down for another."""

    def __init__(self, who: str, slug: str) -> None:
        super().__init__(
            said("Nothing was approved: {name} gave or recorded an approval of “{slug}” already, and the next one must"
                 " be another person’s.", name=who, slug=slug),
            said("Let a colleague approve it on their own computer, or record it there."),
        )  # fmt: skip


class InPersonOnly(Refusal):
    """Where approvers are named, or sign, each speaks for themselves."""

    exit_code = USAGE

    def __init__(self, rules: ApprovalRules) -> None:
        super().__init__(
            said("Nothing was approved: while approvals are signed, --by cannot stand for somebody.")
            if rules.signed
            else said(
                "Nothing was approved: while [approval] approvers names who may, --by cannot stand for somebody."
            ),
            said("Let one of them approve, on a computer whose git has their name."),
        )
