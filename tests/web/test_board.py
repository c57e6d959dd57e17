"""The live board and the watch over shifts, through the doors that feed them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from quart import Quart

from softphone.actions.watch_shifts import watch_shifts
from softphone.domain.volunteers import Availability, Role
from softphone.store.audit import select_audit
from softphone.store.database import Connection as Db
from softphone.store.events import select_events_after
from softphone.store.hotlines import insert_hotline, replace_members, update_hotline
from softphone.store.volunteers import update_availability
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.hotlines import hotline
from tests.people import add, volunteer
from tests.telephony import Caller, connection, set_up
from tests.web.conftest import Browser, browser_of

ANA, BEN, CHLOE = volunteer("ana"), volunteer("ben"), volunteer("chloe")
LINE = hotline()
DEVICE = {"device_id": "device-1"}
HOURS = timedelta(hours=9)


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with a hotline of Ana and Ben, whose phones are on; Chloe is on duty and a member of none."""
    world = parts.world

    async def unit(db: Db) -> None:
        await set_up(db, [ANA, BEN, CHLOE], keyring=world.keyring, until=NOON + HOURS, to=connection())
        await insert_hotline(db, LINE)
        await replace_members(db, LINE.id, [ANA.id, BEN.id], now=NOON)

    await world.database.write(unit)
    return Caller(app=app)


async def board(admin: Browser, query: str = "") -> dict[str, Any]:
    """What an administrator sees."""
    response = await admin.get(f"/api/admin/board{query}")
    assert response.status_code == 200
    answer: dict[str, Any] = await response.get_json()
    return answer


def by_name(items: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    """Volunteers by their names."""
    return {item["name"]: item for item in items}


async def told(parts: Deps, kind: str) -> list[tuple[str, Mapping[str, object]]]:
    """Whom the events of a kind were for, and what they said."""
    found = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=500))
    return [(event.audience, event.body) for event in found if event.kind == kind]


async def set_duty(parts: Deps, availability: Availability, *people: Any) -> None:
    """Send people away or bring them back."""
    now = parts.world.clock()

    async def unit(db: Db) -> None:
        for person in people:
            await update_availability(db, person.id, availability, since=now)

    await parts.world.database.write(unit)


async def test_a_caller_is_seen_from_the_first_ring_to_the_end(
    app: Quart, plivo: Caller, admin: Browser, clock: Clock
) -> None:
    """Ringing with whom, heard by whom, talking to whom and since when, and then in today's figures."""
    await plivo.call_in()
    clock.forward(seconds=4)
    ref = (await board(admin))["calls"][0]["id"]
    ana = await browser_of(app, ANA)
    assert (await ana.post(f"/api/hotline-calls/{ref}/rings", DEVICE)).status_code == 200

    ringing = await board(admin)
    await plivo.leg(1, ANA, "answer")
    clock.forward(seconds=30)
    talking = await board(admin, "?hotline=night-line")
    await plivo.leg(1, ANA, "hangup", DialBLegDuration="30")
    await plivo.hang_up()
    over = await board(admin)

    call = ringing["calls"][0]
    assert (call["state"], call["since"], call["language"]) == ("ringing", "2026-11-20T12:00:00.000Z", "en")
    assert [(one["name"], one["phone"], one["heard"]) for one in call["with"]] == [
        ("Ana", "browser", True),
        ("Ben", "browser", False),
    ]
    assert by_name(ringing["volunteers"])["Ana"]["hotlines"][0]["why"] == "ringing"
    call = talking["calls"][0]
    assert (call["state"], call["since"]) == ("talking", "2026-11-20T12:00:04.000Z")
    assert [one["name"] for one in call["with"]] == ["Ana"]
    assert by_name(talking["volunteers"])["Ana"]["call"] == ref
    assert by_name(talking["volunteers"])["Ana"]["hotlines"][0]["why"] == "in_call"
    assert (talking["hotlines"][0]["talking"], talking["time_zone"]) == (1, "America/New_York")
    assert over["calls"] == []
    figures = over["hotlines"][0]["today"]
    assert (figures["answered"], figures["missed"], figures["median_wait_seconds"]) == (1, 0, 4)
    assert over["today"] == figures


