"""Says what a document says: sentences, recordings and keys, to the caller or to a called party."""

import asyncio
from collections.abc import Sequence

from softphone.sandbox.call import Call
from softphone.sandbox.ladder import Kind
from softphone.sandbox.legs import Leg
from softphone.sandbox.verbs import Play, Speak, Wait

# Seconds of a document that each pause among keys lasts (`wire.md` 3.2).
PAUSES = {"w": 0.5, "W": 1.0}


async def utter(call: Call, verb: Speak | Play, *, stop_at: str = "") -> str | None:
    """Speak or play to the caller, as often as the element says: the key that stopped it, or None. Raises: CallOver."""
    said = 0
    while verb.loop == 0 or said < verb.loop:
        said += 1
        _note(call, verb)
        key = await call.during(_heard(call.leg, verb), stop_at=stop_at)
        if key is not None:
            return key
    return None


async def utter_all(call: Call, leg: Leg, sounds: Sequence[Speak | Play | Wait], *, to: str | None) -> None:
    """Let one party hear sounds, one after the other, once. Each is noted when `to` names the party."""
    for sound in sounds:
        if isinstance(sound, Wait):
            await asyncio.sleep(sound.length * call.engine.second)
            continue
        for _ in range(max(1, sound.loop)):
            if to is not None:
                _note(call, sound, to=to)
            await _heard(leg, sound)


async def send_keys(call: Call, leg: Leg, keys: str) -> None:
    """Send keys with their pauses."""
    for key in keys:
        if key in PAUSES:
            await asyncio.sleep(PAUSES[key] * call.engine.second)
        else:
            await leg.send_digit(key)


async def _heard(leg: Leg, verb: Speak | Play) -> None:
    if isinstance(verb, Speak):
        await leg.speak(verb.text, language=verb.language, voice=verb.voice)
    else:
        await leg.play(verb.url)


def _note(call: Call, verb: Speak | Play, *, to: str = "") -> None:
    who = f" to {to}" if to else ""
    if isinstance(verb, Speak):
        call.note(Kind.TO_PHONE, f"Speak{who}", detail=verb.text)
    else:
        call.note(Kind.TO_PHONE, f"Play{who}", detail=verb.url)
