"""Take a caller's message: offer it, and keep what Plivo tells about it, whatever comes twice, late or not at all.

Two callbacks tell of one recording: Record's action URL, which is asked what the caller hears next, and its callback
URL, which says that the file is there. Each may come first, alone, or with a part of what it should say (`wire.md`
3.6), so both are read alike and make one row. Plivo's id of the recording is what makes it one.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from softphone.actions.answer_once import answer_once
from softphone.actions.ensure_application import RETRY_RULES
from softphone.actions.know_caller import know_caller
from softphone.actions.own_prompts import load_own_prompts
from softphone.actions.world import World
from softphone.domain.callers import CallerId
from softphone.domain.ids import ConnectionId
from softphone.domain.languages import FALLBACK, known_language
from softphone.domain.prompts import Prompt, say
from softphone.domain.voicemails import (
    LONGEST_MESSAGE,
    MESSAGE_DAY,
    Voicemail,
    VoicemailState,
    is_message,
)
from softphone.plivo.answers import NOTHING_MORE
from softphone.plivo.callbacks import Recorded, VerifiedCallback, read_recorded
from softphone.plivo.media import read_media_path
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import Hangup, Play, Record, Speak, Verb, render
from softphone.settings import Settings
from softphone.store.admissions import select_asker
from softphone.store.database import Connection
from softphone.store.events import EVERYONE, append_event
from softphone.store.privacy import select_hotline_privacy
from softphone.store.voicemails import count_messages, insert_deletion, upsert_voicemail


async def may_leave_message(db: Connection, caller: CallerId, *, hotline_id: str, now: datetime) -> bool:
    """Whether a caller is offered to leave a message: it is switched on, and neither they nor all of them together
    have left too many in a day (threat model, TM-F8).
    """
    limits = await select_hotline_privacy(db, hotline_id)
    if not limits.voicemail_enabled:
        return False
    own, in_all = await count_messages(db, hotline_id, caller, since=now - MESSAGE_DAY)
    own_reached = 0 < limits.messages_per_caller <= own
    return not own_reached and not 0 < limits.messages_in_all <= in_all


def message_verbs(
    settings: Settings,
    said: Sequence[Speak | Play],
    *,
    connection_id: ConnectionId,
    hotline_id: str,
    language: str,
) -> tuple[Verb, ...]:
    """Say that a message can be left, beep, and record it. The addresses carry hotline and language, and no caller."""
    query = urlencode({"hotline": hotline_id, "language": language})
    base = f"{settings.public_url}/telephony/{connection_id}"
    record = Record(
        action=f"{base}/message?{query}{RETRY_RULES}",
        callback_url=f"{base}/recorded?{query}{RETRY_RULES}",
        longest_seconds=int(LONGEST_MESSAGE.total_seconds()),
    )
    return (*said, record)


async def end_message(world: World, callback: VerifiedCallback, *, hotline_id: str, language: str) -> bytes:
    """The recording has ended and the caller may still be there: keep it, thank them, or say that nothing was heard.

    Raises: UnusableCallback, ReplayRefused.
    """
    recorded = read_recorded(callback)
    language = _code(language)

    async def unit(db: Connection) -> bytes:
        kept = await _keep(world, db, callback, recorded=recorded, hotline_id=hotline_id, language=language)
        own = (await load_own_prompts(db, world.settings, hotline_id)).own
        prompt = Prompt.MESSAGE_THANKS if kept else Prompt.MESSAGE_EMPTY
        return render([*spoken(say(prompt, language, own)), Hangup()])

    return await answer_once(world, callback, unit)


async def note_recorded(world: World, callback: VerifiedCallback, *, hotline_id: str, language: str) -> bytes:
    """The file is there: keep what this says of it. Nobody listens to the answer.

    Raises: UnusableCallback, ReplayRefused.
    """
    recorded = read_recorded(callback)
    language = _code(language)

    async def unit(db: Connection) -> bytes:
        await _keep(world, db, callback, recorded=recorded, hotline_id=hotline_id, language=language)
        return NOTHING_MORE

    return await answer_once(world, callback, unit)


def _code(language: str) -> str:
    known = known_language(language)
    return known.code if known else FALLBACK


async def _keep(
    world: World,
    db: Connection,
    callback: VerifiedCallback,
    *,
    recorded: Recorded,
    hotline_id: str,
    language: str,
) -> bool:
    now = world.clock()
    if recorded.recording_id is None:
        return False
    if not is_message(recorded.seconds):
        await insert_deletion(db, callback.connection.id, recorded.recording_id, now=now)
        return False
    caller, hotline_id = await _asker(world, db, recorded, hotline_id=hotline_id, now=now)
    message = Voicemail(
        id=world.chance(8).hex(),
        connection_id=callback.connection.id,
        recording_id=recorded.recording_id,
        call_uuid=recorded.call_uuid,
        hotline_id=hotline_id,
        caller=caller,
        language=language,
        media_path=read_media_path(recorded.url, media_url=world.media.media_url),
        seconds=recorded.seconds,
        left_at=now,
        taken_by=None,
        taken_by_name=None,
        taken_at=None,
        done_at=None,
    )
    kept = await upsert_voicemail(db, message)
    if kept is not None and kept[1]:
        body = {"id": kept[0], "state": VoicemailState.NEW.value}
        await append_event(db, EVERYONE, "voicemail", body=body, now=now)
    return True


async def _asker(
    world: World, db: Connection, recorded: Recorded, *, hotline_id: str, now: datetime
) -> tuple[CallerId, str]:
    known = await select_asker(db, recorded.call_uuid)
    if known is not None:
        return known
    # Nothing was written when the call came in, because the database was gone: the message is kept all the same.
    caller = await know_caller(world, db, recorded.caller, call_uuid=recorded.call_uuid, now=now)
    return caller.id, hotline_id
