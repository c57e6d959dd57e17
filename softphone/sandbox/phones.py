"""Outside phones: pages that have a number. The book of who is open, and the leg that a page is in a call.

The page speaks JSON over a WebSocket (`phone_socket.py` lists the messages). A leg here is what the call engine sees.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

from softphone.sandbox.legs import Answered, Arrival, Digit, HungUp, LegEvent, Refused, Ringing, RingRequest, Sound
from softphone.sandbox.uploads import Uploads

Message = Mapping[str, object]
Send = Callable[[Message], None]

PATIENCE = 120.0
"""Seconds that a page may take to speak a sentence, or to make a description. After that it is passed over."""


class PhoneLeg:
    """One call of one phone. Implements `legs.Leg`."""

    def __init__(self, phone: "Phone", *, call: str, offer: str | None) -> None:
        self._phone = phone
        self._offer = offer
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._ids = count(1)
        self.call = call
        self.over = False

    @property
    def address(self) -> str:
        """The phone's number: digits."""
        return self._phone.number

    @property
    def offer(self) -> str | None:
        """The description that a calling page came with."""
        return self._offer

    @property
    def headers(self) -> Mapping[str, str]:
        """Telephones send no headers."""
        return {}

    @property
    def offers_last(self) -> bool:
        """A page waits as long as it must."""
        return True

    @property
    def machine(self) -> bool:
        """A page is a person's."""
        return False

    @property
    def browser(self) -> bool:
        """A page is one."""
        return True

    async def next_event(self) -> LegEvent:
        """The next thing that happens to the phone."""
        return await self._events.get()

    async def ring(self, request: RingRequest) -> None:
        """Ring the phone; it refuses when it is in a call."""
        if not self._phone.take(self):
            self._finish(Refused(486, "Busy Here"))
            return
        fields = {"from": request.caller_id, "name": request.caller_name, "sdp": request.offer}
        self._send("invite", {**fields, "headers": dict(request.headers)})

    async def cancel(self, *, reason: str) -> None:
        """Stop ringing."""
        self._end("cancel", {"reason": reason})

    async def progress(self) -> None:
        """The other side rings."""
        self._send("ringing", {})

    async def answer(self, sdp: str | None) -> None:
        """The other side, or the sandbox itself, has answered."""
        self._send("answered", {"sdp": sdp})

    async def refuse(self, status: int, reason: str) -> None:
        """The call is turned away."""
        self._end("refused", {"status": status, "reason": reason})

    async def connected(self) -> None:
        """Now joined with the other side."""
        self._send("connected", {})

    async def new_offer(self) -> str | None:
        """A fresh description from the page."""
        return _sdp(await self._request("want_offer", {}))

    async def accept(self, sdp: str | None) -> None:
        """The answer to the page's latest offer; None when there is none."""
        self._send("accept", {"sdp": sdp})

    async def reoffer(self, sdp: str) -> str | None:
        """The page's answer to a new description."""
        return _sdp(await self._request("reoffer", {"sdp": sdp}))

    async def speak(self, text: str, *, language: str, voice: str) -> None:
        """Let the page say a sentence; returns when it says that it has."""
        await self._request("speak", {"text": text, "language": language, "voice": voice})

    async def play(self, url: str) -> None:
        """Let the page play a recording; returns when it says that it has."""
        await self._request("play", {"url": url})

    async def expect_keys(self) -> None:
        """Keys are asked for."""
        self._send("keys", {})

    async def beep(self) -> None:
        """Let the page beep; returns when it says that it has."""
        await self._request("beep", {})

    async def record(self, *, limit: float, silence: float) -> Sound | None:
        """Let the page record its microphone and send the file; returns when it says that it has."""
        upload = self._phone.uploads.expect()
        fields = {"upload": upload, "limit": limit, "silence": silence}
        await self._request("record", fields, patience=limit + PATIENCE)
        return self._phone.uploads.take(upload)

    async def stop_audio(self) -> None:
        """Stop speaking, playing and recording."""
        self._send("stop", {})

    async def send_digit(self, key: str) -> None:
        """A key that the other side pressed."""
        self._send("digit", {"key": key})

    async def hang_up(self, *, cause: str) -> None:
        """The call is over."""
        self._end("ended", {"cause": cause})

    def told(self, message: Message) -> None:
        """Take what the page says about this call. What makes no sense is passed over."""
        match message:
            case {"type": "ringing"}:
                self._tell(Ringing())
            case {"type": "answer", "sdp": str(sdp)}:
                self._tell(Answered(sdp))
            case {"type": "decline"}:
                self._finish(Refused(603, "Decline"))
            case {"type": "hangup"}:
                self._finish(HungUp())
            case {"type": "digit", "key": str(key)} if len(key) == 1 and key in "0123456789*#ABCD":
                self._tell(Digit(key))
            case {"type": "done", "id": int(number)} if (waiting := self._waiting.get(number)) and not waiting.done():
                waiting.set_result(message)
            case _:
                pass

    def lost(self) -> None:
        """The page has gone."""
        self._finish(HungUp(lost=True))

    async def _request(self, kind: str, fields: Message, *, patience: float = PATIENCE) -> Message:
        """Ask the page for something and wait until it is done; an empty message when it cannot."""
        if self.over:
            return {}
        number = next(self._ids)
        waiting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = waiting
        self._send(kind, {"id": number, **fields})
        try:
            async with asyncio.timeout(patience):
                return await waiting
        except TimeoutError:
            return {}
        finally:
            del self._waiting[number]

    def _send(self, kind: str, fields: Message) -> None:
        if not self.over:
            self._phone.send({"type": kind, "call": self.call, **fields})

    def _tell(self, event: LegEvent) -> None:
        if not self.over:
            self._events.put_nowait(event)

    def _end(self, kind: str, fields: Message) -> None:
        """The engine ends the leg: the page is told, no event follows."""
        self._send(kind, fields)
        self._close()

    def _finish(self, event: LegEvent) -> None:
        """The phone ends the leg: the engine is told, once."""
        self._tell(event)
        self._close()

    def _close(self) -> None:
        self.over = True
        self._phone.release(self)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result({})


