"""The letters of an office, and deliveries that they are for."""

import email
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from comsoc_cli.delivery.letters import Letters
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Sender

from .offices import lay_out
from .texts import a_text, approved, documents

AT = datetime(2023, 11, 23, 18, 0, tzinfo=UTC)  # in the past: dkimpy believes no signature of the future
SENDER = Sender(name="Prensa", email="prensa@sinaloa.example")
ONE_CLICK = replace(SENDER, unsubscribe_url="https://baja.sinaloa.example/u?lista=1")


def letters(
    folder: Path,
    files: Mapping[str, str] | None = None,
    *,
    text: Release | None = None,
    sender: Sender = SENDER,
    published: bool = True,
    **more: Any,
) -> Letters:
    """The letters of an office with these templates of its own."""
    own = lay_out(folder / "templates", files or {})
    shown = approved(text or a_text(), published=published)
    return Letters(documents(own, sender=sender), sender, shown, **more)


def a_delivery(name: str = "Ana Ruiz", *segments: str, **changes: Any) -> Delivery:
    """A delivery to somebody whose address and token come from their name."""
    first = name.split()[0].lower()
    recipient = Recipient(
        key=f"{first}@diario.example",
        address=f"{first}@diario.example",
        name=name,
        outlet="El Diario",
        segments=segments or ("media",),
    )
    values: dict[str, Any] = {
        "id": 1,
        "release": "becas",
        "revision": 1,
        "purpose": Purpose.RELEASE,
        "recipient": recipient,
        "outcome": Outcome.PLANNED,
        "planned_at": AT,
        "message_id": f"<{first.encode().hex().zfill(32)}@sinaloa.example>",
    }
    return Delivery(**{**values, **changes})


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=SMTP.clone(raise_on_defect=True))
    assert isinstance(message, EmailMessage)
    return message
