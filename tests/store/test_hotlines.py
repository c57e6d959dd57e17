"""Hotlines, private phones and their calls in the database, on both engines."""

from datetime import date, time, timedelta

from softphone.domain.hotline import Holiday, OpenSpan, Strategy
from softphone.domain.hotline_calls import CallEnding, Leg, Round, Rung, Stage
from softphone.domain.ids import CallUUID, ConnectionId, HotlineId, PhoneNumber, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.secret import Secret
from softphone.domain.standing import Phone, Why
from softphone.store.database import Connection, Database
from softphone.store.hotline_calls import (
    append_ladder,
    delete_answers,
    insert_hotline_call,
    select_answer,
    select_hotline_call,
    select_hotline_call_by_ref,
    select_ladder,
    select_note,
    select_open_calls,
    select_spoke_before,
    update_hotline_call,
    update_note,
    upsert_answer,
)
from softphone.store.hotlines import (
    count_hotlines,
    delete_hotline,
    insert_hotline,
    replace_members,
    select_hotline,
    select_hotline_of_number,
    select_hotlines,
    select_hotlines_of,
    select_members,
    update_hotline,
)
from softphone.store.private_phones import (
    delete_private_phone,
    select_fallback_phones,
    select_private_phone,
    upsert_private_phone,
)
from softphone.store.roster import select_known
from softphone.store.rounds import (
    insert_round,
    select_legs,
    select_open_rounds_of,
    select_ringing,
    select_rounds,
    select_talking,
    select_wrap_up_until,
    update_rounds_ended,
    upsert_leg,
    upsert_pause,
)
from softphone.store.sealing import Keyring
from softphone.store.volunteers import insert_volunteer
from tests.clock import NOON
from tests.hotlines import hotline, hotline_call, private_phone
from tests.people import volunteer
from tests.telephony import add_endpoint, connection, set_up

ANA, BEN, EVE = volunteer("ana"), volunteer("ben"), volunteer("eve")
HOUR = timedelta(hours=1)
LINE = hotline()


async def furnish(database: Database, keyring: Keyring) -> None:
    """A hotline with Ana and Ben as members, whose phones are on; Eve is none."""

    async def unit(db: Connection) -> None:
        await set_up(db, [ANA, BEN], keyring=keyring, until=NOON + HOUR, to=connection())
        await insert_volunteer(db, EVE)
        await insert_hotline(db, LINE)
        await replace_members(db, LINE.id, [ANA.id, BEN.id], now=NOON)

    await database.write(unit)


async def test_a_hotline_comes_back_as_it_went_in(database: Database, keyring: Keyring) -> None:
    """Every field, also after a change."""
    await furnish(database, keyring)
    changed = hotline(
        name="Línea",
        numbers=(PhoneNumber("14155550100"), PhoneNumber("14155550101")),
        time_zone="Europe/Berlin",
        hours=(OpenSpan(weekday=4, opens=time(18), closes=time(2, 30)),),
        holidays=(Holiday(date(2026, 12, 25), "Christmas"),),
        closed=True,
        languages=("es", "en"),
        default_language="es",
        strategy=Strategy.LONGEST_IDLE,
        ring_at_once=3,
        music_url="https://example.org/a.mp3",
        outcomes=("Gehört",),
        notes_enabled=True,
        fallback_made_at=NOON,
    )

    await database.write(lambda db: update_hotline(db, changed))

    assert await database.read(lambda db: select_hotline(db, LINE.id)) == changed
    assert await database.read(lambda db: select_hotlines(db, limit=10, offset=0)) == [changed]
    assert await database.read(lambda db: select_hotlines_of(db, ANA.id)) == [changed]


async def test_a_number_leads_to_its_hotline(database: Database, keyring: Keyring) -> None:
    """By the connection and the number together."""
    await furnish(database, keyring)

    async def found(connection_id: str, number: str) -> HotlineId | None:
        one = await database.read(
            lambda db: select_hotline_of_number(db, ConnectionId(connection_id), PhoneNumber(number))
        )
        return one.id if one else None

    assert await found("main", "14155550100") == LINE.id
    assert await found("main", "14155550101") is None
    assert await found("other", "14155550100") is None


async def test_members_are_replaced_and_a_hotline_without_calls_goes(database: Database, keyring: Keyring) -> None:
    """Members by name; deleting takes numbers and members along."""
    await furnish(database, keyring)

    await database.write(lambda db: replace_members(db, LINE.id, [EVE.id, BEN.id, EVE.id], now=NOON))
    assert await database.read(lambda db: select_members(db, LINE.id)) == [BEN.id, EVE.id]

    await database.write(lambda db: delete_hotline(db, LINE.id))
    assert await database.read(count_hotlines) == 0


