"""The document that Plivo falls back to when this service does not answer: it needs nothing but itself.

It is published on any static host and named as the application's `fallback_answer_url`. Whoever reads that host reads
it, so it holds only the telephones that their owners have allowed in it.
"""

import hashlib

from softphone.actions.record_audit import record_audit
from softphone.actions.world import World
from softphone.domain.dialling import own_caller_id
from softphone.domain.errors import NotFound
from softphone.domain.hotline import Hotline, PrivatePhone
from softphone.domain.hotline_calls import TALK_FOR
from softphone.domain.ids import HotlineId
from softphone.domain.languages import BY_CODE
from softphone.domain.prompts import Prompt, say
from softphone.plivo.hotline_answers import farewell
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import Confirm, Dial, Number, Record, Verb, render
from softphone.store.audit import Actor
from softphone.store.connections import select_connection
from softphone.store.database import Connection as Db
from softphone.store.fallback_copies import upsert_fallback_digest
from softphone.store.hotlines import select_hotline, update_fallback_made
from softphone.store.private_phones import select_fallback_phones


async def write_fallback(
    world: World, actor: Actor, hotline_id: HotlineId, *, confirm_url: str | None, confirm_part: bool = False
) -> bytes:
    """The document. `confirm_url` is where its second part is published, which asks whoever answers for a key; without
    it a mailbox that answers takes the call. `confirm_part` asks for that second part instead.

    Raises: NotFound.
    """

    async def unit(db: Db) -> bytes:
        hotline = await select_hotline(db, hotline_id)
        connection = await select_connection(db, hotline.connection_id, keyring=world.keyring) if hotline else None
        if hotline is None or connection is None:
            raise NotFound(message="There is no such hotline.")
        if confirm_part:
            return fallback_confirm_document(hotline)
        phones = await select_fallback_phones(db, hotline_id, keyring=world.keyring)
        caller_id = own_caller_id(connection)
        now = world.clock()
        await update_fallback_made(db, hotline_id, now=now)
        await upsert_fallback_digest(db, hotline_id, digest_of(hotline, phones, caller_id=caller_id))
        detail: dict[str, object] = {"name": hotline.name, "phones": len(phones)}
        await record_audit(db, actor, "hotline.fallback_written", subject=hotline_id, now=now, detail=detail)
        return fallback_document(hotline, phones, caller_id=caller_id, confirm_url=confirm_url)

    return await world.database.write(unit)


def digest_of(hotline: Hotline, phones: list[PrivatePhone], *, caller_id: str | None) -> str:
    """What the document says, as a hash: another one means that a published copy is out of date."""
    document = fallback_document(hotline, phones, caller_id=caller_id, confirm_url=None)
    return hashlib.sha256(document + fallback_confirm_document(hotline)).hexdigest()


def fallback_document(
    hotline: Hotline, phones: list[PrivatePhone], *, caller_id: str | None, confirm_url: str | None
) -> bytes:
    """A neutral sentence in each of the hotline's languages, the telephones, a message, and an end."""
    default = hotline.default_language
    # Recordings of the organisation's are served by this service, so the words here are all spoken.
    heard = [code for code in hotline.languages if BY_CODE[code].voice is not None] or [default]
    hold = tuple(one for code in heard for one in say(Prompt.PLEASE_HOLD, code, {}, default=default))
    leave = tuple(one for code in heard for one in say(Prompt.NOBODY_LEAVE_MESSAGE, code, {}, default=default))
    verbs: list[Verb] = []
    # Without a caller ID of ours, phones would be shown the caller's number.
    if phones and caller_id is not None:
        dial = Dial(
            callees=tuple(Number(phone.number.reveal(), phone.send_digits) for phone in phones),
            ring_seconds=round(hotline.ring_for.total_seconds()),
            talk_seconds=int(TALK_FOR.total_seconds()),
            action=None,
            callback_url=None,
            caller_id=caller_id,
            sip_headers={},
            confirm=Confirm(sound_url=confirm_url) if confirm_url else None,
        )
        verbs += [*spoken(hold), dial]
    verbs += [*spoken(leave), Record(action=None, callback_url=None)]
    return render([*verbs, *farewell(say(Prompt.MESSAGE_THANKS, default, {}))])


def fallback_confirm_document(hotline: Hotline) -> bytes:
    """What a telephone hears before it may take a call of the fallback document."""
    default = hotline.default_language
    return render(spoken(say(Prompt.CONFIRM_PRIVATE_PHONE, default, {}, default=default)))
