"""Whether a colleague has sent or changed, meanwhile, what a send from here depends on."""

import os
import re
from collections.abc import Iterator, Sequence

from comsoc_cli.delivery.consignment import Consignment
from comsoc_cli.message import Message, joined, said
from comsoc_cli.model.problem import Objection
from comsoc_cli.office.folder import SETTINGS, Office
from comsoc_cli.office.receipts import RECEIPT_NAME
from comsoc_cli.office.upstream import LOGIN, TIMEOUT, UNREACHABLE, Fetched, fetch

_MOST_NAMED = 3  #: colleagues
_FAILURES = {
    TIMEOUT: said("the server of the repository gives no answer"),
    LOGIN: said("the server of the repository asks for a password or a key"),
    UNREACHABLE: said("the server of the repository cannot be reached"),
}
#: A receipt of a test, which says of nobody that they have the release.
_OF_A_TEST = re.compile(r"-r\d+-test(-\d+)?\.json$")
_OTHER = said("git could not fetch")


def object_to(office: Office, going: Sequence[Consignment], before: Fetched | None) -> Fetched | None:
    """Fetches, and adds the objection to each of these that depends on what a colleague pushed and is not here.

    Nothing is asked where nothing would go out, nor a second time of a remote that failed `before`. Answers with what
    came of it; None where there is no remote.
    """
    going = [one for one in going if one.plan.recipients and not one.objections]
    if not going or (before and before.failure):
        return before
    names = [office.name_of(path) for path in (office.dispatches, office.contacts, office.suppressions)]
    vault = [office.name_of(office.vault / one.standing.slug) for one in going]
    fetched = fetch(office.root, [*names, "contacts", SETTINGS, *vault], os.environ)
    for one in going:
        one.objections.extend(not_pulled(office, one.standing.slug, fetched))
    return fetched


def not_pulled(office: Office, slug: str, fetched: Fetched | None) -> list[Objection]:
    """The objection to sending a release before what colleagues pushed is here."""
    if not fetched or not (what := list(_what(office, slug, fetched.missing))):
        return []
    who = ", ".join(fetched.authors[:_MOST_NAMED])
    facts: dict[str, object] = {"what": joined(what), "who": who}
    message = (
        said("a colleague ({who}) sent or changed what is not here yet: {what}", **facts)
        if who
        else said("a colleague sent or changed what is not here yet: {what}", **facts)
    )
    return [Objection(rule="not_pulled", message=message, lifted_by=said("{command}", command=fetched.pull))]


def warnings(fetched: Fetched | None) -> list[Message]:
    """What a sender should know where colleagues could not be asked."""
    if not fetched or not fetched.failure:
        return []
    return [
        said(
            "It could not be looked up whether a colleague sent or changed something: {why}. If somebody else may have"
            " sent it, call first.",
            why=_FAILURES.get(fetched.failure, _OTHER),
        )
    ]


def receipt_facts(fetched: Fetched | None) -> dict[str, object]:
    """What a receipt says of it; nothing where there was nothing to ask."""
    if fetched is None:
        return {}
    return {"fetched": False, "fetch_failure": fetched.failure} if fetched.failure else {"fetched": True}


def _what(office: Office, slug: str, missing: Sequence[str]) -> Iterator[Message]:
    """In plain words what of it matters to this release."""
    sends = office.name_of(office.dispatches) + "/"
    receipts = [name.rpartition("/")[2] for name in missing if name.startswith(sends) and not _OF_A_TEST.search(name)]
    of_it = [name for name in receipts if (parts := RECEIPT_NAME.fullmatch(name)) and parts["slug"] == slug]
    if of_it:
        yield said("the send of “{slug}” ({receipts})", slug=slug, receipts=", ".join(of_it))
    elif receipts:
        yield said("another send ({receipts})", receipts=", ".join(receipts[:_MOST_NAMED]))
    if any(name.startswith(office.name_of(office.vault / slug) + "/") for name in missing):
        yield said("“{slug}” in approved/", slug=slug)
    if office.name_of(office.suppressions) in missing:
        yield said("who must not be written to (suppressions.yaml)")
    if any(name == office.name_of(office.contacts) or name.startswith("contacts/") for name in missing):
        yield said("the contacts (contacts.yaml)")
    if SETTINGS in missing:
        yield said("the settings (comsoc.toml)")
