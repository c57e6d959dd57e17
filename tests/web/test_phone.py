"""The phone's doors, from the page to Plivo's wire."""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from quart import Quart

from softphone.app import create_app
from softphone.domain.connections import TokenSource
from softphone.domain.ids import ConnectionId
from softphone.domain.volunteers import Dialling
from softphone.settings import Settings
from softphone.store.audit import select_audit
from softphone.store.connections import select_connection
from softphone.store.events import select_events_after
from softphone.web.deps import Deps
from tests import people
from tests.clock import Clock
from tests.conftest import MASTER_KEY, PATIENT, serving
from tests.connections import add_connection
from tests.plivo_wire import AUTH_ID, AUTH_TOKEN, PretendPlivo, lost, status
from tests.web.conftest import Browser, SignInAs, browser_of


@pytest.fixture
def plivo() -> PretendPlivo:
    """The pretend Plivo that the app asks."""
    return PretendPlivo()


@pytest.fixture
async def app(settings: Settings, clock: Clock, plivo: PretendPlivo) -> AsyncIterator[Quart]:
    """The whole product, open, with a pretend Plivo."""
    made = create_app(
        settings,
        clock=clock,
        chance=secrets.token_bytes,
        master_key=MASTER_KEY,
        transport=plivo.transport(),
        patience=PATIENT,
    )
    async with serving(made):
        yield made


async def connect(parts: Deps, **changes: Any) -> None:
    """Add the default connection."""
    await add_connection(parts.world.database, parts.world.keyring, **changes)


def claims_of(token: str) -> dict[str, Any]:
    """What a token says."""
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def a_report(device: str, state: str = "registered", **more: Any) -> dict[str, Any]:
    """What a page says about its registration."""
    return {"device_id": device, "state": state, "expires_in": 120, **more}


async def test_a_volunteer_gets_a_token_for_their_own_endpoint(parts: Deps, ana: Browser, plivo: PretendPlivo) -> None:
    """The first token makes the application and the endpoint; the second finds both."""
    await connect(parts)

    first = await (await ana.post("/api/webrtc-token")).get_json()
    second = await (await ana.post("/api/webrtc-token")).get_json()

    endpoint = next(iter(plivo.endpoints.values()))
    assert (first["identity"], second["identity"]) == (endpoint["username"], endpoint["username"])
    assert first["sip_uri"] == f"sip:{endpoint['username']}_{AUTH_ID}@phone.plivo.com"
    assert claims_of(first["token"])["sub"] == endpoint["username"]
    assert (first["ttl"], first["provider"]) == (570, "plivo")
    assert (plivo.count("POST /v1"), len(plivo.applications), len(plivo.endpoints)) == (2, 1, 1)


async def test_first_tokens_asked_for_at_once_share_one_endpoint(
    settings: Settings, clock: Clock, plivo: PretendPlivo
) -> None:
    """Two tabs, an impatient reload: one asks Plivo, the others take what it was given; no orphan is left there."""
    looked = asyncio.Semaphore(0)

    async def slow(request: httpx2.Request) -> httpx2.Response:
        """Makes no endpoint before all four others have looked for one in vain."""
        if request.url.path.endswith("/Endpoint/"):
            if request.method == "POST":
                for _ in range(4):
                    await looked.acquire()
            looked.release()
        return plivo.handle(request)

    made = create_app(
        settings,
        clock=clock,
        chance=secrets.token_bytes,
        master_key=MASTER_KEY,
        transport=httpx2.MockTransport(slow),
        patience=PATIENT,
    )
    async with serving(made):
        parts: Deps = made.extensions["softphone"]
        await connect(parts, application_id="20468599130939380")
        person = people.volunteer("ana")
        await people.add(parts.world.database, person)
        page = await browser_of(made, person)
        answers = await asyncio.gather(*(page.post("/api/webrtc-token") for _ in range(5)))

    assert [answer.status_code for answer in answers] == [200] * 5
    assert {(await answer.get_json())["identity"] for answer in answers} == {
        endpoint["username"] for endpoint in plivo.endpoints.values()
    }
    assert (len(plivo.endpoints), plivo.count("POST /v1/Account/" + AUTH_ID + "/Endpoint/")) == (1, 1)


