"""A hotline's caller on the volunteers' pages: what is known of them, who has them, and what comes after the call."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from tests.browser.axe import SHOTS, faults_of
from tests.browser.conftest import PATIENCE, Stage, a_stage, hears, state, until

pytestmark = pytest.mark.browser

OUTSIDE = "14155550123"
MS = PATIENCE * 1000
CLOCK = re.compile(r"\d:\d\d")


@dataclass(frozen=True, slots=True)
class Floor:
    """Ben and Chloe on duty for the demo's hotline, and a phone somewhere outside. Each journey leaves both ready."""

    stage: Stage
    ben: Page
    chloe: Page
    phone: Page

    @property
    def number(self) -> str:
        """The hotline's number."""
        return self.stage.demo.numbers[0]

    async def dial(self) -> None:
        """The outside phone calls the hotline and chooses English."""
        await self.phone.get_by_test_id("dial-to").fill(self.number)
        await self.phone.get_by_test_id("dial").click()
        await expect(self.phone.get_by_test_id("caption")).to_contain_text("press one", timeout=MS)
        await self.phone.get_by_test_id("key-1").click()

    async def somebody_calls(self, number: str, *steps: Mapping[str, object]) -> None:
        """A scripted caller; they stay on the line after their steps."""
        caller = {"from": number, "to": self.number, "speech_ms": 200, "steps": steps}
        await self.stage.demo.control("POST", "callers", caller)

    async def rings(self) -> None:
        """Both pages ring and know for whom."""
        for page in (self.ben, self.chloe):
            await state(page, "ringing")
            await page.get_by_test_id("caller").wait_for()

    async def answered_by_ben(self) -> None:
        """Ben has the caller."""
        await self.ben.get_by_test_id("answer").click()
        await state(self.ben, "talking")

    async def over(self) -> None:
        """Ben hangs up and ends his pause; both are ready for the next caller."""
        await self.ben.get_by_test_id("hangup").click()
        await self.ben.get_by_test_id("ready-again").click()
        for page in (self.ben, self.chloe):
            await page.locator('[data-state="ready"][data-paused="false"]').wait_for()


@pytest.fixture(scope="module")
async def floor(browser: Browser) -> AsyncIterator[Floor]:
    """One demo for these journeys."""
    async with a_stage(browser) as stage:
        ben, chloe = await stage.on_duty("ben"), await stage.on_duty("chloe")
        yield Floor(stage, ben, chloe, await stage.outside(OUTSIDE))


async def test_the_first_to_answer_has_the_caller_and_the_other_is_told_calmly(floor: Floor) -> None:
    """Both see hotline, language, wait and pseudonym, and no number; one answers; the other page says who has the
    caller, without a missed call, and is ready again by itself. The facts stay in the call; the pause follows it.
    """
    await floor.dial()
    await floor.rings()
    for page in (floor.ben, floor.chloe):
        await expect(page.get_by_test_id("state")).to_contain_text("Night line: a caller")
        await expect(page.get_by_test_id("caller-language")).to_have_text("English")
        await expect(page.get_by_test_id("caller-label")).to_have_text(re.compile("^Caller [0-9A-F]{4}$"))
        await expect(page.get_by_test_id("caller-waiting")).to_have_text(CLOCK)
        assert OUTSIDE[-4:] not in await page.locator("body").inner_text()
    waited = await floor.ben.get_by_test_id("caller-waiting").inner_text()
    await expect(floor.ben.get_by_test_id("caller-waiting")).not_to_have_text(waited)
    wrong = await faults_of(floor.ben, shots=SHOTS, name="hotline-ringing")

    await floor.answered_by_ben()
    await expect(floor.chloe.get_by_test_id("state")).to_contain_text("Answered by a colleague.")
    wrong += await faults_of(floor.chloe, shots=SHOTS, name="hotline-colleague")
    await hears(floor.ben)
    await hears(floor.phone)
    await state(floor.chloe, "ready")
    assert "missed" not in await floor.chloe.locator("body").inner_text()
    await expect(floor.ben.get_by_test_id("caller-language")).to_have_text("English")
    wrong += await faults_of(floor.ben, shots=SHOTS, name="hotline-talking")
    await floor.over()

    assert wrong == []


