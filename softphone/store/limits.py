"""Sliding-window limits, kept in the database so that every worker counts together (threat model, TM-A2, TM-T7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from softphone.store.database import Connection, to_micros

MICROSECOND = timedelta(microseconds=1)


async def take(
    connection: Connection,
    key: str,
    *,
    limit: int,
    window: timedelta,
    now: datetime,
    spacing: Sequence[timedelta] = (),
) -> timedelta | None:
    """Use one of the `limit` turns that `key` has in any `window`. None when there was one, else how long to wait.

    `spacing` makes waits grow: its first entry must lie between the first turn and the second, and so on; nothing must
    lie between those that it does not reach.

    Refused attempts are not counted, so that whoever keeps asking is not shut out for ever. The turn belongs to the
    unit: if the unit rolls back, the turn was not used. Two units that take from one key wait for each other, because
    the upsert locks the key's row until the unit ends.
    """
    moment, span = to_micros(now), window // MICROSECOND
    row = await connection.fetch_one(
        "INSERT INTO rate_limits (key, moments, idle_at) VALUES ($1, '', 0)"
        " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING moments",
        key,
    )
    kept = str(row[0]) if row else ""
    used = [at for at in map(int, kept.split()) if at > moment - span]
    if len(used) >= limit:
        return (used[-limit] + span - moment) * MICROSECOND
    apart = spacing[len(used) - 1] // MICROSECOND if 0 < len(used) <= len(spacing) else 0
    if used and moment < used[-1] + apart:
        return (used[-1] + apart - moment) * MICROSECOND
    used.append(moment)
    await connection.execute(
        "UPDATE rate_limits SET moments = $1, idle_at = $2 WHERE key = $3",
        " ".join(map(str, used)),
        moment + span,
        key,
    )
    return None


async def forget(connection: Connection, key: str) -> None:
    """Give `key` all its turns back."""
    await connection.execute("DELETE FROM rate_limits WHERE key = $1", key)


async def delete_idle_limits(connection: Connection, *, now: datetime) -> int:
    """Forget the keys whose window has passed; how many there were."""
    return await connection.execute("DELETE FROM rate_limits WHERE idle_at < $1", to_micros(now))
