"""What an organisation put in place of our prompts, as a call needs it."""

from collections.abc import Mapping
from dataclasses import dataclass

from softphone.domain.prompts import Own, OwnPrompts, Prompt
from softphone.settings import Settings
from softphone.store.database import Connection as Db
from softphone.store.prompts import Recording, select_own_texts, select_recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPrompts:
    """The own prompts of a hotline as they are kept, and as `prompts.say` takes them."""

    texts: Mapping[tuple[Prompt, str], str]
    recordings: Mapping[tuple[Prompt, str], Recording]
    own: OwnPrompts


def recording_url(settings: Settings, recording: Recording) -> str:
    """Where Plivo fetches a recording, and administrators listen to it. Nobody guesses it, and it changes with the
    content.
    """
    return f"{settings.public_url}/telephony/prompts/{recording.id}.{recording.kind.value}"


async def load_own_prompts(db: Db, settings: Settings, hotline_id: str) -> KeptPrompts:
    """Every own text and recording of a hotline, without the sound itself."""
    texts = await select_own_texts(db, hotline_id)
    recordings = await select_recordings(db, hotline_id)
    urls = {key: recording_url(settings, recording) for key, recording in recordings.items()}
    own = {key: Own(text=texts.get(key), recording_url=urls.get(key)) for key in texts.keys() | urls.keys()}
    return KeptPrompts(texts=texts, recordings=recordings, own=own)
