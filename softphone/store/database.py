"""What a database is to this product: reads, and writes handed over as whole units.

One SQL text serves both engines: `$1 … $n` placeholders, `ON CONFLICT`, `RETURNING`, text ids, times as whole
microseconds since 1970 in bigint columns, booleans (0 and 1 in SQLite). Rows are tuples of plain values in the order
of the SELECT list.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

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

    async def notify(self, event_id: int) -> None:
        """Tell every process that listens of this event, once the unit has committed. Nothing is told if it rolls
        back.
        """

    @property
    def for_update(self) -> str:
        """`FOR UPDATE` where the engine has row locks, empty where one writer excludes all others."""


class Database(Protocol):
    """A pool of connections to one database."""

    async def read(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` on a consistent, read-only view."""

    async def write(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` in one transaction that cancellation cannot tear.

        If the caller is cancelled, the unit still commits or rolls back whole before the cancellation is passed on.
        """

    def listen(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with the id of each event that commits, in whatever process. Returns the way to stop."""

    async def close(self) -> None:
        """Close every connection. Nothing can be asked afterwards."""


def to_micros(moment: datetime) -> int:
    """Whole microseconds since 1970, as both engines keep times. `moment` must be aware."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """The UTC moment of a stored time."""
    return EPOCH + timedelta(microseconds=micros)
