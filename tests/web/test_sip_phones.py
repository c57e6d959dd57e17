"""The doors to SIP phones: one's own, everybody's, the link that reveals once, the test call."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from quart import Quart

from softphone.app import create_app
from softphone.domain.volunteers import Dialling, Role
from softphone.settings import Settings
from softphone.store.connections import update_connection
from softphone.store.events import select_events_after
from softphone.web.deps import Deps
from tests.clock import Clock
from tests.conftest import MASTER_KEY, PATIENT, serving
from tests.connections import add_connection, connection
from tests.plivo_wire import AUTH_ID, PretendPlivo, lost, status
from tests.telephony import Caller
from tests.web.conftest import Browser, SignInAs, browser_of

APP = "20468599130939380"
ENDPOINT = f"POST /v1/Account/{AUTH_ID}/Endpoint/"


@pytest.fixture
def plivo() -> PretendPlivo:
    """The pretend Plivo that the app asks."""
    return PretendPlivo()


@pytest.fixture
async def app(settings: Settings, clock: Clock, plivo: PretendPlivo) -> AsyncIterator[Quart]:
    """The whole product, open, with a pretend Plivo and its account."""
    made = create_app(
        settings,
        clock=clock,
        chance=secrets.token_bytes,
        master_key=MASTER_KEY,
        transport=plivo.transport(),
        patience=PATIENT,
    )
    async with serving(made):
        world = made.extensions["softphone"].world
        await add_connection(world.database, world.keyring, application_id=APP)
        yield made


async def new_phone(ana: Browser, label: str = "Desk phone") -> dict[str, Any]:
    """A phone of one's own."""
    response = await ana.post("/api/phones", {"label": label})
    assert response.status_code == 201
    found: dict[str, Any] = await response.get_json()
    return found


async def new_link(browser: Browser, phone: str, at: str = "/api/phones") -> str:
    """The secret of a new link."""
    response = await browser.post(f"{at}/{phone}/link", {})
    assert response.status_code == 201
    return str((await response.get_json())["link"]).partition("#")[2]


async def reveal(visitor: Browser, link: str) -> tuple[int, dict[str, Any]]:
    """Press the button."""
    response = await visitor.post("/api/phone-link", {"link": link})
    return response.status_code, await response.get_json()


async def rows(parts: Deps, sql: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    return [tuple(row) for row in await parts.world.database.read(lambda db: db.fetch_all(sql))]


async def test_a_volunteer_keeps_their_own_phones(ana: Browser, plivo: PretendPlivo, sign_in_as: SignInAs) -> None:
    """From the first to the last; nobody else sees or touches them, and no answer has a password."""
    phone = await new_phone(ana)
    changed = await (
        await ana.patch(f"/api/phones/{phone['id']}", {"label": "Kitchen", "send_digits": "w9"})
    ).get_json()
    ben = await sign_in_as("ben")
    others = [
        (await ben.patch(f"/api/phones/{phone['id']}", {"label": "Mine"})).status_code,
        (await ben.post(f"/api/phones/{phone['id']}/link", {})).status_code,
        (await ben.post(f"/api/phones/{phone['id']}/ring-me", {})).status_code,
        (await ben.delete(f"/api/phones/{phone['id']}")).status_code,
    ]
    listed = await (await ana.get("/api/phones")).get_json()
    bens = await (await ben.get("/api/phones")).get_json()
    (made,) = plivo.endpoints.values()
    gone = await (await ana.delete(f"/api/phones/{phone['id']}")).get_json()

    assert (phone["state"], phone["username"], phone["registration"]["state"]) == ("ready", made["username"], "unknown")
    assert (changed["label"], changed["send_digits"]) == ("Kitchen", "w9")
    assert others == [404, 404, 404, 404]
    assert [one["label"] for one in listed["items"]] == ["Kitchen"]
    assert bens["items"] == []
    assert made["password"] not in str((phone, changed, listed))
    assert gone == {"removed": True}
    assert plivo.endpoints == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 41}, "label"),
        ({}, "label"),
        ({"label": "a", "volunteer_id": "v"}, "volunteer_id"),
    ],
)
async def test_a_phone_that_cannot_be_named_is_refused(ana: Browser, body: dict[str, str], field: str) -> None:
    """With the field that is wrong; whose it is cannot be said."""
    response = await ana.post("/api/phones", body)

    assert response.status_code == 400
    assert (await response.get_json())["error"]["field"] == field


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (status(401, text="no"), 502, "Auth Token"),
        (status(400, json={"error": {"username": ["is odd"]}}), 502, "username: is odd"),
        (status(429), 503, "too often"),
        (status(500), 503, "cannot be reached"),
        (lost, 503, "cannot be reached"),
    ],
    ids=["401", "400", "429", "500", "lost"],
)
async def test_what_plivo_says_reaches_the_person(
    ana: Browser, plivo: PretendPlivo, fault: Any, code: int, words: str
) -> None:
    """In words, with a fitting status."""
    plivo.fail(ENDPOINT, fault)

    response = await ana.post("/api/phones", {"label": "Desk phone"})

    assert response.status_code == code
    assert words in (await response.get_json())["error"]["message"]


