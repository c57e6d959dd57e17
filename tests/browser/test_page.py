"""The volunteers' page as people meet it: by eye, by ear, by keyboard alone, small and large, by day and by night."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, Dialog, Page, expect

from tests.browser.axe import SHOTS, faults_of
from tests.browser.conftest import PASSWORD, PATIENCE, Stage, a_stage, state, until

pytestmark = pytest.mark.browser

OUTSIDE = "14155550123"
MS = PATIENCE * 1000
SAME_IN_BOTH = {"Softphone", "Outside", "English", "Español", "Enter", "Esc", "M", "?", "0–9 * #", "↙", "↗", "✕"}  # noqa: RUF001  (what is on screen)
"""Texts that are the same in both languages, beside names and numbers."""

TEXTS = """() => {
  const shown = (one) => one.checkVisibility() && one.getAttribute('aria-hidden') !== 'true';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const text = walk.currentNode.data.replace(/^[ ·]+/, '').trim();
    if (/[a-z]{2}/i.test(text) && shown(walk.currentNode.parentElement)) found.push(text);
  }
  for (const name of ['placeholder', 'aria-label', 'title'])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  return found;
}"""

ADDRESS = """async () => {
  const me = await (await fetch('/api/me')).json();
  const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf};
  return (await (await fetch('/api/webrtc-token', {method: 'POST', headers, body: '{}'})).json()).sip_uri;
}"""

WATCH_NOTIFICATIONS = """() => {
  const Real = window.Notification;
  window.__notices = [];
  window.Notification = class extends Real {
    constructor(title, told) { super(title, told); window.__notices.push({title, ...told}); }
  };
}"""

WITHOUT_MICROPHONE = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('not allowed', 'NotAllowedError'));
}"""


@dataclass(frozen=True, slots=True)
class Floor:
    """Ben on duty at his endpoint's address, and a phone somewhere outside. Each journey leaves Ben ready."""

    stage: Stage
    ben: Page
    address: str
    phone: Page

    async def ring(self) -> None:
        """The outside phone calls Ben."""
        await self.phone.get_by_test_id("dial-to").fill(self.address)
        await self.phone.get_by_test_id("dial").click()
        await state(self.ben, "ringing")

    async def rest(self) -> None:
        """Wait until Ben's call is over, and put its card away."""
        await self.ben.locator('[data-state="ready"], [data-state="wrapping-up"]').first.wait_for()
        if await self.ben.get_by_test_id("done").is_visible():
            await self.ben.get_by_test_id("done").click()
        await state(self.ben, "ready")
        await self.phone.get_by_test_id("hangup").wait_for(state="hidden")


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at states and collects what is wrong with them."""

    stage: Stage
    wrong: list[str]

    async def look(self, page: Page, name: str) -> None:
        """This state in every look, in English and in Spanish."""
        self.wrong.extend(await faults_of(page, shots=SHOTS, name=name))
        english = await page.evaluate(TEXTS)
        await speak(page, "es")
        spanish = await page.evaluate(TEXTS)
        same = set(SAME_IN_BOTH).union(*(person.name.split() for person in self.stage.demo.people))
        same |= {person.name for person in self.stage.demo.people}
        left = [text for text in spanish if text in english and text not in same and not text.startswith("ext. ")]
        self.wrong.extend(f"{name}, in English while Spanish is spoken: {text}" for text in left)
        self.wrong.extend(await faults_of(page, shots=SHOTS, name=f"{name}-es") if SHOTS else [])
        await speak(page, "en")


async def speak(page: Page, code: str) -> None:
    """Choose the page's language, as somebody who sees it would; a dialog lies over the choice."""
    choice = page.get_by_test_id("language")
    name = {"en": "English", "es": "Español"}[code]
    if await choice.count():
        await choice.evaluate(
            "(one, code) => { one.value = code; one.dispatchEvent(new Event('change', {bubbles: true})); }", code
        )
    else:
        await page.get_by_role("button", name=name).click()
    await page.locator(f'html[lang="{code}"]').wait_for()


@pytest.fixture(scope="module")
async def floor(browser: Browser) -> AsyncIterator[Floor]:
    """One demo for these journeys."""
    async with a_stage(browser) as stage:
        context = await stage.profile()
        await context.add_init_script(f"({WATCH_NOTIFICATIONS})()")
        ben = await stage.on_duty("ben", context=context)
        yield Floor(stage, ben, await ben.evaluate(ADDRESS), await stage.outside(OUTSIDE))


@pytest.fixture
def watch(floor: Floor) -> Watch:
    """A look at the states of one journey."""
    return Watch(floor.stage, [])


async def test_the_entrance_reads_well(floor: Floor, watch: Watch) -> None:
    """Signing in and joining: nothing serious or critical for axe, nothing wider than a small phone, all in Spanish."""
    context = await floor.stage.profile()
    page = await context.new_page()
    await page.goto(floor.stage.demo.service)
    await page.get_by_test_id("login").wait_for()
    await watch.look(page, "sign-in")
    await page.get_by_test_id("login").fill("nobody")
    await page.get_by_test_id("password").fill(PASSWORD)
    await page.get_by_test_id("sign-in").click()
    await page.locator(".wrong, .note.danger").first.wait_for()
    await watch.look(page, "sign-in-wrong")

    await page.goto(floor.stage.demo.person("chloe").link)
    await page.get_by_test_id("join-password").fill("short")
    await watch.look(page, "join")

    assert watch.wrong == []


