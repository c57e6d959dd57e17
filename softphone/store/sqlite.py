"""SQLite behind the two-engine interface: one writer behind a lock, separate readers, WAL.

Measured choices are in the comments of `open_sqlite`. `execute_fetchall` is one hop to the worker thread where
execute, fetch and close would be three.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import aiosqlite

from softphone.domain.errors import Busy
from softphone.domain.patience import PATIENCE, Patience
from softphone.store.database import Connection, Row, T, Units, Value

PRIMARY_CODE = 0xFF  # sqlite.org/rescode.html: the low 8 bits of an extended result code.
READERS = 4


class SqliteConnection:
    """A connection inside a read or a unit of writes."""

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self._raw = raw
        self.told: list[int] = []

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row of a statement."""
        return [tuple(row) for row in await self._raw.execute_fetchall(sql, _named(values))]

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row of a statement, or None."""
        rows = await self.fetch_all(sql, *values)
        return rows[0] if rows else None

    async def execute(self, sql: str, *values: Value) -> int:
        """Run a statement; the number of rows it changed."""
        async with self._raw.execute(sql, _named(values)) as cursor:
            return cursor.rowcount

    async def notify(self, event_id: int) -> None:
        """Tell listeners of this event once the unit has committed."""
        self.told.append(event_id)

    async def lock_schema(self) -> None:
        """Nothing: the one writer excludes all others."""

    @property
    def for_update(self) -> str:
        """Empty: the one writer excludes all others."""
        return ""


def _named(values: tuple[Value, ...]) -> dict[str, Value]:
    # `$1` is a named parameter to SQLite, so that one SQL text serves both engines.
    return {str(number): value for number, value in enumerate(values, start=1)}


class SqliteDatabase:
    """One SQLite file."""

    def __init__(
        self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection], *, patience: Patience
    ) -> None:
        self._patience = patience
        self._writer = writer
        self._write_lock = asyncio.Lock()
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
                await reader.execute_fetchall("BEGIN")
                return await unit(SqliteConnection(reader))
        finally:
            if reader.in_transaction:
                await reader.execute_fetchall("ROLLBACK")
            self._readers.put_nowait(reader)

    async def _transact(self, unit: Callable[[Connection], Awaitable[T]]) -> T:
        connection = SqliteConnection(self._writer)
        with _busy():
            async with asyncio.timeout(self._patience.turn):
                await self._write_lock.acquire()
        try:
            with _busy():
                # IMMEDIATE: a deferred transaction that turns into a writer fails under contention instead of waiting.
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                result = await unit(connection)
                await self._writer.execute_fetchall("COMMIT")
        finally:
            try:
                if self._writer.in_transaction:
                    await self._writer.execute_fetchall("ROLLBACK")
            finally:
                self._write_lock.release()
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
        for connection in self._all:
            await connection.close()


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
        connections = []
        for number in range(READERS + 1):
            raw = await aiosqlite.connect(path, isolation_level=None, timeout=patience.lock)
            opened.push_async_callback(raw.close)
            await raw.execute_fetchall("PRAGMA journal_mode=WAL")
            await raw.execute_fetchall("PRAGMA foreign_keys=ON")
            # FULL: an acknowledged callback must survive a power cut, not only a crash of the process.
            await raw.execute_fetchall("PRAGMA synchronous=FULL")
            # What is deleted is overwritten: a destroyed pseudonym key must not be found in a free page.
            await raw.execute_fetchall("PRAGMA secure_delete=ON")
            if number > 0:
                await raw.execute_fetchall("PRAGMA query_only=ON")
            connections.append(raw)
        opened.pop_all()
    return SqliteDatabase(connections[0], connections[1:], patience=patience)


def _make_private(path: Path) -> None:
    # Made before SQLite does, for its owner alone: the file names people (threat model, TM-D1). SQLite gives the
    # WAL beside it the same mode.
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
