"""The log of hotline calls, on both engines."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from softphone.domain.call_figures import SLOT, Slot, Tally, Waits, together
from softphone.domain.call_log import LogFilter, LoggedCall, Period
from softphone.domain.hotline_calls import CallEnding, Stage
from softphone.domain.ids import CallRef, CallUUID, HotlineId, VolunteerId
from softphone.store.call_log import (
    After,
    count_logged_calls,
    delete_logged_calls_before,
    select_logged_call,
    select_logged_calls,
    select_logged_calls_after,
    select_slots,
    select_waits,
)
from softphone.store.database import EPOCH, Connection, Database, Row, Value
from softphone.store.hotline_calls import (
    append_ladder,
    insert_hotline_call,
    select_ladder,
    update_hotline_call,
)
from softphone.store.hotlines import insert_hotline
from softphone.store.sealing import Keyring
from softphone.store.sqlite import open_sqlite
from tests.clock import NOON
from tests.hotlines import hotline, hotline_call
from tests.people import volunteer
from tests.telephony import connection, set_up

ANA = volunteer("ana")
NIGHT, DAY = hotline(), hotline(id=HotlineId("day"), name="Day line", numbers=())
SECOND = timedelta(seconds=1)


async def furnish(database: Database, keyring: Keyring) -> None:
    """Two hotlines and Ana."""

    async def unit(db: Connection) -> None:
        await set_up(db, [ANA], keyring=keyring, until=NOON, to=connection())
        for one in (NIGHT, DAY):
            await insert_hotline(db, one)

    await database.write(unit)


async def add(database: Database, number: int, ending: CallEnding | None, *, waited: int = 0, **changes: Any) -> None:
    """A call that began so many minutes after noon, and how it ended after how many seconds."""
    began = NOON + timedelta(minutes=number)
    call = hotline_call(f"call-{number:04}", started_at=began, waiting_since=began, heard_at=began, **changes)

    async def unit(db: Connection) -> None:
        await insert_hotline_call(db, call)
        if ending is not None:
            over = began + timedelta(seconds=waited)
            after = replace(call, stage=Stage.ENDED, ending=ending, ended_at=over, heard_at=over)
            await update_hotline_call(db, after)

    await database.write(unit)


async def found(database: Database, **chosen: Any) -> list[str]:
    """The calls that a filter finds, newest first, by the ends of their names; counted, too."""
    wanted = LogFilter(**chosen)

    async def unit(db: Connection) -> tuple[list[LoggedCall], int]:
        return await select_logged_calls(db, wanted, limit=50, offset=0), await count_logged_calls(db, wanted)

    calls, total = await database.read(unit)
    assert len(calls) == total
    return [call.call_uuid.removeprefix("call-000") for call in calls]


async def test_the_wait_ends_when_somebody_answers_or_a_message_begins(database: Database, keyring: Keyring) -> None:
    """Not when the call ends; and it goes on when the phone that answered fails."""
    await furnish(database, keyring)
    began = hotline_call()

    async def wait_after(*stages: tuple[Stage, int]) -> int | None:
        async def unit(db: Connection) -> LoggedCall | None:
            await db.execute("DELETE FROM hotline_calls")
            await insert_hotline_call(db, began)
            for stage, seconds in stages:
                await update_hotline_call(db, replace(began, stage=stage, heard_at=NOON + seconds * SECOND))
            return await select_logged_call(db, began.ref)

        call = await database.write(unit)
        return call.waited_seconds if call else None

    assert await wait_after((Stage.RINGING, 5)) is None
    assert await wait_after((Stage.RINGING, 5), (Stage.TALKING, 9), (Stage.TALKING, 20), (Stage.ENDED, 300)) == 9
    assert await wait_after((Stage.MESSAGE, 180), (Stage.ENDED, 240)) == 180
    assert await wait_after((Stage.TALKING, 9), (Stage.RINGING, 12), (Stage.ENDED, 30)) == 30


async def test_every_filter_finds_its_calls(database: Database, keyring: Keyring) -> None:
    """One by one, and together; the newest first."""
    await furnish(database, keyring)
    await add(database, 1, CallEnding.ANSWERED, answered_by=ANA.id, answered_at=NOON, language="es")
    await add(database, 2, CallEnding.GAVE_UP, hotline_id=DAY.id, caller_label="Caller 0001")
    await add(database, 3, None, language=None)

    assert await found(database) == ["3", "2", "1"]
    assert await found(database, hotline_id=DAY.id) == ["2"]
    assert await found(database, ending="gave_up") == ["2"]
    assert await found(database, ending="open") == ["3"]
    assert await found(database, language="es") == ["1"]
    assert await found(database, volunteer_id=ANA.id) == ["1"]
    assert await found(database, label="Caller 0001") == ["2"]
    assert await found(database, hotline_id=NIGHT.id, ending="gave_up") == []
    period = Period(since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=3))
    assert await found(database, period=period) == ["2"]
    assert await found(database, period=Period.of_days(date(2026, 11, 20), date(2026, 11, 20), "UTC")) == [
        "3",
        "2",
        "1",
    ]


@pytest.mark.tm("TM-I6")
async def test_a_filter_is_a_value_and_never_sql(database: Database, keyring: Keyring) -> None:
    """Whatever stands in it, it finds what is literally so."""
    await furnish(database, keyring)
    await add(database, 1, CallEnding.ANSWERED)

    for text in ("' OR '1'='1", "night-line'; DROP TABLE hotline_calls; --", "%", "_", "\\", "NULL", "$1"):
        assert await found(database, hotline_id=HotlineId(text)) == []
        assert await found(database, label=text) == []
        assert await found(database, volunteer_id=VolunteerId(text)) == []

    assert await found(database) == ["1"]


async def test_a_call_comes_with_the_names_of_its_people(database: Database, keyring: Keyring) -> None:
    """Hotline and volunteer; and nothing under a name that nobody has."""
    await furnish(database, keyring)
    await add(database, 1, CallEnding.ANSWERED, waited=70, answered_by=ANA.id, answered_at=NOON + 65 * SECOND)

    call = await database.read(lambda db: select_logged_call(db, hotline_call("call-0001").ref))

    assert call is not None
    assert (call.hotline_name, call.answered_by_name, call.label) == ("Night line", "Ana", "Caller 7F3A")
    assert (call.waited_seconds, call.talked_seconds, call.ending) == (70, 65, CallEnding.ANSWERED)
    assert await database.read(lambda db: select_logged_call(db, CallRef("nobody"))) is None


async def test_batches_leave_no_call_out_and_name_none_twice(database: Database, keyring: Keyring) -> None:
    """Also where many began in the same moment, and while others arrive."""
    await furnish(database, keyring)

    async def unit(db: Connection) -> None:
        for number in range(7):
            await insert_hotline_call(db, hotline_call(f"call-{number:04}"))

    await database.write(unit)
    seen: list[str] = []
    after: After | None = None
    while True:
        batch = await database.read(lambda db, a=after: select_logged_calls_after(db, LogFilter(), after=a, limit=3))  # type: ignore[misc]  # a default argument
        if not batch:
            break
        seen += [call.call_uuid for call in batch]
        after = After(batch[-1].started_at, batch[-1].call_uuid)
        if len(seen) == 3:
            await add(database, 9, None)

    assert seen == [f"call-{number:04}" for number in reversed(range(7))]


async def test_calls_are_counted_by_wait_and_by_quarter_hour(database: Database, keyring: Keyring) -> None:
    """In whole seconds; those that have not ended are not counted."""
    await furnish(database, keyring)
    await add(database, 1, CallEnding.ANSWERED, waited=12)
    await add(database, 2, CallEnding.ANSWERED, waited=12)
    await add(database, 16, CallEnding.MESSAGE, waited=180)
    await add(database, 17, None)
    await add(database, 3, CallEnding.GAVE_UP, waited=1, hotline_id=DAY.id)
    await add(database, 4, CallEnding.BLOCKED, hotline_id=DAY.id)
    wanted = LogFilter(hotline_id=NIGHT.id)

    waits = await database.read(lambda db: select_waits(db, wanted))
    slots = await database.read(lambda db: select_slots(db, wanted))
    everything = await database.read(lambda db: select_slots(db, LogFilter()))

    assert sorted(waits, key=lambda one: one.calls) == [
        Waits(ending=CallEnding.MESSAGE, seconds=180, calls=1),
        Waits(ending=CallEnding.ANSWERED, seconds=12, calls=2),
    ]
    noon = (NOON - EPOCH) // SLOT
    assert sorted(slots, key=lambda one: one.number) == [
        Slot("America/New_York", noon, Tally(answered=2)),
        Slot("America/New_York", noon + 1, Tally(voicemail=1)),
    ]
    assert together(one.calls for one in everything) == Tally(answered=2, missed=1, voicemail=1, turned_away=1)


class Explaining:
    """A connection that asks SQLite how it would do what it is asked, and does it."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self.plans: list[str] = []

    async def fetch_all(self, sql: str, *values: Value) -> Sequence[Row]:
        """Every row, and the plan."""
        plan = await self._db.fetch_all(f"EXPLAIN QUERY PLAN {sql}", *values)
        self.plans += [str(row[3]) for row in plan]
        return await self._db.fetch_all(sql, *values)

    async def fetch_one(self, sql: str, *values: Value) -> Row | None:
        """The first row, and the plan."""
        rows = await self.fetch_all(sql, *values)
        return rows[0] if rows else None


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: count_logged_calls(db, LogFilter(language="en")),
        lambda db: select_logged_calls(db, LogFilter(label="Caller 7F3A"), limit=50, offset=0),
        lambda db: select_waits(db, LogFilter(hotline_id=NIGHT.id)),
        lambda db: select_slots(db, LogFilter()),
    ],
    ids=["count", "page", "waits", "slots"],
)
async def test_the_log_reads_an_index_and_not_the_table(
    database_file: Path, ask: Callable[[Connection], Awaitable[object]]
) -> None:
    """With 100,000 calls nobody waits for a walk through the whole of each: SQLite says how it goes."""
    database = await open_sqlite(database_file)

    async def unit(db: Connection) -> list[str]:
        asked = Explaining(db)
        await ask(cast(Connection, asked))
        return asked.plans

    plans = await database.read(unit)
    await database.close()

    looks = [plan for plan in plans if " l " in f"{plan} "]
    assert looks
    assert all("USING COVERING INDEX" in plan for plan in looks), plans


