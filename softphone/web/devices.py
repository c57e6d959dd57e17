"""The administrator's doors to devices: who is registered now, and the history of an endpoint."""

from datetime import datetime

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.domain.errors import NotFound
from softphone.domain.ids import EndpointId
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.store.database import Connection as Db
from softphone.store.endpoints import select_endpoint
from softphone.store.registrations import (
    OwnedRegistration,
    count_registered_endpoints,
    count_registrations,
    select_newest_registrations,
    select_registrations,
)
from softphone.web.deps import deps
from softphone.web.guards import admin_only
from softphone.web.paging import read_page

devices = Blueprint("devices", __name__)


@devices.get("/api/admin/devices")
@admin_only
async def list_devices(_signed_in: SignedIn) -> ResponseReturnValue:
    """The newest registration of every endpoint."""
    limit, offset = read_page()

    async def read(db: Db) -> tuple[list[OwnedRegistration], int]:
        found = await select_newest_registrations(db, limit=limit, offset=offset)
        return found, await count_registered_endpoints(db)

    world = deps().world
    found, total = await world.database.read(read)
    items = [render_device_row(one, newest=True, now=world.clock()) for one in found]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


@devices.get("/api/admin/endpoints/<endpoint_id>/registrations")
@admin_only
async def list_history(_signed_in: SignedIn, endpoint_id: str) -> ResponseReturnValue:
    """The registrations of an endpoint, newest first."""
    (limit, offset), endpoint = read_page(), EndpointId(endpoint_id)

    async def read(db: Db) -> tuple[list[OwnedRegistration], int]:
        if await select_endpoint(db, endpoint) is None:
            raise NotFound
        found = await select_registrations(db, endpoint, limit=limit, offset=offset)
        return found, await count_registrations(db, endpoint)

    world = deps().world
    found, total = await world.database.read(read)
    items = [
        render_device_row(one, newest=offset == 0 and place == 0, now=world.clock()) for place, one in enumerate(found)
    ]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


def render_device_row(one: OwnedRegistration, *, newest: bool, now: datetime) -> dict[str, object]:
    """A registration as administrators see it. Only the newest of an endpoint can be reached."""
    registration = one.registration
    return {
        "volunteer": {"id": one.volunteer_id, "name": one.volunteer_name},
        "endpoint": {"id": registration.endpoint_id, "username": one.username},
        "device": {"id": registration.device_id, "label": registration.device_label},
        "registered_at": iso(registration.registered_at),
        "refreshed_at": iso(registration.refreshed_at),
        "expires_at": iso(registration.expires_at),
        "reachable": newest and registration.reachable(now),
        "ended_at": iso(registration.ended_at) if registration.ended_at else None,
        "end_reason": registration.end_reason.value if registration.end_reason else None,
    }
