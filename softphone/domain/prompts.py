"""What a caller hears, and in which voice: the organisation's recording, else its text, else our own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from softphone.domain.languages import BY_CODE, FALLBACK, Language, Voice, known_language
from softphone.domain.words import WORDS

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
MARKUP = str.maketrans(dict.fromkeys("<>&", " "))
"""A Polly voice reads SSML (`wire.md` 3.3), so that even escaped markup might be taken for markup."""
MOST_CHOICES = 9


class Prompt(StrEnum):
    """Everything that is ever said to a caller, and one thing that is said to a volunteer.

    The value is the name of its sentence in `words.shape.Words`, and its name in paths and tables.
    """

    GREETING = "greeting"
    """First of all, in the hotline's default language. Fills `name`."""
    MENU_CHOICE = "menu_choice"
    """One language of the menu. Fills `digit`: the key that chooses it."""
    MENU_AGAIN = "menu_again"
    """A key that chooses nothing was pressed; the menu follows."""
    PLEASE_HOLD = "please_hold"
    """Before the phones ring."""
    STILL_TRYING = "still_trying"
    """Between two rounds of ringing."""
    NOBODY_LEAVE_MESSAGE = "nobody_leave_message"
    """Nobody took the call; the tone follows."""
    CLOSED_LEAVE_MESSAGE = "closed_leave_message"
    """Outside the opening hours; the tone follows."""
    NOBODY_ALTERNATIVES = "nobody_alternatives"
    """Nobody took the call and there is no voicemail."""
    CLOSED_ALTERNATIVES = "closed_alternatives"
    """Outside the opening hours and there is no voicemail."""
    MESSAGE_THANKS = "message_thanks"
    """A message was left."""
    MESSAGE_EMPTY = "message_empty"
    """Nothing was said after the tone."""
    BLOCKED = "blocked"
    """A caller who is blocked for now; the sentence does not say so."""
    TOO_MANY_CALLS = "too_many_calls"
    """A caller who has reached a limit."""
    PROVE_HUMAN = "prove_human"
    """The check while a hotline is flooded. Fills `digits`: what is to be pressed."""
    PROVE_AGAIN = "prove_again"
    """Other digits were pressed; `PROVE_HUMAN` follows with new ones."""
    CONFIRM_PRIVATE_PHONE = "confirm_private_phone"
    """To a volunteer on their own phone: one takes the call. It names nobody, because others may hear it."""
    FAULT = "fault"
    """Something broke on our side."""
    NO_HOTLINE = "no_hotline"
    """The number that was called belongs to no hotline."""
    DIGIT_0 = "digit_0"
    """One digit by itself, after a recording that ends before it."""
    DIGIT_1 = "digit_1"
    DIGIT_2 = "digit_2"
    DIGIT_3 = "digit_3"
    DIGIT_4 = "digit_4"
    DIGIT_5 = "digit_5"
    DIGIT_6 = "digit_6"
    DIGIT_7 = "digit_7"
    DIGIT_8 = "digit_8"
    DIGIT_9 = "digit_9"


DIGITS: tuple[Prompt, ...] = tuple(Prompt(f"digit_{number}") for number in range(10))
SPOKEN_DIGITS: Mapping[Prompt, str] = {Prompt.MENU_CHOICE: "digit", Prompt.PROVE_HUMAN: "digits"}
"""The prompts that say digits, and what those are called in their text. Without them the sentence would be useless."""

NEEDED_RECORDINGS: tuple[Prompt, ...] = (
    Prompt.MENU_CHOICE,
    Prompt.PLEASE_HOLD,
    Prompt.STILL_TRYING,
    Prompt.NOBODY_LEAVE_MESSAGE,
    Prompt.CLOSED_LEAVE_MESSAGE,
    Prompt.NOBODY_ALTERNATIVES,
    Prompt.CLOSED_ALTERNATIVES,
    Prompt.MESSAGE_THANKS,
)
"""What a language without a voice must have recorded before the menu offers it: the way of a call that goes as it
should. The other prompts are rare; until they are recorded they are said in the hotline's default language.
"""


@dataclass(frozen=True, slots=True)
class SaidText:
    """A sentence that Plivo speaks. `language_code` is one of ours, `voice` one that Plivo has for it."""

    text: str
    language_code: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class SaidRecording:
    """A recording that Plivo plays, by its absolute URL."""

    url: str


Said = SaidText | SaidRecording


@dataclass(frozen=True, slots=True)
class Own:
    """What the organisation put in place of one prompt in one language. The recording comes before the text."""

    text: str | None = None
    recording_url: str | None = None


