"""The SQLite engine keeps its promises."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from softphone.store.database import Connection, Database
from softphone.store.events import append_event, select_events_after
from softphone.store.sqlite import open_sqlite
from tests.clock import NOON
from tests.conftest import PATIENT


async def test_a_unit_that_fails_leaves_nothing(database: Database) -> None:
    """A write is whole or not at all."""

    async def unit(connection: Connection) -> None:
        await append_event(connection, "everyone", "test", body={}, now=NOON)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(unit)

    found = await database.read(lambda c: select_events_after(c, 0, limit=10))
    assert found == []


@pytest.mark.tm("TM-R2")
async def test_a_cancelled_caller_still_leaves_a_whole_unit(database: Database) -> None:
    """Cancellation passes on only after the unit has committed; the next writer finds a usable connection."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def unit(connection: Connection) -> None:
        await append_event(connection, "everyone", "first", body={}, now=NOON)
        begun.set()
        await go.wait()
        await append_event(connection, "everyone", "second", body={}, now=NOON)

    writing = asyncio.create_task(database.write(unit))
    await begun.wait()
    writing.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await writing

    found = await database.read(lambda c: select_events_after(c, 0, limit=10))
    assert [event.kind for event in found] == ["first", "second"]


async def test_a_statement_that_waited_and_fails_takes_the_whole_unit_with_it(database: Database) -> None:
    """Even if the unit looks away from the failure: without that statement the rest must not be kept."""

    async def unit(connection: Connection) -> None:
        await append_event(connection, "everyone", "test", body={}, now=NOON)
        connection.put("INSERT INTO counters (name, value) VALUES ($1, $2)", "event", 0)
        with contextlib.suppress(Exception):
            await connection.fetch_one("SELECT value FROM counters WHERE name = $1", "event")

    failed = (await asyncio.gather(database.write(unit), return_exceptions=True))[0]

    assert isinstance(failed, Exception)
    assert await database.read(lambda c: select_events_after(c, 0, limit=10)) == []


async def test_what_waits_is_there_for_whatever_the_unit_asks_next(database: Database) -> None:
    """Statements run in the order in which they were given."""

    async def unit(connection: Connection) -> object:
        connection.put("INSERT INTO counters (name, value) VALUES ($1, $2)", "mine", 1)
        connection.put("UPDATE counters SET value = value + $2 WHERE name = $1", "mine", 6)
        return await connection.fetch_one("SELECT value FROM counters WHERE name = $1", "mine")

    assert await database.write(unit) == (7,)


async def test_a_unit_that_only_leaves_statements_waiting_is_kept(database: Database) -> None:
    """Nothing need be asked for a unit to have an effect."""

    async def unit(connection: Connection) -> None:
        connection.put("UPDATE counters SET value = $2 WHERE name = $1", "event", 41)

    await database.write(unit)

    found = await database.read(lambda c: c.fetch_one("SELECT value FROM counters WHERE name = $1", "event"))
    assert found == (41,)


async def test_a_statement_says_how_many_rows_it_changed_and_not_those_before_it(database: Database) -> None:
    """Also if it is none, and whatever travelled with it."""

    async def unit(connection: Connection) -> list[int]:
        connection.put("INSERT INTO counters (name, value) VALUES ($1, 1), ($2, 2), ($3, 3)", "a", "b", "c")
        again = "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING"
        change = "UPDATE counters SET value = value + 1 WHERE name IN ($1, $2)"
        return [
            await connection.execute(again, "a", 9),
            await connection.execute(change, "a", "b"),
            await connection.execute(change, "nobody", "nothing"),
            await connection.execute("DELETE FROM counters WHERE name = $1", "c"),
        ]

    assert await database.write(unit) == [0, 2, 0, 1]


@pytest.mark.tm("TM-R2")
async def test_a_trip_that_nobody_waits_for_leaves_nothing_to_the_next_unit(database_file: Path) -> None:
    """The statement runs all the same; its unit is not kept, and is rolled back before the next one begins."""
    database = await open_sqlite(database_file, patience=PATIENT)

    async def left(connection: Connection) -> None:
        asking = asyncio.create_task(append_event(connection, "everyone", "lost", body={}, now=NOON))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking])

    async def whole(connection: Connection) -> None:
        await append_event(connection, "everyone", "kept", body={}, now=NOON)

    ended = await asyncio.gather(database.write(left), database.write(whole), return_exceptions=True)
    found = await database.read(lambda c: select_events_after(c, 0, limit=10))
    await database.close()

    assert isinstance(ended[0], asyncio.CancelledError)
    assert [event.kind for event in found] == ["kept"]


async def test_listeners_hear_of_committed_events_only(database: Database) -> None:
    """What rolled back was never said; another process may be the one that hears, so hearing takes a moment."""
    heard: asyncio.Queue[int] = asyncio.Queue()
    stop = database.listen(heard.put_nowait)

    async def unit(connection: Connection) -> int:
        return await append_event(connection, "everyone", "test", body={"a": 1}, now=NOON)

    async def torn(connection: Connection) -> None:
        await unit(connection)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await database.write(torn)
    event_id = await database.write(unit)
    first = await asyncio.wait_for(heard.get(), 60)
    stop()

    assert first == event_id
    assert heard.empty()
