"""The audit log notices what was done to it."""

from datetime import timedelta

import pytest

from softphone.domain.ids import VolunteerId
from softphone.store.audit import (
    Actor,
    AuditEntry,
    append_audit,
    count_audit,
    delete_audit_before,
    select_audit,
    verify_audit,
)
from softphone.store.database import Connection, Database, Value
from tests.clock import NOON

ROWS = 5


async def fill(database: Database) -> None:
    """Write five entries in five units."""
    for number in range(ROWS):
        entry = AuditEntry(
            actor=Actor(id=VolunteerId("v-ana") if number % 2 else None, name="Ana María"),
            action="connection.changed",
            subject="main",
            detail={"number": number, "name": "Línea"},
        )
        await database.write(lambda c, e=entry, n=number: append_audit(c, e, now=NOON + timedelta(seconds=n)))  # type: ignore[misc]  # default arguments


async def tamper(database: Database, sql: str, *values: Value) -> None:
    """Change the log behind the product's back."""
    await database.write(lambda c: c.execute(sql, *values))


async def test_an_entry_is_read_as_it_was_written(database: Database) -> None:
    """Newest first, numbered without a gap, each with the hash of the one before."""
    await fill(database)

    rows = await database.read(lambda c: select_audit(c, limit=10, offset=0))

    assert [row.seq for row in rows] == [5, 4, 3, 2, 1]
    assert rows[0].detail == {"number": 4, "name": "Línea"}
    assert (rows[0].actor.id, rows[1].actor.id) == (None, "v-ana")
    assert rows[0].at == NOON + timedelta(seconds=4)
    assert [row.previous_hash for row in rows[:-1]] == [row.hash for row in rows[1:]]


@pytest.mark.tm("TM-D8")
async def test_a_log_that_nobody_touched_is_whole(database: Database) -> None:
    """Empty or with rows in it."""
    empty = await database.read(verify_audit)
    await fill(database)

    assert empty == (0, None)
    assert await database.read(verify_audit) == (ROWS, None)


@pytest.mark.tm("TM-D8")
@pytest.mark.parametrize(
    "change",
    [
        "at = at + 1",
        "actor_id = 'v-eve'",
        "actor_name = 'Eve'",
        "action = 'nothing.happened'",
        "subject = 'other'",
        "detail = '{}'",
        "previous_hash = hash",
        "hash = previous_hash",
    ],
)
async def test_an_edited_row_breaks_the_chain_where_it_stands(database: Database, change: str) -> None:
    """Each column is under the hash."""
    await fill(database)

    await tamper(database, f"UPDATE audit SET {change} WHERE seq = 3")  # noqa: S608  # the table above

    assert await database.read(verify_audit) == (2, 3)


@pytest.mark.tm("TM-D8")
@pytest.mark.parametrize(("missing", "broken"), [(1, 1), (3, 3), (5, 5)], ids=["first", "middle", "last"])
async def test_a_missing_row_is_noticed(database: Database, missing: int, broken: int) -> None:
    """At the end too: the counter knows how many there were."""
    await fill(database)

    await tamper(database, "DELETE FROM audit WHERE seq = $1", missing)

    assert await database.read(verify_audit) == (broken - 1, broken)


@pytest.mark.tm("TM-D8")
async def test_an_entry_goes_with_the_change_it_tells_of(database: Database) -> None:
    """A unit that fails leaves neither, and no gap in the numbers."""
    entry = AuditEntry(actor=Actor(id=None, name="test"), action="a.b", subject="c", detail={})

    async def unit(connection: Connection) -> None:
        await append_audit(connection, entry, now=NOON)
        raise ValueError("the change failed")

    with pytest.raises(ValueError, match="the change failed"):
        await database.write(unit)
    await fill(database)

    assert await database.read(count_audit) == ROWS
    assert await database.read(verify_audit) == (ROWS, None)


@pytest.mark.tm("TM-D8")
async def test_a_log_whose_oldest_rows_are_over_is_whole(database: Database) -> None:
    """What was removed because its time was over is not missed; what is missing besides is."""
    await fill(database)

    removed = await database.write(lambda c: delete_audit_before(c, NOON + timedelta(seconds=2), limit=10))
    held = await database.read(verify_audit)
    await fill(database)
    held_later = await database.read(verify_audit)
    await tamper(database, "DELETE FROM audit WHERE seq = 3")

    assert removed == 2
    assert held == (ROWS, None)
    assert held_later == (2 * ROWS, None)
    assert await database.read(verify_audit) == (2, 3)


@pytest.mark.tm("TM-D8")
async def test_a_log_that_is_over_as_a_whole_goes_on(database: Database) -> None:
    """Batch by batch; the next entry holds on to the last that was there."""
    await fill(database)
    removed = [
        await database.write(lambda c: delete_audit_before(c, NOON + timedelta(days=1), limit=3)) for _ in range(3)
    ]

    await fill(database)

    assert removed == [3, 2, 0]
    assert await database.read(verify_audit) == (2 * ROWS, None)
    assert (await database.read(lambda c: select_audit(c, limit=1, offset=9 - ROWS)))[0].seq == ROWS + 1
