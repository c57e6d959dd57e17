"""The copy of the document that Plivo falls back to: made in the page, and known to be out of date."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from quart import Quart

from softphone.store.audit import select_audit
from softphone.store.database import Connection as Db
from softphone.store.hotlines import insert_hotline, replace_members, select_hotline, update_hotline
from softphone.store.private_phones import delete_private_phone, upsert_private_phone
from softphone.web.deps import Deps
from tests.clock import NOON, Clock
from tests.hotlines import hotline, private_phone
from tests.people import volunteer
from tests.telephony import connection, set_up
from tests.web.conftest import Browser

ANA = volunteer("ana")
LINE = hotline()
URL = "/api/admin/hotlines/night-line/fallback"


@pytest.fixture
async def line(app: Quart, parts: Deps) -> None:
    """A hotline of Ana, who allows her own telephone in the document."""
    world = parts.world

    async def unit(db: Db) -> None:
        await set_up(db, [ANA], keyring=world.keyring, until=NOON + timedelta(hours=9), to=connection())
        await insert_hotline(db, LINE)
        await replace_members(db, LINE.id, [ANA.id], now=NOON)
        await upsert_private_phone(db, private_phone(in_fallback=True), keyring=world.keyring)

    await world.database.write(unit)


async def state(admin: Browser) -> dict[str, Any]:
    """Where the document stands."""
    answer: dict[str, Any] = await (await admin.get(URL)).get_json()
    return answer


async def test_a_document_goes_out_of_date_with_what_it_says(line: None, admin: Browser, parts: Deps) -> None:
    """Never made, made, changed, and right again when the change is taken back: a removed phone counts too."""
    keyring = parts.world.keyring
    never = await state(admin)
    made = await (await admin.post(URL)).get_json()
    right = await state(admin)
    await parts.world.database.write(lambda db: delete_private_phone(db, ANA.id))
    changed = await state(admin)
    await parts.world.database.write(
        lambda db: upsert_private_phone(db, private_phone(in_fallback=True), keyring=keyring)
    )
    back = await state(admin)
    await parts.world.database.write(lambda db: _rename(db))
    renamed = await state(admin)

    assert (never["stale"], never["why"], never["made_at"], never["phones"]) == (True, "never_made", None, 1)
    assert "<Number>14155550177</Number>" in made["document"]
    assert made["confirm_document"].startswith("<?xml")
    assert (made["stale"], made["made_at"]) == (False, "2026-11-20T12:00:00.000Z")
    assert right == {key: made[key] for key in right}
    assert (changed["why"], changed["phones"]) == ("changed", 0)
    assert changed["message"].endswith("publish it.")
    assert (back["stale"], renamed["why"]) == (False, "changed")


async def _rename(db: Db) -> None:
    kept = await select_hotline(db, LINE.id)
    assert kept is not None
    await update_hotline(db, replace(kept, ring_for=timedelta(seconds=30)))


async def test_the_document_wants_the_password_again(line: None, admin: Browser, parts: Deps, clock: Clock) -> None:
    """It names telephones of volunteers: a forgotten open page shows none, and who took it is written down."""
    await admin.post(URL, {"confirm_url": "https://static.example/confirm.xml"})
    newest = (await parts.world.database.read(lambda db: select_audit(db, limit=1, offset=0)))[0]
    clock.forward(minutes=11)

    late = await admin.post(URL)

    assert (newest.action, newest.detail["phones"]) == ("hotline.fallback_written", 1)
    assert (await late.get_json())["error"]["code"] == "step_up_required"
    assert "14155550177" not in await (await admin.get(URL)).get_data(as_text=True)


@pytest.mark.parametrize(
    "url",
    ["http://static.example/a.xml", "javascript:alert(1)", "https://", "https://a b/", "https://" + "a" * 1000],
    ids=["not encrypted", "a script", "no host", "a blank", "too long"],
)
async def test_a_second_part_lies_at_a_real_address(line: None, admin: Browser, url: str) -> None:
    """Nothing is written otherwise."""
    response = await admin.post(URL, {"confirm_url": url})

    error = (await response.get_json())["error"]
    assert (response.status_code, error["field"]) == (400, "confirm_url")
    assert (await state(admin))["why"] == "never_made"


async def test_an_unknown_hotline_has_no_document(line: None, admin: Browser) -> None:
    """404, in a sentence."""
    asked = await admin.get("/api/admin/hotlines/nobody/fallback")
    made = await admin.post("/api/admin/hotlines/nobody/fallback")

    assert (asked.status_code, made.status_code) == (404, 404)
