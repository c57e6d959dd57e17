"""Whatever is to be said, in whatever language, something that can be heard is said."""

import re
import unicodedata
from dataclasses import fields
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softphone.domain.languages import BY_CODE, LANGUAGES, Language, Voice, known_language
from softphone.domain.prompt_rules import LONGEST_TEXT, SPEAK_CHARACTERS, read_own_text
from softphone.domain.prompts import (
    DIGITS,
    NEEDED_RECORDINGS,
    SPOKEN_DIGITS,
    Own,
    OwnPrompts,
    Prompt,
    SaidRecording,
    SaidText,
    menu,
    missing_recordings,
    placeholders,
    say,
    sentence,
    text_to_record,
    usable_in_menu,
)
from softphone.domain.words import WORDS
from softphone.domain.words.shape import Words

EACH = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
ENGLISH = BY_CODE["en"]
VOICELESS = ("tl", "vi", "ht")
SCRIPTS = {"zh": "CJK", "ar": "ARABIC", "ko": "HANGUL", "ru": "CYRILLIC", "hi": "DEVANAGARI"}
"""What a language is written with; the others are written with Latin letters."""


def recorded(language: str, *prompts: Prompt) -> dict[tuple[Prompt, str], Own]:
    """Recordings of these prompts."""
    return {(prompt, language): Own(recording_url=url(prompt, language)) for prompt in prompts}


def url(prompt: Prompt, language: str) -> str:
    """Where the recording of a prompt lies."""
    return f"https://phone.example.org/{language}/{prompt}.wav"


def text_of(prompt: Prompt, language: str, own: OwnPrompts | None = None, **fills: Any) -> str:
    """The one sentence that is spoken."""
    (said,) = say(prompt, language, own or {}, **fills)
    assert isinstance(said, SaidText)
    return said.text


def test_there_are_thirteen_languages_and_plivo_has_voices_for_ten() -> None:
    """`wire.md` 3.2 lists no voice for Tagalog, Vietnamese and Haitian Creole."""
    assert " ".join(language.code for language in LANGUAGES) == "en es zh tl vi ar fr ht ko ru hi pt de"
    assert tuple(language.code for language in LANGUAGES if language.voice is None) == VOICELESS
    assert set(WORDS) == set(BY_CODE)


def test_every_sentence_belongs_to_a_prompt_and_every_prompt_has_one() -> None:
    """Neither a prompt without words nor words that are never said."""
    others = {"unnamed", "digits", "between"}

    assert {field.name for field in fields(Words)} - others == {prompt.value for prompt in Prompt} - set(DIGITS)


@EACH
def test_every_prompt_is_there_in_every_language(language: Language) -> None:
    """Short, without markup, digits or stray spaces, and finished like a sentence."""
    texts = {prompt: sentence(prompt, language) for prompt in Prompt}

    assert [prompt for prompt, text in texts.items() if not 0 < len(text) <= LONGEST_TEXT < SPEAK_CHARACTERS] == []
    assert [text for text in texts.values() if re.search(r"[<>&\[\]0-9*#_]|\s{2}|^\s|\s$", text)] == []
    assert [text for text in texts.values() if not text.isprintable()] == []
    assert [text for prompt, text in texts.items() if prompt not in DIGITS and text[-1] not in ".。।"] == []


@EACH
def test_the_placeholders_are_the_same_in_every_language(language: Language) -> None:
    """What one language says, all say; and no brace stands alone."""
    texts = {prompt: sentence(prompt, language) for prompt in Prompt}
    wrong = [prompt for prompt in Prompt if placeholders(texts[prompt]) != placeholders(sentence(prompt, ENGLISH))]

    assert wrong == []
    assert [text for text in texts.values() if re.search(r"[{}]", re.sub(r"\{[a-z]+\}", "", text))] == []


@EACH
def test_every_language_is_written_in_its_own_script(language: Language) -> None:
    """A sentence in the wrong file would be spoken by the wrong voice."""
    bare = [re.sub(r"\{[a-z]+\}", "", sentence(prompt, language)) for prompt in Prompt]
    scripts = [{unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()} for text in bare]

    assert scripts == [{SCRIPTS.get(language.code, "LATIN")}] * len(Prompt)