@pytest.mark.tm("TM-P1")
async def test_a_link_reveals_once(ana: Browser, visitor: Browser, plivo: PretendPlivo, parts: Deps) -> None:
    """Any number of GETs open the page and use nothing up; the first POST has everything; the second is 410."""
    phone = await new_phone(ana)
    link = await new_link(ana, phone["id"])
    for _ in range(10):
        await visitor.get("/phone-setup")

    code, shown = await reveal(visitor, link)
    again, refused = await reveal(visitor, link)

    (made,) = plivo.endpoints.values()
    account = shown["account"]
    assert (code, again, refused["error"]["code"]) == (200, 410, "link_used_up")
    assert (account["username"], account["auth_username"]) == (made["username"], made["username"])
    assert account["password"] == made["password"]
    assert (account["domain"], shown["server"]["host"], shown["server"]["port"]) == ("phone.plivo.com",) * 2 + (5060,)
    assert shown["server"]["outbound_proxy"] is None
    assert len(link) == 32
    assert link not in str(await rows(parts, "SELECT * FROM phone_links"))
    assert made["password"] not in str(await rows(parts, "SELECT * FROM audit"))
    assert made["password"] not in str(await rows(parts, "SELECT * FROM events"))
    assert made["password"] not in "".join(shown["qr"][0].values()) + shown["linphone"]["link"]


@pytest.mark.tm("TM-P1")
async def test_of_fifty_who_press_at_once_one_sees_it(ana: Browser, visitor: Browser, parts: Deps) -> None:
    """The database decides."""
    link = await new_link(ana, (await new_phone(ana))["id"])
    await parts.world.database.write(lambda db: db.execute("DELETE FROM rate_limits"))

    answers = await asyncio.gather(*(reveal(visitor, link) for _ in range(50)))

    codes = sorted(code for code, _ in answers)
    assert codes.count(200) == 1
    assert set(codes) == {200, 410, 429}


@pytest.mark.tm("TM-P1")
@pytest.mark.parametrize("why", ["expired", "replaced", "removed", "disabled", "made up", "not ASCII"])
async def test_a_dead_link_reveals_nothing(
    ana: Browser, admin: Browser, visitor: Browser, clock: Clock, why: str
) -> None:
    """Which of them it is, is not said."""
    phone = await new_phone(ana)
    link = await new_link(ana, phone["id"])
    match why:
        case "expired":
            clock.forward(minutes=15)
        case "replaced":
            await new_link(ana, phone["id"])
        case "removed":
            await ana.delete(f"/api/phones/{phone['id']}")
        case "disabled":
            await admin.patch("/api/admin/volunteers/v-ana", {"active": False})
        case "made up":
            link = "0" * 32
        case _:
            link = "é☎"

    code, answer = await reveal(visitor, link)

    assert (code, answer["error"]["code"]) == (410, "link_used_up")


@pytest.mark.tm("TM-P1")
async def test_asking_again_changes_the_password(ana: Browser, visitor: Browser, plivo: PretendPlivo) -> None:
    """What was shown before opens nothing any more; a link that nobody has used changes nothing."""
    phone = await new_phone(ana)
    await new_link(ana, phone["id"])
    first = await (await ana.post(f"/api/phones/{phone['id']}/link", {})).get_json()
    _, shown = await reveal(visitor, first["link"].partition("#")[2])
    second = await (await ana.post(f"/api/phones/{phone['id']}/link", {})).get_json()
    _, shown_again = await reveal(visitor, second["link"].partition("#")[2])

    (made,) = plivo.endpoints.values()
    assert (first["rotated"], second["rotated"]) == (False, True)
    assert shown_again["account"]["password"] == made["password"] != shown["account"]["password"]
    assert shown_again["account"]["username"] == shown["account"]["username"]


