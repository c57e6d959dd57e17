"""Doubts about volunteers and alerts about shifts, as they were last told. One of several processes tells each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.alerts import Alert, AlertKind
from softphone.domain.doubts import Doubt
from softphone.domain.ids import HotlineId, VolunteerId
from softphone.store.database import Connection, Row, from_micros, to_micros


@dataclass(frozen=True, slots=True)
class Told:
    """A doubt that was told, and since when it stands."""

    why: Doubt
    since: datetime


async def select_doubts(db: Connection) -> Mapping[VolunteerId, Told]:
    """Every doubt that stands."""
    rows = await db.fetch_all("SELECT volunteer_id, why, since FROM doubts")
    return {VolunteerId(str(row[0])): Told(Doubt(str(row[1])), from_micros(int(str(row[2])))) for row in rows}


async def upsert_doubt(db: Connection, volunteer: VolunteerId, why: Doubt, *, now: datetime) -> bool:
    """Write a doubt down; False if it stands already."""
    changed = await db.execute(
        "INSERT INTO doubts (volunteer_id, why, since) VALUES ($1, $2, $3)"
        " ON CONFLICT (volunteer_id) DO UPDATE SET why = $2, since = $3 WHERE doubts.why <> $2",
        volunteer,
        why.value,
        to_micros(now),
    )
    return changed > 0


async def delete_doubt(db: Connection, volunteer: VolunteerId) -> bool:
    """A doubt is over; False if there was none."""
    return await db.execute("DELETE FROM doubts WHERE volunteer_id = $1", volunteer) > 0


async def insert_alert(db: Connection, alert: Alert) -> bool:
    """Write a new alert down; False if there is one of its kind for the hotline already."""
    changed = await db.execute(
        "INSERT INTO alerts (id, kind, hotline_id, hotline_name, began_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        alert.id,
        alert.kind.value,
        alert.hotline_id,
        alert.hotline_name,
        to_micros(alert.began_at),
    )
    return changed > 0


async def update_alert_ended(db: Connection, alert_id: str, *, now: datetime) -> bool:
    """An alert is over; False if it was before."""
    return (
        await db.execute("UPDATE alerts SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", alert_id, to_micros(now))
        > 0
    )


async def select_open_alerts(db: Connection) -> list[Alert]:
    """What is wrong now, the newest first."""
    rows = await db.fetch_all(
        "SELECT id, kind, hotline_id, hotline_name, began_at, ended_at FROM alerts WHERE ended_at IS NULL"
        " ORDER BY began_at DESC, id"
    )
    return [_alert(row) for row in rows]


async def select_alerts(db: Connection, *, limit: int, offset: int) -> list[Alert]:
    """Alerts, those that last first, then the newest."""
    rows = await db.fetch_all(
        "SELECT id, kind, hotline_id, hotline_name, began_at, ended_at FROM alerts"
        " ORDER BY ended_at IS NOT NULL, began_at DESC, id LIMIT $1 OFFSET $2",
        limit,
        offset,
    )
    return [_alert(row) for row in rows]


async def count_alerts(db: Connection) -> tuple[int, int]:
    """How many there are, and how many of them last."""
    row = await db.fetch_one("SELECT count(*), count(*) - count(ended_at) FROM alerts")
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)


async def delete_alerts_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget alerts that were over before a moment; how many."""
    return await db.execute(
        "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE began_at < $1 AND ended_at < $1 LIMIT $2)",
        to_micros(moment),
        limit,
    )


def _alert(row: Row) -> Alert:
    return Alert(
        id=str(row[0]),
        kind=AlertKind(str(row[1])),
        hotline_id=HotlineId(str(row[2])),
        hotline_name=str(row[3]),
        began_at=from_micros(int(str(row[4]))),
        ended_at=from_micros(int(str(row[5]))) if row[5] is not None else None,
    )
