"""The live board, and what it is made from.

GET  /api/admin/board                what happens now  ?hotline=
GET  /api/admin/alerts               shifts that were, or are, empty or doubtful
POST /api/presence                   my page is there
POST /api/hotline-calls/{ref}/rings  my page rings for this caller
"""

from quart import Blueprint, request
from quart.typing import ResponseReturnValue

from softphone.actions.hear_page import hear_presence, hear_ring
from softphone.actions.see_board import see_board
from softphone.actions.watch_shifts import doubt_body
from softphone.domain.alerts import Alert
from softphone.domain.ids import CallRef, HotlineId
from softphone.domain.sessions import SignedIn
from softphone.store.database import Connection
from softphone.store.doubts import count_alerts, select_alerts
from softphone.web.board_json import render_alert, render_board
from softphone.web.bodies import Body, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, volunteer_only
from softphone.web.paging import read_page

board = Blueprint("board", __name__)


class DeviceBody(Body, frozen=True):
    """Which device says it: the id that it registers with."""

    device_id: str


@board.get("/api/admin/board")
@admin_only
async def live_board(_signed_in: SignedIn) -> ResponseReturnValue:
    """Callers, volunteers and today's figures, of one hotline or of all."""
    wanted = request.args.get("hotline") or None
    return render_board(await see_board(deps().world, HotlineId(wanted) if wanted else None), alone=wanted is not None)


@board.get("/api/admin/alerts")
@admin_only
async def alerts(_signed_in: SignedIn) -> ResponseReturnValue:
    """What is wrong with shifts, and what was."""
    limit, offset = read_page()

    async def unit(db: Connection) -> tuple[list[Alert], tuple[int, int]]:
        return await select_alerts(db, limit=limit, offset=offset), await count_alerts(db)

    found, (total, left) = await deps().world.database.read(unit)
    items = [render_alert(one) for one in found]
    return {"items": items, "open": left, "total": total, "limit": limit, "offset": offset}


@board.post("/api/presence")
@volunteer_only
async def presence(signed_in: SignedIn) -> ResponseReturnValue:
    """My page is there; the doubt about me, if there is one."""
    body = await read_body(DeviceBody)
    told = await hear_presence(deps().world, signed_in.volunteer.id, body.device_id)
    return {"doubt": doubt_body(told.why, since=told.since) if told else None}


@board.post("/api/hotline-calls/<ref>/rings")
@volunteer_only
async def rings(signed_in: SignedIn, ref: str) -> ResponseReturnValue:
    """My page rings for this caller."""
    body = await read_body(DeviceBody)
    await hear_ring(deps().world, signed_in.volunteer.id, CallRef(ref), body.device_id)
    return {}
