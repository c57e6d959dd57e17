"""What volunteers' pages say of themselves: that they are there, and that they ring."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from softphone.domain.doubts import LastRing, PageSign
from softphone.domain.hotline_calls import Leg, Round
from softphone.domain.ids import CallUUID, DeviceId, VolunteerId
from softphone.domain.routing import APPS
from softphone.domain.standing import Phone
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.rounds import LEG, ROUND, leg_of, round_of

LOOK_BACK = timedelta(hours=12)
"""An older ring says nothing about this shift."""
MOST_ROUNDS = 300
"""How many of the newest halves of rounds are looked at: a flood must not make the look slow."""


async def upsert_page_sign(db: Connection, sign: PageSign) -> None:
    """Keep that a volunteer's page is there."""
    await db.execute(
        "INSERT INTO page_signs (volunteer_id, device_id, seen_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (volunteer_id) DO UPDATE SET device_id = $2, seen_at = $3",
        sign.volunteer_id,
        sign.device_id,
        to_micros(sign.seen_at),
    )


async def select_page_signs(db: Connection) -> Mapping[VolunteerId, PageSign]:
    """When each volunteer's page was last there."""
    rows = await db.fetch_all("SELECT volunteer_id, device_id, seen_at FROM page_signs")
    signs = (
        PageSign(
            volunteer_id=VolunteerId(str(row[0])),
            device_id=DeviceId(str(row[1])),
            seen_at=from_micros(int(str(row[2]))),
        )
        for row in rows
    )
    return {sign.volunteer_id: sign for sign in signs}


async def insert_ring_report(
    db: Connection, call_uuid: CallUUID, step: int, volunteer: VolunteerId, *, now: datetime
) -> bool:
    """Keep that a page rang in a half of a round; False if it said so before."""
    changed = await db.execute(
        "INSERT INTO ring_reports (call_uuid, step, volunteer_id, heard_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (call_uuid, step, volunteer_id) DO NOTHING",
        call_uuid,
        step,
        volunteer,
        to_micros(now),
    )
    return changed > 0


async def select_ring_reports(db: Connection, call_uuid: CallUUID) -> Mapping[tuple[int, VolunteerId], datetime]:
    """When the page of whom said, in which step of a call, that it rings."""
    rows = await db.fetch_all("SELECT step, volunteer_id, heard_at FROM ring_reports WHERE call_uuid = $1", call_uuid)
    return {(int(str(row[0])), VolunteerId(str(row[1]))): from_micros(int(str(row[2]))) for row in rows}


async def delete_ring_reports_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget what pages said before a moment; of how many rings."""
    return await db.execute(
        "DELETE FROM ring_reports WHERE heard_at < $1 AND call_uuid IN"
        " (SELECT call_uuid FROM ring_reports WHERE heard_at < $1 LIMIT $2)",
        to_micros(moment),
        limit,
    )


async def select_last_rings(db: Connection, *, now: datetime) -> Mapping[VolunteerId, LastRing]:
    """The last time that the app of each volunteer was rung, as far back as it says anything."""
    recent = (to_micros(now - LOOK_BACK), MOST_ROUNDS)
    newest = "SELECT call_uuid FROM hotline_rounds WHERE began_at > $1 ORDER BY began_at DESC LIMIT $2"
    rows = await db.fetch_all(
        f"{ROUND}, call_uuid FROM hotline_rounds WHERE began_at > $1 ORDER BY began_at DESC, step DESC LIMIT $2",
        *recent,
    )
    told = await db.fetch_all(
        f"{LEG}, call_uuid FROM hotline_legs WHERE call_uuid IN ({newest})",  # constant
        *recent,
    )
    heard = await db.fetch_all(
        f"SELECT call_uuid, step, volunteer_id FROM ring_reports WHERE call_uuid IN ({newest})",  # noqa: S608  # constant
        *recent,
    )
    legs: dict[tuple[str, VolunteerId], list[Leg]] = {}
    for row in told:
        leg = leg_of(row)
        if leg.volunteer_id is not None:
            legs.setdefault((str(row[8]), leg.volunteer_id), []).append(leg)
    return _last_rings(rows, legs, {(str(one[0]), int(str(one[1])), str(one[2])) for one in heard})


def _last_rings(
    rows: Sequence[Row], legs: Mapping[tuple[str, VolunteerId], list[Leg]], heard: set[tuple[str, int, str]]
) -> Mapping[VolunteerId, LastRing]:
    last: dict[VolunteerId, LastRing] = {}
    for row in rows:
        made, call = round_of(row), str(row[7])
        for person, phones in _apps(made).items():
            if person not in last:
                last[person] = LastRing(
                    began_at=made.began_at,
                    ended_at=made.ended_at,
                    phones=phones,
                    heard=(call, made.step, person) in heard,
                    legs=tuple(legs.get((call, person), ())),
                )
    return last


def _apps(made: Round) -> Mapping[VolunteerId, frozenset[Phone]]:
    """Whose browser or softphone rang in a half of a round."""
    found: dict[VolunteerId, frozenset[Phone]] = {}
    for one in made.rung:
        if one.phone in APPS:
            found[one.volunteer_id] = found.get(one.volunteer_id, frozenset()) | {one.phone}
    return found
