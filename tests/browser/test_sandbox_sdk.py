"""The unmodified browser SDK, in a real Chromium, against the sandbox: what the sandbox is for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import jwt
import pytest
from playwright.async_api import Browser, BrowserContext, Page, TimeoutError, async_playwright

from softphone.sandbox.accounts import Application, Endpoint, Number
from softphone.sandbox.addresses import Addresses
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.outbound import Order
from softphone.sandbox.plant import Plant
from softphone.sandbox.server import running
from tests.browser.chromium import find

pytestmark = pytest.mark.browser

SDK = Path(__file__).parents[2] / "frontend/node_modules/plivo-browser-sdk/dist/plivobrowsersdk.js"

# Milliseconds. Two Chromium pages on a busy machine of two cores.
PATIENCE = 120_000

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-extensions",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
]

PAGE = """<!doctype html><title>phone</title><script>
const Real = RTCPeerConnection; window.connections = [];
window.RTCPeerConnection = class extends Real { constructor(...a) { super(...a); connections.push(this); } };
</script><script src="/sdk.js"></script><script>
window.events = [];
window.start = (socket, login) => {
  const client = new Plivo({debug: "OFF", enableTracking: false, closeProtection: false,
                            registrationDomainSocket: [socket]}).client;
  window.client = client;
  for (const name of ["onLogin", "onLoginFailed", "onLogout", "onCallRemoteRinging", "onCallAnswered",
      "onCallConnected", "onCallFailed", "onCallTerminated", "onIncomingCall", "onIncomingCallCanceled",
      "onDtmfReceived", "onConnectionChange"])
    client.on(name, (...args) => events.push({name, args: JSON.parse(JSON.stringify(args))}));
  login.token ? client.loginWithAccessToken(login.token) : client.login(login.username, login.password);
};
window.saw = (name) => events.filter((event) => event.name === name);
window.heard = async () => {
  let packets = 0, energy = 0;
  for (const connection of connections) for (const report of (await connection.getStats()).values())
    if (report.type === "inbound-rtp") { packets += report.packetsReceived; energy += report.totalAudioEnergy; }
  return {packets, energy};
};
</script>"""


@dataclass
class Answers:
    """A small customer's server: it says what every call does, and keeps what it was told."""

    document: str = "<Response/>"
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1]
        length = next((int(x.split(":")[1]) for x in head.split("\r\n") if x.lower().startswith("content-length")), 0)
        body = (await reader.readexactly(length)).decode()
        match path:
            case "/":
                kind, answer = "text/html", PAGE.encode()
            case "/sdk.js":
                kind, answer = "text/javascript", SDK.read_bytes()
            case _:
                self.told.append((path, {name: values[0] for name, values in parse_qs(body).items()}))
                kind, answer = "application/xml", self.document.encode()
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(answer)}\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n" + answer)
        await writer.drain()
        writer.close()

    def told_at(self, path: str) -> list[dict[str, str]]:
        """What came to one path."""
        return [fields for where, fields in self.told if where == path]


@dataclass(kw_only=True)
class World:
    """A sandbox, a customer's server and a browser."""

    plant: Plant
    addresses: Addresses
    answers: Answers
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def endpoint(self, name: str) -> Endpoint:
        """An endpoint under the application."""
        return self.plant.account.create_endpoint(username=name, password="correct horse", alias=name, app_id="1" * 17)

    async def page(self, login: dict[str, str]) -> Page:
        """A page that signs in with the SDK."""
        context = await self.browser.new_context(permissions=["microphone"])
        # Only loopback may be reached: the SDK works without its tones and statistics.
        await context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = await context.new_page()
        await page.goto(self.answers.url)
        await page.evaluate("([socket, login]) => start(socket, login)", [self.addresses.signalling, login])
        await see(page, "onLogin")
        return page

    async def volunteer(self, endpoint: Endpoint) -> Page:
        """A page that signs in with a token."""
        return await self.page({"token": self.token(endpoint)})

    def token(self, endpoint: Endpoint) -> str:
        """A token as a customer signs it."""
        now = datetime.now(UTC)
        claims = {
            "iss": self.plant.account.auth_id,
            "sub": endpoint.username,
            "nbf": int((now - timedelta(seconds=30)).timestamp()),
            "exp": int((now + timedelta(minutes=10)).timestamp()),
            "per": {"voice": {"incoming_allow": True, "outgoing_allow": True}},
        }
        headers = {"typ": "JWT", "cty": "plivo;v=1"}
        return jwt.encode(claims, self.plant.account.auth_token, algorithm="HS256", headers=headers)

    def address(self, endpoint: Endpoint) -> str:
        """Where a token login is dialled."""
        return f"sip:{endpoint.username}_{self.plant.account.auth_id}@phone.plivo.com"

    async def ended(self) -> dict[str, str]:
        """What hangup_url is told when the only call is over."""
        await self.plant.engine.settle()
        await self.plant.callbacks.settle()
        (fields,) = self.answers.told_at("/hangup")
        return fields


