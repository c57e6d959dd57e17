"""Carry out at Plivo what stands in a SIP phone's row as its task, and write down what became of it.

Whoever does it holds the task for `CLAIM`; if they vanish, the watch takes it up. What a lost answer leaves unknown is
looked for by the alias (`rest.md` 1.9), asked again where that is harmless, and said in words meanwhile.
"""

import logging

from softphone.actions.ensure_application import credentials_of, ensure_application
from softphone.actions.record_audit import record_audit
from softphone.actions.tell_sip_phone import CHANGED, REMOVED, tell_sip_phone
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.errors import NotFound, PlivoFailure, SoftphoneError
from softphone.domain.ids import EndpointId, EndpointUsername
from softphone.domain.secret import Secret
from softphone.domain.sip_phones import (
    CLAIM,
    FIRST_PAUSE,
    LOOKS,
    SipPhone,
    Task,
    pause_after,
    username_prefix,
    was_refused,
)
from softphone.domain.volunteers import Volunteer
from softphone.plivo.records import PlivoEndpoint
from softphone.store.audit import Actor
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.endpoints import select_endpoint_password
from softphone.store.sip_phones import (
    delete_sip_phone,
    select_due_tasks,
    select_next_password,
    select_sip_phone,
    update_made,
    update_missing,
    update_password_settled,
    update_task,
    update_task_done,
)
from softphone.store.volunteers import select_volunteer

MOST_TASKS = 20
"""Of one round: others wait for the next."""
SERVICE = Actor(id=None, name="softphone")

log = logging.getLogger("softphone.sip_phones")


class NotThere(PlivoFailure):
    """Plivo was read to the end, and has no such endpoint."""

    code = "plivo_not_found"
    message = "Plivo did not make this phone. Add it again."


async def settle_due(world: World) -> None:
    """Carry out what is due. A failure is written down and does not keep the others."""
    for endpoint_id in await world.database.read(lambda db: select_due_tasks(db, now=world.clock(), limit=MOST_TASKS)):
        phone = await _take_up(world, endpoint_id)
        if phone is None:
            continue
        try:
            await carry_out(world, SERVICE, phone)
        except SoftphoneError as error:
            log.warning("Task %s of phone %s is not done: %s", phone.task, endpoint_id, error.code)


async def claim(db: Db, world: World, endpoint_id: EndpointId, task: Task) -> SipPhone:
    """Write a task down in the unit that decides it, held by whoever carries it out next."""
    await update_task(db, endpoint_id, task, at=world.clock() + CLAIM)
    phone = await select_sip_phone(db, endpoint_id)
    if phone is None:
        raise NotFound
    return phone


async def carry_out(world: World, actor: Actor, phone: SipPhone, *, fresh: bool = False) -> SipPhone | None:
    """The phone after its task, or None if it is gone. `fresh` says that Plivo was never asked to make it.

    Raises: PlivoFailure if it is not done; what is known of it is written down then.
    """
    connection = await world.database.read(
        lambda db: select_connection(db, phone.endpoint.connection_id, keyring=world.keyring)
    )
    if connection is None:
        raise NotFound
    try:
        match phone.task:
            case Task.MAKE | Task.LOOK:
                await _make(world, actor, phone, connection, fresh=fresh)
            case Task.PASSWORD | Task.LOCK:
                await _change_password(world, actor, phone, connection)
            case Task.REMOVE:
                await _remove(world, actor, phone, connection)
            case None:
                pass
    except PlivoFailure as error:
        await _write_failure(world, phone, error, fresh=fresh)
        raise
    return await world.database.read(lambda db: select_sip_phone(db, phone.endpoint.id))


async def find_by_alias(world: World, connection: Connection, alias: str) -> PlivoEndpoint | None:
    """The endpoint with this alias. Ours end in our id, so there is at most one."""
    listed = await world.plivo.list_endpoints(credentials_of(connection))
    return next((one for one in listed if one.alias == alias and one.id and one.username), None)


async def _take_up(world: World, endpoint_id: EndpointId) -> SipPhone | None:
    async def unit(db: Db) -> SipPhone | None:
        now = world.clock()
        phone = await select_sip_phone(db, endpoint_id, lock=True)
        if phone is None or phone.task is None or phone.task_at > now:
            return None
        await update_task(db, endpoint_id, phone.task, at=now + CLAIM, tries=phone.task_tries, problem=phone.problem)
        return await select_sip_phone(db, endpoint_id)

    return await world.database.write(unit)


async def _make(world: World, actor: Actor, phone: SipPhone, connection: Connection, *, fresh: bool) -> None:
    app_id = connection.application_id
    if app_id is None:
        app_id = (await ensure_application(world, actor, connection)).application.id
    made = None if fresh else await find_by_alias(world, connection, phone.endpoint.alias)
    if made is not None and made.application_id != app_id:
        await world.plivo.update_endpoint(credentials_of(connection), made.id, app_id=app_id)
    if made is None and phone.task is Task.LOOK:
        raise NotThere
    if made is None:
        made = await _create(world, phone, connection, app_id=app_id)
    confirmed = made

    async def unit(db: Db) -> None:
        if await _is_still_mine(db, phone):
            username = EndpointUsername(confirmed.username)
            await update_made(db, phone.endpoint.id, username=username, plivo_id=confirmed.id)
            await _done(db, world, actor, phone, action="sip_phone.created")

    await world.database.write(unit)


