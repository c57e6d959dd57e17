"""SQLite behind the two-engine interface: one writer behind a lock, separate readers, WAL.

A thread for each connection. Going to the thread and back costs ten times what a statement does, so statements that
wait (`put`, BEGIN) travel with the next one that is asked for, or with COMMIT.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path

from softphone.domain.errors import Busy
from softphone.domain.patience import PATIENCE, Patience
from softphone.store.database import Connection, Row, T, Units, Value
from softphone.store.sqlite_log import WriteAheadLog
from softphone.store.threads import OwnThread

PRIMARY_CODE = 0xFF  # sqlite.org/rescode.html: the low 8 bits of an extended result code.
READERS = 4
STATEMENTS = 256
"""How many prepared statements a connection keeps: more than the product has."""

Statement = tuple[str, tuple[Value, ...]]


class SqliteThread:
    """A connection to the file and the thread that it is used in. Open it before it is asked."""

    def __init__(self, name: str) -> None:
        self._thread = OwnThread(name)
        self._raw: sqlite3.Connection | None = None

    async def open(self, path: Path, pragmas: Sequence[str], *, patience: Patience) -> None:
        """Connect.

        Raises: sqlite3.Error if the file cannot be used, or has no write-ahead log.
        """
        await self._thread.hand(partial(self._open, path, pragmas, patience.lock))

    def ask(self, statements: Sequence[Statement], take: Callable[[sqlite3.Cursor], T]) -> "asyncio.Future[T]":
        """Run the statements in order; what `take` makes of the last one's cursor is to come."""
        return self._thread.hand(partial(self._ask, statements, take))

    def roll_back(self) -> "asyncio.Future[None]":
        """End the transaction without a trace, if there is one. It need not be waited for: what is asked next waits."""
        return self._thread.hand(lambda: self._connected.rollback())

    async def close(self) -> None:
        """Close what is open, and end the thread."""
        if self._raw is not None:
            await self._thread.hand(self._raw.close)
        await self._thread.stop()

    @property
    def _connected(self) -> sqlite3.Connection:
        if self._raw is None:
            raise RuntimeError("the connection is not open")
        return self._raw

    def _open(self, path: Path, pragmas: Sequence[str], seconds: float) -> None:
        # check_same_thread stays on: only this thread may touch the connection.
        self._raw = sqlite3.connect(path, isolation_level=None, timeout=seconds, cached_statements=STATEMENTS)
        if self._raw.execute("PRAGMA journal_mode=WAL").fetchall() != [("wal",)]:
            # A disk shared over a network, say. Without the log, readers and the writer would wait for each other.
            raise sqlite3.OperationalError("the disk of the database cannot hold a write-ahead log")
        for pragma in pragmas:
            self._raw.execute(f"PRAGMA {pragma}").fetchall()

    def _ask(self, statements: Sequence[Statement], take: Callable[[sqlite3.Cursor], T]) -> T:
        *before, (sql, values) = statements
        for earlier, given in before:
            self._connected.execute(earlier, _named(given))
        return take(self._connected.execute(sql, _named(values)))


