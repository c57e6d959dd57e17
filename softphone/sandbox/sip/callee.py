"""A party on SIP that is called: our INVITE to it, until it answers or refuses."""

import asyncio
import re
from dataclasses import replace
from urllib.parse import quote

from softphone.sandbox.legs import Answered, HungUp, Refused, Ringing, RingRequest
from softphone.sandbox.sip import dialogs
from softphone.sandbox.sip.address import NameAddr, render_name_addr
from softphone.sandbox.sip.leg import SipLeg, Surroundings
from softphone.sandbox.sip.line import Line
from softphone.sandbox.sip.media import SoundPath, path_of, plain_offer
from softphone.sandbox.sip.message import Header, Headers, Request, Response, render_message
from softphone.sandbox.sip.sdp import clean

DOMAIN = "phone.plivo.com"

# Seconds that a ring waits for a device whose socket has just broken, before it counts as gone.
RING_PATIENCE = 5.0

# RFC 3261 21.4.26, 21.6.4, 21.4.13: the device would be called, but not with this description.
NO_SUCH_SOUND = (415, 488, 606)


class CalleeLeg(SipLeg):
    """The leg of an INVITE that goes out to the newest device of a SIP user."""

    def __init__(self, *, user: str, contact: str, line: Line, around: Surroundings) -> None:
        super().__init__(call_id=around.ids.uuid(), address=f"sip:{user}@{DOMAIN}", line=line, around=around)
        self._contact = contact
        self._invite: Request | None = None
        self._asked_with: RingRequest | None = None
        self._offers: list[str | None] = []
        self._tries = 0
        self._provisional = False
        self._cancelled: str | None = None
        self._again: asyncio.Task[None] | None = None

    async def ring(self, request: RingRequest) -> None:
        """Send the INVITE, or leave it on the line for a device that is about to come back."""
        self._asked_with = request
        self._offers = self._offers_for(request.offer)
        await self._try_next(request)
        if not self.line.open:
            asyncio.get_running_loop().call_later(RING_PATIENCE, self._give_up)

    async def cancel(self, *, reason: str) -> None:
        """Stop ringing. RFC 3261 9.1: not before a provisional response has come."""
        if self._invite is None or self._over or self._cancelled is not None:
            return
        self._cancelled = reason
        if self._dialog is not None:
            await self.hang_up(cause=reason)
        elif self._again is not None and not self._again.done():
            # It has refused one description and not been sent the next, which now never goes out.
            return
        elif self.line.withdraw(render_message(self._invite)):
            self._finish()
        elif self._provisional:
            self._send_cancel()

    async def progress(self) -> None:
        """A called party hears no ringing."""

    async def answer(self, sdp: str | None) -> None:
        """A called party answers itself."""

    async def refuse(self, status: int, reason: str) -> None:
        """A called party is cancelled, not refused."""

    def receive_response(self, response: Response) -> None:
        """Take a response to our INVITE, or to a request inside the dialog."""
        if self._invite is None or self._dialog is not None or dialogs.method_of(response) != "INVITE":
            super().receive_response(response)
        elif response.status < 200:
            self._receive_provisional(response)
        elif response.status < 300:
            self._receive_answer(self._invite, response)
        else:
            self._send(dialogs.ack_refusal(self._invite, response))
            if response.status in NO_SUCH_SOUND and self._offers and self._cancelled is None and self._asked_with:
                # RFC 3261 21.4.26: it would take the call, but not so.
                self._again = asyncio.create_task(self._try_next(self._asked_with))
                return
            self._tell_over(Refused(response.status, response.reason))

    def _offers_for(self, offer: str) -> list[str | None]:
        """What to ring the device with, one after the other; None stands for plain RTP to the sandbox itself.

        A telephone gets what somebody really offers first. Where nobody does, the sandbox can hear its keys in plain
        RTP, and in nothing else.
        """
        sound = path_of(offer)
        if self.browser or sound is SoundPath.PLAIN:
            return [offer]
        if sound is SoundPath.UNKNOWN:
            return [None, offer]
        return [None] if self.line.plain_only else [offer, None]

    async def _try_next(self, request: RingRequest) -> None:
        offer = self._offers.pop(0)
        if offer is None:
            ear = await self._open_ear()
            offer = plain_offer(host=self._around.host, port=ear.port)
            # Only a telephone that has refused what a person offered is known to take nothing else.
            self.line.plain_only = self.line.plain_only or self._tries > 0
        else:
            self._close_ear()
        if self._over:
            return
        if self._cancelled is not None:
            self._finish()
            return
        self._tries += 1
        self._provisional = False
        self._invite = self._invitation(replace(request, offer=offer))
        self._send(self._invite)

    def _receive_provisional(self, response: Response) -> None:
        first, self._provisional = not self._provisional, True
        if self._cancelled is not None and first:
            self._send_cancel()
        elif response.status >= 180 and self._cancelled is None:
            self._events.put_nowait(Ringing())

    def _receive_answer(self, invite: Request, response: Response) -> None:
        self._dialog = dialogs.dialog_of_callee(invite, response)
        if self._ear is not None:
            self._ear.turn_to(response.body)
        self._send(dialogs.ack(self._dialog, cseq=dialogs.cseq_of(invite), via=self._via()))
        self._confirm()
        if self._cancelled is not None:
            # The answer and our CANCEL crossed (RFC 3261 9.1): the call exists, so it must be ended.
            self._in_dialog("BYE", extra=[("Reason", _reason(self._cancelled))])
            self._finish()
        else:
            self._events.put_nowait(Answered(clean(response.body)))

    def _send_cancel(self) -> None:
        if self._invite is not None:
            self._send(dialogs.cancel(self._invite, extra=[("Reason", _reason(self._cancelled or ""))]))

    def _give_up(self) -> None:
        if self._invite is not None and self.line.withdraw(render_message(self._invite)):
            self._tell_over(Refused(480, "the device has gone"))

    def _lost(self) -> None:
        unanswered = self._dialog is None
        self._tell_over(Refused(480, "the device has gone") if unanswered else HungUp(lost=True))

    def _invitation(self, request: RingRequest) -> Request:
        sender = NameAddr(
            display=request.caller_name,
            uri=_caller_uri(request.caller_id),
            parameters=(("tag", self._around.ids.uuid()[:8]),),
        )
        items: list[Header] = [
            ("Via", self._via()),
            ("Max-Forwards", "70"),
            ("From", render_name_addr(sender)),
            ("To", f"<{self._address}>"),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self._tries} INVITE"),
            ("Contact", f"<{self.line.place.contact}>"),
            dialogs.ALLOW,
            ("X-Calluuid", request.leg_uuid),
            *request.headers.items(),
            ("Content-Type", "application/sdp"),
        ]
        return Request(
            method="INVITE", uri=self._contact, headers=Headers(tuple(items)), body=self._mended(request.offer)
        )


def _caller_uri(caller_id: str) -> str:
    """A caller ID as the URI that the SDK takes its text from."""
    if re.fullmatch(r"sips?:[^\s<>@]+@[^\s<>@]+", caller_id):
        return caller_id
    return f"sip:{quote(caller_id or 'anonymous', safe='+')}@{DOMAIN}"


def _reason(text: str) -> str:
    # RFC 3326. 26 of Q.850 is "non-selected user clearing": somebody else took the call.
    return f'Q.850;cause=26;text="{text}"' if text == "Lost Race" else f'Q.850;cause=16;text="{text}"'
