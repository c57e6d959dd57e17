"""Compare the endpoints at Plivo with ours, and settle what is on one side only."""

from dataclasses import dataclass, replace

from softphone.actions.change_sip_phone import active_volunteer, label_taken, new_phone
from softphone.actions.ensure_application import credentials_of, ensure_application
from softphone.actions.ensure_endpoint import new_password
from softphone.actions.record_audit import record_audit
from softphone.actions.settle_sip_phone import carry_out
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.endpoints import Endpoint
from softphone.domain.errors import Conflict, NotFound, PlivoFailure
from softphone.domain.ids import EndpointUsername, VolunteerId
from softphone.domain.sip_phones import MOST_PHONES, SipPhone, Task, read_label
from softphone.plivo.records import PlivoEndpoint
from softphone.store.audit import Actor
from softphone.store.connections import select_default_connection
from softphone.store.database import Connection as Db
from softphone.store.sip_phones import insert_sip_phone, select_all_endpoints, select_sip_phones_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An endpoint on our side, on Plivo's, or on both. `application` is `ours`, `other` or `none`."""

    ours: Endpoint | None
    volunteer_name: str | None
    theirs: PlivoEndpoint | None
    application: str | None


async def compare_endpoints(world: World) -> list[Compared]:
    """Every endpoint of the default connection: ours first, then those that only Plivo has.

    Raises: Conflict without a connection; PlivoFailure.
    """
    connection = await default_connection(world)
    listed = await world.plivo.list_endpoints(credentials_of(connection))
    # Read after Plivo was: what was made meanwhile is not taken for a stranger.
    ours = await world.database.read(lambda db: select_all_endpoints(db, connection.id))
    by_id = {one.id: one for one in listed}
    by_alias = {one.alias: one for one in listed}
    known = [
        (end, name, by_id.get(end.plivo_id) if end.plivo_id is not None else by_alias.get(end.alias))
        for end, name in ours
    ]
    taken = {theirs.id for _, _, theirs in known if theirs is not None}
    here = [
        Compared(ours=end, volunteer_name=name, theirs=theirs, application=_application(theirs, connection))
        for end, name, theirs in known
    ]
    strangers = [
        Compared(ours=None, volunteer_name=None, theirs=one, application=_application(one, connection))
        for one in sorted(listed, key=lambda one: (one.alias, one.id))
        if one.id not in taken
    ]
    return here + strangers


async def adopt_endpoint(world: World, actor: Actor, plivo_id: str, *, volunteer: VolunteerId, label: str) -> SipPhone:
    """Make an endpoint that only Plivo has a volunteer's phone: attached to our application, with a new password.

    Raises: InvalidInput; NotFound; Conflict if it is ours already; PlivoFailure.
    """
    name = read_label(label)
    connection = await default_connection(world)
    if connection.application_id is None:
        app_id = (await ensure_application(world, actor, connection)).application.id
        connection = replace(connection, application_id=app_id)
    theirs = await world.plivo.get_endpoint(credentials_of(connection), plivo_id)
    if theirs.id != plivo_id or not theirs.username:
        raise PlivoFailure(code="plivo_not_understood", message="Plivo's answer could not be understood. Try again.")

    async def unit(db: Db) -> SipPhone:
        person = await active_volunteer(db, volunteer)
        await _check_stranger(db, connection, theirs)
        mine = await select_sip_phones_of(db, volunteer)
        if len(mine) >= MOST_PHONES:
            raise Conflict(code="too_many_phones", message=f"They have {MOST_PHONES} phones already. Remove one first.")
        if any(one.label.casefold() == name.casefold() for one in mine):
            raise label_taken()
        phone = new_phone(world, connection, person, label=name)
        username = EndpointUsername(theirs.username)
        adopted = replace(phone.endpoint, username=username, plivo_id=theirs.id)
        phone = replace(phone, endpoint=adopted, task=Task.PASSWORD)
        await insert_sip_phone(db, phone, password=new_password(world), keyring=world.keyring)
        detail: dict[str, object] = {"label": name, "volunteer": person.id, "username": theirs.username}
        await record_audit(db, actor, "sip_phone.adopted", subject=adopted.id, now=world.clock(), detail=detail)
        return phone

    phone = await carry_out(world, actor, await world.database.write(unit))
    if phone is None:
        raise NotFound
    return phone


async def remove_stranger(world: World, actor: Actor, plivo_id: str) -> None:
    """Delete an endpoint that only Plivo has.

    Raises: Conflict if it is one of ours; PlivoFailure if it may still be there.
    """
    connection = await default_connection(world)
    theirs = await world.plivo.get_endpoint(credentials_of(connection), plivo_id)
    await world.database.read(lambda db: _check_stranger(db, connection, theirs))
    await world.plivo.delete_endpoint(credentials_of(connection), plivo_id)
    detail: dict[str, object] = {"alias": theirs.alias, "username": theirs.username}

    async def unit(db: Db) -> None:
        await record_audit(db, actor, "plivo_endpoint.removed", subject=plivo_id, now=world.clock(), detail=detail)

    await world.database.write(unit)


async def default_connection(world: World) -> Connection:
    """The connection that phones are made on.

    Raises: Conflict if there is none.
    """
    connection = await world.database.read(lambda db: select_default_connection(db, keyring=world.keyring))
    if connection is None:
        raise Conflict(code="no_connection", message="No phone connection is set up yet. Add one first.")
    return connection


async def _check_stranger(db: Db, connection: Connection, theirs: PlivoEndpoint) -> None:
    ours = await select_all_endpoints(db, connection.id)
    if any(theirs.id == end.plivo_id or theirs.alias == end.alias for end, _ in ours):
        raise Conflict(code="endpoint_is_ours", message="This endpoint belongs to a volunteer here already.")


def _application(theirs: PlivoEndpoint | None, connection: Connection) -> str | None:
    if theirs is None:
        return None
    if theirs.application_id is None:
        return "none"
    return "ours" if theirs.application_id == connection.application_id else "other"
