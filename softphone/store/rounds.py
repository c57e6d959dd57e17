"""Rounds of ringing and what was told about their legs."""

import json
from collections.abc import Sequence
from datetime import datetime

from softphone.domain.hotline_calls import LATE, TALK_FOR, Leg, Round, Rung
from softphone.domain.ids import CallUUID, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.standing import Phone
from softphone.store.database import Connection, Row, from_micros, to_micros

ROUND = "SELECT step, round, phones, callees, began_at, ends_at, ended_at"
"""What `round_of` reads."""
LEG = "SELECT leg_uuid, volunteer_id, phone, answered_at, connected_at, ended_at, hangup_code, hangup_cause"
"""What `leg_of` reads."""


async def insert_round(db: Connection, call_uuid: CallUUID, made: Round) -> None:
    """Add a half of a round."""
    await db.execute(
        "INSERT INTO hotline_rounds (call_uuid, step, round, phones, callees, began_at, ends_at, ended_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)",
        call_uuid,
        made.step,
        made.number,
        made.half.value,
        json.dumps([[one.volunteer_id, one.phone.value, one.address_hash] for one in made.rung]),
        to_micros(made.began_at),
        to_micros(made.ends_at),
    )


async def select_rounds(db: Connection, call_uuid: CallUUID) -> list[Round]:
    """Every half of a round of a call, in order."""
    rows = await db.fetch_all(f"{ROUND} FROM hotline_rounds WHERE call_uuid = $1 ORDER BY step", call_uuid)
    return [round_of(row) for row in rows]


async def update_rounds_ended(db: Connection, call_uuid: CallUUID, *, now: datetime) -> None:
    """Whatever still rings for a call rings no more."""
    await db.execute(
        "UPDATE hotline_rounds SET ended_at = $2 WHERE call_uuid = $1 AND ended_at IS NULL", call_uuid, to_micros(now)
    )


async def select_ringing(db: Connection, *, besides: CallUUID | None, now: datetime) -> set[VolunteerId]:
    """Whose phone rings for another call than `besides`. A round whose end was never told is over when its time is."""
    rows = await db.fetch_all(
        "SELECT callees FROM hotline_rounds WHERE ended_at IS NULL AND ends_at > $1 AND call_uuid <> $2",
        to_micros(now - LATE),
        besides or "",
    )
    return {VolunteerId(one[0]) for row in rows for one in json.loads(str(row[0]))}


async def select_open_rounds_of(db: Connection, volunteer: VolunteerId, *, now: datetime) -> list[CallUUID]:
    """The calls that ring at a volunteer's phones at this moment."""
    rows = await db.fetch_all(
        "SELECT call_uuid, callees FROM hotline_rounds WHERE ended_at IS NULL AND ends_at > $1 ORDER BY began_at",
        to_micros(now - LATE),
    )
    return [CallUUID(str(row[0])) for row in rows if any(one[0] == volunteer for one in json.loads(str(row[1])))]


async def select_talking(db: Connection, *, besides: CallUUID | None, now: datetime) -> set[VolunteerId]:
    """Who has answered a caller and has not been told to have ended. None is held longer than a call may last."""
    rows = await db.fetch_all(
        "SELECT answered_by FROM hotline_calls WHERE answered_by IS NOT NULL AND ended_at IS NULL"
        " AND answered_at > $1 AND call_uuid <> $2"
        " UNION SELECT volunteer_id FROM hotline_legs WHERE volunteer_id IS NOT NULL AND ended_at IS NULL"
        " AND answered_at > $1 AND call_uuid <> $2",
        to_micros(now - TALK_FOR - LATE),
        besides or "",
    )
    return {VolunteerId(str(row[0])) for row in rows}


async def select_legs(db: Connection, call_uuid: CallUUID) -> list[Leg]:
    """What was told about the legs of a call."""
    rows = await db.fetch_all(f"{LEG} FROM hotline_legs WHERE call_uuid = $1 ORDER BY leg_uuid", call_uuid)
    return [leg_of(row) for row in rows]


