"""A stage for the journeys: the demo in processes of its own, one Chromium, a context for each person."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.chromium import find

PASSWORD = "a quiet lamp in the window"
START_SECONDS = 240.0
PATIENCE = 60.0
"""How long a test waits for what it expects. It bounds a failure; nothing is measured by it."""

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # Two pages on one machine must find each other without multicast names (sdk-on-the-wire.md).
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the demo has made, with a link to sign in for the first time."""

    name: str
    login: str
    role: str
    extension: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A running demo: where it is, and who is in it."""

    service: str
    sandbox: str
    phone: str
    log: str
    auth_id: str
    auth_token: str
    numbers: tuple[str, ...]
    people: tuple[Person, ...]

    def person(self, login: str) -> Person:
        """The person with this sign-in name."""
        return next(p for p in self.people if p.login == login)

    async def control(self, method: str, path: str, body: object = None) -> object:
        """Ask the sandbox's own control doors, `/_sandbox/…`."""
        async with httpx2.AsyncClient(base_url=self.sandbox, timeout=10) as client:
            answer = await client.request(method, f"/_sandbox/{path}", json=body)
            answer.raise_for_status()
            return answer.json() if answer.content else None


async def start_demo(*arguments: str, folder: Path) -> tuple[asyncio.subprocess.Process, Demo]:
    """Start `softphone demo --json` on free ports; returns once it serves."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "softphone", "demo", "--json", "--port", "0", "--sandbox-port", "0", "--data", str(folder), *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("SOFTPHONE_")},
        start_new_session=True,
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    told = json.loads(line)
    people = tuple(Person(**person) for person in told.pop("people"))
    known = {name: told[name] for name in Demo.__dataclass_fields__ if name not in {"people", "numbers"}}
    return process, Demo(people=people, numbers=tuple(told["numbers"]), **known)


async def stop_demo(process: asyncio.subprocess.Process) -> None:
    """End the demo and everything it started."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for the whole run."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        yield launched
        await launched.close()


@dataclass(slots=True)
class Stage:
    """Opens pages, each person in a browser profile of their own."""

    demo: Demo
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)

    async def profile(self, **options: object) -> BrowserContext:
        """A new browser profile that may use the microphone and show notifications."""
        context = await self.browser.new_context(
            permissions=["microphone", "notifications"],
            **options,  # type: ignore[arg-type]  # Playwright's own options, passed through
        )
        context.set_default_timeout(PATIENCE * 1000)
        # Only what was answered: what the content security policy stops never leaves the browser.
        context.on("response", lambda response: self.reached.append(response.url))
        self.contexts.append(context)
        return context

    async def join(self, login: str, *, context: BrowserContext | None = None) -> Page:
        """Use somebody's invite link, choose a password, and land on their page."""
        context = context or await self.profile()
        page = await context.new_page()
        await page.goto(self.demo.person(login).link)
        await page.get_by_test_id("join-password").fill(PASSWORD)
        await page.get_by_test_id("join").click()
        await page.get_by_test_id("state").wait_for()
        self.joined.add(login)
        return page

    async def enter(self, login: str, *, context: BrowserContext | None = None) -> Page:
        """Somebody's page in a profile: by the invite link the first time, by password after that."""
        return await (self.sign_in if login in self.joined else self.join)(login, context=context)

    async def sign_in(self, login: str, *, context: BrowserContext | None = None) -> Page:
        """Sign in with the password that `join` chose."""
        context = context or await self.profile()
        page = await context.new_page()
        await page.goto(self.demo.service)
        await page.get_by_test_id("login").fill(login)
        await page.get_by_test_id("password").fill(PASSWORD)
        await page.get_by_test_id("sign-in").click()
        await page.get_by_test_id("state").wait_for()
        return page

    async def on_duty(self, login: str, *, context: BrowserContext | None = None) -> Page:
        """Enter and go on duty, where the page does not by itself, until it is ready."""
        return await self.on_duty_on(await self.enter(login, context=context))

    async def on_duty_on(self, page: Page) -> Page:
        """Go on duty on a page, where it does not by itself, until it is ready."""
        await page.locator('[data-testid="go-on-duty"], [data-state="ready"]').first.wait_for()
        if await page.get_by_test_id("go-on-duty").is_visible():
            await page.get_by_test_id("go-on-duty").click()
        await state(page, "ready")
        return page

    async def outside(self, number: str) -> Page:
        """The sandbox's page that plays an outside phone, registered as `number`."""
        context = await self.profile()
        page = await context.new_page()
        await page.goto(f"{self.demo.phone}?number={number}&name=Outside")
        await page.get_by_test_id("state").wait_for()
        return page


@asynccontextmanager
async def a_stage(browser: Browser, *arguments: str) -> AsyncIterator[Stage]:
    """A stage on a fresh demo, started with these arguments; everything is closed afterwards."""
    with tempfile.TemporaryDirectory(prefix="softphone-journey-") as folder:
        process, started = await start_demo(*arguments, folder=Path(folder))
        made = Stage(started, browser)
        try:
            yield made
        finally:
            for context in made.contexts:
                await context.close()
            await stop_demo(process)


async def state(page: Page, kind: str, *, seconds: float = PATIENCE) -> None:
    """Wait until the page shows this state."""
    await page.locator(f'[data-testid="state"][data-state="{kind}"]').wait_for(timeout=seconds * 1000)


STATS = """async () => {
  const phone = window.__phone && window.__phone.pc;
  const sdk = window._PlivoInstance && window._PlivoInstance._currentSession
    && window._PlivoInstance._currentSession.session && window._PlivoInstance._currentSession.session.connection;
  const pc = phone || sdk;
  if (!pc) return {packets: 0, sent: 0, energy: 0};
  const told = {packets: 0, sent: 0, energy: 0};
  for (const row of (await pc.getStats()).values()) {
    if (row.type === 'inbound-rtp' && row.kind === 'audio') {
      told.packets += row.packetsReceived; told.energy += row.totalAudioEnergy || 0;
    }
    if (row.type === 'outbound-rtp' && row.kind === 'audio') told.sent += row.packetsSent;
  }
  return told;
}"""


async def until(
    ask: Callable[[], Awaitable[bool]], page: Page, *, seconds: float = PATIENCE, what: str = "the condition"
) -> None:
    """Ask again at each animation frame of `page` until the answer is yes."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not await ask():
        assert loop.time() < end, f"{what} did not come true within {seconds} s"
        await page.evaluate("() => new Promise(done => requestAnimationFrame(done))")


async def hears(page: Page, *, packets: int = 50, seconds: float = PATIENCE) -> None:
    """Wait until the page has received and sent RTP, and what it received was not silence."""

    async def enough() -> bool:
        told = await page.evaluate(STATS)
        return bool(told["packets"] >= packets and told["sent"] >= packets and told["energy"] > 0)

    await until(enough, page, seconds=seconds, what="two-way audio")
