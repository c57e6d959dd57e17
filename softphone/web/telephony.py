"""Plivo's callbacks. Whatever fails behind the signature, a caller is on the line and hears a sentence.

POST /telephony/{connection}/outgoing   an endpoint dials: XML
POST /telephony/{connection}/dialled    the Dial has ended: XML
POST /telephony/{connection}/legs       news of the dialled leg: told
POST /telephony/{connection}/status     the call has ended: told
"""

from quart import Blueprint

from softphone.actions.dial_out import dial_out
from softphone.actions.record_call import record_news
from softphone.plivo.callbacks import VerifiedCallback, read_dialled, read_hangup, read_leg
from softphone.web.deps import deps
from softphone.web.signed import signed_by_plivo

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
@signed_by_plivo
async def legs(callback: VerifiedCallback) -> bytes:
    """The dialled leg was answered or has ended."""
    world = deps().world
    return await record_news(world, callback, read_leg(callback, now=world.clock()))


@telephony.post("/telephony/status")
@telephony.post("/telephony/<connection>/status")
@signed_by_plivo
async def status(callback: VerifiedCallback) -> bytes:
    """The call has ended."""
    world = deps().world
    return await record_news(world, callback, read_hangup(callback, now=world.clock()))
