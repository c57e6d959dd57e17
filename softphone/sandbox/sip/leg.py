"""A party on SIP that is in a call: what its two kinds, calling and called, have in common once there is a dialog."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from softphone.sandbox.ids import Ids
from softphone.sandbox.legs import Digit, HungUp, LegEvent, Reoffered, Sound
from softphone.sandbox.sip import dialogs
from softphone.sandbox.sip.dialogs import Body, Dialog
from softphone.sandbox.sip.ear import Ear
from softphone.sandbox.sip.line import Line
from softphone.sandbox.sip.media import SoundPath, made_up, path_of, plain_answer
from softphone.sandbox.sip.message import Header, Request, Response, render_message
from softphone.sandbox.sip.sdp import answer_without_media, clean, for_browser
from softphone.sandbox.sip.via import COOKIE

# Seconds. A browser that is asked for a new offer gathers candidates first, at most 2 s (`sdk-on-the-wire.md`).
REOFFER_PATIENCE = 20.0

# Seconds. There is no media server: a recording is "played" for so long.
PLAY_SECONDS = 1.0

SIGNAL = re.compile(r"^[ \t]*Signal[ \t]*=[ \t]*(?P<key>[0-9*#A-D])[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
BARE = re.compile(r"^\s*(?P<key>[0-9*#A-D])\s*$", re.IGNORECASE)


def speaking_time(text: str) -> float:
    """Seconds that a sentence takes here: shorter than a voice would, so that tests and demos go on."""
    return max(0.4, 0.06 * len(text.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every SIP leg needs: a source of ids, how long speech takes, whom to tell when the leg is over, and the
    address at which telephones' sound is heard.
    """

    ids: Ids
    speaking_time: Callable[[str], float]
    forget: Callable[[str], None]
    host: str = "127.0.0.1"


