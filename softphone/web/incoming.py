"""Callers from outside. Whatever fails behind the signature, they hear a person ring, a recorder, or a sentence.

POST /telephony/{connection}/incoming           a number of ours is called: XML
POST /telephony/{connection}/incoming/next      a step is over: keys, a Dial's end, a pause: XML
POST /telephony/{connection}/incoming/legs      news of a leg that rings for the caller: told
POST /telephony/{connection}/incoming/confirm   what a private phone hears before it may take the call: XML

The query names the step (`step`), or how often a caller was answered without the database (`blind`). We wrote it into
the document, and Plivo signs it with the rest of the address.
"""

from quart import Blueprint, request

from softphone.actions.confirm_phone import confirm_phone
from softphone.actions.hear_legs import hear_leg
from softphone.actions.stand_in import stand_in
from softphone.actions.take_call import go_on, take_call
from softphone.plivo.callbacks import VerifiedCallback
from softphone.web.deps import deps
from softphone.web.signed import signed_by_plivo, signed_with_stand_in, told_by_plivo

incoming = Blueprint("incoming", __name__)

MOST_STEPS = 9999


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return min(int(text), MOST_STEPS) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


async def _stand_in(callback: VerifiedCallback) -> bytes:
    return await stand_in(deps().world, callback, blind=_number("blind"))


@incoming.post("/telephony/incoming")
@incoming.post("/telephony/<connection>/incoming")
@signed_with_stand_in(_stand_in)
async def called(callback: VerifiedCallback) -> bytes:
    """Somebody calls."""
    return await take_call(deps().world, callback)


@incoming.post("/telephony/<connection>/incoming/next")
@signed_with_stand_in(_stand_in)
async def following(callback: VerifiedCallback) -> bytes:
    """What comes next for a caller."""
    return await go_on(deps().world, callback, step=_number("step"))


@incoming.post("/telephony/<connection>/incoming/legs")
@told_by_plivo
async def legs(callback: VerifiedCallback) -> bytes:
    """A phone has answered, was joined to the caller, or has ended."""
    return await hear_leg(deps().world, callback, step=_number("step"))


@incoming.post("/telephony/<connection>/incoming/confirm")
@signed_by_plivo
async def confirm(_callback: VerifiedCallback) -> bytes:
    """A private phone was picked up, perhaps by its mailbox."""
    return await confirm_phone(deps().world, request.args.get("hotline", ""))
