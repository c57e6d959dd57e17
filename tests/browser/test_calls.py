"""Two people talk: journeys in a real Chromium, with fake microphones and the unmodified Plivo SDK."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Stage, a_stage, hears, state, until

pytestmark = pytest.mark.browser

OUTSIDE = "14155550123"
MS = PATIENCE * 1000


@dataclass(frozen=True, slots=True)
class Floor:
    """Ben and Chloe on duty, and a phone somewhere outside."""

    stage: Stage
    ben: Page
    chloe: Page
    phone: Page


@pytest.fixture(scope="module")
async def floor(browser: Browser) -> AsyncIterator[Floor]:
    """One demo for these journeys; each leaves everybody as it found them: ready, in no call."""
    async with a_stage(browser) as stage:
        ben, chloe = await stage.on_duty("ben"), await stage.on_duty("chloe")
        yield Floor(stage, ben, chloe, await stage.outside(OUTSIDE))


async def dial(page: Page, destination: str) -> None:
    """Type a destination and press the button."""
    await page.get_by_test_id("dial-input").fill(destination)
    await page.get_by_test_id("dial").click()


async def at_rest(*pages: Page) -> None:
    """Wait until the calls of these pages have ended and they are ready again."""
    for page in pages:
        await page.locator('[data-state="ready"], [data-state="wrapping-up"]').first.wait_for()
        if await page.get_by_test_id("done").is_visible():
            await page.get_by_test_id("done").click()
        await state(page, "ready")


async def ladders(stage: Stage) -> list[str]:
    """The sandbox's calls, each as the text of all it holds."""
    told = await stage.demo.control("GET", "calls")
    return [str(call) for call in told["calls"]] if isinstance(told, dict) else []


async def test_a_volunteer_goes_on_duty_and_is_ready_without_foreign_hosts(floor: Floor) -> None:
    """ "Ready. Calls ring here."; and nothing was fetched from any host but ours and the sandbox's pages."""
    await expect(floor.ben.get_by_test_id("state")).to_contain_text("Calls ring here", timeout=MS)

    hosts = {urlsplit(url).netloc for url in floor.stage.reached}
    assert hosts <= {urlsplit(floor.stage.demo.service).netloc, urlsplit(floor.stage.demo.sandbox).netloc}


async def test_a_volunteer_calls_a_colleague_by_name_and_both_hear(floor: Floor) -> None:
    """By name, answered by a gesture; audio both ways; a key arrives; hanging up ends both."""
    await dial(floor.ben, "Chloe")
    await state(floor.chloe, "ringing")
    await floor.chloe.get_by_test_id("answer").click()
    await state(floor.ben, "talking")
    await state(floor.chloe, "talking")
    await hears(floor.ben)
    await hears(floor.chloe)
    # A colleague is not a caller of the hotline: there is nobody to block.
    await floor.chloe.keyboard.press("b")
    for page in (floor.ben, floor.chloe):
        await expect(page.get_by_test_id("block")).to_be_hidden()
        await expect(page.locator("dialog[open]")).to_have_count(0)

    await floor.ben.get_by_test_id("keypad-toggle").click()
    await floor.ben.get_by_test_id("key-5").click()

    async def key_seen() -> bool:
        return any("presses 5" in call for call in await ladders(floor.stage))

    await until(key_seen, floor.ben, what="the key in the ladder")
    await floor.ben.get_by_test_id("hangup").click()
    await at_rest(floor.ben, floor.chloe)


async def test_a_volunteer_dials_a_number_and_the_outside_phone_answers(floor: Floor) -> None:
    """A national number, as a person writes it; our number is shown outside; both hear."""
    await dial(floor.ben, "(415) 555-0123")
    await floor.phone.get_by_test_id("answer").click()
    await state(floor.ben, "talking")
    await hears(floor.ben)
    await hears(floor.phone)

    await floor.phone.get_by_test_id("hangup").click()
    await at_rest(floor.ben)


async def test_the_outside_phone_is_declined_and_then_answered(floor: Floor) -> None:
    """The outside phone calls Chloe's endpoint. Her page names no number; declining ends it, answering joins them."""
    people = await floor.stage.demo.control("GET", "state")
    address = endpoint_of("Chloe", people, floor)

    await floor.phone.get_by_test_id("dial-to").fill(address)
    await floor.phone.get_by_test_id("dial").click()
    await state(floor.chloe, "ringing")
    assert OUTSIDE[-7:] not in await floor.chloe.locator("body").inner_text()
    await floor.chloe.get_by_test_id("decline").click()
    await at_rest(floor.chloe)
    await floor.phone.get_by_test_id("hangup").wait_for(state="hidden")

    await floor.phone.get_by_test_id("dial-to").fill(address)
    await floor.phone.get_by_test_id("dial").click()
    await state(floor.chloe, "ringing")
    await floor.chloe.get_by_test_id("answer").click()
    await state(floor.chloe, "talking")
    await hears(floor.chloe)
    await floor.chloe.get_by_test_id("hangup").click()
    await at_rest(floor.chloe)


def endpoint_of(name: str, told: object, floor: Floor) -> str:
    """The SIP address of a token login. Endpoints are made with the first token, so in the order of the floor."""
    names = [row["username"] for row in told["endpoints"]] if isinstance(told, dict) else []
    return f"sip:{names[('Ben', 'Chloe').index(name)]}_{floor.stage.demo.auth_id}@phone.plivo.com"


async def test_a_forbidden_number_is_refused_in_words(floor: Floor) -> None:
    """Premium-rate numbers never; the page says why."""
    await dial(floor.ben, "+1 900 555 0123")

    await expect(floor.ben.get_by_test_id("refusal")).to_contain_text("not allowed", timeout=MS)
    await at_rest(floor.ben)