async def test_an_endpoint_that_plivo_refused_is_made_at_the_next_attempt(
    parts: Deps, ana: Browser, plivo: PretendPlivo
) -> None:
    """The turn to make it is given back: nobody waits for a request that has failed."""
    await connect(parts)
    plivo.fail("POST /v1/Account/" + AUTH_ID + "/Endpoint/", status(400, json={"error": "no"}))

    first = await ana.post("/api/webrtc-token")
    second = await ana.post("/api/webrtc-token")

    assert (first.status_code, second.status_code, len(plivo.endpoints)) == (503, 200, 1)


@pytest.mark.tm("TM-T1")
async def test_without_any_one_condition_there_is_no_token(
    parts: Deps, visitor: Browser, ana: Browser, sign_in_as: SignInAs
) -> None:
    """No session, no CSRF token, no connection, off for me: each alone is enough."""
    assert (await visitor.post("/api/webrtc-token")).status_code == 401
    assert (await Browser(app=ana.app, session_id=ana.session_id).post("/api/webrtc-token")).status_code == 403
    assert (await ana.get("/api/webrtc-token")).status_code in {404, 405}
    answer = await ana.post("/api/webrtc-token")
    assert (answer.status_code, (await answer.get_json())["error"]["reason"]) == (403, "no_connection")

    await connect(parts)
    off = await (await sign_in_as("ben", webrtc_enabled=False)).post("/api/webrtc-token")
    inactive = await (await sign_in_as("cleo", active=False)).post("/api/webrtc-token")

    assert (off.status_code, (await off.get_json())["error"]["reason"]) == (403, "volunteer_off")
    assert inactive.status_code == 401


@pytest.mark.tm("TM-T2")
@pytest.mark.parametrize(
    "field",
    [
        "sub",
        "identity",
        "volunteer",
        "volunteer_id",
        "volunteerId",
        "endpoint",
        "endpoint_id",
        "username",
        "user",
        "iss",
    ],
)
async def test_nobody_gets_a_token_for_somebody_else(
    parts: Deps, ana: Browser, sign_in_as: SignInAs, field: str
) -> None:
    """Whoever is named in the body is refused, in the query or a header ignored."""
    await connect(parts)
    ben = await (await (await sign_in_as("ben")).post("/api/webrtc-token")).get_json()

    refused = await ana.post("/api/webrtc-token", {field: ben["identity"]})
    own = await (await ana.post(f"/api/webrtc-token?{field}={ben['identity']}")).get_json()

    assert refused.status_code == 400
    assert claims_of(own["token"])["sub"] == own["identity"] != ben["identity"]


@pytest.mark.tm("TM-T4")
@pytest.mark.parametrize("source", [TokenSource.LOCAL, TokenSource.PLIVO])
async def test_only_those_who_may_dial_get_a_token_that_dials(
    parts: Deps, sign_in_as: SignInAs, source: TokenSource
) -> None:
    """In both modes, one after the other."""
    await connect(parts, token_source=source, settled_source=source)
    dialler = await sign_in_as("ben", dialling=Dialling.NUMBERS)
    listener = await sign_in_as("cleo", dialling=Dialling.NOBODY)

    first = await (await dialler.post("/api/webrtc-token")).get_json()
    second = await (await listener.post("/api/webrtc-token")).get_json()

    voices = [claims_of(answer["token"])["per"]["voice"] for answer in (first, second)]
    assert [voice["outgoing_allow"] for voice in voices] == [True, False]
    assert [voice["incoming_allow"] for voice in voices] == [True, True]


@pytest.mark.tm("TM-T3")
async def test_a_token_is_short_lived_and_never_kept(parts: Deps, ana: Browser) -> None:
    """Ten minutes, not in a cache, and not in the audit log or an event."""
    await connect(parts)

    answer = await ana.post("/api/webrtc-token")

    token = (await answer.get_json())["token"]
    assert claims_of(token)["exp"] - claims_of(token)["nbf"] == 600
    assert answer.headers["Cache-Control"] == "no-store"
    rows = await parts.world.database.read(lambda db: select_audit(db, limit=50, offset=0))
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=50))
    assert "token.issued" in {row.action for row in rows}
    assert token not in repr((rows, events))