@EACH
def test_our_own_words_keep_the_rules_for_own_texts(language: Language) -> None:
    """Whoever starts from our text can save it."""
    texts = {prompt: sentence(prompt, language) for prompt in Prompt}

    assert {prompt: read_own_text(prompt, text) for prompt, text in texts.items()} == texts


@EACH
def test_no_two_sentences_of_a_language_are_the_same(language: Language) -> None:
    """A caller must be able to tell what happened; two digits must not sound alike."""
    said = [sentence(prompt, language) for prompt in Prompt]

    assert len(set(said)) == len(said)


@pytest.mark.parametrize(("prompt", "code"), [*product(SPOKEN_DIGITS, VOICELESS)])
def test_where_there_is_no_voice_the_digits_come_last(prompt: Prompt, code: str) -> None:
    """A recording of the sentence ends before them, and nothing may be lost."""
    rest = sentence(prompt, BY_CODE[code]).partition("}")[2]

    assert rest == "."
    assert placeholders(text_to_record(prompt, BY_CODE[code])) == frozenset()


def test_our_words_are_spoken_by_the_voice_of_the_language() -> None:
    """With the name of the hotline in them."""
    (said,) = say(Prompt.GREETING, "de", {}, name="das Nottelefon")

    assert said == SaidText("Guten Tag. Hier ist das Nottelefon. Danke für Ihren Anruf.", "de", Voice(None, "de-DE"))


def test_a_hotline_without_a_name_is_greeted_whole() -> None:
    """No gap in the sentence."""
    assert text_of(Prompt.GREETING, "en") == "Hello. This is the hotline. Thank you for calling."
    assert text_of(Prompt.GREETING, "en", name="  ") == text_of(Prompt.GREETING, "en")


def test_a_name_never_becomes_markup() -> None:
    """A Polly voice reads SSML."""
    assert "<" not in text_of(Prompt.GREETING, "zh", name="<break time='9s'/> & {digit}")
    assert text_of(Prompt.GREETING, "en", name="Care & Hope") == "Hello. This is Care Hope. Thank you for calling."


def test_digits_are_spoken_one_by_one_in_the_language() -> None:
    """As words, so that 4711 is not a number in the thousands."""
    assert text_of(Prompt.PROVE_HUMAN, "en", digits="4071").endswith("digits: four, zero, seven, one.")
    assert text_of(Prompt.PROVE_HUMAN, "zh", digits="4071").endswith("四，零，七，一。")
    assert text_of(Prompt.MENU_CHOICE, "fr", digit=2) == "Pour le français, appuyez sur le deux."


def test_an_own_text_comes_before_ours_and_a_recording_before_both() -> None:
    """In its own language only."""
    own = {(Prompt.BLOCKED, "es"): Own(text="Otra frase.")}
    both = {(Prompt.BLOCKED, "es"): Own(text="Otra frase.", recording_url=url(Prompt.BLOCKED, "es"))}

    assert text_of(Prompt.BLOCKED, "es", own) == "Otra frase."
    assert text_of(Prompt.BLOCKED, "en", own) == sentence(Prompt.BLOCKED, ENGLISH)
    assert say(Prompt.BLOCKED, "es", both) == (SaidRecording(url(Prompt.BLOCKED, "es")),)


def test_own_words_for_digits_are_used_in_sentences() -> None:
    """Some call the one on the telephone differently."""
    own = {(Prompt.DIGIT_1, "zh"): Own(text="幺")}

    assert text_of(Prompt.PROVE_HUMAN, "zh", own, digits="1912").endswith("幺，九，幺，二。")


def test_the_digits_follow_a_recording_by_themselves() -> None:
    """Recorded where they are recorded, else by the voice."""
    own = recorded("es", Prompt.PROVE_HUMAN, Prompt.DIGIT_7)

    said = say(Prompt.PROVE_HUMAN, "es", own, digits="47")

    assert [one.url if isinstance(one, SaidRecording) else one.text for one in said] == [
        url(Prompt.PROVE_HUMAN, "es"),
        "cuatro",
        url(Prompt.DIGIT_7, "es"),
    ]