async def test_nothing_said_after_a_call_is_lost_by_a_reload(floor: Floor) -> None:
    """Pause, outcome and note are as they were; "That was hard" lengthens the pause, and a key ends it."""
    page = floor.ben
    await floor.somebody_calls("14155550177", {"wait_for": "keys"}, {"press": "2"})
    await floor.rings()
    await expect(page.get_by_test_id("caller-language")).to_have_text("Spanish")
    await expect(page.get_by_test_id("caller-before")).to_have_text("first call")
    await floor.answered_by_ben()
    await page.get_by_test_id("hangup").click()

    await expect(page.get_by_test_id("pause")).to_have_text(CLOCK)
    first = page.get_by_test_id("outcome").first
    await first.click()
    await expect(first).to_have_attribute("aria-pressed", "true")
    await page.get_by_test_id("note").fill("Asked for a quiet place.")
    await expect(page.get_by_test_id("note-saved")).to_have_text("Saved.")
    wrong = await faults_of(page, shots=SHOTS, name="hotline-pause")
    await page.reload()

    await expect(page.get_by_test_id("outcome").first).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_test_id("note")).to_have_value("Asked for a quiet place.")
    await state(page, "ready")
    short = seconds(await page.get_by_test_id("pause").inner_text())
    await page.get_by_test_id("hard").click()
    await page.get_by_test_id("hard").wait_for(state="hidden")
    assert seconds(await page.get_by_test_id("pause").inner_text()) > short
    await page.keyboard.press("r")
    await page.locator('[data-state="ready"][data-paused="false"]').wait_for()
    assert wrong == []


def seconds(clock: str) -> int:
    """`2:05` in seconds."""
    minutes, rest = clock.split(":")
    return 60 * int(minutes) + int(rest)


async def test_leaving_the_page_on_duty_asks_first(floor: Floor) -> None:
    """Whoever closes the page on duty is asked; staying keeps the phone."""
    page, asked = floor.chloe, list[str]()

    async def stay(dialog: Dialog) -> None:
        await dialog.dismiss()
        asked.append(dialog.type)

    page.on("dialog", stay)
    # A browser asks only those who have done something on the page.
    await page.get_by_test_id("help").click()
    await page.keyboard.press("Escape")
    await page.close(run_before_unload=True)

    async def was_asked() -> bool:
        return asked != []

    await until(was_asked, floor.phone, what="a question before closing")
    page.remove_listener("dialog", stay)
    await state(page, "ready")


async def test_one_key_goes_off_duty_and_on_again(floor: Floor) -> None:
    """D, and the server knows."""
    page = floor.chloe
    await page.keyboard.press("d")
    await state(page, "off-duty")
    await expect(page.get_by_test_id("voicemails")).to_contain_text("Messages are for those on duty")

    await page.keyboard.press("d")

    await state(page, "ready")
    await expect(page.get_by_test_id("voicemails")).to_contain_text("No messages")


