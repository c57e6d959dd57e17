"""Plivo's callbacks. Whatever fails behind the signature, a caller is on the line and hears a sentence.

POST /telephony/{connection}/outgoing   an endpoint dials: XML
POST /telephony/{connection}/dialled    the Dial has ended: XML
POST /telephony/{connection}/legs       news of the dialled leg: told
POST /telephony/{connection}/status     the call has ended: told
POST /telephony/{connection}/message    a message has ended: XML
POST /telephony/{connection}/recorded   its file is there: told
"""

from quart import Blueprint, request

from softphone.actions.dial_out import dial_out
from softphone.actions.hear_legs import hear_end
from softphone.actions.record_call import record_news
from softphone.actions.take_message import end_message, note_recorded
from softphone.plivo.callbacks import VerifiedCallback, read_dialled, read_leg
from softphone.web.deps import deps
from softphone.web.signed import signed_by_plivo, told_by_plivo

telephony = Blueprint("telephony", __name__)


@telephony.post("/telephony/outgoing")
@telephony.post("/telephony/<connection>/outgoing")
@signed_by_plivo
async def outgoing(callback: VerifiedCallback) -> bytes:
    """An endpoint has started a call."""
    return await dial_out(deps().world, callback)


@telephony.post("/telephony/<connection>/dialled")
@signed_by_plivo
async def dialled(callback: VerifiedCallback) -> bytes:
    """The Dial has ended; so does the call."""
    world = deps().world
    return await record_news(world, callback, read_dialled(callback, now=world.clock()))


@telephony.post("/telephony/<connection>/legs")
@told_by_plivo
async def legs(callback: VerifiedCallback) -> bytes:
    """The dialled leg was answered or has ended."""
    world = deps().world
    return await record_news(world, callback, read_leg(callback, rung=_rung(), now=world.clock()))


@telephony.post("/telephony/status")
@telephony.post("/telephony/<connection>/status")
@told_by_plivo
async def status(callback: VerifiedCallback) -> bytes:
    """The call has ended, a volunteer's or a hotline's."""
    return await hear_end(deps().world, callback)


@telephony.post("/telephony/<connection>/message")
@signed_by_plivo
async def message(callback: VerifiedCallback) -> bytes:
    """A caller has spoken, or not; they may still be there."""
    hotline, language = _of_message()
    return await end_message(deps().world, callback, hotline_id=hotline, language=language)


@telephony.post("/telephony/<connection>/recorded")
@told_by_plivo
async def recorded(callback: VerifiedCallback) -> bytes:
    """The file of a message is there."""
    hotline, language = _of_message()
    return await note_recorded(deps().world, callback, hotline_id=hotline, language=language)


def _rung() -> int:
    # How many phones ring for the call: written by us into the document, and signed with the rest of the address.
    text = request.args.get("rung", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 1


def _of_message() -> tuple[str, str]:
    # Written by us into the document, and signed with the rest of the address.
    return request.args.get("hotline", ""), request.args.get("language", "")
