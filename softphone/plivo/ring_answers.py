"""What a phone that is rung for a test is told, as Plivo XML."""

from collections.abc import Sequence

from softphone.domain.refusals import speaks_spanish
from softphone.plivo.xml import GetDigits, Hangup, Speak, render

ENGLISH = (
    "This is a test call of your softphone. Press 1.",
    "No key was heard. Goodbye.",
    "Your phone works. Thank you.",
)
SPANISH = (
    "Esta es una llamada de prueba de su teléfono. Pulse 1.",
    "No se oyó ninguna tecla. Adiós.",
    "Su teléfono funciona. Gracias.",
)
KEY_SECONDS = 10


def ask_for_key(action: str, languages: Sequence[str]) -> bytes:
    """Ask for a key, and say goodbye where none comes."""
    ask, nothing, _ = _words(languages)
    return render([GetDigits(action, (ask,), 1, KEY_SECONDS), nothing, Hangup()])


def without_key(languages: Sequence[str]) -> bytes:
    """No key was heard."""
    return render([_words(languages)[1], Hangup()])


def thank(languages: Sequence[str]) -> bytes:
    """The key was heard."""
    return render([_words(languages)[2], Hangup()])


def _words(languages: Sequence[str]) -> tuple[Speak, Speak, Speak]:
    spanish = speaks_spanish(languages)
    ask, nothing, thanks = SPANISH if spanish else ENGLISH
    language = "es-ES" if spanish else "en-US"
    return Speak(ask, language), Speak(nothing, language), Speak(thanks, language)