async def test_six_tokens_a_minute_are_enough(parts: Deps, ana: Browser, clock: Clock) -> None:
    """The seventh is told when to come back."""
    await connect(parts)

    codes = [(await ana.post("/api/webrtc-token")).status_code for _ in range(7)]
    clock.forward(seconds=61)

    assert codes == [200] * 6 + [429]
    assert (await ana.post("/api/webrtc-token")).status_code == 200


async def test_an_answer_lost_on_the_way_is_found_by_the_alias(parts: Deps, ana: Browser, plivo: PretendPlivo) -> None:
    """The endpoint was made, the answer got lost: it is adopted, not made twice."""
    await connect(parts)
    plivo.fail("/Endpoint/", lost, after=True)

    answer = await (await ana.post("/api/webrtc-token")).get_json()

    assert (len(plivo.endpoints), plivo.count(f"POST /v1/Account/{AUTH_ID}/Endpoint/")) == (1, 1)
    assert answer["identity"] == next(iter(plivo.endpoints.values()))["username"]


async def test_an_attempt_that_failed_is_taken_up_again(parts: Deps, ana: Browser, plivo: PretendPlivo) -> None:
    """Refused the first time, made the second, with the same alias."""
    await connect(parts)
    plivo.fail(f"POST /v1/Account/{AUTH_ID}/Endpoint/", status(400, json={"error": {"username": ["odd"]}}))

    failed = await ana.post("/api/webrtc-token")
    worked = await ana.post("/api/webrtc-token")

    assert (failed.status_code, worked.status_code) == (503, 200)
    aliases = {body["alias"] for method, path, body in plivo.asked if "Endpoint" in path and method == "POST"}
    assert len(aliases) == 1


@pytest.mark.parametrize(
    ("reason", "minted"),
    [
        ("INVALID_ACCESS_TOKEN_SIGNATURE", True),
        ("RELOGIN_FAILED_INVALID_TOKEN", True),
        ("ACCESS_TOKEN_EXPIRED", False),
        ("MAX_ALLOWED_LOGIN_REACHED", False),
        ("Connection Error", False),
    ],
)
async def test_a_refused_local_token_settles_on_plivos_own(
    parts: Deps, ana: Browser, plivo: PretendPlivo, reason: str, minted: bool
) -> None:
    """Only a refusal of the token itself moves `auto`, once Plivo has minted; then it stays there, and says so."""
    await connect(parts, token_source=TokenSource.AUTO)
    await ana.post("/api/webrtc-token")

    await ana.post("/api/webrtc-token", {"after_refusal": reason})
    await ana.post("/api/webrtc-token")

    found = await parts.world.database.read(
        lambda db: select_connection(db, ConnectionId("main"), keyring=parts.world.keyring)
    )
    rows = await parts.world.database.read(lambda db: select_audit(db, limit=50, offset=0))
    assert found is not None
    assert found.settled_source is (TokenSource.PLIVO if minted else TokenSource.LOCAL)
    assert plivo.count("JWT") == (2 if minted else 0)
    assert ("connection.token_source_settled" in {row.action for row in rows}) is minted


@pytest.mark.tm("TM-T6")
async def test_a_mint_that_fails_settles_nothing(parts: Deps, ana: Browser, plivo: PretendPlivo) -> None:
    """A hostile token reaches nobody, and `auto` stays where it was."""
    await connect(parts, token_source=TokenSource.AUTO)
    plivo.mint = lambda _body: "<html>"

    answer = await ana.post("/api/webrtc-token", {"after_refusal": "INVALID_ACCESS_TOKEN_SIGNATURE"})

    found = await parts.world.database.read(
        lambda db: select_connection(db, ConnectionId("main"), keyring=parts.world.keyring)
    )
    assert (answer.status_code, (await answer.get_json())["error"]["code"]) == (503, "plivo_unavailable")
    assert found is not None
    assert found.settled_source is TokenSource.LOCAL


