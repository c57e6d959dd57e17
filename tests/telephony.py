"""Plivo's side of a callback for tests: it signs what it sends, as the real one does."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

from quart import Quart, Response

from softphone.domain.connections import Connection, TokenSource
from softphone.domain.endpoints import Endpoint, EndpointKind
from softphone.domain.ids import (
    AuthId,
    ConnectionId,
    DeviceId,
    EndpointId,
    EndpointUsername,
    PhoneNumber,
    RegistrationId,
)
from softphone.domain.registration import Registration
from softphone.domain.secret import Secret
from softphone.domain.volunteers import Volunteer
from softphone.store.connections import insert_connection
from softphone.store.database import Connection as Db
from softphone.store.endpoints import insert_endpoint, update_generation
from softphone.store.registrations import insert_registration
from softphone.store.sealing import Keyring
from softphone.store.volunteers import insert_volunteer
from tests.clock import NOON

AUTH_ID = AuthId("MAXXXXXXXXXXXXXXXXXX")
AUTH_TOKEN = "MAIN0auth1token2main3auth4token5main6aaa"
OWN_NUMBER = PhoneNumber("14155550100")
PUBLIC_URL = "http://127.0.0.1:8000"
AGAIN = "#ct=2000&rt=8000&tt=20000&rc=2&rp=ct,rt,5xx"
"""What stands behind every address that Plivo is given: how it asks again. It is not sent (`wire.md` 4.7)."""


def connection(name: str = "main", **changes: object) -> Connection:
    """An account in the United States with one number."""
    values: dict[str, object] = {
        "id": ConnectionId(name),
        "name": name.capitalize(),
        "is_default": name == "main",
        "auth_id": AUTH_ID,
        "auth_token": Secret(AUTH_TOKEN),
        "previous_auth_token": None,
        "previous_until": None,
        "main_auth_id": None,
        "main_auth_token": None,
        "country": "US",
        "token_source": TokenSource.AUTO,
        "settled_source": TokenSource.LOCAL,
        "token_lifetime_seconds": 600,
        "application_id": None,
        "webrtc_enabled": True,
        "allowed_countries": ("US",),
        "numbers": (OWN_NUMBER,),
        "caller_id": OWN_NUMBER,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Connection(**{**values, **changes})  # type: ignore[arg-type]  # each value is its field's


def username(volunteer: Volunteer) -> EndpointUsername:
    """The SIP user name that Plivo made for a volunteer's endpoint."""
    return EndpointUsername(f"{volunteer.login}140703093944")


async def add_endpoint(
    db: Db, volunteer: Volunteer, *, keyring: Keyring, connection_id: str = "main", until: datetime | None = None
) -> None:
    """Give a volunteer an endpoint, registered until then."""
    endpoint_id = EndpointId(f"e-{volunteer.login}-{connection_id}")
    endpoint = Endpoint(
        id=endpoint_id,
        connection_id=ConnectionId(connection_id),
        volunteer_id=volunteer.id,
        kind=EndpointKind.BROWSER,
        alias=endpoint_id.replace("-", ""),
        username=username(volunteer),
        plivo_id=f"p{volunteer.login}",
        created_at=NOON,
    )
    await insert_endpoint(db, endpoint, password=Secret("p" * 32), keyring=keyring)
    if until is None:
        return
    registration = Registration(
        id=RegistrationId(f"r-{endpoint_id}"),
        endpoint_id=endpoint_id,
        generation=await update_generation(db, endpoint_id),
        device_id=DeviceId("device-1"),
        device_label="Firefox, Linux",
        user_agent="test",
        registered_at=NOON,
        refreshed_at=NOON,
        expires_at=until,
        ended_at=None,
        end_reason=None,
    )
    await insert_registration(db, registration)