async def test_there_is_no_link_while_plivo_may_have_another_password(
    ana: Browser, visitor: Browser, plivo: PretendPlivo
) -> None:
    """Wrong credentials are worse than none: the person is told to wait."""
    phone = await new_phone(ana)
    await reveal(visitor, await new_link(ana, phone["id"]))
    plivo.fail(ENDPOINT, status(401, text="no"))

    refused = await ana.post(f"/api/phones/{phone['id']}/link", {})
    shown = (await (await ana.get("/api/phones")).get_json())["items"][0]

    assert refused.status_code == 502
    assert (shown["state"], shown["credentials_given_at"] is None) == ("ready", False)


async def test_a_link_asks_for_the_password_of_the_page(ana: Browser, clock: Clock) -> None:
    """What it reveals outlives the session."""
    phone = await new_phone(ana)
    clock.forward(minutes=11)

    response = await ana.post(f"/api/phones/{phone['id']}/link", {})

    assert (await response.get_json())["error"]["code"] == "step_up_required"


@pytest.mark.tm("TM-P1")
async def test_linphone_fetches_its_file_once(ana: Browser, visitor: Browser, clock: Clock) -> None:
    """HEAD looks; the first GET has the credentials and no cache may keep them; the second GET is 410."""
    _, shown = await reveal(visitor, await new_link(ana, (await new_phone(ana))["id"]))
    path = urlsplit(shown["linphone"]["xml_url"]).path

    looked = [(await visitor.send("HEAD", path)).status_code for _ in range(3)]
    fetched = await visitor.get(path)
    again = await visitor.get(path)
    looked_after = (await visitor.send("HEAD", path)).status_code

    assert looked == [200, 200, 200]
    assert (fetched.status_code, fetched.mimetype) == (200, "application/xml")
    assert fetched.headers["Cache-Control"] == "no-store"
    assert fetched.headers["Referrer-Policy"] == "no-referrer"
    document = await fetched.get_data(as_text=True)
    assert shown["account"]["password"] in document
    assert ElementTree.fromstring(document.encode()).tag.endswith("config")  # noqa: S314  # our own bytes
    assert (again.status_code, looked_after) == (410, 410)
    clock.forward(minutes=1)


async def test_an_administrator_keeps_everybodys_phones(
    admin: Browser, ana: Browser, visitor: Browser, plivo: PretendPlivo
) -> None:
    """Made for somebody, handed out, listed with its owner, compared with Plivo, removed."""
    made = await (await admin.post("/api/admin/phones", {"volunteer_id": "v-ana", "label": "Desk"})).get_json()
    code, _ = await reveal(visitor, await new_link(admin, made["id"], "/api/admin/phones"))
    plivo.endpoints["999"] = {"endpoint_id": "999", "alias": "old", "username": "old1234", "application": None}
    listed = await (await admin.get("/api/admin/phones")).get_json()
    compared = await (await admin.get("/api/admin/plivo-endpoints")).get_json()
    adopted = await admin.post("/api/admin/plivo-endpoints/999/adopt", {"volunteer_id": "v-ana", "label": "Old"})
    own = await (await ana.get("/api/phones")).get_json()
    refused = await admin.delete("/api/admin/plivo-endpoints/999")
    removed = await admin.delete(f"/api/admin/phones/{made['id']}")

    assert code == 200
    assert [one["volunteer"] for one in listed["items"]] == [{"id": "v-ana", "name": "Ana"}]
    assert [(one["where"], one["username"]) for one in compared["items"]] == [
        ("both", made["username"]),
        ("only_at_plivo", "old1234"),
    ]
    assert adopted.status_code == 201
    assert [one["label"] for one in own["items"]] == ["Desk", "Old"]
    assert (refused.status_code, (await refused.get_json())["error"]["code"]) == (409, "endpoint_is_ours")
    assert await removed.get_json() == {"removed": True}


async def test_a_phone_that_plivo_keeps_is_off_all_the_same(ana: Browser, plivo: PretendPlivo) -> None:
    """The removal is told as still to come at Plivo."""
    phone = await new_phone(ana)
    plivo.fail("DELETE", status(401, text="no"))

    response = await ana.delete(f"/api/phones/{phone['id']}")
    (listed,) = (await (await ana.get("/api/phones")).get_json())["items"]

    assert response.status_code == 202
    assert "Auth Token" in (await response.get_json())["problem"]
    assert (listed["state"], "Auth Token" in listed["problem"]) == ("being_removed", True)