@pytest.mark.tm("TM-T8")
async def test_off_means_off_at_once(parts: Deps, ana: Browser, admin: Browser) -> None:
    """After the confirmation: no token, a status that says why, and an event to the open page."""
    await connect(parts)

    switched = await admin.put("/api/admin/connections/main/webrtc", {"enabled": False})

    assert switched.status_code == 200
    assert (await ana.post("/api/webrtc-token")).status_code == 403
    said = await (await ana.get("/api/webrtc-status")).get_json()
    assert (said["available"], said["reason"], said["provider"]) == (False, "connection_off", "plivo")
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=50))
    told = [event for event in events if event.kind == "webrtc" and event.audience == "volunteer:v-ana"]
    assert [event.body["available"] for event in told] == [False]


@pytest.mark.tm("TM-T9")
async def test_the_newest_device_rings_and_the_other_is_told(parts: Deps, ana: Browser, clock: Clock) -> None:
    """B displaces A: an event names B, and a refresh of A answers that it is not current."""
    await connect(parts)
    await ana.post("/api/webrtc-token")
    await ana.post("/api/registrations", a_report("device-a"))
    clock.forward(seconds=1)

    second = await (await ana.post("/api/registrations", a_report("device-b"))).get_json()
    refreshed = await (await ana.post("/api/registrations", a_report("device-a", "refreshed"))).get_json()

    assert (second["current"], second["generation"]) == (True, 2)
    assert (refreshed["current"], refreshed["current_device"]["id"]) == (False, "device-b")
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=50))
    displaced = [event.body for event in events if event.kind == "displaced"]
    assert displaced[-1] == {
        "device": {"id": "device-b", "label": "Unknown device"},
        "since": "2026-11-20T12:00:01.000Z",
        "generation": 2,
    }


@pytest.mark.tm("TM-T9")
async def test_two_devices_cannot_fight_on(parts: Deps, ana: Browser, clock: Clock) -> None:
    """Within a minute each takes the line twice at most; then the one that has it keeps it, and may still reconnect."""
    await connect(parts)
    await ana.post("/api/webrtc-token")
    codes = []
    for turn in range(6):
        clock.forward(seconds=5)
        device = "device-a" if turn % 2 == 0 else "device-b"
        codes.append((await ana.post("/api/registrations", a_report(device))).status_code)

    assert codes == [200, 200, 200, 200, 429, 200]


@pytest.mark.parametrize(
    "body",
    [
        a_report("short"),
        a_report("device a1"),
        a_report("device-a", "flying"),
        {**a_report("device-a"), "expires_in": 0},
        {**a_report("device-a"), "expires_in": 86_401},
        {**a_report("device-a"), "volunteer_id": "v-ben"},
        {"device_id": "device-a"},
    ],
)
async def test_an_odd_report_is_refused(parts: Deps, ana: Browser, body: dict[str, Any]) -> None:
    """Shapes, limits and names nobody asked for."""
    await connect(parts)

    assert (await ana.post("/api/registrations", body)).status_code == 400


async def test_administrators_see_devices_and_their_history(
    parts: Deps, ana: Browser, admin: Browser, clock: Clock
) -> None:
    """The newest of each endpoint, and how each ended."""
    await connect(parts)
    await ana.post("/api/webrtc-token")
    await ana.post("/api/registrations", a_report("device-a"))
    clock.forward(seconds=1)
    await ana.post("/api/registrations", a_report("device-b"))

    table = await (await admin.get("/api/admin/devices")).get_json()
    endpoint = table["items"][0]["endpoint"]["id"]
    history = await (await admin.get(f"/api/admin/endpoints/{endpoint}/registrations")).get_json()

    assert [(item["device"]["id"], item["reachable"]) for item in table["items"]] == [("device-b", True)]
    assert [item["end_reason"] for item in history["items"]] == [None, "displaced"]
    assert [item["reachable"] for item in history["items"]] == [True, False]
    assert (await ana.get("/api/admin/devices")).status_code == 403


