"""Messages by reference, and what is still to be deleted at Plivo.

A recording that was deleted leaves a mark for a while, so that a callback which comes late does not bring it back.
"""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.callers import CallerId
from softphone.domain.ids import ConnectionId, VolunteerId
from softphone.domain.voicemails import Voicemail
from softphone.store.database import Connection, Row, from_micros, to_micros

_SELECT = (
    "SELECT m.id, m.connection_id, m.recording_id, m.call_uuid, m.hotline_id, m.caller_id, m.language, m.media_path,"
    " m.seconds, m.left_at, m.taken_by, v.name, m.taken_at, m.done_at, h.name"
    " FROM voicemails m LEFT JOIN volunteers v ON v.id = m.taken_by LEFT JOIN hotlines h ON h.id = m.hotline_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A recording that must go at Plivo."""

    connection_id: ConnectionId
    recording_id: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What Plivo has not deleted yet: how many, since when, and what it said last."""

    count: int
    since: datetime | None
    problem: str | None


async def upsert_voicemail(db: Connection, voicemail: Voicemail) -> tuple[str, bool] | None:
    """Keep a message, or what is newly known of one that is there: its id, and whether it is new. None if the
    recording was deleted before.
    """
    row = await db.fetch_one(
        "INSERT INTO voicemails (id, connection_id, recording_id, call_uuid, hotline_id, caller_id, language,"
        " media_path, seconds, left_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, CAST($9 AS bigint), CAST($10 AS bigint)"
        " WHERE NOT EXISTS (SELECT 1 FROM recording_deletions WHERE connection_id = $2 AND recording_id = $3)"
        " ON CONFLICT (connection_id, recording_id) DO UPDATE SET"
        " seconds = COALESCE(excluded.seconds, voicemails.seconds),"
        " media_path = COALESCE(voicemails.media_path, excluded.media_path) RETURNING id",
        voicemail.id,
        voicemail.connection_id,
        voicemail.recording_id,
        voicemail.call_uuid,
        voicemail.hotline_id,
        voicemail.caller,
        voicemail.language,
        voicemail.media_path,
        voicemail.seconds,
        to_micros(voicemail.left_at),
    )
    return (str(row[0]), str(row[0]) == voicemail.id) if row else None


async def select_voicemail(db: Connection, voicemail_id: str, *, lock: bool = False) -> Voicemail | None:
    """A message by our id. `lock` holds it until the unit ends."""
    if lock and db.for_update:
        await db.fetch_one(f"SELECT id FROM voicemails WHERE id = $1 {db.for_update}", voicemail_id)  # noqa: S608  # constant
    row = await db.fetch_one(f"{_SELECT} WHERE m.id = $1", voicemail_id)
    return _voicemail(row) if row else None


async def select_voicemails(db: Connection, *, limit: int, offset: int) -> list[Voicemail]:
    """Messages, newest first."""
    rows = await db.fetch_all(f"{_SELECT} ORDER BY m.left_at DESC, m.id LIMIT $1 OFFSET $2", limit, offset)
    return [_voicemail(row) for row in rows]


async def count_voicemails(db: Connection) -> tuple[int, int]:
    """How many there are, and how many of them are not done."""
    row = await db.fetch_one("SELECT count(*), count(*) - count(done_at) FROM voicemails")
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)


async def count_messages(db: Connection, hotline_id: str, caller: CallerId, *, since: datetime) -> tuple[int, int]:
    """How many messages this caller left, and everybody did, since a moment."""
    row = await db.fetch_one(
        "SELECT (SELECT count(*) FROM voicemails WHERE hotline_id = $1 AND caller_id = $2 AND left_at > $3),"
        " (SELECT count(*) FROM voicemails WHERE hotline_id = $1 AND left_at > $3)",
        hotline_id,
        caller,
        to_micros(since),
    )
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)


async def update_voicemail(
    db: Connection,
    voicemail_id: str,
    *,
    taken_by: VolunteerId | None,
    taken_at: datetime | None,
    done_at: datetime | None,
) -> None:
    """Write who has a message, and whether it is done."""
    await db.execute(
        "UPDATE voicemails SET taken_by = $2, taken_at = $3, done_at = $4 WHERE id = $1",
        voicemail_id,
        taken_by,
        to_micros(taken_at) if taken_at else None,
        to_micros(done_at) if done_at else None,
    )


async def select_unmeasured(db: Connection, *, before: datetime, after: datetime, limit: int) -> list[Voicemail]:
    """Messages left between two moments whose length nobody has told."""
    rows = await db.fetch_all(
        f"{_SELECT} WHERE m.seconds IS NULL AND m.left_at < $1 AND m.left_at > $2 ORDER BY m.left_at LIMIT $3",
        to_micros(before),
        to_micros(after),
        limit,
    )
    return [_voicemail(row) for row in rows]


async def update_seconds(db: Connection, voicemail_id: str, seconds: int) -> None:
    """Write how long a message is."""
    await db.execute("UPDATE voicemails SET seconds = $2 WHERE id = $1", voicemail_id, seconds)


async def delete_voicemail(db: Connection, voicemail: Voicemail, *, now: datetime) -> None:
    """Forget a message here, and have Plivo delete it as soon as it can be asked."""
    await db.execute("DELETE FROM voicemails WHERE id = $1", voicemail.id)
    await insert_deletion(db, voicemail.connection_id, voicemail.recording_id, now=now)


async def delete_voicemails_before(db: Connection, moment: datetime, *, limit: int, now: datetime) -> int:
    """Forget messages left before a moment, and have Plivo delete them; how many."""
    rows = await db.fetch_all(f"{_SELECT} WHERE m.left_at < $1 ORDER BY m.left_at LIMIT $2", to_micros(moment), limit)
    for row in rows:
        await delete_voicemail(db, _voicemail(row), now=now)
    return len(rows)


async def delete_voicemails_of(db: Connection, caller: CallerId, *, now: datetime) -> int:
    """Forget what a caller left, and have Plivo delete it; how many."""
    rows = await db.fetch_all(f"{_SELECT} WHERE m.caller_id = $1", caller)
    for row in rows:
        await delete_voicemail(db, _voicemail(row), now=now)
    return len(rows)


async def insert_deletion(db: Connection, connection_id: ConnectionId, recording_id: str, *, now: datetime) -> None:
    """Have Plivo delete a recording. Asking twice is the same as once."""
    await db.execute(
        "INSERT INTO recording_deletions (connection_id, recording_id, asked_at, next_at, tries)"
        " VALUES ($1, $2, $3, $3, 0) ON CONFLICT (connection_id, recording_id) DO NOTHING",
        connection_id,
        recording_id,
        to_micros(now),
    )


async def select_due_deletions(db: Connection, *, now: datetime, limit: int) -> list[Deletion]:
    """What Plivo should be asked to delete now."""
    rows = await db.fetch_all(
        "SELECT connection_id, recording_id, tries FROM recording_deletions"
        " WHERE gone_at IS NULL AND next_at <= $1 ORDER BY next_at LIMIT $2",
        to_micros(now),
        limit,
    )
    return [Deletion(connection_id=ConnectionId(str(r[0])), recording_id=str(r[1]), tries=int(str(r[2]))) for r in rows]


async def update_deletion_gone(db: Connection, deletion: Deletion, *, now: datetime) -> None:
    """Plivo has deleted it."""
    await db.execute(
        "UPDATE recording_deletions SET gone_at = $3, problem = NULL WHERE connection_id = $1 AND recording_id = $2",
        deletion.connection_id,
        deletion.recording_id,
        to_micros(now),
    )


async def update_deletion_failed(db: Connection, deletion: Deletion, *, problem: str, next_at: datetime) -> None:
    """Plivo has not; ask again then."""
    await db.execute(
        "UPDATE recording_deletions SET tries = tries + 1, problem = $3, next_at = $4"
        " WHERE connection_id = $1 AND recording_id = $2",
        deletion.connection_id,
        deletion.recording_id,
        problem,
        to_micros(next_at),
    )


async def select_waiting_deletions(db: Connection) -> Waiting:
    """What Plivo has still to delete."""
    row = await db.fetch_one("SELECT count(*), min(asked_at) FROM recording_deletions WHERE gone_at IS NULL")
    said = await db.fetch_one(
        "SELECT problem FROM recording_deletions WHERE gone_at IS NULL AND problem IS NOT NULL"
        " ORDER BY next_at DESC LIMIT 1"
    )
    count, since = row or (0, None)
    return Waiting(
        count=int(str(count)),
        since=from_micros(int(str(since))) if since is not None else None,
        problem=str(said[0]) if said else None,
    )


async def delete_deletions_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget the marks of recordings that have been gone since before a moment; how many."""
    return await db.execute(
        "DELETE FROM recording_deletions WHERE recording_id IN"
        " (SELECT recording_id FROM recording_deletions WHERE gone_at < $1 LIMIT $2) AND gone_at < $1",
        to_micros(moment),
        limit,
    )


def _voicemail(row: Row) -> Voicemail:
    return Voicemail(
        id=str(row[0]),
        connection_id=ConnectionId(str(row[1])),
        recording_id=str(row[2]),
        call_uuid=str(row[3]),
        hotline_id=str(row[4]),
        caller=CallerId(str(row[5])),
        language=str(row[6]),
        media_path=str(row[7]) if row[7] is not None else None,
        seconds=int(str(row[8])) if row[8] is not None else None,
        left_at=from_micros(int(str(row[9]))),
        taken_by=VolunteerId(str(row[10])) if row[10] is not None else None,
        taken_by_name=str(row[11]) if row[11] is not None else None,
        taken_at=from_micros(int(str(row[12]))) if row[12] is not None else None,
        done_at=from_micros(int(str(row[13]))) if row[13] is not None else None,
        hotline_name=str(row[14]) if row[14] is not None else None,
    )
