"""What a database is to this product: reads, and writes handed over as whole units.

One SQL text serves both engines: `$1 … $n` placeholders, `ON CONFLICT`, `RETURNING`, text ids, times as whole
microseconds since 1970 in bigint columns, booleans (0 and 1 in SQLite). Rows are tuples of plain values in the order
of the SELECT list.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Value = str | int | bool | bytes | None
# What a column holds. `object` keeps the reading side honest: each typed function decodes its own row.
Row = tuple[object, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Connection(Protocol):
    """A database connection inside a read or a unit of writes."""

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row of a statement."""

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a statement, or None."""

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it changed."""

    def put(self, sql: str, *values: Value) -> None:
        """Have a statement run in its turn: before the next one of the unit, or before its end. What it raises, the
        unit raises there. For changes whose outcome nobody asks for: the way to the database takes longer than most do.
        """

    async def notify(self, event_id: int) -> None:
        """Tell every process that listens of this event, once the unit has committed. Nothing is told if it rolls
        back.
        """

    async def lock_schema(self) -> None:
        """Wait, however long it takes, until no other process changes the tables; keep them out until the unit ends."""

    @property
    def for_update(self) -> str:
        """`FOR UPDATE` where the engine has row locks, empty where one writer excludes all others."""


class Database(Protocol):
    """A pool of connections to one database.

    Every wait is bounded: a database that is locked or gone raises `Busy` within seconds, with nothing changed.
    A unit is one transaction, READ COMMITTED on PostgreSQL: what it decides on, it locks with `for_update`, or an
    upsert or a unique key decides for it. A unit must not wait for the network, nor open another unit.
    """

    async def read(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` on a consistent, read-only view.

        Raises: Busy
        """

    async def write(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` in one transaction that cancellation cannot tear.

        If the caller is cancelled, the unit still commits or rolls back whole before the cancellation is passed on.

        Raises: Busy
        """

    def listen(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with the id of each event that commits, in whatever process. Returns the way to stop.

        An id of 0 says that notices may have been lost: look for yourself.
        """

    async def scrub(self) -> None:
        """Have what was deleted leave the engine's own log too, as far as the engine can be asked to."""

    async def close(self) -> None:
        """Close every connection. Nothing can be asked afterwards."""


class Units:
    """Runs units as tasks of their own, so that a caller who goes away cannot tear one (threat model, TM-R2)."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def whole(self, unit: Coroutine[Any, Any, T]) -> T:
        """The unit's result. A cancelled caller is let go only when the unit has ended."""
        task = asyncio.create_task(unit)
        self._running.add(task)  # The loop itself keeps no task alive: one that nobody holds may vanish half done.
        task.add_done_callback(self._running.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # Looked at, so that it is not reported as never retrieved: the caller has gone.
            raise

    async def drain(self) -> None:
        """Wait until every unit has ended, also those whose callers did not wait."""
        while self._running:
            await asyncio.wait(tuple(self._running))


def to_micros(moment: datetime) -> int:
    """Whole microseconds since 1970, as both engines keep times. `moment` must be aware."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The UTC moment of a stored time."""
    return EPOCH + timedelta(microseconds=micros)
