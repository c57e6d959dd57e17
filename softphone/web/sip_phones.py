"""The volunteer's doors to the SIP phones of their own.

GET    /api/phones                        mine, with where each stands
POST   /api/phones                        another one, named by its device
PATCH  /api/phones/{id}                   another name, keys to press
DELETE /api/phones/{id}                   away with it
POST   /api/phones/{id}/link              a link that reveals its credentials once
POST   /api/phones/{id}/ring-me           ring it now
GET    /api/phones/{id}/ring-me/{ring}    what came of that
"""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_sip_phone import PhoneChange, add_sip_phone, change_sip_phone, remove_sip_phone
from softphone.actions.hand_out_sip_phone import make_link
from softphone.actions.limit import limit
from softphone.actions.record_audit import actor_of
from softphone.actions.ring_sip_phone import look_at_ring, ring_me
from softphone.actions.show_sip_phones import ShownPhones, show_phone, show_phones
from softphone.domain.errors import PlivoFailure
from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.ring_tests import ring_body
from softphone.domain.sessions import SignedIn
from softphone.domain.sip_phones import MOST_PHONES, SET_UP_WITHIN
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import require_step_up, volunteer_only
from softphone.web.sip_phone_bodies import NewPhone, PhoneChangeBody
from softphone.web.sip_phone_json import render_link, render_phone

sip_phones = Blueprint("sip_phones", __name__)

NEW_PHONES = 10
"""That one volunteer may ask for in `SET_UP_WITHIN`."""


@sip_phones.get("/api/phones")
@volunteer_only
async def own(signed_in: SignedIn) -> ResponseReturnValue:
    """My phones."""
    shown = await show_phones(deps().world, owner=signed_in.volunteer.id)
    return {"items": rendered(shown), "most": MOST_PHONES}


@sip_phones.post("/api/phones")
@volunteer_only
async def add(signed_in: SignedIn) -> ResponseReturnValue:
    """Another phone of mine."""
    body, world, me = await read_body(NewPhone), deps().world, signed_in.volunteer
    await limit(world, f"new-phones:{me.id}", turns=NEW_PHONES, window=SET_UP_WITHIN)
    phone = await add_sip_phone(world, actor_of(me), me.id, label=body.label)
    return await one_phone(phone.endpoint.id, owner=me.id), 201


@sip_phones.patch("/api/phones/<phone_id>")
@volunteer_only
async def change(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Another name, or keys to press."""
    body, me = await read_body(PhoneChangeBody), signed_in.volunteer
    wanted = PhoneChange(label=body.label, send_digits=body.send_digits)
    await change_sip_phone(deps().world, actor_of(me), EndpointId(phone_id), owner=me.id, change=wanted)
    return await one_phone(EndpointId(phone_id), owner=me.id)


@sip_phones.delete("/api/phones/<phone_id>")
@volunteer_only
async def remove(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Away with a phone of mine."""
    await read_body(Empty)
    me = signed_in.volunteer
    return removed(await remove_sip_phone(deps().world, actor_of(me), EndpointId(phone_id), owner=me.id))


@sip_phones.post("/api/phones/<phone_id>/link")
@volunteer_only
async def link(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """A link to the credentials of a phone of mine: they outlive my session, so the password is asked for."""
    await read_body(Empty)
    require_step_up(signed_in)
    me = signed_in.volunteer
    return render_link(await make_link(deps().world, actor_of(me), EndpointId(phone_id), owner=me.id)), 201


@sip_phones.post("/api/phones/<phone_id>/ring-me")
@volunteer_only
async def ring(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Ring a phone of mine."""
    await read_body(Empty)
    me = signed_in.volunteer
    return ring_body(await ring_me(deps().world, me, EndpointId(phone_id), owner=me.id)), 202


@sip_phones.get("/api/phones/<phone_id>/ring-me/<ring_id>")
@volunteer_only
async def rang(signed_in: SignedIn, phone_id: str, ring_id: str) -> ResponseReturnValue:
    """What came of it."""
    owner = signed_in.volunteer.id
    return ring_body(await look_at_ring(deps().world, EndpointId(phone_id), ring_id, owner=owner))


async def one_phone(phone_id: EndpointId, *, owner: VolunteerId | None) -> dict[str, object]:
    """A phone as it is now."""
    return rendered(await show_phone(deps().world, phone_id, owner=owner))[0]


def rendered(shown: ShownPhones) -> list[dict[str, object]]:
    """Phones as JSON."""
    now = deps().world.clock()
    return [render_phone(phone, newest, connections=shown.connections, now=now) for phone, newest in shown.phones]


def removed(to_come: PlivoFailure | None) -> ResponseReturnValue:
    """The answer to a removal: done, or done here and still to be done at Plivo."""
    if to_come is None:
        return {"removed": True}
    return {"removed": False, "problem": to_come.message}, 202
