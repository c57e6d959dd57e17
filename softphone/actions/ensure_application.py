"""See to it that Plivo has our application, and that it asks us (`rest.md` 4)."""

from dataclasses import dataclass

from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.errors import PlivoFailure, PlivoUnavailable
from softphone.domain.ids import ConnectionId
from softphone.plivo.records import Application
from softphone.plivo.transport import Credentials
from softphone.settings import Settings
from softphone.store.audit import Actor, AuditEntry, append_audit
from softphone.store.connections import update_application_id
from softphone.store.database import Connection as Db

RETRY_RULES = "#ct=2000&rt=8000&tt=20000&rc=2&rp=ct,rt,5xx"
"""How Plivo asks: connect 2 s, read 8 s, 20 s in all, two more tries after a time-out or 5xx (`wire.md` 4.7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsuredApplication:
    """The application as Plivo says it is now. `settled` is False where it still does not point at us."""

    application: Application
    created: bool
    changed: bool
    settled: bool


def answer_url(settings: Settings, connection_id: ConnectionId) -> str:
    """Where Plivo asks what a call of one of our phones should do."""
    return f"{settings.public_url}/telephony/{connection_id}/outgoing{RETRY_RULES}"


def hangup_url(settings: Settings, connection_id: ConnectionId) -> str:
    """Where Plivo tells that a call has ended."""
    return f"{settings.public_url}/telephony/{connection_id}/status{RETRY_RULES}"


def credentials_of(connection: Connection) -> Credentials:
    """What a connection asks Plivo with."""
    return Credentials(connection.auth_id, connection.auth_token)


async def ensure_application(world: World, actor: Actor, connection: Connection) -> EnsuredApplication:
    """Create our application, or adopt and correct the one that is there.

    Raises: PlivoFailure.
    """
    credentials = credentials_of(connection)
    wanted_answer = answer_url(world.settings, connection.id)
    wanted_hangup = hangup_url(world.settings, connection.id)
    found = await _find(world, connection)
    created = found is None
    if found is None:
        app_id = await _create(world, connection)
        found = await world.plivo.get_application(credentials, app_id)
    changed = not _points_at(found, wanted_answer, wanted_hangup)
    if changed:
        await world.plivo.update_application(credentials, found, answer_url=wanted_answer, hangup_url=wanted_hangup)
        found = await world.plivo.get_application(credentials, found.id)
    if found.id != connection.application_id or changed:
        await _remember(world, actor, connection, found.id)
    return EnsuredApplication(
        application=found,
        created=created,
        changed=changed and not created,
        settled=_points_at(found, wanted_answer, wanted_hangup),
    )


async def _find(world: World, connection: Connection) -> Application | None:
    credentials = credentials_of(connection)
    if connection.application_id is not None:
        try:
            return await world.plivo.get_application(credentials, connection.application_id)
        except PlivoFailure as error:
            if error.status != 404:
                raise
    named = await world.plivo.list_applications(credentials, name=_name(connection))
    return named[0] if named else None


async def _create(world: World, connection: Connection) -> str:
    try:
        return await world.plivo.create_application(
            credentials_of(connection),
            name=_name(connection),
            answer_url=answer_url(world.settings, connection.id),
            hangup_url=hangup_url(world.settings, connection.id),
        )
    except PlivoUnavailable:
        # The answer may have been lost on the way: what was made is found by its name (rest.md 1.9).
        named = await world.plivo.list_applications(credentials_of(connection), name=_name(connection))
        if not named:
            raise
        return named[0].id


async def _remember(world: World, actor: Actor, connection: Connection, app_id: str) -> None:
    async def unit(db: Db) -> None:
        now = world.clock()
        await update_application_id(db, connection.id, app_id, now=now)
        entry = AuditEntry(
            actor=actor, action="connection.application_set", subject=connection.id, detail={"application_id": app_id}
        )
        await append_audit(db, entry, now=now)

    await world.database.write(unit)


def _name(connection: Connection) -> str:
    return f"softphone-{connection.id}"


def _points_at(application: Application, answer: str, hangup: str) -> bool:
    return (application.answer_url, application.answer_method) == (answer, "POST") and (
        application.hangup_url,
        application.hangup_method,
    ) == (hangup, "POST")
