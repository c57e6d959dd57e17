"""What every step of a hotline's call needs, loaded once: the hotline, its words, and where Plivo goes on."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from softphone.actions.ensure_application import RETRY_RULES
from softphone.actions.own_prompts import load_own_prompts
from softphone.actions.take_message import message_verbs
from softphone.actions.world import World
from softphone.domain.connections import Connection
from softphone.domain.dialling import own_caller_id
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import HotlineCall
from softphone.domain.ids import CallRef, ConnectionId
from softphone.domain.languages import BY_CODE
from softphone.domain.prompts import OwnPrompts, Prompt, Said, say
from softphone.plivo.callbacks import VerifiedCallback
from softphone.plivo.hotline_answers import Way, Words, outline
from softphone.plivo.hotline_callbacks import plain_address, read_told
from softphone.plivo.redacted import without_numbers
from softphone.plivo.xml import Verb, render
from softphone.store.connections import select_webrtc_enabled
from softphone.store.database import Connection as Db
from softphone.store.hotline_calls import append_ladder, update_hotline_call, upsert_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One step of one call, inside the unit that answers it."""

    world: World
    db: Db
    callback: VerifiedCallback
    connection: Connection
    hotline: Hotline
    own: OwnPrompts
    asked: str
    now: datetime

    def say(self, prompt: Prompt, language: str | None, **fills: str | int | None) -> tuple[Said, ...]:
        """A prompt of this hotline in a language, or in the hotline's own before the caller has chosen one."""
        default = self.hotline.default_language
        return say(prompt, language or default, self.own, default=default, **fills)

    def way(self, call: HotlineCall) -> Way:
        """Where Plivo goes on after the step that is answered now."""
        language = call.language or self.hotline.default_language
        return way_of(
            self.world,
            self.connection,
            self.hotline,
            own=self.own,
            language=language,
            ref=call.ref,
            step=call.step + 1,
        )

    async def answer(self, call: HotlineCall, verbs: list[Verb]) -> bytes:
        """Write the call as it is after this step, with the answer and a line of its ladder."""
        document = render(verbs)
        after = replace(call, step=call.step + 1, heard_at=self.now)
        await update_hotline_call(self.db, after)
        if after.ended_at is None:
            await upsert_answer(self.db, call.call_uuid, after.step, document, keyring=self.world.keyring)
        await self.note(call, document=document)
        return document

    async def note(self, call: HotlineCall, *, document: bytes | None = None) -> None:
        """A line of the ladder."""
        await append_ladder(
            self.db,
            call.call_uuid,
            asked=self.asked,
            told=read_told(self.callback),
            answered=outline(document) if document else "",
            document=without_numbers(document) if document else None,
            now=self.now,
        )


async def set_scene(
    world: World, db: Db, callback: VerifiedCallback, *, hotline: Hotline, asked: str, now: datetime
) -> Scene:
    """The scene of a step. The WebRTC switch is read again inside the unit: one that went off since is off."""
    enabled = await select_webrtc_enabled(db, callback.connection.id)
    kept = await load_own_prompts(db, world.settings, hotline.id)
    return Scene(
        world=world,
        db=db,
        callback=callback,
        connection=replace(callback.connection, webrtc_enabled=enabled),
        hotline=hotline,
        own=kept.own,
        asked=asked,
        now=now,
    )


def way_of(
    world: World,
    connection: Connection,
    hotline: Hotline,
    *,
    own: OwnPrompts,
    language: str,
    ref: CallRef,
    step: int,
) -> Way:
    """The addresses and names of a call after a step of it."""
    base = incoming_url(world, connection.id)
    spoken = BY_CODE[language].english_name if language in BY_CODE else language

    def record(words: Words) -> tuple[Verb, ...]:
        return message_verbs(
            world.settings, words, connection_id=connection.id, hotline_id=hotline.id, language=language
        )

    return Way(
        next_url=f"{base}/next?step={step}{RETRY_RULES}",
        legs_url=f"{base}/legs?step={step}{RETRY_RULES}",
        confirm_url=f"{base}/confirm?{urlencode({'hotline': hotline.id})}{RETRY_RULES}",
        # A number of the connection, whatever happens: with none, phones would be shown the caller's (TM-F5).
        caller_id=own_caller_id(connection) or hotline.numbers[0],
        caller_name=f"{hotline.name}, {spoken}",
        ref=ref,
        music_url=hotline.music_url,
        say=partial(say, language=language, own=own, default=hotline.default_language),
        record=record,
    )


def incoming_url(world: World, connection_id: ConnectionId) -> str:
    """Where a connection's hotline calls are answered."""
    return f"{world.settings.public_url}/telephony/{connection_id}/incoming"


def address_hash(world: World, address: str) -> str:
    """A dialled address as it is kept."""
    key = world.keyring.derive("dialled address")
    return hmac.new(key, plain_address(address).encode(), hashlib.sha256).hexdigest()[:32]
