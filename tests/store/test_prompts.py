"""Own texts and recordings, on both engines."""

import asyncio
from datetime import timedelta

from softphone.domain.prompts import Prompt
from softphone.domain.sound import SoundKind, read_sound
from softphone.store.database import Database
from softphone.store.prompts import (
    PromptKey,
    Recording,
    delete_own_text,
    delete_prompts_of,
    delete_recording,
    select_own_texts,
    select_recording_content,
    select_recordings,
    upsert_own_text,
    upsert_recording,
)
from tests.clock import NOON
from tests.sounds import mp3, wav

KEY = PromptKey(hotline_id="night", prompt=Prompt.BLOCKED, language="vi")
OTHER = PromptKey(hotline_id="day", prompt=Prompt.BLOCKED, language="vi")
WAV = read_sound(wav())
MP3 = read_sound(mp3())


async def text(database: Database, key: PromptKey, words: str) -> bool:
    """Put a text in place."""
    return await database.write(lambda db: upsert_own_text(db, key, words, now=NOON))


async def test_a_text_is_kept_for_its_hotline_prompt_and_language(database: Database) -> None:
    """In the writing of the language; the same again is no change."""
    first = await text(database, KEY, "Xin quý vị gọi lại.")
    again = await text(database, KEY, "Xin quý vị gọi lại.")
    other = await text(database, OTHER, "Khác")
    changed = await text(database, KEY, "Xin chào.")

    assert (first, again, other, changed) == (True, False, True, True)
    assert await database.read(lambda db: select_own_texts(db, "night")) == {(Prompt.BLOCKED, "vi"): "Xin chào."}
    assert await database.read(lambda db: select_own_texts(db, "dawn")) == {}


async def test_a_text_is_removed_once(database: Database) -> None:
    """The second time there is nothing."""
    await text(database, KEY, "Xin chào.")
    await text(database, OTHER, "Khác")

    removed = [await database.write(lambda db: delete_own_text(db, KEY)) for _ in range(2)]

    assert removed == [True, False]
    assert len(await database.read(lambda db: select_own_texts(db, "day"))) == 1


async def test_a_recording_comes_back_byte_by_byte(database: Database) -> None:
    """Every byte value, zeros too; its description without its content."""
    await database.write(lambda db: upsert_recording(db, KEY, WAV, recording_id="r1", now=NOON))

    content = await database.read(lambda db: select_recording_content(db, "r1", SoundKind.WAV))
    found = await database.read(lambda db: select_recordings(db, "night"))

    assert content == WAV.content
    assert found == {
        (Prompt.BLOCKED, "vi"): Recording(
            id="r1", kind=SoundKind.WAV, bytes=len(WAV.content), length=timedelta(seconds=1), updated_at=NOON
        )
    }


async def test_a_recording_is_found_by_its_own_id_and_kind_alone(database: Database) -> None:
    """A path with another ending is another path."""
    await database.write(lambda db: upsert_recording(db, KEY, MP3, recording_id="r1", now=NOON))

    found = [
        await database.read(lambda db, i=given, k=kind: select_recording_content(db, i, k))  # type: ignore[misc]  # default arguments
        for given, kind in (("r1", SoundKind.MP3), ("r1", SoundKind.WAV), ("r", SoundKind.MP3), ("", SoundKind.MP3))
    ]

    assert found == [MP3.content, None, None, None]


async def test_a_recording_that_was_replaced_is_gone(database: Database) -> None:
    """Only what is current is there, also when two people replace it at once."""
    await database.write(lambda db: upsert_recording(db, KEY, WAV, recording_id="r0", now=NOON))

    await asyncio.gather(
        *(
            database.write(lambda db, n=number: upsert_recording(db, KEY, MP3, recording_id=f"r{n}", now=NOON))  # type: ignore[misc]  # a default argument
            for number in (1, 2)
        )
    )

    (current,) = (await database.read(lambda db: select_recordings(db, "night"))).values()
    left = {
        number: await database.read(lambda db, n=number: select_recording_content(db, f"r{n}", SoundKind.MP3))  # type: ignore[misc]  # a default argument
        for number in (0, 1, 2)
    }
    assert current.id in {"r1", "r2"}
    assert [f"r{number}" for number, content in left.items() if content is not None] == [current.id]
    assert await database.read(lambda db: select_recording_content(db, "r0", SoundKind.WAV)) is None


async def test_a_recording_is_removed_once(database: Database) -> None:
    """With its content."""
    await database.write(lambda db: upsert_recording(db, KEY, WAV, recording_id="r1", now=NOON))

    removed = [await database.write(lambda db: delete_recording(db, KEY)) for _ in range(2)]

    assert removed == [True, False]
    assert await database.read(lambda db: select_recording_content(db, "r1", SoundKind.WAV)) is None


async def test_a_hotline_takes_its_prompts_with_it(database: Database) -> None:
    """Voices of people are not kept without a reason; another hotline's are left alone."""
    await text(database, KEY, "Xin chào.")
    await text(database, OTHER, "Khác")
    await database.write(lambda db: upsert_recording(db, KEY, WAV, recording_id="r1", now=NOON))
    await database.write(lambda db: upsert_recording(db, OTHER, WAV, recording_id="r2", now=NOON))

    await database.write(lambda db: delete_prompts_of(db, "night"))

    assert await database.read(lambda db: select_own_texts(db, "night")) == {}
    assert await database.read(lambda db: select_recordings(db, "night")) == {}
    assert len(await database.read(lambda db: select_own_texts(db, "day"))) == 1
    assert len(await database.read(lambda db: select_recordings(db, "day"))) == 1
