"""A window slides, and workers count together."""

import asyncio
from datetime import datetime, timedelta

from softphone.store.database import Connection, Database
from softphone.store.limits import delete_idle_limits, forget, take
from tests.clock import NOON, Clock

MINUTE = timedelta(minutes=1)


async def turn(database: Database, now: datetime, *, key: str = "token:ana") -> timedelta | None:
    """One attempt, three a minute."""
    return await database.write(lambda c: take(c, key, limit=3, window=MINUTE, now=now))


async def test_the_fourth_turn_in_a_minute_is_told_how_long_to_wait(database: Database, clock: Clock) -> None:
    """The wait is exactly until the oldest counted turn leaves the window."""
    for _ in range(3):
        assert await turn(database, clock()) is None
        clock.forward(seconds=10)

    wait = await turn(database, clock())
    clock.forward(seconds=30)
    after = await turn(database, clock())
    again = await turn(database, clock())

    assert wait == timedelta(seconds=30)
    assert after is None
    assert again == timedelta(seconds=10)


async def test_refused_attempts_are_not_counted(database: Database, clock: Clock) -> None:
    """Whoever keeps knocking is let in when the window has passed."""
    for _ in range(10):
        await turn(database, clock())

    clock.forward(seconds=60)

    assert await turn(database, clock()) is None


async def test_spaced_turns_must_lie_further_and_further_apart(database: Database, clock: Clock) -> None:
    """Each refusal says exactly how long, is not counted, and the last wait holds no longer than it says."""
    spacing = [timedelta(), timedelta(seconds=2), timedelta(seconds=8)]

    async def spaced() -> timedelta | None:
        unit = lambda c: take(c, "a", limit=9, window=MINUTE, now=clock(), spacing=spacing)  # noqa: E731  # one use
        return await database.write(unit)

    assert [await spaced(), await spaced()] == [None, None]
    assert [await spaced(), await spaced()] == [timedelta(seconds=2)] * 2
    clock.forward(seconds=2)
    assert [await spaced(), await spaced()] == [None, timedelta(seconds=8)]
    clock.forward(seconds=8)
    assert [await spaced(), await spaced()] == [None, None]


async def test_keys_do_not_share_turns(database: Database) -> None:
    """Somebody else's attempts never cost mine."""
    for _ in range(4):
        await turn(database, NOON, key="token:ben")

    assert await turn(database, NOON) is None


async def test_a_turn_of_a_unit_that_fails_is_given_back(database: Database) -> None:
    """The turn is part of the unit that it was taken in."""

    async def unit(connection: Connection) -> None:
        await take(connection, "token:ana", limit=1, window=MINUTE, now=NOON)
        raise ValueError("no")

    failed = (await asyncio.gather(database.write(unit), return_exceptions=True))[0]

    assert isinstance(failed, ValueError)
    assert await database.write(lambda c: take(c, "token:ana", limit=1, window=MINUTE, now=NOON)) is None


async def test_parallel_attempts_get_no_more_than_the_limit(database: Database) -> None:
    """Fifty at once: three pass."""
    waits = await asyncio.gather(*(turn(database, NOON) for _ in range(50)))

    assert sum(wait is None for wait in waits) == 3


async def test_forgetting_gives_all_turns_back(database: Database) -> None:
    """A success may wipe the failures before it."""
    for _ in range(3):
        await turn(database, NOON)

    await database.write(lambda c: forget(c, "token:ana"))

    assert await turn(database, NOON) is None


async def test_idle_keys_are_swept(database: Database, clock: Clock) -> None:
    """A key is kept as long as its window and no longer."""
    await turn(database, clock())
    clock.forward(seconds=30)
    await turn(database, clock(), key="token:ben")
    clock.forward(seconds=31)

    swept = await database.write(lambda c: delete_idle_limits(c, now=clock()))

    assert swept == 1