async def test_a_private_phone_is_sealed(database: Database, keyring: Keyring) -> None:
    """It comes back opened; the database holds no digits of it but the tail."""
    await furnish(database, keyring)
    phone = private_phone(in_fallback=True)

    await database.write(lambda db: upsert_private_phone(db, phone, keyring=keyring))

    assert await database.read(lambda db: select_private_phone(db, ANA.id, keyring=keyring)) == phone
    assert await database.read(lambda db: select_fallback_phones(db, LINE.id, keyring=keyring)) == [phone]
    rows = await database.read(lambda db: db.fetch_all("SELECT * FROM private_phones"))
    assert phone.number.reveal() not in str(rows)
    assert await database.write(lambda db: delete_private_phone(db, ANA.id))
    assert not await database.write(lambda db: delete_private_phone(db, ANA.id))


async def test_a_call_comes_back_as_it_went_in(database: Database, keyring: Keyring) -> None:
    """By Plivo's id and by ours; open until it ends; then it leads back to whom the caller spoke to."""
    await furnish(database, keyring)
    call = hotline_call()
    await database.write(lambda db: insert_hotline_call(db, call))
    assert await database.read(select_open_calls) == [call]
    ended = hotline_call(
        stage=Stage.ENDED,
        step=3,
        round=2,
        last=Last.APPS,
        answered_by=BEN.id,
        answered_leg="leg-0001",
        answered_at=NOON,
        ended_at=NOON,
        ending=CallEnding.ANSWERED,
        seconds=12,
        hangup_code=4000,
        outcome="Listened",
        hard=True,
    )

    await database.write(lambda db: update_hotline_call(db, ended))

    assert await database.write(lambda db: select_hotline_call(db, call.call_uuid)) == ended
    assert await database.read(lambda db: select_hotline_call_by_ref(db, call.ref)) == ended
    assert await database.read(select_open_calls) == []
    spoke = await database.read(
        lambda db: select_spoke_before(db, call.caller_id, LINE.id, since=NOON - timedelta(minutes=10))
    )
    later = await database.read(lambda db: select_spoke_before(db, call.caller_id, LINE.id, since=NOON))
    assert (spoke, later) == (BEN.id, None)


async def test_answers_notes_and_ladders_are_kept(database: Database, keyring: Keyring) -> None:
    """The first answer of a step stays; answers and notes are sealed; the ladder keeps its order."""
    await furnish(database, keyring)
    call = hotline_call()

    async def unit(db: Connection) -> None:
        await insert_hotline_call(db, call)
        await upsert_answer(db, call.call_uuid, 1, b"<Response>a 14155550177</Response>", keyring=keyring)
        await upsert_answer(db, call.call_uuid, 1, b"<Response>b</Response>", keyring=keyring)
        await update_note(db, call, Secret("afraid of Tuesday"), keyring=keyring)
        await append_ladder(db, call.call_uuid, asked="incoming", told={"a": "b"}, answered="Dial", now=NOON)
        await append_ladder(db, call.call_uuid, asked="next", told={}, answered="", now=NOON)

    await database.write(unit)

    kept = await database.read(lambda db: select_answer(db, call.call_uuid, 1, keyring=keyring))
    note = await database.read(lambda db: select_note(db, call.call_uuid, keyring=keyring))
    ladder = await database.read(lambda db: select_ladder(db, call.call_uuid))
    rows = [
        await database.read(lambda db, sql=sql: db.fetch_all(sql))  # type: ignore[misc]  # a default argument
        for sql in ("SELECT * FROM hotline_answers", "SELECT note_sealed FROM hotline_calls")
    ]
    assert kept == b"<Response>a 14155550177</Response>"
    assert note == Secret("afraid of Tuesday")
    assert [(line.seq, line.asked, line.told) for line in ladder] == [(1, "incoming", {"a": "b"}), (2, "next", {})]
    assert "5550177" not in str(rows)
    assert "Tuesday" not in str(rows)
    await database.write(lambda db: delete_answers(db, call.call_uuid))
    assert await database.read(lambda db: select_answer(db, call.call_uuid, 1, keyring=keyring)) is None


