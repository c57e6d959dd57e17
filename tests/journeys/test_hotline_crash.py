"""The service is killed in the middle of a call and started again: nobody is lost, and nobody is held."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from softphone.domain.words import WORDS
from softphone.sandbox.faults import read_fault
from tests.journeys.floor import HOTLINE, NEVER_MS, Floor, a_floor

TEAM = ("ana", "ben")
TOLD, TALK = {"wait_for": "told"}, {"wait_for": "connected"}


@pytest.fixture(scope="module")
async def slow_floor(disk: Path) -> AsyncIterator[Floor]:
    """Seconds last as long as anywhere, so that a service is back before a phone has rung in vain."""
    with tempfile.TemporaryDirectory(dir=disk) as folder:
        async with a_floor(Path(folder), *TEAM, second=1.0) as made:
            yield made


@pytest.fixture
async def floor(slow_floor: Floor) -> Floor:
    """Phones that ring until they are told to answer."""
    await slow_floor.begin(ring_seconds=60)
    for login in TEAM:
        slow_floor.answers(login, after_ms=NEVER_MS)
    return slow_floor


async def rings(floor: Floor) -> None:
    """Both phones ring."""
    await floor.until(lambda: all(floor.rings(login) for login in TEAM), "ringing")


def answer(floor: Floor) -> None:
    """Ana answers."""
    phone = floor.phone("ana")
    assert phone is not None
    assert phone.answer_now()


async def ended_well(floor: Floor, *, by: str | None = "Ana") -> None:
    """Ana hangs up; the log knows the call, and both can be rung."""
    phone = floor.phone("ana")
    assert phone is not None
    phone.leave()
    await floor.at_rest()
    call = (await floor.calls())[0]
    assert call["ending"] == "answered"
    assert call["answered_by"] is None if by is None else call["answered_by"]["name"] == by
    assert await floor.would_ring() == set(TEAM)


async def test_killed_while_the_menu_is_heard(floor: Floor) -> None:
    """The key that is pressed afterwards counts."""
    await floor.begin(languages=["en", "es"], ring_seconds=60)
    for login in TEAM:
        floor.answers(login, after_ms=NEVER_MS)
    caller = floor.caller({"wait_for": "keys"}, TOLD, {"press": "2"}, TALK, speech_ms=1000)
    await floor.until(lambda: floor.noted(caller, "Speak"), "the menu")

    await floor.restart()
    caller.leg.go_on()
    await floor.until(lambda: WORDS["es"].please_hold in caller.leg.heard, "Spanish")
    await rings(floor)
    answer(floor)
    await floor.until(lambda: caller.leg.state == "connected", "a person")

    await ended_well(floor)
    assert (await floor.calls())[0]["language"] == "es"


async def test_killed_while_it_rings(floor: Floor) -> None:
    """Whoever answers is known as who has the caller."""
    caller = floor.caller(TALK)
    await rings(floor)

    await floor.restart()
    answer(floor)
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.plant.callbacks.settle()

    assert "ana" not in await floor.would_ring()
    await ended_well(floor)


async def test_killed_as_somebody_answers(floor: Floor) -> None:
    """Nobody is there to be told who it was: they talk all the same, and the end of the Dial is enough."""
    caller = floor.caller(TALK)
    await rings(floor)

    await floor.kill()
    answer(floor)
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.plant.callbacks.settle()
    await floor.start()

    await ended_well(floor)


async def test_killed_in_a_conversation(floor: Floor) -> None:
    """It is known as before, and ends as usual."""
    caller = floor.caller(TALK)
    await rings(floor)
    answer(floor)
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.plant.callbacks.settle()

    await floor.restart()

    assert "ana" not in await floor.would_ring()
    await ended_well(floor)


async def test_killed_while_a_message_is_left(floor: Floor) -> None:
    """It is thanked for, and volunteers find it."""
    await floor.ask("boss", "PUT", f"{HOTLINE}/closed", {"closed": True})
    before = (await floor.ask("ana", "GET", "/api/voicemails"))["total"]
    caller = floor.caller({"wait_for": "recording"}, {"talk_ms": 2000}, TOLD, {"press": "#"})
    await floor.until(lambda: floor.noted(caller, "Record,"), "a recording")

    await floor.restart()
    caller.leg.go_on()
    await floor.at_rest()

    assert caller.leg.heard[-1] == WORDS["en"].message_thanks
    assert (await floor.ask("ana", "GET", "/api/voicemails"))["total"] == before + 1


async def test_killed_before_the_first_answer(floor: Floor) -> None:
    """Plivo falls back to the published copy: the telephone in it rings, and has the caller."""
    await floor.ask("ben", "PUT", "/api/private-phone", {"number": "14155550188", "enabled": True, "in_fallback": True})
    published = await floor.ask("boss", "POST", f"{HOTLINE}/fallback", {"confirm_url": None})
    host = await asyncio.start_server(_static(published["document"]), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{host.sockets[0].getsockname()[1]}/"
    account = floor.plant.account
    app_id = account.numbers[floor.sandbox.numbers[0]].app_id or ""
    account.put_application(replace(account.applications[app_id], fallback_answer_url=url, fallback_method="POST"))
    floor.plant.parties.wait({"number": "14155550188", "after_ms": 0})
    floor.plant.faults.add(read_fault({"kind": "callback", "action": "delay", "match": "/incoming", "ms": 500}))

    caller = floor.caller(TALK)
    await floor.kill()
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.start()
    host.close()
    await floor.ask("ben", "DELETE", "/api/private-phone", {})

    assert floor.phone("ana") is None


@pytest.mark.tm("TM-W9")
async def test_a_conversation_that_ends_while_nobody_listens_holds_its_volunteer_no_longer_than_minutes(
    floor: Floor,
) -> None:
    """All news of the end is lost with the process. Once nothing was heard for two minutes, Plivo's record is asked."""
    caller = floor.caller(TALK)
    await rings(floor)
    answer(floor)
    await floor.until(lambda: caller.leg.state == "connected", "a person")
    await floor.plant.callbacks.settle()

    await floor.kill()
    phone = floor.phone("ana")
    assert phone is not None
    phone.leave()
    await floor.at_rest()
    floor.ahead.put(timedelta(minutes=3))
    await floor.start()
    await floor.until(lambda: any("Plivo's record has it" in line for line in floor.log), "the end")

    call = (await floor.calls())[0]
    assert (call["ending"], call["answered_by"]["name"]) == ("answered", "Ana")
    assert await floor.would_ring() == set(TEAM)


def _static(document: str):  # type: ignore[no-untyped-def]  # asyncio's own callback type
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = document.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    return serve