async def test_duty_reads_well(floor: Floor, watch: Watch) -> None:
    """Off duty, getting ready, ready, and the phone in another tab, on another device, or out of reach."""
    context = await floor.stage.profile()
    page = await floor.stage.enter("dai", context=context)
    await state(page, "off-duty")
    await watch.look(page, "off-duty")

    await page.route("**/api/webrtc-token", lambda route: None)
    await page.get_by_test_id("go-on-duty").click()
    await state(page, "getting-ready")
    await watch.look(page, "getting-ready")
    await page.unroute("**/api/webrtc-token")
    await page.reload()
    await state(page, "ready")
    await watch.look(page, "ready")
    await page.locator(".devices summary").click()
    await watch.look(page, "ready-sound")
    await page.get_by_test_id("help").click()
    await watch.look(page, "help")
    await page.keyboard.press("Escape")

    second = await context.new_page()
    await second.goto(floor.stage.demo.service)
    await state(second, "other-tab")
    await watch.look(second, "other-tab")
    await second.close()

    elsewhere = await floor.stage.on_duty("dai")
    await state(page, "displaced")
    await watch.look(page, "displaced")
    await elsewhere.get_by_test_id("away").click()
    await state(elsewhere, "off-duty")

    assert watch.wrong == []


async def test_out_of_reach_and_switched_off_read_well(floor: Floor, watch: Watch) -> None:
    """No way to the registrar; and WebRTC switched off: the page says by whom, with no button that leads nowhere."""
    control, page = floor.stage.demo.control, floor.ben
    await control("POST", "sockets/close", {"for_ms": 600_000})
    await state(page, "unreachable")
    await watch.look(page, "unreachable")
    await control("POST", "sockets/close", {"for_ms": 0})
    await state(page, "ready")

    admin = await floor.stage.enter("ana")
    await admin.get_by_test_id("to-admin").click()
    await admin.get_by_test_id("webrtc-switch").click()
    await admin.get_by_test_id("confirm").click()
    await state(page, "webrtc-off")
    await watch.look(page, "webrtc-off")
    await admin.get_by_test_id("webrtc-switch").click()
    await admin.get_by_test_id("confirm").click()

    await state(page, "ready")
    assert watch.wrong == []


async def test_without_a_microphone_the_page_says_what_to_do(floor: Floor, watch: Watch) -> None:
    """Blocked: the way to allow it, and a button that tries again."""
    context = await floor.stage.profile()
    await context.add_init_script(f"({WITHOUT_MICROPHONE})()")
    page = await floor.stage.enter("dai", context=context)
    await page.get_by_test_id("go-on-duty").click()

    await state(page, "microphone-blocked")

    await expect(page.get_by_test_id("state")).to_contain_text("at the left of the address bar")
    await watch.look(page, "microphone-blocked")
    assert watch.wrong == []


async def test_a_call_reads_well(floor: Floor, watch: Watch) -> None:
    """Ringing, talking with keypad and help, muted, over; calling, and refused in words."""
    page = floor.ben
    await floor.ring()
    await watch.look(page, "ringing")
    assert OUTSIDE[-4:] not in await page.locator("body").inner_text()
    await page.get_by_test_id("answer").click()
    await state(page, "talking")
    await page.get_by_test_id("keypad-toggle").click()
    await page.get_by_test_id("mute").click()
    await watch.look(page, "talking")
    await page.get_by_test_id("help").click()
    await watch.look(page, "talking-help")
    await page.keyboard.press("Escape")
    await page.get_by_test_id("hangup").click()
    await state(page, "wrapping-up")
    await watch.look(page, "wrapping-up")
    await floor.rest()

    await page.get_by_test_id("dial-input").fill("(415) 555-0123")
    await page.get_by_test_id("dial").click()
    await state(page, "calling")
    await watch.look(page, "calling")
    await page.get_by_test_id("hangup").click()
    await floor.rest()

    assert watch.wrong == []


async def test_a_refusal_is_said_in_the_language_of_the_page(floor: Floor) -> None:
    """In Spanish while Spanish is spoken, with nothing serious or critical for axe."""
    page = floor.ben
    await speak(page, "es")
    await page.get_by_test_id("dial-input").fill("+1 900 555 0123")
    await page.get_by_test_id("dial").click()

    await expect(page.get_by_test_id("refusal")).to_contain_text("No se permiten", timeout=MS)
    assert await faults_of(page, shots=SHOTS, name="refused-es") == []

    await speak(page, "en")
    await floor.rest()


TABBABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((one) => one.checkVisibility() && !one.disabled)
  .map((one, at) => { one.dataset.stop = String(at); return one.dataset.stop; })"""

STOP = """() => {
  const at = document.activeElement;
  const seen = getComputedStyle(at);
  return [at.dataset.stop ?? null, seen.outlineStyle !== 'none' && parseFloat(seen.outlineWidth) >= 2];
}"""


async def test_everything_is_reached_by_tab_and_is_seen_to_be(floor: Floor) -> None:
    """From the top of the page, Tab stops once at all that can be pressed, each with an outline of 2 px or more."""
    page = floor.ben
    expected = await page.evaluate(TABBABLE)
    await page.evaluate(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    stops = []
    for _ in expected:
        await page.keyboard.press("Tab")
        stops.append(await page.evaluate(STOP))

    assert sorted(str(stop) for stop, _ in stops) == sorted(expected)
    assert [stop for stop, outlined in stops if not outlined] == []


async def test_a_call_is_taken_by_keys_alone_and_told_to_a_screen_reader(floor: Floor) -> None:
    """Escape declines, Enter answers, M mutes and unmutes, ? helps; each state is announced."""
    page = floor.ben
    spoken = page.get_by_test_id("spoken")
    await expect(spoken).to_have_text("Ready. Calls ring here.")

    await floor.ring()
    await expect(spoken).to_have_text("Outside is calling")
    await expect(spoken).to_have_attribute("aria-live", "assertive")
    await page.keyboard.press("Escape")
    await expect(spoken).to_have_text("Call declined.")
    await floor.rest()

    await floor.ring()
    await page.keyboard.press("Enter")
    await state(page, "talking")
    await expect(spoken).to_have_text("In a call Outside")
    await page.keyboard.press("m")
    await expect(page.get_by_test_id("mute")).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("m")
    await expect(page.get_by_test_id("mute")).to_have_attribute("aria-pressed", "false")
    await page.keyboard.press("?")
    await page.get_by_test_id("help-panel").wait_for()
    await page.keyboard.press("Escape")
    await page.get_by_test_id("help-panel").wait_for(state="hidden")
    await state(page, "talking")

    await page.get_by_test_id("hangup").press("Enter")
    await expect(spoken).to_have_text("The call has ended.")
    await floor.rest()


async def test_those_who_want_no_motion_see_none(floor: Floor) -> None:
    """With reduced motion nothing moves while it rings; without, something does."""
    page = floor.ben
    await page.emulate_media(reduced_motion="reduce")
    await floor.ring()
    moving = "() => document.getAnimations().filter((one) => one.playState === 'running').length"

    async def still() -> bool:
        return bool(await page.evaluate(moving) == 0)

    await until(still, page, what="a page without motion")
    await page.emulate_media(reduced_motion="no-preference")
    assert await page.evaluate(moving) > 0
    await page.get_by_test_id("decline").click()
    await floor.rest()


async def test_in_the_background_it_rings_in_the_title_and_in_a_notice_without_a_number(floor: Floor) -> None:
    """Another tab in front: the title flashes, one notice is shown, and neither holds a digit."""
    page = floor.ben
    await page.evaluate("() => { window.__notices = []; }")
    front = await page.context.new_page()
    await front.bring_to_front()

    await floor.ring()

    titles = set()

    async def flashed() -> bool:
        titles.add(await page.title())
        return len(titles) > 1

    await until(flashed, page, what="a flashing title")
    notices = await page.evaluate("() => window.__notices")
    assert len(notices) == 1
    assert notices[0]["requireInteraction"] is True
    assert not any(letter.isdigit() for letter in f"{notices} {titles}")
    await front.close()
    await page.get_by_test_id("decline").click()
    await floor.rest()
    await expect(page).to_have_title("Ready. Calls ring here. · Softphone")


async def test_closing_the_page_during_a_call_asks_first(floor: Floor) -> None:
    """Staying keeps the call."""
    page = floor.ben
    await floor.ring()
    await page.get_by_test_id("answer").click()
    await state(page, "talking")
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        await dialog.dismiss()
        asked.append(dialog.type)

    page.on("dialog", stay)
    await page.close(run_before_unload=True)

    async def was_asked() -> bool:
        return asked != []

    await until(was_asked, floor.phone, what="a question before closing")
    page.remove_listener("dialog", stay)
    assert asked == ["beforeunload"]
    await state(page, "talking")
    await page.get_by_test_id("hangup").click()
    await floor.rest()


async def test_chosen_devices_survive_a_reload(floor: Floor) -> None:
    """Microphone, speaker and ring stay as chosen in this browser."""
    page = floor.ben
    await page.locator(".devices summary").click()
    chosen = {}
    for kind in ("microphone", "speaker", "ring"):
        choice = page.get_by_test_id(f"device-{kind}")
        await choice.locator("option").nth(1).wait_for(state="attached")
        chosen[kind] = await choice.locator("option").last.get_attribute("value")
        await choice.select_option(chosen[kind])

    await page.reload()
    await state(page, "ready")
    await page.locator(".devices summary").click()

    for kind, device in chosen.items():
        assert device
        await expect(page.get_by_test_id(f"device-{kind}")).to_have_value(device)
