"""The ledger's tables."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, UniqueConstraint

VERSION = 1

metadata = MetaData()

about = Table("about", metadata, Column("version", Integer, nullable=False))

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("release", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("purpose", String, nullable=False),
    Column("address", String, nullable=False),  # the key that all spellings of one mailbox share
    Column("written", String, nullable=False),  # the address as it is written to
    Column("name", String, nullable=False, default=""),
    Column("outlet", String, nullable=False, default=""),
    Column("language", String, nullable=False, default=""),
    Column("segments", String, nullable=False),  # JSON list
    Column("outcome", String, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("planned_at", String, nullable=False),  # ISO 8601 with zone; also the Date of the message
    Column("at", String),
    Column("reply", String, nullable=False, default=""),
    Column("queue_id", String, nullable=False, default=""),
    Column("message_id", String, nullable=False),
    UniqueConstraint("release", "revision", "purpose", "address", name="one_delivery"),
    Index("by_outcome", "release", "revision", "outcome"),
)

#: The receipts that were written from here; all others are colleagues'.
receipts = Table("receipts", metadata, Column("name", String, primary_key=True))
