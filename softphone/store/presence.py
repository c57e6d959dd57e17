"""Who is in a call at this moment."""

from datetime import datetime, timedelta

from softphone.domain.ids import VolunteerId
from softphone.store.database import Connection, to_micros

LONGEST_CALL = timedelta(hours=4)
"""A call whose end was never told is not held against anybody for longer than calls may last."""


async def select_on_call(connection: Connection, *, now: datetime) -> set[VolunteerId]:
    """Who is calling somebody, or talks with them."""
    rows = await connection.fetch_all(
        "SELECT volunteer_id, CASE WHEN state = 'answered' THEN peer_volunteer_id END FROM calls"
        " WHERE state IN ('ringing', 'answered') AND ended_at IS NULL AND started_at > $1",
        to_micros(now - LONGEST_CALL),
    )
    return {VolunteerId(str(one)) for row in rows for one in row if one is not None}