async def test_everybody_stands_there_with_their_one_reason(plivo: Caller, admin: Browser, parts: Deps) -> None:
    """The reason that routing has; who is on duty for no hotline is seen too."""
    await set_duty(parts, Availability.AWAY, BEN)

    seen = await board(admin)
    alone = await board(admin, "?hotline=night-line")

    people = by_name(seen["volunteers"])
    assert people["Ana"]["hotlines"] == [
        {"id": "night-line", "name": "Night line", "why": "rings", "message": "Their phone rings.", "rings": True}
    ]
    assert (people["Ana"]["reachable"], people["Ana"]["phones"]) == (True, ["browser"])
    assert people["Ben"]["hotlines"][0]["message"] == "They are away."
    assert people["Chloe"]["hotlines"] == []
    assert (seen["hotlines"][0]["would_ring"], seen["hotlines"][0]["decision"]["kind"]) == (1, "ring")
    assert by_name(alone["volunteers"]).keys() == {"Ana", "Ben"}


async def test_today_begins_at_the_hotlines_own_midnight(app: Quart, plivo: Caller, parts: Deps, clock: Clock) -> None:
    """New York's midnight is 05:00 UTC in November."""
    root = volunteer("root", role=Role.ADMIN)
    await add(parts.world.database, root)
    await plivo.call_in()
    await plivo.hang_up()

    clock.now = NOON + timedelta(hours=16, minutes=59)
    evening = await board(await browser_of(app, root))
    clock.forward(minutes=1)
    morning = await board(await browser_of(app, root))

    assert [one["today"]["date"] for one in (evening, morning)] == ["2026-11-20", "2026-11-21"]
    assert [one["today"]["missed"] for one in (evening, morning)] == [1, 0]


async def test_an_unknown_hotline_is_said_to_be_unknown(plivo: Caller, admin: Browser) -> None:
    """With the field, so that the page can say where."""
    response = await admin.get("/api/admin/board?hotline=nobody")

    error = (await response.get_json())["error"]
    assert (response.status_code, error["field"]) == (400, "hotline")
    assert error["message"] == "There is no such hotline."


@pytest.mark.tm("TM-D5")
async def test_no_number_is_on_the_board_nor_in_a_ladder(plivo: Caller, admin: Browser) -> None:
    """Neither the caller's, nor the address of a phone."""
    await plivo.call_in("14155550123")
    ref = (await board(admin))["calls"][0]["id"]
    await plivo.leg(1, ANA, "hangup", DialBLegHangupCauseCode="3110")

    doors = ["/api/admin/board", "/api/admin/hotline-calls", f"/api/admin/hotline-calls/{ref}"]
    texts = [await (await admin.get(door)).get_data(as_text=True) for door in doors]
    texts.append(await (await admin.get("/api/admin/hotline-calls.csv")).get_data(as_text=True))

    assert "Dial" in texts[2]
    for text in texts:
        assert not any(secret in text for secret in ("14155550123", "5550123", "14155550100", "140703093944"))


async def test_an_empty_shift_is_told_once_and_its_end_too(
    plivo: Caller, admin: Browser, parts: Deps, clock: Clock
) -> None:
    """To administrators' pages, in the audit log and at a door; two processes that look tell it once."""
    await watch_shifts(parts.world)
    before = await told(parts, "alert")
    await set_duty(parts, Availability.AWAY, ANA, BEN)

    await watch_shifts(parts.world)
    await watch_shifts(parts.world)
    during = await (await admin.get("/api/admin/alerts")).get_json()
    on_board = await board(admin)
    clock.forward(minutes=5)
    await set_duty(parts, Availability.ON_DUTY, ANA)
    await watch_shifts(parts.world)
    after = await (await admin.get("/api/admin/alerts")).get_json()

    assert before == []
    assert [(audience, body["state"]) for audience, body in await told(parts, "alert")] == [
        ("admins", "began"),
        ("admins", "ended"),
    ]
    assert (during["open"], during["items"][0]["kind"]) == (1, "empty_shift")
    assert on_board["alerts"] == during["items"]
    assert (after["open"], after["items"][0]["ended_at"]) == (0, "2026-11-20T12:05:00.000Z")
    rows = await parts.world.database.read(lambda db: select_audit(db, limit=9, offset=0))
    assert [(row.action, row.subject) for row in rows] == [
        ("alert.ended", "night-line"),
        ("alert.began", "night-line"),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"closed": True}, {"hours": ()}, {"numbers": ()}],
    ids=["switched off", "out of hours", "without a number"],
)
async def test_nobody_is_missed_where_nobody_can_call(plivo: Caller, parts: Deps, changes: dict[str, Any]) -> None:
    """A closed hotline alerts no one."""
    await set_duty(parts, Availability.AWAY, ANA, BEN)
    await parts.world.database.write(lambda db: update_hotline(db, hotline(**changes)))

    await watch_shifts(parts.world)

    assert await told(parts, "alert") == []


