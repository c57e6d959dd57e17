"""Put an organisation's own words and voices in place of ours. Each change is one unit with its line in the log."""

import asyncio
import base64
import re
from collections.abc import Mapping

from softphone.actions.record_audit import record_audit
from softphone.actions.world import World
from softphone.domain.errors import NotFound
from softphone.domain.prompt_rules import read_own_text, read_prompt, read_prompt_language
from softphone.domain.sound import read_sound
from softphone.store.audit import Actor
from softphone.store.database import Connection as Db
from softphone.store.prompts import (
    PromptKey,
    delete_own_text,
    delete_recording,
    upsert_own_text,
    upsert_recording,
)

HOTLINE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
RECORDING_ID_BYTES = 20
"""160 random bits: the path of a recording is all that is needed to hear it."""


def read_key(hotline_id: str, prompt: str, language: str) -> PromptKey:
    """The place that a path names.

    Raises: NotFound.
    """
    return PromptKey(hotline_id=hotline_id, prompt=read_prompt(prompt), language=read_prompt_language(language).code)


async def require_hotline(_db: Db, hotline_id: str) -> None:
    """Go on only for a hotline.

    Raises: NotFound.
    """
    if HOTLINE_ID.fullmatch(hotline_id) is None:
        raise NotFound(message="There is no such hotline.")


async def set_own_text(world: World, actor: Actor, key: PromptKey, text: str) -> None:
    """Have this text spoken in place of ours. Twice is the same as once.

    Raises: NotFound; InvalidInput.
    """
    wanted = read_own_text(key.prompt, text)

    async def unit(db: Db) -> None:
        await require_hotline(db, key.hotline_id)
        if await upsert_own_text(db, key, wanted, now=world.clock()):
            await _tell(db, world, actor, "prompt.text_set", key)

    await world.database.write(unit)


async def remove_own_text(world: World, actor: Actor, key: PromptKey) -> None:
    """Go back to our own words. Twice is the same as once.

    Raises: NotFound.
    """

    async def unit(db: Db) -> None:
        await require_hotline(db, key.hotline_id)
        if await delete_own_text(db, key):
            await _tell(db, world, actor, "prompt.text_removed", key)

    await world.database.write(unit)


async def set_recording(world: World, actor: Actor, key: PromptKey, raw: bytes) -> None:
    """Have this recording played. It gets a path of its own; the one before it ends to be served.

    Raises: NotFound; InvalidInput; TooLarge.
    """
    sound = await asyncio.to_thread(read_sound, raw)
    recording_id = base64.urlsafe_b64encode(world.chance(RECORDING_ID_BYTES)).decode().rstrip("=")

    async def unit(db: Db) -> None:
        await require_hotline(db, key.hotline_id)
        await upsert_recording(db, key, sound, recording_id=recording_id, now=world.clock())
        detail = {"kind": sound.kind.value, "seconds": round(sound.length.total_seconds(), 1)}
        await _tell(db, world, actor, "prompt.recording_set", key, detail=detail)

    await world.database.write(unit)


async def remove_recording(world: World, actor: Actor, key: PromptKey) -> None:
    """Have the text spoken again. Twice is the same as once.

    Raises: NotFound.
    """

    async def unit(db: Db) -> None:
        await require_hotline(db, key.hotline_id)
        if await delete_recording(db, key):
            await _tell(db, world, actor, "prompt.recording_removed", key)

    await world.database.write(unit)


async def _tell(
    db: Db, world: World, actor: Actor, action: str, key: PromptKey, *, detail: Mapping[str, object] | None = None
) -> None:
    where = {"prompt": key.prompt.value, "language": key.language, **(detail or {})}
    await record_audit(db, actor, action, subject=key.hotline_id, detail=where, now=world.clock())
