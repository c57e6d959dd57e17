"""Scripted parties: calls without a browser, one or many."""

from collections.abc import AsyncIterator

import pytest

from softphone.sandbox.scripts import (
    HangUp,
    News,
    Press,
    ScriptInvalid,
    Talk,
    WaitFor,
    WaitMs,
    read_behaviour,
    read_script,
)
from softphone.sandbox.sip.sdp import answer_without_media, offer_without_media
from tests.sandbox.stage import CALLEE, CALLER, HOTLINE, Stage, a_stage

PATIENT = 'timeout="80000"'


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A sandbox without sockets."""
    async with a_stage() as stage:
        yield stage


def dial(attributes: str = "", callee: str = f"<Number>{CALLEE}</Number>") -> str:
    """A Dial to the callee."""
    return f'<Dial callerId="{HOTLINE}" {attributes}>{callee}</Dial>'


async def test_a_caller_presses_a_key_when_keys_are_asked_for(stage: Stage) -> None:
    """The prompt need not be heard to its end."""
    stage.answers(
        f'<GetDigits action="http://customer/menu" numDigits="1" {PATIENT}><Speak>For English, press 1.</Speak>'
        "</GetDigits>"
    )
    stage.answers("<Speak>English.</Speak>", at="/menu")

    caller = stage.call({"wait_for": "keys"}, {"press": "1"}, {"wait_for": "speech", "text": "ENGLISH."})
    end = await stage.end()

    seen = stage.plant.parties.caller(caller)
    assert [told["Digits"] for told in stage.customer.at("/menu")] == ["1"]
    assert seen is not None
    assert (seen["state"], seen["step"], seen["heard"]) == ("ended", 3, ["For English, press 1.", "English."])
    assert (end["From"], end["To"]) == (CALLER, HOTLINE)


async def test_a_caller_who_waits_in_vain_gives_up(stage: Stage) -> None:
    """`patience_ms` bounds every wait."""
    stage.answers('<Speak loop="0">Please hold.</Speak>')

    caller = stage.call({"wait_for": "connected"}, patience_ms=500)
    end = await stage.end()

    seen = stage.plant.parties.caller(caller)
    assert seen is not None
    assert seen["state"] == "gave_up"
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Caller")


async def test_a_caller_and_a_callee_are_joined(stage: Stage) -> None:
    """The callee answers, and is the one that hangs up."""
    stage.answers(dial())
    stage.waits({"wait_ms": 500}, {"hang_up": True})

    stage.call({"wait_for": "ringing"}, {"wait_for": "connected"})
    end = await stage.end()

    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ("busy", "busy", 3010),
        ("decline", "busy", 3110),
        ("unreachable", "failed", 2010),
        ("no_answer", "no-answer", 3000),
    ],
)
async def test_a_callee_can_fail_in_every_way(stage: Stage, outcome: str, status: str, code: int) -> None:
    """The action learns the word, the leg's record the code; the call itself ends where its document does."""
    stage.answers(dial('action="http://customer/next" timeout="2"'))
    stage.answers("", at="/next")
    stage.waits(outcome=outcome)

    stage.call()
    end = await stage.end()

    (told,) = stage.customer.at("/next")
    assert told["DialStatus"] == status
    assert code in [record.hangup_code for record in stage.plant.account.calls.values()]
    assert end["HangupCauseCode"] == "4010"


async def test_a_scripted_volunteer_is_rung_as_a_user(stage: Stage) -> None:
    """A pretend device counts as registered under its SIP user."""
    user = "ana123456789012_MASANDBOX00000000000"
    stage.answers(dial(callee=f"<User>sip:{user}@phone.plivo.com</User>"))
    stage.plant.parties.wait({"user": user, "after_ms": 0, "steps": [{"hang_up": True}]})

    stage.call({"wait_for": "connected"})
    end = await stage.end()

    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")


async def test_an_endpoint_calls_through_its_application(stage: Stage) -> None:
    """`from` may be an endpoint's address: its own application answers."""
    endpoint = stage.plant.account.create_endpoint(username="ana", password="secret", alias="ana", app_id="1" * 17)
    sender = f"sip:{endpoint.username}@phone.plivo.com"
    stage.answers("<Speak>No.</Speak>")

    stage.plant.parties.call({"from": sender, "to": CALLEE})
    end = await stage.end()

    assert (end["From"], end["To"]) == (sender, CALLEE)


