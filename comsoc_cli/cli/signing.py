"""The signatures of an approval, where the office has approvals signed: made with the approver's key."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comsoc_cli.model.approval import Approval, Revision
    from comsoc_cli.model.audience import AudienceChange
    from comsoc_cli.model.release import Release
    from comsoc_cli.office.folder import Office


def signatures_of(
    office: "Office", text: "Release", approval: "Approval", same: "Revision | None"
) -> dict[int, bytes] | None:
    """The signatures by the number of their assent; None where nothing is signed. Raises NothingSigned, NotASigner.

    `same` is the revision of the vault that has this text already, and signatures of it.
    """
    if not office.settings.approval.signed:
        return None
    from comsoc_cli.office.signatures import refuse_taken_names, signatures

    refuse_taken_names(text, approval)
    folder = office.vault / text.slug / f"r{approval.revision}"
    return signatures(office.root, approval, same.approval if same else None, folder, os.environ)


def sign_audience(
    office: "Office", slug: str, audience: "Sequence[AudienceChange]", known: "Sequence[AudienceChange]"
) -> None:
    """Sign what changes in the audience, and put the signatures in place before the record of it."""
    if not office.settings.approval.signed:
        return
    from comsoc_cli.office.signatures import audience_act, audience_stem, signatures, write_signatures

    folder, made = office.vault / slug, {}
    for number, one in enumerate(audience, start=1):
        before = known[number - 1].approval if number <= len(known) else None
        if before != one.approval:
            act, stem = audience_act(one.segment, removed=one.removed), audience_stem(number)
            made[stem] = signatures(office.root, one.approval, before, folder, os.environ, act=act, stem=stem)
    for stem, found in made.items():
        write_signatures(folder, found, stem=stem)
