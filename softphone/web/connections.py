"""The administrator's doors to connections. An Auth Token goes in; four characters come out (threat model, TM-D4)."""

import msgspec
from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_connection import ConnectionDraft, change_connection, create_connection
from softphone.actions.change_policy import switch_connection
from softphone.actions.ensure_application import answer_url, hangup_url
from softphone.actions.prepare_connection import Prepared, prepare_connection
from softphone.domain.connection_rules import is_sub_account
from softphone.domain.connections import Connection
from softphone.domain.ids import ConnectionId
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.settings import Settings
from softphone.store.audit import Actor
from softphone.store.connections import count_connections, select_connections
from softphone.store.database import Connection as Db
from softphone.web.bodies import Empty, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, require_step_up
from softphone.web.paging import read_page
from softphone.web.phone_bodies import ConnectionChange, NewConnection, Switch

connections = Blueprint("connections", __name__)


@connections.get("/api/admin/connections")
@admin_only
async def list_connections(_signed_in: SignedIn) -> ResponseReturnValue:
    """Every connection, the default first."""
    (limit, offset), world = read_page(), deps().world

    async def read(db: Db) -> tuple[list[Connection], int]:
        found = await select_connections(db, keyring=world.keyring, limit=limit, offset=offset)
        return found, await count_connections(db)

    found, total = await world.database.read(read)
    items = [render_connection(connection, world.settings) for connection in found]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


@connections.post("/api/admin/connections")
@admin_only
async def add_connection(signed_in: SignedIn) -> ResponseReturnValue:
    """Add a connection."""
    require_step_up(signed_in)
    body, world = await read_body(NewConnection), deps().world
    draft = ConnectionDraft(**msgspec.structs.asdict(body))
    connection = await create_connection(world, _actor(signed_in), draft)
    return render_connection(connection, world.settings), 201


@connections.patch("/api/admin/connections/<connection_id>")
@admin_only
async def patch_connection(signed_in: SignedIn, connection_id: str) -> ResponseReturnValue:
    """Change a connection."""
    body, world = await read_body(ConnectionChange), deps().world
    given = {name: value for name, value in msgspec.structs.asdict(body).items() if value is not msgspec.UNSET}
    if "caller_id" in given and given["caller_id"] is None:
        given["caller_id"] = ""
    draft = ConnectionDraft(**given)
    if draft.changes_credentials:
        require_step_up(signed_in)
    connection = await change_connection(world, _actor(signed_in), ConnectionId(connection_id), draft)
    return render_connection(connection, world.settings)


@connections.put("/api/admin/connections/<connection_id>/webrtc")
@admin_only
async def switch_webrtc(signed_in: SignedIn, connection_id: str) -> ResponseReturnValue:
    """Switch WebRTC on or off for everybody on a connection."""
    body, world = await read_body(Switch), deps().world
    connection = await switch_connection(world, _actor(signed_in), ConnectionId(connection_id), enabled=body.enabled)
    return render_connection(connection, world.settings)


@connections.post("/api/admin/connections/<connection_id>/prepare")
@admin_only
async def prepare(signed_in: SignedIn, connection_id: str) -> ResponseReturnValue:
    """Look at the account, create or adopt our application, say what is wrong."""
    await read_body(Empty)
    return render_prepared(await prepare_connection(deps().world, _actor(signed_in), ConnectionId(connection_id)))


def render_connection(connection: Connection, settings: Settings) -> dict[str, object]:
    """A connection as administrators see it."""
    return {
        "id": connection.id,
        "name": connection.name,
        "is_default": connection.is_default,
        "auth_id": connection.auth_id,
        "auth_token_last4": connection.auth_token.reveal()[-4:],
        "sub_account": is_sub_account(connection.auth_id),
        "country": connection.country,
        "numbers": list(connection.numbers),
        "caller_id": connection.caller_id,
        "token_source": connection.token_source.value,
        "settled_source": connection.settled_source.value,
        "token_lifetime_seconds": connection.token_lifetime_seconds,
        "application_id": connection.application_id,
        "webrtc_enabled": connection.webrtc_enabled,
        "allowed_countries": list(connection.allowed_countries),
        "answer_url": answer_url(settings, connection.id),
        "hangup_url": hangup_url(settings, connection.id),
        "created_at": iso(connection.created_at),
        "updated_at": iso(connection.updated_at),
    }


def render_prepared(prepared: Prepared) -> dict[str, object]:
    """What was found at Plivo."""
    account, ensured = prepared.account, prepared.ensured
    return {
        "account": {"name": account.name, "type": account.account_type, "cash_credits": account.cash_credits},
        "application": {
            "id": ensured.application.id,
            "name": ensured.application.name,
            "created": ensured.created,
            "changed": ensured.changed,
        },
        "numbers": [one.number for one in prepared.numbers],
        "problems": [{"code": problem.code, "message": problem.message} for problem in prepared.problems],
    }


def _actor(signed_in: SignedIn) -> Actor:
    return Actor(id=signed_in.volunteer.id, name=signed_in.volunteer.name)
