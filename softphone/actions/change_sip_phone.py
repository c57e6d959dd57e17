"""Add SIP phones, rename them, give them keys to press, lead them to us, make them again, remove them.

`owner` is whose phones may be touched: a volunteer's own, or, where it is None, everybody's (an administrator).
"""

from dataclasses import dataclass

from softphone.actions.ensure_application import credentials_of, ensure_application
from softphone.actions.ensure_endpoint import new_password
from softphone.actions.record_audit import record_audit
from softphone.actions.settle_sip_phone import carry_out, claim
from softphone.actions.tell_sip_phone import CHANGED, tell_sip_phone
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.endpoints import Endpoint, EndpointKind
from softphone.domain.errors import Conflict, NotFound, PlivoFailure
from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.sip_phones import CLAIM, MOST_PHONES, SipPhone, Task, alias_of, read_label, read_send_digits
from softphone.domain.volunteers import Volunteer
from softphone.store.audit import Actor
from softphone.store.connections import select_connection, select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.phone_links import delete_links
from softphone.store.sip_phones import (
    insert_sip_phone,
    select_sip_phone,
    select_sip_phones_of,
    update_anew,
    update_missing,
    update_signed_out,
    update_sip_phone_names,
)
from softphone.store.volunteers import select_volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChange:
    """What is to be different, as it came in. None stays; `send_digits` of "" are none."""

    label: str | None = None
    send_digits: str | None = None


async def add_sip_phone(world: World, actor: Actor, volunteer: VolunteerId, *, label: str) -> SipPhone:
    """A phone for a device of a volunteer's, made at Plivo. Its password is shown to nobody before a link is asked for.

    Asking again after a failure goes on where it stopped.

    Raises: InvalidInput; NotFound; Conflict; PlivoFailure, with nothing kept if Plivo refused, and with a phone that is
    looked for by itself if its answer was lost.
    """
    name = read_label(label)
    connection = await world.database.read(lambda db: select_default_connection(db, keyring=world.keyring))
    if connection is None:
        raise Conflict(code="no_connection", message="No phone connection is set up yet. Ask an administrator.")
    if connection.application_id is None:
        await ensure_application(world, actor, connection)
    phone, fresh = await world.database.write(lambda db: _begin(db, world, connection, volunteer, label=name))
    made = await carry_out(world, actor, phone, fresh=fresh)
    if made is None:
        raise NotFound
    return made


async def change_sip_phone(
    world: World, actor: Actor, endpoint_id: EndpointId, *, owner: VolunteerId | None, change: PhoneChange
) -> SipPhone:
    """The phone as changed. Its name is Plivo's alias too.

    Raises: InvalidInput; NotFound; Conflict; PlivoFailure, with nothing changed here.
    """
    phone, login = await world.database.read(lambda db: _with_login(db, endpoint_id, owner=owner))
    label = read_label(change.label) if change.label is not None else phone.label
    keys = phone.send_digits if change.send_digits is None else read_send_digits(change.send_digits)
    alias = alias_of(login, label, endpoint_id) if label != phone.label else phone.endpoint.alias
    if alias != phone.endpoint.alias:
        check_idle(phone)
        await world.database.read(lambda db: _check_label(db, phone.endpoint.volunteer_id, label, but=endpoint_id))
        await _at_plivo(world, phone, alias=alias)

    async def unit(db: Db) -> SipPhone:
        current = await own_phone(db, endpoint_id, owner=owner, lock=True)
        await update_sip_phone_names(db, endpoint_id, label=label, alias=alias, send_digits=keys)
        detail = {"label": label, "before": current.label, "send_digits": keys is not None}
        await record_audit(db, actor, "sip_phone.changed", subject=endpoint_id, now=world.clock(), detail=detail)
        await tell_sip_phone(db, current, "changed", message=CHANGED, now=world.clock())
        return await own_phone(db, endpoint_id, owner=owner)

    return await world.database.write(unit)