@pytest.fixture
def line(app: Quart) -> Caller:
    """Plivo, calling our URLs."""
    return Caller(app=app)


def ring_path(url: str) -> str:
    """The path and query of an address that Plivo was given."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def about(call: str = "call-0009", **more: str) -> dict[str, str]:
    """What Plivo says about a call that it makes."""
    return {"CallUUID": call, "From": "14155550100", "To": "sip:x@phone.plivo.com", "CallStatus": "in-progress",
            "Direction": "outbound", "Event": "StartApp", **more}  # fmt: skip


async def test_ring_me_rings_exactly_this_phone_and_says_what_came_of_it(
    ana: Browser, plivo: PretendPlivo, line: Caller, clock: Clock, parts: Deps
) -> None:
    """From the call over the key to the end; each step is told to the page."""
    phone = await new_phone(ana)
    await new_phone(ana, "Mobile")

    begun = await (await ana.post(f"/api/phones/{phone['id']}/ring-me", {})).get_json()
    (call,) = plivo.calls
    clock.forward(seconds=1.8)
    asked = await line.ask(ring_path(call["answer_url"]), about())
    document = ElementTree.fromstring(await asked.data)  # noqa: S314  # our own bytes
    action = ring_path(str(document[0].get("action")))
    thanked = await line.ask(action, about(Digits="1", Event="Redirect"))
    await line.ask(ring_path(call["hangup_url"]), about(Event="Hangup", CallStatus="completed", HangupCauseCode="4000"))
    after = await (await ana.get(f"/api/phones/{phone['id']}/ring-me/{begun['id']}")).get_json()

    assert call["to"] == f"sip:{phone['username']}@phone.plivo.com"
    assert (call["from"], call["ring_timeout"], call["time_limit"]) == ("14155550100", 30, 60)
    assert begun["state"] == "calling"
    assert [verb.tag for verb in document] == ["GetDigits", "Speak", "Hangup"]
    assert b"works" in await thanked.data
    assert (after["state"], after["answered_after_seconds"]) == ("confirmed", 1.8)
    assert after["words"].startswith("Answered by the phone after 1.8 s.")
    found = await parts.world.database.read(lambda db: select_events_after(db, 0, limit=500))
    assert [e.body["state"] for e in found if e.kind == "ring_me"] == ["answered", "confirmed", "confirmed"]


async def test_ring_me_names_the_program_that_is_signed_in(
    ana: Browser, plivo: PretendPlivo, clock: Clock, parts: Deps
) -> None:
    """From the registration facts."""
    phone = await new_phone(ana)
    (endpoint_id,) = plivo.endpoints
    plivo.sign_in(endpoint_id, clock() + timedelta(minutes=2), agent="Z 5.6.4 v2.10")
    await parts.world.database.write(
        lambda db: db.execute(
            "INSERT INTO registrations (id, endpoint_id, generation, device_id, device_label, user_agent,"
            " registered_at, refreshed_at, expires_at) VALUES ('r', $1, 1, 'd', 'Zoiper 5.6', 'Z', $2, $2, $3)",
            phone["id"],
            int(clock().timestamp() * 1e6),
            int((clock() + timedelta(minutes=2)).timestamp() * 1e6),
        )
    )

    begun = await (await ana.post(f"/api/phones/{phone['id']}/ring-me", {})).get_json()

    assert (begun["device"], begun["words"]) == ("Zoiper 5.6", "Ringing Zoiper 5.6.")


@pytest.mark.parametrize(
    ("code", "words"), [("2020", "no device is signed in"), ("3000", "nobody answered"), ("3110", "declined")]
)
async def test_ring_me_says_why_nobody_answered(
    ana: Browser, plivo: PretendPlivo, line: Caller, code: str, words: str
) -> None:
    """In words, by Plivo's code."""
    phone = await new_phone(ana)
    begun = await (await ana.post(f"/api/phones/{phone['id']}/ring-me", {})).get_json()

    ended = about(Event="Hangup", CallStatus="failed", HangupCauseCode=code)
    await line.ask(ring_path(plivo.calls[0]["hangup_url"]), ended)
    after = await (await ana.get(f"/api/phones/{phone['id']}/ring-me/{begun['id']}")).get_json()

    assert (after["state"], after["hangup_code"]) == ("failed", int(code))
    assert words in after["words"]


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        (status(401, text="no"), "failed", "Auth Token"),
        (status(403, json={"error": "Calls to this destination are barred"}), "failed", "barred"),
        (status(429), "failed", "too often"),
        (status(500), "calling", "Ringing"),
        (lost, "calling", "Ringing"),
    ],
    ids=["401", "403", "429", "500", "lost"],
)
async def test_a_test_call_is_asked_for_once(
    ana: Browser, plivo: PretendPlivo, clock: Clock, fault: Any, state: str, words: str
) -> None:
    """A telephone that rings twice is worse than none; where nobody knows, Plivo will tell, or has told nothing."""
    phone = await new_phone(ana)
    plivo.fail(f"POST /v1/Account/{AUTH_ID}/Call/", fault)

    begun = await (await ana.post(f"/api/phones/{phone['id']}/ring-me", {})).get_json()
    clock.forward(minutes=2)
    after = await (await ana.get(f"/api/phones/{phone['id']}/ring-me/{begun['id']}")).get_json()

    assert (begun["state"], after["state"]) == (state, "failed")
    assert words in begun["words"]
    assert plivo.count(f"POST /v1/Account/{AUTH_ID}/Call/") == 1


