"""Whether two parties' sound can meet, and what is done where it cannot: the call goes on, and everybody is told."""

from softphone.sandbox.call import Call
from softphone.sandbox.ladder import Kind
from softphone.sandbox.legs import Leg
from softphone.sandbox.sip.media import SoundPath, fits, path_of
from softphone.sandbox.sip.sdp import offer_without_media

NO_SOUND = "You are connected, but you cannot hear each other here. A browser and this telephone need a media gateway."
"""Spoken to whoever can hear it."""


def offer_for(call: Call, leg: Leg, offer: str) -> str:
    """What to ring a party with: the caller's offer, or for a browser one of nobody's where it cannot take that."""
    if leg.browser and path_of(offer) not in (SoundPath.BROWSER, SoundPath.UNKNOWN):
        return offer_without_media(call.engine.ids.bytes)
    return offer


def answer_for(offer: str | None, answer: str | None) -> str | None:
    """What the other side answered, for the party that made the offer; None where it could not take it."""
    return answer if fits(offer, answer) else None


def tell_no_sound(call: Call, offer: str | None, callee: Leg, answer: str) -> None:
    """Say it where two parties that have just been joined cannot hear each other."""
    if fits(offer, answer):
        return
    call.note(
        Kind.ERROR,
        "No sound between these two: a media gateway is needed",
        detail=f"the caller speaks {path_of(offer).value}\nthe callee speaks {path_of(answer).value}\n"
        "Plivo translates between them; the sandbox has no media server. Ringing, keys and hanging up work.",
    )
    for leg in (call.leg, callee):
        call.background(leg.speak(NO_SOUND, language="en-US", voice="WOMAN"))


async def reoffer(leg: Leg, own: str | None, sdp: str) -> str | None:
    """Hand a new offer to the other side, whose last description is `own`; its answer, or None where it takes none."""
    return await leg.reoffer(sdp) if fits(own, sdp) else None
