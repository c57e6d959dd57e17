"""See to it that calls to a hotline's numbers ask us: an application of their own at Plivo, and the numbers attached.

Calls from outside and calls of our phones have different answer URLs, so they need two applications (`wire.md` 4.3).
"""

from dataclasses import dataclass

from softphone.actions.ensure_application import RETRY_RULES, credentials_of, hangup_url
from softphone.actions.record_audit import record_audit
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.errors import NotFound, PlivoUnavailable
from softphone.domain.hotline import Hotline
from softphone.domain.ids import ConnectionId, HotlineId
from softphone.settings import Settings
from softphone.store.audit import Actor
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.hotlines import select_hotline


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedHotline:
    """What was found and done at Plivo. `attached` numbers were not led here before; `missing` are not the account's.
    Both are counts.
    """

    application_id: str
    attached: int
    missing: int


def incoming_answer_url(settings: Settings, connection_id: ConnectionId) -> str:
    """Where Plivo asks what a call from outside should do."""
    return f"{settings.public_url}/telephony/{connection_id}/incoming{RETRY_RULES}"


async def prepare_hotline(world: World, actor: Actor, hotline_id: HotlineId) -> PreparedHotline:
    """Create or correct the application of a connection's hotlines, and attach this hotline's numbers to it.

    Raises: NotFound; PlivoFailure. Doing it again after a failure does what was left undone.
    """
    hotline, connection = await world.database.read(lambda db: _load(world, db, hotline_id))
    credentials = credentials_of(connection)
    application_id = await _ensure_application(world, connection)
    rented = {one.number: one for one in await world.plivo.list_numbers(credentials)}
    ours = [rented[number] for number in hotline.numbers if number in rented]
    astray = [one.number for one in ours if one.application_id != application_id]
    for number in astray:
        await world.plivo.update_number(credentials, number, app_id=application_id)
    detail: dict[str, object] = {"name": hotline.name, "attached": len(astray), "application_id": application_id}
    await world.database.write(
        lambda db: record_audit(db, actor, "hotline.prepared", subject=hotline_id, now=world.clock(), detail=detail)
    )
    return PreparedHotline(
        application_id=application_id, attached=len(astray), missing=len(hotline.numbers) - len(ours)
    )


async def _load(world: World, db: Db, hotline_id: HotlineId) -> tuple[Hotline, Connection]:
    hotline = await select_hotline(db, hotline_id)
    connection = await select_connection(db, hotline.connection_id, keyring=world.keyring) if hotline else None
    if hotline is None or connection is None:
        raise NotFound(message="There is no such hotline.")
    return hotline, connection


async def _ensure_application(world: World, connection: Connection) -> str:
    credentials, name = credentials_of(connection), f"softphone-{connection.id}-hotlines"
    answer, hangup = incoming_answer_url(world.settings, connection.id), hangup_url(world.settings, connection.id)
    found = await world.plivo.list_applications(credentials, name=name)
    if not found:
        try:
            return await world.plivo.create_application(credentials, name=name, answer_url=answer, hangup_url=hangup)
        except PlivoUnavailable:
            # The answer may have been lost on the way: what was made is found by its name (rest.md 1.9).
            found = await world.plivo.list_applications(credentials, name=name)
            if not found:
                raise
    application = found[0]
    asks = (application.answer_url, application.answer_method, application.hangup_url, application.hangup_method)
    if asks != (answer, "POST", hangup, "POST"):
        await world.plivo.update_application(credentials, application, answer_url=answer, hangup_url=hangup)
    return application.id
