"""The ledger: claimed before a mail server has the text, settled when it has answered."""

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, inspect, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.ledger.file import opened, prepare
from comsoc_cli.ledger.place import ledger_path
from comsoc_cli.ledger.records import Claim, Planned, Settled
from comsoc_cli.ledger.schema import VERSION, about, deliveries, metadata, receipts
from comsoc_cli.ledger.statements import CLAIM, PLAN, SETTLE, TAKE_BACK
from comsoc_cli.message import Message, said
from comsoc_cli.model.delivery import TEXTS, Delivery, Outcome, Purpose, Recipient

T = TypeVar("T")
_LONGEST_REPLY = 1000
_UPGRADE = "pip install --upgrade comsoc-cli"
_DAMAGED = said(
    "Move the file away, with its -wal and -shm: the receipts tell who has what, or may have it, and the same command"
    " goes on."
)
_TEXTS = deliveries.c.purpose.in_([purpose.value for purpose in TEXTS])
_AT_ONCE = 500  #: rows that are read or written with one statement


class LedgerUnusable(Refusal):
    """The ledger cannot be read or written; without it nothing is sent."""

    exit_code = UNUSABLE

    def __init__(self, path: Path, message: Message, hint: Message | None = None) -> None:
        usual = said("Nothing more was handed over. Make room or correct the permissions; the same command goes on.")
        super().__init__(
            said("The ledger {path} cannot be used: {message}.", path=path, message=message), hint or usual
        )
        self.path = path


class LedgerDamaged(LedgerUnusable):
    """What lies there is no ledger, or only half of one."""

    def __init__(self, path: Path, message: Message) -> None:
        super().__init__(path, message, _DAMAGED)


def put_aside(path: Path) -> Path:
    """Move a damaged ledger away, with its -wal and -shm, under a name that is free; answers with where it is."""
    number = next(n for n in count(1) if not path.with_name(f"{path.name}.damaged-{n}").exists())
    aside = path.with_name(f"{path.name}.damaged-{number}")
    try:
        for end in ("-wal", "-shm", ""):
            if (beside := path.with_name(path.name + end)).exists():
                beside.rename(aside.with_name(aside.name + end))
    except OSError as fault:
        raise LedgerUnusable(path, said("{cause}", cause=fault.strerror or str(fault))) from None
    return aside


