"""What a caller hears, in thirteen languages: one module each, written for the ear."""

from collections.abc import Mapping
from types import MappingProxyType

from softphone.domain.words import ar, de, en, es, fr, hi, ht, ko, pt, ru, tl, vi, zh
from softphone.domain.words.shape import Words

WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": en.WORDS,
        "es": es.WORDS,
        "zh": zh.WORDS,
        "tl": tl.WORDS,
        "vi": vi.WORDS,
        "ar": ar.WORDS,
        "fr": fr.WORDS,
        "ht": ht.WORDS,
        "ko": ko.WORDS,
        "ru": ru.WORDS,
        "hi": hi.WORDS,
        "pt": pt.WORDS,
        "de": de.WORDS,
    }
)
"""The words of each language, by its code."""
