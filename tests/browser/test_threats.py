"""What a page must never do, seen in a real Chromium: run what somebody stored, keep secrets, load strangers' code."""

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PASSWORD, PATIENCE, Stage, a_stage, hears, state

pytestmark = pytest.mark.browser

MS = PATIENCE * 1000
OUTSIDE = "14155550123"
STATIC = Path(__file__).parents[2] / "softphone/static"
TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+")
SECTIONS = ("overview", "volunteers", "connection", "devices", "calls", "audit")

PAYLOADS = (
    "<script>window.__ran=1</script>",
    "<img src=x onerror=window.__ran=1>",
    "<svg/onload=window.__ran=1>",
    "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    '"><img src=x onerror="__ran=1">',
    "'-(window.__ran=1)-'",
    "javascript:window.__ran=1",
    "</title><script>__ran=1</script>",
    "<a href=javascript:__ran=1>press</a>",
    "<details open ontoggle=__ran=1>",
    "${window.__ran=1}{{__ran=1}}<%=1%>",
    "&lt;b&gt;&#60;i&#62;<b>bold</b>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example/>",
    "\N{HEBREW LETTER SHIN}\N{HEBREW LETTER LAMED} <b onclick=__ran=1>",
)
WATCH = """
window.__violations = [];
addEventListener('securitypolicyviolation', (e) => __violations.push(e.effectiveDirective + ' ' + e.blockedURI));
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => { window.__ran = name; };
"""
SEEN = """() => ({
  ran: window.__ran === undefined ? null : String(window.__ran),
  violations: window.__violations.filter((said) => /^(script|style|frame|base|object|img)/.test(said)),
  // What a stored text has become, if anything made an element of it.
  made: [...document.querySelectorAll('body *')]
    .filter((e) => [...e.attributes].some((a) => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value))
      || ['SCRIPT', 'IFRAME', 'BASE', 'STYLE', 'DETAILS'].includes(e.tagName) && !e.src && !e.closest('details[class]'))
    .map((e) => e.outerHTML.slice(0, 80)),
})"""
SEND = """async ([method, path, body]) => {
  const me = await (await fetch('/api/me')).json();
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf };
  const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
  return [answer.status, await answer.json()];
}"""
KEPT = """async () => JSON.stringify([
  { ...localStorage }, { ...sessionStorage }, document.cookie, document.title, location.href, history.state,
  await indexedDB.databases(), await caches.keys(), performance.getEntries().map((entry) => entry.name),
])"""


