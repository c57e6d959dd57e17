"""SQLite behind the two-engine interface: one writer behind a lock, separate readers, WAL.

aiosqlite keeps a thread for each connection. Going to the thread and back costs ten times what a statement does, so
statements that wait (`put`, BEGIN) travel with the next one that is asked for, or with COMMIT.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from softphone.domain.errors import Busy
from softphone.domain.patience import PATIENCE, Patience
from softphone.store.database import Connection, Row, T, Units, Value
from softphone.store.sqlite_log import WriteAheadLog

PRIMARY_CODE = 0xFF  # sqlite.org/rescode.html: the low 8 bits of an extended result code.
READERS = 4
STATEMENTS = 256
"""How many prepared statements a connection keeps: more than the product has."""

Statement = tuple[str, tuple[Value, ...]]


class NoWriteAheadLog(Exception):
    """SQLite cannot keep a write-ahead log where the database is: on a disk shared over a network, or one that is full
    or may not be written to. Without a log, readers and the writer would wait for each other.
    """


class Trip(dict[str, Value]):
    """The parameters of a statement, and the statements that go to the connection's thread with it and run before."""

    __slots__ = ("before",)

    def __init__(self, values: tuple[Value, ...], before: Sequence[Statement]) -> None:
        super().__init__(_named(values))
        self.before = before


class Travelling(sqlite3.Connection):
    """A connection that understands a `Trip`. Whatever goes to its thread by way of aiosqlite ends in `execute`."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, and before it those that came along. The first that fails is the last that runs."""
        if isinstance(parameters, Trip):
            for earlier, values in parameters.before:
                super().execute(earlier, _named(values))
        return super().execute(sql, parameters)


class SqliteConnection:
    """A connection inside a read or a unit of writes. The transaction begins with the first statement."""

    def __init__(self, raw: aiosqlite.Connection, begin: str) -> None:
        self._raw = raw
        self._waiting: list[Statement] = [(begin, ())]
        self._asked = False
        self._failed: BaseException | None = None
        self.told: list[int] = []

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row of a statement."""
        return await self._ask(sql, values)

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a statement, or None."""
        rows = await self.fetch_all(sql, *values)
        return rows[0] if rows else None

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it changed."""
        # Asked in the same trip: `aiosqlite.Cursor.rowcount` would need another one, to close the cursor.
        self.put(sql, *values)
        rows = await self._ask("SELECT changes()")
        return int(str(rows[0][0]))

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
        await self._ask("COMMIT")
        return True

    async def _ask(self, sql: str, values: tuple[Value, ...] = ()) -> Sequence[Row]:
        if self._failed is not None:
            raise self._failed
        before, self._waiting, self._asked = self._waiting, [], True
        try:
            # One trip, where execute, fetch and close would be three.
            return [tuple(row) for row in await self._raw.execute_fetchall(sql, Trip(values, before))]
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
        self,
        writer: aiosqlite.Connection,
        readers: list[aiosqlite.Connection],
        log: WriteAheadLog,
        *,
        patience: Patience,
    ) -> None:
        self._patience = patience
        self._writer = writer
        self._write_lock = asyncio.Lock()
        self._log = log
        self._all = [writer, *readers]
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
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
            try:
                await reader.rollback()
            finally:
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
            # On its way before the next unit can be, even if nobody waits for it any more.
            await self._writer.rollback()
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
                await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Let the running units end, then close every connection."""
        await self._units.drain()
        await self._log.close()
        for raw in self._all:
            await raw.close()


@contextmanager
def _busy() -> Iterator[None]:
    """Turn a wait that reached its bound into `Busy`."""
    try:
        yield
    except TimeoutError as error:
        raise Busy from error
    except sqlite3.OperationalError as error:
        if _is_busy(error):
            raise Busy from error
        raise


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & PRIMARY_CODE in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


async def open_sqlite(path: Path, *, patience: Patience = PATIENCE) -> SqliteDatabase:
    """Open the file, made if it is missing.

    `patience.turn` is the wait inside this process, `patience.lock` the one for another process that holds the file.

    Raises: NoWriteAheadLog; Busy if another process holds it; sqlite3.Error if it is not a database.
    """
    async with AsyncExitStack() as opened:
        await asyncio.to_thread(_make_private, path)
        connections = []
        for number in range(READERS + 1):
            raw = await aiosqlite.connect(
                path,
                factory=Travelling,
                isolation_level=None,
                timeout=patience.lock,
                cached_statements=STATEMENTS,
            )
            opened.push_async_callback(raw.close)
            if number == 0:
                with _busy():
                    await _keep_log(raw)
            # NORMAL: the commit itself does not wait for the disk; `WriteAheadLog` does, outside the write lock.
            # SECURE_DELETE: what is deleted is overwritten; a destroyed pseudonym key must not be found in a free page.
            pragmas = ["foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"]
            for pragma in [*pragmas, "query_only=ON"] if number > 0 else pragmas:
                await raw.execute_fetchall(f"PRAGMA {pragma}")
            connections.append(raw)
        opened.pop_all()
    return SqliteDatabase(connections[0], connections[1:], WriteAheadLog(path), patience=patience)


async def _keep_log(raw: aiosqlite.Connection) -> None:
    # The file remembers its mode (sqlite.org/wal.html#persistence_of_wal_mode), so one connection sets it for all.
    # SQLite answers with the mode that it could set; whether the log can be used shows when something is written.
    try:
        modes = [row[0] for row in await raw.execute_fetchall("PRAGMA journal_mode=WAL")]
        await raw.execute_fetchall("ROLLBACK", Trip((), [("BEGIN IMMEDIATE", ())]))
    except sqlite3.OperationalError as error:
        if _is_busy(error):
            raise
        raise NoWriteAheadLog from error
    if modes != ["wal"]:
        raise NoWriteAheadLog


def _make_private(path: Path) -> None:
    # Made before SQLite does, for its owner alone: the file names people (threat model, TM-D1). SQLite gives the
    # WAL beside it the same mode.
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
