"""What receipts tell of and the vault has not: a file was lost, or a colleague committed one and not the other.

Told by the names of the receipts, so that it costs nothing to ask before anything is sent or published.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from comsoc_cli.message import said
from comsoc_cli.model.approval import EmbargoChange, Kill, Revision
from comsoc_cli.model.audience import AudienceChange
from comsoc_cli.model.delivery import Purpose
from comsoc_cli.model.problem import Problem
from comsoc_cli.office import git
from comsoc_cli.office.audience import AUDIENCE
from comsoc_cli.office.folder import Office
from comsoc_cli.office.marks import EMBARGO, KILL
from comsoc_cli.office.receipts import RECEIPT_NAME, is_notice


@dataclass(frozen=True, kw_only=True)
class Told:
    """The latest that receipts tell of one release: counts, and the receipts that tell of them."""

    revisions: tuple[tuple[int, str], ...] = ()  #: each that went out, with a receipt that tells of it
    changes: int = 0  #: of its embargo
    audience: int = 0  #: changes of its audience
    of_audience: str = ""
    of_changes: str = ""
    of_kill: str = ""
    texts: tuple[str, ...] = ()  #: the receipts of sends of its text, oldest first

    @property
    def mark(self) -> str:
        """The same in a word, for comparing."""
        told = ",".join(str(ordinal) for ordinal, _ in self.revisions)
        return f"{told} {self.changes} {self.audience} {'killed' if self.of_kill else ''}"


def told_by_receipts(office: Office) -> dict[str, Told]:
    """What the names of all receipts say, by slug."""
    found: dict[str, Told] = {}
    try:
        names = sorted(os.listdir(office.dispatches))  # noqa: PTH208 - thousands of names, and no more than names
    except OSError:
        return found
    for name in names:
        if not (parts := RECEIPT_NAME.fullmatch(name)) or parts["notice"] == Purpose.TEST:
            continue
        slug, ordinal, notice = parts["slug"], int(parts["ordinal"]), parts["notice"]
        told = found.get(slug, Told())
        if notice == Purpose.KILL:
            told = replace(told, of_kill=name)
        elif notice == Purpose.EMBARGO and ordinal >= told.changes:
            told = replace(told, changes=ordinal, of_changes=name)
        elif not notice:
            told = replace(told, texts=(*told.texts, name))
            if int(parts["audience"] or 0) > told.audience:
                told = replace(told, audience=int(parts["audience"]), of_audience=name)
            if ordinal not in dict(told.revisions):
                told = replace(told, revisions=(*told.revisions, (ordinal, name)))
        found[slug] = told
    return found


def missing_in_the_vault(
    office: Office,
    slug: str,
    told: Told,
    *,
    revisions: list[Revision],
    kill: Kill | None,
    changes: tuple[EmbargoChange, ...],
    audience: tuple[AudienceChange, ...] = (),
) -> Iterator[Problem]:
    """What a release has in the receipts alone."""
    there = {one.ordinal for one in revisions}
    for ordinal, receipt in told.revisions:
        lost = ordinal not in there and not (office.vault / slug / f"r{ordinal}").is_dir()
        if lost and not is_notice(office, receipt):
            yield _problem(office, slug, f"r{ordinal}", receipt)
    if told.of_kill and kill is None and not (office.vault / slug / KILL).exists():
        yield _problem(office, slug, KILL, told.of_kill)
    if told.changes > len(changes):
        yield _problem(office, slug, EMBARGO, told.of_changes)
    if told.audience > len(audience):
        yield _problem(office, slug, AUDIENCE, told.of_audience)


def taken_away(office: Office, *, receipts: bool = False) -> dict[str, list[Problem]]:
    """Files of the vault, and receipts, that git has and that are not there, by slug: what they say would be gone.

    Nothing outside a repository. A file that was taken away on purpose is no more in git after a commit.
    """
    vault, dispatches = office.name_of(office.vault), office.name_of(office.dispatches)
    names = (vault, dispatches) if receipts else (vault,)
    gone = git.answer(office.root, "--literal-pathspecs", "ls-files", "--deleted", "-z", "--", *names)
    found: dict[str, list[Problem]] = {}
    for path in filter(None, gone.split("\0")):
        within = path.removeprefix(f"{vault}/").split("/")
        receipt = RECEIPT_NAME.fullmatch(path.removeprefix(f"{dispatches}/"))
        slug = receipt["slug"] if receipt else within[0] if len(within) > 1 else ""
        if slug and (office.vault / slug).is_dir():
            message = said("it was taken away, and git has it")
            found.setdefault(slug, []).append(Problem(path=path, rule="vault", message=message))
    return found


def _problem(office: Office, slug: str, name: str, receipt: str) -> Problem:
    path, teller = office.vault / slug / name, office.name_of(office.dispatches / receipt)
    message = (
        said("it lacks what {receipt} tells of", receipt=teller)
        if path.exists()
        else said("it is missing, and {receipt} tells of it", receipt=teller)
    )
    return Problem(path=office.name_of(path), rule="vault", message=message)