class Phone:
    """A page that has a number. It is in one call at a time."""

    def __init__(self, *, number: str, name: str, send: Send, uploads: Uploads) -> None:
        self.uploads = uploads
        self.number = number
        self.name = name
        self.send = send
        self.leg: PhoneLeg | None = None

    def take(self, leg: PhoneLeg) -> bool:
        """Put the phone into this call. False when it is in another."""
        if self.leg not in (None, leg):
            return False
        self.leg = leg
        return True

    def release(self, leg: PhoneLeg) -> None:
        """The call is over."""
        if self.leg is leg:
            self.leg = None

    def told(self, message: Message) -> None:
        """Hand a message of the page to the call it is about; one about another call is too late and means nothing."""
        if self.leg is not None and message.get("call") == self.leg.call:
            self.leg.told(message)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a dialled number leads: to an application, or past it to a callee (an element of `<Dial>`)."""

    app_id: str | None
    callee: str | None = None

    def document(self, caller_id: str) -> bytes | None:
        """The document of a call between outsiders; None when an application is asked."""
        if self.callee is None:
            return None
        return f'<Response><Dial callerId="{caller_id}" timeout="60">{self.callee}</Dial></Response>'.encode()


class PhoneBook:
    """The phones that are open, by number. The page that took a number last has it."""

    def __init__(self, *, new_call: Callable[[], str], route: Callable[[str], Route]) -> None:
        self._new_call = new_call
        self._route = route
        self.uploads = Uploads(new_id=new_call)
        self._phones: dict[str, Phone] = {}

    def all(self) -> tuple[Phone, ...]:
        """Every phone that is open."""
        return tuple(self._phones.values())

    def open(self, *, number: str, name: str, send: Send) -> Phone:
        """Give a number to a page. A page that had it is told that it has lost it."""
        before = self._phones.pop(number, None)
        if before is not None:
            before.send({"type": "displaced"})
            self._hang_up(before)
        phone = Phone(number=number, name=name, send=send, uploads=self.uploads)
        self._phones[number] = phone
        return phone

    def close(self, phone: Phone) -> None:
        """A page has gone."""
        if self._phones.get(phone.number) is phone:
            del self._phones[phone.number]
        self._hang_up(phone)

    def leg_to(self, digits: str) -> PhoneLeg | None:
        """A leg to ring the phone with this number. None when no page is open for it."""
        phone = self._phones.get(digits)
        return None if phone is None else PhoneLeg(phone, call=self._new_call(), offer=None)

    def dial(self, phone: Phone, *, to: str, offer: str) -> Arrival | None:
        """A call that the phone makes. None when it is in one already."""
        leg = PhoneLeg(phone, call=self._new_call(), offer=offer)
        if not phone.take(leg):
            return None
        phone.send({"type": "dialling", "call": leg.call, "to": to})
        route = self._route(to)
        return Arrival(
            leg=leg,
            dialled=to,
            caller_name=phone.name,
            app_id=route.app_id,
            call_uuid=leg.call,
            document=route.document(phone.number),
        )

    def _hang_up(self, phone: Phone) -> None:
        if phone.leg is not None:
            phone.leg.lost()


def _sdp(message: Message) -> str | None:
    sdp = message.get("sdp")
    return sdp if isinstance(sdp, str) and sdp else None
