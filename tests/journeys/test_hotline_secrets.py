"""Callers' numbers: in no file, no log, no answer and no event, whatever a call goes through (threat model, TM-D5)."""

import asyncio
import base64
import re
import secrets
import sqlite3
from contextlib import suppress

import httpx2
import pytest

from softphone.app import create_app
from softphone.settings import Settings
from softphone.web.guards import GUARD
from tests.conftest import MASTER_KEY
from tests.journeys.floor import HOTLINE, NEVER_MS, Floor

TALK = {"wait_for": "connected"}
LEAVE = ({"wait_for": "recording"}, {"talk_ms": 3000}, {"press": "#"})
PLANTED = tuple(f"18305552{number}" for number in range(201, 206))
GETS = ("admin_only", "volunteer_only", "our_page", "public")
UNENDING = "/api/events"


def gets() -> list[str]:
    """Every path that can be looked at."""
    app = create_app(
        Settings(), clock=lambda: pytest.fail("no clock"), chance=secrets.token_bytes, master_key=MASTER_KEY
    )
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and getattr(app.view_functions[rule.endpoint], GUARD, "") in GETS
    ]


def traces(text: str) -> set[str]:
    """The planted numbers in a text, also without their country code, and as people group them."""
    plain = re.sub(r"[\s().+-]", "", text)
    return {number for number in PLANTED if number[1:] in text or number[1:] in plain or _hidden(number) & {text}}


def _hidden(number: str) -> set[str]:
    return {base64.b64encode(number.encode()).decode()}


async def listen(floor: Floor, login: str, heard: list[str]) -> None:
    """Everything that somebody's event stream says."""
    client = floor.clients[login]
    async with client.stream("GET", UNENDING, timeout=httpx2.Timeout(None)) as response:
        async for line in response.aiter_lines():
            heard.append(line)


async def calls_of_all_kinds(floor: Floor) -> None:
    """A conversation, a message, one who gives up, one who is refused, one with a database that is held."""
    floor.answers("ana")
    one = floor.caller(TALK, number=PLANTED[0])
    await floor.until(lambda: one.leg.state == "connected", "a person")
    call = (await floor.calls())[0]
    await floor.ask("ana", "POST", f"/api/hotline-calls/{call['id']}/block", {"reason": "abuse"})
    phone = floor.phone("ana")
    assert phone is not None
    phone.leave()
    await floor.at_rest()
    refused = floor.caller(number=PLANTED[0])
    await floor.until(lambda: refused.leg.over, "a sentence")
    floor.answers("ana", after_ms=NEVER_MS)
    floor.caller({"wait_for": "speech"}, {"wait_ms": 1500}, {"hang_up": True}, number=PLANTED[1])
    floor.caller({"wait_for": "speech"}, {"wait_ms": 2000}, {"hang_up": True}, number=PLANTED[2])
    await floor.until(lambda: floor.rings("ana"), "ringing")
    lock = sqlite3.connect(floor.database, isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    blind = floor.caller(TALK, number=PLANTED[3])
    await floor.until(lambda: len(floor.documents(blind)) > 0, "an answer without the database")
    lock.rollback()
    lock.close()
    blind.leg.leave()
    await floor.at_rest()
    await floor.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": True})
    floor.caller(*LEAVE, number=PLANTED[4])
    await floor.at_rest()


@pytest.mark.tm("TM-D5")
@pytest.mark.tm("TM-L2")
async def test_no_number_of_a_caller_is_found_anywhere(floor: Floor) -> None:
    """Searched for afterwards: the database's files, the log, every answer to everybody, and both streams of events.

    An administrator's audited look gives the last digits, and those alone.
    """
    heard: list[str] = []
    streams = [asyncio.create_task(listen(floor, login, heard)) for login in ("boss", "ana")]
    await calls_of_all_kinds(floor)

    calls = await floor.calls()
    messages = await floor.ask("ana", "GET", "/api/voicemails")
    ids = {"ref": [one["id"] for one in calls[:6]], "voicemail_id": [messages["items"][0]["id"]]}
    for path in gets():
        name = match[1] if (match := re.search(r"<(?:\w+:)?(\w+)>", path)) else ""
        for value in ids.get(name, ["night-line"]):
            for client in (floor.clients["boss"], floor.clients["ana"]):
                if path != UNENDING:
                    await client.get(re.sub(r"<[^>]+>", value, path))
    seen = await floor.ask("boss", "POST", f"/api/admin/callers/{calls[0]['caller_id']}/reveal-masked", {})
    for task in streams:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    files = b"".join(path.read_bytes() for path in floor.folder.glob("served.db*"))
    assert len(floor.told) > 60
    assert any("hotline_call" in line for line in heard)
    assert len(files) > 100_000
    assert [number for number in PLANTED if number[1:].encode() in files] == []
    assert traces("\n".join(floor.log)) == set()
    assert traces("\n".join(floor.told)) == set()
    assert traces("\n".join(heard)) == set()
    assert PLANTED[4][-4:] in str(seen)
