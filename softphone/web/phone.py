"""The phone's doors: may I, a token, and what became of it."""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from softphone.actions.issue_token import issue_token
from softphone.actions.record_registration import Said, record_registration
from softphone.actions.webrtc_status import PROVIDER, webrtc_body, webrtc_status
from softphone.domain.registration import Registration
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.web.bodies import read_body
from softphone.web.deps import deps
from softphone.web.guards import volunteer_only
from softphone.web.phone_bodies import RegistrationBody, TokenBody

phone = Blueprint("phone", __name__)


@phone.get("/api/webrtc-status")
@volunteer_only
async def status(signed_in: SignedIn) -> ResponseReturnValue:
    """May I use the browser phone now, and if not, why?"""
    decision = await webrtc_status(deps().world, signed_in.volunteer.id)
    return {**webrtc_body(decision), "provider": PROVIDER}


@phone.post("/api/webrtc-token")
@volunteer_only
async def token(signed_in: SignedIn) -> ResponseReturnValue:
    """A token for my own endpoint. Whose it is follows from the session alone."""
    body, world = await read_body(TokenBody), deps().world
    issued = await issue_token(world, signed_in.volunteer, after_refusal=body.after_refusal)
    answer = {
        "token": issued.secret.reveal(),
        "provider": PROVIDER,
        "identity": issued.identity,
        "sip_uri": issued.sip_uri,
        "ttl": int(issued.ttl.total_seconds()),
        "expires_at": iso(issued.expires_at),
        "server_time": iso(world.clock()),
        "signalling": list(world.settings.signalling_urls),
    }
    return answer, 200, {"Cache-Control": "no-store"}


@phone.post("/api/registrations")
@volunteer_only
async def registration(signed_in: SignedIn) -> ResponseReturnValue:
    """What my device says about its registration, and where it stands now."""
    body = await read_body(RegistrationBody)
    said = Said(
        device_id=body.device_id,
        state=body.state,
        expires_in=body.expires_in,
        reason=body.reason or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
    standing = await record_registration(deps().world, signed_in.volunteer.id, said)
    newest = standing.newest
    own = newest if newest is not None and newest.device_id == body.device_id else None
    reachable = newest is not None and newest.reachable(standing.now)
    return {
        "current": standing.current,
        "generation": newest.generation if newest else 0,
        "registered_at": iso(own.registered_at) if own else None,
        "expires_at": iso(own.expires_at) if own else None,
        "device": {"id": body.device_id, "label": standing.device_label},
        "current_device": render_device(newest) if newest is not None and reachable else None,
    }


def render_device(newest: Registration) -> dict[str, object]:
    """A device that rings, as pages name it."""
    return {"id": newest.device_id, "label": newest.device_label, "since": iso(newest.registered_at)}
