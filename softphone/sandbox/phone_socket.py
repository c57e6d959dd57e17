"""The WebSocket of a phone page: small JSON messages, one page one phone.

Page to sandbox: `register {number, name}`, `dial {to, sdp}`, and about a `call`: `ringing`, `answer {sdp}`, `decline`,
`hangup`, `digit {key}`, `done {id, sdp?}` (what was asked for under `id` is finished).

Sandbox to page: `hello {numbers}`, `registered {number}`, `problem {message}`, `displaced`, `dialling {call, to}`, and
about a `call`: `invite {from, name, sdp, headers}`, `cancel {reason}`, `ringing`, `answered {sdp}`, `connected`,
`accept {sdp}`, `refused {status, reason}`, `ended {cause}`, `want_offer {id}`, `reoffer {id, sdp}`,
`speak {id, text, language, voice}`, `play {id, url}`, `beep {id}`, `record {id, upload, limit, silence}` (seconds; the
page sends a WAV file to `POST /phone-recording/{upload}` before it says `done`), `stop`, `keys` (they are asked for),
`digit {key}`.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from softphone.sandbox.legs import Arrival
from softphone.sandbox.phones import Message, Phone, PhoneBook

MAX_MESSAGE = 200_000
"""Characters of one message; a session description has a few thousand."""

_DIGITS = re.compile(r"[0-9]{3,15}")
_ADDRESS = re.compile(r"sip:[A-Za-z0-9_]{1,90}@phone\.plivo\.com")


def digits_of(text: object) -> str | None:
    """The digits of a number as people write it, without plus, spaces and brackets. None when it is no number."""
    bare = re.sub(r"[\s()./+-]", "", text) if isinstance(text, str) else ""
    return bare if _DIGITS.fullmatch(bare) else None


def destination_of(text: object) -> str | None:
    """What can be dialled: a number, or the SIP address of an endpoint. None when it is neither."""
    return text.strip() if isinstance(text, str) and _ADDRESS.fullmatch(text.strip()) else digits_of(text)


class PhoneSocket:
    """One page's connection."""

    def __init__(
        self,
        *,
        receive: Callable[[], Awaitable[str | bytes]],
        send: Callable[[str], Awaitable[None]],
        book: PhoneBook,
        arrived: Callable[[Arrival], object],
    ) -> None:
        self._receive = receive
        self._send_text = send
        self._book = book
        self._arrived = arrived
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        self._phone: Phone | None = None

    async def run(self, numbers: Sequence[str]) -> None:
        """Serve the page until it goes."""
        self._send({"type": "hello", "numbers": list(numbers)})
        sending = asyncio.create_task(self._write())
        try:
            while True:
                self._take(await self._receive())
        finally:
            sending.cancel()
            if self._phone is not None:
                self._book.close(self._phone)

    async def _write(self) -> None:
        while True:
            await self._send_text(json.dumps(await self._outbox.get()))

    def _send(self, message: Message) -> None:
        self._outbox.put_nowait(message)

    def _take(self, frame: str | bytes) -> None:
        message = _read(frame)
        match message:
            case {"type": "register"}:
                self._register(message)
            case {"type": "dial", "sdp": str(sdp)}:
                self._dial(message, sdp)
            case _ if self._phone is not None:
                self._phone.told(message)
            case _:
                self._problem("Give this phone a number first.")

    def _register(self, message: Message) -> None:
        number = digits_of(message.get("number"))
        if number is None:
            self._problem("A number has 3 to 15 digits.")
            return
        if self._phone is not None:
            self._book.close(self._phone)
        name = str(message.get("name") or "")[:50]
        self._phone = self._book.open(number=number, name=name, send=self._send)
        self._send({"type": "registered", "number": number, "name": name})

    def _dial(self, message: Message, sdp: str) -> None:
        to = destination_of(message.get("to"))
        if self._phone is None:
            self._problem("Give this phone a number first.")
        elif to is None:
            self._problem("Dial a number of 3 to 15 digits, or an address: sip:name@phone.plivo.com.")
        elif (arrival := self._book.dial(self._phone, to=to, offer=sdp)) is None:
            self._problem("This phone is in a call.")
        else:
            self._arrived(arrival)

    def _problem(self, sentence: str) -> None:
        self._send({"type": "problem", "message": sentence})


def _read(frame: str | bytes) -> Mapping[str, object]:
    """The message in a frame; an empty one when it is none."""
    if isinstance(frame, bytes) or len(frame) > MAX_MESSAGE:
        return {}
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
