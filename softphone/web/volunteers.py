"""The administrator's doors to volunteers, and to the audit log."""

from quart import Blueprint
from quart.typing import ResponseReturnValue

from softphone.actions.change_volunteer import Change, Wanted, add_volunteer, change_volunteer, invite_again
from softphone.actions.record_audit import actor_of
from softphone.domain.ids import VolunteerId
from softphone.domain.registration import Registration
from softphone.domain.sessions import SignedIn
from softphone.domain.times import iso
from softphone.domain.volunteers import Role, Volunteer
from softphone.store.audit import AuditRow, count_audit, select_audit
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.invites import select_invited
from softphone.store.registrations import select_newest_of_connection
from softphone.store.volunteers import count_volunteers, select_volunteers
from softphone.web.bodies import Empty, NewVolunteer, VolunteerChange, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, has_stepped_up, require_step_up
from softphone.web.paging import read_page
from softphone.web.people_json import render_admin_volunteer

volunteers = Blueprint("volunteers", __name__)


@volunteers.get("/api/admin/volunteers")
@admin_only
async def list_volunteers(_signed_in: SignedIn) -> ResponseReturnValue:
    """Everybody, disabled people too."""
    limit, offset = read_page()

    async def read(db: Db) -> tuple[list[dict[str, object]], int]:
        found = await select_volunteers(db, limit=limit, offset=offset)
        return await _render(db, found), await count_volunteers(db)

    items, total = await deps().world.database.read(read)
    return {"items": items, "total": total, "limit": limit, "offset": offset}


@volunteers.post("/api/admin/volunteers")
@admin_only
async def create(signed_in: SignedIn) -> ResponseReturnValue:
    """Add a volunteer; the answer has the link with which they choose a password."""
    body = await read_body(NewVolunteer)
    if body.role is Role.ADMIN:
        require_step_up(signed_in)
    wanted = Wanted(
        name=body.name,
        login=body.login,
        role=body.role,
        extension=body.extension,
        languages=body.languages,
        dialling=body.dialling,
    )
    person, link = await add_volunteer(deps().world, actor_of(signed_in.volunteer), wanted)
    return {"volunteer": await _shown(person), "invite_link": link}, 201


@volunteers.patch("/api/admin/volunteers/<volunteer_id>")
@admin_only
async def change(signed_in: SignedIn, volunteer_id: str) -> ResponseReturnValue:
    """Change what a volunteer may do, or switch them off."""
    body = await read_body(VolunteerChange)
    wanted = Change(
        name=body.name,
        role=body.role,
        extension=body.extension,
        languages=body.languages,
        dialling=body.dialling,
        webrtc_enabled=body.webrtc_enabled,
        active=body.active,
    )
    actor = actor_of(signed_in.volunteer)
    person = await change_volunteer(
        deps().world, actor, VolunteerId(volunteer_id), change=wanted, stepped_up=has_stepped_up(signed_in)
    )
    return await _shown(person)


@volunteers.post("/api/admin/volunteers/<volunteer_id>/invite")
@admin_only
async def invite(signed_in: SignedIn, volunteer_id: str) -> ResponseReturnValue:
    """A new link for somebody who lost theirs; older ones open nothing any more."""
    await read_body(Empty)
    actor, stepped_up = actor_of(signed_in.volunteer), has_stepped_up(signed_in)
    link = await invite_again(deps().world, actor, VolunteerId(volunteer_id), stepped_up=stepped_up)
    return {"invite_link": link}, 201


@volunteers.get("/api/admin/audit")
@admin_only
async def audit(_signed_in: SignedIn) -> ResponseReturnValue:
    """Who did what, newest first."""
    limit, offset = read_page()

    async def read(db: Db) -> tuple[list[AuditRow], int]:
        return await select_audit(db, limit=limit, offset=offset), await count_audit(db)

    rows, total = await deps().world.database.read(read)
    items = [
        {
            "seq": row.seq,
            "at": iso(row.at),
            "actor": {"id": row.actor.id, "name": row.actor.name},
            "action": row.action,
            "subject": row.subject,
            "detail": row.detail,
        }
        for row in rows
    ]
    return {"items": items, "total": total, "limit": limit, "offset": offset}


async def _shown(person: Volunteer) -> dict[str, object]:
    return (await deps().world.database.read(lambda db: _render(db, [person])))[0]


async def _render(db: Db, people: list[Volunteer]) -> list[dict[str, object]]:
    world = deps().world
    now = world.clock()
    connection = await select_default_connection(db, keyring=world.keyring)
    registered: dict[VolunteerId, Registration] = (
        await select_newest_of_connection(db, connection.id) if connection else {}
    )
    invited = await select_invited(db, now=now)
    return [render_admin_volunteer(p, registered.get(p.id), invite_pending=p.id in invited, now=now) for p in people]
