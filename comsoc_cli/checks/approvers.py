"""What is wrong with [approval] approvers: names, which anybody can type, and addresses that look alike."""

from collections.abc import Iterator

from comsoc_cli.message import Message, said
from comsoc_cli.model.person import looks
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.authorship import address_of
from comsoc_cli.office.folder import SETTINGS, Office
from comsoc_cli.office.settings import line_in_settings

_FIELD = "approval.approvers"


def approver_problems(office: Office) -> Iterator[Problem]:
    """Names instead of addresses, each with the address to write; and two addresses that a reader takes for one."""
    approvers = office.settings.approval.approvers
    line = line_in_settings(office, ("approval", "approvers")) if approvers else None
    seen: dict[str, str] = {}
    for one in approvers:
        if "@" not in one:
            yield Problem(path=SETTINGS, line=line, field=_FIELD, rule="approver-name", message=_name(office, one))
        elif (other := seen.setdefault(looks(one), one)) != one:
            message = said("“{one}” and “{other}” look alike; they count as two persons", one=other, other=one)
            yield Problem(path=SETTINGS, line=line, field=_FIELD, severity=Severity.WARNING, rule="approver-alike",
                          message=message)  # fmt: skip


def _name(office: Office, name: str) -> Message:
    address = address_of(office.root, name)
    if address:
        return said("“{name}” is a name, which anybody can type in git; write the address: “{address}”",
                    name=name, address=address)  # fmt: skip
    return said("“{name}” is a name, which anybody can type in git; write the address that this person’s git has"
                " (git config user.email)", name=name)  # fmt: skip