async def test_a_round_holds_its_people_until_it_ends_or_its_time_is_over(database: Database, keyring: Keyring) -> None:
    """A missing callback keeps nobody ringing for ever."""
    await furnish(database, keyring)
    call = hotline_call()
    made = Round(
        step=1,
        number=1,
        half=Last.APPS,
        rung=(Rung(ANA.id, Phone.BROWSER, "h1"), Rung(BEN.id, Phone.SIP, "h2")),
        began_at=NOON,
        ends_at=NOON + timedelta(seconds=20),
        ended_at=None,
    )
    await database.write(lambda db: insert_hotline_call(db, call))
    await database.write(lambda db: insert_round(db, call.call_uuid, made))

    async def ringing(besides: str | None = None, **later: float) -> set[VolunteerId]:
        now = NOON + timedelta(**later)
        uuid = CallUUID(besides) if besides else None
        return await database.read(lambda db: select_ringing(db, besides=uuid, now=now))

    assert await database.read(lambda db: select_rounds(db, call.call_uuid)) == [made]
    assert await ringing() == {ANA.id, BEN.id}
    assert await ringing("call-0001") == set()
    assert await ringing(seconds=49) == {ANA.id, BEN.id}
    assert await ringing(seconds=50) == set()
    assert await database.read(lambda db: select_open_rounds_of(db, BEN.id, now=NOON)) == [call.call_uuid]
    await database.write(lambda db: update_rounds_ended(db, call.call_uuid, now=NOON))
    assert await ringing() == set()


async def test_an_answered_leg_holds_its_volunteer_no_longer_than_calls_last(
    database: Database, keyring: Keyring
) -> None:
    """What is known of a leg stays, whatever order it comes in; three hours and a moment later they are free."""
    await furnish(database, keyring)
    uuid = CallUUID("call-0001")
    answered = Leg(leg_uuid="leg-0001", volunteer_id=BEN.id, phone=Phone.PRIVATE, answered_at=NOON)
    late = Leg(leg_uuid="leg-0001", volunteer_id=None, phone=None, connected_at=NOON, answered_at=NOON + HOUR)
    await database.write(lambda db: upsert_leg(db, uuid, answered))
    await database.write(lambda db: upsert_leg(db, uuid, late))

    async def talking(**later: float) -> set[VolunteerId]:
        return await database.read(lambda db: select_talking(db, besides=None, now=NOON + timedelta(**later)))

    (leg,) = await database.read(lambda db: select_legs(db, uuid))
    assert (leg.volunteer_id, leg.answered_at, leg.connected_at) == (BEN.id, NOON, NOON)
    assert await talking(hours=3) == {BEN.id}
    assert await talking(hours=3, seconds=31) == set()


async def test_the_roster_tells_everything_that_ringing_needs(database: Database, keyring: Keyring) -> None:
    """Members with phones, pauses and what has rung; strangers only when they are asked for."""
    await furnish(database, keyring)
    pause = NOON + timedelta(minutes=1)

    async def unit(db: Connection) -> None:
        await upsert_private_phone(db, private_phone("v-ben"), keyring=keyring)
        await upsert_pause(db, BEN.id, idle_since=NOON, wrap_up_until=pause)
        await upsert_leg(
            db, CallUUID("call-0002"), Leg(leg_uuid="l", volunteer_id=ANA.id, phone=None, answered_at=NOON)
        )
        await add_endpoint(db, EVE, keyring=keyring)

    await database.write(unit)
    refused = Leg(leg_uuid="leg-0001", volunteer_id=BEN.id, phone=Phone.BROWSER, ended_at=NOON, hangup_code=3020)
    made = Round(
        step=1,
        number=1,
        half=Last.APPS,
        rung=(Rung(BEN.id, Phone.BROWSER, "h"),),
        began_at=NOON,
        ends_at=NOON,
        ended_at=NOON,
    )
    history = ([made], [refused])

    async def known(*, strangers: bool) -> list[object]:
        people = await database.read(
            lambda db: select_known(
                db, LINE, call=CallUUID("call-0001"), history=history, strangers=strangers, keyring=keyring, now=NOON
            )
        )
        return [
            (
                one.volunteer.login,
                one.member,
                len(one.lines),
                one.lines[0].newest is not None,
                one.private.reveal() if one.private else None,
                one.busy,
                one.wrap_up_until,
                one.rung,
                one.declined,
            )
            for one in people
        ]

    ana = ("ana", True, 1, True, None, Why.IN_CALL, None, (), False)
    ben = ("ben", True, 1, True, "14155550177", None, pause, (Last.APPS,), True)
    assert await known(strangers=False) == [ana, ben]
    assert await known(strangers=True) == [ana, ben, ("eve", False, 1, False, None, None, None, (), False)]
    assert await database.read(lambda db: select_wrap_up_until(db, BEN.id)) == pause
