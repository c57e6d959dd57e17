"""`<Record>`: how it ends, what is told, what is kept (`wire.md` 3.6)."""

import io
import wave
from collections.abc import AsyncIterator

import pytest

from tests.sandbox.stage import CALLER, HOTLINE, Stage, a_stage

ASKS = 'action="http://customer/done" callbackUrl="http://customer/ready"'
PATIENT = 'timeout="80000" maxLength="80000"'


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A sandbox without sockets; the customer thanks for every message."""
    async with a_stage() as stage:
        stage.answers("<Speak>Thank you.</Speak>", at="/done")
        stage.customer.documents["/ready"] = ""
        yield stage


async def test_a_message_ends_with_a_key_and_both_urls_are_told(stage: Stage) -> None:
    """Beep, the voice, `#`: the action is asked first, the callback follows when the file is ready."""
    stage.answers(f"<Speak>Leave a message.</Speak><Record {ASKS} {PATIENT}/>")

    caller = stage.call({"wait_for": "beep"}, {"wait_for": "recording"}, {"talk_ms": 3000}, {"press": "#"})
    end = await stage.end()

    (action,), (ready,) = stage.customer.at("/done"), stage.customer.at("/ready")
    (recording,) = stage.plant.account.recordings.all()
    seen = stage.plant.parties.caller(caller)
    assert action["RecordUrl"].endswith(f"/v1/Account/MASANDBOX00000000000/Recording/{recording.recording_id}.mp3")
    assert (action["RecordingID"], action["Digits"]) == (recording.recording_id, "#")
    assert int(action["RecordingDurationMs"]) >= 3000
    assert int(action["RecordingDuration"]) == round(int(action["RecordingDurationMs"]) / 1000)
    assert int(action["RecordingEndMs"]) - int(action["RecordingStartMs"]) == int(action["RecordingDurationMs"])
    assert "Digits" not in ready
    assert ready["RecordUrl"] == action["RecordUrl"]
    assert [path for path, _ in stage.customer.told if path in ("/done", "/ready")] == ["/done", "/ready"]
    assert seen is not None
    assert seen["heard"] == ["Leave a message.", "Thank you."]
    assert end["HangupCauseCode"] == "4010"


async def test_what_was_said_is_in_the_file(stage: Stage) -> None:
    """A WAV file as long as the recording says, with the caller's tone in it."""
    stage.answers('<Record finishOnKey="*" timeout="80000" maxLength="80000"/>')

    stage.call({"wait_for": "recording"}, {"talk_ms": 2000}, {"press": "*"})
    await stage.end()

    (recording,) = stage.plant.account.recordings.all()
    with wave.open(io.BytesIO(recording.wav)) as file:
        samples = file.readframes(file.getnframes())
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        assert abs(file.getnframes() / 8 - recording.ms) <= 1
    assert any(samples)
    assert (recording.from_number, recording.to_number, recording.call_uuid) == (
        CALLER,
        HOTLINE,
        stage.ladder.call_uuid,
    )


@pytest.mark.parametrize(
    ("attributes", "steps", "at_least"),
    [('timeout="2"', (), 2000), ('timeout="3" maxLength="5"', ({"talk_ms": 9_000_000},), 5000)],
    ids=["silence", "the longest"],
)
async def test_a_message_ends_by_itself(
    stage: Stage, attributes: str, steps: tuple[dict[str, object], ...], at_least: int
) -> None:
    """After so many seconds of silence, or at its greatest length; `Digits` is empty then."""
    stage.answers(f"<Record {ASKS} {attributes}/>")

    stage.call({"wait_for": "recording"}, *steps)
    await stage.end()

    (action,) = stage.customer.at("/done")
    assert action["Digits"] == ""
    assert int(action["RecordingDurationMs"]) >= at_least


async def test_other_keys_do_not_end_a_message(stage: Stage) -> None:
    """`none` means that no key does; here it is the silence."""
    stage.answers(f'<Record {ASKS} finishOnKey="none" timeout="2" playBeep="false"/>')

    stage.call({"wait_for": "recording"}, {"press": "#1"})
    await stage.end()

    (action,) = stage.customer.at("/done")
    assert action["Digits"] == ""
    assert "Beep" not in [step.title for step in stage.ladder.steps]


@pytest.mark.parametrize("switched_on", [True, False])
async def test_who_hangs_up_has_left_a_message_all_the_same(stage: Stage, switched_on: bool) -> None:
    """The commonest end. Whether the action is asked then can be switched; the callback always comes."""
    stage.plant.account.recordings.action_after_hangup = switched_on
    stage.answers(f"<Record {ASKS} {PATIENT}/>")

    stage.call({"wait_for": "recording"}, {"talk_ms": 1000}, {"hang_up": True})
    end = await stage.end()

    (ready,) = stage.customer.at("/ready")
    told = stage.customer.at("/done")
    assert int(ready["RecordingDurationMs"]) >= 1000
    assert [one["CallStatus"] for one in told] == (["completed"] if switched_on else [])
    assert (end["HangupCauseCode"], end["HangupSource"]) == ("4000", "Caller")


async def test_a_message_without_a_word_is_a_recording_too(stage: Stage) -> None:
    """Hanging up at the beep leaves a file of next to nothing: the customer has to notice by its length."""
    stage.answers(f"<Record {ASKS} {PATIENT}/>")

    stage.call({"wait_for": "recording"}, {"hang_up": True})
    await stage.end()

    (ready,) = stage.customer.at("/ready")
    (recording,) = stage.plant.account.recordings.all()
    assert ready["RecordingDurationMs"] == str(recording.ms)
    assert not any(recording.wav[44:])


async def test_without_redirect_the_document_goes_on(stage: Stage) -> None:
    """The action is only told."""
    stage.answers(f'<Record {ASKS} redirect="false" timeout="1"/><Speak>Goodbye.</Speak>')

    caller = stage.call()
    await stage.end()

    seen = stage.plant.parties.caller(caller)
    assert len(stage.customer.at("/done")) == 1
    assert seen is not None
    assert seen["heard"] == ["Goodbye."]


async def test_a_whole_call_is_recorded_in_the_background(stage: Stage) -> None:
    """The document goes on at once, lengths are -1 in the action, and the callback comes after the end."""
    stage.answers(f'<Record {ASKS} recordSession="true" redirect="false" fileFormat="wav"/><Speak>Hello.</Speak>')

    stage.call()
    await stage.end()

    (action,), (ready,) = stage.customer.at("/done"), stage.customer.at("/ready")
    assert (action["RecordingDuration"], action["RecordingEndMs"]) == ("-1", "-1")
    assert ready["RecordingID"] == action["RecordingID"]
    assert ready["RecordUrl"].endswith(".wav")
    assert int(ready["RecordingDuration"]) >= 0


async def test_nothing_is_recorded_of_a_dial_that_nobody_answers(stage: Stage) -> None:
    """`startOnDialAnswer` waits for a callee."""
    stage.answers(
        f'<Record {ASKS} startOnDialAnswer="true" redirect="false"/>'
        '<Dial callerId="14155550100"><Number>14155550199</Number></Dial>'
    )

    stage.call()
    await stage.end()

    assert stage.customer.at("/ready") == []
    assert stage.plant.account.recordings.all() == ()
