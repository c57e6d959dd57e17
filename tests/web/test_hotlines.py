"""The doors to hotlines and their calls: the administrator's and the volunteer's."""

from datetime import timedelta
from typing import Any

import pytest
from quart import Quart

from softphone.domain.volunteers import Role
from softphone.store.database import Connection as Db
from softphone.store.hotlines import insert_hotline, replace_members
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.hotlines import hotline
from tests.people import volunteer
from tests.telephony import Caller, connection, set_up
from tests.web.conftest import Browser, SignInAs, browser_of

ANA, BEN = volunteer("ana", languages=("en", "es")), volunteer("ben")
NEW = {"name": "Night line", "time_zone": "Europe/Berlin", "numbers": ["+1 415 555 0100"]}
PATH = "/api/admin/hotlines/night-line"


@pytest.fixture
async def plivo(app: Quart, parts: Deps) -> Caller:
    """Plivo, with Ana and Ben on duty and no hotline yet."""
    world = parts.world
    until = NOON + timedelta(hours=9)
    await world.database.write(lambda db: set_up(db, [ANA, BEN], keyring=world.keyring, until=until, to=connection()))
    return Caller(app=app)


@pytest.fixture
async def line(plivo: Caller, parts: Deps) -> Caller:
    """A hotline with notes, answered by Ana and Ben; Plivo can call it."""
    made = hotline(notes_enabled=True)

    async def unit(db: Db) -> None:
        await insert_hotline(db, made)
        await replace_members(db, made.id, [ANA.id, BEN.id], now=NOON)

    await parts.world.database.write(unit)
    return plivo


async def body(response: Any, status: int = 200) -> Any:
    """The JSON of an answer that has this status."""
    assert response.status_code == status, await response.get_data()
    return await response.get_json()


async def audited(parts: Deps) -> list[str]:
    """The actions in the audit log."""
    found = await parts.world.database.read(lambda db: db.fetch_all("SELECT action FROM audit ORDER BY seq"))
    return [str(row[0]) for row in found]


async def test_a_hotline_is_added_changed_and_removed(plivo: Caller, parts: Deps, admin: Browser) -> None:
    """Each with a row of the audit log, which names fields and no number."""
    made = await body(await admin.post("/api/admin/hotlines", NEW), 201)
    change = {
        "languages": ["es", "en"],
        "default_language": "es",
        "round_the_clock": False,
        "hours": [{"weekday": 4, "opens": "18:00", "closes": "02:00"}],
        "holidays": [{"day": "2026-12-25", "name": "Christmas"}],
        "strategy": "longest_idle",
        "ring_seconds": 30,
        "music_url": "https://example.org/a.mp3",
    }
    changed = await body(await admin.patch(PATH, change))
    closed = await body(await admin.put(f"{PATH}/closed", {"closed": True}))
    members = await body(await admin.put(f"{PATH}/members", {"volunteers": [BEN.id]}))
    listed = await body(await admin.get("/api/admin/hotlines"))
    gone = await admin.delete(PATH)

    assert (made["id"], made["numbers"], made["open_now"]) == ("night-line", ["14155550100"], True)
    assert {name: changed[name] for name in change} == change
    assert (closed["closed"], closed["open_now"]) == (True, False)
    assert members == {"members": [BEN.id]}
    assert [one["members"] for one in listed["items"]] == [[BEN.id]]
    assert gone.status_code == 204
    assert await audited(parts) == [
        "hotline.created",
        "hotline.changed",
        "hotline.changed",
        "hotline.members_changed",
        "hotline.removed",
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"languages": ["xx"]}, "languages"),
        ({"languages": []}, "languages"),
        ({"default_language": "fr"}, "default_language"),
        ({"ring_seconds": 5}, "ring_seconds"),
        ({"longest_wait_seconds": 10_000}, "longest_wait_seconds"),
        ({"hours": [{"weekday": 7, "opens": "18:00", "closes": "20:00"}]}, "hours"),
        ({"hours": [{"weekday": 1, "opens": "6pm", "closes": "20:00"}]}, "hours"),
        ({"holidays": [{"day": "25.12."}]}, "holidays"),
        ({"music_url": "http://example.org/a.mp3"}, "music_url"),
        ({"music_url": "https://user@example.org/a.mp3"}, "music_url"),
        ({"outcomes": [""]}, "outcomes"),
        ({"numbers": ["+1 415 555 9999"]}, "numbers"),
        ({"name": "\u202e"}, "name"),
        ({"strategy": "loudest"}, "strategy"),
        ({"fallback_made_at": 1}, "fallback_made_at"),
    ],
)
async def test_what_cannot_be_used_is_named(line: Caller, admin: Browser, given: dict[str, Any], field: str) -> None:
    """A code, a sentence and the field; nothing is changed."""
    before = await body(await admin.get(PATH))
    error = (await body(await admin.patch(PATH, given), 400))["error"]

    assert error["field"] == field
    assert error["message"].endswith(".")
    assert await body(await admin.get(PATH)) == before


