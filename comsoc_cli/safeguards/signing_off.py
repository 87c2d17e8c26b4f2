"""What becomes of an approval: which revision a text is, whose word is added to it, and what forbids it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from comsoc_cli.message import said
from comsoc_cli.model.approval import Approval, Assent, Revision, Urgency, Withdrawal
from comsoc_cli.model.person import Person
from comsoc_cli.model.release import Correction, Release
from comsoc_cli.model.settings import ApprovalRules, Settings, folded
from comsoc_cli.office.git import Identity
from comsoc_cli.office.vault import Vault, digest_of
from comsoc_cli.safeguards.approval_refusals import (
    HandedOver,
    InPersonOnly,
    LeftTheOffice,
    Nobody,
    NotAnApprover,
    NothingApproved,
    SpokenAlready,
)
from comsoc_cli.safeguards.approving import (
    TOLERANCE,
    counting,
    have_a_person_in_common,
    is_approved,
    is_author,
    same_person,
)
from comsoc_cli.safeguards.numbering import keeps_number, numbered


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a person says at the command line."""

    identity: Identity | None
    by: str = ""  #: in whose name, by word of mouth
    via: str = ""
    legal: str = ""
    ruling: str = ""

    @property
    def name(self) -> str:
        """The approver's name; refuses where there is none."""
        if self.by:
            return self.by
        if self.identity is None:
            raise Nobody
        return self.identity.name

    def assent(self, now: datetime) -> Assent:
        return Assent(
            by=self.name,
            at=now,
            email="" if self.by or not self.identity else self.identity.email,
            via=self.via,
            recorded_by=self.identity.name if self.identity and self.by else "",
            recorded_email=self.identity.email if self.identity and self.by else "",
            legal=self.legal,
            ruling=self.ruling,
        )


def check_authority(identity: Identity | None, rules: ApprovalRules) -> None:
    """Whether the person who types may let something out that the rules hold; raises NotAnApprover, LeftTheOffice."""
    if rules.may(identity.email if identity else ""):
        return
    if identity and folded(identity.email) in map(folded, rules.former):
        raise LeftTheOffice(identity)
    raise NotAnApprover(identity, rules)


def approval_of(
    text: Release,
    vault: Vault,
    word: Word,
    *,
    settings: Settings,
    author: str,
    authors: Callable[[Revision | None], tuple[Person, ...]],
    sent: Collection[int],
    number_is_taken: bool,
    now: datetime,
) -> Approval:
    """The approval that this word makes; `sent` are the revisions that a recipient has. Raises NothingApproved.

    `authors` tells who wrote at the text since a revision, or ever.

    The same approval as before where the word adds nothing to it.
    """
    rules, slug = settings.approval, text.slug
    if (rules.approvers or rules.signed) and word.by:
        raise InPersonOnly(rules)
    check_authority(word.identity, rules)
    newest = vault.newest(slug)
    ordinal = ordinal_of(text, newest, sent, now)
    digest = digest_of(text, ordinal)
    before = newest.approval if newest and newest.ordinal == ordinal else None
    same = before if before and before.digest == digest and newest and newest.intact else None
    approval = same or _fresh(text, vault, newest, ordinal, digest, settings, number_is_taken)
    if number_is_taken and same and ordinal not in sent:
        approval = numbered(same, text, vault, settings)
    if not same:
        approval = replace(approval, author=author, authors=authors(last_approved(vault, slug, rules)))
    elif not same.authors and not is_approved(same, rules):
        approval = replace(approval, authors=authors(None))  # of an older version, which knew one author
    mine = word.assent(now)
    approval = replace(approval, assents=tuple(_without_the_future(approval.assents, mine.who, rules, now)))
    if same and is_approved(approval, rules) and not _says_more(word, approval):
        return approval  # one more name would say nothing
    check_people(mine, approval, rules)
    if approval.withdrawn:
        approval = replace(approval, assents=(), withdrawn=None)
    return replace(approval, assents=with_assent(approval, mine, rules))


