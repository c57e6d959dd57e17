"""PostgreSQL behind the two-engine interface: a pool, units as READ COMMITTED transactions, LISTEN and NOTIFY.

The raw cursor takes `$n` placeholders as the server does, so the SQL text of SQLite serves unchanged.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from softphone.domain.errors import Busy
from softphone.domain.patience import PATIENCE, Patience
from softphone.store.database import Connection, Row, T, Units, Value

POOL_CONNECTIONS = 10
STATEMENT_SECONDS = 0.5
"""How long a statement may take beside its wait for a lock."""
IDLE_UNIT_MS = 10_000  # A unit never waits for the network, so one that idles this long belongs to a dead process.
OPEN_SECONDS = 10.0
RELISTEN_SECONDS = 1.0
CHANNEL = "softphone_events"
SCHEMA_LOCK = 0x736F6674  # "soft"; any number will do that all our processes share.

Raw = psycopg.AsyncConnection[tuple[Any, ...]]
log = logging.getLogger("softphone.store")


class PostgresConnection:
    """A connection inside a read or a unit of writes."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._waiting: list[tuple[bytes, tuple[Value, ...]]] = []
        self._failed: psycopg.Error | None = None

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row of a statement."""
        return await (await self.run(sql.encode(), values)).fetchall()

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a statement, or None."""
        return await (await self.run(sql.encode(), values)).fetchone()

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it changed."""
        return (await self.run(sql.encode(), values)).rowcount

    def put(self, sql: str, *values: Value) -> None:
        """Have a statement run before whatever comes next in the unit."""
        self._waiting.append((sql.encode(), values))

    async def notify(self, event_id: int) -> None:
        """Tell every process of this event once the unit has committed: that is when NOTIFY is delivered."""
        self.put("SELECT pg_notify($1::text, $2::text)", CHANNEL, str(event_id))

    async def lock_schema(self) -> None:
        """Take the lock that every process takes before it changes the tables, without the bounds of other units."""
        await self.run(b"SET LOCAL lock_timeout = 0")
        await self.run(b"SET LOCAL statement_timeout = 0")
        await self.run(b"SELECT pg_advisory_xact_lock($1::bigint)", (SCHEMA_LOCK,))

    async def run(self, sql: bytes, values: tuple[Value, ...] = ()) -> psycopg.AsyncCursor[tuple[Any, ...]]:
        """Send a statement, in one trip with those that wait. The server skips the rest once one has failed."""
        if self._failed is not None:
            # The server would answer COMMIT after a failure with a rollback, and call that a success.
            raise self._failed
        waiting, self._waiting = self._waiting, []
        try:
            if not waiting:
                return await self._raw.execute(sql, values)
            async with self._raw.pipeline():
                for earlier, given in waiting:
                    await self._raw.execute(earlier, given)
                return await self._raw.execute(sql, values)
        except psycopg.Error as error:
            self._failed = error
            raise

    @property
    def for_update(self) -> str:
        """Row locks."""
        return "FOR UPDATE"


class PostgresDatabase:
    """One PostgreSQL database."""

    def __init__(self, url: str, *, patience: Patience) -> None:
        self._url = url
        self._pool: AsyncConnectionPool[Raw] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=POOL_CONNECTIONS,
            timeout=patience.turn,
            open=False,
            kwargs={"autocommit": True, "cursor_factory": psycopg.AsyncRawCursor, "options": _options(patience)},
        )
        self._units = Units()
        self._listeners: list[Callable[[int], None]] = []
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect.

        Raises: Busy if the server does not answer.
        """
        with _busy():
            await self._pool.open(wait=True, timeout=OPEN_SECONDS)
        heard = asyncio.Event()
        self._listening = asyncio.create_task(self._hear(heard))
        await heard.wait()

    def listen(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with the id of each event that commits. Returns the way to stop."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard)

    async def read(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` on a consistent, read-only view."""
        return await self._units.whole(self._run(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", unit))

    async def write(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` in one READ COMMITTED transaction that cancellation cannot tear."""
        return await self._units.whole(self._run(b"BEGIN", unit))

    async def _run(self, begin: bytes, unit: Callable[[Connection], Awaitable[T]]) -> T:
        with _busy():
            async with self._connection() as raw:
                connection = PostgresConnection(raw)
                await connection.run(begin)
                result = await unit(connection)
                await connection.run(b"COMMIT")
                return result

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Raw]:
        raw = await self._pool.getconn()
        try:
            yield raw
        finally:
            if raw.info.transaction_status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}:
                with contextlib.suppress(psycopg.OperationalError):  # Gone: the server rolls back by itself.
                    await raw.execute(b"ROLLBACK")
            await self._pool.putconn(raw)

    async def _hear(self, heard: asyncio.Event) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as raw:
                    await raw.execute(f"LISTEN {CHANNEL}".encode())
                    heard.set()
                    self._tell(0)
                    async for notice in raw.notifies():
                        self._tell(int(notice.payload))
            except psycopg.OperationalError:
                log.warning("the database's notices stopped; connecting again")
            await asyncio.sleep(RELISTEN_SECONDS)

    def _tell(self, event_id: int) -> None:
        for heard in tuple(self._listeners):
            heard(event_id)

    async def scrub(self) -> None:
        """Nothing: the server's own vacuum frees dead rows, and its log is its operator's."""

    async def close(self) -> None:
        """Let the running units end, then close every connection."""
        await self._units.drain()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._pool.close()


def _options(patience: Patience) -> str:
    bounds = {
        "lock_timeout": round(patience.lock * 1000),
        "statement_timeout": round((patience.lock + STATEMENT_SECONDS) * 1000),
        "idle_in_transaction_session_timeout": IDLE_UNIT_MS,
    }
    return " ".join(f"-c {name}={value}" for name, value in bounds.items())


@contextmanager
def _busy() -> Iterator[None]:
    """Turn a wait that reached its bound, and a server that is gone, into `Busy`."""
    try:
        yield
    except (PoolTimeout, psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout) as error:
        raise Busy from error


async def open_postgres(url: str, *, patience: Patience = PATIENCE) -> PostgresDatabase:
    """Open the database of a `postgresql://` URL.

    Raises: Busy if the server does not answer.
    """
    database = PostgresDatabase(url, patience=patience)
    try:
        await database.open()
    except Busy:
        await database.close()
        raise
    return database
