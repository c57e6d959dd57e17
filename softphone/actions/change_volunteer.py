"""Add volunteers, change what they may do, invite them again. Each change is one unit with its line in the log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from softphone.actions.change_policy import switch_volunteer
from softphone.actions.invite import create_invite
from softphone.actions.lock_sip_phones import lock_sip_phones
from softphone.actions.open_session import end_sessions
from softphone.actions.record_audit import record_audit
from softphone.actions.set_up import new_volunteer_id
from softphone.actions.world import World
from softphone.domain.errors import Conflict, NotFound, StepUpRequired
from softphone.domain.ids import VolunteerId
from softphone.domain.volunteer_rules import (
    next_extension,
    read_extension,
    read_languages,
    read_login,
    read_name,
)
from softphone.domain.volunteers import Availability, Dialling, Role, Volunteer
from softphone.store.audit import Actor
from softphone.store.database import Connection
from softphone.store.events import append_event, only
from softphone.store.invites import delete_open_invites
from softphone.store.volunteers import (
    insert_volunteer,
    select_active_admins,
    select_extensions,
    select_volunteer,
    select_volunteer_by_extension,
    select_volunteer_by_login,
    update_volunteer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A volunteer to be, as it came in."""

    name: str
    login: str
    role: Role = Role.VOLUNTEER
    extension: str | None = None
    languages: Sequence[str] = ()
    dialling: Dialling = Dialling.COLLEAGUES


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different, as it came in; None stays as it is."""

    name: str | None = None
    role: Role | None = None
    extension: str | None = None
    languages: Sequence[str] | None = None
    dialling: Dialling | None = None
    webrtc_enabled: bool | None = None
    active: bool | None = None


async def add_volunteer(world: World, actor: Actor, wanted: Wanted) -> tuple[Volunteer, str]:
    """A new volunteer, and the link with which they choose a password.

    Raises: InvalidInput; Conflict if the login or extension is taken.
    """
    name, login = read_name(wanted.name), read_login(wanted.login)
    extension = read_extension(wanted.extension) if wanted.extension is not None else None
    languages = read_languages(wanted.languages)

    async def unit(connection: Connection) -> tuple[Volunteer, str]:
        now = world.clock()
        if await select_volunteer_by_login(connection, login) is not None:
            raise login_taken()
        if extension is not None and await select_volunteer_by_extension(connection, extension) is not None:
            raise extension_taken()
        person = Volunteer(
            id=new_volunteer_id(world),
            login=login,
            name=name,
            role=wanted.role,
            extension=extension or next_extension(await select_extensions(connection)),
            languages=languages,
            dialling=wanted.dialling,
            webrtc_enabled=True,
            active=True,
            has_password=False,
            availability=Availability.AWAY,
            availability_since=now,
            created_at=now,
        )
        await insert_volunteer(connection, person)
        link = await create_invite(connection, world, person.id)
        detail = {"name": name, "login": login, "role": person.role.value, "dialling": person.dialling.value}
        await record_audit(connection, actor, "volunteer.invited", subject=person.id, detail=detail, now=now)
        return person, link

    return await world.database.write(unit)


async def invite_again(world: World, actor: Actor, volunteer: VolunteerId, *, stepped_up: bool) -> str:
    """A new link for a volunteer who has lost theirs, or the password. Whoever opens it becomes that volunteer, so an
    administrator's needs the password of who asks.

    Raises: NotFound; Conflict if the volunteer is disabled; StepUpRequired.
    """

    async def unit(connection: Connection) -> str:
        person = await select_volunteer(connection, volunteer, lock=True)
        if person is None:
            raise NotFound
        _check_step_up(person, stepped_up=stepped_up)
        if not person.active:
            raise Conflict(code="volunteer_disabled", message="Enable this person first.")
        detail = {"name": person.name}
        await record_audit(connection, actor, "invite.created", subject=person.id, detail=detail, now=world.clock())
        return await create_invite(connection, world, person.id)

    return await world.database.write(unit)


async def change_volunteer(
    world: World, actor: Actor, volunteer: VolunteerId, *, change: Change, stepped_up: bool
) -> Volunteer:
    """The volunteer as changed. Disabling and a new role end every session at once. A new role, and disabling or
    enabling an administrator, need the password of who asks.

    Raises: NotFound; InvalidInput; Conflict if the extension is taken or nobody would be left to administer;
    StepUpRequired.
    """
    if change.role is not None and not stepped_up:
        raise StepUpRequired
    name = read_name(change.name) if change.name is not None else None
    extension = read_extension(change.extension) if change.extension is not None else None
    languages = read_languages(change.languages) if change.languages is not None else None

    async def unit(connection: Connection) -> Volunteer:
        admins = await select_active_admins(connection)
        before = await select_volunteer(connection, volunteer, lock=True)
        if before is None:
            raise NotFound
        if change.active is not None and change.active != before.active:
            _check_step_up(before, stepped_up=stepped_up)
        after = replace(
            before,
            name=name if name is not None else before.name,
            role=change.role or before.role,
            extension=extension or before.extension,
            languages=languages if languages is not None else before.languages,
            dialling=change.dialling or before.dialling,
            active=before.active if change.active is None else change.active,
        )
        if admins == [volunteer] and not (after.active and after.role is Role.ADMIN):
            raise Conflict(code="last_admin", message="This is the last administrator. Make another one first.")
        if after.extension != before.extension:
            holder = await select_volunteer_by_extension(connection, after.extension)
            if holder is not None:
                raise extension_taken()
        if change.webrtc_enabled is not None:
            after = await switch_volunteer(
                connection, world, actor=actor, volunteer=after, enabled=change.webrtc_enabled
            )
        await _save(connection, world, actor, before=before, after=after)
        return after

    return await world.database.write(unit)


def _check_step_up(person: Volunteer, *, stepped_up: bool) -> None:
    if person.role is Role.ADMIN and not stepped_up:
        raise StepUpRequired


async def _save(connection: Connection, world: World, actor: Actor, *, before: Volunteer, after: Volunteer) -> None:
    """Write a change, with its audit row and what follows for sessions, invites and open pages."""
    if after == before:
        return
    now = world.clock()
    if not after.active and after.availability is Availability.ON_DUTY:
        after = replace(after, availability=Availability.AWAY, availability_since=now)
    await update_volunteer(connection, after)
    detail = _differences(before, after)
    if detail:
        action = _action(before, after)
        await record_audit(connection, actor, action, subject=after.id, detail={"name": after.name, **detail}, now=now)
    if before.active and not after.active:
        await delete_open_invites(connection, after.id)
        await end_sessions(connection, after.id, reason="disabled", now=now)
        await lock_sip_phones(connection, world, after.id)
    elif before.role is not after.role:
        await end_sessions(connection, after.id, reason="role_changed", now=now)
    elif detail:
        await append_event(connection, only(after.id), "rights", body={}, now=now)


def _action(before: Volunteer, after: Volunteer) -> str:
    if before.active != after.active:
        return "volunteer.enabled" if after.active else "volunteer.disabled"
    return "volunteer.role_changed" if before.role is not after.role else "volunteer.changed"


def _differences(before: Volunteer, after: Volunteer) -> dict[str, object]:
    """What changed, from and to. The WebRTC switch has a row of its own."""
    pairs: dict[str, tuple[object, object]] = {
        "name": (before.name, after.name),
        "role": (before.role.value, after.role.value),
        "extension": (before.extension, after.extension),
        "languages": (list(before.languages), list(after.languages)),
        "dialling": (before.dialling.value, after.dialling.value),
        "active": (before.active, after.active),
    }
    return {key: {"from": old, "to": new} for key, (old, new) in pairs.items() if old != new}


def login_taken() -> Conflict:
    """Somebody signs in as this already."""
    return Conflict(code="login_taken", message="Somebody has this login already. Choose another.")


def extension_taken() -> Conflict:
    """Somebody is dialled as this already."""
    return Conflict(code="extension_taken", message="Somebody has this extension already. Choose another.")
