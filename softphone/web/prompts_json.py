"""What callers hear, as administrators see it."""

from softphone.actions.own_prompts import KeptPrompts, recording_url
from softphone.domain.languages import Language
from softphone.domain.prompts import Prompt, missing_recordings, sentence, text_to_record, usable_in_menu
from softphone.domain.times import iso
from softphone.settings import Settings


def render_language(language: Language, kept: KeptPrompts, settings: Settings) -> dict[str, object]:
    """A language with every prompt in it. Without a voice, `missing_recordings` stand between it and the menu."""
    return {
        "code": language.code,
        "own_name": language.own_name,
        "english_name": language.english_name,
        "has_voice": language.voice is not None,
        "usable_in_menu": usable_in_menu(language.code, kept.own),
        "missing_recordings": [prompt.value for prompt in missing_recordings(language.code, kept.own)],
        "prompts": [render_prompt(prompt, language, kept, settings) for prompt in Prompt],
    }


def render_prompt(prompt: Prompt, language: Language, kept: KeptPrompts, settings: Settings) -> dict[str, object]:
    """One prompt in one language. `text_to_record` is what to read aloud: without digits, which follow by themselves.

    `recording_needed` is true while the menu cannot offer the language because this recording is missing.
    """
    recording = kept.recordings.get((prompt, language.code))
    return {
        "prompt": prompt.value,
        "language": language.code,
        "text": sentence(prompt, language),
        "text_to_record": text_to_record(prompt, language),
        "own_text": kept.texts.get((prompt, language.code)),
        "recording": {
            "url": recording_url(settings, recording),
            "kind": recording.kind.value,
            "bytes": recording.bytes,
            "seconds": round(recording.length.total_seconds(), 1),
            "updated_at": iso(recording.updated_at),
        }
        if recording
        else None,
        "recording_needed": prompt in missing_recordings(language.code, kept.own),
    }