@pytest.mark.tm("TM-D4")
async def test_an_auth_token_is_written_and_never_read(
    parts: Deps, ana: Browser, admin: Browser, plivo: PretendPlivo
) -> None:
    """Planted through the door, it is in no answer and no event afterwards; the last four characters are."""
    body = {
        "name": "Main",
        "auth_id": AUTH_ID,
        "auth_token": AUTH_TOKEN,
        "country": "US",
        "numbers": ["+1 415 555 0100"],
    }
    made = await admin.post("/api/admin/connections", body)
    prepared = await admin.post("/api/admin/connections/main/prepare")
    await ana.post("/api/webrtc-token")

    paths = [
        rule.rule for rule in admin.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "<" not in rule.rule
    ]
    pages = [await (await admin.get(path)).get_data(as_text=False) for path in paths if path != "/api/events"]
    events = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=99))
    rows = await parts.world.database.read(lambda db: select_audit(db, limit=99, offset=0))

    told = b"".join(
        [
            *pages,
            await made.get_data(as_text=False),
            await prepared.get_data(as_text=False),
            repr((events, rows)).encode(),
        ]
    )
    assert (made.status_code, prepared.status_code) == (201, 200)
    assert AUTH_TOKEN.encode() not in told
    assert (await made.get_json())["auth_token_last4"] == AUTH_TOKEN[-4:]
    assert {"number_missing", "public_url_local"} <= {one["code"] for one in (await prepared.get_json())["problems"]}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"auth_id": "ana@example.org"}, "auth_id_is_email", "auth_id"),
        ({"auth_id": "MA123"}, "auth_id_shape", "auth_id"),
        ({"auth_token": "short"}, "auth_token_shape", "auth_token"),
        ({"auth_token": AUTH_ID}, "auth_token_shape", "auth_token"),
        ({"country": "ZZ"}, "country", "country"),
        ({"numbers": ["0100"]}, "number_not_understood", "numbers"),
        ({"caller_id": "+4930123456"}, "caller_id_not_ours", "caller_id"),
    ],
)
async def test_the_common_mistakes_are_explained(admin: Browser, change: dict[str, Any], code: str, field: str) -> None:
    """The field and the code name the mistake."""
    good = {"name": "Main", "auth_id": AUTH_ID, "auth_token": AUTH_TOKEN, "country": "US", "numbers": ["+14155550100"]}

    answer = await admin.post("/api/admin/connections", {**good, **change})

    error = (await answer.get_json())["error"]
    assert (answer.status_code, error["code"], error["field"]) == (400, code, field)
    assert AUTH_TOKEN not in json.dumps(error)


async def test_credentials_need_the_password_again(parts: Deps, admin: Browser, clock: Clock) -> None:
    """Ten minutes after it was given; a name may be changed without."""
    await connect(parts)
    clock.forward(minutes=11)
    again = await browser_of(admin.app, admin.person) if admin.person else admin
    clock.forward(minutes=11)

    token = await again.patch("/api/admin/connections/main", {"auth_token": AUTH_TOKEN})
    name = await again.patch("/api/admin/connections/main", {"name": "Other"})

    assert (token.status_code, (await token.get_json())["error"]["code"]) == (403, "step_up_required")
    assert (name.status_code, (await name.get_json())["name"]) == (200, "Other")


async def test_prepare_adopts_and_corrects_an_application(parts: Deps, admin: Browser, plivo: PretendPlivo) -> None:
    """Found by its name, pointed at us, remembered; the second time nothing is left to do."""
    await connect(parts)
    plivo.applications["111111111"] = {
        "app_id": "111111111", "app_name": "softphone-main", "answer_url": "https://old/", "answer_method": "GET",
        "default_endpoint_app": True, "enabled": True,
    }  # fmt: skip
    plivo.applications["222222222"] = {"app_id": "222222222", "app_name": "softphone-main-2"}

    first = await (await admin.post("/api/admin/connections/main/prepare")).get_json()
    second = await (await admin.post("/api/admin/connections/main/prepare")).get_json()

    kept = plivo.applications["111111111"]
    assert first["application"] == {"id": "111111111", "name": "softphone-main", "created": False, "changed": True}
    assert second["application"]["changed"] is False
    assert kept["answer_url"].endswith("/telephony/main/outgoing#ct=2000&rt=8000&tt=20000&rc=2&rp=ct,rt,5xx")
    assert (kept["answer_method"], kept["default_endpoint_app"]) == ("POST", True)