class SqliteConnection:
    """A connection inside a read or a unit of writes. The transaction begins with the first statement."""

    def __init__(self, thread: SqliteThread, begin: str) -> None:
        self._thread = thread
        self._waiting: list[Statement] = [(begin, ())]
        self._asked = False
        self._failed: BaseException | None = None
        self.told: list[int] = []

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row of a statement."""
        return await self._ask((sql, values), sqlite3.Cursor.fetchall)

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a statement, or None."""
        rows = await self.fetch_all(sql, *values)
        return rows[0] if rows else None

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it changed."""
        return await self._ask((sql, values), lambda cursor: cursor.rowcount)

    def put(self, sql: str, *values: Value) -> None:
        """Have a statement run before whatever comes next in the unit."""
        self._waiting.append((sql, values))

    async def notify(self, event_id: int) -> None:
        """Tell listeners of this event once the unit has committed."""
        self.told.append(event_id)

    async def lock_schema(self) -> None:
        """Nothing: the one writer excludes all others."""

    @property
    def for_update(self) -> str:
        """Empty: the one writer excludes all others."""
        return ""

    async def commit(self) -> bool:
        """Make what the unit did part of the database; whether there was anything to do."""
        if not self._asked and len(self._waiting) == 1:
            return False
        await self._ask(("COMMIT", ()), sqlite3.Cursor.fetchall)
        return True

    async def _ask(self, statement: Statement, take: Callable[[sqlite3.Cursor], T]) -> T:
        if self._failed is not None:
            raise self._failed
        together, self._waiting, self._asked = [*self._waiting, statement], [], True
        try:
            return await self._thread.ask(together, take)
        except BaseException as error:
            # A unit that looks away from a failure is not kept either: what waited may be what is missing.
            self._failed = error
            raise


def _named(values: tuple[Value, ...]) -> dict[str, Value]:
    # `$1` is a named parameter to SQLite, so that one SQL text serves both engines.
    return {str(number): value for number, value in enumerate(values, start=1)}


class SqliteDatabase:
    """One SQLite file."""

    def __init__(
        self, writer: SqliteThread, readers: list[SqliteThread], log: WriteAheadLog, *, patience: Patience
    ) -> None:
        self._patience = patience
        self._writer = writer
        self._write_lock = asyncio.Lock()
        self._log = log
        self._all = [writer, *readers]
        self._readers: asyncio.LifoQueue[SqliteThread] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._listeners: list[Callable[[int], None]] = []
        self._units = Units()

    def listen(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with the id of each event that commits. Returns the way to stop."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard)

    async def read(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` on a consistent, read-only view."""
        return await self._units.whole(self._observe(unit))

    async def write(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        """Run `unit` in one transaction that cancellation cannot tear."""
        return await self._units.whole(self._transact(unit))

    async def _observe(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        with _busy():
            async with asyncio.timeout(self._patience.turn):
                reader = await self._readers.get()
        try:
            with _busy():
                return await unit(SqliteConnection(reader, "BEGIN"))
        finally:
            reader.roll_back()
            self._readers.put_nowait(reader)

    async def _transact(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        # IMMEDIATE: a deferred transaction that turns into a writer fails under contention instead of waiting.
        connection = SqliteConnection(self._writer, "BEGIN IMMEDIATE")
        with _busy():
            async with asyncio.timeout(self._patience.turn):
                await self._write_lock.acquire()
        try:
            with _busy():
                result = await unit(connection)
                committed = await connection.commit()
        except BaseException:
            self._writer.roll_back()
            raise
        finally:
            self._write_lock.release()
        if committed:
            # Outside the lock: the next unit works while this one's bytes reach the disk, and shares the next trip.
            await self._log.reach_disk()
        for event_id in connection.told:
            for heard in tuple(self._listeners):
                heard(event_id)
        return result

    async def scrub(self) -> None:
        """Empty the write-ahead log: it still holds the pages as they were before. Readers in the way put it off."""
        with _busy():
            async with asyncio.timeout(self._patience.turn), self._write_lock:
                await self._writer.ask([("PRAGMA wal_checkpoint(TRUNCATE)", ())], sqlite3.Cursor.fetchall)

    async def close(self) -> None:
        """Let the running units end, then close every connection."""
        await self._units.drain()
        await self._log.close()
        for thread in self._all:
            await thread.close()


@contextmanager
def _busy() -> Iterator[None]:
    """Turn a wait that reached its bound into `Busy`."""
    try:
        yield
    except TimeoutError as error:
        raise Busy from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & PRIMARY_CODE in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise Busy from error
        raise


async def open_sqlite(path: Path, *, patience: Patience = PATIENCE) -> SqliteDatabase:
    """Open the file, made if it is missing.

    `patience.turn` is the wait inside this process, `patience.lock` the one for another process that holds the file.

    Raises: sqlite3.Error if it is not a database or cannot be written.
    """
    async with AsyncExitStack() as opened:
        await asyncio.to_thread(_make_private, path)
        threads = []
        for number in range(READERS + 1):
            thread = SqliteThread(f"sqlite-{number}")
            opened.push_async_callback(thread.close)
            # NORMAL: the commit itself does not wait for the disk; `WriteAheadLog` does, outside the write lock.
            # SECURE_DELETE: what is deleted is overwritten; a destroyed pseudonym key must not be found in a free page.
            pragmas = ["foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"]
            await thread.open(path, [*pragmas, "query_only=ON"] if number > 0 else pragmas, patience=patience)
            threads.append(thread)
        opened.pop_all()
    return SqliteDatabase(threads[0], threads[1:], WriteAheadLog(path), patience=patience)


def _make_private(path: Path) -> None:
    # Made before SQLite does, for its owner alone: the file names people (threat model, TM-D1). SQLite gives the
    # WAL beside it the same mode.
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