class SipLeg:
    """The common half of a SIP leg. `call_id` names its dialog on the wire."""

    def __init__(self, *, call_id: str, address: str, line: Line, around: Surroundings) -> None:
        self.call_id = call_id
        self._address = address
        self._around = around
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._over = False
        self._dialog: Dialog | None = None
        self._confirmed = False
        self._unsent: list[Callable[[], None]] = []
        self._asked: dict[int, asyncio.Future[Response | None]] = {}
        self._late_offer: Response | None = None
        self._their_offer: Request | None = None
        self._silence = asyncio.Event()
        self._ear: Ear | None = None
        self.line = line
        line.watch(call_id, self._lost)

    @property
    def address(self) -> str:
        """How callbacks name the party."""
        return self._address

    @property
    def offer(self) -> str | None:
        """The session description that a calling party came with."""
        return None

    @property
    def headers(self) -> Mapping[str, str]:
        """The `X-PH-…` headers that a calling party sent."""
        return {}

    @property
    def offers_last(self) -> bool:
        """A re-INVITE that is not acknowledged within 32 s is lost (RFC 3261 13.3.1.4)."""
        return False

    @property
    def machine(self) -> bool:
        """A device is a person's."""
        return False

    @property
    def browser(self) -> bool:
        """Only browsers come by WebSocket here."""
        return self.line.place.transport == "WS"

    async def next_event(self) -> LegEvent:
        """The next thing that happens to the party."""
        return await self._events.get()

    async def connected(self) -> None:
        """Tell the party that it is joined: the SDK's `onCallConnected`. Telephones know no such thing."""
        if self.browser:
            self._in_dialog("INFO", body=Body("text/plain", "remote-party-ringing"))

    async def send_digit(self, key: str) -> None:
        """Pass on a key: the SDK's `onDtmfReceived`."""
        self._in_dialog("INFO", body=Body("application/dtmf-relay", f"Signal={key}\r\nDuration=100\r\n"))

    async def hang_up(self, *, cause: str) -> None:
        """End the call with BYE."""
        if not self._over:
            self._in_dialog("BYE", extra=[("Reason", f'Q.850;cause=16;text="{cause}"')])
            self._finish()

    async def speak(self, text: str, *, language: str, voice: str) -> None:
        """Let the time pass that the sentence takes: a telephone hears a hum, a browser nothing."""
        await self._pass_time(self._around.speaking_time(text))

    async def play(self, url: str) -> None:
        """Let the time pass that a recording takes."""
        await self._pass_time(PLAY_SECONDS)

    async def expect_keys(self) -> None:
        """A device is not told."""

    async def beep(self) -> None:
        """Let the time pass that a beep takes."""
        await self._pass_time(self._around.speaking_time("beep"))

    async def record(self, *, limit: float, silence: float) -> Sound | None:
        """There is no media server: all that comes from a browser here is silence."""
        await self._pass_time(min(limit, silence))
        return None

    async def stop_audio(self) -> None:
        """Cut short what is being spoken."""
        self._silence.set()

    async def reoffer(self, sdp: str) -> str | None:
        """Offer a new description by re-INVITE; the answer to it."""
        response = await self._ask(dialogs.sdp_body(self._mended(sdp)))
        if response is None or self._dialog is None:
            return None
        self._send(dialogs.ack(self._dialog, cseq=dialogs.cseq_of(response), via=self._via()))
        return clean(response.body)

    async def new_offer(self) -> str | None:
        """An offer drawn from the party by a re-INVITE without one (RFC 3261 14.1); `accept` answers it in the ACK."""
        response = await self._ask(None)
        if response is None or not response.body:
            return None
        self._late_offer = response
        return clean(response.body)

    async def accept(self, sdp: str | None) -> None:
        """Answer the party's latest offer."""
        if self._late_offer is not None and self._dialog is not None:
            answer = await self._answer_to(self._late_offer.body, sdp)
            cseq = dialogs.cseq_of(self._late_offer)
            self._send(dialogs.ack(self._dialog, cseq=cseq, via=self._via(), sdp=answer))
            self._late_offer = None
        elif self._their_offer is not None:
            answer = await self._answer_to(self._their_offer.body, sdp)
            self._reply(self._their_offer, 200, body=dialogs.sdp_body(answer))
            self._their_offer = None

    def receive_request(self, request: Request) -> None:
        """Take a request inside the dialog."""
        match request.method:
            case "ACK":
                self._confirm()
            case "BYE":
                self._reply(request, 200)
                self._tell_over(HungUp())
            case "INFO":
                self._receive_info(request)
            case "INVITE" | "UPDATE":
                self._receive_offer(request)
            case "CANCEL":
                self._reply(request, 481)
            case _:
                self._reply(request, 405)

    def receive_response(self, response: Response) -> None:
        """Take a response to a request inside the dialog."""
        if response.status < 200:
            return
        if response.status in (408, 481) and dialogs.method_of(response) in ("INFO", "INVITE", "UPDATE"):
            # RFC 3261 12.2.1.2: the device is gone, or knows nothing of the call any more.
            self._tell_over(HungUp(lost=True))
        asked = self._asked.pop(dialogs.cseq_of(response), None)
        if asked is not None and not asked.done():
            asked.set_result(response)

    def _receive_info(self, request: Request) -> None:
        self._reply(request, 200)
        kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        shape = {"application/dtmf-relay": SIGNAL, "application/dtmf": BARE}.get(kind)
        found = shape.search(request.body) if shape is not None else None
        if found:
            self._events.put_nowait(Digit(found["key"].upper()))

    def _receive_offer(self, request: Request) -> None:
        if not request.body:
            self._reply(request, 200 if request.method == "UPDATE" else 488)
            return
        if self._their_offer is not None:
            self._reply(request, 491)
            return
        if self._dialog is not None:
            self._dialog = dialogs.retargeted(self._dialog, request)
        self._their_offer = request
        self._events.put_nowait(Reoffered(clean(request.body)))

    async def _ask(self, body: Body | None) -> Response | None:
        """Send a re-INVITE and wait for the answer; None when the party refused it or did not answer."""
        if self._over:
            return None
        answer: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()
        self._in_dialog("INVITE", body=body, answer=answer)
        try:
            response = await asyncio.wait_for(answer, REOFFER_PATIENCE)
        except TimeoutError:
            return None
        if response is None or response.status >= 300:
            return None
        if self._dialog is not None:
            self._dialog = dialogs.retargeted(self._dialog, response)
        return response

    def _in_dialog(
        self,
        method: str,
        *,
        body: Body | None = None,
        extra: list[Header] | None = None,
        answer: asyncio.Future[Response | None] | None = None,
    ) -> None:
        """Send a request, once the dialog is confirmed: before its ACK JsSIP answers 403 to it."""
        if self._over:
            return
        if not self._confirmed:
            self._unsent.append(lambda: self._in_dialog(method, body=body, extra=extra, answer=answer))
            return
        if self._dialog is None:
            return
        self._dialog, request = dialogs.in_dialog(self._dialog, method, via=self._via(), body=body, extra=extra or [])
        if answer is not None:
            self._asked[self._dialog.cseq] = answer
        self._send(request)

    def _confirm(self) -> None:
        self._confirmed = True
        unsent, self._unsent = self._unsent, []
        for send in unsent:
            send()

    async def _pass_time(self, seconds: float) -> None:
        self._silence.clear()
        if self._ear is not None:
            await self._ear.hum(seconds, stop=self._silence)
            return
        try:
            await asyncio.wait_for(self._silence.wait(), seconds)
        except TimeoutError:
            return

    async def _answer_to(self, offer: str, sdp: str | None) -> str:
        """The other side's answer, or the sandbox's own: an ear for a telephone, nothing for a browser."""
        telephone = path_of(offer) in (SoundPath.PLAIN, SoundPath.SECURED)
        if sdp is not None and not (telephone and made_up(sdp)):
            self._close_ear()
            return self._mended(sdp)
        if not telephone:
            return answer_without_media(clean(offer), self._around.ids.bytes)
        ear = await self._open_ear()
        ear.turn_to(offer)
        return plain_answer(offer, host=self._around.host, port=ear.port, chance=self._around.ids.bytes)

    def _mended(self, sdp: str) -> str:
        """A description as this party takes it."""
        return for_browser(sdp) if self.browser else clean(sdp)

    async def _open_ear(self) -> Ear:
        """The sandbox's own end of the party's sound."""
        if self._ear is None:
            number = int.from_bytes(self._around.ids.bytes(4), "big")
            self._ear = await Ear.open(self._around.host, key=self._heard_key, number=number)
            if self._over:
                self._close_ear()
        return self._ear or Ear(key=self._heard_key, number=0)

    def _close_ear(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    def _heard_key(self, key: str) -> None:
        if not self._over:
            self._events.put_nowait(Digit(key))

    def unacknowledged(self) -> None:
        """Our 200 has had no ACK for 32 s: the call is ended (RFC 3261 13.3.1.4)."""
        if not self._over:
            self._events.put_nowait(HungUp(lost=True))
            self._confirm()
            self._in_dialog("BYE", extra=[("Reason", 'SIP;cause=408;text="no ACK"')])
            self._finish()

    def _reply(
        self, request: Request, status: int, *, extra: list[Header] | None = None, body: Body | None = None
    ) -> None:
        headers: list[Header] = list(extra or [])
        if request.method in ("INVITE", "UPDATE"):
            headers.append(("Contact", f"<{self.line.place.contact}>"))
        self._send(dialogs.reply(request, status, tag=self._tag(), headers=headers, body=body))

    def _tag(self) -> str:
        return (dialogs.tag_of(self._dialog.local) if self._dialog else None) or "sandbox"

    def _via(self) -> str:
        place = self.line.place
        # RFC 3581: a phone behind a router is answered by the way it came, and so are we.
        rport = ";rport" if place.transport == "UDP" else ""
        branch = COOKIE + self._around.ids.uuid().replace("-", "")
        return f"SIP/2.0/{place.transport} {place.sent_by};branch={branch}{rport}"

    def _send(self, message: Request | Response) -> None:
        self.line.send(render_message(message))

    def _tell_over(self, event: LegEvent) -> None:
        if not self._over:
            self._events.put_nowait(event)
            self._finish()

    def _finish(self) -> None:
        """Nothing more happens on this leg. A BYE that waits for its ACK still goes out."""
        if not self._confirmed and self._unsent:
            self._unsent.append(self._finish)
            return
        self._over = True
        self._silence.set()
        self._close_ear()
        for asked in self._asked.values():
            if not asked.done():
                asked.set_result(None)
        self.line.unwatch(self.call_id)
        self._around.forget(self.call_id)

    def _lost(self) -> None:
        self._tell_over(HungUp(lost=True))
