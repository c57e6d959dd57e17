"""The SIP side as one thing: text in from sockets, replies and calls out. It opens no socket itself."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from softphone.sandbox.accounts import Account, Registered
from softphone.sandbox.ids import Ids
from softphone.sandbox.legs import Arrival
from softphone.sandbox.sip import dialogs
from softphone.sandbox.sip.address import read_uri
from softphone.sandbox.sip.callee import DOMAIN, CalleeLeg
from softphone.sandbox.sip.caller import CallerLeg
from softphone.sandbox.sip.leg import SipLeg, Surroundings, speaking_time
from softphone.sandbox.sip.line import GRACE, Line, Wire
from softphone.sandbox.sip.message import Header, MessageError, Request, Response, read_message, render_message
from softphone.sandbox.sip.registrar import Caller, Registrar, Registration, device_of

SDP = "application/sdp"
ACCEPT: Header = ("Accept", f"{SDP}, application/dtmf-relay, application/dtmf")

Arrive = Callable[[Arrival], None]


class FromShape(StrEnum):
    """How `From` names a browser that signed in with a token. Plivo does not document it (`wire.md` 4.3).

    `full`: `sip:{sub}_{auth_id}@phone.plivo.com`, which is its address. `bare`: without the Auth ID.
    """

    FULL = "full"
    BARE = "bare"


class SipService:
    """Registers devices, answers their keep-alives, and makes legs of their calls."""

    def __init__(
        self,
        *,
        account: Account,
        registrar: Registrar,
        arrive: Arrive,
        ids: Ids,
        clock: Callable[[], datetime],
        speaking_time: Callable[[str], float] = speaking_time,
        grace: float = GRACE,
        host: str = "127.0.0.1",
    ) -> None:
        self.from_shape = FromShape.FULL
        self._account = account
        self._registrar = registrar
        self._arrive = arrive
        self._ids = ids
        self._clock = clock
        self._grace = grace
        self._around = Surroundings(ids=ids, speaking_time=speaking_time, forget=self._forget, host=host)
        self._lines: dict[str, Line] = {}
        self._legs: dict[str, SipLeg] = {}
        self._wires: list[Wire] = []

    def user(self, sip_user: str) -> CalleeLeg | None:
        """A leg to ring the device that registered last as this SIP user; None when none may be rung."""
        found = self._registrar.find(sip_user, now=self._clock())
        if found is None or (found.token is not None and not found.token.incoming):
            return None
        leg = CalleeLeg(user=sip_user, contact=found.contact, line=self._line(found.device), around=self._around)
        self._legs[leg.call_id] = leg
        return leg

    def registered(self, sip_user: str) -> Registered | None:
        """What REST tells about a SIP user's registration."""
        found = self._registrar.find(sip_user, now=self._clock())
        if found is None:
            return None
        return Registered(contact=found.contact, expires_at=found.expires_at, user_agent=found.user_agent)

    def registrations(self) -> tuple[Registration, ...]:
        """Every registration that holds now."""
        return self._registrar.all(now=self._clock())

    def expire(self, sip_user: str) -> bool:
        """Forget a user's registration. False when there is none."""
        return self._registrar.expire(sip_user)

    def cut(self, sip_user: str | None = None) -> int:
        """Close the socket of a SIP user's device, or every socket. How many were closed; datagrams have none."""
        if sip_user is None:
            wires = tuple(self._wires)
            for wire in wires:
                wire.cut()
            return len(wires)
        found = self._registrar.find(sip_user, now=self._clock())
        line = self._lines.get(found.device) if found is not None else None
        if line is None or not line.open or line.place.transport == "UDP":
            return 0
        line.cut()
        return 1

    def opened(self, wire: Wire) -> None:
        """A socket has been opened."""
        self._wires.append(wire)

    def closed(self, wire: Wire) -> None:
        """A socket has closed."""
        if wire in self._wires:
            self._wires.remove(wire)
        for line in tuple(self._lines.values()):
            line.detach(wire)
            if line.idle:
                del self._lines[line.device]

    def received(self, wire: Wire, text: str) -> None:
        """Take what came in on a socket. What is not SIP is dropped, as a SIP server does."""
        try:
            message = read_message(text)
        except MessageError:
            return
        self.take(wire, message)

    def unacknowledged(self, call_id: str) -> None:
        """A device has not confirmed our answer in time."""
        leg = self._legs.get(call_id)
        if leg is not None:
            leg.unacknowledged()

    def take(self, wire: Wire, message: Request | Response) -> None:
        """Take a message that came in."""
        call_id = message.headers.get("Call-ID") or ""
        leg = self._legs.get(call_id)
        if leg is not None and not leg.line.open:
            # The device is back, and goes on with its call before it has registered again.
            leg.line.attach(wire)
        if isinstance(message, Response):
            if leg is not None:
                leg.receive_response(message)
        elif leg is not None and message.method not in ("REGISTER", "OPTIONS", "MESSAGE"):
            leg.receive_request(message)
        else:
            self._take(wire, message)

    def _take(self, wire: Wire, request: Request) -> None:
        match request.method:
            case "REGISTER":
                self._register(wire, request)
            case "INVITE" if dialogs.tag_of(request.headers.get("To")) is None:
                self._invite(wire, request)
            case "OPTIONS":
                # 404 is the healthy answer: the SDK takes any other for a lost connection (`sdk-on-the-wire.md`).
                # Telephones ask what can be done here (RFC 3261 11.2).
                browser = wire.place.transport == "WS"
                self._reply(wire, dialogs.reply(request, 404 if browser else 200, tag=self._tag(), headers=[ACCEPT]))
            case "MESSAGE":
                body = dialogs.Body("text/plain", "127.0.0.1") if request.body == "ipAddress" else None
                self._reply(wire, dialogs.reply(request, 200, tag=self._tag(), body=body))
            case "ACK":
                return
            case "INVITE" | "BYE" | "CANCEL" | "INFO" | "UPDATE":
                self._reply(wire, dialogs.reply(request, 481, tag=self._tag()))
            case _:
                self._reply(wire, dialogs.reply(request, 405, tag=self._tag()))

    def _register(self, wire: Wire, request: Request) -> None:
        response = self._registrar.register(request, tag=self._tag(), now=self._clock(), peer=wire.place.peer)
        self._reply(wire, response)
        contact = dialogs.contact_of(request)
        if response.status == 200 and contact is not None:
            self._prune()
            self._line(device_of(contact)).attach(wire)

    def _invite(self, wire: Wire, request: Request) -> None:
        caller = self._registrar.admit(request, tag=self._tag(), now=self._clock(), peer=wire.place.peer)
        if isinstance(caller, Response):
            self._reply(wire, caller)
            return
        contact = dialogs.contact_of(request)
        if contact is None or not request.body:
            self._reply(wire, dialogs.reply(request, 400 if contact is None else 488, tag=self._tag()))
            return
        if (request.headers.get("Content-Type") or SDP).partition(";")[0].strip().lower() != SDP:
            self._reply(wire, dialogs.reply(request, 415, tag=self._tag(), headers=[ACCEPT]))
            return
        line = self._line(device_of(contact))
        line.attach(wire)
        self._begin(request, caller, line)

    def _begin(self, request: Request, caller: Caller, line: Line) -> None:
        leg = CallerLeg(
            request,
            address=f"sip:{self._name(caller.user)}@{DOMAIN}",
            call_uuid=self._ids.uuid(),
            line=line,
            around=self._around,
        )
        self._legs[leg.call_id] = leg
        application = self._account.application_for_sip_user(caller.user, token_app=caller.token_app)
        self._arrive(
            Arrival(
                leg=leg,
                dialled=dialled(request.uri, here=line.place.sent_by),
                caller_name=caller.display,
                app_id=application.app_id if application is not None else None,
                call_uuid=leg.call_uuid,
            )
        )

    def _name(self, user: str) -> str:
        return user.removesuffix(f"_{self._account.auth_id}") if self.from_shape is FromShape.BARE else user

    def _line(self, device: str) -> Line:
        line = self._lines.get(device)
        if line is None:
            line = self._lines[device] = Line(device, grace=self._grace)
        return line

    def _prune(self) -> None:
        """Forget the lines of telephones that have gone: datagrams have no end of their own."""
        rung = {one.device for one in self._registrar.all(now=self._clock())}
        for line in tuple(self._lines.values()):
            if line.place.transport == "UDP" and line.unused and line.device not in rung:
                del self._lines[line.device]

    def _forget(self, call_id: str) -> None:
        self._legs.pop(call_id, None)

    def _reply(self, wire: Wire, response: Response) -> None:
        wire.send(render_message(response))

    def _tag(self) -> str:
        return self._ids.uuid()[:8]


def dialled(uri: str, *, here: str = DOMAIN) -> str:
    """What `To` shows of a dialled URI: at Plivo's own domain the bare name, elsewhere the whole (`wire.md` 4.3).

    A telephone that knows the sandbox by its address, `here`, means Plivo's domain.
    """
    if uri.lower().startswith("tel:"):
        # RFC 3966 5.1.1: dashes, dots and brackets are for the eye.
        return re.sub(r"[-.()\s]", "", uri[4:].partition(";")[0])
    found = read_uri(uri)
    if found is None:
        return uri
    return found.user if found.host in (DOMAIN, here.lower()) and found.user else str(found)
