"""Refuse what comes too often."""

from datetime import timedelta

from softphone.actions.world import World
from softphone.domain.errors import TooMany
from softphone.store.database import Connection
from softphone.store.limits import take


async def limit(world: World, key: str, *, turns: int, window: timedelta) -> None:
    """Use one turn of `key`, in a unit of its own: the turn stays used whatever happens afterwards.

    `key` is `<what>:<who>` and never holds a secret or a caller's number.

    Raises: TooMany when all `turns` of the `window` are used.
    """

    async def unit(connection: Connection) -> timedelta | None:
        return await take(connection, key, limit=turns, window=window, now=world.clock())

    wait = await world.database.write(unit)
    if wait is not None:
        raise TooMany(wait)
