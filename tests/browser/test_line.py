"""What keeps a phone reachable: displacement, the WebRTC switch, renewal, two kinds of tokens, a lost socket, tabs."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from playwright.async_api import Browser, Page, Response, expect

from tests.browser.conftest import PATIENCE, STATS, Stage, a_stage, hears, state, until

pytestmark = pytest.mark.browser

MS = PATIENCE * 1000
DISPLACED_SECONDS = 2.0
"""The product's promise: the other device of the endpoint is told within this time (product.md, invariant 3)."""

REGISTRATION_SECONDS = 120
"""What the page asks of Plivo for one registration (frontend/src/phone/plivo.ts)."""

COLLECT = """(stats) => {
  const ask = eval(stats);
  window.__packets = [];
  window.__collecting = setInterval(async () => window.__packets.push((await ask()).packets), 1000);
}"""


@pytest.fixture(scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """One demo for these journeys."""
    async with a_stage(browser) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Pair:
    """Two volunteers on duty, who can be put into a call. The third call of one to the same other in a minute is
    refused (threat model, TM-F4), so the journeys are played by different people.
    """

    caller: Page
    callee: Page
    name: str = "Chloe"

    async def talk(self) -> None:
        """The first calls the second; both hear."""
        await self.caller.get_by_test_id("dial-input").fill(self.name)
        await self.caller.get_by_test_id("dial").click()
        await self.callee.get_by_test_id("answer").click()
        await state(self.caller, "talking")
        await state(self.callee, "talking")
        await hears(self.caller)
        await hears(self.callee)

    async def keeps_hearing(self) -> None:
        """Both receive more packets than they have now."""
        for page in (self.caller, self.callee):
            await hears(page, packets=(await page.evaluate(STATS))["packets"] + 50)

    async def hang_up(self) -> None:
        """The first hangs up, and both pages leave the call."""
        await self.caller.get_by_test_id("hangup").click()
        for page in (self.caller, self.callee):
            await expect(page.get_by_test_id("hangup")).to_be_hidden(timeout=MS)
            await page.get_by_test_id("done").click()


async def audit_actions(admin: Page) -> list[str]:
    """What the audit log holds, the newest first."""
    told = await admin.evaluate("async () => (await fetch('/api/admin/audit?limit=100')).json()")
    return [row["action"] for row in told["items"]]


async def test_a_second_browser_displaces_the_first_which_takes_the_line_back(stage: Stage) -> None:
    """The first says so within 2 s, by name of device and time, and has the line again at a press."""
    loop = asyncio.get_running_loop()
    first = await stage.on_duty("dai")
    second = await stage.on_duty("dai")
    ready_at = loop.time()

    await state(first, "displaced")

    assert loop.time() - ready_at < DISPLACED_SECONDS
    await expect(first.get_by_test_id("displaced-text")).to_contain_text("Your phone is now on Chrom")
    await first.get_by_test_id("take-back").click()
    await state(first, "ready")
    await state(second, "displaced")


async def test_switched_off_during_a_call_the_call_lives_and_no_token_is_given(stage: Stage) -> None:
    """Invariant 4: no new token, no ring, no dialling; the call in progress is left alone; on again, it is ready."""
    pair = Pair(await stage.on_duty("ben"), await stage.on_duty("chloe"))
    admin = await stage.enter("ana")
    await admin.get_by_test_id("to-admin").click()
    await pair.talk()

    await admin.get_by_test_id("webrtc-switch").click()
    await admin.get_by_test_id("confirm").click()

    for page in (pair.caller, pair.callee):
        await page.get_by_test_id("off-during-call").wait_for()
    await pair.keeps_hearing()
    refused = await pair.caller.evaluate(ASK_FOR_TOKEN)
    assert (refused["status"], refused["code"]) == (403, "webrtc_unavailable")
    await pair.hang_up()
    await state(pair.caller, "webrtc-off")
    await expect(pair.caller.get_by_test_id("webrtc-off-text")).to_contain_text("switched the browser phone off")

    await admin.get_by_test_id("webrtc-switch").click()
    await admin.get_by_test_id("confirm").click()

    await state(pair.caller, "ready")
    await state(pair.callee, "ready")
    await pair.talk()
    await pair.hang_up()


ASK_FOR_TOKEN = """async () => {
  const me = await (await fetch('/api/me')).json();
  const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf};
  const answer = await fetch('/api/webrtc-token', {method: 'POST', headers, body: '{}'});
  return {status: answer.status, ...(await answer.json()).error};
}"""


async def test_a_lost_socket_does_not_end_the_call(stage: Stage) -> None:
    """10 s without signalling: the sound goes on, the page says that it reconnects, and hanging up ends both."""
    pair = Pair(await stage.on_duty("chloe"), await stage.on_duty("dai"), "Dai")
    await pair.talk()

    await stage.demo.control("POST", "sockets/close", {"for_ms": 10_000})

    await pair.caller.get_by_test_id("reconnecting").wait_for()
    await pair.keeps_hearing()
    for page in (pair.caller, pair.callee):
        await expect(page.get_by_test_id("reconnecting")).to_be_hidden(timeout=MS)
        await state(page, "talking")
    await pair.keeps_hearing()
    await pair.hang_up()
    await state(pair.caller, "ready")
    await state(pair.callee, "ready")


async def test_a_phone_that_stays_ready_stays_reachable(stage: Stage) -> None:
    """The SDK is silent about refreshes; the page says them, so that our server's end of the registration moves on."""
    page = await stage.enter("dai")

    def refreshed(response: Response) -> bool:
        return response.url.endswith("/api/registrations") and '"refreshed"' in (response.request.post_data or "")

    async with page.expect_response(refreshed, timeout=MS) as answered:
        await stage.on_duty_on(page)
    told = await (await answered.value).json()

    assert told["current"] is True
    lasts = datetime.fromisoformat(told["expires_at"]) - datetime.fromisoformat(told["registered_at"])
    assert lasts > timedelta(seconds=REGISTRATION_SECONDS)


async def test_two_tabs_agree_which_is_the_phone(stage: Stage) -> None:
    """The second tab says that the phone is in the other; moved here, the first says the same."""
    context = await stage.profile()
    first = await stage.on_duty("ben", context=context)
    second = await context.new_page()
    await second.goto(stage.demo.service)
    await state(second, "other-tab")

    await second.get_by_test_id("move-here").click()

    await state(second, "ready")
    await state(first, "other-tab")


async def test_a_reload_keeps_the_volunteer_on_duty(stage: Stage) -> None:
    """Loading the page again is not leaving: it is the phone again, without a press."""
    page = await stage.on_duty("chloe")

    await page.reload()

    await state(page, "ready")
    people = await page.evaluate("async () => (await fetch('/api/me')).json()")
    assert people["availability"] == "on_duty"


async def test_a_token_is_renewed_twice_during_a_call_without_a_gap(browser: Browser) -> None:
    """With passes of 70 s, renewed 60 s before their end: no second without sound, and no other state than talking."""
    async with a_stage(browser, "--refuse-local-tokens", "--minted-life", "70") as stage:
        pair = Pair(await stage.on_duty("ben"), await stage.on_duty("chloe"))
        renewed = 0

        def count(response: Response) -> None:
            nonlocal renewed
            renewed += response.url.endswith("/api/webrtc-token") and response.ok

        pair.caller.on("response", count)
        await pair.talk()
        renewed = 0
        await pair.caller.evaluate(COLLECT, STATS)

        async def twice() -> bool:
            return renewed >= 2

        await until(twice, pair.caller, what="two renewals")
        await pair.keeps_hearing()
        packets = await pair.caller.evaluate("() => window.__packets")
        assert len(packets) > 10
        assert all(later > earlier for earlier, later in pairwise(packets))
        await state(pair.caller, "talking")
        await pair.hang_up()
        await state(pair.caller, "ready")


async def test_refused_local_tokens_become_minted_ones(browser: Browser) -> None:
    """`auto`: a refusal settles on tokens minted by Plivo, with an audit entry; the volunteer is simply ready."""
    async with a_stage(browser, "--refuse-local-tokens") as stage:
        ben = await stage.on_duty("ben")
        admin = await stage.join("ana")

        told = await stage.demo.control("GET", "state")
        actions = await audit_actions(admin)

        assert isinstance(told, dict)
        assert [one["with_token"] for one in told["registrations"]] == [True]
        assert "connection.token_source_settled" in actions
        await expect(ben.get_by_test_id("state")).to_contain_text("Calls ring here")
