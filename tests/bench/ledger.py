"""After the load: is everything that was acknowledged in the database?"""

from collections.abc import Sequence

from softphone.app import open_database
from softphone.settings import Settings
from softphone.store.database import Connection, Row

Entry = tuple[str, str]
"""A call's id, and the nonce that it came with."""


async def missing_calls(settings: Settings, acknowledged: Sequence[Entry]) -> int:
    """How many of these calls lack their call, their answered nonce, or one
    event each for who calls and who is rung.
    """

    async def look(db: Connection) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
        return (
            await db.fetch_all("SELECT call_uuid FROM calls WHERE state = 'ringing' AND answer_sealed IS NOT NULL"),
            await db.fetch_all("SELECT nonce FROM nonces WHERE answer_sealed IS NOT NULL"),
            await db.fetch_all("SELECT count(*) FROM events WHERE kind = 'call'"),
        )

    database = await open_database(settings)
    try:
        calls, nonces, events = await database.read(look)
    finally:
        await database.close()
    kept, answered = {row[0] for row in calls}, {row[0] for row in nonces}
    lost = sum(call not in kept or nonce not in answered for call, nonce in acknowledged)
    return lost + max(0, len(acknowledged) * 2 - int(str(events[0][0])))
