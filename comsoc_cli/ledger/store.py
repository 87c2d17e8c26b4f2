"""The ledger: claimed before a mail server hears of it, settled when it has answered."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.ledger.schema import VERSION, about, deliveries, metadata
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient

_LONGEST_REPLY = 1000


class LedgerUnusable(Refusal):
    """The ledger cannot be read or written; without it nothing is sent."""

    exit_code = UNUSABLE

    def __init__(self, path: Path, message: Message) -> None:
        super().__init__(
            said("The ledger {path} cannot be used: {message}.", path=path, message=message),
            said("Nothing more was handed over. Make room or correct the permissions; the same command goes on."),
        )


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A delivery that is to be made."""

    release: str
    revision: int
    purpose: Purpose
    recipient: Recipient
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What came of a claimed delivery."""

    id: int
    outcome: Outcome
    reply: str = ""
    queue_id: str = ""


class Ledger:
    """The durable record of one office's deliveries."""

    def __init__(self, url: str, root: Path) -> None:
        """Open the ledger at a "sqlite:///" address, relative to the office; raises LedgerUnusable."""
        self.path = root / url.removeprefix("sqlite:///")
        with self._guarded():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = _engine(self.path)
            try:
                self._prepare()
            except BaseException:
                self._engine.dispose()
                raise

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def of_release(self, release: str, revision: int | None = None) -> list[Delivery]:
        """Every delivery of a release, or of one revision of it, in the order in which they were planned."""
        query = select(deliveries).where(deliveries.c.release == release).order_by(deliveries.c.id)
        if revision is not None:
            query = query.where(deliveries.c.revision == revision)
        with self._reading() as connection:
            return [_delivery(row) for row in connection.execute(query).mappings()]

    def open_deliveries(self, release: str, revision: int, purpose: Purpose) -> list[Delivery]:
        """Those that are still to be made; who was tried least comes first, so that nobody holds up the others."""
        wanted = (Outcome.PLANNED, Outcome.DEFERRED)
        found = [
            delivery
            for delivery in self.of_release(release, revision)
            if delivery.purpose is purpose and delivery.outcome in wanted
        ]
        return sorted(found, key=lambda delivery: delivery.tries)

    def counts(self) -> dict[tuple[str, int], dict[Outcome, int]]:
        """How many deliveries of each outcome every revision has."""
        query = select(
            deliveries.c.release, deliveries.c.revision, deliveries.c.outcome, func.count().label("many")
        ).group_by(deliveries.c.release, deliveries.c.revision, deliveries.c.outcome)
        found: dict[tuple[str, int], dict[Outcome, int]] = {}
        with self._reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault((row["release"], row["revision"]), {})[Outcome(row["outcome"])] = row["many"]
        return found

    def last_audience(self, segment: str, besides: str) -> set[str]:
        """The address keys that the latest other release was planned for in a segment; none if there was none."""
        in_segment = deliveries.c.segments.contains(json.dumps(segment), autoescape=True)
        latest = (
            select(deliveries.c.release, deliveries.c.revision)
            .where(in_segment, deliveries.c.release != besides)
            .order_by(deliveries.c.id.desc())
            .limit(1)
        )
        with self._reading() as connection:
            found = connection.execute(latest).first()
            if not found:
                return set()
            addresses = select(deliveries.c.address).where(
                in_segment, deliveries.c.release == found[0], deliveries.c.revision == found[1]
            )
            return set(connection.execute(addresses).scalars())

    def plan(self, rows: Sequence[Planned], now: datetime) -> None:
        """Write down who is to get it, all in one transaction; a row that is there is planned again as it was."""
        with self._writing() as connection:
            for row in rows:
                values = _values(row)
                changed = connection.execute(
                    update(deliveries)
                    .where(
                        deliveries.c.release == row.release,
                        deliveries.c.revision == row.revision,
                        deliveries.c.purpose == row.purpose.value,
                        deliveries.c.address == row.recipient.key,
                        deliveries.c.outcome != Outcome.ACCEPTED.value,
                    )
                    .values(segments=values["segments"], outcome=Outcome.PLANNED.value)
                )
                if not changed.rowcount:
                    connection.execute(
                        insert(deliveries).values(
                            **values, outcome=Outcome.PLANNED.value, planned_at=now.isoformat(timespec="seconds")
                        )
                    )

    def record(self, settled: Iterable[Settled], claims: Iterable[int], now: datetime) -> None:
        """Write down outcomes and claims together, durably, before anything else happens."""
        moment = now.isoformat(timespec="milliseconds")
        with self._writing() as connection:
            for one in settled:
                connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id == one.id, deliveries.c.outcome == Outcome.CLAIMED.value)
                    .values(outcome=one.outcome.value, reply=_short(one.reply), queue_id=one.queue_id, at=moment)
                )
            for number in claims:
                claimed = connection.execute(
                    update(deliveries)
                    .where(
                        deliveries.c.id == number,
                        deliveries.c.outcome.in_((Outcome.PLANNED.value, Outcome.DEFERRED.value)),
                    )
                    .values(outcome=Outcome.CLAIMED.value, tries=deliveries.c.tries + 1, at=moment)
                )
                if claimed.rowcount != 1:
                    raise RuntimeError(f"delivery {number} was claimed twice")

    def settle_lost_claims(self, now: datetime) -> int:
        """What a dead process had claimed may have gone out: uncertain. How many there were."""
        with self._writing() as connection:
            changed = connection.execute(
                update(deliveries)
                .where(deliveries.c.outcome == Outcome.CLAIMED.value)
                .values(outcome=Outcome.UNCERTAIN.value, at=now.isoformat(timespec="milliseconds"))
            )
            return changed.rowcount

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            if not inspect(connection).has_table("about"):
                metadata.create_all(connection)
                connection.execute(insert(about).values(version=VERSION))
                return
            version = connection.execute(select(about.c.version)).scalar()
        if version != VERSION:
            message = said("it was written by another version of comsoc (ledger version {found})", found=version)
            raise LedgerUnusable(self.path, message)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as fault:
            raise LedgerUnusable(self.path, said("{cause}", cause=_cause(fault))) from None
        except (SQLAlchemyError, OSError) as fault:
            raise LedgerUnusable(self.path, said("{cause}", cause=str(fault))) from None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._guarded(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._guarded(), self._engine.begin() as connection:
            yield connection


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _: object) -> None:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        except BaseException:
            connection.close()
            raise

    return engine


