"""Calls that the API makes (`rest.md` 6.1 to 6.4)."""

import json
from collections.abc import AsyncIterator, Mapping

import pytest

from softphone.sandbox.rest import door
from tests.sandbox.stage import CALLEE, HOTLINE, Stage, a_stage

ACCOUNT = "/v1/Account/MASANDBOX00000000000"
ORDER: dict[str, object] = {
    "from": HOTLINE,
    "to": CALLEE,
    "answer_url": "http://customer/answer",
    "hangup_url": "http://customer/hangup",
    "ring_url": "http://customer/ring",
}
STAYS = '<Wait length="80000"/>'


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A sandbox without sockets."""
    async with a_stage() as stage:
        stage.customer.documents["/ring"] = ""
        stage.answers("<Speak>Good evening.</Speak>")
        yield stage


def ask(
    stage: Stage, method: str, path: str, body: Mapping[str, object] | None = None
) -> tuple[int, dict[str, object]]:
    """The API's answer."""
    bare, _, query = path.partition("?")
    content = json.dumps(body).encode() if body else b""
    answer = door.answer(stage.plant.desk, method=method, path=f"{ACCOUNT}/{bare}", query=query, content=content)
    return answer.status, dict(answer.body or {})


async def test_a_call_is_made_rings_and_is_told_what_to_say(stage: Stage) -> None:
    """ring_url, answer_url, hangup_url in order; the call's own two names are in each."""
    stage.waits({"wait_for": "speech"})

    status, fired = ask(stage, "POST", "Call/", ORDER | {"caller_name": "Hotline", "sip_headers": "call=7f3a9c,PH-x=1"})
    end = await stage.end()

    (ringing,), (asked,) = stage.customer.at("/ring"), stage.customer.at("/answer")
    assert (status, fired["message"]) == (201, "call fired")
    assert fired["request_uuid"] == asked["RequestUUID"] == end["ALegRequestUUID"]
    assert asked["CallUUID"] == asked["ALegUUID"] != asked["RequestUUID"]
    assert (ringing["CallStatus"], asked["CallStatus"], end["CallStatus"]) == ("ringing", "in-progress", "completed")
    assert (asked["Direction"], asked["From"], asked["To"], asked["Event"]) == ("outbound", HOTLINE, CALLEE, "StartApp")
    assert (asked["X-PH-call"], "X-PH-PH-x" in asked) == ("7f3a9c", False)
    assert stage.heard() == ["Good evening."]
    assert end["HangupCauseCode"] == "4010"


@pytest.mark.parametrize(
    ("outcome", "code", "status"),
    [
        ("busy", "3010", "busy"),
        ("decline", "3110", "failed"),
        ("unreachable", "2010", "failed"),
        ("no_answer", "6010", "timeout"),
    ],
)
async def test_a_call_that_nobody_takes_ends_with_its_code(stage: Stage, outcome: str, code: str, status: str) -> None:
    """The answer URL is never asked."""
    stage.waits(outcome=outcome)

    ask(stage, "POST", "Call/", ORDER | {"ring_timeout": 2})
    end = await stage.end()

    assert (end["HangupCauseCode"], end["CallStatus"], end["Duration"]) == (code, status, "0")
    assert stage.customer.at("/answer") == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"from": "14155550999"}, "3030"),
        ({}, "2010"),
        ({"to": "sip:ghost@phone.plivo.com"}, "2020"),
        ({"to": "sip:ana@example.org"}, "2000"),
    ],
    ids=["no number of ours", "nobody there", "not registered", "elsewhere"],
)
async def test_a_call_that_cannot_ring_is_accepted_and_ends(stage: Stage, change: dict[str, object], code: str) -> None:
    """201 means accepted (`rest.md` 16)."""
    status, _ = ask(stage, "POST", "Call/", ORDER | change)
    end = await stage.end()

    assert (status, end["HangupCauseCode"]) == (201, code)