async def test_a_shift_that_is_only_busy_is_not_empty(plivo: Caller, parts: Deps) -> None:
    """Whoever talks will be free again."""
    await set_duty(parts, Availability.AWAY, BEN)
    await plivo.call_in()
    await plivo.leg(1, ANA, "answer")

    await watch_shifts(parts.world)

    assert await told(parts, "alert") == []


async def test_a_page_that_falls_silent_is_doubted_and_hears_of_it(
    app: Quart, plivo: Caller, admin: Browser, parts: Deps, clock: Clock
) -> None:
    """On the board, to the page itself; the first word from it ends the doubt at once."""
    ana = await browser_of(app, ANA)
    assert await (await ana.post("/api/presence", DEVICE)).get_json() == {"doubt": None}
    clock.forward(seconds=61)

    await watch_shifts(parts.world)
    await watch_shifts(parts.world)
    doubt = by_name((await board(admin))["volunteers"])["Ana"]["doubt"]
    again = await (await ana.post("/api/presence", DEVICE)).get_json()

    assert (doubt["why"], doubt["since"]) == ("page_silent", "2026-11-20T12:01:01.000Z")
    assert again == {"doubt": None}
    events = await told(parts, "doubtful")
    assert [(audience, body["why"]) for audience, body in events] == [
        ("volunteer:v-ana", "page_silent"),
        ("volunteer:v-ana", None),
    ]


async def test_a_ring_that_was_not_heard_is_known_before_the_next_caller(
    app: Quart, plivo: Caller, admin: Browser, parts: Deps, clock: Clock
) -> None:
    """Ben's page said that it rings, Ana's did not: she is told, and a shift of her alone is doubtful."""
    for person in (ANA, BEN):
        await (await browser_of(app, person)).post("/api/presence", DEVICE)
    await plivo.call_in()
    ref = (await board(admin))["calls"][0]["id"]
    await (await browser_of(app, BEN)).post(f"/api/hotline-calls/{ref}/rings", DEVICE)
    clock.forward(seconds=20)
    await plivo.hang_up()

    await watch_shifts(parts.world)
    seen = await board(admin)
    await set_duty(parts, Availability.AWAY, BEN)
    await watch_shifts(parts.world)
    answer = await (await (await browser_of(app, ANA)).post("/api/presence", DEVICE)).get_json()

    people = by_name(seen["volunteers"])
    assert (people["Ana"]["doubt"]["why"], people["Ben"]["doubt"]) == ("ring_not_heard", None)
    assert seen["hotlines"][0]["doubtful"] == 1
    assert answer["doubt"]["why"] == "ring_not_heard"
    assert [body["kind"] for _, body in await told(parts, "alert")] == ["doubtful_shift"]


async def test_only_whoever_is_rung_may_say_that_it_rings(app: Quart, plivo: Caller, admin: Browser) -> None:
    """Anybody else is told that there is no such call; so is who names none, and a device must have a name."""
    await plivo.call_in()
    ref = (await board(admin))["calls"][0]["id"]
    chloe, ana = await browser_of(app, CHLOE), await browser_of(app, ANA)

    answers = [
        await chloe.post(f"/api/hotline-calls/{ref}/rings", DEVICE),
        await ana.post("/api/hotline-calls/0011223344556677/rings", DEVICE),
        await ana.post(f"/api/hotline-calls/{ref}/rings", {"device_id": "x"}),
        await ana.post("/api/presence", {"device_id": "x"}),
        await ana.post("/api/presence"),
    ]

    assert [one.status_code for one in answers] == [404, 404, 400, 400, 400]


async def test_closing_a_hotline_ends_its_alert(plivo: Caller, parts: Deps) -> None:
    """Nobody is missed from then on."""
    await set_duty(parts, Availability.AWAY, ANA, BEN)
    await watch_shifts(parts.world)

    await parts.world.database.write(lambda db: update_hotline(db, replace(LINE, closed=True)))
    await watch_shifts(parts.world)

    assert [body["state"] for _, body in await told(parts, "alert")] == ["began", "ended"]
