"""Notice an empty shift and a volunteer who may not be reached, before the next caller does, and tell those concerned.

Every process watches; the database says which of them tells. Nothing is told twice, and what is over is told too.
"""

from datetime import datetime, timedelta

from softphone.actions.look_at_shifts import MOST_HOTLINES, Shifts, look_at_shifts
from softphone.actions.record_audit import record_audit
from softphone.actions.tell_hotline import BOARD
from softphone.actions.world import World
from softphone.domain.alerts import WORDS, Alert, AlertKind, alert_about
from softphone.domain.doubts import OWN_WORDS, Doubt
from softphone.domain.hotline import Hotline
from softphone.domain.ids import HotlineId, VolunteerId
from softphone.domain.times import iso
from softphone.store.audit import Actor
from softphone.store.database import Connection
from softphone.store.doubts import (
    delete_doubt,
    insert_alert,
    select_doubts,
    select_open_alerts,
    update_alert_ended,
    upsert_doubt,
)
from softphone.store.events import ADMINS, append_event, only
from softphone.store.hotlines import select_hotlines

WATCH_EVERY = timedelta(seconds=10)
ID_BYTES = 8
WATCH = Actor(id=None, name="Softphone")


async def watch_shifts(world: World) -> None:
    """One look. It writes only what has changed since the last."""
    now = world.clock()

    async def look(db: Connection) -> tuple[Shifts, dict[VolunteerId, Doubt], list[Alert]]:
        hotlines = await select_hotlines(db, limit=MOST_HOTLINES, offset=0)
        told = {person: one.why for person, one in (await select_doubts(db)).items()}
        return await look_at_shifts(world, db, hotlines, now=now), told, await select_open_alerts(db)

    seen, told, alerts = await world.database.read(look)
    wanted = wanted_alerts(seen)
    kept = {(one.kind, one.hotline_id) for one in alerts}
    begun = [(kind, hotline) for (kind, _), hotline in wanted.items() if (kind, hotline.id) not in kept]
    ended = [one for one in alerts if (one.kind, one.hotline_id) not in wanted]
    changed = {person: why for person, why in seen.doubts.items() if told.get(person) is not why}
    over = told.keys() - seen.doubts.keys()
    if not (begun or ended or changed or over):
        return

    async def tell(db: Connection) -> None:
        for person, why in changed.items():
            await tell_doubt(db, person, why, now=now)
        for person in over:
            await tell_doubt(db, person, None, now=now)
        for kind, hotline in begun:
            await _begin(world, db, kind, hotline, now=now)
        for alert in ended:
            await _end(db, alert, now=now)
        await append_event(db, ADMINS, BOARD, body={}, now=now)

    await world.database.write(tell)


def wanted_alerts(seen: Shifts) -> dict[tuple[AlertKind, HotlineId], Hotline]:
    """What is wrong now. A hotline without a number has no callers to miss."""
    found: dict[tuple[AlertKind, HotlineId], Hotline] = {}
    for one in seen.shifts:
        kind = alert_about(one.shift.routed, seen.doubts)
        if kind is not None and one.hotline.numbers:
            found[kind, one.hotline.id] = one.hotline
    return found


async def tell_doubt(db: Connection, person: VolunteerId, why: Doubt | None, *, now: datetime) -> None:
    """Write a doubt, or the end of one, and tell the volunteer's pages, if it was not told before."""
    if why is None:
        changed = await delete_doubt(db, person)
    else:
        changed = await upsert_doubt(db, person, why, now=now)
    if changed:
        await append_event(db, only(person), "doubtful", body=doubt_body(why, since=now), now=now)


def doubt_body(why: Doubt | None, *, since: datetime) -> dict[str, object]:
    """A doubt as its volunteer is told it."""
    if why is None:
        return {"why": None, "message": None, "since": None}
    return {"why": why.value, "message": OWN_WORDS[why], "since": iso(since)}


async def _begin(world: World, db: Connection, kind: AlertKind, hotline: Hotline, *, now: datetime) -> None:
    alert = Alert(
        id=world.chance(ID_BYTES).hex(),
        kind=kind,
        hotline_id=hotline.id,
        hotline_name=hotline.name,
        began_at=now,
        ended_at=None,
    )
    if await insert_alert(db, alert):
        await _tell(db, alert, "began", now=now)


async def _end(db: Connection, alert: Alert, *, now: datetime) -> None:
    if await update_alert_ended(db, alert.id, now=now):
        await _tell(db, alert, "ended", now=now)


async def _tell(db: Connection, alert: Alert, state: str, *, now: datetime) -> None:
    body = {
        "id": alert.id,
        "kind": alert.kind.value,
        "hotline": {"id": alert.hotline_id, "name": alert.hotline_name},
        "state": state,
        "message": WORDS[alert.kind],
        "at": iso(now),
    }
    await append_event(db, ADMINS, "alert", body=body, now=now)
    detail = {"kind": alert.kind.value, "hotline": alert.hotline_name}
    await record_audit(db, WATCH, f"alert.{state}", subject=alert.hotline_id, detail=detail, now=now)
