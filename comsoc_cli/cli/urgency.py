"""What goes out before anybody has approved it: the desk's text, in the vault as not reviewed."""

from dataclasses import replace
from datetime import datetime

from comsoc_cli.cli import counter
from comsoc_cli.cli.counter import note, problem_line
from comsoc_cli.cli.language import tr
from comsoc_cli.cli.releases import sent_revisions
from comsoc_cli.errors import SAFEGUARD, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.approval import Approval, Revision, Urgency, as_moved
from comsoc_cli.model.release import Release
from comsoc_cli.office.folder import Office
from comsoc_cli.safeguards.standing import Standing


class NothingOnTheDesk(Refusal):
    """There is no text that could go out."""

    exit_code = SAFEGUARD

    def __init__(self, slug: str) -> None:
        super().__init__(
            said("“{slug}” is not on the desk, or cannot be read there.", slug=slug),
            said("See what is wrong: comsoc check {slug}", slug=slug),
        )


def urgent_standing(
    office: Office, standing: Standing, reason: str, now: datetime
) -> tuple[Standing, tuple[Release, Approval] | None]:
    """The release as it stands once its text is sent as urgent, and what is to be stored for that.

    As it is where its text is approved: then nothing is overruled. Raises NothingApproved and NothingOnTheDesk.
    """
    from comsoc_cli.office import git
    from comsoc_cli.office.authorship import authors
    from comsoc_cli.office.vault import digest_of, read_vault
    from comsoc_cli.safeguards.approval_refusals import Nobody
    from comsoc_cli.safeguards.signing_off import urgent_approval

    if standing.kill or (standing.is_approved and not standing.is_changed):
        return standing, None
    newest = standing.newest
    if newest and newest.approval.urgent and not newest.approval.withdrawn and not standing.is_changed:
        return standing, None  # it went out as urgent before; this run goes on
    if newest and newest.approval.withdrawn and not standing.is_changed:
        return standing, None  # somebody took the approval of this very text back: that holds it
    text = standing.desk
    if text is None:
        raise NothingOnTheDesk(standing.slug)
    _refuse_errors(office, standing.slug)
    identity = git.identity(office.root)
    if identity is None:
        raise Nobody
    moment = now.astimezone(office.settings.zone).replace(microsecond=0)
    approval = urgent_approval(
        text,
        read_vault(office),
        Urgency(reason=reason, by=identity.name, at=moment, email=identity.email),
        settings=office.settings,
        authors=lambda since: authors(office.root, text, since, identity),
        author=text.author or git.author(office.root, text.path) or identity.name,
        sent={ordinal for slug, ordinal in sent_revisions(office) if slug == standing.slug},
    )
    revision = Revision(
        release=as_moved(text, standing.changes),
        approval=approval,
        folder=office.vault / standing.slug / f"r{approval.revision}",
        found_digest=digest_of(text, approval.revision),
    )
    earlier = [one for one in standing.revisions if one.ordinal < approval.revision]
    return replace(standing, revisions=(*earlier, revision)), (text, approval)


def _refuse_errors(office: Office, slug: str) -> None:
    """What no page can be made with goes out in no hurry either."""
    from comsoc_cli.checks.office import problems_of
    from comsoc_cli.model.problem import errors
    from comsoc_cli.office.contacts import read_contacts
    from comsoc_cli.office.desk import read_desk

    problems = problems_of(office, read_desk(office, [slug]), read_contacts(office)[0], [slug])
    if errors(problems):
        for problem in errors(problems):
            note(problem_line(problem))
        note(tr("Nothing was sent: “{slug}” has {count} errors.", slug=slug, count=len(errors(problems))))
        raise counter.stop(1)
