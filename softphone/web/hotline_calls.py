"""The volunteer's doors to hotline calls, and to the telephone of their own.

GET  /api/hotline-calls                  callers that ring for me, calls I had, my pause
POST /api/hotline-calls/{id}/decline     not me
POST /api/hotline-calls/{id}/block       block the caller, and until when
POST /api/hotline-calls/{id}/outcome     how it went
PUT  /api/hotline-calls/{id}/note        a note, where notes are on
POST /api/hotline-calls/{id}/hard        that was hard: a longer pause
POST /api/hotline-calls/{id}/ready       the pause is over
GET, PUT, DELETE /api/private-phone      my own telephone, rung because I ask for it
"""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_private_phone import forget_private_phone, set_private_phone
from softphone.actions.wrap_up import block, decline, look_at_duty, say_hard, say_outcome, say_ready, write_note
from softphone.domain.ids import CallRef
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.store.private_phones import select_private_phone
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import volunteer_only
from softphone.web.hotline_bodies import BlockBody, NoteBody, OutcomeBody, PrivatePhoneBody
from softphone.web.hotline_json import render_own_call, render_private_phone
from softphone.web.paging import read_page

hotline_calls = Blueprint("hotline_calls", __name__)


@hotline_calls.get("/api/hotline-calls")
@volunteer_only
async def own_calls(signed_in: SignedIn) -> ResponseReturnValue:
    """Callers that ring for me now, and the calls I had, newest first."""
    (limit, offset), world = read_page(), deps().world
    duty = await look_at_duty(world, signed_in.volunteer.id, limit=limit, offset=offset)
    now = world.clock()
    return {
        "offered": [render_own_call(one, now=now) for one in duty.offered],
        "items": [render_own_call(one, now=now) for one in duty.calls],
        "total": duty.total,
        "limit": limit,
        "offset": offset,
        "wrap_up_until": iso(duty.wrap_up_until) if duty.wrap_up_until else None,
    }


@hotline_calls.post("/api/hotline-calls/<ref>/decline")
@volunteer_only
async def declined(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """Not me, while others can answer."""
    await read_body(Empty)
    await decline(deps().world, signed_in.volunteer.id, CallRef(ref))
    return "", 204


@hotline_calls.post("/api/hotline-calls/<ref>/block")
@volunteer_only
async def blocked(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """Block the caller of a call of mine. No time is told for one who withholds their number: nobody knows them."""
    body = await read_body(BlockBody)
    made = await block(deps().world, signed_in.volunteer, CallRef(ref), body.reason)
    return {"until": iso(made.until) if made else None}


@hotline_calls.post("/api/hotline-calls/<ref>/outcome")
@volunteer_only
async def outcome(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """How a call of mine went."""
    body = await read_body(OutcomeBody)
    await say_outcome(deps().world, signed_in.volunteer.id, CallRef(ref), body.outcome)
    return "", 204


@hotline_calls.put("/api/hotline-calls/<ref>/note")
@volunteer_only
async def note(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """A note on a call of mine."""
    body = await read_body(NoteBody)
    await write_note(deps().world, signed_in.volunteer.id, CallRef(ref), body.note)
    return "", 204


@hotline_calls.post("/api/hotline-calls/<ref>/hard")
@volunteer_only
async def hard(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """That was hard."""
    await read_body(Empty)
    until = await say_hard(deps().world, signed_in.volunteer.id, CallRef(ref))
    return {"wrap_up_until": iso(until)}


@hotline_calls.post("/api/hotline-calls/<ref>/ready")
@volunteer_only
async def ready(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """I am ready for the next caller."""
    await read_body(Empty)
    await say_ready(deps().world, signed_in.volunteer.id, CallRef(ref))
    return "", 204


@hotline_calls.get("/api/private-phone")
@volunteer_only
async def private_phone(signed_in: SignedIn) -> ResponseReturnValue:
    """My own telephone, by its last digits."""
    world, me = deps().world, signed_in.volunteer.id
    return render_private_phone(
        await world.database.read(lambda db: select_private_phone(db, me, keyring=world.keyring))
    )


@hotline_calls.put("/api/private-phone")
@volunteer_only
async def put_private_phone(signed_in: SignedIn) -> ResponseReturnValue:
    """Ring me there."""
    body = await read_body(PrivatePhoneBody)
    phone = await set_private_phone(
        deps().world,
        signed_in.volunteer,
        number=body.number,
        enabled=body.enabled,
        in_fallback=body.in_fallback,
        send_digits=body.send_digits,
    )
    return render_private_phone(phone)


@hotline_calls.delete("/api/private-phone")
@volunteer_only
async def delete_private_phone(signed_in: SignedIn) -> ResponseReturnValue:
    """Forget my own telephone."""
    await read_body(Empty)
    await forget_private_phone(deps().world, signed_in.volunteer)
    return "", 204