def last_approved(vault: Vault, slug: str, rules: ApprovalRules) -> Revision | None:
    """The newest revision that has all its approvals: what stands in it has been read by another person."""
    revisions = vault.revisions.get(slug, [])
    return next((one for one in reversed(revisions) if one.intact and is_approved(one.approval, rules)), None)


def urgent_approval(
    text: Release,
    vault: Vault,
    urgency: Urgency,
    *,
    settings: Settings,
    author: str,
    authors: Callable[[Revision | None], tuple[Person, ...]],
    sent: Collection[int],
) -> Approval:
    """What stands in the vault for a text that goes out before anybody approved it; raises HandedOver."""
    newest = vault.newest(text.slug)
    ordinal = ordinal_of(text, newest, sent, urgency.at)
    digest = digest_of(text, ordinal)
    fresh = _fresh(text, vault, newest, ordinal, digest, settings, False)
    since = last_approved(vault, text.slug, settings.approval)
    return replace(fresh, author=author, authors=authors(since), urgent=urgency)


def withdrawn(newest: Revision | None, slug: str, identity: Identity | None, *, settings: Settings,
              sent: Collection[int], now: datetime) -> Approval:  # fmt: skip
    """The approval taken back; raises NothingApproved."""
    check_authority(identity, settings.approval)
    if newest is None or newest.approval.withdrawn:
        raise NothingApproved(
            said("Nothing was withdrawn: “{slug}” is not approved.", slug=slug),
            said("“comsoc list” shows where every release stands."),
        )
    if newest.ordinal in sent:
        raise NothingApproved(
            said("Nothing was withdrawn: revision {revision} of “{slug}” has been sent.",
                 revision=newest.ordinal, slug=slug),
            said('Correct it (comsoc correct {slug} --note "…") or declare it of no effect (comsoc kill {slug} --reason'
                 ' "…").', slug=slug),
        )  # fmt: skip
    by = identity.name if identity else "?"
    return replace(newest.approval, withdrawn=Withdrawal(by=by, at=now))


def ordinal_of(text: Release, newest: Revision | None, sent: Collection[int], now: datetime) -> int:
    """Which revision a text on the desk is; raises NothingApproved where it can be none."""
    slug, correction = text.slug, text.correction
    if newest is None:
        return _first_of_all(slug, correction, sent)
    if digest_of(text, newest.ordinal) == newest.approval.digest:
        return newest.ordinal
    opened = correction.revision if correction else 1
    if correction:
        _check_told(slug, correction)
    if not is_out(newest, sent):
        if opened == newest.ordinal:
            if newest.ordinal > 1:
                _check_embargo(text, newest, now)
            return opened
        if newest.ordinal == 1:
            raise _nothing_to_correct(slug)
        raise HandedOver(slug, newest.ordinal - 1)
    if opened != newest.ordinal + 1:
        raise HandedOver(slug, newest.ordinal)
    _check_embargo(text, newest, now)
    return opened


def is_out(newest: Revision, sent: Collection[int]) -> bool:
    """Whether a revision stands: a recipient has it, or it is a trifle that is not told."""
    correction = newest.release.correction
    return newest.ordinal in sent or bool(newest.ordinal > 1 and correction and correction.minor and sent)


def _check_told(slug: str, correction: Correction) -> None:
    """A correction says what it corrects."""
    if bool(correction.said) != bool(correction.should) or not (correction.note or correction.said):
        raise NothingApproved(
            said("Nothing was approved: the correction of “{slug}” does not say what it corrects.", slug=slug),
            said('Open it again: comsoc correct {slug} --note "…"', slug=slug),
        )


def _first_of_all(slug: str, correction: Correction | None, sent: Collection[int]) -> int:
    if sent:
        # The vault has nothing of it; the receipts know that it was sent all the same.
        raise HandedOver(slug, max(sent))
    if correction:
        raise _nothing_to_correct(slug)
    return 1


def _nothing_to_correct(slug: str) -> NothingApproved:
    return NothingApproved(
        said("Nothing was approved: the text of “{slug}” calls itself a correction, and nobody has it yet.", slug=slug),
        said("Take the lines “correction:” out of it."),
    )


