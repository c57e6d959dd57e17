"""What is said, as Plivo XML."""

from collections.abc import Iterable
from typing import assert_never

from softphone.domain.prompts import Said, SaidRecording, SaidText
from softphone.plivo.xml import Play, Speak


def spoken(said: Iterable[Said]) -> tuple[Speak | Play, ...]:
    """The verbs that say it, one after the other; they may stand in a document or inside `GetDigits`."""
    return tuple(_verb(one) for one in said)


def _verb(said: Said) -> Speak | Play:
    match said:
        case SaidText(text, _, voice):
            return Speak(text, voice.language, voice.name)
        case SaidRecording(url):
            return Play(url)
        case _:
            assert_never(said)