async def test_a_number_has_one_hotline_and_calls_keep_one(line: Caller, admin: Browser) -> None:
    """A second hotline cannot take the number; one with calls is not deleted."""
    await line.call_in()

    taken = await body(await admin.post("/api/admin/hotlines", {**NEW, "name": "Day line"}), 409)
    kept = await body(await admin.delete(PATH), 409)

    assert (taken["error"]["code"], kept["error"]["code"]) == ("number_taken", "hotline_has_calls")


async def test_who_rings_is_explained_for_everybody(line: Caller, admin: Browser, sign_in_as: SignInAs) -> None:
    """Also for those without the right; at another moment; and no address or number is told."""
    now = await body(await admin.get(f"{PATH}/who-rings"))
    later = await body(await admin.get(f"{PATH}/who-rings?at=2026-11-20T22:00:00%2B00:00&language=en"))
    wrong = await body(await admin.get(f"{PATH}/who-rings?at=tomorrow"), 400)
    unspoken = await body(await admin.get(f"{PATH}/who-rings?language=fr"), 400)

    assert now["decision"] == {"kind": "ring", "round": 1, "half": "apps", "seconds": 20}
    assert [(one["name"], one["why"], one["phones"]) for one in now["volunteers"]] == [
        ("Ana", "rings", ["browser"]),
        ("Ben", "rings", ["browser"]),
        ("Root", "no_right", []),
    ]
    assert later["decision"] == {"kind": "message", "reason": "nobody"}
    assert {one["why"] for one in later["volunteers"]} == {"unreachable", "no_right"}
    assert (wrong["error"]["field"], unspoken["error"]["field"]) == ("at", "language")
    assert "sip:" not in str(now)


async def test_who_has_a_caller_blocks_them_for_the_rest_of_the_shift(
    line: Caller, app: Quart, parts: Deps, clock: Clock
) -> None:
    """Until when is told; twice is once; nobody else can, and a reason is one of ours."""
    ben, ana = await browser_of(app, BEN), await browser_of(app, ANA)
    await line.call_in()
    ref = (await body(await ben.get("/api/hotline-calls")))["offered"][0]["id"]
    early = await ben.post(f"/api/hotline-calls/{ref}/block")
    await line.leg(1, BEN, "connected")

    told = await body(await ben.post(f"/api/hotline-calls/{ref}/block"))
    again = await body(await ben.post(f"/api/hotline-calls/{ref}/block", {"reason": "threat"}))

    assert told == again == {"until": "2026-11-20T20:00:00.000Z"}
    assert (await ana.post(f"/api/hotline-calls/{ref}/block")).status_code == early.status_code == 404
    assert (await ben.post(f"/api/hotline-calls/{ref}/block", {"reason": "ugly"})).status_code == 400


async def test_a_volunteer_says_how_their_call_went(line: Caller, app: Quart, parts: Deps, clock: Clock) -> None:
    """While it rings it is offered; afterwards outcome, note, that it was hard, and that they are ready."""
    ben, ana = await browser_of(app, BEN), await browser_of(app, ANA)
    await line.call_in()
    offered = (await body(await ben.get("/api/hotline-calls")))["offered"]
    path = f"/api/hotline-calls/{offered[0]['id']}"
    early = await body(await ben.post(f"{path}/outcome", {"outcome": "Listened"}), 404)
    await line.leg(1, BEN, "connected")
    going_on = await body(await ben.post(f"{path}/hard"), 409)
    await line.hang_up()
    ended = await body(await ben.get("/api/hotline-calls"))

    assert early["error"]["code"] == "not_found"
    assert going_on["error"]["code"] == "call_goes_on"
    assert ended["wrap_up_until"] == "2026-11-20T12:01:00.000Z"
    assert (ended["items"][0]["state"], ended["items"][0]["outcomes"]) == ("ended", ["Listened", "Referred"])

    assert (await ben.post(f"{path}/outcome", {"outcome": "Listened"})).status_code == 204
    assert (await ben.put(f"{path}/note", {"note": " Quiet at the end. "})).status_code == 204
    hard = await body(await ben.post(f"{path}/hard"))
    item = (await body(await ben.get("/api/hotline-calls")))["items"][0]
    assert hard == {"wrap_up_until": "2026-11-20T12:10:00.000Z"}
    assert (item["outcome"], item["note"], item["hard"]) == ("Listened", "Quiet at the end.", True)

    assert (await ben.post(f"{path}/ready")).status_code == 204
    assert (await body(await ben.get("/api/hotline-calls")))["wrap_up_until"] is None

    unknown = await body(await ben.post(f"{path}/outcome", {"outcome": "Won"}), 400)
    assert unknown["error"]["field"] == "outcome"
    for door in (ana.post(f"{path}/outcome", {"outcome": "Listened"}), ana.put(f"{path}/note", {"note": "x"})):
        assert (await door).status_code == 404
    assert (await body(await ana.get("/api/hotline-calls")))["items"] == []


