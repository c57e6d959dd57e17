"""The SQLite engine keeps its promises."""

import asyncio
import contextlib

import pytest

from softphone.store.database import Connection, Database
from softphone.store.events import append_event, select_events_after
from tests.clock import NOON


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
