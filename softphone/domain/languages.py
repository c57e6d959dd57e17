"""The languages that a caller can be spoken to in, and the voice that Plivo has for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FALLBACK = "en"
"""What is spoken where nothing else can be. It has a voice."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How `<Speak>` names a voice (`wire.md` 3.2).

    `name` None is Plivo's own voice, which needs a `language`. A Polly voice speaks its own language and needs none;
    only a bilingual one is told which.
    """

    name: str | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language by its ISO 639-1 code. `voice` is None where Plivo has none: there a recording is needed."""

    code: str
    own_name: str
    english_name: str
    voice: Voice | None


# Voices: `wire.md` 3.2, "Languages for WOMAN/MAN" and "Polly voices". Tagalog, Vietnamese and Haitian Creole are in
# neither list. Polly's Aditi speaks Indian English unless told otherwise (Amazon Polly, "Voice").
LANGUAGES: tuple[Language, ...] = (
    Language(code="en", own_name="English", english_name="English", voice=Voice(None, "en-US")),
    Language(code="es", own_name="Español", english_name="Spanish", voice=Voice(None, "es-US")),
    Language(code="zh", own_name="普通话", english_name="Mandarin", voice=Voice("Polly.Zhiyu", None)),
    Language(code="tl", own_name="Tagalog", english_name="Tagalog", voice=None),
    Language(code="vi", own_name="Tiếng Việt", english_name="Vietnamese", voice=None),
    Language(code="ar", own_name="العربية", english_name="Arabic", voice=Voice("Polly.Zeina", None)),
    Language(code="fr", own_name="Français", english_name="French", voice=Voice(None, "fr-FR")),
    Language(code="ht", own_name="Kreyòl ayisyen", english_name="Haitian Creole", voice=None),
    Language(code="ko", own_name="한국어", english_name="Korean", voice=Voice("Polly.Seoyeon", None)),
    Language(code="ru", own_name="Русский", english_name="Russian", voice=Voice(None, "ru-RU")),
    Language(code="hi", own_name="हिन्दी", english_name="Hindi", voice=Voice("Polly.Aditi", "hi-IN")),
    Language(code="pt", own_name="Português", english_name="Portuguese", voice=Voice(None, "pt-BR")),
    Language(code="de", own_name="Deutsch", english_name="German", voice=Voice(None, "de-DE")),
)

BY_CODE: Mapping[str, Language] = MappingProxyType({language.code: language for language in LANGUAGES})


def known_language(tag: str | None) -> Language | None:
    """The language of a code or a BCP-47 tag such as `pt-BR`; None if it is none of ours."""
    return BY_CODE.get(tag.lower().partition("-")[0]) if tag else None
