"""Two pages that are outside phones, in a real Chromium: one calls the other through an answer URL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from softphone.sandbox.accounts import Application, Number
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.plant import Plant
from softphone.sandbox.server import running
from tests.browser.chromium import find

pytestmark = pytest.mark.browser

# Milliseconds. Two Chromium pages on a busy machine of two cores.
PATIENCE = 120_000
HOTLINE, ANA, BEN = "14155550100", "14155550123", "14155550199"

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]

HEARD = """async () => {
  let packets = 0, energy = 0;
  if (!window.__phone.pc) return {packets, energy};
  for (const report of (await window.__phone.pc.getStats()).values())
    if (report.type === "inbound-rtp") { packets += report.packetsReceived; energy += report.totalAudioEnergy; }
  return {packets, energy};
}"""


@dataclass
class Answers:
    """A small customer's server: one document for every call, and what `more` has for other paths."""

    document: str = "<Response/>"
    asked: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split(" ")[1])
        body = self.more.get(self.asked[-1], self.document).encode()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()


@dataclass(kw_only=True)
class World:
    """A sandbox, a customer's server and a browser."""

    url: str
    answers: Answers
    browser: Browser
    plant: Plant
    errors: list[str] = field(default_factory=list)

    async def phone(self, number: str, name: str = "") -> Page:
        """A page that has this number."""
        context = await self.browser.new_context(permissions=["microphone"])
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        await page.goto(f"{self.url}/phone?number={number}&name={name}")
        await says(page, "Ready. Calls ring here.")
        return page


async def says(page: Page, words: str) -> None:
    """Wait until the phone's screen says this."""
    await expect(page.get_by_test_id("state")).to_contain_text(words, timeout=PATIENCE)


async def hears(page: Page) -> None:
    """Wait until sound arrives: packets, with energy in them."""
    # Not `wait_for_function`: it takes the promise of an answer for a yes.
    async with asyncio.timeout(PATIENCE / 1000):
        await page.evaluate(
            f"async () => {{ while (!((await ({HEARD})()).energy > 0)) await new Promise(requestAnimationFrame); }}"
        )


async def calls_the_hotline(page: Page) -> None:
    """Dial the hotline's number."""
    await page.get_by_test_id("dial-to").fill(HOTLINE)
    await page.get_by_test_id("dial").click()


@pytest_asyncio.fixture
async def world() -> AsyncIterator[World]:
    """Everything running, the hotline's number attached to an application."""
    answers = Answers()
    server = await asyncio.start_server(answers.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answers.url = f"http://127.0.0.1:{port}"
    options = SandboxOptions(port=0, numbers=(HOTLINE,))
    plant = Plant(options)
    plant.account.put_application(
        Application(
            app_id="1" * 17,
            app_name="test",
            answer_url=f"http://127.0.0.1:{port}/answer",
            hangup_url=f"http://127.0.0.1:{port}/status",
        )
    )
    plant.account.numbers[HOTLINE] = Number(number=HOTLINE, app_id="1" * 17)
    async with running(options, plant=plant) as addresses, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=CHROMIUM, timeout=PATIENCE)
        yield World(url=addresses.url, answers=answers, browser=browser, plant=plant)
        await browser.close()
    server.close()


async def test_one_phone_calls_another_and_both_hear(world: World) -> None:
    """A caption is shown, the other phone rings, sound flows both ways, a key arrives, hanging up ends both."""
    world.answers.document = (
        "<Response><Speak>One moment please.</Speak>"
        f'<Dial callerId="{HOTLINE}"><Number>{BEN}</Number></Dial></Response>'
    )
    ana, ben = await world.phone(ANA, "Ana"), await world.phone(BEN)

    await ana.get_by_test_id("dial-to").fill(HOTLINE)
    await ana.get_by_test_id("dial").click()
    await expect(ana.get_by_test_id("caption")).to_have_text("One moment please.", timeout=PATIENCE)
    await says(ben, "is calling.")
    await ben.keyboard.press("Enter")
    await asyncio.gather(hears(ana), hears(ben))
    await ana.get_by_test_id("key-5").click()
    await expect(ben.locator("#hint")).to_contain_text("pressed 5", timeout=PATIENCE)
    await ben.get_by_test_id("hangup").click()

    await says(ana, "The call has ended.")
    assert world.errors == []


