"""What every language has words for. A language that misses a sentence does not type-check, nor import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language, in plain text without markup. When each is said: `softphone.domain.prompts`.

    `unnamed` stands for `{name}` where a hotline has no name. `digits` are the words for 0 to 9 as one reads out a
    telephone number, `between` parts them. Where there is no voice, `{digit}` and `{digits}` come last, because a
    recording of the sentence ends before them.
    """

    unnamed: str
    digits: tuple[str, str, str, str, str, str, str, str, str, str]
    between: str = ", "
    greeting: str
    menu_choice: str
    menu_again: str
    please_hold: str
    still_trying: str
    nobody_leave_message: str
    closed_leave_message: str
    nobody_alternatives: str
    closed_alternatives: str
    message_thanks: str
    message_empty: str
    blocked: str
    too_many_calls: str
    prove_human: str
    prove_again: str
    confirm_private_phone: str
    fault: str
    no_hotline: str
