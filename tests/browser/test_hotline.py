"""Callers of a hotline in real browsers: who wins, who declines, who vanishes, and who leaves a message."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Stage, a_stage, hears, state, until

pytestmark = pytest.mark.browser

MS = PATIENCE * 1000
TURNS = 10
# Both pages stand still until the same millisecond, and then press.
PRESS_AT = """(at) => {
  const button = document.querySelector('[data-testid="answer"]');
  while (Date.now() < at);
  button.click();
}"""
READY = '[data-state="ready"][data-paused="false"]'


@dataclass(slots=True)
class Floor:
    """Ben and Chloe on duty for the demo's hotline, and a phone somewhere outside."""

    stage: Stage
    ben: Page
    chloe: Page
    phone: Page
    callers: int = 0

    async def somebody_calls(self) -> None:
        """A caller who has not called before chooses English, so that nobody is rung before the others."""
        self.callers += 1
        await self.phone.goto(f"{self.stage.demo.phone}?number=1415555{6000 + self.callers}&name=Outside")
        await self.phone.get_by_test_id("dial-to").fill(self.stage.demo.numbers[0])
        await self.phone.get_by_test_id("dial").click()
        await expect(self.phone.get_by_test_id("caption")).to_contain_text("press one", timeout=MS)
        await self.phone.get_by_test_id("key-1").click()

    async def both_ring(self) -> None:
        """Both pages ring and know for whom."""
        for page in (self.ben, self.chloe):
            await state(page, "ringing")
            await page.get_by_test_id("caller").wait_for()

    async def over(self, page: Page) -> None:
        """Whoever talks hangs up and ends their pause; both are ready for the next caller."""
        await page.get_by_test_id("hangup").click()
        await page.get_by_test_id("ready-again").click()
        for one in (self.ben, self.chloe):
            await one.locator(READY).wait_for()


@pytest.fixture(scope="module")
async def floor(browser: Browser) -> AsyncIterator[Floor]:
    """One demo for these journeys; each leaves both ready."""
    async with a_stage(browser) as stage:
        ben, chloe = await stage.on_duty("ben"), await stage.on_duty("chloe")
        yield Floor(stage, ben, chloe, await stage.outside("14155556000"))


async def test_ten_times_both_press_at_the_same_instant_and_exactly_one_has_the_caller(floor: Floor) -> None:
    """Whoever was a hair quicker talks, both ways; the other is told, has no missed call, and is ready by itself."""
    told = """() => { window.__told = new Set(); window.__watch?.disconnect();
      window.__watch = new MutationObserver(() => window.__told.add(document.body.innerText));
      const all = {subtree: true, childList: true, characterData: true, attributes: true};
      window.__watch.observe(document.body, all); }"""
    for _ in range(TURNS):
        await floor.somebody_calls()
        await floor.both_ring()
        for page in (floor.ben, floor.chloe):
            await page.evaluate(told)
        moment = await floor.ben.evaluate("() => Date.now() + 300")
        pressing = [page.evaluate(PRESS_AT, moment) for page in (floor.ben, floor.chloe)]
        for press in pressing:
            await press

        async def one_talks() -> bool:
            kinds = [
                await page.get_by_test_id("state").get_attribute("data-state") for page in (floor.ben, floor.chloe)
            ]
            return sorted(kind or "" for kind in kinds) == ["ready", "talking"]

        await until(one_talks, floor.phone, what="one who talks and one who is ready")
        talks = await floor.ben.get_by_test_id("state").get_attribute("data-state") == "talking"
        winner, other = (floor.ben, floor.chloe) if talks else (floor.chloe, floor.ben)
        await hears(winner)
        await hears(floor.phone)
        seen = "\n".join(await other.evaluate("() => [...window.__told]"))
        assert "Answered by a colleague" in seen
        assert "missed" not in (await other.locator("body").inner_text()).lower()
        await floor.over(winner)


async def test_one_declines_and_the_other_answers(floor: Floor) -> None:
    """The caller goes on ringing for whoever has not said no."""
    await floor.somebody_calls()
    await floor.both_ring()

    await floor.ben.get_by_test_id("decline").click()
    await state(floor.ben, "ready")
    await state(floor.chloe, "ringing")
    await floor.chloe.get_by_test_id("answer").click()
    await state(floor.chloe, "talking")

    await hears(floor.chloe)
    await hears(floor.phone)
    await state(floor.ben, "ready")
    await floor.over(floor.chloe)


async def test_a_message_left_by_the_outside_phone_plays_in_a_volunteers_page(floor: Floor) -> None:
    """Nobody is on duty; whoever comes back finds the message and hears it."""
    for page in (floor.ben, floor.chloe):
        await page.keyboard.press("d")
        await state(page, "off-duty")
    await floor.somebody_calls()
    await expect(floor.phone.get_by_test_id("recording")).to_contain_text("0:02", timeout=MS)
    await floor.phone.get_by_test_id("key-hash").click()
    await expect(floor.phone.get_by_test_id("caption")).to_contain_text("We have your message", timeout=MS)

    for page in (floor.ben, floor.chloe):
        await page.keyboard.press("d")
        await page.locator(READY).wait_for()
    message = floor.ben.get_by_test_id("voicemail").first
    await message.wait_for()
    await message.locator("audio").evaluate("one => one.play()")
    heard = "one => new Promise(done => { one.ontimeupdate = () => one.currentTime > 0.5 && done(one.duration); })"

    assert await message.locator("audio").evaluate(heard) > 1


async def test_a_page_that_dies_while_it_rings_leaves_the_caller_to_the_other(floor: Floor) -> None:
    """Its browser is gone without a word; the other answers, and the caller has noticed nothing."""
    await floor.somebody_calls()
    await floor.both_ring()

    context = floor.ben.context
    floor.stage.contexts.remove(context)
    # Offline first: a page that is closed in order would say goodbye.
    await context.set_offline(True)
    await context.close()
    await floor.chloe.get_by_test_id("answer").click()
    await state(floor.chloe, "talking")

    await hears(floor.chloe)
    await hears(floor.phone)
