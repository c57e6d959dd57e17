"""Switch the browser phone on and off: one unit holds the switch, the audit row and what the open pages are told."""

from collections.abc import Iterable
from dataclasses import replace

from softphone.actions.webrtc_status import webrtc_body
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.errors import NotFound
from softphone.domain.ids import ConnectionId
from softphone.domain.policy import webrtc_decision
from softphone.domain.volunteers import Volunteer
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.connections import select_connection, select_default_connection, update_webrtc_enabled
from softphone.store.database import Connection as Db
from softphone.store.events import ADMINS, append_event, only
from softphone.store.volunteers import select_active_volunteers


async def switch_connection(world: World, actor: Actor, connection_id: ConnectionId, *, enabled: bool) -> Connection:
    """Switch WebRTC on or off for a connection; calls in progress are left alone. Twice is the same as once.

    Raises: NotFound if there is no such connection.
    """

    async def unit(db: Db) -> Connection:
        now = world.clock()
        changed = await update_webrtc_enabled(db, connection_id, enabled=enabled, now=now)
        connection = await select_connection(db, connection_id, keyring=world.keyring)
        if connection is None:
            raise NotFound
        if changed:
            action = "connection.webrtc_on" if enabled else "connection.webrtc_off"
            entry = AuditEntry(actor=actor, action=action, subject=connection.id, detail={"name": connection.name})
            await append_audit(db, entry, now=now)
            await append_event(db, ADMINS, "audit", body={}, now=now)
            if connection.is_default:
                await tell_everybody(db, world, connection)
        return connection

    return await world.database.write(unit)


async def switch_volunteer(db: Db, world: World, *, actor: Actor, volunteer: Volunteer, enabled: bool) -> Volunteer:
    """Switch WebRTC on or off for one volunteer, inside the unit that changes the volunteer.

    Writes the audit row and the event; the caller writes the volunteer that is returned.
    """
    if volunteer.webrtc_enabled == enabled:
        return volunteer
    changed = replace(volunteer, webrtc_enabled=enabled)
    action = "volunteer.webrtc_on" if enabled else "volunteer.webrtc_off"
    entry = AuditEntry(actor=actor, action=action, subject=volunteer.id, detail={"name": volunteer.name})
    now = world.clock()
    await append_audit(db, entry, now=now)
    await append_event(db, ADMINS, "audit", body={}, now=now)
    await tell(db, world, connection=await select_default_connection(db, keyring=world.keyring), people=(changed,))
    return changed


async def tell_everybody(db: Db, world: World, connection: Connection | None) -> None:
    """Tell every active volunteer what the default connection means for their phone now."""
    await tell(db, world, connection=connection, people=await select_active_volunteers(db))


async def tell(db: Db, world: World, *, connection: Connection | None, people: Iterable[Volunteer]) -> None:
    """Tell each of these volunteers' open pages whether the phone may be used."""
    now = world.clock()
    for volunteer in people:
        body = webrtc_body(webrtc_decision(volunteer, connection))
        await append_event(db, only(volunteer.id), "webrtc", body=body, now=now)
