"""The control routes, the pages, and faults on the REST API, in process."""

from datetime import timedelta

import pytest
from quart import Quart

from softphone.sandbox import wav
from softphone.sandbox.faults import Action, Fault, FaultInvalid, Faults, Where, read_fault
from softphone.sandbox.ladder import Hangup, Kind
from softphone.sandbox.options import SandboxOptions
from softphone.sandbox.plant import Plant
from softphone.sandbox.server import create_sandbox
from tests.clock import Clock


@pytest.fixture
def plant() -> Plant:
    """The parts of a sandbox."""
    return Plant(SandboxOptions(clock=Clock()))


@pytest.fixture
def app(plant: Plant) -> Quart:
    """A sandbox."""
    return create_sandbox(plant.options, plant=plant)


async def test_the_state_shows_the_account(app: Quart) -> None:
    """Auth ID and numbers are there; the Auth Token is not."""
    answer = await app.test_client().get("/_sandbox/state")

    state = await answer.get_json()
    assert state["auth_id"] == "MASANDBOX00000000000"
    assert state["numbers"] == [{"number": "14155550100", "app_id": None}]
    assert "sandbox0auth1token" not in (await answer.get_data(as_text=True))


async def test_calls_are_listed_as_ladders(app: Quart, plant: Plant) -> None:
    """Steps with milliseconds, XML and the end (the shape the log page and tests read)."""
    ladder = plant.ladders.open("c1", caller="14155550123", called="14155550100")
    ladder.note(Kind.REPLIED, "200", detail="application/xml", xml="<Response/>")
    ladder.end(Hangup(code=4010, name="End Of XML Instructions", cause="NORMAL_CLEARING", source="Plivo"))

    (call,) = (await (await app.test_client().get("/_sandbox/calls")).get_json())["calls"]

    assert (call["call_uuid"], call["from"], call["to"], call["state"]) == (
        "c1",
        "14155550123",
        "14155550100",
        "completed",
    )
    assert call["hangup"]["code"] == 4010
    assert call["steps"][0] == {
        "at": "2026-11-20T12:00:00.000Z",
        "ms": 0,
        "kind": "replied",
        "title": "200",
        "detail": "application/xml",
        "xml": "<Response/>",
    }


async def test_options_change_while_running(app: Quart, plant: Plant) -> None:
    """Refusing local tokens, capping minted ones."""
    client = app.test_client()

    await client.post("/_sandbox/options", json={"refuse_local_tokens": True, "minted_life": 180})
    wrong = await client.post("/_sandbox/options", json={"minted_life": 0})
    await client.post("/_sandbox/options", json={"media_auth": False, "record_action_after_hangup": False})
    shaped = await client.post("/_sandbox/options", json={"from_shape": "bare"})
    unknown = await client.post("/_sandbox/options", json={"from_shape": "round"})

    assert plant.tokens.options.refuse_local
    assert plant.tokens.options.minted_life == timedelta(seconds=180)
    assert (wrong.status_code, unknown.status_code) == (400, 400)
    assert (await shaped.get_json())["options"] == {
        "refuse_local_tokens": True,
        "minted_life": 180,
        "media_auth": False,
        "record_action_after_hangup": False,
        "from_shape": "bare",
    }


