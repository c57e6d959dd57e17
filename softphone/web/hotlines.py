"""The administrator's doors to hotlines.

GET  /api/admin/hotlines                  POST  the same: add one
GET  /api/admin/hotlines/{id}             PATCH, DELETE the same
PUT  /api/admin/hotlines/{id}/closed      the exceptional switch
PUT  /api/admin/hotlines/{id}/members     who has the right to answer
POST /api/admin/hotlines/{id}/prepare     lead the numbers here at Plivo
GET  /api/admin/hotlines/{id}/who-rings   ?language=&at=: who would ring now, and why not the others
"""

from datetime import datetime

import msgspec
from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from softphone.actions.change_hotline import HotlineDraft, change_hotline, create_hotline, remove_hotline, set_members
from softphone.actions.explain_ringing import explain_ringing
from softphone.actions.prepare_hotline import prepare_hotline
from softphone.actions.record_audit import actor_of
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_rules import GivenSpan
from softphone.domain.ids import ConnectionId, HotlineId, VolunteerId
from softphone.domain.sessions import SignedIn
from softphone.store.database import Connection
from softphone.store.hotlines import count_hotlines, select_hotline, select_hotlines, select_members
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only
from softphone.web.hotline_bodies import ClosedSwitch, HotlineChange, MembersBody, NewHotline
from softphone.web.hotline_json import render_explained, render_hotline
from softphone.web.paging import read_page

hotlines = Blueprint("hotlines", __name__)


@hotlines.get("/api/admin/hotlines")
@admin_only
async def list_hotlines(_signed_in: SignedIn) -> ResponseReturnValue:
    """Every hotline, by name."""
    (limit, offset), world = read_page(), deps().world

    async def unit(db: Connection) -> tuple[list[tuple[Hotline, list[VolunteerId]]], int]:
        found = await select_hotlines(db, limit=limit, offset=offset)
        return [(one, await select_members(db, one.id)) for one in found], await count_hotlines(db)

    found, total = await world.database.read(unit)
    items = [render_hotline(hotline, members, now=world.clock()) for hotline, members in found]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


@hotlines.post("/api/admin/hotlines")
@admin_only
async def add_hotline(signed_in: SignedIn) -> ResponseReturnValue:
    """Add a hotline."""
    body = await read_body(NewHotline)
    connection = ConnectionId(body.connection_id) if body.connection_id is not None else None
    hotline = await create_hotline(deps().world, actor_of(signed_in.volunteer), _draft(body), connection_id=connection)
    return await _shown(hotline), 201


@hotlines.get("/api/admin/hotlines/<hotline_id>")
@admin_only
async def one_hotline(_signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """A hotline."""
    hotline = await deps().world.database.read(lambda db: select_hotline(db, HotlineId(hotline_id)))
    if hotline is None:
        raise NotFound
    return await _shown(hotline)


@hotlines.patch("/api/admin/hotlines/<hotline_id>")
@admin_only
async def patch_hotline(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Change a hotline."""
    draft = _draft(await read_body(HotlineChange))
    return await _shown(await change_hotline(deps().world, actor_of(signed_in.volunteer), HotlineId(hotline_id), draft))


@hotlines.delete("/api/admin/hotlines/<hotline_id>")
@admin_only
async def delete_hotline(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Delete a hotline that has had no calls."""
    await read_body(Empty)
    await remove_hotline(deps().world, actor_of(signed_in.volunteer), HotlineId(hotline_id))
    return "", 204


@hotlines.put("/api/admin/hotlines/<hotline_id>/closed")
@admin_only
async def switch_closed(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Close a hotline for now, whatever its hours say, or open it again."""
    draft = HotlineDraft(closed=(await read_body(ClosedSwitch)).closed)
    return await _shown(await change_hotline(deps().world, actor_of(signed_in.volunteer), HotlineId(hotline_id), draft))


@hotlines.put("/api/admin/hotlines/<hotline_id>/members")
@admin_only
async def put_members(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Say who has the right to answer."""
    body = await read_body(MembersBody)
    wanted = [VolunteerId(one) for one in body.volunteers]
    members = await set_members(deps().world, actor_of(signed_in.volunteer), HotlineId(hotline_id), wanted)
    return {"members": list(members)}


@hotlines.post("/api/admin/hotlines/<hotline_id>/prepare")
@admin_only
async def prepare(signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Have Plivo ask us about calls to the hotline's numbers."""
    await read_body(Empty)
    prepared = await prepare_hotline(deps().world, actor_of(signed_in.volunteer), HotlineId(hotline_id))
    return {
        "application_id": prepared.application_id,
        "attached": prepared.attached,
        "missing": prepared.missing,
    }


@hotlines.get("/api/admin/hotlines/<hotline_id>/who-rings")
@admin_only
async def who_rings(_signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Who would ring for a caller now, or at a moment, and why not the others."""
    explained = await explain_ringing(
        deps().world, HotlineId(hotline_id), language=request.args.get("language") or None, at=_moment()
    )
    return render_explained(explained)


def _moment() -> datetime | None:
    text = request.args.get("at")
    if not text:
        return None
    try:
        # A plus in a query is read as a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = "`at` is a time with its zone, such as 2026-12-24T22:00:00Z."
        raise InvalidInput(message, field="at")
    return moment


def _draft(body: HotlineChange) -> HotlineDraft:
    given = msgspec.structs.asdict(body)
    given.pop("connection_id", None)
    if body.hours is not None:
        given["hours"] = [GivenSpan(one.weekday, one.opens, one.closes) for one in body.hours]
    if body.holidays is not None:
        given["holidays"] = [(one.day, one.name) for one in body.holidays]
    return HotlineDraft(**given)


async def _shown(hotline: Hotline) -> dict[str, object]:
    world = deps().world
    members = await world.database.read(lambda db: select_members(db, hotline.id))
    return render_hotline(hotline, members, now=world.clock())