@pytest.fixture(scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    """One demo for these tests."""
    async with a_stage(browser) as made:
        yield made


@dataclass(slots=True)
class Watched:
    """A browser profile whose console, requests and sockets are written down."""

    context: BrowserContext
    heard: list[str] = field(default_factory=list)

    @classmethod
    async def on(cls, stage: Stage, **options: object) -> "Watched":
        """A new profile."""
        made = cls(await stage.profile(**options))
        await made.context.add_init_script(WATCH)
        made.context.on("console", lambda message: made.heard.append(message.text))
        made.context.on("weberror", lambda error: made.heard.append(str(error.error)))
        made.context.on("request", lambda request: made.heard.append(request.url))
        made.context.on("page", lambda page: page.on("websocket", lambda socket: made.heard.append(socket.url)))
        return made


async def send(page: Page, method: str, path: str, body: object) -> dict[str, object]:
    """Ask our server as the page in this tab would."""
    status, answer = await page.evaluate(SEND, [method, path, body])
    assert status in {200, 201}, answer
    assert isinstance(answer, dict)
    return answer


async def harmless(page: Page) -> None:
    """Nothing that was stored has run, tried to run, or become an element."""
    assert await page.evaluate(SEEN) == {"ran": None, "violations": [], "made": []}, page.url


@pytest.mark.tm("TM-T10")
async def test_after_a_call_the_browser_keeps_and_has_said_no_secret(stage: Stage) -> None:
    """No token, no number, no password: not in storage, console, addresses or the page, during a call and after it."""
    watched = await Watched.on(stage)
    phone = await stage.outside(OUTSIDE)
    page = await stage.join("ben", context=watched.context)
    await page.get_by_test_id("go-on-duty").click()
    await state(page, "ready")

    await page.get_by_test_id("dial-input").fill("(415) 555-0123")
    await page.get_by_test_id("dial").click()
    await phone.get_by_test_id("answer").click()
    await state(page, "talking")
    await hears(page)
    during = await page.evaluate(KEPT)
    await phone.get_by_test_id("hangup").click()
    await state(page, "wrapping-up")
    after = await page.evaluate(KEPT)
    await page.reload()
    await page.get_by_test_id("state").wait_for()
    reloaded = await page.evaluate(KEPT)
    html = await page.locator("body").inner_html()

    everything = "\n".join((during, after, reloaded, *watched.heard))
    assert "/api/webrtc-token" in everything
    assert TOKEN.search(everything) is None
    assert PASSWORD not in everything
    assert stage.demo.auth_token not in everything + html
    for text in (everything, html):
        digits = re.sub(r"[ ().+-]", "", text)
        assert "5550123" not in digits
    assert page.url == f"{stage.demo.service}/"


@pytest.mark.tm("TM-C1")
async def test_every_script_is_ours_and_is_what_was_built(stage: Stage) -> None:
    """Each script that the page loads, the SDK's among them, comes from our own address, with a policy that admits no
    other, and its bytes are those of the build, whose name for them is theirs. Nothing is written inside the page.
    """
    context = await stage.profile()
    loaded: set[str] = set()
    context.on("response", lambda response: loaded.add(response.url))
    page = await stage.join("dai", context=context)
    await page.get_by_test_id("go-on-duty").click()
    await state(page, "ready")
    document = await page.request.get(stage.demo.service)

    scripts = [url for url in loaded if urlsplit(url).path.endswith(".js")]
    ours = urlsplit(stage.demo.service).netloc
    assert {urlsplit(url).netloc for url in loaded if url.startswith("http")} == {ours}
    assert any("plivobrowsersdk" in url for url in scripts)
    for url in scripts:
        built = (STATIC / urlsplit(url).path.lstrip("/")).read_bytes()
        served = await (await page.request.get(url)).body()
        assert hashlib.sha512(served).digest() == hashlib.sha512(built).digest()
    policy = document.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert re.search(r"unsafe|https?:|\*", policy) is None
    assert re.search(rb"<script(?![^>]*\ssrc=\"/assets/)", await document.body()) is None


@pytest.mark.tm("TM-I3")
async def test_what_people_stored_is_shown_and_never_run(browser: Browser) -> None:
    """Names of people and of the connection, a browser's own name, an outside caller's name: in the pages of a
    volunteer, of an administrator and of the sandbox, waiting, ringing and talking.
    """
    async with a_stage(browser) as stage:
        await _open_everything(stage)


async def _open_everything(stage: Stage) -> None:
    office = await Watched.on(stage)
    admin = await stage.join("ana", context=office.context)
    for number, payload in enumerate(PAYLOADS):
        await send(admin, "POST", "/api/admin/volunteers", {"name": payload, "login": f"payload{number}"})
    people = await admin.evaluate("async () => (await (await fetch('/api/admin/volunteers?limit=100')).json()).items")
    ids = {person["login"]: person["id"] for person in people}
    connection = (await admin.evaluate("async () => (await (await fetch('/api/admin/connections')).json())"))["items"][
        0
    ]
    await send(admin, "PATCH", f"/api/admin/connections/{connection['id']}", {"name": PAYLOADS[1]})
    await send(admin, "PATCH", f"/api/admin/volunteers/{ids['dai']}", {"name": PAYLOADS[4]})
    await send(admin, "PATCH", f"/api/admin/volunteers/{ids['chloe']}", {"name": PAYLOADS[0]})

    first = await Watched.on(stage, user_agent=f"Mozilla/5.0 {PAYLOADS[1]} Chrome/140 Safari/537.36")
    second = await Watched.on(stage)
    pages = []
    for watched, login in ((first, "dai"), (second, "chloe")):
        page = await stage.join(login, context=watched.context)
        await page.get_by_test_id("go-on-duty").click()
        await state(page, "ready")
        pages.append(page)
    caller, callee = pages
    await caller.get_by_test_id("dial-input").fill("chloe")
    await caller.get_by_test_id("dial").click()
    await state(callee, "ringing")
    await expect(callee.get_by_test_id("state")).to_contain_text(PAYLOADS[4], timeout=MS)
    await harmless(callee)
    await callee.get_by_test_id("answer").click()
    await state(caller, "talking")
    await harmless(caller)
    await caller.get_by_test_id("hangup").click()

    outside = await Watched.on(stage)
    phone = await outside.context.new_page()
    await phone.goto(f"{stage.demo.phone}?number={OUTSIDE}&name={quote(PAYLOADS[1])}")
    await phone.get_by_test_id("dial-to").fill(stage.demo.numbers[0])
    await phone.get_by_test_id("dial").click()
    log = await outside.context.new_page()
    await log.goto(stage.demo.log)
    await expect(log.get_by_test_id("calls")).to_contain_text("<", timeout=MS)
    front = await outside.context.new_page()
    await front.goto(stage.demo.sandbox)
    await front.wait_for_load_state("networkidle")

    for section in SECTIONS:
        await admin.goto(f"{stage.demo.service}/admin/{section}")
        await admin.locator("main h1").wait_for()
        await admin.wait_for_load_state("load")
        if section == "volunteers":
            await expect(admin.get_by_test_id("volunteers-table")).to_contain_text("<script>", timeout=MS)
        await harmless(admin)
    for page in (caller, callee, phone, log, front):
        await harmless(page)
    people_shown = await caller.locator("body").inner_text()
    assert sum(payload in people_shown for payload in PAYLOADS) >= len(PAYLOADS) - 1

    # And the watch sees what it is there to see.
    await admin.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=/icon.svg onload=window.__ran=1>')")
    assert (await admin.evaluate(SEEN))["made"] != []