class Ledger:
    """The durable record of one office's deliveries."""

    def __init__(self, url: str, root: Path) -> None:
        """Open the ledger at a "sqlite:///" address, relative to the office; raises LedgerUnusable."""
        self.path = ledger_path(url, root)
        with self._guarded():
            prepare(self.path)
            self._engine = opened(self.path)
            self._recorder: PoolProxiedConnection | None = None
            try:
                self._prepare()
            except BaseException:
                self._engine.dispose()
                raise

    def close(self) -> None:
        if self._recorder is not None:
            self._recorder.close()
            self._recorder = None
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what it knows

    def of_release(self, release: str, revision: int | None = None, outcomes: Iterable[Outcome] = ()) -> list[Delivery]:
        """The deliveries of a release in the order in which they were planned.

        All of them, or those of one revision, or those with one of these outcomes.
        """
        query = select(deliveries).where(deliveries.c.release == release).order_by(deliveries.c.id)
        if revision is not None:
            query = query.where(deliveries.c.revision == revision)
        if outcomes:
            query = query.where(deliveries.c.outcome.in_([outcome.value for outcome in outcomes]))
        with self._reading() as connection:
            return [_delivery(row) for row in connection.execute(query).mappings()]

    def holders(self, release: str, before: int | None = None) -> list[Delivery]:
        """The deliveries that may have brought a text of a release, or of a revision before this one; oldest first.

        A claim is counted: its text may be on its way.
        """
        found = self.of_release(release, outcomes=(Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.CLAIMED))
        return [one for one in found if one.purpose in TEXTS and (before is None or one.revision < before)]

    def sent(self) -> set[tuple[str, int, Purpose]]:
        """Every release, revision and purpose that there are deliveries of."""
        query = select(deliveries.c.release, deliveries.c.revision, deliveries.c.purpose).distinct()
        with self._reading() as connection:
            return {(slug, revision, Purpose(purpose)) for slug, revision, purpose in connection.execute(query)}

    def outcomes(self, release: str, revision: int, purpose: Purpose) -> dict[str, Outcome]:
        """What came of each address key."""
        query = select(deliveries.c.address, deliveries.c.outcome).where(*_of(release, revision, purpose))
        with self._reading() as connection:
            return {address: Outcome(outcome) for address, outcome in connection.execute(query)}

    def to_make(
        self, release: str, revision: int, purpose: Purpose, wanted: Container[str], *, uncertain: bool = False
    ) -> list[int]:
        """The numbers of what is still to be handed over to these address keys, or also of what is uncertain.

        The least tried come first, so that none holds up the others.
        """
        outcomes = (Outcome.PLANNED, Outcome.DEFERRED, *([Outcome.UNCERTAIN] if uncertain else []))
        query = (
            select(deliveries.c.id, deliveries.c.address)
            .where(*_of(release, revision, purpose))
            .where(deliveries.c.outcome.in_([outcome.value for outcome in outcomes]))
            .order_by(deliveries.c.tries, deliveries.c.id)
        )
        with self._reading() as connection:
            return [number for number, address in connection.execute(query) if address in wanted]

    def deliveries(self, numbers: Iterable[int]) -> Iterator[Delivery]:
        """The deliveries of these numbers in this order, read a few hundred at a time."""
        for some in _in_batches(numbers):
            with self._reading() as connection:
                rows = connection.execute(select(deliveries).where(deliveries.c.id.in_(some))).mappings()
                found = {row["id"]: _delivery(row) for row in rows}
            yield from (found[number] for number in some)

    def counts(self, release: str = "") -> dict[tuple[str, int], dict[Outcome, int]]:
        """How many deliveries of each outcome every revision's text has; of one release, or of all."""
        kept = (deliveries.c.release, deliveries.c.revision, deliveries.c.outcome)
        query = select(*kept, func.count().label("many")).where(_TEXTS).group_by(*kept)
        if release:
            query = query.where(deliveries.c.release == release)
        found: dict[tuple[str, int], dict[Outcome, int]] = {}
        with self._reading() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault((row["release"], row["revision"]), {})[Outcome(row["outcome"])] = row["many"]
        return found

    def by_segment(self, release: str = "") -> dict[str, dict[str, dict[Outcome, int]]]:
        """How many deliveries of each outcome the newest text of every release, or of one, has in each segment."""
        kept = (deliveries.c.release, deliveries.c.revision, deliveries.c.segments, deliveries.c.outcome)
        query = select(*kept, func.count()).where(_TEXTS).group_by(*kept).order_by(func.min(deliveries.c.id))
        if release:
            query = query.where(deliveries.c.release == release)
        with self._reading() as connection:
            rows = connection.execute(query).all()
            newest: dict[str, int] = {}
            for row in rows:
                newest[row.release] = max(row.revision, newest.get(row.release, 0))
            found: dict[str, dict[str, dict[Outcome, int]]] = {}
            for slug, revision, segments, outcome, many in rows:
                for name in _from_json(segments) if revision == newest[slug] else ():
                    counts = found.setdefault(slug, {}).setdefault(name, {})
                    counts[Outcome(outcome)] = counts.get(Outcome(outcome), 0) + many
        return found

    def notices(self, release: str = "") -> dict[str, dict[Purpose, dict[Outcome, int]]]:
        """How many messages about every release, or about one, had each outcome, by their purpose."""
        kept = (deliveries.c.release, deliveries.c.purpose, deliveries.c.outcome)
        query = select(*kept, func.count()).where(~_TEXTS).group_by(*kept).order_by(func.min(deliveries.c.id))
        if release:
            query = query.where(deliveries.c.release == release)
        found: dict[str, dict[Purpose, dict[Outcome, int]]] = {}
        with self._reading() as connection:
            for slug, purpose, outcome, many in connection.execute(query).all():
                found.setdefault(slug, {}).setdefault(Purpose(purpose), {})[Outcome(outcome)] = many
        return found

    def last_audience(self, segment: str, besides: str) -> set[str]:
        """The address keys that the latest other release was planned for in a segment; none if there was none."""
        in_segment = func.instr(deliveries.c.segments, json.dumps(segment)) > 0  # LIKE takes "Radio" for "radio"
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

    def own_receipts(self) -> set[str]:
        """The file names of the receipts that were written from here."""
        with self._reading() as connection:
            return set(connection.execute(select(receipts.c.name)).scalars())

    # what is written down

    def plan(self, rows: Iterable[Planned], now: datetime, receipt: str = "") -> None:
        """Write down who is to get it and under which receipt, all in one transaction.

        A row that is there is planned again with what is known of the person now, unless its text was accepted or is
        on its way; one that is uncertain stays so until a later try is accepted.
        """
        moment = now.isoformat(timespec="seconds")
        with self._writing() as connection:
            for some in _in_batches(rows):
                connection.exec_driver_sql(PLAN, [_values(row, moment) for row in some])
            if receipt:
                connection.execute(insert(receipts).values(name=receipt))

    def record(self, settled: Sequence[Settled], claims: Sequence[Claim], now: datetime) -> None:
        """Write down outcomes and claims together, durably, before anything else happens.

        Raises RuntimeError, with nothing written, if a claim is not for a delivery that is still to be made.
        """
        moment = now.isoformat(timespec="milliseconds")
        with self._recording() as connection:
            if settled:
                came_of = json.dumps(
                    [
                        (one.id, one.tries, one.claimed, one.outcome.value, _short(one.reply), one.queue_id)
                        for one in settled
                    ]
                )
                connection.execute(SETTLE, (moment, came_of))
            if claims:
                values = json.dumps([(one.id, one.tries, one.is_uncertain) for one in claims])
                if connection.execute(CLAIM, (moment, values)).rowcount != len(claims):
                    raise RuntimeError("a delivery was claimed twice")

    def take_back(self, numbers: Iterable[int]) -> None:
        """Plan again what this run had booked as refused, since the refusal was about the office."""
        with self._recording() as connection:
            connection.executemany(TAKE_BACK, [(number,) for number in numbers])

    def settle_lost_claims(self, now: datetime, release: str = "") -> int:
        """What a dead process had claimed, of one release or of all, may have gone out: uncertain. How many."""
        lost = update(deliveries).where(deliveries.c.outcome == Outcome.CLAIMED.value)
        if release:
            lost = lost.where(deliveries.c.release == release)
        with self._writing() as connection:
            moment = now.isoformat(timespec="milliseconds")
            return connection.execute(lost.values(outcome=Outcome.UNCERTAIN.value, at=moment)).rowcount

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            if not inspect(connection).has_table("about"):
                # Tables and version appear together, and once, however many open the first ledger at the same time.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                metadata.create_all(connection)
                if connection.execute(select(about)).first() is None:
                    connection.execute(insert(about).values(version=VERSION))
            version = connection.execute(select(about.c.version)).scalar()
            if version == VERSION:
                receipts.create(connection, checkfirst=True)
                return
        message = said("it was written by another version of comsoc (ledger version {found})", found=version)
        raise LedgerUnusable(self.path, message, said("Use that version, or a newer one: {command}", command=_UPGRADE))

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as fault:
            cause = str(getattr(fault, "orig", None) or fault)
            damaged = "malformed" in cause or "not a database" in cause
            raise (LedgerDamaged if damaged else LedgerUnusable)(self.path, said("{cause}", cause=cause)) from None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._guarded(), self._engine.connect() as connection:
            try:
                yield connection
            except ValueError as fault:  # no outcome, purpose, moment or list that was ever written here
                raise LedgerDamaged(self.path, said("it is damaged ({cause})", cause=str(fault))) from None

    @contextmanager
    def _recording(self) -> Iterator[sqlite3.Connection]:
        """A transaction on a connection of its own: a run makes thousands of them, a pool doubles their price."""
        with self._guarded():
            if self._recorder is None:
                self._recorder = self._engine.raw_connection()
            connection: Any = self._recorder.driver_connection
            with connection:  # commits, or rolls back
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._guarded(), self._engine.begin() as connection:
            yield connection