async def test_a_declined_call_and_the_log_of_it(world: World) -> None:
    """Declining ends the call for the caller; the log shows the ladder with the document."""
    world.answers.document = f'<Response><Dial callerId="{HOTLINE}"><Number>{BEN}</Number></Dial></Response>'
    ana, ben = await world.phone(ANA), await world.phone(BEN)
    log = await ana.context.new_page()
    await log.goto(f"{world.url}/log")

    await ana.get_by_test_id("dial-to").fill(HOTLINE)
    await ana.get_by_test_id("dial").click()
    await says(ben, "is calling.")
    await ben.get_by_test_id("decline").click()
    await expect(ana.get_by_test_id("hangup")).to_be_hidden(timeout=PATIENCE)

    call = log.get_by_test_id("call")
    await expect(call.locator("summary").first).to_contain_text(f"{ANA} → {HOTLINE}", timeout=PATIENCE)
    await expect(call.locator("pre", has_text="<Number>").first).to_be_visible(timeout=PATIENCE)
    await expect(call.locator(".badge")).to_contain_text("4010", timeout=PATIENCE)


@pytest.mark.parametrize("ending", ["key", "hanging up"])
async def test_a_message_is_recorded_from_the_microphone(world: World, ending: str) -> None:
    """The page beeps and shows that it records; there is a voice in the file. `#` or hanging up ends it."""
    world.answers.document = (
        '<Response><Speak>Please leave a message after the beep.</Speak><Record redirect="false"/>'
        "<Speak>Thank you.</Speak></Response>"
    )
    ana = await world.phone(ANA)

    await calls_the_hotline(ana)
    await expect(ana.get_by_test_id("recording")).to_contain_text("Recording 0:02 of 1:00", timeout=PATIENCE)
    if ending == "key":
        await ana.get_by_test_id("key-hash").click()
        await expect(ana.get_by_test_id("caption")).to_have_text("Thank you.", timeout=PATIENCE)
        await says(ana, "The call has ended.")
    else:
        await ana.get_by_test_id("hangup").click()
    await expect(ana.get_by_test_id("recording")).to_be_hidden(timeout=PATIENCE)
    await world.plant.engine.settle()

    (recording,) = world.plant.account.recordings.all()
    assert recording.ms >= 1500
    assert max(recording.wav[45::2]) > 0
    assert len(set(recording.wav[44:])) > 50
    assert world.errors == []


async def test_a_callee_hears_the_question_and_confirms(world: World) -> None:
    """A phone that is called sees what it is asked, presses the key, and is joined."""
    world.answers.document = (
        f'<Response><Dial callerId="{HOTLINE}" confirmSound="{world.answers.url}/sound" confirmKey="1">'
        f"<Number>{BEN}</Number></Dial></Response>"
    )
    world.answers.more["/sound"] = "<Response><Speak>Press 1 to take this call.</Speak></Response>"
    ana, ben = await world.phone(ANA), await world.phone(BEN)

    await calls_the_hotline(ana)
    await says(ben, "is calling.")
    await ben.keyboard.press("Enter")
    await expect(ben.get_by_test_id("caption")).to_have_text("Press 1 to take this call.", timeout=PATIENCE)
    await says(ana, "It rings")
    await ben.get_by_test_id("key-1").click()
    await asyncio.gather(hears(ana), hears(ben))
    await ben.get_by_test_id("hangup").click()

    await says(ana, "The call has ended.")
    assert world.errors == []
