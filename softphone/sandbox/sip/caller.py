"""A party on SIP that calls: its INVITE, until we answer or turn it away."""

from collections.abc import Mapping

from softphone.sandbox.legs import HungUp, RingRequest
from softphone.sandbox.sip import dialogs
from softphone.sandbox.sip.leg import SipLeg, Surroundings
from softphone.sandbox.sip.line import Line
from softphone.sandbox.sip.message import Header, Request
from softphone.sandbox.sip.sdp import clean


class CallerLeg(SipLeg):
    """The leg of an INVITE that came in. `call_uuid` is told to the SDK in `X-CallUUID`."""

    def __init__(self, invite: Request, *, address: str, call_uuid: str, line: Line, around: Surroundings) -> None:
        super().__init__(call_id=invite.headers.get("Call-ID") or "", address=address, line=line, around=around)
        self.call_uuid = call_uuid
        self._invite = invite
        self._settled = False
        self._dialog = dialogs.dialog_of_caller(invite, tag=around.ids.uuid()[:8], contact=line.place.contact)
        self._respond(100)

    @property
    def offer(self) -> str | None:
        """The description in the INVITE."""
        return clean(self._invite.body) or None

    @property
    def headers(self) -> Mapping[str, str]:
        """The `X-PH-…` headers of the INVITE."""
        return {name: value for name, value in self._invite.headers if name.lower().startswith("x-ph-")}

    async def ring(self, request: RingRequest) -> None:
        """A calling party is not rung."""

    async def cancel(self, *, reason: str) -> None:
        """A calling party is not rung."""

    async def progress(self) -> None:
        """Say 180: the SDK's `onCallRemoteRinging`."""
        if not self._settled:
            self._respond(180)

    async def answer(self, sdp: str | None) -> None:
        """Say 200, with the other side's description or one that leads nowhere."""
        if not self._settled:
            self._settled = True
            answer = await self._answer_to(self._invite.body, sdp)
            self._respond(200, body=dialogs.sdp_body(answer))

    async def refuse(self, status: int, reason: str) -> None:
        """Turn the caller away with a SIP status of 400 or more."""
        if not self._settled:
            self._settled = True
            self._respond(status, extra=[("Reason", f'SIP;cause={status};text="{reason}"')])
            self._finish()

    def receive_request(self, request: Request) -> None:
        """Take CANCEL, an early BYE, or what comes later in the dialog."""
        if request.method == "CANCEL" or (request.method == "BYE" and not self._settled):
            self._reply(request, 200)
            if not self._settled:
                self._settled = True
                self._respond(487)
                self._tell_over(HungUp())
            return
        super().receive_request(request)

    def _respond(self, status: int, *, extra: list[Header] | None = None, body: dialogs.Body | None = None) -> None:
        self._reply(self._invite, status, extra=[("X-CallUUID", self.call_uuid), *(extra or [])], body=body)
