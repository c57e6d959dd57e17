"""The administrator's doors to everybody's SIP phones, and to the endpoints that Plivo has.

GET, POST      /api/admin/phones
PATCH, DELETE  /api/admin/phones/{id}
POST           /api/admin/phones/{id}/link, /ring-me, /move, /recreate
GET            /api/admin/phones/{id}/ring-me/{ring}
GET            /api/admin/plivo-endpoints              both sides compared, as Plivo is now
POST           /api/admin/plivo-endpoints/{id}/adopt   make a stranger a volunteer's phone
DELETE         /api/admin/plivo-endpoints/{id}         delete a stranger at Plivo
"""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_sip_phone import (
    PhoneChange,
    add_sip_phone,
    change_sip_phone,
    lead_here,
    recreate_sip_phone,
    remove_sip_phone,
)
from softphone.actions.compare_endpoints import adopt_endpoint, compare_endpoints, remove_stranger
from softphone.actions.hand_out_sip_phone import make_link
from softphone.actions.record_audit import actor_of
from softphone.actions.ring_sip_phone import look_at_ring, ring_me
from softphone.actions.show_sip_phones import show_phones
from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.ring_tests import ring_body
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, require_step_up
from softphone.web.paging import read_page
from softphone.web.sip_phone_bodies import NewPhoneOf, PhoneChangeBody
from softphone.web.sip_phone_json import render_compared, render_link
from softphone.web.sip_phones import one_phone, removed, rendered

admin_sip_phones = Blueprint("admin_sip_phones", __name__)


@admin_sip_phones.get("/api/admin/phones")
@admin_only
async def everybodys(_signed_in: SignedIn) -> ResponseReturnValue:
    """Everybody's phones, and how looking at them goes."""
    limit, offset = read_page()
    shown = await show_phones(deps().world, owner=None, limit=limit, offset=offset)
    watch = [
        {
            "connection": {"id": one.connection_id, "name": shown.connections.get(one.connection_id, "")},
            "read_at": iso(one.read_at) if one.read_at else None,
            "problem": one.problem,
            "next_at": iso(one.next_at),
        }
        for one in shown.watches.values()
    ]
    return {"items": rendered(shown), "total": shown.total, "limit": limit, "offset": offset, "watch": watch}


@admin_sip_phones.post("/api/admin/phones")
@admin_only
async def add(signed_in: SignedIn) -> ResponseReturnValue:
    """A phone for somebody."""
    body = await read_body(NewPhoneOf)
    actor = actor_of(signed_in.volunteer)
    phone = await add_sip_phone(deps().world, actor, VolunteerId(body.volunteer_id), label=body.label)
    return await one_phone(phone.endpoint.id, owner=None), 201


@admin_sip_phones.patch("/api/admin/phones/<phone_id>")
@admin_only
async def change(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Another name, or keys to press."""
    body = await read_body(PhoneChangeBody)
    wanted = PhoneChange(label=body.label, send_digits=body.send_digits)
    actor = actor_of(signed_in.volunteer)
    await change_sip_phone(deps().world, actor, EndpointId(phone_id), owner=None, change=wanted)
    return await one_phone(EndpointId(phone_id), owner=None)


@admin_sip_phones.delete("/api/admin/phones/<phone_id>")
@admin_only
async def remove(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Away with somebody's phone."""
    await read_body(Empty)
    actor = actor_of(signed_in.volunteer)
    return removed(await remove_sip_phone(deps().world, actor, EndpointId(phone_id), owner=None))


@admin_sip_phones.post("/api/admin/phones/<phone_id>/link")
@admin_only
async def link(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """A link to the credentials of somebody's phone."""
    await read_body(Empty)
    require_step_up(signed_in)
    actor = actor_of(signed_in.volunteer)
    return render_link(await make_link(deps().world, actor, EndpointId(phone_id), owner=None)), 201


@admin_sip_phones.post("/api/admin/phones/<phone_id>/ring-me")
@admin_only
async def ring(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Ring somebody's phone."""
    await read_body(Empty)
    return ring_body(await ring_me(deps().world, signed_in.volunteer, EndpointId(phone_id), owner=None)), 202


@admin_sip_phones.get("/api/admin/phones/<phone_id>/ring-me/<ring_id>")
@admin_only
async def rang(_signed_in: SignedIn, phone_id: str, ring_id: str) -> ResponseReturnValue:
    """What came of it."""
    return ring_body(await look_at_ring(deps().world, EndpointId(phone_id), ring_id, owner=None))


@admin_sip_phones.post("/api/admin/phones/<phone_id>/move")
@admin_only
async def move(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Attach a phone to our application."""
    await read_body(Empty)
    await lead_here(deps().world, actor_of(signed_in.volunteer), EndpointId(phone_id))
    return await one_phone(EndpointId(phone_id), owner=None)


@admin_sip_phones.post("/api/admin/phones/<phone_id>/recreate")
@admin_only
async def recreate(signed_in: SignedIn, phone_id: str) -> ResponseReturnValue:
    """Make a phone again that Plivo has lost."""
    await read_body(Empty)
    await recreate_sip_phone(deps().world, actor_of(signed_in.volunteer), EndpointId(phone_id))
    return await one_phone(EndpointId(phone_id), owner=None)


@admin_sip_phones.get("/api/admin/plivo-endpoints")
@admin_only
async def compare(_signed_in: SignedIn) -> ResponseReturnValue:
    """Plivo's endpoints and ours, side by side."""
    world = deps().world
    items = [render_compared(one) for one in await compare_endpoints(world)]
    return {"items": items, "checked_at": iso(world.clock())}


@admin_sip_phones.post("/api/admin/plivo-endpoints/<plivo_id>/adopt")
@admin_only
async def adopt(signed_in: SignedIn, plivo_id: str) -> ResponseReturnValue:
    """Make an endpoint that only Plivo has somebody's phone."""
    body = await read_body(NewPhoneOf)
    require_step_up(signed_in)
    actor, volunteer = actor_of(signed_in.volunteer), VolunteerId(body.volunteer_id)
    phone = await adopt_endpoint(deps().world, actor, plivo_id, volunteer=volunteer, label=body.label)
    return await one_phone(phone.endpoint.id, owner=None), 201


@admin_sip_phones.delete("/api/admin/plivo-endpoints/<plivo_id>")
@admin_only
async def remove_theirs(signed_in: SignedIn, plivo_id: str) -> ResponseReturnValue:
    """Delete an endpoint that only Plivo has."""
    await read_body(Empty)
    require_step_up(signed_in)
    await remove_stranger(deps().world, actor_of(signed_in.volunteer), plivo_id)
    return "", 204
