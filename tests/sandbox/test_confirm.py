"""What is heard while a `<Dial>` rings, and before it joins (`wire.md` 3.5)."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.stage import CALLEE, HOTLINE, Stage, a_stage

CONFIRM = 'confirmSound="http://customer/sound" confirmKey="1"'


def dial(attributes: str = "", callee: str = f"<Number>{CALLEE}</Number>") -> str:
    """A Dial to the callee."""
    return f'<Dial callerId="{HOTLINE}" callbackUrl="http://customer/legs" {attributes}>{callee}</Dial>'


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A sandbox without sockets; the sound asks for a 1."""
    async with a_stage() as stage:
        stage.customer.documents["/legs"] = ""
        stage.answers('<Speak>Press 1 to take the call.</Speak><Wait length="1"/>', at="/sound")
        yield stage


def told(stage: Stage) -> list[str]:
    """What the callback URL was told of, in order."""
    return [leg["DialAction"] for leg in stage.customer.at("/legs")]


async def test_a_callee_hears_the_question_and_takes_the_call(stage: Stage) -> None:
    """The key may come while the question is still spoken; the caller is joined only then."""
    stage.answers(dial(CONFIRM))
    stage.waits({"wait_for": "speech", "text": "press 1"}, {"press": "1"}, {"wait_ms": 2000}, {"hang_up": True})

    stage.call({"wait_for": "connected"})
    end = await stage.end()

    (asked,) = stage.customer.at("/sound")
    assert asked["CallUUID"] == end["CallUUID"]
    assert stage.heard() == ["Press 1 to take the call."]
    assert told(stage) == ["answer", "connected", "hangup"]
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Callee")


async def test_who_presses_no_key_loses_the_call(stage: Stage) -> None:
    """A voicemail answers and says nothing: 9110 after confirmTimeout, counted from the answer."""
    stage.answers(dial(f'{CONFIRM} confirmTimeout="10" timeout="2" action="http://customer/dialled"'))
    stage.answers("<Speak>Nobody is there.</Speak>", at="/dialled")
    stage.waits(outcome="machine")

    caller = stage.call()
    await stage.end()

    (dialled,) = stage.customer.at("/dialled")
    seen = stage.plant.parties.caller(caller)
    assert (dialled["DialStatus"], dialled["DialRingStatus"], dialled["DialBLegUUID"]) == ("no-answer", "true", "")
    assert told(stage) == ["answer", "hangup"]
    assert stage.customer.at("/legs")[1]["DialBLegHangupCauseCode"] == "9110"
    assert seen is not None
    assert seen["heard"] == ["Nobody is there."]


async def test_a_wrong_key_confirms_nothing_and_hanging_up_ends_it(stage: Stage) -> None:
    """9110 as well: the challenge has failed."""
    stage.answers(dial(CONFIRM))
    stage.waits({"wait_for": "speech"}, {"press": "2"}, {"hang_up": True})

    stage.call()
    await stage.end()

    assert told(stage) == ["answer", "hangup"]
    assert stage.customer.at("/legs")[1]["DialBLegHangupCauseCode"] == "9110"


async def test_the_first_to_confirm_wins(stage: Stage) -> None:
    """A machine that answers first does not take the call from the person who presses the key."""
    stage.answers(dial(CONFIRM, callee=f"<Number>{CALLEE}</Number><Number>14155550188</Number>"))
    stage.waits(outcome="machine")
    stage.plant.parties.wait(
        {"number": "14155550188", "after_ms": 1500, "steps": [{"press": "1"}, {"wait_ms": 1000}, {"hang_up": True}]}
    )

    stage.call()
    await stage.end()

    connected = [leg["DialBLegTo"] for leg in stage.customer.at("/legs") if leg["DialAction"] == "connected"]
    codes = {record.to_number: record.hangup_code for record in stage.plant.account.calls.values()}
    assert connected == ["14155550188"]
    assert codes[CALLEE] == 9000


async def test_a_sound_without_a_key_is_heard_and_then_joined(stage: Stage) -> None:
    """An announcement to the callee."""
    stage.answers(dial('confirmSound="http://customer/sound"'))
    stage.waits({"wait_for": "speech"}, {"wait_ms": 4000}, {"hang_up": True})

    stage.call({"wait_for": "connected"})
    await stage.end()

    assert stage.heard() == ["Press 1 to take the call."]
    assert told(stage) == ["answer", "connected", "hangup"]


async def test_the_caller_hears_the_dial_music_until_somebody_answers(stage: Stage) -> None:
    """It comes from a URL, is played over and over, and does not answer the call."""
    stage.answers(dial('dialMusic="http://customer/music"'))
    stage.answers("<Play>http://customer/a.mp3</Play>", at="/music")
    stage.waits({"hang_up": True}, after_ms=3000)

    caller = stage.call()
    await stage.end()

    seen = stage.plant.parties.caller(caller)
    assert seen is not None
    assert set(seen["heard"]) == {"http://customer/a.mp3"}  # type: ignore[call-overload]  # a list, as the door gives it
    assert len(seen["heard"]) > 1  # type: ignore[arg-type]
    (music,) = stage.customer.at("/music")
    assert music["CallStatus"] == "ringing"


async def test_keys_are_sent_to_the_callee(stage: Stage) -> None:
    """`sendDigits` after the answer, with its pauses; `sendOnPreanswer` while it rings."""
    callees = f'<Number sendDigits="1w2">{CALLEE}</Number>'
    stage.answers(dial(callee=callees))
    stage.waits({"wait_ms": 3000}, {"hang_up": True})
    stage.call()
    await stage.end()
    after = stage.heard()

    stage.answers(dial(callee=callees.replace("<Number", '<Number sendOnPreanswer="true"')))
    stage.waits(outcome="no_answer")
    stage.call({"wait_for": "ringing"}, {"wait_ms": 3000}, {"hang_up": True})
    await stage.plant.engine.settle()

    assert after == ["key 1", "key 2"]
    assert stage.heard() == ["key 1", "key 2"]