async def test_a_ladder_keeps_the_document_of_an_answer(database: Database, keyring: Keyring) -> None:
    """Beside the words; news that need no answer have none."""
    await furnish(database, keyring)

    async def unit(db: Connection) -> list[tuple[str, str | None]]:
        uuid = hotline_call().call_uuid
        await append_ladder(db, uuid, asked="incoming", told={}, answered="Hangup", document="<Response/>", now=NOON)
        await append_ladder(db, uuid, asked="end", told={}, answered="", now=NOON)
        return [(line.asked, line.document) for line in await select_ladder(db, uuid)]

    assert await database.write(unit) == [("incoming", "<Response/>"), ("end", None)]


@pytest.mark.tm("TM-D6")
async def test_a_call_that_was_kept_long_enough_goes_with_all_that_was_told(
    database: Database, keyring: Keyring
) -> None:
    """The oldest first, in batches; one that has not ended stays, and so does what belongs to others."""
    await furnish(database, keyring)
    for number in (1, 2, 5):
        await add(database, number, CallEnding.GAVE_UP)
    await add(database, 3, None)

    async def unit(db: Connection) -> tuple[int, int, int]:
        for uuid in ("call-0001", "call-0005"):
            await append_ladder(db, CallUUID(uuid), asked="incoming", told={}, answered="", now=NOON)
        moment = NOON + timedelta(minutes=4)
        first = await delete_logged_calls_before(db, moment, limit=1)
        rest = [await delete_logged_calls_before(db, moment, limit=9) for _ in range(2)]
        return first, rest[0], rest[1]

    assert await database.write(unit) == (1, 1, 0)
    assert await found(database) == ["5", "3"]
    assert await database.read(lambda db: select_ladder(db, CallUUID("call-0001"))) == []
    assert len(await database.read(lambda db: select_ladder(db, CallUUID("call-0005")))) == 1
