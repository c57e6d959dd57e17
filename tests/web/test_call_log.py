"""The administrator's look back at hotline calls: pages, one call's ladder, a file, figures."""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from quart import Quart

from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import CallEnding, Stage
from softphone.domain.ids import HotlineId
from softphone.domain.volunteers import Volunteer
from softphone.store.audit import select_audit
from softphone.store.database import Connection as Db
from softphone.store.hotline_calls import insert_hotline_call, update_hotline_call
from softphone.store.hotlines import insert_hotline, replace_members
from softphone.web.csv_text import BOM, csv_text
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.hotlines import hotline, hotline_call
from tests.people import volunteer
from tests.telephony import Caller, connection, set_up
from tests.web.conftest import Browser

LOG = "/api/admin/hotline-calls"
ANA, BEN = volunteer("ana"), replace(volunteer("ben"), name='=HYPERLINK("https://evil.example")')
BERLIN = hotline(id=HotlineId("berlin"), name="Tag, Nacht", numbers=(), time_zone="Europe/Berlin")


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with a hotline of Ana and Ben, and another in Berlin."""
    world = parts.world

    async def unit(db: Db) -> None:
        await set_up(db, [ANA, BEN], keyring=world.keyring, until=NOON + timedelta(hours=9), to=connection())
        for line in (hotline(), BERLIN):
            await insert_hotline(db, line)
        await replace_members(db, HotlineId("night-line"), [ANA.id, BEN.id], now=NOON)

    await world.database.write(unit)
    return Caller(app=app)


async def add(
    parts: Deps,
    name: str,
    began: datetime,
    ending: CallEnding,
    *,
    line: Hotline = BERLIN,
    by: Volunteer | None = None,
    waited: int = 10,
) -> None:
    """A call of the past."""
    over = began + timedelta(seconds=waited)
    call = hotline_call(name, hotline_id=line.id, started_at=began, waiting_since=began, heard_at=began)
    changes: dict[str, Any] = {"stage": Stage.ENDED, "ending": ending, "ended_at": over, "heard_at": over}
    after = replace(call, **changes, answered_by=by.id if by else None, answered_at=over if by else None)

    async def unit(db: Db) -> None:
        await insert_hotline_call(db, call)
        await update_hotline_call(db, after)

    await parts.world.database.write(unit)


async def got(admin: Browser, path: str) -> dict[str, Any]:
    """What a door says."""
    response = await admin.get(path)
    assert response.status_code == 200
    answer: dict[str, Any] = await response.get_json()
    return answer


async def test_a_ladder_tells_every_question_and_every_phone(plivo: Caller, admin: Browser, clock: Clock) -> None:
    """In order, with delays: what Plivo told, what it was answered, and what became of each leg."""
    await plivo.call_in()
    clock.forward(seconds=3)
    await plivo.leg(1, BEN, "hangup", DialBLegHangupCauseCode="3110", DialBLegHangupCause="CALL_REJECTED")
    clock.forward(seconds=1, milliseconds=500)
    await plivo.leg(1, ANA, "answer")
    await plivo.leg(1, ANA, "connected")
    clock.forward(seconds=60)
    await plivo.leg(1, ANA, "hangup", DialBLegDuration="60")
    await plivo.hang_up()
    ref = (await got(admin, LOG))["items"][0]["id"]

    story = await got(admin, f"{LOG}/{ref}")

    assert (story["ending"], story["waited_seconds"], story["talked_seconds"]) == ("answered", 4, 60)
    assert story["answered_by"] == {"id": "v-ana", "name": "Ana"}
    rung = {one["volunteer"]["id"]: one for one in story["rounds"][0]["rung"]}
    assert (rung["v-ana"]["fate"], rung["v-ana"]["answered_after_ms"]) == ("answered", 4500)
    assert (rung["v-ben"]["fate"], rung["v-ben"]["ended_after_ms"]) == ("declined", 3000)
    assert rung["v-ben"]["hangup_code"] == 3110
    ladder = story["ladder"]
    assert [(line["asked"], line["after_ms"]) for line in ladder] == [
        ("incoming", 0),
        ("leg 1", 3000),
        ("leg 1", 4500),
        ("leg 1", 4500),
        ("leg 1", 64500),
        ("end", 64500),
    ]
    assert [line["gap_ms"] for line in ladder] == [0, 3000, 1500, 0, 60000, 0]
    assert ladder[0]["answered"].startswith("Speak")
    assert ladder[0]["document"].startswith("<Response>")
    assert "<User>…</User>" in ladder[0]["document"]
    assert ladder[1]["told"]["dialbleghangupcause"] == "CALL_REJECTED"


async def test_a_call_that_nobody_knows_is_not_there(plivo: Caller, admin: Browser) -> None:
    """Said in a sentence."""
    response = await admin.get(f"{LOG}/0011223344556677")

    assert response.status_code == 404
    assert (await response.get_json())["error"]["message"] == "There is no such call, or it is no longer kept."


async def test_days_are_those_of_the_hotline(plivo: Caller, parts: Deps, admin: Browser) -> None:
    """23:30 UTC is the next day in Berlin. Over hotlines of several zones a day is one of UTC; the answer says so."""
    await add(parts, "call-0001", datetime.fromisoformat("2026-11-18T23:30:00Z"), CallEnding.GAVE_UP)

    async def totals(day: str) -> tuple[int, int]:
        berlin = await got(admin, f"{LOG}?hotline=berlin&from={day}&to={day}")
        every = await got(admin, f"{LOG}?from={day}&to={day}")
        assert (berlin["time_zone"], every["time_zone"]) == ("Europe/Berlin", "UTC")
        return berlin["total"], every["total"]

    assert [await totals("2026-11-18"), await totals("2026-11-19")] == [(0, 1), (1, 0)]


async def test_a_page_is_part_of_what_was_found(plivo: Caller, parts: Deps, admin: Browser) -> None:
    """Newest first, with the whole number; each filter has its name."""
    for number in range(5):
        ending = CallEnding.ANSWERED if number % 2 else CallEnding.MESSAGE
        await add(parts, f"call-000{number}", NOON + timedelta(minutes=number), ending, by=ANA if number == 3 else None)

    page = await got(admin, f"{LOG}?limit=2&offset=1")

    assert [one["started_at"][14:16] for one in page["items"]] == ["03", "02"]
    assert (page["total"], page["limit"], page["offset"]) == (5, 2, 1)
    assert (await got(admin, f"{LOG}?ending=answered"))["total"] == 2
    assert (await got(admin, f"{LOG}?volunteer=v-ana"))["total"] == 1
    assert (await got(admin, f"{LOG}?label=7f3a"))["total"] == 5
    assert (await got(admin, f"{LOG}?label=Caller+7F3A&language=en&hotline=berlin"))["total"] == 5
    assert (await got(admin, f"{LOG}?ending=open"))["total"] == 0


@pytest.mark.parametrize("door", [LOG, f"{LOG}.csv", "/api/admin/hotline-stats"])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("hotline=nobody", "hotline"),
        ("hotline=%00", "hotline"),
        ("from=yesterday", "from"),
        ("to=2026-02-30", "to"),
        ("to=9999-12-31", "to"),
        ("from=20261120", "from"),
        ("from=2026-11-20&to=2026-11-19", "from"),
        ("sort=label", "sort"),
        ("ending=lost_his_nerve", "ending"),
        ("language=xx", "language"),
        ("volunteer=a%20b", "volunteer"),
        ("label=%25", "label"),
    ],
    ids=str,
)
async def test_a_query_that_cannot_be_is_refused_by_name(
    plivo: Caller, admin: Browser, door: str, query: str, field: str
) -> None:
    """A mistyped filter must not show everything; the sentence says what is wanted."""
    response = await admin.get(f"{door}?{query}")

    error = (await response.get_json())["error"]
    assert (response.status_code, error["code"], error["field"]) == (400, "invalid_input", field)
    assert error["message"].endswith(".")


@pytest.mark.tm("TM-I7")
async def test_a_file_holds_every_call_and_no_formula(plivo: Caller, parts: Deps, admin: Browser) -> None:
    """Names that begin like a formula stay text; commas and quotes stay in their cell. Who took it is written down."""
    for number in range(3):
        await add(parts, f"call-000{number}", NOON + timedelta(minutes=number), CallEnding.ANSWERED, by=BEN)

    response = await admin.get(f"{LOG}.csv?hotline=berlin&ending=answered")

    text = await response.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="hotline-calls-2026-11-20.csv"'
    assert [row["started_at"] for row in rows] == [f"2026-11-20T12:0{number}:00.000Z" for number in (2, 1, 0)]
    assert {row["hotline"] for row in rows} == {"Tag, Nacht"}
    assert {row["answered_by"] for row in rows} == {"'" + BEN.name}
    newest = (await parts.world.database.read(lambda db: select_audit(db, limit=1, offset=0)))[0]
    assert (newest.action, newest.actor.name) == ("hotline_calls.exported", "Root")
    assert newest.detail["hotline"] == "berlin"


@pytest.mark.tm("TM-I7")
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"], ids=ascii)  # noqa: RUF001  # on purpose
def test_no_cell_is_computed(first: str) -> None:
    """A leading apostrophe makes it text in every spreadsheet; nothing leaves its cell."""
    cell = f"{first}cmd|' /C calc'!A0"

    assert list(csv.reader(io.StringIO(csv_text([[cell, 'a "b", c']]), newline=""))) == [["'" + cell, 'a "b", c']]


async def test_charts_are_drawn_from_the_hotlines_own_hours(
    plivo: Caller, parts: Deps, admin: Browser, clock: Clock
) -> None:
    """Noon UTC on a Friday is one o'clock in Berlin; days without a call are there, and empty."""
    await add(parts, "call-0001", NOON, CallEnding.ANSWERED, by=ANA, waited=12)
    await add(parts, "call-0002", NOON, CallEnding.GAVE_UP, waited=90)
    await add(parts, "call-0003", NOON - timedelta(days=1), CallEnding.TOO_MANY, waited=0)

    made = await got(admin, "/api/admin/hotline-stats?hotline=berlin&from=2026-11-18&to=2026-11-20")
    usual = await got(admin, "/api/admin/hotline-stats")

    assert (made["calls"], made["answered"], made["share_answered"]) == (3, 1, 0.5)
    assert made["by_hour"][13] == {"hour": 13, "calls": 3, "answered": 1}
    assert made["by_weekday"][4] == {"weekday": 4, "calls": 2, "answered": 1}
    assert made["hours_of_week"][4][13] == 2
    assert [(one["date"], one["calls"], one["share_answered"]) for one in made["by_day"]] == [
        ("2026-11-18", 0, None),
        ("2026-11-19", 1, None),
        ("2026-11-20", 2, 0.5),
    ]
    waiting = made["waiting"]
    assert (waiting["median_seconds"], waiting["p90_seconds"], waiting["longest_seconds"]) == (12, 90, 90)
    assert [one["calls"] for one in waiting["buckets"]] == [0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert (usual["from"], usual["to"], usual["time_zone"]) == ("2026-10-24", "2026-11-20", "UTC")


async def test_charts_show_a_year_at_most(plivo: Caller, admin: Browser) -> None:
    """More is asked for in parts."""
    year = await admin.get("/api/admin/hotline-stats?from=2024-01-01&to=2024-12-31")
    more = await admin.get("/api/admin/hotline-stats?from=2024-01-01&to=2025-01-01")

    assert (year.status_code, more.status_code) == (200, 400)
    assert (await more.get_json())["error"]["message"] == "Choose at most 366 days."
