"""The voices and languages of `<Speak>`, and which SSML element may stand in which (`wire.md` 3.2, 3.3)."""

from collections.abc import Mapping

WOMAN_ONLY = frozenset({"da-DK", "fr-CA", "ru-RU", "sv-SE"})
MAN_ONLY = frozenset({"pt-PT"})
BOTH = frozenset({"nl-NL", "en-AU", "en-GB", "en-US", "fr-FR", "de-DE", "it-IT", "pl-PL", "pt-BR", "es-ES", "es-US"})

_POLLY: Mapping[str, str] = {
    "en-US": "Joanna Salli Kendra Kimberly Ivy Matthew Justin Joey",
    "en-GB": "Amy Emma Brian",
    "en-AU": "Nicole Russell",
    "en-IN": "Raveena Aditi",
    "en-GB-WLS": "Geraint",
    "es-ES": "Conchita Lucia Enrique",
    "es-MX": "Mia",
    "es-US": "Penelope Lupe Miguel",
    "fr-FR": "Lea Celine Mathieu",
    "fr-CA": "Chantal",
    "de-DE": "Vicki Marlene Hans",
    "it-IT": "Carla Giorgio",
    "pt-BR": "Vitória Vitoria Ricardo",
    "pt-PT": "Ines Cristiano",
    "nl-NL": "Lotte Ruben",
    "da-DK": "Naja Mads",
    "sv-SE": "Astrid",
    "nb-NO": "Liv",
    "is-IS": "Dora Karl",
    "pl-PL": "Ewa Maja Jacek Jan",
    "ro-RO": "Carmen",
    "ru-RU": "Tatyana Maxim",
    "tr-TR": "Filiz",
    "cy-GB": "Gwyneth",
    "ja-JP": "Mizuki Takumi",
    "ko-KR": "Seoyeon",
    "cmn-CN": "Zhiyu",
    "arb": "Zeina",
}

POLLY_LANGUAGES: Mapping[str, str] = {
    f"Polly.{name}": language for language, names in _POLLY.items() for name in names.split()
}
"""The language that each Polly voice speaks; Aditi also speaks Hindi (`hi-IN`)."""

_INLINE = frozenset({"break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"})
_ALL = _INLINE | {"p", "s"}

SSML: Mapping[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    # element: attributes, those that are required, children
    "break": (frozenset({"strength", "time"}), frozenset(), frozenset()),
    "emphasis": (frozenset({"level"}), frozenset(), _INLINE),
    "lang": (frozenset({"xml:lang"}), frozenset({"xml:lang"}), _ALL),
    "p": (frozenset(), frozenset(), _INLINE | {"s"}),
    "phoneme": (frozenset({"ph", "alphabet"}), frozenset({"ph"}), frozenset()),
    "prosody": (frozenset({"volume", "rate", "pitch"}), frozenset(), _ALL),
    "s": (frozenset(), frozenset(), _INLINE),
    "say-as": (frozenset({"interpret-as", "format"}), frozenset({"interpret-as"}), frozenset()),
    "sub": (frozenset({"alias"}), frozenset({"alias"}), frozenset()),
    "w": (frozenset({"role"}), frozenset(), _INLINE - {"w", "lang"}),
}
"""What may be inside `<Speak>` with a Polly voice."""

SSML_LONGEST = 3_000
"""Characters that SSML text may have."""


def languages_of(voice: str) -> frozenset[str]:
    """The languages that `WOMAN` or `MAN` speak."""
    return BOTH | (WOMAN_ONLY if voice == "WOMAN" else MAN_ONLY)
