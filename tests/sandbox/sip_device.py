"""A SIP phone for tests: it speaks text to the sandbox's SIP side, without a socket, and remembers what it heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import jwt

from softphone.sandbox.accounts import Account, Application, Endpoint
from softphone.sandbox.call import Engine
from softphone.sandbox.callbacks import Callbacks
from softphone.sandbox.calls import Calls
from softphone.sandbox.faults import Faults
from softphone.sandbox.ids import Ids
from softphone.sandbox.ladder import Ladders
from softphone.sandbox.legs import Leg
from softphone.sandbox.sip.digest import Nonces
from softphone.sandbox.sip.journal import Journal
from softphone.sandbox.sip.line import BROWSER
from softphone.sandbox.sip.message import Headers, Message, Request, Response, read_message, render_message
from softphone.sandbox.sip.registrar import Registrar
from softphone.sandbox.sip.service import SipService
from softphone.sandbox.tokens import TokenOptions, Tokens
from tests.clock import Clock

AUTH_ID = "MASANDBOX00000000000"
AUTH_TOKEN = "t" * 40
APP = "1" * 17
DOMAIN = "phone.plivo.com"
OFFER = "v=0\r\ns=offer\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"


class Customer:
    """The customer's server: a document per path, and what it was told."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.told: list[tuple[str, dict[str, str]]] = []

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one callback; a path without a document is a 500."""
        fields = dict(httpx2.QueryParams((await request.aread()).decode()))
        self.told.append((request.url.path, fields))
        document = self.documents.get(request.url.path)
        return httpx2.Response(500 if document is None else 200, text=document or "")

    def at(self, path: str) -> list[dict[str, str]]:
        """What came to one path."""
        return [fields for where, fields in self.told if where == path]


class World:
    """A sandbox without sockets: the SIP side, the engine, and a customer."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ids = Ids()
        self.customer = Customer()
        self.journal = Journal(clock=self.clock)
        self.ladders = Ladders(clock=self.clock)
        self.account = Account(auth_id=AUTH_ID, auth_token=AUTH_TOKEN, ids=self.ids, numbers=["14155550100"])
        tokens = Tokens(auth_id=AUTH_ID, auth_token=AUTH_TOKEN, minting_key=b"m" * 32, options=TokenOptions())
        self.callbacks = Callbacks(
            auth_token=AUTH_TOKEN,
            ids=self.ids,
            faults=Faults(),
            transport=httpx2.MockTransport(self.customer.answer),
        )
        self.sip = SipService(
            account=self.account,
            registrar=Registrar(
                account=self.account, tokens=tokens, nonces=Nonces(key=b"n" * 32), journal=self.journal
            ),
            arrive=lambda arrival: self.arrived.append(self.calls.arrive(arrival)),
            ids=self.ids,
            clock=self.clock,
            speaking_time=lambda text: 0.0,
            grace=0.05,
        )
        self.arrived: list[str] = []
        self.calls = Calls(
            Engine(
                account=self.account,
                callbacks=self.callbacks,
                ladders=self.ladders,
                exchange=self,
                ids=self.ids,
                clock=self.clock,
                second=0.02,
            )
        )
        self.account.put_application(
            Application(
                app_id=APP, app_name="app", answer_url="http://customer/answer", hangup_url="http://customer/hangup"
            )
        )

    def user(self, sip_user: str) -> Leg | None:
        """Where a Dial finds devices."""
        return self.sip.user(sip_user)

    def number(self, digits: str) -> Leg | None:
        """No outside phones here."""
        return None

    def endpoint(self, name: str) -> Endpoint:
        """An endpoint under the application."""
        return self.account.create_endpoint(username=name, password="correct horse", alias=name, app_id=APP)

    async def device(self, name: str) -> "Device":
        """A device that has signed in with a token, under a new endpoint."""
        device = Device(self, self.endpoint(name))
        device.register()
        assert (await device.response()).status == 200
        return device

    async def end(self) -> dict[str, str]:
        """What hangup_url was told when the only call was over."""
        await asyncio.wait_for(self.calls.settle(), 30)
        await self.callbacks.settle()
        (fields,) = self.customer.at("/hangup")
        return fields


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """A world that is cleaned up."""
    world = World()
    try:
        yield world
    finally:
        await world.calls.close()
        await world.callbacks.close()


