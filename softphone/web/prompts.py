"""The administrator's doors to what callers hear, and the one from which Plivo fetches recordings.

GET    /api/admin/hotlines/{id}/prompts                                 everything that can be said
PUT    /api/admin/hotlines/{id}/prompts/{prompt}/{language}/text        our words replaced; DELETE brings them back
PUT    /api/admin/hotlines/{id}/prompts/{prompt}/{language}/recording   a WAV or MP3 file as it is; DELETE removes it
GET    /telephony/prompts/{id}.wav, .mp3                                a recording that is current
"""

import re

from quart import Blueprint, Response, request
from quart.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from softphone.actions.change_prompts import (
    read_key,
    remove_own_text,
    remove_recording,
    require_hotline,
    set_own_text,
    set_recording,
)
from softphone.actions.own_prompts import KeptPrompts, load_own_prompts
from softphone.actions.record_audit import actor_of
from softphone.domain.errors import NotFound, TooLarge
from softphone.domain.languages import BY_CODE, LANGUAGES
from softphone.domain.prompts import usable_in_menu
from softphone.domain.sessions import SignedIn
from softphone.domain.sound import SoundKind
from softphone.store.database import Connection as Db
from softphone.store.prompts import PromptKey, select_recording_content
from softphone.web.bodies import Empty, PromptText, read_body
from softphone.web.deps import deps
from softphone.web.guards import admin_only, public, takes_sound
from softphone.web.prompts_json import render_language, render_prompt

prompts = Blueprint("prompts", __name__)

ONE = "/api/admin/hotlines/<hotline_id>/prompts/<prompt>/<language>"
UPLOAD_SECONDS = 60
"""How long a recording may take to arrive: 2 MB over the slow line of a small office."""
CACHED = "public, max-age=86400, immutable"
"""An id never gets another content. A day, so that what was removed does not stay in caches for long."""
RECORDING_NAME = re.compile(r"([A-Za-z0-9_-]{1,64})\.(wav|mp3)")
TYPES = {SoundKind.WAV: "audio/wav", SoundKind.MP3: "audio/mpeg"}


@prompts.get("/api/admin/hotlines/<hotline_id>/prompts")
@admin_only
async def list_prompts(_signed_in: SignedIn, hotline_id: str) -> ResponseReturnValue:
    """Every prompt in every language, with what is in its place."""
    kept, settings = await _load(hotline_id), deps().world.settings
    return {"languages": [render_language(language, kept, settings) for language in LANGUAGES]}


@prompts.put(f"{ONE}/text")
@admin_only
async def put_text(signed_in: SignedIn, hotline_id: str, prompt: str, language: str) -> ResponseReturnValue:
    """Have other words spoken."""
    body, key = await read_body(PromptText), read_key(hotline_id, prompt, language)
    await set_own_text(deps().world, actor_of(signed_in.volunteer), key, body.text)
    return await _shown(key)


@prompts.delete(f"{ONE}/text")
@admin_only
async def delete_text(signed_in: SignedIn, hotline_id: str, prompt: str, language: str) -> ResponseReturnValue:
    """Go back to our words."""
    await read_body(Empty)
    key = read_key(hotline_id, prompt, language)
    await remove_own_text(deps().world, actor_of(signed_in.volunteer), key)
    return await _shown(key)


@prompts.put(f"{ONE}/recording")
@admin_only
@takes_sound
async def put_recording(signed_in: SignedIn, hotline_id: str, prompt: str, language: str) -> ResponseReturnValue:
    """Have a recording played. What the file is, its content says."""
    key = read_key(hotline_id, prompt, language)
    request.body_timeout = UPLOAD_SECONDS
    try:
        raw = await request.get_data(cache=False, as_text=False, parse_form_data=False)
    except RequestEntityTooLarge:
        raise TooLarge(message="A recording has at most 2 MB. Save it as mono, 16 kHz.") from None
    await set_recording(deps().world, actor_of(signed_in.volunteer), key, raw)
    return await _shown(key)


@prompts.delete(f"{ONE}/recording")
@admin_only
async def delete_the_recording(signed_in: SignedIn, hotline_id: str, prompt: str, language: str) -> ResponseReturnValue:
    """Have the text spoken again."""
    await read_body(Empty)
    key = read_key(hotline_id, prompt, language)
    await remove_recording(deps().world, actor_of(signed_in.volunteer), key)
    return await _shown(key)


@prompts.get("/telephony/prompts/<name>")
@public
async def recording(name: str) -> Response:
    """A recording, for whoever knows its path. Only what is current is there."""
    found = RECORDING_NAME.fullmatch(name)
    if found is None:
        raise NotFound
    recording_id, kind = found[1], SoundKind(found[2])
    content = await deps().world.database.read(lambda db: select_recording_content(db, recording_id, kind))
    if content is None:
        raise NotFound
    return Response(content, content_type=TYPES[kind], headers={"Cache-Control": CACHED})


async def _load(hotline_id: str) -> KeptPrompts:
    world = deps().world

    async def read(db: Db) -> KeptPrompts:
        await require_hotline(db, hotline_id)
        return await load_own_prompts(db, world.settings, hotline_id)

    return await world.database.read(read)


async def _shown(key: PromptKey) -> dict[str, object]:
    kept = await _load(key.hotline_id)
    return {
        **render_prompt(key.prompt, BY_CODE[key.language], kept, deps().world.settings),
        "usable_in_menu": usable_in_menu(key.language, kept.own),
    }
