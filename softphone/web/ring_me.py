"""Plivo's callbacks about test calls. The query names the test; we wrote it, and Plivo signs it with the address.

POST /telephony/{connection}/ring-me           the phone was picked up: XML
POST /telephony/{connection}/ring-me/pressed   a key, or none: XML
POST /telephony/{connection}/ring-me/ended     the call has ended: told
"""

from quart import Blueprint, request

from softphone.actions.ring_sip_phone import hear_answered, hear_ended, hear_pressed
from softphone.plivo.callbacks import VerifiedCallback
from softphone.web.deps import deps
from softphone.web.signed import signed_by_plivo

ring_me = Blueprint("ring_me", __name__)


@ring_me.post("/telephony/<connection>/ring-me")
@signed_by_plivo
async def picked_up(callback: VerifiedCallback) -> bytes:
    """Somebody, or something, has answered."""
    return await hear_answered(deps().world, callback, request.args.get("ring", ""))


@ring_me.post("/telephony/<connection>/ring-me/pressed")
@signed_by_plivo
async def pressed(callback: VerifiedCallback) -> bytes:
    """A key was pressed."""
    return await hear_pressed(deps().world, callback, request.args.get("ring", ""))


@ring_me.post("/telephony/<connection>/ring-me/ended")
@signed_by_plivo
async def ended(callback: VerifiedCallback) -> bytes:
    """The test is over."""
    return await hear_ended(deps().world, callback, request.args.get("ring", ""))