def _cause(fault: DatabaseError) -> str:
    return str(fault.orig) if fault.orig else str(fault)


def _values(row: Planned) -> dict[str, Any]:
    return {
        "release": row.release,
        "revision": row.revision,
        "purpose": row.purpose.value,
        "address": row.recipient.key,
        "written": row.recipient.address,
        "name": row.recipient.name,
        "outlet": row.recipient.outlet,
        "language": row.recipient.language,
        "segments": json.dumps(list(row.recipient.segments)),
        "message_id": row.message_id,
    }


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        id=row["id"],
        release=row["release"],
        revision=row["revision"],
        purpose=Purpose(row["purpose"]),
        recipient=Recipient(
            key=row["address"],
            address=row["written"],
            name=row["name"],
            outlet=row["outlet"],
            language=row["language"],
            segments=tuple(json.loads(row["segments"])),
        ),
        outcome=Outcome(row["outcome"]),
        planned_at=datetime.fromisoformat(row["planned_at"]),
        message_id=row["message_id"],
        tries=row["tries"],
        reply=row["reply"],
        queue_id=row["queue_id"],
        at=datetime.fromisoformat(row["at"]) if row["at"] else None,
    )


def _short(reply: str) -> str:
    return reply if len(reply) <= _LONGEST_REPLY else reply[:_LONGEST_REPLY] + "…"
