"""What is heard while a `<Dial>` rings and before it joins: dialMusic, and confirmSound (`wire.md` 3.5)."""

import asyncio

from softphone.sandbox.branches import Branch, tell_callback
from softphone.sandbox.call import Call
from softphone.sandbox.documents import fetch_sounds
from softphone.sandbox.hangups import hangup
from softphone.sandbox.ladder import Kind
from softphone.sandbox.utter import utter_all
from softphone.sandbox.verbs import Dial

# Seconds of a document between two rounds of music, so that an empty one does not spin.
BETWEEN_ROUNDS = 0.1


def ask_to_confirm(call: Call, dial: Dial, branch: Branch) -> None:
    """Let a callee who has picked up hear confirmSound; with confirmKey there is so long to press it."""
    if dial.confirm_key is not None:
        call.note(Kind.PLIVO, f"{branch.to} has to press {dial.confirm_key}", detail=f"within {dial.confirm_timeout} s")
        call.order_later(hangup(9110, source="Callee"), seconds=dial.confirm_timeout, leg_uuid=branch.uuid)
    tell_callback(call, dial, branch, "answer")
    branch.sound = call.background(_confirm_sound(call, dial, branch))


def tell_unconfirmed(call: Call, dial: Dial, branch: Branch) -> None:
    """Tell the callbackUrl that a callee who had picked up is gone without having been joined."""
    if branch.sound is not None and branch.end is not None:
        tell_callback(call, dial, branch, "hangup")


def start_music(call: Call, dial: Dial) -> "asyncio.Task[None] | None":
    """Let the caller hear dialMusic instead of the ringing tone. None when there is none to be fetched."""
    if dial.dial_music is None or dial.dial_music in ("real", "none"):
        return None
    return call.background(_music(call, dial.dial_music))


async def stop_music(call: Call, music: "asyncio.Task[None] | None") -> None:
    """End the music."""
    if music is not None:
        music.cancel()
        await call.leg.stop_audio()


async def _confirm_sound(call: Call, dial: Dial, branch: Branch) -> None:
    sounds = await fetch_sounds(call, dial.confirm_sound or "")
    if branch.leg is not None and branch.open:
        await branch.leg.expect_keys()
        await utter_all(call, branch.leg, sounds, to=branch.to)


async def _music(call: Call, url: str) -> None:
    sounds = await fetch_sounds(call, url)
    to: str | None = "the caller"
    while sounds and not call.gone:
        await utter_all(call, call.leg, sounds, to=to)
        to = None
        await asyncio.sleep(BETWEEN_ROUNDS * call.engine.second)