async def set_up(db: Db, people: list[Volunteer], *, keyring: Keyring, until: datetime, to: Connection) -> None:
    """A connection, and volunteers whose phones are on."""
    await insert_connection(db, to, keyring=keyring)
    for person in people:
        await insert_volunteer(db, person)
        await add_endpoint(db, person, keyring=keyring, connection_id=to.id, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Plivo, calling our URLs about calls of one account."""

    app: Quart
    token: str = AUTH_TOKEN
    auth_id: str = AUTH_ID
    nonces: Iterator[int] = field(default_factory=lambda: count(31627761595286130198))

    async def ask(
        self,
        path: str,
        fields: dict[str, str],
        *,
        nonce: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """POST a callback, signed."""
        body = urlencode(sorted(fields.items()))
        nonce = nonce or str(next(self.nonces))
        given = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Plivo-Signature-V3-Nonce": nonce,
            "X-Plivo-Signature-V3": self.signature(path, fields, nonce),
            **(headers or {}),
        }
        client = self.app.test_client(use_cookies=False)
        return await client.post(path, data=body, headers={n: v for n, v in given.items() if v != "(none)"})

    def signature(self, path: str, fields: dict[str, str], nonce: str) -> str:
        """Rule R for a POST, written out a second time. A query comes sorted already."""
        text = PUBLIC_URL + path + ("." if "?" in path and fields else "?" if fields else "")
        text += "".join(name + value for name, value in sorted(fields.items())) + "." + nonce
        return base64.b64encode(hmac.new(self.token.encode(), text.encode(), hashlib.sha256).digest()).decode()

    async def dial(self, caller: Volunteer, to: str, *, call: str = "call-0001", **more: str) -> Response:
        """An endpoint dials."""
        return await self.ask("/telephony/main/outgoing", self.outgoing(caller, to, call=call, **more))

    def outgoing(self, caller: Volunteer, to: str, *, call: str = "call-0001", **more: str) -> dict[str, str]:
        """What Plivo says when an endpoint dials (`wire.md` 4.3 b)."""
        return {
            "CallUUID": call,
            "From": f"sip:{username(caller)}_{self.auth_id}@phone.plivo.com",
            "To": to,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "Event": "StartApp",
            "ParentAuthID": self.auth_id,
            "SessionStart": "2026-11-20 11:59:58.123456",
            "BillRate": "0.003",
            **more,
        }

    async def call_in(
        self, number: str = "14155550123", *, call: str = "call-0001", to: str = OWN_NUMBER, **more: str
    ) -> Response:
        """Somebody outside calls a number of ours (`wire.md` 4.3 a)."""
        return await self.ask("/telephony/main/incoming", self.incoming(number, call=call, to=to, **more))

    async def next(self, step: int, *, call: str = "call-0001", number: str = "14155550123", **more: str) -> Response:
        """A step of a caller's call is over."""
        fields = self.incoming(number, call=call, **{"CallStatus": "in-progress", "Event": "Redirect", **more})
        return await self.ask(f"/telephony/main/incoming/next?step={step}", fields)

    async def leg(
        self, step: int, volunteer: Volunteer, action: str, *, call: str = "call-0001", leg: str = "", **more: str
    ) -> Response:
        """News of a volunteer's leg (`wire.md` 3.5)."""
        fields = {
            "CallUUID": call,
            "DialAction": action,
            "DialALegUUID": call,
            "DialBLegUUID": leg or f"leg-{volunteer.login}-{step}",
            "DialBLegTo": f"sip:{username(volunteer)}_{self.auth_id}@phone.plivo.com",
            **more,
        }
        return await self.ask(f"/telephony/main/incoming/legs?step={step}", fields)

    async def hang_up(self, *, call: str = "call-0001", **more: str) -> Response:
        """The call has ended."""
        end = {"CallUUID": call, "CallStatus": "completed", "Event": "Hangup", "Duration": "12", **more}
        return await self.ask("/telephony/main/status", end)

    def incoming(self, number: str, *, call: str = "call-0001", to: str = OWN_NUMBER, **more: str) -> dict[str, str]:
        """What Plivo says when a number is called."""
        return {
            "CallUUID": call,
            "From": number,
            "To": to,
            "CallStatus": "ringing",
            "Direction": "inbound",
            "Event": "StartApp",
            "ParentAuthID": self.auth_id,
            "SessionStart": "2026-11-20 11:59:58.123456",
            "BillRate": "0.0085",
            "STIRVerification": "Verified",
            **more,
        }
