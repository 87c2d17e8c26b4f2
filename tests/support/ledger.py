"""A ledger in a folder of the test’s own, and deliveries in it."""

from datetime import UTC, datetime

from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.delivery import Delivery, Purpose, Recipient

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
URL = "sqlite:///.comsoc/ledger.db"


def planned(address: str, release: str = "becas", revision: int = 1, segment: str = "media") -> Planned:
    recipient = Recipient(key=address.casefold(), address=address, name="Mesa", outlet="El Diario", segments=(segment,))
    return Planned(
        release=release,
        revision=revision,
        purpose=Purpose.RELEASE,
        recipient=recipient,
        message_id=f"<{release}-{revision}-{address}>",
    )


def rows(ledger: Ledger, release: str = "becas") -> dict[str, Delivery]:
    return {delivery.recipient.address: delivery for delivery in ledger.of_release(release)}