async def test_ring_me_has_a_limit_and_needs_a_number(ana: Browser, plivo: PretendPlivo, parts: Deps) -> None:
    """Three a minute; without a number of ours there is nothing to call from."""
    phone = await new_phone(ana)
    codes = [(await ana.post(f"/api/phones/{phone['id']}/ring-me", {})).status_code for _ in range(4)]
    keyring = parts.world.keyring
    bare = connection(application_id=APP, numbers=(), caller_id=None)
    await parts.world.database.write(lambda db: update_connection(db, bare, keyring=keyring))

    refused = await ana.post(f"/api/phones/{phone['id']}/ring-me", {})

    assert codes == [202, 202, 202, 429]
    assert (await refused.get_json())["error"]["code"] == "no_caller_id"
    assert len(plivo.calls) == 3


async def test_an_unknown_test_is_answered_with_a_sentence(line: Caller) -> None:
    """Whoever picks up hears something, whatever we have forgotten."""
    for path in ("", "/pressed", "/ended"):
        response = await line.ask(f"/telephony/main/ring-me{path}?ring=nothing", about(call=f"call-000{len(path)}"))

        assert response.status_code == 200
        assert (await response.data).startswith(b"<?xml")


async def dial_from(line: Caller, username: str, to: str, *, call: str = "call-0001") -> ElementTree.Element:
    """A softphone dials: its From is the endpoint's own name (`wire.md` 4.3 b)."""
    fields = {
        "CallUUID": call,
        "From": f"sip:{username}@phone.plivo.com",
        "To": to,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "Event": "StartApp",
    }
    response = await line.ask("/telephony/main/outgoing", fields)
    assert response.status_code == 200
    return ElementTree.fromstring(await response.data)  # noqa: S314  # our own bytes


async def test_a_softphone_dials_under_the_same_rules(sign_in_as: SignInAs, line: Caller, parts: Deps) -> None:
    """Our caller ID, the same countries and rights, a spoken refusal; WebRTC off is for browsers."""
    ana = await sign_in_as("ana", dialling=Dialling.NUMBERS)
    phone = await new_phone(ana)
    off = connection(application_id=APP, webrtc_enabled=False)
    keyring = parts.world.keyring
    await parts.world.database.write(lambda db: update_connection(db, off, keyring=keyring))

    (dial,) = await dial_from(line, phone["username"], "14155550199")
    again = await dial_from(line, phone["username"], "14155550198", call="call-0002")
    await line.hang_up(call="call-0001")
    abroad = await dial_from(line, phone["username"], "442071838750", call="call-0003")

    assert (dial.tag, dial.get("callerId"), dial.get("timeLimit")) == ("Dial", "14155550100", "3600")
    assert [verb.tag for verb in again] == ["Speak", "Hangup"]
    assert [verb.tag for verb in abroad] == ["Speak", "Hangup"]
    refusals = await rows(parts, "SELECT refusal FROM calls WHERE refusal IS NOT NULL ORDER BY started_at, call_uuid")
    assert refusals == [("already_in_call",), ("country_not_allowed",)]
    endpoints = await rows(parts, "SELECT DISTINCT endpoint_id FROM calls")
    assert endpoints == [(phone["id"],)]


