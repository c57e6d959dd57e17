"""Who called whom, as each may see it."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.domain.call_views import call_body
from softphone.domain.calls import Call
from softphone.domain.ids import VolunteerId
from softphone.domain.sessions import SignedIn
from softphone.store.calls import count_calls, count_calls_of, select_calls, select_calls_of
from softphone.store.database import Connection
from softphone.web.deps import deps
from softphone.web.guards import admin_only, volunteer_only
from softphone.web.paging import read_page

calls = Blueprint("calls", __name__)


@calls.get("/api/calls")
@volunteer_only
async def own_calls(signed_in: SignedIn) -> ResponseReturnValue:
    """The calls I made and received, newest first."""
    limit, offset = read_page()
    me = signed_in.volunteer.id

    async def unit(db: Connection) -> tuple[list[Call], int]:
        return await select_calls_of(db, me, limit=limit, offset=offset), await count_calls_of(db, me)

    found, total = await deps().world.database.read(unit)
    items = [call_body(call, me) for call in found]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


@calls.get("/api/admin/calls")
@admin_only
async def all_calls(signed_in: SignedIn) -> ResponseReturnValue:
    """Every call, from its caller's side, newest first."""
    limit, offset = read_page()

    async def unit(db: Connection) -> tuple[list[Call], int]:
        return await select_calls(db, limit=limit, offset=offset), await count_calls(db)

    found, total = await deps().world.database.read(unit)
    items = [_with_volunteer(call) for call in found]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


def _with_volunteer(call: Call) -> dict[str, object]:
    caller = call.caller
    body = call_body(call, VolunteerId(caller.id if caller else ""))
    return {**body, "volunteer": {"id": caller.id, "name": caller.name} if caller else None}