async def test_several_are_called_at_once(stage: Stage) -> None:
    """An array of names; who is named twice is called once."""
    stage.waits()
    stage.plant.parties.wait({"number": "14155550188", "after_ms": 0})

    _, fired = ask(stage, "POST", "Call/", ORDER | {"to": f"{CALLEE}<14155550188<{CALLEE}"})
    await stage.plant.engine.settle()
    await stage.plant.callbacks.settle()

    assert fired["message"] == "calls fired"
    assert isinstance(fired["request_uuid"], list)
    assert {told["RequestUUID"] for told in stage.customer.at("/answer")} == set(fired["request_uuid"])


@pytest.mark.parametrize(("outcome", "machine"), [("machine", "true"), ("answer", "false")])
async def test_the_answer_url_learns_whether_a_machine_answered(stage: Stage, outcome: str, machine: str) -> None:
    """Without a URL of its own the result is a parameter (`wire.md` 4.4)."""
    stage.waits(outcome=outcome)

    ask(stage, "POST", "Call/", ORDER | {"machine_detection": "true"})
    await stage.end()

    (asked,) = stage.customer.at("/answer")
    assert asked["Machine"] == machine


async def test_a_machine_is_hung_up_on(stage: Stage) -> None:
    """9100; the detection URL is told."""
    stage.customer.documents["/machine"] = ""
    stage.waits(outcome="machine")

    ask(
        stage,
        "POST",
        "Call/",
        ORDER | {"machine_detection": "hangup", "machine_detection_url": "http://customer/machine"},
    )
    end = await stage.end()

    (told,) = stage.customer.at("/machine")
    assert (told["Machine"], told["Event"], told["IfMachine"]) == ("true", "MachineDetection", "hangup")
    assert end["HangupCauseCode"] == "9100"
    assert stage.customer.at("/answer") == []


@pytest.mark.parametrize(
    ("more", "outcome"),
    [({"hangup_on_ring": 1}, "no_answer"), ({"time_limit": 1}, "answer")],
    ids=["ringing", "talking"],
)
async def test_a_call_has_its_limits(stage: Stage, more: dict[str, object], outcome: str) -> None:
    """6000, Scheduled Hangup."""
    stage.answers(STAYS)
    stage.waits(outcome=outcome)

    ask(stage, "POST", "Call/", ORDER | more)
    end = await stage.end()

    assert end["HangupCauseCode"] == "6000"


async def test_digits_are_sent_after_the_answer(stage: Stage) -> None:
    """An extension behind a switchboard; the length of the tones is no key."""
    stage.answers('<Wait length="3"/>')
    stage.waits()

    ask(stage, "POST", "Call/", ORDER | {"send_digits": "w12@1000"})
    await stage.end()

    assert stage.heard() == ["key 1", "key 2"]


async def test_a_live_call_is_read_and_ended_through_the_api(stage: Stage) -> None:
    """Its status, both names, and the end by the API."""
    stage.answers(STAYS)
    stage.waits()
    _, fired = ask(stage, "POST", "Call/", ORDER)
    await stage.until(f"{CALLEE} answers")
    uuid = stage.ladder.call_uuid

    _, live = ask(stage, "GET", f"Call/{uuid}/?status=live")
    queued, _ = ask(stage, "GET", f"Call/{uuid}/?status=queued")
    deleted, _ = ask(stage, "DELETE", f"Call/{uuid}/")
    end = await stage.end()
    gone, _ = ask(stage, "GET", f"Call/{uuid}/?status=live")

    assert (live["call_status"], live["direction"]) == ("in-progress", "outbound")
    assert (live["call_uuid"], live["request_uuid"]) == (uuid, fired["request_uuid"])
    assert (queued, deleted, gone) == (404, 204, 404)
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "API Request")


