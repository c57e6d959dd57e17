"""The organisation's own texts and recordings: at most one of each per hotline, prompt and language.

A recording that is replaced or removed is gone with its id. `content` is `bytea`, which SQLite takes for a column
without conversion: it keeps the bytes as they are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from softphone.domain.prompts import Prompt
from softphone.domain.sound import Sound, SoundKind
from softphone.store.database import Connection, from_micros, to_micros

MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptKey:
    """Where an own text or recording belongs. `language` is a code of ours."""

    hotline_id: str
    prompt: Prompt
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording without its content. `id` is what its path cannot be guessed without."""

    id: str
    kind: SoundKind
    bytes: int
    length: timedelta
    updated_at: datetime


async def select_own_texts(db: Connection, hotline_id: str) -> dict[tuple[Prompt, str], str]:
    """The own texts of a hotline."""
    rows = await db.fetch_all("SELECT prompt, language, text FROM prompt_texts WHERE hotline_id = $1", hotline_id)
    return {(Prompt(str(row[0])), str(row[1])): str(row[2]) for row in rows}


async def select_recordings(db: Connection, hotline_id: str) -> dict[tuple[Prompt, str], Recording]:
    """The recordings of a hotline, without their content."""
    rows = await db.fetch_all(
        "SELECT prompt, language, id, kind, bytes, milliseconds, updated_at FROM prompt_recordings"
        " WHERE hotline_id = $1",
        hotline_id,
    )
    return {
        (Prompt(str(row[0])), str(row[1])): Recording(
            id=str(row[2]),
            kind=SoundKind(str(row[3])),
            bytes=int(str(row[4])),
            length=int(str(row[5])) * MILLISECOND,
            updated_at=from_micros(int(str(row[6]))),
        )
        for row in rows
    }


async def select_recording_content(db: Connection, recording_id: str, kind: SoundKind) -> bytes | None:
    """The content of a recording that is current; None for any other."""
    row = await db.fetch_one(
        "SELECT content FROM prompt_recordings WHERE id = $1 AND kind = $2", recording_id, kind.value
    )
    return row[0] if row and isinstance(row[0], bytes) else None


async def upsert_own_text(db: Connection, key: PromptKey, text: str, *, now: datetime) -> bool:
    """Put a text in place of ours. False if it was there already."""
    changed = await db.execute(
        "INSERT INTO prompt_texts (hotline_id, prompt, language, text, updated_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (hotline_id, prompt, language) DO UPDATE"
        " SET text = excluded.text, updated_at = excluded.updated_at WHERE prompt_texts.text <> excluded.text",
        key.hotline_id,
        key.prompt.value,
        key.language,
        text,
        to_micros(now),
    )
    return changed == 1


async def delete_own_text(db: Connection, key: PromptKey) -> bool:
    """Go back to our own words. False if there was no text."""
    changed = await db.execute(
        "DELETE FROM prompt_texts WHERE hotline_id = $1 AND prompt = $2 AND language = $3",
        key.hotline_id,
        key.prompt.value,
        key.language,
    )
    return changed == 1


async def upsert_recording(db: Connection, key: PromptKey, sound: Sound, *, recording_id: str, now: datetime) -> None:
    """Put a recording in place; the one before it is gone."""
    await db.execute(
        "INSERT INTO prompt_recordings"
        " (hotline_id, prompt, language, id, kind, content, bytes, milliseconds, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (hotline_id, prompt, language) DO UPDATE SET id = excluded.id, kind = excluded.kind,"
        " content = excluded.content, bytes = excluded.bytes, milliseconds = excluded.milliseconds,"
        " updated_at = excluded.updated_at",
        key.hotline_id,
        key.prompt.value,
        key.language,
        recording_id,
        sound.kind.value,
        sound.content,
        len(sound.content),
        sound.length // MILLISECOND,
        to_micros(now),
    )


async def delete_recording(db: Connection, key: PromptKey) -> bool:
    """Remove a recording. False if there was none."""
    changed = await db.execute(
        "DELETE FROM prompt_recordings WHERE hotline_id = $1 AND prompt = $2 AND language = $3",
        key.hotline_id,
        key.prompt.value,
        key.language,
    )
    return changed == 1


async def delete_prompts_of(db: Connection, hotline_id: str) -> None:
    """Remove everything that a hotline said in its own words and voices, with the hotline."""
    await db.execute("DELETE FROM prompt_texts WHERE hotline_id = $1", hotline_id)
    await db.execute("DELETE FROM prompt_recordings WHERE hotline_id = $1", hotline_id)
