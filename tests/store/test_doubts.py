"""Doubts, alerts, and what pages say of themselves, on both engines."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from softphone.domain.alerts import Alert, AlertKind
from softphone.domain.doubts import Doubt, LastRing, PageSign
from softphone.domain.hotline_calls import Leg, Round, Rung
from softphone.domain.ids import CallUUID, DeviceId, HotlineId, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.standing import Phone
from softphone.store.board import select_names, select_on_duty, select_open_rounds
from softphone.store.database import Connection, Database
from softphone.store.doubts import (
    Told,
    count_alerts,
    delete_alerts_before,
    delete_doubt,
    insert_alert,
    select_alerts,
    select_doubts,
    select_open_alerts,
    update_alert_ended,
    upsert_doubt,
)
from softphone.store.fallback_copies import select_fallback_digest, upsert_fallback_digest
from softphone.store.page_signs import (
    delete_ring_reports_before,
    insert_ring_report,
    select_last_rings,
    select_page_signs,
    select_ring_reports,
    upsert_page_sign,
)
from softphone.store.rounds import insert_round, update_rounds_ended, upsert_leg
from softphone.store.volunteers import insert_volunteer
from tests.clock import NOON
from tests.people import volunteer

ANA, BEN = volunteer("ana"), volunteer("ben")
CALL, OTHER = CallUUID("call-0001"), CallUUID("call-0002")
MINUTE = timedelta(minutes=1)


def rang(step: int, minutes: float, *rung: tuple[VolunteerId, Phone]) -> Round:
    """A half of a round that began so many minutes after noon."""
    began = NOON + minutes * MINUTE
    return Round(
        step=step,
        number=1,
        half=Last.APPS,
        rung=tuple(Rung(who, phone, f"{who}-{phone}") for who, phone in rung),
        began_at=began,
        ends_at=began + MINUTE / 3,
        ended_at=None,
    )


async def test_a_doubt_is_new_once(database: Database) -> None:
    """Of two processes that see the same, one tells; another reason is news, and so is the end."""
    await database.write(lambda db: insert_volunteer(db, ANA))

    async def doubt(why: Doubt, minutes: int) -> bool:
        return await database.write(lambda db: upsert_doubt(db, ANA.id, why, now=NOON + minutes * MINUTE))

    assert [await doubt(Doubt.PAGE_SILENT, 1), await doubt(Doubt.PAGE_SILENT, 2)] == [True, False]
    assert await database.read(select_doubts) == {ANA.id: Told(Doubt.PAGE_SILENT, NOON + MINUTE)}
    assert await doubt(Doubt.RING_FAILED, 3)
    assert [await database.write(lambda db: delete_doubt(db, ANA.id)) for _ in range(2)] == [True, False]
    assert await database.read(select_doubts) == {}


async def test_an_alert_is_new_once_and_may_come_again(database: Database) -> None:
    """One of a kind for a hotline at a time; those that last stand first."""

    def alert(name: str, minutes: int, kind: AlertKind = AlertKind.EMPTY_SHIFT) -> Alert:
        return Alert(
            id=name,
            kind=kind,
            hotline_id=HotlineId("night-line"),
            hotline_name="Night line",
            began_at=NOON + minutes * MINUTE,
            ended_at=None,
        )

    async def unit(db: Connection) -> list[bool]:
        return [
            await insert_alert(db, alert("a", 1)),
            await insert_alert(db, alert("b", 2)),
            await update_alert_ended(db, "a", now=NOON + 3 * MINUTE),
            await update_alert_ended(db, "a", now=NOON + 4 * MINUTE),
            await insert_alert(db, alert("c", 5)),
            await insert_alert(db, alert("d", 6, AlertKind.DOUBTFUL_SHIFT)),
        ]

    assert await database.write(unit) == [True, False, True, False, True, True]
    ended = replace(alert("a", 1), ended_at=NOON + 3 * MINUTE)
    lasting = [alert("d", 6, AlertKind.DOUBTFUL_SHIFT), alert("c", 5)]
    assert await database.read(lambda db: select_alerts(db, limit=9, offset=0)) == [*lasting, ended]
    assert await database.read(select_open_alerts) == lasting
    assert await database.read(count_alerts) == (3, 2)
    assert await database.write(lambda db: delete_alerts_before(db, NOON + 9 * MINUTE, limit=9)) == 1


async def test_the_last_ring_of_each_is_found_with_all_that_was_told(database: Database) -> None:
    """Apps only; a report belongs to its own half of a round."""
    leg = Leg(leg_uuid="l-1", volunteer_id=BEN.id, phone=Phone.BROWSER, hangup_code=2020, ended_at=NOON + MINUTE)

    async def unit(db: Connection) -> Mapping[VolunteerId, LastRing]:
        await insert_round(db, CALL, rang(1, 0, (ANA.id, Phone.BROWSER), (BEN.id, Phone.BROWSER)))
        await update_rounds_ended(db, CALL, now=NOON + MINUTE)
        await insert_round(db, OTHER, rang(1, 2, (BEN.id, Phone.BROWSER), (BEN.id, Phone.SIP)))
        await insert_round(db, OTHER, rang(2, 3, (ANA.id, Phone.PRIVATE)))
        await upsert_leg(db, OTHER, leg)
        assert await insert_ring_report(db, CALL, 1, ANA.id, now=NOON)
        assert not await insert_ring_report(db, CALL, 1, ANA.id, now=NOON + MINUTE)
        return await select_last_rings(db, now=NOON + 4 * MINUTE)

    last = await database.write(unit)

    assert last[ANA.id].heard
    assert (last[ANA.id].ended_at, last[ANA.id].legs) == (NOON + MINUTE, ())
    assert (last[BEN.id].heard, last[BEN.id].began_at) == (False, NOON + 2 * MINUTE)
    assert last[BEN.id].phones == {Phone.BROWSER, Phone.SIP}
    assert last[BEN.id].legs == (leg,)
    assert await database.read(lambda db: select_last_rings(db, now=NOON + timedelta(hours=13))) == {}
    assert await database.read(lambda db: select_ring_reports(db, CALL)) == {(1, ANA.id): NOON}
    assert await database.write(lambda db: delete_ring_reports_before(db, NOON + MINUTE, limit=9)) == 1


async def test_what_rings_now_is_known_with_those_who_hear_it(database: Database) -> None:
    """A round whose end was never told is over when its time is."""

    async def unit(db: Connection) -> None:
        await insert_round(db, CALL, rang(4, 0, (ANA.id, Phone.BROWSER), (BEN.id, Phone.BROWSER)))
        await insert_ring_report(db, CALL, 4, BEN.id, now=NOON)

    await database.write(unit)

    now = await database.read(lambda db: select_open_rounds(db, now=NOON))
    assert (now[CALL].made.step, now[CALL].heard) == (4, frozenset({BEN.id}))
    assert await database.read(lambda db: select_open_rounds(db, now=NOON + 2 * MINUTE)) == {}


async def test_pages_and_people_are_known(database: Database) -> None:
    """The newest sign of each page; everybody's name; who is on duty."""
    away = volunteer("eve", active=False)

    async def unit(db: Connection) -> None:
        for person in (BEN, ANA, away):
            await insert_volunteer(db, person)
        for minutes, device in ((0, "device-1"), (1, "device-2")):
            sign = PageSign(volunteer_id=ANA.id, device_id=DeviceId(device), seen_at=NOON + minutes * MINUTE)
            await upsert_page_sign(db, sign)
        for digest in ("one", "two"):
            await upsert_fallback_digest(db, HotlineId("night-line"), digest)

    await database.write(unit)

    newest = PageSign(volunteer_id=ANA.id, device_id=DeviceId("device-2"), seen_at=NOON + MINUTE)
    assert await database.read(select_page_signs) == {ANA.id: newest}
    assert await database.read(select_names) == {ANA.id: "Ana", BEN.id: "Ben", away.id: "Eve"}
    assert await database.read(select_on_duty) == [ANA, BEN]
    assert await database.read(lambda db: select_fallback_digest(db, HotlineId("night-line"))) == "two"