async def _create(world: World, phone: SipPhone, connection: Connection, *, app_id: str) -> PlivoEndpoint:
    end = phone.endpoint

    async def read(db: Db) -> tuple[Secret | None, Volunteer | None]:
        password = await select_endpoint_password(db, end.id, keyring=world.keyring)
        return password, await select_volunteer(db, end.volunteer_id)

    password, owner = await world.database.read(read)
    if password is None or owner is None:
        raise NotFound
    try:
        return await world.plivo.create_endpoint(
            credentials_of(connection),
            username=username_prefix(owner.login, world.chance(3).hex()),
            password=password,
            alias=end.alias,
            app_id=app_id,
        )
    except PlivoFailure as error:
        if was_refused(error):
            raise
        # The answer was lost or garbled: what was made is found by its alias.
        found = await find_by_alias(world, connection, end.alias)
        if found is None:
            raise
        return found


async def _change_password(world: World, actor: Actor, phone: SipPhone, connection: Connection) -> None:
    end = phone.endpoint
    password = await world.database.read(lambda db: select_next_password(db, end.id, keyring=world.keyring))
    if password is None or end.plivo_id is None:
        raise NotFound
    app_id = connection.application_id
    await world.plivo.update_endpoint(credentials_of(connection), end.plivo_id, app_id=app_id, password=password)

    async def unit(db: Db) -> None:
        if await _is_still_mine(db, phone):
            await update_password_settled(db, end.id, password, keyring=world.keyring)
            locked = phone.task is Task.LOCK
            await _done(db, world, actor, phone, action="sip_phone.locked" if locked else "sip_phone.password_changed")

    await world.database.write(unit)


async def _remove(world: World, actor: Actor, phone: SipPhone, connection: Connection) -> None:
    plivo_id = phone.endpoint.plivo_id
    if plivo_id is None:
        found = await find_by_alias(world, connection, phone.endpoint.alias)
        plivo_id = found.id if found else None
    if plivo_id is not None:
        await world.plivo.delete_endpoint(credentials_of(connection), plivo_id)

    await world.database.write(lambda db: _forget(db, world, actor, phone, action="sip_phone.removed"))


async def _forget(db: Db, world: World, actor: Actor, phone: SipPhone, *, action: str) -> None:
    if not await _is_still_mine(db, phone):
        return
    now = world.clock()
    await delete_sip_phone(db, phone.endpoint.id)
    await record_audit(db, actor, action, subject=phone.endpoint.id, now=now, detail=_detail(phone))
    await tell_sip_phone(db, phone, "removed", message=REMOVED, now=now)


async def _done(db: Db, world: World, actor: Actor, phone: SipPhone, *, action: str) -> None:
    now = world.clock()
    await update_task_done(db, phone.endpoint.id)
    await record_audit(db, actor, action, subject=phone.endpoint.id, now=now, detail=_detail(phone))
    await tell_sip_phone(db, phone, "changed", message=CHANGED, now=now)


async def _write_failure(world: World, phone: SipPhone, error: PlivoFailure, *, fresh: bool) -> None:
    async def unit(db: Db) -> None:
        if not await _is_still_mine(db, phone):
            return
        end, now, tries = phone.endpoint, world.clock(), phone.task_tries + 1
        gone = error.status == 404
        match phone.task:
            case Task.MAKE if fresh and was_refused(error):
                await delete_sip_phone(db, end.id)  # Plivo said no: nothing was made, and nothing is kept.
            case Task.MAKE if fresh:
                await update_task(db, end.id, Task.LOOK, at=now + FIRST_PAUSE, problem=error.message)
            case Task.LOOK if isinstance(error, NotThere) and tries >= LOOKS:
                await _forget(db, world, SERVICE, phone, action="sip_phone.given_up")
            case Task.PASSWORD | Task.LOCK if gone:
                await update_missing(db, end.id)
                await update_task_done(db, end.id)
            case Task.PASSWORD if was_refused(error):
                await update_task_done(db, end.id)  # The password that was there is still the one.
            case Task() as task:
                at = now + pause_after(tries)
                await update_task(db, end.id, task, at=at, tries=tries, problem=error.message)
            case None:
                pass

    await world.database.write(unit)


async def _is_still_mine(db: Db, phone: SipPhone) -> bool:
    """False if another took the task up since, or gave the phone another one."""
    current = await select_sip_phone(db, phone.endpoint.id, lock=True)
    return current is not None and (current.task, current.task_at) == (phone.task, phone.task_at)


def _detail(phone: SipPhone) -> dict[str, object]:
    return {"label": phone.label, "volunteer": phone.endpoint.volunteer_id, "name": phone.volunteer_name}
