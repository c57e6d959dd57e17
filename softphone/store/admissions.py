"""Calls that were let in, or may still prove themselves. Refused calls leave no row, so no flood of them fills this."""

from datetime import datetime

from softphone.domain.admission import FLOOD_WINDOW, LIMIT_WINDOW, AdmissionState, Asked
from softphone.domain.callers import CallerId
from softphone.domain.privacy import HotlinePrivacy
from softphone.store.database import Connection, to_micros


async def select_asked(db: Connection, call_uuid: str) -> Asked | None:
    """How a call stands; None if it was not asked about, or was refused."""
    row = await db.fetch_one(
        f"SELECT state, digits, tries FROM admissions WHERE call_uuid = $1 {db.for_update}",  # noqa: S608  # constant
        call_uuid,
    )
    if row is None:
        return None
    return Asked(state=AdmissionState(str(row[0])), digits=str(row[1] or ""), tries=int(str(row[2])))


async def select_asker(db: Connection, call_uuid: str) -> tuple[CallerId, str] | None:
    """Whose call this is, and the hotline that was called."""
    row = await db.fetch_one("SELECT caller_id, hotline_id FROM admissions WHERE call_uuid = $1", call_uuid)
    return (CallerId(str(row[0])), str(row[1])) if row else None


async def count_admissions(
    db: Connection, caller: CallerId, *, hotline_id: str, limits: HotlinePrivacy, now: datetime
) -> tuple[int, int, int]:
    """How many calls of this caller, how many let in at all, and how many lately. Nothing is counted further than the
    limit that asks for it. Calls that never proved themselves count as lately only: they close the line to nobody.
    """
    row = await db.fetch_one(
        "SELECT"
        " (SELECT count(*) FROM (SELECT 1 FROM admissions"
        " WHERE hotline_id = $1 AND caller_id = $2 AND at > $3 LIMIT $4) AS own),"
        " (SELECT count(*) FROM (SELECT 1 FROM admissions"
        " WHERE hotline_id = $1 AND at > $3 AND state = 'admitted' LIMIT $5) AS admitted),"
        " (SELECT count(*) FROM (SELECT 1 FROM admissions"
        " WHERE hotline_id = $1 AND at > $6 LIMIT $7) AS lately)",
        hotline_id,
        caller,
        to_micros(now - LIMIT_WINDOW),
        limits.caller_calls_per_hour,
        limits.all_calls_per_hour,
        to_micros(now - FLOOD_WINDOW),
        limits.check_above,
    )
    counted = row or (0, 0, 0)
    return int(str(counted[0])), int(str(counted[1])), int(str(counted[2]))


async def insert_admission(
    db: Connection, call_uuid: str, caller: CallerId, *, hotline_id: str, digits: str | None, now: datetime
) -> None:
    """A call comes in, at once or once it has proved itself."""
    await db.fetch_all(
        "INSERT INTO admissions (call_uuid, hotline_id, caller_id, state, digits, tries, at)"
        " VALUES ($1, $2, $3, $4, $5, 0, $6) RETURNING call_uuid",
        call_uuid,
        hotline_id,
        caller,
        (AdmissionState.PROVING if digits else AdmissionState.ADMITTED).value,
        digits,
        to_micros(now),
    )


async def update_try(db: Connection, call_uuid: str) -> None:
    """Count one more try."""
    await db.execute("UPDATE admissions SET tries = tries + 1 WHERE call_uuid = $1", call_uuid)


async def update_digits(db: Connection, call_uuid: str, digits: str) -> None:
    """Other digits are to be pressed from now on."""
    await db.execute("UPDATE admissions SET digits = $2 WHERE call_uuid = $1", call_uuid, digits)


async def update_admission_state(db: Connection, call_uuid: str, state: AdmissionState) -> None:
    """A call has proved itself, or has not."""
    await db.execute("UPDATE admissions SET state = $2 WHERE call_uuid = $1", call_uuid, state.value)


async def delete_admissions_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget old calls; how many."""
    return await db.execute(
        "DELETE FROM admissions WHERE call_uuid IN (SELECT call_uuid FROM admissions WHERE at < $1 LIMIT $2)",
        to_micros(moment),
        limit,
    )