async def test_notes_are_sealed_and_only_where_they_are_on(
    line: Caller, app: Quart, parts: Deps, admin: Browser
) -> None:
    """The database file does not say what was written."""
    ben = await browser_of(app, BEN)
    await line.call_in()
    await line.leg(1, BEN, "connected")
    ref = (await body(await ben.get("/api/hotline-calls")))["items"][0]["id"]
    await ben.put(f"/api/hotline-calls/{ref}/note", {"note": "afraid of Tuesday"})
    await admin.patch(PATH, {"notes_enabled": False})

    off = await body(await ben.put(f"/api/hotline-calls/{ref}/note", {"note": "more"}), 409)

    assert off["error"]["code"] == "notes_off"
    kept = await parts.world.database.read(lambda db: db.fetch_all("SELECT * FROM hotline_calls"))
    assert "Tuesday" not in str(kept)


async def test_a_page_that_declines_is_spared(line: Caller, app: Quart) -> None:
    """Plivo says nothing of a leg that is refused while others ring; the page does."""
    ben = await browser_of(app, BEN)
    await line.call_in()
    ref = (await body(await ben.get("/api/hotline-calls")))["offered"][0]["id"]

    assert (await ben.post(f"/api/hotline-calls/{ref}/decline")).status_code == 204
    await line.next(1, DialStatus="no-answer")

    answer = await (await line.next(2)).get_data(as_text=True)
    assert answer.count("<User>") == 1
    assert "sip:ana" in answer
    assert (await ben.post("/api/hotline-calls/0000000000000000/decline")).status_code == 404


async def test_a_private_phone_rings_because_its_owner_asked(line: Caller, app: Quart, parts: Deps) -> None:
    """Shown by its last digits; kept sealed; forgotten on request; only where calls may go."""
    ben = await browser_of(app, BEN)
    nothing = await body(await ben.get("/api/private-phone"))
    wanted = {"number": "+1 (415) 555-2671", "in_fallback": True, "send_digits": "ww21#"}
    shown = await body(await ben.put("/api/private-phone", wanted))
    paused = await body(await ben.put("/api/private-phone", {"enabled": False}))
    without_keys = await body(await ben.put("/api/private-phone", {"send_digits": ""}))
    odd = (await body(await ben.put("/api/private-phone", {"send_digits": "1@9"}), 400))["error"]["field"]
    refused = [
        (await body(await ben.put("/api/private-phone", {"number": number}), 400))["error"]["field"]
        for number in ("911", "+44 20 7183 8750", "+1 415 555 0100", "ben", "+1 900 555 0100")
    ]

    assert nothing == {"masked": None, "enabled": False, "in_fallback": False, "send_digits": None}
    assert shown == {"masked": "…2671", "enabled": True, "in_fallback": True, "send_digits": "ww21#"}
    assert paused == {"masked": "…2671", "enabled": False, "in_fallback": False, "send_digits": "ww21#"}
    assert (without_keys["send_digits"], odd) == (None, "send_digits")
    assert refused == ["number"] * 5
    kept = await parts.world.database.read(lambda db: db.fetch_all("SELECT * FROM private_phones"))
    log = await parts.world.database.read(lambda db: db.fetch_all("SELECT * FROM audit"))
    assert "5552671" not in str([*kept, *log])
    assert (await ben.delete("/api/private-phone")).status_code == 204
    assert await body(await ben.get("/api/private-phone")) == nothing


async def test_a_volunteer_opens_no_administrators_door(line: Caller, sign_in_as: SignInAs) -> None:
    """Nor reads who rings."""
    eve = await sign_in_as("eve", role=Role.VOLUNTEER)

    assert (await eve.get(f"{PATH}/who-rings")).status_code == 403
    assert (await eve.patch(PATH, {"name": "Mine"})).status_code == 403
