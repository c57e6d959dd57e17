"""See to it that a volunteer has an endpoint at Plivo.

Our row comes first, with the alias and the password; then Plivo is asked. Whatever is lost between the two, the alias
finds it again: Plivo appends digits to user names, so asking twice would make two endpoints (`rest.md` 3.2). For the
same reason one request at a time asks, and those beside it take what that one was given.
"""

import asyncio
import base64
import string
from datetime import timedelta

from softphone.actions.ensure_application import credentials_of, ensure_application
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.endpoints import Endpoint, EndpointKind
from softphone.domain.errors import NotFound, PlivoFailure, PlivoUnavailable
from softphone.domain.ids import EndpointId, EndpointUsername, VolunteerId
from softphone.domain.secret import Secret
from softphone.plivo.records import PlivoEndpoint
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.database import Connection as Db
from softphone.store.endpoints import (
    insert_endpoint,
    select_endpoint,
    select_endpoint_password,
    select_volunteers_endpoint,
    update_endpoint_confirmed,
)
from softphone.store.limits import forget, take

PASSWORD_LENGTH = 28  # letters and digits; Plivo takes 5 to 32 (`wire.md` 5.2)
MAKING = timedelta(seconds=60)
"""How long a request may be making an endpoint; whoever began it and was lost holds nobody up for longer."""
LOOK_AGAIN_SECONDS = 0.2
LOOKS = 40  # 8 seconds: more than Plivo takes, and less than a page waits.
_ALPHABET = string.ascii_letters + string.digits


async def ensure_endpoint(world: World, volunteer_id: VolunteerId, connection: Connection, *, actor: Actor) -> Endpoint:
    """The volunteer's endpoint on this connection, confirmed by Plivo.

    Raises: PlivoFailure if Plivo did not make it; the next attempt goes on where this one stopped.
    """
    endpoint, begun_before = await _own_row(world, volunteer_id, connection)
    if endpoint.username is not None:
        return endpoint
    app_id = connection.application_id
    if app_id is None:
        app_id = (await ensure_application(world, actor, connection)).application.id
    made = await _adopt(world, connection, endpoint, app_id=app_id) if begun_before else None
    if made is None and not await _take_turn(world, endpoint):
        return await _made_meanwhile(world, endpoint)
    try:
        made = made or await _create(world, connection, endpoint, app_id=app_id)
    except PlivoFailure:
        await world.database.write(lambda db: forget(db, _turn_key(endpoint)))
        raise
    return await _confirm(world, endpoint, made, actor=actor)


async def _take_turn(world: World, endpoint: Endpoint) -> bool:
    """Whether nobody else is making this endpoint at this moment, here or in another worker."""

    async def unit(db: Db) -> bool:
        found = await select_endpoint(db, endpoint.id)
        if found is not None and found.username is not None:
            return False
        return await take(db, _turn_key(endpoint), limit=1, window=MAKING, now=world.clock()) is None

    return await world.database.write(unit)


async def _made_meanwhile(world: World, endpoint: Endpoint) -> Endpoint:
    """The endpoint as the request that is making it leaves it.

    Raises: PlivoUnavailable if that one does not come to an end.
    """
    for _ in range(LOOKS):
        found = await world.database.read(lambda db: select_endpoint(db, endpoint.id))
        if found is not None and found.username is not None:
            return found
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise PlivoUnavailable


def _turn_key(endpoint: Endpoint) -> str:
    return f"endpoint-making:{endpoint.id}"


async def _own_row(world: World, volunteer_id: VolunteerId, connection: Connection) -> tuple[Endpoint, bool]:
    """Our row, and whether it was there before."""
    known = await world.database.read(lambda db: select_volunteers_endpoint(db, connection.id, volunteer_id))
    if known is not None:
        return known, True
    endpoint_id = world.chance(10).hex()
    endpoint = Endpoint(
        id=EndpointId(endpoint_id),
        connection_id=connection.id,
        volunteer_id=volunteer_id,
        kind=EndpointKind.BROWSER,
        alias=f"softphone{endpoint_id}",
        username=None,
        plivo_id=None,
        created_at=world.clock(),
    )

    async def unit(db: Db) -> tuple[Endpoint, bool]:
        added = await insert_endpoint(db, endpoint, password=new_password(world), keyring=world.keyring)
        found = await select_volunteers_endpoint(db, connection.id, volunteer_id)
        if found is None:
            raise NotFound
        return found, not added

    return await world.database.write(unit)


async def _adopt(world: World, connection: Connection, endpoint: Endpoint, *, app_id: str) -> PlivoEndpoint | None:
    """The endpoint that an earlier attempt made without our learning of it, attached to our application."""
    credentials = credentials_of(connection)
    listed = await world.plivo.list_endpoints(credentials)
    found = next((one for one in listed if one.alias == endpoint.alias and one.id and one.username), None)
    if found is not None and found.application_id != app_id:
        await world.plivo.update_endpoint(credentials, found.id, app_id=app_id)
    return found


async def _create(world: World, connection: Connection, endpoint: Endpoint, *, app_id: str) -> PlivoEndpoint:
    password = await world.database.read(lambda db: select_endpoint_password(db, endpoint.id, keyring=world.keyring))
    if password is None:
        raise NotFound
    # Short, because Plivo appends a dozen digits and more, and a token has room for 500 characters (wire.md 1.6).
    prefix = "v" + base64.b32encode(world.chance(4)).decode().lower()[:6]
    try:
        return await world.plivo.create_endpoint(
            credentials_of(connection), username=prefix, password=password, alias=endpoint.alias, app_id=app_id
        )
    except PlivoUnavailable:
        found = await _adopt(world, connection, endpoint, app_id=app_id)
        if found is None:
            raise
        return found


async def _confirm(world: World, endpoint: Endpoint, made: PlivoEndpoint, *, actor: Actor) -> Endpoint:
    async def unit(db: Db) -> Endpoint:
        username = EndpointUsername(made.username)
        if await update_endpoint_confirmed(db, endpoint.id, username=username, plivo_id=made.id):
            entry = AuditEntry(
                actor=actor,
                action="endpoint.created",
                subject=endpoint.id,
                detail={"username": made.username, "volunteer": endpoint.volunteer_id},
            )
            await append_audit(db, entry, now=world.clock())
        found = await select_endpoint(db, endpoint.id)
        if found is None:
            raise NotFound
        return found

    return await world.database.write(unit)


def new_password(world: World) -> Secret:
    """A password for an endpoint, of letters and digits: nothing to escape in any phone's settings."""
    # 62 symbols do not divide 256: a byte above 247 is thrown away, so that each symbol is as likely as any other.
    drawn: list[str] = []
    while len(drawn) < PASSWORD_LENGTH:
        drawn += [_ALPHABET[byte % 62] for byte in world.chance(PASSWORD_LENGTH) if byte < 248]
    return Secret("".join(drawn[:PASSWORD_LENGTH]))