OwnPrompts = Mapping[tuple[Prompt, str], Own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One language of a menu: the key that chooses it, and what says so in its own voice."""

    digit: str
    language_code: str
    said: tuple[Said, ...]


def sentence(prompt: Prompt, language: Language) -> str:
    """Our own words, with their placeholders."""
    words = WORDS[language.code]
    if prompt in DIGITS:
        return words.digits[DIGITS.index(prompt)]
    text: str = getattr(words, prompt.value)
    return text


def say(
    prompt: Prompt, language: str, own: OwnPrompts, *, default: str = FALLBACK, **fills: str | int | None
) -> tuple[Said, ...]:
    """What is said for a prompt: never nothing, whatever the language and the fills are.

    A language that has neither a recording nor a voice for it falls back to the `default` language of the hotline and
    then to English. `fills` are `name`, `digit` and `digits`; digits are spoken one by one. A recording of a sentence
    with digits ends before them, and each digit follows by itself.
    """
    known = (known_language(language), known_language(default), BY_CODE[FALLBACK])
    for candidate in known:
        if candidate is not None and (said := _say_in(prompt, candidate, own, default=default, fills=fills)):
            return said
    raise AssertionError("the last language has a voice, and words of ours")


def menu(languages: Sequence[str], own: OwnPrompts, *, default: str = FALLBACK) -> tuple[Choice, ...]:
    """The choices of a hotline, in its order, keys from 1 on; at most nine. Languages that cannot be heard are left
    out and take no key. Fewer than two choices are no menu.
    """
    usable = [code for code in dict.fromkeys(languages) if usable_in_menu(code, own)][:MOST_CHOICES]
    return tuple(
        Choice(
            digit=str(key), language_code=code, said=say(Prompt.MENU_CHOICE, code, own, default=default, digit=str(key))
        )
        for key, code in enumerate(usable, start=1)
    )


def usable_in_menu(language: str, own: OwnPrompts) -> bool:
    """True for a language of ours that Plivo has a voice for, or whose needed recordings are there."""
    return language in BY_CODE and not missing_recordings(language, own)


def missing_recordings(language: str, own: OwnPrompts) -> tuple[Prompt, ...]:
    """What must still be recorded before the menu offers a language of ours; nothing where there is a voice."""
    if BY_CODE[language].voice is not None:
        return ()
    return tuple(prompt for prompt in NEEDED_RECORDINGS if not _recording(prompt, language, own))


def text_to_record(prompt: Prompt, language: Language) -> str:
    """What is read aloud for a recording: our words, up to the digits that follow by themselves."""
    text = sentence(prompt, language)
    if prompt in SPOKEN_DIGITS:
        text = text.partition(f"{{{SPOKEN_DIGITS[prompt]}}}")[0].rstrip()
    return text


def placeholders(text: str) -> frozenset[str]:
    """The names in braces in a text."""
    return frozenset(PLACEHOLDER.findall(text))


def _say_in(
    prompt: Prompt, language: Language, own: OwnPrompts, *, default: str, fills: Mapping[str, str | int | None]
) -> tuple[Said, ...]:
    digits = _digits(fills.get(SPOKEN_DIGITS[prompt])) if prompt in SPOKEN_DIGITS else ()
    if url := _recording(prompt, language.code, own):
        after = (say(digit, language.code, own, default=default) for digit in digits)
        return (SaidRecording(url), *(said for one in after for said in one))
    if language.voice is None:
        return ()
    words = WORDS[language.code]
    spoken = words.between.join(_text(digit, language, own) for digit in digits)
    name = str(fills.get("name") or "").translate(MARKUP).strip() or words.unnamed
    values = {"name": name, "digit": spoken, "digits": spoken}
    filled = PLACEHOLDER.sub(lambda found: values.get(found[1], ""), _text(prompt, language, own))
    return (SaidText(" ".join(filled.split()), language.code, language.voice),)


def _text(prompt: Prompt, language: Language, own: OwnPrompts) -> str:
    mine = own.get((prompt, language.code))
    return (mine.text if mine else None) or sentence(prompt, language)


def _recording(prompt: Prompt, code: str, own: OwnPrompts) -> str | None:
    mine = own.get((prompt, code))
    return mine.recording_url if mine else None


def _digits(fill: str | int | None) -> tuple[Prompt, ...]:
    return tuple(DIGITS[int(digit)] for digit in str(fill or "") if digit in "0123456789")