async def test_many_call_at_once_from_numbers_of_their_own(stage: Stage) -> None:
    """The caller's number is counted up; every call is a call of its own."""
    stage.answers("<Speak>Welcome.</Speak>")

    begun = stage.plant.parties.call({"from": CALLER, "to": HOTLINE, "count": 50, "speech_ms": 0})
    await stage.plant.engine.settle()
    await stage.plant.callbacks.settle()

    asked = [told["From"] for told in stage.customer.at("/answer")]
    assert len({one.call_uuid for one in begun}) == 50
    assert sorted(asked) == [str(int(CALLER) + index) for index in range(50)]
    assert {one["state"] for one in stage.plant.parties.callers()} == {"ended"}


@pytest.mark.parametrize("sender", ["", "anonymous"])
async def test_a_number_may_be_withheld(stage: Stage, sender: str) -> None:
    """`From` is what Plivo sends then (`wire.md` 4.1)."""
    stage.answers("<Speak>Welcome.</Speak>")

    stage.plant.parties.call({"from": sender, "to": HOTLINE, "speech_ms": 0})
    end = await stage.end()

    assert end["From"] == sender


async def test_dismissed_parties_hang_up(stage: Stage) -> None:
    """And are forgotten."""
    stage.answers(dial(PATIENT))
    stage.waits()
    stage.call({"wait_for": "connected"}, {"press": "5"})
    await stage.until("The caller presses 5")

    stage.plant.parties.dismiss_callers()
    end = await stage.end()

    assert stage.plant.parties.callers() == []
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Caller")


def test_a_script_is_read_step_by_step() -> None:
    """Every kind of step."""
    script = read_script(
        {
            "steps": [
                {"wait_for": "speech", "text": "press 1"},
                {"wait_ms": 5},
                {"press": "1#"},
                {"talk_ms": 7},
                {"hang_up": True},
            ],
            "speech_ms": 0,
        }
    )

    assert script.steps == (WaitFor(News.SPEECH, "press 1"), WaitMs(5), Press("1#"), Talk(7), HangUp())
    assert (script.speech_ms, script.patience_ms) == (0, 60_000)


@pytest.mark.parametrize(
    "body",
    [
        {"steps": "hang up"},
        {"steps": [{}]},
        {"steps": [{"wait_for": "rain"}]},
        {"steps": [{"wait_for": "keys", "txt": "1"}]},
        {"steps": [{"wait_ms": -1}]},
        {"steps": [{"wait_ms": True}]},
        {"steps": [{"press": ""}]},
        {"steps": [{"press": "x"}]},
        {"steps": [{"hang_up": False}]},
        {"steps": [{"hang_up": True}] * 201},
        {"speech_ms": "fast"},
        {"outcome": "maybe"},
        {"outcome": "machine", "steps": [{"press": "1"}]},
    ],
)
def test_a_script_that_cannot_be_played_is_refused_in_a_sentence(body: dict[str, object]) -> None:
    """Nothing is guessed."""
    with pytest.raises(ScriptInvalid) as refused:
        read_behaviour(body)

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "change",
    [
        {"from": "Ana"},
        {"from": "sip:ana@example.org"},
        {"from": 5},
        {"to": "14155550999"},
        {"count": 0},
        {"count": 1001},
    ],
)
async def test_a_call_that_cannot_be_is_refused(stage: Stage, change: dict[str, object]) -> None:
    """Before any of the calls begins."""
    with pytest.raises(ScriptInvalid):
        stage.plant.parties.call({"from": CALLER, "to": HOTLINE, **change})

    assert stage.plant.ladders.all() == ()


@pytest.mark.parametrize("body", [{}, {"number": "12"}, {"user": "a b"}, {"number": "14155550199", "user": "ana"}])
async def test_a_callee_needs_a_number_or_a_user(stage: Stage, body: dict[str, object]) -> None:
    """One of them."""
    with pytest.raises(ScriptInvalid):
        stage.plant.parties.wait(body)


def test_a_browser_can_answer_the_offer_of_a_party_without_one() -> None:
    """What a session description needs: keys, a payload type for each codec, who begins the handshake."""
    offer = offer_without_media(lambda count: b"\x01" * count)
    answer = answer_without_media(offer, lambda count: b"\x02" * count)

    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n" in offer
    assert {"a=setup:actpass", "a=mid:0", "a=rtpmap:0 PCMU/8000", "a=group:BUNDLE 0"} <= set(offer.split("\r\n"))
    assert "a=setup:active" in answer