async def test_parties_are_called_in_over_http(app: Quart, plant: Plant) -> None:
    """The doors for tests and load: begin, look, dismiss; a script that makes no sense is a 400 with a sentence."""
    client = app.test_client()

    waiting = await client.post("/_sandbox/callees", json={"number": "+14155550199", "outcome": "busy"})
    begun = await client.post("/_sandbox/callers", json={"from": "14155550123", "to": "14155550100", "count": 2})
    (first, _) = (await begun.get_json())["callers"]
    await plant.engine.settle()
    one = await (await client.get(f"/_sandbox/callers/{first['id']}")).get_json()
    every = await (await client.get("/_sandbox/callers")).get_json()
    callees = await (await client.get("/_sandbox/callees")).get_json()
    nobody = await client.get("/_sandbox/callers/none")
    wrong = await client.post("/_sandbox/callers", json={"from": "14155550123", "to": "14155550100", "then": []})
    silly = await client.post("/_sandbox/callees", json={"number": "14155550199", "outcome": "maybe"})
    gone = [(await client.delete(f"/_sandbox/{who}")).status_code for who in ("callers", "callees")]

    assert (waiting.status_code, await waiting.get_json()) == (201, {"callee": "14155550199"})
    assert begun.status_code == 201
    assert (one["call_uuid"], one["from"], one["state"]) == (first["call_uuid"], "14155550123", "refused")
    assert len(every["callers"]) == 2
    assert callees["callees"] == [{"number": "14155550199", "outcome": "busy", "calls": []}]
    assert (nobody.status_code, wrong.status_code, silly.status_code) == (404, 400, 400)
    assert (await silly.get_json())["error"]["message"].startswith("outcome is one of")
    assert gone == [204, 204]
    assert plant.parties.callees() == []


async def test_a_recording_that_nobody_expects_is_refused(app: Quart, plant: Plant) -> None:
    """Another site's page, an unknown name, a file that is no sound."""
    client = app.test_client()
    upload = plant.book.uploads.expect()
    file = wav.tones((), ms=20)

    hostile = await client.post(f"/phone-recording/{upload}", data=file, headers={"Origin": "https://evil.example"})
    unknown = await client.post("/phone-recording/none", data=file)
    noise = await client.post(f"/phone-recording/{upload}", data=b"noise")
    right = await client.post(f"/phone-recording/{upload}", data=file)

    assert [one.status_code for one in (hostile, unknown, noise, right)] == [403, 404, 404, 204]


async def test_a_rest_fault_answers_so_many_times(app: Quart) -> None:
    """Then the API is itself again."""
    client = app.test_client()
    fault = {"kind": "rest", "match": "/Endpoint/", "action": "status", "status": 503, "times": 2}

    made = await client.post("/_sandbox/faults", json=fault)
    statuses = [(await client.get("/v1/Account/MASANDBOX00000000000/Endpoint/")).status_code for _ in range(3)]

    assert made.status_code == 201
    assert statuses == [503, 503, 401]


async def test_another_site_s_page_turns_nothing(app: Quart, plant: Plant) -> None:
    """A browser that visits a hostile page must not open the sandbox to it."""
    answer = await app.test_client().post(
        "/_sandbox/options", json={"refuse_local_tokens": True}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert not plant.tokens.options.refuse_local


@pytest.mark.parametrize(
    "path", ["/", "/phone", "/log", "/pages/phone.js", "/pages/recorder.js", "/pages/listener.js", "/pages/style.css"]
)
async def test_the_pages_are_served_with_their_policy(app: Quart, path: str) -> None:
    """Nothing may be loaded from elsewhere."""
    answer = await app.test_client().get(path)
    body = await answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "https://" not in body


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "post", "action": "drop"},
        {"kind": "rest", "action": "explode"},
        {"kind": "rest", "action": "status", "status": 42},
        {"kind": "rest", "action": "delay", "ms": -1},
        {"kind": "rest", "action": "drop", "times": 0},
        {"kind": "rest", "action": "drop", "when": "now"},
    ],
    ids=["kind", "action", "status", "ms", "times", "unknown"],
)
def test_a_fault_that_cannot_be_is_refused(body: dict[str, object]) -> None:
    """With a sentence."""
    with pytest.raises(FaultInvalid):
        read_fault(body)


def test_faults_strike_in_order_where_they_match() -> None:
    """Earlier ones first; one without a count strikes until cleared."""
    faults = Faults()
    faults.add(Fault(where=Where.CALLBACK, action=Action.DROP, match="/status"))
    faults.add(Fault(where=Where.CALLBACK, action=Action.TWICE, times=None))

    struck = [faults.take(Where.CALLBACK, path) for path in ("/answer", "/status", "/status")]
    faults.clear()

    assert [fault.action for fault in struck if fault] == [Action.TWICE, Action.DROP, Action.TWICE]
    assert faults.take(Where.CALLBACK, "/status") is None
    assert faults.take(Where.REST, "/status") is None