def _check_embargo(text: Release, before: Revision, now: datetime) -> None:
    """A text that recipients have without embargo gets none, and an embargo that people keep stays as it is."""
    earlier = before.release
    mine = replace(text, moved=earlier.moved if text.written_moment == earlier.written_moment else None)
    if mine.under_embargo(now) and not earlier.under_embargo(now):
        raise NothingApproved(
            said("Nothing was approved: “{slug}” was sent without an embargo, and none can be added now.",
                 slug=text.slug),
            said("Take the embargo out of the text; or declare the release of no effect: comsoc kill {slug} --reason"
                 ' "…"', slug=text.slug),
        )  # fmt: skip
    if now >= earlier.public_moment and mine.public_moment > now:
        raise NothingApproved(
            said("Nothing was approved: “{slug}” is public, and its correction bears a later date.", slug=text.slug),
            said("Correct its date; the release itself keeps the one that it had."),
        )
    if earlier.under_embargo(now) and mine.public_moment != earlier.public_moment:
        raise NothingApproved(
            said("Nothing was approved: a correction keeps the embargo of “{slug}”.", slug=text.slug),
            said("Move the embargo by itself: comsoc embargo {slug} --until MOMENT", slug=text.slug),
        )


def _says_more(word: Word, approval: Approval) -> bool:
    """Whether it names another sign-off of the legal department, or another ruling, than the approval has."""
    return bool(word.legal) and (word.legal != approval.legal or word.ruling not in ("", approval.ruling))


def check_people(mine: Assent, approval: Approval, rules: ApprovalRules) -> None:
    """Neither who gives an approval nor who writes it down for another may have written or sent the text."""
    for who in mine.people:
        name = who.name or who.email
        if rules.four_eyes and is_author(approval, who, rules):
            raise NothingApproved(
                said("Nothing was approved: {name} wrote “{slug}”, and another person must approve it.",
                     name=name, slug=approval.slug),
                said("Let a colleague approve it on their own computer. Authors are all who committed the text or are"
                     " named in it, and the person at a computer where it is not committed."),
            )  # fmt: skip
        if approval.urgent and same_person(who, approval.urgent.who, rules):
            raise NothingApproved(
                said("Nothing was approved: {name} sent “{slug}” as urgent, and another person must review it.",
                     name=name, slug=approval.slug),
                said("Let a colleague approve it."),
            )  # fmt: skip


def _fresh(
    text: Release,
    vault: Vault,
    newest: Revision | None,
    ordinal: int,
    digest: str,
    settings: Settings,
    number_is_taken: bool,
) -> Approval:
    """An approval without assents; the number stays with the release."""
    keeps = keeps_number(text, newest, settings, is_sent=ordinal > 1, is_taken=number_is_taken)
    fresh = Approval(slug=text.slug, revision=ordinal, digest=digest)
    return numbered(fresh, text, vault, settings, newest if keeps else None)


def _without_the_future(
    assents: tuple[Assent, ...], who: Person, rules: ApprovalRules, now: datetime
) -> Iterator[Assent]:
    """Without what this person said while a clock was ahead: it is said again now."""
    for one in assents:
        if one.at <= now + TOLERANCE or not same_person(one.who, who, rules):
            yield one


def with_assent(approval: Approval, mine: Assent, rules: ApprovalRules) -> tuple[Assent, ...]:
    """Add a person's assent; one who has given it says nothing new but what the legal department has.

    What the same person said before and does not count is said anew. Raises SpokenAlready where a person who has a part
    in an assent that counts gives or writes down another one.
    """
    assents = approval.assents
    before = next((it for it in counting(approval, rules) if have_a_person_in_common(mine, it, rules)), None)
    if before is None:
        return (*(one for one in assents if not same_person(one.who, mine.who, rules)), mine)
    if mine.legal and (mine.legal != before.legal or mine.ruling not in ("", before.ruling)):
        more = replace(before, legal=mine.legal, ruling=mine.ruling or before.ruling)
        return tuple(more if other is before else other for other in assents)
    if not same_person(mine.who, before.who, rules):
        raise SpokenAlready(mine.recorded_by or mine.by, approval.slug)
    return assents
