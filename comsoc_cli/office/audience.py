"""approved/<slug>/audience.yaml: segments that were added to an approved text, or taken from it, on whose word."""

import os
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from comsoc_cli.message import said
from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.model.audience import AudienceChange
from comsoc_cli.model.person import Person
from comsoc_cli.office.files import FileFault, write_text
from comsoc_cli.office.folder import Office
from comsoc_cli.office.sealed import read_sealed, sealed_text, whole_moment

AUDIENCE = "audience.yaml"
_NOT_OURS = said("it is not as comsoc writes it")


def read_audience(folder: Path) -> tuple[AudienceChange, ...]:
    """The changes in a release's folder of the vault, oldest first; raises FileFault where they cannot be read."""
    path = folder / AUDIENCE
    if not os.path.lexists(path):
        return ()
    data = read_sealed(path)
    try:
        if data["slug"] != folder.name:
            raise FileFault(said("this belongs to “{slug}”", slug=data["slug"]))
        return tuple(_change(folder.name, one) for one in data["changes"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FileFault(_NOT_OURS) from None


def store_audience(office: Office, slug: str, changes: Sequence[AudienceChange]) -> Path:
    """Write down every change of the audience; raises StoreUnusable."""
    path = office.vault / slug / AUDIENCE
    write_text(path, sealed_text({"slug": slug, "changes": [_told(one) for one in changes]}))
    return path


def _told(one: AudienceChange) -> dict[str, Any]:
    approval = one.approval
    return {
        "segment": one.segment,
        "removed": "yes" if one.removed else "",
        "revision": approval.revision,
        "digest": approval.digest,
        "author": approval.author,
        "authors": [{"name": who.name, "email": who.email} for who in approval.authors],
        "approvals": [_assent(it) for it in approval.assents],
    }


def _assent(one: Assent) -> dict[str, Any]:
    told = {field.name: getattr(one, field.name) for field in fields(one) if field.compare}
    return {**told, "at": one.at.isoformat(timespec="seconds")}


def _change(slug: str, told: dict[str, Any]) -> AudienceChange:
    approval = Approval(
        slug=slug,
        revision=int(told["revision"]),
        digest=told["digest"],
        author=told.get("author", ""),
        authors=tuple(Person(**who) for who in told.get("authors", ())),
        assents=tuple(Assent(**{**it, "at": whole_moment(it["at"])}) for it in told["approvals"]),
    )
    return AudienceChange(segment=told["segment"], removed=bool(told.get("removed")), approval=approval)