class Device:
    """One device of one endpoint, on one socket."""

    place = BROWSER

    def __init__(self, world: World, endpoint: Endpoint, *, contact: str | None = None) -> None:
        self.world = world
        self.endpoint = endpoint
        self.user = f"{endpoint.username}_{AUTH_ID}"
        self.contact = contact or f"sip:{endpoint.alias}@{world.ids.digits(8)}.invalid;transport=ws"
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.cuts = 0
        self._cseq = 0
        world.sip.opened(self)

    @property
    def address(self) -> str:
        """Where a Dial finds it."""
        return f"sip:{self.user}@{DOMAIN}"

    def send(self, text: str) -> None:
        """The sandbox's side of the socket: take a message."""
        self.heard.put_nowait(read_message(text))

    def cut(self) -> None:
        """The sandbox's side of the socket: close."""
        self.cuts += 1

    async def next(self) -> Message:
        """The next message from the sandbox."""
        return await asyncio.wait_for(self.heard.get(), 30)

    async def response(self, status: int | None = None) -> Response:
        """The next response, or the next one with this status."""
        while True:
            message = await self.next()
            if isinstance(message, Response) and status in (None, message.status):
                return message

    async def request(self, method: str) -> Request:
        """The next request with this method."""
        while True:
            message = await self.next()
            if isinstance(message, Request) and message.method == method:
                return message

    def token(self) -> str:
        """A token of this endpoint."""
        now = self.world.clock()
        claims = {
            "iss": AUTH_ID,
            "sub": self.endpoint.username,
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(hours=1)).timestamp()),
            "per": {"voice": {"incoming_allow": True, "outgoing_allow": True}},
        }
        return jwt.encode(claims, AUTH_TOKEN, algorithm="HS256", headers={"cty": "plivo;v=1"})

    def say(self, method: str, uri: str, *headers: tuple[str, str], call_id: str = "c", body: str = "") -> Request:
        """Send a request; defaults stand behind what is given."""
        self._cseq += 1
        me = f"<sip:{self.user}@{DOMAIN}>"
        defaults = (
            ("Via", f"SIP/2.0/WS x.invalid;branch=z9hG4bK{self._cseq}"),
            ("From", f"{me};tag=mine"),
            ("To", me if method == "REGISTER" else f"<{uri}>"),
            ("Call-ID", f"{self.contact}{call_id}"),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", f'<{self.contact}>;+sip.instance="<urn:uuid:1>"'),
            ("X-Plivo-Jwt", self.token()),
        )
        given = {name for name, _ in headers}
        items = Headers(tuple(item for item in defaults if item[0] not in given) + tuple(i for i in headers if i[1]))
        request = Request(method=method, uri=uri, headers=items, body=body)
        self.world.sip.received(self, render_message(request))
        return request

    def register(self, *headers: tuple[str, str]) -> None:
        """Send a REGISTER; a header with an empty value takes a default away."""
        self.say("REGISTER", f"sip:{DOMAIN}", *headers, call_id=f"register{id(self)}")

    def invite(self, dialled: str) -> Request:
        """Call somebody."""
        return self.say("INVITE", f"sip:{dialled}@{DOMAIN}", ("X-PH-ref", "beef"), call_id="out", body=OFFER)

    def answer(self, request: Request, status: int, *, body: str = "") -> None:
        """Answer a request of the sandbox."""
        copied = tuple(item for item in request.headers if item[0] in ("Via", "From", "Call-ID", "CSeq"))
        items = (*copied, ("To", f"{request.headers.get('To')};tag=theirs"), ("Contact", f"<{self.contact}>"))
        response = Response(status=status, reason="said", headers=Headers(items), body=body)
        self.world.sip.received(self, render_message(response))

    def within(self, method: str, ok: Response, *headers: tuple[str, str], body: str = "") -> None:
        """Send a request inside the dialog that `ok` opened for our call."""
        to = ok.headers.get("To") or ""
        self.say(method, "sip:sandbox@sandbox.invalid", ("To", to), *headers, call_id="out", body=body)

    def within_theirs(self, method: str, invite: Request, *headers: tuple[str, str], body: str = "") -> None:
        """Send a request inside the dialog of a call that came to us."""
        given = (
            ("From", f"{invite.headers.get('To')};tag=theirs"),
            ("To", invite.headers.get("From") or ""),
            ("Call-ID", invite.headers.get("Call-ID") or ""),
        )
        self.say(method, "sip:sandbox@sandbox.invalid", *given, *headers, body=body)
