"""What an organisation may have said, and what it is told when it may not."""

import pytest

from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.prompt_rules import LONGEST_TEXT, read_own_text, read_prompt, read_prompt_language
from softphone.domain.prompts import Prompt


def test_a_text_is_kept_on_one_line() -> None:
    """Lines and spaces mean nothing to the ear."""
    assert read_own_text(Prompt.GREETING, "  Hello,\n this is\t{name}. ") == "Hello, this is {name}."


def test_joiners_of_hindi_are_kept() -> None:
    """They are invisible, and part of the spelling."""
    assert read_own_text(Prompt.BLOCKED, "क्\u200dष") == "क्\u200dष"


@pytest.mark.parametrize(
    ("prompt", "text", "says"),
    [
        (Prompt.BLOCKED, "", "Write what is to be said"),
        (Prompt.BLOCKED, " ...\n", "Write what is to be said"),
        (Prompt.GREETING, "{name}", "Write what is to be said"),
        (Prompt.BLOCKED, "a" * (LONGEST_TEXT + 1), f"at most {LONGEST_TEXT}"),
        (Prompt.BLOCKED, "Wait <break time='9s'/>", "Leave out the signs"),
        (Prompt.BLOCKED, "You & us", "Leave out the signs"),
        (Prompt.BLOCKED, "a\x00b", "invisible"),
        (Prompt.BLOCKED, "a\u202eb", "invisible"),
        (Prompt.BLOCKED, "a\ud800b", "invisible"),
        (Prompt.BLOCKED, "Press {digit}.", "only be {name}"),
        (Prompt.BLOCKED, "Hello {name", "only be {name}"),
        (Prompt.GREETING, "Hello {__class__}", "only be {name}"),
        (Prompt.MENU_CHOICE, "For English, press one.", "Write {digit}"),
        (Prompt.PROVE_HUMAN, "Press {digit}.", "only be {digits} or {name}"),
        (Prompt.PROVE_HUMAN, "Press the keys.", "Write {digits}"),
    ],
)
def test_a_text_that_cannot_be_spoken_is_refused_with_what_to_do(prompt: Prompt, text: str, says: str) -> None:
    """By field, so that the page can show where."""
    with pytest.raises(InvalidInput, match="invalid_input") as refused:
        read_own_text(prompt, text)

    assert refused.value.field == "text"
    assert says in refused.value.message


def test_names_that_are_not_ours_are_not_found() -> None:
    """Prompts and languages come from a path."""
    assert read_prompt("greeting") is Prompt.GREETING
    assert read_prompt_language("ht").english_name == "Haitian Creole"
    with pytest.raises(NotFound):
        read_prompt("GREETING")
    with pytest.raises(NotFound):
        read_prompt_language("pt-BR")
