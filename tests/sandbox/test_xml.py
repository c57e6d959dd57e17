"""The strict reader of Plivo XML."""

import pytest

from softphone.sandbox.verbs import (
    Dial,
    GetDigits,
    Hangup,
    NotPlayed,
    NumberCallee,
    Play,
    Record,
    Redirect,
    Speak,
    UserCallee,
    Wait,
)
from softphone.sandbox.xml import XmlInvalid, read


def test_a_document_becomes_its_verbs_in_order() -> None:
    """Defaults are those of `wire.md` 3.2."""
    verbs = read(
        b'<?xml version="1.0" encoding="UTF-8"?><Response><Speak>Hello there</Speak><Wait length="2"/>'
        b"<Play>https://hotline.example.org/a.mp3</Play><Redirect>https://hotline.example.org/x?a=1&amp;b=2</Redirect>"
        b'<Hangup reason="busy"/></Response>'
    )

    assert verbs == (
        Speak(text="Hello there", voice="WOMAN", language="en-US", loop=1),
        Wait(length=2),
        Play(url="https://hotline.example.org/a.mp3"),
        Redirect(url="https://hotline.example.org/x?a=1&b=2"),
        Hangup(reason="busy"),
    )


def test_a_dial_has_its_callees_and_attributes() -> None:
    """Numbers lose their plus, headers become pairs, reserved ones vanish (`wire.md` 3.5)."""
    (dial,) = read(
        b'<Response><Dial timeout="25" timeLimit="90000" callerId="14155550100" action="https://h.example/d"'
        b' redirect="false" callbackUrl="https://h.example/l" sipHeaders="call=7f3a9c,PH-x=1">'
        b"<User>sip:ana_MAXXXXXXXXXXXXXXXXXX@phone.plivo.com</User><Number>+14155550199</Number></Dial></Response>"
    )

    assert isinstance(dial, Dial)
    assert dial.callees == (
        UserCallee(uri="sip:ana_MAXXXXXXXXXXXXXXXXXX@phone.plivo.com"),
        NumberCallee(number="14155550199"),
    )
    assert (dial.timeout, dial.time_limit, dial.redirect, dial.method) == (25, 86_400, False, "POST")
    assert dial.sip_headers == (("call", "7f3a9c"),)


def test_digits_are_asked_for_with_a_prompt() -> None:
    """`finishOnKey` none means that no key ends the input."""
    (ask,) = read(
        b'<Response><GetDigits action="https://h.example/d" numDigits="1" finishOnKey="none" retries="2">'
        b'<Speak language="es-ES">Hola</Speak></GetDigits></Response>'
    )

    assert isinstance(ask, GetDigits)
    assert ask.prompts == (Speak(text="Hola", language="es-ES"),)
    assert (ask.num_digits, ask.finish_on_key, ask.retries, ask.timeout) == (1, "", 2, 5)


def test_a_polly_voice_may_use_ssml_and_speaks_its_own_language() -> None:
    """SSML is heard as its text."""
    (speak,) = read(
        b'<Response><Speak voice="Polly.Lucia">Hola <break time="1s"/><emphasis level="strong">Ana</emphasis></Speak>'
        b"</Response>"
    )

    assert speak == Speak(text="Hola Ana", voice="Polly.Lucia", language="es-ES")


def test_a_recording_has_its_attributes() -> None:
    """Defaults and values of `wire.md` 3.6; several keys may end it."""
    plain, full = read(
        b'<Response><Record/><Record action="https://h.example/d" method="GET" callbackUrl="https://h.example/c" '
        b'fileFormat="wav" timeout="5" maxLength="300" finishOnKey="1#" playBeep="false" redirect="false" '
        b'recordSession="true" startOnDialAnswer="false" recordChannelType="mono" transcriptionType="auto"/></Response>'
    )

    assert plain == Record(timeout=15, max_length=60, finish_on_key="#", play_beep=True, file_format="mp3")
    assert full == Record(
        action="https://h.example/d",
        method="GET",
        callback_url="https://h.example/c",
        file_format="wav",
        timeout=5,
        max_length=300,
        finish_on_key="1#",
        play_beep=False,
        redirect=False,
        record_session=True,
    )


def test_known_elements_that_are_not_played_are_named() -> None:
    """They are passed over, and the log says so."""
    assert read(b"<Response><Conference>room</Conference></Response>") == (NotPlayed(element="Conference"),)


def test_an_empty_response_is_valid() -> None:
    """It ends the call with 4010 (`wire.md` 3.1)."""
    assert read(b"<Response/>") == ()


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" \n<Response/>",
        b"\xef\xbb\xbf<Response/>",
        b"<Response>",
        b"<Response><Speak>a & b</Speak></Response>",
        b"<Answer/>",
        b'<Response version="1"/>',
        b"<Response>Hello</Response>",
        b"<Response><Say>Hello</Say></Response>",
        b"<Response><speak>Hello</speak></Response>",
        b"<Response><Speak></Speak></Response>",
        b'<Response><Speak voice="ROBOT">Hi</Speak></Response>',
        b'<Response><Speak language="pt-PT">Hi</Speak></Response>',
        b'<Response><Speak voice="WOMAN">Hi <break/></Speak></Response>',
        b'<Response><Speak volume="11">Hi</Speak></Response>',
        b"<Response><Play>/a.mp3</Play></Response>",
        b'<Response><Wait length="0"/></Response>',
        b'<Response><Hangup reason="tired"/></Response>',
        b"<Response><Redirect>next</Redirect></Response>",
        b"<Response><Dial/></Response>",
        b"<Response><Dial><Number>Ana</Number></Dial></Response>",
        b"<Response><Dial><User>ana</User></Dial></Response>",
        b"<Response><Dial><Speak>Hi</Speak></Dial></Response>",
        b'<Response><Dial action="/d"><Number>14155550199</Number></Dial></Response>',
        b'<Response><Dial redirect="True"><Number>14155550199</Number></Dial></Response>',
        b'<Response><Dial timeout="soon"><Number>14155550199</Number></Dial></Response>',
        b'<Response><Dial sipHeaders="a=b c"><Number>14155550199</Number></Dial></Response>',
        b'<Response><Dial digitsMatch="1"><Number>14155550199</Number></Dial></Response>',
        b'<Response><Dial confirmKey="1"><Number>14155550199</Number></Dial></Response>',
        b'<Response><GetDigits method="PUT"/></Response>',
        b"<Response><GetDigits><Dial><Number>14155550199</Number></Dial></GetDigits></Response>",
        b"<Response><GetInput/></Response>",
        b"<Response><Record>now</Record></Response>",
        b'<Response><Record fileFormat="ogg"/></Response>',
        b'<Response><Record maxLength="0"/></Response>',
        b'<Response><Record finishOnKey="x"/></Response>',
        b'<Response><Record action="/done"/></Response>',
        b"<Response><DTMF>12x</DTMF></Response>",
        b"<Response>" + b"<PreAnswer>" * 40 + b"</PreAnswer>" * 40 + b"</Response>",
        b"<Response><Speak>" + b"x" * 100_000 + b"</Speak></Response>",
    ],
)
def test_what_plivo_would_refuse_is_refused_in_a_sentence(document: bytes) -> None:
    """The 8011 family: one sentence that says what is wrong."""
    with pytest.raises(XmlInvalid) as refused:
        read(document)

    assert str(refused.value).endswith(".")


def test_entities_cannot_grow() -> None:
    """A document type declaration is refused before anything in it is read."""
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Response><Speak>&b;</Speak></Response>'

    with pytest.raises(XmlInvalid, match="document type"):
        read(bomb)
