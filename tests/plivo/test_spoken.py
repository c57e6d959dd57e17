"""What is said becomes XML that a second reader of Plivo's rules understands."""

import pytest

from softphone.domain.languages import BY_CODE, LANGUAGES, Language
from softphone.domain.prompts import Prompt, SaidRecording, SaidText, menu, say
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import GetDigits, Play, Speak, UnusableXML, render
from softphone.sandbox.verbs import GetDigits as HeardDigits
from softphone.sandbox.verbs import Speak as Heard
from softphone.sandbox.xml import read


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_prompt_is_spoken_by_a_voice_that_plivo_has(language: Language) -> None:
    """The sandbox knows the voices from the same page and by its own hand (`wire.md` 3.2)."""
    said = [
        one for prompt in Prompt for one in say(prompt, language.code, {}, name="Línea 你好", digit=1, digits="4711")
    ]

    heard = read(render(spoken(said)))

    assert [one.text for one in heard if isinstance(one, Heard)] == [
        one.text for one in said if isinstance(one, SaidText)
    ]
    assert len(heard) == len(Prompt)


def test_each_kind_of_voice_is_named_as_plivo_wants_it() -> None:
    """Plivo's own by its language, Polly's by its name; the bilingual one is told which language."""
    documents = [render(spoken(say(Prompt.DIGIT_1, code, {}))).decode() for code in ("es", "zh", "hi")]

    assert [
        document[document.index("<Speak") : document.index(">", document.index("<Speak")) + 1] for document in documents
    ] == [
        '<Speak language="es-US">',
        '<Speak voice="Polly.Zhiyu">',
        '<Speak language="hi-IN" voice="Polly.Aditi">',
    ]


def test_a_recording_is_played() -> None:
    """By its absolute URL."""
    assert spoken([SaidRecording("https://a.example/b.wav")]) == (Play("https://a.example/b.wav"),)


def test_a_menu_stands_inside_the_keys_that_it_asks_for() -> None:
    """Every sentence in its own voice, in one element."""
    choices = menu(["en", "ar", "ko"], {})
    prompt = spoken(one for choice in choices for one in choice.said)

    (heard,) = read(render([GetDigits("https://a.example/chosen", prompt)]))

    assert isinstance(heard, HeardDigits)
    assert [part.voice for part in heard.prompts if isinstance(part, Heard)] == [
        "WOMAN",
        "Polly.Zeina",
        "Polly.Seoyeon",
    ]


@pytest.mark.parametrize(
    "verb",
    [
        Speak("a", "ko-KR"),
        Speak("a", None),
        Speak("a", "en-US", "MAN"),
        Speak("a", "en-US", "Polly.Zhiyu"),
        Speak("a", None, "Polly.Aditi"),
    ],
)
def test_a_voice_never_speaks_a_language_that_it_does_not_have(verb: Speak) -> None:
    """Plivo would end the call with 8011."""
    with pytest.raises(UnusableXML):
        render([verb])


def test_every_voice_of_a_language_can_be_rendered() -> None:
    """The list of the domain and the list of the XML agree."""
    for language in BY_CODE.values():
        if language.voice is not None:
            assert render([Speak("a", language.voice.language, language.voice.name)])
