"""Two people talk: journeys in a real Chromium, with fake microphones and the unmodified Plivo SDK."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Stage, hears, state, until

pytestmark = pytest.mark.browser

OUTSIDE = "14155550123"


async def dial(page: Page, destination: str) -> None:
    """Type a destination and press dial."""
    await page.get_by_test_id("dial-input").fill(destination)
    await page.get_by_test_id("dial").click()


async def test_a_volunteer_signs_in_goes_on_duty_and_is_ready(stage: Stage) -> None:
    """From the invite link to "Ready. Calls ring here.", with no request to any host but ours and the signalling socket."""
    page = await stage.join("ben")
    await page.get_by_test_id("go-on-duty").click()
    await state(page, "ready")

    hosts = {urlsplit(url).netloc for url in stage.requests}
    ours = {urlsplit(stage.demo.service).netloc, urlsplit(stage.demo.sandbox).netloc}
    assert {host for host in hosts if host} <= ours
    text = await page.get_by_test_id("state").inner_text()
    assert "Ready" in text


async def test_a_volunteer_calls_a_colleague_by_name_and_both_hear(stage: Stage) -> None:
    """By name, answered by a gesture; audio both ways; a key arrives; hanging up ends both."""
    ben = await stage.on_duty("ben")
    chloe = await stage.on_duty("chloe")

    await dial(ben, "chloe")
    await state(chloe, "ringing")
    await chloe.get_by_test_id("answer").click()
    await state(ben, "talking")
    await state(chloe, "talking")
    await hears(ben)
    await hears(chloe)

    await ben.get_by_test_id("keypad-toggle").click()
    await ben.get_by_test_id("key-5").click()
    calls = await ladder_with(stage, ben, "Signal=5")
    assert calls

    await ben.get_by_test_id("hangup").click()
    await state(ben, "ready", seconds=30)
    await state(chloe, "ready", seconds=30)


async def ladder_with(stage: Stage, page: Page, text: str) -> list[object]:
    """The sandbox's calls, once one of them mentions `text`."""
    found: list[object] = []

    async def told() -> bool:
        calls = await stage.demo.control("GET", "calls")
        found[:] = [call for call in (calls if isinstance(calls, list) else []) if text in str(call)]
        return bool(found)

    await until(told, page, what=f"a call with {text!r} in its ladder")
    return found


async def test_a_volunteer_dials_a_number_and_the_outside_phone_answers(stage: Stage) -> None:
    """With the right to dial out, an outside phone rings, shows our number and nothing else, and both hear."""
    ben = await stage.on_duty("ben")
    phone = await stage.outside(OUTSIDE)

    await dial(ben, "(415) 555-0123")
    await phone.get_by_test_id("answer").click()
    await state(ben, "talking")
    await hears(ben)
    await hears(phone)

    await phone.get_by_test_id("hangup").click()
    await state(ben, "ready", seconds=30)
