"""When a connection's SIP phones are looked at again, and how it went."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import ConnectionId
from softphone.store.database import Connection, Row, from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class SipWatch:
    """The watch over one connection. `failures` are rounds that failed in a row, `problem` the last's words."""

    connection_id: ConnectionId
    next_at: datetime
    failures: int
    read_at: datetime | None
    problem: str | None


async def select_watches(db: Connection) -> dict[ConnectionId, SipWatch]:
    """Every watch that has begun."""
    rows = await db.fetch_all("SELECT connection_id, next_at, failures, read_at, problem FROM sip_watches")
    return {(watch := _read(row)).connection_id: watch for row in rows}


async def select_watched_connections(db: Connection) -> list[ConnectionId]:
    """The connections that have SIP phones."""
    rows = await db.fetch_all(
        "SELECT DISTINCT e.connection_id FROM sip_phones s JOIN endpoints e ON e.id = s.endpoint_id"
        " ORDER BY e.connection_id"
    )
    return [ConnectionId(str(row[0])) for row in rows]


async def upsert_watch(db: Connection, watch: SipWatch) -> None:
    """Write a watch."""
    await db.execute(
        "INSERT INTO sip_watches (connection_id, next_at, failures, read_at, problem) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (connection_id) DO UPDATE SET next_at = $2, failures = $3, read_at = $4, problem = $5",
        watch.connection_id,
        to_micros(watch.next_at),
        watch.failures,
        to_micros(watch.read_at) if watch.read_at else None,
        watch.problem,
    )


def _read(row: Row) -> SipWatch:
    return SipWatch(
        connection_id=ConnectionId(str(row[0])),
        next_at=from_micros(int(str(row[1]))),
        failures=int(str(row[2])),
        read_at=from_micros(int(str(row[3]))) if row[3] is not None else None,
        problem=str(row[4]) if row[4] is not None else None,
    )
