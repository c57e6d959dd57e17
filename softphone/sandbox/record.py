"""The element `<Record>`: a beep, what the caller says until a key, silence or the limit ends it (`wire.md` 3.6)."""

import asyncio
from collections.abc import Mapping

from softphone.sandbox import wav
from softphone.sandbox.call import Call, CallOver
from softphone.sandbox.documents import Source, Step
from softphone.sandbox.fields import standard
from softphone.sandbox.ladder import Kind
from softphone.sandbox.legs import Sound
from softphone.sandbox.recordings import Recording
from softphone.sandbox.verbs import Record

# Seconds until a file is ready to be told about. Plivo names no figure; it is after the action was asked.
READY_AFTER = 0.2


async def run_record(call: Call, verb: Record) -> Step:
    """Record the caller, or begin to record the call in the background. Raises: CallOver."""
    if verb.record_session or verb.start_on_dial_answer:
        return _begin_in_background(call, verb)
    await call.answer(None)
    if verb.play_beep:
        call.note(Kind.TO_PHONE, "Beep")
        await call.during(call.leg.beep())
    kept, key, over = await _listen(call, verb)
    action = {**standard(call, "Record"), **_what(call, kept), "Digits": key}
    if verb.callback_url is not None:
        _tell_ready(call, verb, kept)
    if verb.action is None:
        step: Step = None
    elif over is None and verb.redirect:
        step = Source(url=verb.action, method=verb.method, fields=action, unreachable=7012, invalid=8012)
    else:
        step = None
        # Whether Plivo asks the action of a caller who has hung up is not documented: it can be switched.
        if over is None or call.engine.account.recordings.action_after_hangup:
            call.engine.callbacks.tell(verb.action, method=verb.method, fields=action, ladder=call.ladder)
    if over is not None:
        raise over
    return step


def finish_background(call: Call) -> None:
    """The call has ended: keep what was recorded of it in the background, and tell that it is ready.

    Voices travel between the browsers, past the sandbox, so the file is as long as the call, and silent.
    """
    for verb, recording_id in call.background_records:
        began = call.joined_at if verb.start_on_dial_answer else call.answered_at
        if began is None:
            call.note(Kind.PLIVO, "Nothing was recorded", detail="nobody answered")
            continue
        ms = round((call.engine.clock() - began).total_seconds() * 1000)
        kept = Recording(
            recording_id=recording_id,
            call_uuid=call.facts.uuid,
            from_number=call.facts.caller,
            to_number=call.facts.dialled,
            file_format=verb.file_format,
            started_at=began,
            ms=ms,
            wav=wav.tones((), ms=ms),
        )
        call.engine.account.recordings.keep(kept)
        call.note(Kind.PLIVO, f"The call was recorded: {_seconds(ms)}", detail="silent: voices do not pass here")
        if verb.callback_url is not None:
            _tell_ready(call, verb, kept)


async def _listen(call: Call, verb: Record) -> tuple[Recording, str, CallOver | None]:
    """What was recorded, the key that ended it, and the end of the call if that came first."""
    ends_with = f", {' or '.join(verb.finish_on_key)} ends it" if verb.finish_on_key else ""
    call.note(Kind.TO_PHONE, f"Record, {verb.max_length} s at most", detail=f"{verb.timeout} s of silence{ends_with}")
    began, over, key = call.engine.clock(), None, None
    second = call.engine.second
    recording = call.leg.record(limit=verb.max_length * second, silence=verb.timeout * second)
    listening = asyncio.create_task(recording)
    try:
        key = await call.during(_until(listening), stop_at=verb.finish_on_key)
    except CallOver as caught:
        over = caught
        await call.leg.stop_audio()
    sound = await listening or _unheard(call, began_ms=began.timestamp() * 1000)
    kept = Recording(
        recording_id=call.engine.ids.uuid(),
        call_uuid=call.facts.uuid,
        from_number=call.facts.caller,
        to_number=call.facts.dialled,
        file_format=verb.file_format,
        started_at=began,
        ms=sound.ms,
        wav=sound.wav,
    )
    call.engine.account.recordings.keep(kept)
    ended = f"ended by {key}" if key else "the caller hung up" if over else "ended by silence or its limit"
    call.note(Kind.FROM_PHONE, f"Recorded {_seconds(sound.ms)}", detail=ended)
    return kept, key or "", over


async def _until(listening: "asyncio.Task[Sound | None]") -> None:
    await asyncio.wait([listening])


def _unheard(call: Call, *, began_ms: float) -> Sound:
    """Nobody sent what was said, as when a page was closed: silence of that length."""
    ms = round(call.engine.clock().timestamp() * 1000 - began_ms)
    return Sound(wav=wav.tones((), ms=ms), ms=ms)


def _begin_in_background(call: Call, verb: Record) -> Step:
    recording_id = call.engine.ids.uuid()
    call.background_records.append((verb, recording_id))
    since = "from the moment a callee answers" if verb.start_on_dial_answer else "from now on"
    call.note(Kind.PLIVO, "The call is recorded in the background", detail=since)
    if verb.action is None:
        return None
    url = call.engine.account.recordings.url(recording_id, verb.file_format)
    unknown = dict.fromkeys(
        ("RecordingDuration", "RecordingDurationMs", "RecordingStartMs", "RecordingEndMs"), "-1"
    )  # `wire.md` 3.6
    fields = standard(call, "Record") | {"RecordUrl": url, "RecordingID": recording_id, **unknown, "Digits": ""}
    if verb.redirect:
        return Source(url=verb.action, method=verb.method, fields=fields, unreachable=7012, invalid=8012)
    call.engine.callbacks.tell(verb.action, method=verb.method, fields=fields, ladder=call.ladder)
    return None


def _tell_ready(call: Call, verb: Record, kept: Recording) -> None:
    call.engine.callbacks.tell(
        verb.callback_url or "",
        method=verb.callback_method,
        fields={**standard(call, "Record"), **_what(call, kept)},
        ladder=call.ladder,
        after=READY_AFTER * call.engine.second,
    )


def _what(call: Call, kept: Recording) -> Mapping[str, str]:
    return {
        "RecordUrl": call.engine.account.recordings.url(kept.recording_id, kept.file_format),
        "RecordingID": kept.recording_id,
        "RecordingDuration": str(round(kept.ms / 1000)),
        "RecordingDurationMs": str(kept.ms),
        "RecordingStartMs": str(round(kept.started_at.timestamp() * 1000)),
        "RecordingEndMs": str(round(kept.ended_at.timestamp() * 1000)),
    }


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"
