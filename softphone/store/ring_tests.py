"""Test calls to SIP phones."""

from datetime import datetime

from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.ring_tests import RingState, RingTest
from softphone.store.database import Connection, from_micros, to_micros

_SELECT = (
    "SELECT id, endpoint_id, asked_by, state, device, started_at, answered_at, ended_at, hangup_code, problem"
    " FROM ring_tests"
)


async def insert_ring_test(db: Connection, test: RingTest, *, connection_id: str) -> None:
    """Add a test call."""
    await db.execute(
        "INSERT INTO ring_tests (id, endpoint_id, connection_id, asked_by, state, device, started_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        test.id,
        test.endpoint_id,
        connection_id,
        test.asked_by,
        test.state,
        test.device,
        to_micros(test.started_at),
    )


async def select_ring_test(
    db: Connection, test_id: str, *, connection_id: str | None = None, lock: bool = False
) -> RingTest | None:
    """A test call, of one connection where that is named."""
    row = await db.fetch_one(
        f"{_SELECT} WHERE id = $1 AND connection_id = coalesce($2, connection_id) {db.for_update if lock else ''}",
        test_id,
        connection_id,
    )
    if row is None:
        return None
    return RingTest(
        id=str(row[0]),
        endpoint_id=EndpointId(str(row[1])),
        asked_by=VolunteerId(str(row[2])),
        state=RingState(str(row[3])),
        device=str(row[4]) if row[4] is not None else None,
        started_at=from_micros(int(str(row[5]))),
        answered_at=from_micros(int(str(row[6]))) if row[6] is not None else None,
        ended_at=from_micros(int(str(row[7]))) if row[7] is not None else None,
        hangup_code=int(str(row[8])) if row[8] is not None else None,
        problem=str(row[9]) if row[9] is not None else None,
    )


async def update_ring_test(db: Connection, test: RingTest) -> None:
    """Write what came of it."""
    await db.execute(
        "UPDATE ring_tests SET state = $2, answered_at = $3, ended_at = $4, hangup_code = $5, problem = $6"
        " WHERE id = $1",
        test.id,
        test.state,
        to_micros(test.answered_at) if test.answered_at else None,
        to_micros(test.ended_at) if test.ended_at else None,
        test.hangup_code,
        test.problem,
    )


async def delete_ring_tests_before(db: Connection, moment: datetime) -> int:
    """Forget tests that began before a moment; how many there were."""
    return await db.execute("DELETE FROM ring_tests WHERE started_at < $1", to_micros(moment))