def _of(release: str, revision: int, purpose: Purpose) -> tuple[Any, ...]:
    return (
        deliveries.c.release == release,
        deliveries.c.revision == revision,
        deliveries.c.purpose == purpose.value,
    )


def _in_batches(many: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(many)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _values(row: Planned, moment: str) -> tuple[object, ...]:
    recipient = row.recipient
    return (
        row.release,
        row.revision,
        row.purpose.value,
        recipient.key,
        recipient.address,
        recipient.name,
        recipient.outlet,
        recipient.language,
        _as_json(recipient.segments),
        moment,
        row.message_id,
        (Outcome.UNCERTAIN if row.is_uncertain else Outcome.PLANNED).value,
    )


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
            segments=_from_json(row["segments"]),
        ),
        outcome=Outcome(row["outcome"]),
        planned_at=_moment(row["planned_at"]),
        message_id=row["message_id"],
        tries=row["tries"],
        reply=row["reply"],
        queue_id=row["queue_id"],
        at=datetime.fromisoformat(row["at"]) if row["at"] else None,
    )


# A hundred thousand rows hold a handful of different values here.


@lru_cache(maxsize=1000)
def _as_json(segments: tuple[str, ...]) -> str:
    return json.dumps(list(segments))


@lru_cache(maxsize=1000)
def _from_json(segments: str) -> tuple[str, ...]:
    found = json.loads(segments)
    if not isinstance(found, list):
        raise ValueError(segments)  # noqa: TRY004 - damage, like what is no JSON
    return tuple(found)


@lru_cache(maxsize=1000)
def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _short(reply: str) -> str:
    return reply if len(reply) <= _LONGEST_REPLY else reply[:_LONGEST_REPLY] + "…"
