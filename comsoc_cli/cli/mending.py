"""`comsoc check --fix`: what is safe is shown, asked about, and mended."""

from collections import defaultdict
from typing import TYPE_CHECKING

from comsoc_cli.cli.counter import Counter, agreed, note
from comsoc_cli.cli.language import tr
from comsoc_cli.cli.terminal import shown
from comsoc_cli.errors import USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from pathlib import Path

    from comsoc_cli.copydesk.fixes import Fix
    from comsoc_cli.office.desk import Desk
    from comsoc_cli.office.folder import Office


class NobodyToAsk(Refusal):
    """A change in a text needs a person who has seen it."""

    exit_code = USAGE

    def __init__(self, many: int) -> None:
        super().__init__(
            said("Nothing was changed: there is no terminal on which to confirm {many} changes.", many=many),
            said("Repeat it with --yes."),
        )


def mend(here: Counter, office: "Office", desk: "Desk", *, yes: bool) -> int:
    """Show what can be mended safely and mend it once it is confirmed; how many places were; raises NobodyToAsk."""
    from comsoc_cli.copydesk.fixes import apply

    found = _found(office, desk)
    many = sum(map(len, found.values()))
    if not many:
        note(tr("There is nothing that can be mended safely."))
        return 0
    for path, changes in found.items():
        for one in changes:
            here.say(shown(f"{office.name_of(path)}:{one.line}:{one.column}  {one.rule}"))
            here.say(shown(f"  - {one.before}"))
            here.say(shown(f"  + {one.after}"))
    if not yes:
        if not here.is_terminal:
            raise NobodyToAsk(many)
        if not agreed(tr("Make these {many} changes?", many=many)):
            note(tr("Nothing was changed."))
            return 0
    for path, changes in found.items():
        apply(path, changes)
    note(tr("{many} places were mended in {files} files.", many=many, files=len(found)))
    return many


def _found(office: "Office", desk: "Desk") -> "dict[Path, list[Fix]]":
    from comsoc_cli.copydesk.fixes import fixes
    from comsoc_cli.copydesk.office import knowledge
    from comsoc_cli.copydesk.rules import RULES

    around = knowledge(office, desk)
    found: dict[Path, list[Fix]] = defaultdict(list)
    for slug, release in sorted(desk.releases.items()):
        for one in fixes(release, RULES, around[slug]):
            found[one.path].append(one)
    return found