async def remove_sip_phone(
    world: World, actor: Actor, endpoint_id: EndpointId, *, owner: VolunteerId | None
) -> PlivoFailure | None:
    """Remove a phone: at once here, and at Plivo as soon as it can be. The failure if that is still to come.

    Raises: NotFound.
    """

    async def unit(db: Db) -> SipPhone:
        await own_phone(db, endpoint_id, owner=owner, lock=True)
        await delete_links(db, endpoint_id)
        await update_signed_out(db, endpoint_id, now=world.clock())
        return await claim(db, world, endpoint_id, Task.REMOVE)

    phone = await world.database.write(unit)
    try:
        await carry_out(world, actor, phone)
    except PlivoFailure as error:
        return error
    return None


async def lead_here(world: World, actor: Actor, endpoint_id: EndpointId) -> SipPhone:
    """Attach a phone to our application at Plivo.

    Raises: NotFound; Conflict; PlivoFailure.
    """
    phone = await world.database.read(lambda db: own_phone(db, endpoint_id, owner=None))
    check_idle(phone)
    connection = await connection_of(world, phone)
    app_id = (await ensure_application(world, actor, connection)).application.id
    await _at_plivo(world, phone, app_id=app_id)
    detail = {"label": phone.label, "application_id": app_id}

    async def unit(db: Db) -> None:
        await record_audit(db, actor, "sip_phone.moved", subject=endpoint_id, now=world.clock(), detail=detail)

    await world.database.write(unit)
    return phone


async def recreate_sip_phone(world: World, actor: Actor, endpoint_id: EndpointId) -> SipPhone:
    """Make a phone again that Plivo has lost: with a new user name and a new password.

    Raises: NotFound; Conflict if Plivo has it after all, or if it is being changed; PlivoFailure.
    """
    phone, login = await world.database.read(lambda db: _with_login(db, endpoint_id, owner=None))
    check_idle(phone)
    await _check_lost(world, phone)

    async def unit(db: Db) -> SipPhone:
        current = await own_phone(db, endpoint_id, owner=None, lock=True)
        check_idle(current)
        alias = alias_of(login, current.label, endpoint_id)
        await delete_links(db, endpoint_id)
        await update_signed_out(db, endpoint_id, now=world.clock())
        await update_anew(db, endpoint_id, alias=alias, password=new_password(world), keyring=world.keyring)
        return await claim(db, world, endpoint_id, Task.MAKE)

    made = await carry_out(world, actor, await world.database.write(unit))
    if made is None:
        raise NotFound
    return made


async def own_phone(db: Db, endpoint_id: EndpointId, *, owner: VolunteerId | None, lock: bool = False) -> SipPhone:
    """The phone, if it may be touched.

    Raises: NotFound.
    """
    phone = await select_sip_phone(db, endpoint_id, lock=lock)
    if phone is None or (owner is not None and phone.endpoint.volunteer_id != owner):
        raise NotFound(message="There is no such phone.")
    return phone


async def connection_of(world: World, phone: SipPhone) -> Connection:
    """The connection that a phone belongs to.

    Raises: NotFound.
    """
    connection_id = phone.endpoint.connection_id
    connection = await world.database.read(lambda db: select_connection(db, connection_id, keyring=world.keyring))
    if connection is None:
        raise NotFound
    return connection


async def _begin(
    db: Db, world: World, connection: Connection, volunteer: VolunteerId, *, label: str
) -> tuple[SipPhone, bool]:
    """The row of the phone that is to be, claimed, and whether it is new."""
    person = await active_volunteer(db, volunteer)
    mine = await select_sip_phones_of(db, volunteer)
    begun = next((one for one in mine if one.label.casefold() == label.casefold()), None)
    if begun is not None:
        if begun.task not in {Task.MAKE, Task.LOOK} or begun.endpoint.username is not None:
            raise label_taken()
        if begun.task is Task.MAKE and begun.task_at > world.clock():
            raise phone_busy()  # Somebody is making it: asked twice, Plivo would make two.
        return await claim(db, world, begun.endpoint.id, Task.MAKE), False
    if len(mine) >= MOST_PHONES:
        raise Conflict(
            code="too_many_phones", message=f"There are {MOST_PHONES} phones already. Remove one that is not used."
        )
    phone = new_phone(world, connection, person, label=label)
    await insert_sip_phone(db, phone, password=new_password(world), keyring=world.keyring)
    return phone, True


