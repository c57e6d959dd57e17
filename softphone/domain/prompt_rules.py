"""What an organisation may say in its own words."""

import unicodedata

from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.languages import BY_CODE, Language
from softphone.domain.prompts import PLACEHOLDER, SPOKEN_DIGITS, Prompt, placeholders

SPEAK_CHARACTERS = 3000
"""What `<Speak>` takes with a Polly voice (`wire.md` 3.3)."""
LONGEST_TEXT = 600
"""Characters: about 45 seconds. Whoever calls in need should not have to listen for longer."""
MARKUP = frozenset("<>&")
JOINERS = frozenset("\u200c\u200d")
"""Invisible, but part of the spelling of Hindi and others."""


def read_prompt(text: str) -> Prompt:
    """The prompt of a name in a path.

    Raises: NotFound.
    """
    try:
        return Prompt(text)
    except ValueError:
        raise NotFound(message="There is no prompt of this name.") from None


def read_prompt_language(code: str) -> Language:
    """The language of a code in a path.

    Raises: NotFound.
    """
    language = BY_CODE.get(code)
    if language is None:
        raise NotFound(message="This language is not among those that callers can be spoken to in.")
    return language


def read_own_text(prompt: Prompt, text: str) -> str:
    """A text to be spoken in place of ours, on one line.

    Raises: InvalidInput; the message says what to change.
    """
    found = " ".join(text.split())
    if not any(character.isalnum() for character in PLACEHOLDER.sub("", found)):
        raise _unusable("Write what is to be said. To go back to our own words, remove the text.")
    if len(found) > LONGEST_TEXT:
        raise _unusable(f"A text has at most {LONGEST_TEXT} characters, about 45 seconds. Shorten it.")
    if MARKUP & set(found):
        raise _unusable("Leave out the signs < > and &; write words, because everything here is read aloud.")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} and c not in JOINERS for c in found):
        raise _unusable("The text has an invisible character. Type it again instead of pasting it.")
    allowed = {"name"} | ({SPOKEN_DIGITS[prompt]} if prompt in SPOKEN_DIGITS else set())
    strange = placeholders(found) - allowed
    if strange or any(brace in PLACEHOLDER.sub("", found) for brace in "{}"):
        raise _unusable(f"In braces there may only be {' or '.join(f'{{{name}}}' for name in sorted(allowed))}.")
    if prompt in SPOKEN_DIGITS and SPOKEN_DIGITS[prompt] not in placeholders(found):
        raise _unusable(f"Write {{{SPOKEN_DIGITS[prompt]}}} where the keys to press are to be said.")
    return found


def _unusable(message: str) -> InvalidInput:
    return InvalidInput(message, field="text")
