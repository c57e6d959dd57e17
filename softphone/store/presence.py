"""Who is in a call at this moment."""

from datetime import datetime, timedelta

from softphone.domain.ids import CallUUID, VolunteerId
from softphone.store.database import Connection, to_micros
from softphone.store.rounds import select_talking

LONGEST_CALL = timedelta(hours=4)
"""A call whose end was never told is not held against anybody for longer than calls may last."""


async def select_on_call(connection: Connection, *, now: datetime, besides: CallUUID | None = None) -> set[VolunteerId]:
    """Who is calling somebody, or talks with them or with a caller of a hotline other than `besides`."""
    rows = await connection.fetch_all(
        "SELECT volunteer_id, CASE WHEN state = 'answered' THEN peer_volunteer_id END FROM calls"
        " WHERE state IN ('ringing', 'answered') AND ended_at IS NULL AND started_at > $1",
        to_micros(now - LONGEST_CALL),
    )
    direct = {VolunteerId(str(one)) for row in rows for one in row if one is not None}
    return direct | await select_talking(connection, besides=besides, now=now)
