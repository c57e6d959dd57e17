"""A pretend Plivo at the wire, for tests: it remembers what it was asked and fails as it is told to."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
import jwt

from softphone.domain.ids import AuthId
from softphone.domain.secret import Secret
from softphone.plivo.transport import Credentials

AUTH_ID = "MAXXXXXXXXXXXXXXXXXX"
AUTH_TOKEN = "MAIN0auth1token2main3auth4token5main6aaa"
SOUND = b"ID3" + bytes(range(256)) * 8
"""What every recording holds."""
PLIVOS_KEY = "a key that only Plivo has, 40 characters"
CREDENTIALS = Credentials(AuthId(AUTH_ID), Secret(AUTH_TOKEN))

DETAILS = frozenset({"sip_contact", "sip_user_agent", "sip_expires"})
Fault = Callable[[httpx2.Request], httpx2.Response]


@dataclass(slots=True)
class PretendPlivo:
    """The REST API of one account. `faults` are used up one per matching request, before or after it took effect."""

    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    account: dict[str, Any] = field(
        default_factory=lambda: {
            "name": "Helpline", "account_type": "standard", "billing_mode": "prepaid", "cash_credits": "4.88860"
        }
    )  # fmt: skip
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    faults: list[tuple[str, bool, Fault]] = field(default_factory=list)
    mint: Callable[[dict[str, Any]], str] | None = None
    on_mint: Callable[[], None] | None = None

    def transport(self) -> httpx2.MockTransport:
        """What to hand to the client."""
        return httpx2.MockTransport(self.handle)

    def fail(self, match: str, fault: Fault, *, times: int = 1, after: bool = False) -> None:
        """Answer the next requests that contain `match` (`POST /Endpoint/`) with a fault, with or without effect."""
        self.faults += [(match, after, fault)] * times

    def sign_in(
        self, endpoint_id: str, until: datetime, *, agent: str = "Z 5.6.4 v2.10", host: str = "10.0.0.7"
    ) -> None:
        """A device registers as an endpoint."""
        self.endpoints[endpoint_id] |= {
            "sip_registered": "true",
            "sip_contact": f"sip:x@{host}:57563;ob",
            "sip_user_agent": agent,
            "sip_expires": until.strftime("%Y-%m-%d %H:%M:%S"),
        }

    def sign_out(self, endpoint_id: str) -> None:
        """No device holds the endpoint."""
        one = self.endpoints[endpoint_id]
        kept = {name: value for name, value in one.items() if name not in DETAILS}
        self.endpoints[endpoint_id] = {**kept, "sip_registered": "false"}

    def count(self, match: str) -> int:
        """How many requests contained `match`."""
        return sum(match in f"{method} {path}" for method, path, _ in self.asked)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        path = request.url.path
        body = json.loads(request.content) if request.content else {}
        self.asked.append((request.method, path, body))
        fault = next((one for one in self.faults if one[0] in f"{request.method} {path}"), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault[1]:
                self._work(request, path, body)
            return fault[2](request)
        return self._work(request, path, body)

    def _work(self, request: httpx2.Request, path: str, body: dict[str, Any]) -> httpx2.Response:
        wanted = "Basic " + base64.b64encode(f"{AUTH_ID}:{AUTH_TOKEN}".encode()).decode()
        if request.headers["Authorization"] != wanted:
            return httpx2.Response(401, text="Could not verify your access level for that URL.")
        match [request.method, *path.removeprefix(f"/v1/Account/{AUTH_ID}/").strip("/").split("/")]:
            case ["GET", ""]:
                return httpx2.Response(200, json=self.account)
            case ["POST", "JWT", "Token"]:
                if self.on_mint is not None:
                    self.on_mint()
                return httpx2.Response(200, json={"api_id": "x", "token": (self.mint or minted)(body)})
            case ["GET", "Recording", name] if name.endswith(".mp3"):
                known = name.removesuffix(".mp3") in self.recordings
                return sound() if known else httpx2.Response(404)
            case ["GET", "Recording", recording_id]:
                return _item("GET", self.recordings.get(recording_id), {})
            case ["DELETE", "Recording", recording_id]:
                gone = self.recordings.pop(recording_id, None)
                return httpx2.Response(204 if gone else 404)
            case ["GET", "Application"]:
                prefix = request.url.params["app_name"]
                return _page(request, [a for a in self.applications.values() if a["app_name"].startswith(prefix)])
            case ["GET", "Endpoint"]:
                return _page(request, list(self.endpoints.values()))
            case ["GET", "Number"]:
                return _page(request, self.numbers)
            case ["POST", "Application"]:
                return self._create_application(body)
            case ["POST", "Endpoint"]:
                return self._create_endpoint(body)
            case [method, "Application", app_id]:
                return _item(method, self.applications.get(app_id), body)
            case ["DELETE", "Endpoint", endpoint_id]:
                gone = self.endpoints.pop(endpoint_id, None)
                return httpx2.Response(204 if gone else 404)
            case [method, "Endpoint", endpoint_id]:
                changes: dict[str, Any] = {name: body[name] for name in ("alias", "password") if name in body}
                if "app_id" in body:
                    changes["application"] = f"/v1/Account/{AUTH_ID}/Application/{body['app_id']}/"
                return _item(method, self.endpoints.get(endpoint_id), changes)
            case ["POST", "Call"]:
                self.calls.append(body)
                return httpx2.Response(201, json={"message": "call fired", "request_uuid": "9834029e-58b6"})
            case _:
                return httpx2.Response(404, json={})

    def _create_application(self, body: dict[str, Any]) -> httpx2.Response:
        app_id = str(20468599130939380 + len(self.applications))
        self.applications[app_id] = {"app_id": app_id, "enabled": True, **body}
        return httpx2.Response(201, json={"app_id": app_id, "message": "created"})

    def _create_endpoint(self, body: dict[str, Any]) -> httpx2.Response:
        endpoint_id = str(37371860103666 + len(self.endpoints))
        username = f"{body['username']}{131031145958 + len(self.endpoints)}"
        self.endpoints[endpoint_id] = {
            "endpoint_id": endpoint_id,
            "alias": body["alias"],
            "username": username,
            "password": body["password"],
            "sip_registered": "false",
            "application": f"/v1/Account/{AUTH_ID}/Application/{body['app_id']}/",
        }
        answer = {"username": username, "alias": body["alias"], "message": "created", "endpoint_id": endpoint_id}
        return httpx2.Response(201, json=answer)


def minted(body: Mapping[str, Any], **changes: Any) -> str:
    """A token as Plivo mints it (`wire.md` 1.3), with a key that we do not have."""
    claims = {"app": "", **{name: body[name] for name in ("exp", "iss", "nbf", "per", "sub")}, **changes}
    return jwt.encode(claims, PLIVOS_KEY, algorithm="HS256", headers={"cty": "plivo;v=1"})


def sound() -> httpx2.Response:
    """A recording, not read yet."""
    headers = {"Content-Type": "text/html", "Content-Length": str(len(SOUND))}
    return httpx2.Response(200, headers=headers, stream=httpx2.ByteStream(SOUND))


def lost(request: httpx2.Request) -> httpx2.Response:
    """The answer does not arrive."""
    raise httpx2.ReadTimeout("lost", request=request)


def status(code: int, **options: Any) -> Fault:
    """An answer with this status."""
    return lambda _request: httpx2.Response(code, **options)


def _page(request: httpx2.Request, found: list[dict[str, Any]]) -> httpx2.Response:
    offset, limit = int(request.url.params.get("offset", 0)), int(request.url.params["limit"])
    more = offset + limit < len(found)
    following = f"{request.url.path}?limit={limit}&offset={offset + limit}" if more else None
    meta = {"limit": limit, "offset": offset, "next": following, "previous": None, "total_count": len(found)}
    return httpx2.Response(200, json={"api_id": "x", "meta": meta, "objects": found[offset : offset + limit]})


def _item(method: str, found: dict[str, Any] | None, changes: dict[str, Any]) -> httpx2.Response:
    if found is None:
        return httpx2.Response(404, json={"error": "not found"})
    if method == "POST":
        found.update(changes)
        return httpx2.Response(202, json={"message": "changed"})
    return httpx2.Response(200, json={"api_id": "x", **found})
