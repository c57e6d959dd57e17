"""What volunteers do with the messages that callers left: hear one, take it, give it back, say that it is done."""

from datetime import datetime

from softphone.actions.ensure_application import credentials_of
from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.world import World
from softphone.domain.connections import Connection as PlivoConnection
from softphone.domain.errors import NotFound
from softphone.domain.voicemails import Voicemail, check_held, check_may_hear, check_take
from softphone.domain.volunteers import Volunteer
from softphone.plivo.media import OpenRecording, media_path
from softphone.store.connections import select_connection
from softphone.store.database import Connection
from softphone.store.events import EVERYONE, append_event
from softphone.store.voicemails import delete_voicemail, select_voicemail, update_voicemail


async def open_message(world: World, who: Volunteer, voicemail_id: str) -> OpenRecording:
    """Begin to fetch the sound of a message. Whoever gets it reads it to its end or closes it.

    Raises: NotAllowed, NotFound; PlivoFailure if Plivo does not hand it out.
    """
    check_may_hear(who)

    async def unit(db: Connection) -> tuple[Voicemail, PlivoConnection | None]:
        message = await _existing(db, voicemail_id)
        return message, await select_connection(db, message.connection_id, keyring=world.keyring)

    message, connection = await world.database.read(unit)
    if connection is None:
        raise NotFound
    credentials = credentials_of(connection)
    return await world.media.open(credentials, message.media_path or media_path(credentials, message.recording_id))


async def take(world: World, who: Volunteer, voicemail_id: str) -> Voicemail:
    """This volunteer sees to the message; nobody else can then. Twice is the same as once.

    Raises: NotAllowed, NotFound, Conflict.
    """
    check_may_hear(who)

    async def unit(db: Connection) -> Voicemail:
        now = world.clock()
        message = await _existing(db, voicemail_id, lock=True)
        check_take(message, who.id, now=now)
        await update_voicemail(db, message.id, taken_by=who.id, taken_at=now, done_at=None)
        return await _told(db, message.id, now=now)

    return await world.database.write(unit)


async def release(world: World, who: Volunteer, voicemail_id: str) -> Voicemail:
    """Give a message back, for others to take.

    Raises: NotAllowed, NotFound, Conflict.
    """
    check_may_hear(who)

    async def unit(db: Connection) -> Voicemail:
        now = world.clock()
        message = await _existing(db, voicemail_id, lock=True)
        check_held(message, who.id, now=now)
        await update_voicemail(db, message.id, taken_by=None, taken_at=None, done_at=None)
        return await _told(db, message.id, now=now)

    return await world.database.write(unit)


async def finish(world: World, who: Volunteer, voicemail_id: str) -> Voicemail:
    """What the caller asked for is done.

    Raises: NotAllowed, NotFound, Conflict.
    """
    check_may_hear(who)

    async def unit(db: Connection) -> Voicemail:
        now = world.clock()
        message = await _existing(db, voicemail_id, lock=True)
        check_held(message, who.id, now=now)
        await update_voicemail(db, message.id, taken_by=who.id, taken_at=message.taken_at, done_at=now)
        return await _told(db, message.id, now=now)

    return await world.database.write(unit)


async def discard(world: World, who: Volunteer, voicemail_id: str) -> None:
    """An administrator deletes a message, here at once and at Plivo as soon as it can be asked.

    Raises: NotFound.
    """

    async def unit(db: Connection) -> None:
        now = world.clock()
        message = await _existing(db, voicemail_id, lock=True)
        await delete_voicemail(db, message, now=now)
        await record_audit(db, actor_of(who), "voicemail.deleted", subject=message.id, now=now)
        await append_event(db, EVERYONE, "voicemail", body={"id": message.id, "state": "deleted"}, now=now)

    await world.database.write(unit)


async def _existing(db: Connection, voicemail_id: str, *, lock: bool = False) -> Voicemail:
    message = await select_voicemail(db, voicemail_id, lock=lock)
    if message is None:
        raise NotFound(message="This message is not here any more.")
    return message


async def _told(db: Connection, voicemail_id: str, *, now: datetime) -> Voicemail:
    message = await _existing(db, voicemail_id)
    body = {"id": message.id, "state": message.state(now=now).value}
    await append_event(db, EVERYONE, "voicemail", body=body, now=now)
    return message