async def test_a_request_is_cancelled_while_it_rings(stage: Stage) -> None:
    """And not after it has been answered, or when there is none."""
    stage.waits(outcome="no_answer")
    _, fired = ask(stage, "POST", "Call/", ORDER)
    await stage.until(f"{CALLEE} rings")

    cancelled, _ = ask(stage, "DELETE", f"Request/{fired['request_uuid']}/")
    end = await stage.end()
    again, _ = ask(stage, "DELETE", f"Request/{fired['request_uuid']}/")

    assert (cancelled, again) == (204, 404)
    assert end["CallStatus"] == "cancel"


async def test_a_call_is_transferred_out_of_a_dial(stage: Stage) -> None:
    """The callee is let go, the caller hears another document."""
    stage.answers(f'<Dial callerId="{HOTLINE}"><Number>{CALLEE}</Number></Dial>')
    stage.answers("<Speak>Somebody else will take over.</Speak>", at="/elsewhere")
    stage.waits()
    caller = stage.call()
    await stage.until("Joined")

    status, said = ask(stage, "POST", f"Call/{stage.ladder.call_uuid}/", {"aleg_url": "http://customer/elsewhere"})
    await stage.end()

    seen = stage.plant.parties.caller(caller)
    assert (status, said["message"]) == (202, "call transferred")
    assert seen is not None
    assert seen["heard"] == ["Somebody else will take over."]


@pytest.mark.parametrize(("document", "code"), [(None, "7013"), ("<Nonsense/>", "8013")])
async def test_a_transfer_to_nowhere_ends_the_call(stage: Stage, document: str | None, code: str) -> None:
    """With a code of its own."""
    stage.answers(STAYS)
    if document is not None:
        stage.customer.documents["/elsewhere"] = document
    stage.call()
    await stage.until("Wait")

    ask(stage, "POST", f"Call/{stage.ladder.call_uuid}/", {"legs": "aleg", "aleg_url": "http://customer/elsewhere"})
    end = await stage.end()

    assert end["HangupCauseCode"] == code


async def test_an_answered_party_is_joined_to_another(stage: Stage) -> None:
    """The document of a call that was made may dial on."""
    stage.answers(f'<Dial callerId="{HOTLINE}"><Number>14155550188</Number></Dial>')
    stage.waits({"wait_for": "connected"}, {"wait_ms": 500}, {"hang_up": True})
    stage.plant.parties.wait({"number": "14155550188", "after_ms": 0})

    ask(stage, "POST", "Call/", ORDER)
    end = await stage.end()

    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")


@pytest.mark.parametrize(
    "change",
    [
        {"from": None},
        {"to": None},
        {"answer_url": None},
        {"from": "Ana"},
        {"to": "Ana"},
        {"to": HOTLINE},
        {"to": "<".join(str(14155560000 + index) for index in range(1001))},
        {"answer_url": "/answer"},
        {"machine_detection": "maybe"},
        {"machine_detection": "true", "machine_detection_time": 1},
        {"send_digits": "x"},
        {"caller_name": "x" * 51},
        {"ring_timeout": -1},
        {"sip_headers": "a=b c"},
        {"parent_call_uuid": "none", "error_if_parent_not_found": True},
    ],
)
async def test_a_request_that_makes_no_sense_is_refused(stage: Stage, change: dict[str, object]) -> None:
    """400, and nobody is rung."""
    status, body = ask(stage, "POST", "Call/", ORDER | change)

    assert status == 400
    assert body["error"]
    assert stage.plant.ladders.all() == ()


@pytest.mark.parametrize(
    ("uuid", "body", "expected"),
    [("none", {"aleg_url": "http://customer/x"}, 404), ("none", {}, 400), ("none", {"legs": "both"}, 400)],
)
async def test_a_transfer_that_makes_no_sense_is_refused(
    stage: Stage, uuid: str, body: dict[str, object], expected: int
) -> None:
    """No such call, no URL, and legs that this sandbox does not move."""
    status, _ = ask(stage, "POST", f"Call/{uuid}/", body)

    assert status == expected