async def test_a_message_is_heard_and_seen_to_by_one_person_at_a_time(floor: Floor) -> None:
    """It appears without a reload, is played through our server, and who comes second is told in words."""
    ben, chloe = floor.ben, floor.chloe
    await ben.keyboard.press("d")
    await chloe.keyboard.press("d")
    await state(ben, "off-duty")
    await state(chloe, "off-duty")
    leave = ({"wait_for": "recording"}, {"talk_ms": 3000}, {"press": "#"}, {"hang_up": True})
    await floor.somebody_calls("14155550188", {"wait_for": "keys"}, {"press": "1"}, *leave)
    await ben.keyboard.press("d")
    await chloe.keyboard.press("d")
    for page in (ben, chloe):
        await state(page, "ready")
        await page.get_by_test_id("voicemail").wait_for()
    message = ben.get_by_test_id("voicemail")
    await expect(message).to_contain_text(re.compile("Night line · English · 0:0[1-9]"))
    await message.locator("audio").evaluate("one => one.play()")
    played = "one => new Promise(done => { one.ontimeupdate = () => one.currentTime > 0.5 && done(true); })"
    assert await message.locator("audio").evaluate(played)
    wrong = await faults_of(ben, shots=SHOTS, name="hotline-voicemail")

    # Chloe's page has not heard the news yet when she presses.
    await chloe.route("**/api/voicemails?*", lambda route: None)
    await ben.get_by_test_id("voicemail-take").click()
    await ben.get_by_test_id("voicemail-done").wait_for()
    await chloe.get_by_test_id("voicemail-take").click()
    await expect(chloe.get_by_test_id("voicemail-conflict")).to_have_text(
        "Ben has taken this message. Choose another one."
    )
    wrong += await faults_of(chloe, shots=SHOTS, name="hotline-voicemail-taken")
    await chloe.unroute("**/api/voicemails?*")

    await ben.get_by_test_id("voicemail-release").click()
    await ben.get_by_test_id("voicemail-take").click()
    await ben.get_by_test_id("voicemail-done").click()
    await expect(chloe.get_by_test_id("voicemail")).to_have_attribute("data-state", "done")
    await expect(chloe.get_by_test_id("voicemail")).to_contain_text("done by Ben")
    assert wrong == []


async def test_a_caller_is_blocked_by_one_key_and_a_question_that_says_what_it_does(floor: Floor) -> None:
    """B asks, in words; no is the first answer; yes tells until when, and the caller does not reach the line again."""
    page = floor.ben
    await floor.somebody_calls("14155550166", {"wait_for": "keys"}, {"press": "1"})
    await floor.rings()
    await floor.answered_by_ben()
    await page.keyboard.press("b")
    await expect(page.get_by_role("dialog")).to_contain_text("For the rest of the shift")
    wrong = await faults_of(page, shots=SHOTS, name="hotline-block")
    await expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    await page.get_by_test_id("confirm").click()
    await expect(page.get_by_test_id("blocked")).to_contain_text("Blocked until")
    wrong += await faults_of(page, shots=SHOTS, name="hotline-blocked")
    await floor.over()

    await floor.stage.demo.control("DELETE", "callers")
    await floor.somebody_calls("14155550166")

    async def turned_away() -> bool:
        told = await floor.stage.demo.control("GET", "callers")
        return isinstance(told, dict) and [one["state"] for one in told["callers"]] == ["ended"]

    await until(turned_away, page, what="the end of the blocked call")
    await state(page, "ready")
    assert wrong == []


async def test_a_doubtful_phone_says_so_and_offers_a_ring(floor: Floor) -> None:
    """A ring that the page did not report is doubted; the page says why, until the volunteer has come on duty anew."""
    page = floor.chloe
    await page.route("**/api/hotline-calls/*/rings", lambda route: route.abort())
    await floor.somebody_calls("14155550155", {"wait_for": "keys"}, {"press": "1"})
    await floor.rings()
    # A ring that was over sooner says nothing about the phone (`domain/doubts.py`).
    await expect(page.get_by_test_id("caller-waiting")).to_have_text(re.compile("0:1[2-9]"), timeout=MS)
    await floor.answered_by_ben()

    await page.get_by_test_id("doubtful").wait_for()
    await expect(page.get_by_test_id("doubtful")).to_contain_text("did not ring for the last caller")
    await state(page, "ready")
    wrong = await faults_of(page, shots=SHOTS, name="hotline-doubtful")
    await page.unroute("**/api/hotline-calls/*/rings")
    await page.get_by_test_id("try-ring").click()
    await page.get_by_test_id("load-again").click()
    await state(page, "ready")
    await page.keyboard.press("d")
    await state(page, "off-duty")

    await page.keyboard.press("d")

    await state(page, "ready", seconds=2 * PATIENCE)
    await page.get_by_test_id("doubtful").wait_for(state="hidden")
    await floor.over()
    assert wrong == []