async def see(page: Page, event: str) -> list[object]:
    """Wait until the SDK has emitted an event; what it told last."""
    try:
        await page.wait_for_function(f"saw({event!r}).length > 0", timeout=PATIENCE)
    except TimeoutError as late:
        raise AssertionError(f"no {event}, but {await page.evaluate('events')}") from late
    told: list[object] = await page.evaluate(f"saw({event!r}).at(-1).args")
    return told


async def hear(page: Page) -> None:
    """Wait until the page has received sound."""
    # Not `wait_for_function`: it takes the promise of an answer for a yes.
    async with asyncio.timeout(PATIENCE / 1000):
        await page.evaluate(
            "async () => { for (;;) { const {packets, energy} = await heard(); if (packets > 20 && energy > 0) return;"
            " await new Promise(requestAnimationFrame); } }"
        )


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    answers = Answers()
    server = await asyncio.start_server(answers.serve, "127.0.0.1", 0)
    answers.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    plant = Plant(SandboxOptions(port=0))
    plant.account.put_application(
        Application(
            app_id="1" * 17, app_name="app", answer_url=f"{answers.url}/answer", hangup_url=f"{answers.url}/hangup"
        )
    )
    async with async_playwright() as playwright, running(plant.options, plant=plant) as addresses:
        browser = await playwright.chromium.launch(executable_path=find(), args=CHROMIUM, timeout=PATIENCE)
        world = World(plant=plant, addresses=addresses, answers=answers, browser=browser)
        try:
            yield world
        finally:
            for context in world.contexts:
                await context.close()
            await browser.close()
            server.close()
            await server.wait_closed()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A fresh sandbox with a browser."""
    async with a_world() as world:
        yield world


async def test_two_pages_talk(world: World) -> None:
    """Token login, direct dial, ring, answer, sound both ways, keys both ways, hang-up."""
    ana, ben = world.endpoint("ana"), world.endpoint("ben")
    world.answers.document = (
        f'<Response><Dial callerId="14155550100" timeout="30" sipHeaders="call=7f3a9c">'
        f"<User>{world.address(ben)}</User></Dial></Response>"
    )
    caller, callee = await world.volunteer(ana), await world.volunteer(ben)

    await caller.evaluate("client.call('ben', {'X-PH-ref': '0123456789abcdef'})")
    incoming = await see(callee, "onIncomingCall")
    await see(caller, "onCallRemoteRinging")
    await callee.evaluate("client.answer(client.getCallUUID(), 'ignore')")
    await see(caller, "onCallAnswered")
    await see(caller, "onCallConnected")
    await hear(caller)
    await hear(callee)
    await caller.evaluate("client.sendDtmf('5')")
    tone = await see(callee, "onDtmfReceived")
    await callee.evaluate("client.hangup()")
    await see(caller, "onCallTerminated")
    end = await world.ended()

    (asked,) = world.answers.told_at("/answer")
    assert asked["From"] == world.address(ana)
    assert asked["To"] == "ben"
    assert asked["X-PH-ref"] == "0123456789abcdef"
    assert incoming[0] == "14155550100@phone.plivo.com"
    assert incoming[1] == {"X-Ph-Call": "7f3a9c"}
    assert tone == [{"tone": "5", "duration": 100}]
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")


async def test_a_scripted_caller_is_answered_by_a_page(world: World) -> None:
    """The SDK takes the offer of a caller without a browser, and the call lasts until the caller hangs up."""
    ana = world.endpoint("ana")
    world.plant.account.numbers["14155550100"] = Number(number="14155550100", app_id="1" * 17)
    world.answers.document = (
        f"<Response><Speak>Please hold.</Speak><Dial><User>{world.address(ana)}</User></Dial></Response>"
    )
    page = await world.volunteer(ana)

    world.plant.parties.call(
        {
            "from": "14155550123",
            "to": "14155550100",
            "speech_ms": 10,
            "steps": [{"wait_for": "connected"}, {"press": "5"}, {"wait_ms": 1000}, {"hang_up": True}],
        }
    )
    await see(page, "onIncomingCall")
    await page.evaluate("client.answer(client.getCallUUID(), 'ignore')")
    tone = await see(page, "onDtmfReceived")
    await see(page, "onCallTerminated")
    end = await world.ended()

    assert tone == [{"tone": "5", "duration": 100}]
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Caller")


async def test_the_api_calls_a_page_and_joins_it_to_another(world: World) -> None:
    """The first page is rung by `POST /Call/`; its document dials the second, and they hear each other."""
    ana, ben = world.endpoint("ana"), world.endpoint("ben")
    world.answers.document = f"<Response><Dial><User>{world.address(ben)}</User></Dial></Response>"
    first, second = await world.volunteer(ana), await world.volunteer(ben)
    application = Application(
        app_id="", app_name="", answer_url=f"{world.answers.url}/answer", hangup_url=f"{world.answers.url}/hangup"
    )

    world.plant.engine.place(Order(caller="14155550100", to=world.address(ana), application=application))
    for page in (first, second):
        await see(page, "onIncomingCall")
        await page.evaluate("client.answer(client.getCallUUID(), 'ignore')")
    await asyncio.gather(hear(first), hear(second))
    await second.evaluate("client.hangup()")
    await see(first, "onCallTerminated")
    end = await world.ended()

    assert end["Direction"] == "outbound"
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")