def test_a_language_that_cannot_be_heard_falls_back_to_the_default_in_words() -> None:
    """An own text alone does not help: no voice reads it."""
    own = {(Prompt.STILL_TRYING, "vi"): Own(text="Xin chờ.")}

    in_spanish = say(Prompt.STILL_TRYING, "vi", own, default="es")
    in_english = say(Prompt.STILL_TRYING, "vi", own, default="ht")

    assert [one.language_code for one in (*in_spanish, *in_english) if isinstance(one, SaidText)] == ["es", "en"]


def test_a_tag_with_a_region_is_the_language() -> None:
    """Volunteers' languages are BCP-47 tags."""
    assert known_language("pt-BR") is BY_CODE["pt"]
    assert known_language("") is known_language(None) is known_language("xx") is None
    assert text_of(Prompt.CONFIRM_PRIVATE_PHONE, "pt-BR") == sentence(Prompt.CONFIRM_PRIVATE_PHONE, BY_CODE["pt"])


@given(
    prompt=st.sampled_from(Prompt),
    language=st.one_of(st.sampled_from([*BY_CODE, "pt-BR", "", "xx"]), st.text(max_size=5)),
    default=st.one_of(st.sampled_from([*BY_CODE]), st.text(max_size=5)),
    kept=st.dictionaries(
        st.tuples(st.sampled_from(Prompt), st.sampled_from([*BY_CODE])),
        st.builds(
            Own, text=st.sampled_from([None, "Own words."]), recording_url=st.sampled_from([None, "https://a/b"])
        ),
        max_size=40,
    ),
    fills=st.dictionaries(
        st.sampled_from(["name", "digit", "digits", "other"]), st.one_of(st.none(), st.integers(), st.text())
    ),
)
def test_something_is_always_said(
    prompt: Prompt, language: str, default: str, kept: OwnPrompts, fills: dict[str, str | int | None]
) -> None:
    """Nobody meets silence: whatever is missing or odd, there is a sentence or a recording, and no gap left open."""
    said = say(prompt, language, kept, default=default, **fills)

    assert said
    for one in said:
        if isinstance(one, SaidText):
            assert one.text.strip()
            assert BY_CODE[one.language_code].voice == one.voice is not None
            assert not re.search(r"[<>&]", one.text)


def test_the_menu_gives_keys_in_the_order_of_the_hotline() -> None:
    """Each sentence in its own language."""
    choices = menu(["es", "en", "zh", "es"], {})

    assert [(choice.digit, choice.language_code) for choice in choices] == [("1", "es"), ("2", "en"), ("3", "zh")]
    assert [one.text for choice in choices for one in choice.said if isinstance(one, SaidText)] == [
        "Para español, marque el uno.",
        "For English, press two.",
        "普通话服务，请按三。",
    ]


def test_a_language_without_a_voice_is_offered_only_when_it_is_recorded() -> None:
    """It takes no key until then; one missing recording keeps it out."""
    own = recorded("vi", *NEEDED_RECORDINGS)
    short = recorded("vi", *NEEDED_RECORDINGS[1:])

    with_it = menu(["en", "vi", "es"], own)
    without = menu(["en", "vi", "es", "nonsense"], short)

    assert [choice.language_code for choice in with_it] == ["en", "vi", "es"]
    assert [(choice.digit, choice.language_code) for choice in without] == [("1", "en"), ("2", "es")]
    assert missing_recordings("vi", short) == NEEDED_RECORDINGS[:1]
    assert (usable_in_menu("vi", own), usable_in_menu("en", {}), usable_in_menu("xx", {})) == (True, True, False)
    digit = with_it[1].said[1]
    assert with_it[1].said[0] == SaidRecording(url(Prompt.MENU_CHOICE, "vi"))
    assert isinstance(digit, SaidText)
    assert (digit.text, digit.language_code) == ("two", "en")


def test_a_menu_has_at_most_nine_keys() -> None:
    """Ten languages with a voice, nine keys."""
    choices = menu(list(BY_CODE), {})

    assert [choice.digit for choice in choices] == list("123456789")
    assert "de" not in {choice.language_code for choice in choices}
