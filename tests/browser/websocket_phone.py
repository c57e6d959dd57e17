"""A SIP phone with a user name and a password, on the sandbox's WebSocket: it signs in, is rung, and presses keys."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from softphone.sandbox.sip.message import Headers, Message, Request, Response, read_message, render_message

DOMAIN = "phone.plivo.com"
ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
ZOIPER = "Zoiper 5.6"
PATIENCE = 60.0


class WebSocketPhone:
    """One device. `rung` are the calls that came; it answers none by itself."""

    def __init__(self, wire: ClientConnection, *, username: str, password: str, user_agent: str) -> None:
        self.username = username
        self.rung: asyncio.Queue[Request] = asyncio.Queue()
        self._wire = wire
        self._password = password
        self._user_agent = user_agent
        self._responses: asyncio.Queue[Response] = asyncio.Queue()
        self._cseq = 0

    async def listen(self) -> None:
        """Take what comes until the socket closes."""
        with suppress(ConnectionClosed):
            async for frame in self._wire:
                message = read_message(frame if isinstance(frame, str) else frame.decode())
                if isinstance(message, Response):
                    self._responses.put_nowait(message)
                elif message.method == "INVITE":
                    await self._reply(message, 180)
                    self.rung.put_nowait(message)
                elif message.method != "ACK":
                    await self._reply(message, 200)

    async def register(self) -> int:
        """Sign in; the status of the last answer. RFC 3261 22.2: the first is a challenge."""
        await self._send("REGISTER", f"sip:{DOMAIN}")
        refused = await self._response()
        if refused.status != 401:
            return refused.status
        challenge = refused.headers.get("WWW-Authenticate") or ""
        await self._send("REGISTER", f"sip:{DOMAIN}", ("Authorization", self._proof(challenge)))
        return (await self._response()).status

    async def next_call(self) -> Request:
        """The next call that rings here."""
        return await asyncio.wait_for(self.rung.get(), PATIENCE)

    async def answer(self, invite: Request) -> None:
        """Pick up."""
        await self._reply(invite, 200, body=ANSWER)

    async def press(self, invite: Request, key: str) -> None:
        """Press a key inside a call that was answered."""
        given = (
            ("From", f"{invite.headers.get('To')};tag=mine"),
            ("To", invite.headers.get("From") or ""),
            ("Call-ID", invite.headers.get("Call-ID") or ""),
            ("Content-Type", "application/dtmf-relay"),
        )
        await self._send("INFO", "sip:sandbox@sandbox.invalid", *given, body=f"Signal={key}\r\nDuration=100\r\n")

    async def _response(self) -> Response:
        return await asyncio.wait_for(self._responses.get(), PATIENCE)

    def _proof(self, challenge: str) -> str:
        realm, nonce = (re.search(rf'{name}="([^"]*)"', challenge) for name in ("realm", "nonce"))
        assert realm is not None
        assert nonce is not None
        uri = f"sip:{DOMAIN}"
        mine = _md5(f"{self.username}:{realm[1]}:{self._password}")
        proof = _md5(f"{mine}:{nonce[1]}:{_md5(f'REGISTER:{uri}')}")
        return (
            f'Digest username="{self.username}", realm="{realm[1]}", nonce="{nonce[1]}", uri="{uri}", '
            f'response="{proof}", algorithm=MD5'
        )

    async def _send(self, method: str, uri: str, *headers: tuple[str, str], body: str = "") -> None:
        self._cseq += 1
        me = f"<sip:{self.username}@{DOMAIN}>"
        defaults = (
            ("Via", f"SIP/2.0/WS phone.invalid;branch=z9hG4bK{self.username}{self._cseq}"),
            ("Max-Forwards", "70"),
            ("From", f"{me};tag=mine"),
            ("To", me),
            ("Call-ID", f"{self.username}-register"),
            ("CSeq", f"{self._cseq} {method}"),
            ("Contact", f"<sip:{self.username}@phone.invalid;transport=ws>"),
            ("Expires", "120"),
            ("User-Agent", self._user_agent),
        )
        given = {name for name, _ in headers}
        items = (*(item for item in defaults if item[0] not in given), *headers)
        await self._say(Request(method=method, uri=uri, headers=Headers(items), body=body))

    async def _reply(self, request: Request, status: int, *, body: str = "") -> None:
        copied = tuple(item for item in request.headers if item[0] in ("Via", "From", "Call-ID", "CSeq"))
        to = request.headers.get("To") or ""
        items = (
            *copied,
            ("To", to if "tag=" in to else f"{to};tag=mine"),
            ("Contact", f"<sip:{self.username}@phone.invalid;transport=ws>"),
            *((("Content-Type", "application/sdp"),) if body else ()),
        )
        await self._say(Response(status=status, reason="Said", headers=Headers(items), body=body))

    async def _say(self, message: Message) -> None:
        await self._wire.send(render_message(message))


@asynccontextmanager
async def a_phone(
    sandbox: str, username: str, password: str, *, user_agent: str = ZOIPER
) -> AsyncIterator[WebSocketPhone]:
    """A phone with these credentials, on a socket of its own; it does not sign in by itself."""
    address = f"{sandbox.replace('http', 'ws', 1)}/signalling"
    async with connect(address, subprotocols=["sip"]) as wire:  # type: ignore[list-item]  # a NewType of text
        phone = WebSocketPhone(wire, username=username, password=password, user_agent=user_agent)
        listening = asyncio.create_task(phone.listen())
        try:
            yield phone
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