async def upsert_leg(db: Connection, call_uuid: CallUUID, leg: Leg) -> None:
    """Keep what was told about a leg. What is known stays: a repeated or late callback only fills gaps."""
    await db.execute(
        "INSERT INTO hotline_legs (call_uuid, leg_uuid, volunteer_id, phone, answered_at, connected_at, ended_at,"
        " hangup_code, hangup_cause) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (call_uuid, leg_uuid) DO UPDATE SET"
        " volunteer_id = coalesce(hotline_legs.volunteer_id, excluded.volunteer_id),"
        " phone = coalesce(hotline_legs.phone, excluded.phone),"
        " answered_at = coalesce(hotline_legs.answered_at, excluded.answered_at),"
        " connected_at = coalesce(hotline_legs.connected_at, excluded.connected_at),"
        " ended_at = coalesce(hotline_legs.ended_at, excluded.ended_at),"
        " hangup_code = coalesce(hotline_legs.hangup_code, excluded.hangup_code),"
        " hangup_cause = coalesce(hotline_legs.hangup_cause, excluded.hangup_cause)",
        call_uuid,
        leg.leg_uuid,
        leg.volunteer_id,
        leg.phone.value if leg.phone else None,
        _micros(leg.answered_at),
        _micros(leg.connected_at),
        _micros(leg.ended_at),
        leg.hangup_code,
        leg.hangup_cause,
    )


async def update_legs_ended(db: Connection, call_uuid: CallUUID, *, now: datetime) -> None:
    """The call is over, and so is every leg of it."""
    await db.execute(
        "UPDATE hotline_legs SET ended_at = $2 WHERE call_uuid = $1 AND ended_at IS NULL", call_uuid, to_micros(now)
    )


async def upsert_pause(
    db: Connection, volunteer: VolunteerId, *, idle_since: datetime, wrap_up_until: datetime
) -> None:
    """A volunteer is idle from a moment on, and not rung before another."""
    await db.execute(
        "INSERT INTO volunteer_pauses (volunteer_id, idle_since, wrap_up_until) VALUES ($1, $2, $3)"
        " ON CONFLICT (volunteer_id) DO UPDATE SET idle_since = $2, wrap_up_until = $3",
        volunteer,
        to_micros(idle_since),
        to_micros(wrap_up_until),
    )


async def select_wrap_up_until(db: Connection, volunteer: VolunteerId) -> datetime | None:
    """When a volunteer's last wrap-up pause ends or has ended."""
    row = await db.fetch_one("SELECT wrap_up_until FROM volunteer_pauses WHERE volunteer_id = $1", volunteer)
    return from_micros(int(str(row[0]))) if row else None


def volunteers_of(rounds: Sequence[Round]) -> list[VolunteerId]:
    """Everybody whom the rounds rang, each once."""
    return list(dict.fromkeys(one.volunteer_id for made in rounds for one in made.rung))


def round_of(row: Row) -> Round:
    """A half of a round from its row."""
    return Round(
        step=int(str(row[0])),
        number=int(str(row[1])),
        half=Last(str(row[2])),
        rung=tuple(Rung(VolunteerId(who), Phone(phone), key) for who, phone, key in json.loads(str(row[3]))),
        began_at=from_micros(int(str(row[4]))),
        ends_at=from_micros(int(str(row[5]))),
        ended_at=_moment(row[6]),
    )


def leg_of(row: Row) -> Leg:
    """What was told of a leg, from its row."""
    return Leg(
        leg_uuid=str(row[0]),
        volunteer_id=VolunteerId(str(row[1])) if row[1] is not None else None,
        phone=Phone(str(row[2])) if row[2] is not None else None,
        answered_at=_moment(row[3]),
        connected_at=_moment(row[4]),
        ended_at=_moment(row[5]),
        hangup_code=int(str(row[6])) if row[6] is not None else None,
        hangup_cause=str(row[7]) if row[7] is not None else None,
    )


def _micros(moment: datetime | None) -> int | None:
    return to_micros(moment) if moment is not None else None


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None