async def active_volunteer(db: Db, volunteer: VolunteerId) -> Volunteer:
    """The volunteer, held until the unit ends, so that they cannot be switched off or get two phones of one name.

    Raises: NotFound; Conflict if they are switched off.
    """
    person = await select_volunteer(db, volunteer, lock=True)
    if person is None:
        raise NotFound(message="There is no such volunteer.")
    if not person.active:
        raise Conflict(code="volunteer_disabled", message="Enable this person first.")
    return person


def new_phone(world: World, connection: Connection, person: Volunteer, *, label: str) -> SipPhone:
    """A phone that is to be made, held by whoever makes it."""
    endpoint_id = EndpointId(world.chance(10).hex())
    now = world.clock()
    return SipPhone(
        endpoint=Endpoint(
            id=endpoint_id,
            connection_id=connection.id,
            volunteer_id=person.id,
            kind=EndpointKind.SIP,
            alias=alias_of(person.login, label, endpoint_id),
            username=None,
            plivo_id=None,
            created_at=now,
        ),
        volunteer_name=person.name,
        volunteer_active=True,
        label=label,
        send_digits=None,
        given_at=None,
        followed_up_at=None,
        task=Task.MAKE,
        task_at=now + CLAIM,
        task_tries=0,
        problem=None,
        looked_at=None,
        read_at=None,
        read_problem=None,
        missing=False,
    )


def label_taken() -> Conflict:
    """One of their phones has this name already."""
    return Conflict(code="label_taken", message="There is a phone with this name already. Choose another.")


def phone_busy() -> Conflict:
    """Something is under way at Plivo."""
    return Conflict(code="phone_busy", message="This phone is just being changed at Plivo. Try again in a minute.")


async def _with_login(db: Db, endpoint_id: EndpointId, *, owner: VolunteerId | None) -> tuple[SipPhone, str]:
    phone = await own_phone(db, endpoint_id, owner=owner)
    person = await select_volunteer(db, phone.endpoint.volunteer_id)
    if person is None:
        raise NotFound
    return phone, person.login


async def _check_label(db: Db, volunteer: VolunteerId, label: str, *, but: EndpointId) -> None:
    for one in await select_sip_phones_of(db, volunteer):
        if one.endpoint.id != but and one.label.casefold() == label.casefold():
            raise label_taken()


def check_idle(phone: SipPhone) -> None:
    if phone.task is not None:
        raise phone_busy()


async def _check_lost(world: World, phone: SipPhone) -> None:
    """Plivo is asked, because a phone that is there would be left behind with its password."""
    if phone.endpoint.plivo_id is None:
        return
    connection = await connection_of(world, phone)
    try:
        await world.plivo.get_endpoint(credentials_of(connection), phone.endpoint.plivo_id)
    except PlivoFailure as error:
        if error.status != 404:
            raise
        return
    raise Conflict(code="phone_is_there", message="Plivo has this phone. Use a new link to set it up again.")


async def _at_plivo(world: World, phone: SipPhone, *, alias: str | None = None, app_id: str | None = None) -> None:
    """Change the endpoint at Plivo. That it is not there is written down."""
    connection, plivo_id = await connection_of(world, phone), phone.endpoint.plivo_id
    if plivo_id is None:
        return
    try:
        await world.plivo.update_endpoint(credentials_of(connection), plivo_id, alias=alias, app_id=app_id)
    except PlivoFailure as error:
        if error.status == 404:
            await world.database.write(lambda db: update_missing(db, phone.endpoint.id))
        raise
