"""The volunteers' page in a real Chromium: what it weighs, how soon it is ready, how soon a call rings.

Bytes are counted as they are served; times are read from the pages' own clocks, from the click to the first frame that
shows the new state.
"""

import asyncio
import gzip
import itertools
import statistics
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page, Request, async_playwright

import softphone
from tests.bench.figures import verdict
from tests.browser.chromium import find
from tests.browser.conftest import ARGUMENTS, Stage, a_stage, state

STATIC = Path(softphone.__file__).parent / "static"
SDK = "plivobrowsersdk"
TURNS = 5
AIM_OWN_BYTES, AIM_READY = 60_000, 1.5
LOGINS = ("ben", "chloe", "ana")

UNTIL = """kind => new Promise(done => {
  const look = () => document.querySelector(`[data-testid="state"][data-state="${kind}"]`)
    ? done(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
  look();
})"""
CLICK = """name => {
  const at = performance.timeOrigin + performance.now();
  document.querySelector(`[data-testid="${name}"]`).click();
  return at;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Bytes of bodies as they travelled: everything until the page stood there, then what going on duty added. And the
    names of the files.
    """

    names: frozenset[str]
    before: int
    sdk: int
    after: int


async def show_page() -> None:
    """Measure and print."""
    print("\nThe page")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=list(ARGUMENTS))
        async with a_stage(browser) as stage:
            pages = [await stage.join(login) for login in LOGINS]
            fetched, ready = await measure_ready(stage, LOGINS[0], pages[0])
            show_sizes(fetched.names)
            print(
                f"  fetched: {fetched.before:,} bytes until the page stands there; going on duty then fetches the SDK,"
                f" {fetched.sdk:,}, and {fetched.after:,} besides"
            )
            middle = statistics.median(ready)
            print(f"  from “Go on duty” to Ready, each in a fresh profile: {_seconds(ready)}")
            print(f"      aim: within 1.5 s: {verdict(middle < AIM_READY)}", flush=True)
            rang = await measure_ring(stage)
            print(f"  from the click on “Call” to the other page's ringing: {_seconds(rang)}", flush=True)
        await browser.close()


def show_sizes(names: frozenset[str]) -> None:
    """Our own code and the SDK, each file compressed by itself; `names` are those that a volunteer's page fetches."""
    files = sorted(path for path in STATIC.rglob("*") if path.suffix in {".js", ".css", ".html"})
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in files}
    sdk = sum(size for name, size in sizes.items() if name.startswith(SDK))
    own = sum(size for name, size in sizes.items() if name in names) - sdk
    print(f"  a volunteer's page, gzipped: own code {own:,} bytes, the SDK {sdk:,}")
    for name, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"    {size:>9,}  {name}{'' if name in names else '   (not fetched by a volunteer)'}")
    print(f"      aim: own code under 60 kB besides the SDK: {verdict(0 < own < AIM_OWN_BYTES)}")


async def measure_ready(stage: Stage, login: str, joined: Page) -> tuple[Fetched, list[float]]:
    """Go on duty in one fresh profile after the other: what was fetched the first time, and seconds of each."""
    await joined.context.close()
    stage.contexts.remove(joined.context)
    fetched: Fetched | None = None
    seconds = []
    for _ in range(TURNS):
        context = await stage.profile()
        requests: list[Request] = []
        context.on("requestfinished", lambda request: requests.append(request))  # noqa: B023  # a list of each turn
        page = await stage.sign_in(login, context=context)
        standing = list(requests)
        seconds.append(await go_on_duty(page))
        if fetched is None:
            before = await _bytes(standing)
            later = [request for request in requests if request not in standing]
            sdk = await _bytes([request for request in later if SDK in request.url])
            names = frozenset(urlsplit(request.url).path.rpartition("/")[2] or "index.html" for request in requests)
            fetched = Fetched(names=names, before=before, sdk=sdk, after=await _bytes(later) - sdk)
        await leave(stage, page, context)
    if fetched is None:
        raise RuntimeError("nothing was measured")
    return fetched, seconds


async def measure_ring(stage: Stage) -> list[float]:
    """Seconds from dialling to ringing, between people who have not just called each other."""
    pages = {}
    for login in LOGINS:
        pages[login] = await stage.sign_in(login)
        await go_on_duty(pages[login])
    seconds = []
    # Nobody calls the same person more than twice a minute.
    for one, other in [*itertools.combinations(LOGINS, 2)] * 2:
        caller, callee = pages[one], pages[other]
        await caller.get_by_test_id("dial-input").fill(other.capitalize())
        rings = asyncio.create_task(callee.evaluate(UNTIL, "ringing"))
        clicked = await caller.evaluate(CLICK, "dial")
        seconds.append((await rings - clicked) / 1000)
        await caller.get_by_test_id("hangup").click()
        for page in (caller, callee):
            await at_rest(page)
    return seconds


async def go_on_duty(page: Page) -> float:
    """Seconds from the click until the page shows that it is ready."""
    await page.get_by_test_id("go-on-duty").wait_for()
    began = await page.evaluate(CLICK, "go-on-duty")
    return float(await page.evaluate(UNTIL, "ready") - began) / 1000


async def at_rest(page: Page) -> None:
    """Wait until a call is over and the page ready again."""
    await page.locator('[data-state="ready"], [data-state="wrapping-up"]').first.wait_for()
    if await page.get_by_test_id("done").is_visible():
        await page.get_by_test_id("done").click()
    await state(page, "ready")


async def leave(stage: Stage, page: Page, context: BrowserContext) -> None:
    """Go off duty and close the profile."""
    await page.get_by_test_id("away").click()
    await state(page, "off-duty")
    await context.close()
    stage.contexts.remove(context)


async def _bytes(requests: list[Request]) -> int:
    # The page and its files; what it asks the service about people is another matter.
    files = [request for request in requests if not urlsplit(request.url).path.startswith(("/api", "/telephony"))]
    return sum([(await request.sizes())["responseBodySize"] for request in files])


def _seconds(measured: list[float]) -> str:
    return f"median {statistics.median(measured):.3f} s of {len(measured)} ({min(measured):.3f} to {max(measured):.3f})"