@pytest.mark.parametrize("how", ["removed", "disabled"])
async def test_a_phone_that_is_gone_dials_nowhere(
    sign_in_as: SignInAs, admin: Browser, plivo: PretendPlivo, line: Caller, how: str
) -> None:
    """From the moment that it was said, although Plivo still lets it dial."""
    ana = await sign_in_as("ana", dialling=Dialling.NUMBERS)
    phone = await new_phone(ana)
    plivo.fail("DELETE", status(401, text="no"))
    if how == "removed":
        await ana.delete(f"/api/phones/{phone['id']}")
    else:
        await admin.patch("/api/admin/volunteers/v-ana", {"active": False})

    answer = await dial_from(line, phone["username"], "14155550199")

    assert [verb.tag for verb in answer] == ["Speak", "Hangup"]


async def test_a_colleague_is_rung_at_every_phone_that_is_on(
    sign_in_as: SignInAs, line: Caller, clock: Clock, parts: Deps
) -> None:
    """Two softphones at once, with the keys behind one; the end of one that did not answer is not the call's end."""
    ana, ben = await sign_in_as("ana", extension="21"), await sign_in_as("ben", extension="22")
    caller = await new_phone(ana)
    desk, mobile = await new_phone(ben), await new_phone(ben, "Mobile")
    await ben.patch(f"/api/phones/{desk['id']}", {"send_digits": "w1"})
    nobody = await dial_from(line, caller["username"], "22", call="call-0000")
    now = int(clock().timestamp() * 1e6)
    for phone in (desk, mobile):
        await parts.world.database.write(
            lambda db, phone=phone: db.execute(  # type: ignore[misc]  # a default argument
                "INSERT INTO registrations (id, endpoint_id, generation, device_id, device_label, user_agent,"
                " registered_at, refreshed_at, expires_at) VALUES ($1, $1, 1, 'd', 'Zoiper', 'Z', $2, $2, $3)",
                phone["id"],
                now,
                now + 10**8,
            )
        )
        await parts.world.database.write(
            lambda db, phone=phone: db.execute(  # type: ignore[misc]  # a default argument
                "UPDATE endpoints SET registration_generation = 1 WHERE id = $1", phone["id"]
            )
        )

    (dial,) = await dial_from(line, caller["username"], "22")
    legs = ring_path(str(dial.get("callbackUrl")))
    await line.ask(legs, {"CallUUID": "call-0001", "DialAction": "hangup", "DialBLegUUID": "leg-00000001"})
    still = await rows(parts, "SELECT state FROM calls WHERE call_uuid = 'call-0001'")
    await line.ask(legs, {"CallUUID": "call-0001", "DialAction": "answer", "DialBLegUUID": "leg-00000002"})
    joined = await rows(parts, "SELECT state FROM calls WHERE call_uuid = 'call-0001'")

    assert [verb.tag for verb in nobody] == ["Speak", "Hangup"]
    assert {(user.text, user.get("sendDigits")) for user in dial} == {
        (f"sip:{desk['username']}@phone.plivo.com", "w1"),
        (f"sip:{mobile['username']}@phone.plivo.com", None),
    }
    assert (still, joined) == ([("ringing",)], [("answered",)])


async def test_an_administrator_hears_of_the_role_they_lack(ana: Browser) -> None:
    """A volunteer sees nothing of everybody's phones."""
    assert (await ana.get("/api/admin/phones")).status_code == 403
    assert (await ana.get("/api/admin/plivo-endpoints")).status_code == 403


async def test_a_page_that_comes_back_sees_the_same(app: Quart, ana: Browser, sign_in_as: SignInAs) -> None:
    """What was begun in one browser is there in another."""
    phone = await new_phone(ana)
    other = await browser_of(app, ana.person)  # type: ignore[arg-type]  # signed in, so somebody
    root = await sign_in_as("boss", role=Role.ADMIN)

    mine = await (await other.get("/api/phones")).get_json()
    all_of_them = await (await root.get("/api/admin/phones")).get_json()

    assert [one["id"] for one in mine["items"]] == [phone["id"]]
    assert [one["id"] for one in all_of_them["items"]] == [phone["id"]]
