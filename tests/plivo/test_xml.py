"""What leaves for Plivo is valid XML with exactly the elements we meant."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from softphone.plivo.xml import (
    Dial,
    GetDigits,
    Hangup,
    Number,
    Play,
    Record,
    Redirect,
    Speak,
    UnusableXML,
    User,
    Verb,
    Wait,
    check,
    render,
    sip_headers,
)

BASE = "https://phone.example.org/telephony/main"
AUTH_ID = "MAXXXXXXXXXXXXXXXXXX"
DIAL = Dial(
    callees=(Number("14155550199"),),
    ring_seconds=45,
    talk_seconds=3600,
    action=f"{BASE}/dialled",
    callback_url=f"{BASE}/legs",
    caller_id="14155550100",
    caller_name="Ana",
    sip_headers={"ref": "0123456789abcdef"},
)
PAYLOADS = [
    "</Speak><Hangup/>",
    "<Dial><Number>19005550100</Number></Dial>",
    "]]><![CDATA[",
    '" callerId="19005550100',
    "&lt;Dial&gt;",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "<?xml version='1.0'?>",
    "<!-- -- -->",
    "a&b&#x0;",
    "\r\nX-PH-a: 1",
    "'\"><script>",
    "\u202e\u0000",
]


def read(*verbs: Verb) -> ElementTree.Element:
    """The document of these verbs, parsed."""
    return ElementTree.fromstring(render(verbs))  # noqa: S314  # our own bytes


def test_a_dial_says_all_that_plivo_must_know() -> None:
    """Limits, caller ID, both callbacks, headers (`wire.md` 3.5)."""
    dial = read(DIAL)[0]

    assert dial.attrib == {
        "timeout": "45",
        "timeLimit": "3600",
        "callerId": "14155550100",
        "callerName": "Ana",
        "action": f"{BASE}/dialled",
        "method": "POST",
        "callbackUrl": f"{BASE}/legs",
        "callbackMethod": "POST",
        "sipHeaders": "ref=0123456789abcdef",
    }
    assert [(child.tag, child.text) for child in dial] == [("Number", "14155550199")]


def test_every_verb_is_written_and_read_back() -> None:
    """One of each, in order."""
    prompt = (Speak("Press one", "en-US"), Play("https://a.example/x.mp3"))
    root = read(
        Speak("Hola", "es-ES"),
        Wait(2),
        GetDigits(f"{BASE}/digits", prompt),
        Redirect(f"{BASE}/more"),
        Hangup("rejected"),
    )

    assert [child.tag for child in root] == ["Speak", "Wait", "GetDigits", "Redirect", "Hangup"]
    assert [child.tag for child in root[2]] == ["Speak", "Play"]


@pytest.mark.tm("TM-I1")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_never_becomes_markup(payload: str) -> None:
    """A name or a sentence with markup in it stays text."""
    root = read(Speak(payload), replace(DIAL, caller_name=payload))

    assert [element.tag for element in root.iter()] == ["Response", "Speak", "Dial", "Number"]
    assert set(root[1].attrib) <= set(read(DIAL)[0].attrib)


@pytest.mark.tm("TM-I2")
@pytest.mark.parametrize("character", [*map(chr, range(0x20)), "\ufffe", "\uffff", "\ud800"], ids=ascii)
def test_characters_that_xml_cannot_hold_are_dropped(character: str) -> None:
    """A control character in a name does not drop a call."""
    root = read(Speak(f"a{character}b"), replace(DIAL, caller_name=f"A{character}n"))

    text = root[0].text or ""
    assert text[0] == "a"
    assert text[-1] == "b"
    assert set(text) <= set("ab\t\n\r")


@pytest.mark.tm("TM-I4")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ref", "a\r\nX-PH-b: 1"),
        ("ref", "a,b=c"),
        ("ref", "a=b"),
        ("ref", "%0d%0a"),
        ("ref", ""),
        ("ref", "a" * 121),
        ("ref ", "a"),
        ("Plivo", "a"),
        ("call", "a"),
        ("ref", "é"),
    ],
)
def test_an_unlisted_sip_header_is_dropped_and_the_call_goes_on(name: str, value: str) -> None:
    """Headers are a nicety; the call is not."""
    dial = read(replace(DIAL, sip_headers={name: value}))[0]

    assert sip_headers({name: value}) == {}
    assert "sipHeaders" not in dial.attrib


@pytest.mark.tm("TM-I5")
@pytest.mark.parametrize(
    "uri",
    [
        "sip:ana@evil.example",
        "sip:ana@phone.plivo.com@evil.example",
        "sip:ana@phone.plivo.com;transport=tcp",
        "sip:ana@phone.plivo.com?X-PH-a=1",
        "<sip:ana@phone.plivo.com>",
        "sip:ana%00@phone.plivo.com",
        "sips:ana@phone.plivo.com",
        "sip:ana@phone.plivo.com:5060",
        "sip:ana_MA@phone.plivo.com",
        "sip:33406267401237901@app.plivo.com",
        "sip:a b@phone.plivo.com",
        "sip:@phone.plivo.com",
        "sip:ana@phone.plivo.com\n",
        "tel:14155550199",
        "",
    ],
)
def test_only_a_stored_endpoints_address_is_rung(uri: str) -> None:
    """No text from a request can become an address."""
    with pytest.raises(UnusableXML):
        render([replace(DIAL, callees=(User(uri),))])


@pytest.mark.parametrize("user", ["ana140703093944", f"ana140703093944_{AUTH_ID}"])
def test_an_endpoints_address_is_rung(user: str) -> None:
    """With the account's id behind it for a token login, without for a password login (`wire.md` 5.1)."""
    assert read(replace(DIAL, callees=(User(f"sip:{user}@phone.plivo.com"),)))[0][0].tag == "User"


def test_keys_are_pressed_behind_each_phone() -> None:
    """`sendDigits` of Number and User (`wire.md` 3.5)."""
    dial = read(replace(DIAL, callees=(User("sip:ana1@phone.plivo.com", "ww1#"), Number("14155550199", "0*9"))))[0]

    assert [callee.get("sendDigits") for callee in dial] == ["ww1#", "0*9"]


@pytest.mark.tm("TM-F3")
@pytest.mark.parametrize(
    "dial",
    [
        replace(DIAL, ring_seconds=0),
        replace(DIAL, ring_seconds=600),
        replace(DIAL, talk_seconds=0),
        replace(DIAL, talk_seconds=90_000),
        replace(DIAL, callees=()),
        replace(DIAL, callees=(Number("+14155550199"),)),
        replace(DIAL, callees=(Number("911"),)),
        replace(DIAL, callees=(Number("14155550199", "12 34"),)),
        replace(DIAL, callees=(Number("14155550199", ""),)),
        replace(DIAL, callees=(User("sip:ana1@phone.plivo.com", '1" sipHeaders="x=1'),)),
        replace(DIAL, caller_id="anonymous"),
        replace(DIAL, action="/telephony/main/dialled"),
        replace(DIAL, callback_url="https://a.example/ü"),
    ],
)
def test_a_dial_out_of_range_is_refused(dial: Dial) -> None:
    """Both limits are there and in range, or there is no document."""
    with pytest.raises(UnusableXML):
        render([dial])


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<Response>",
        b"<Other/>",
        b'<Response><Record recordSession="true"/></Response>',
        b"<Response><Conference>a</Conference></Response>",
        b'<Response><Speak voice="MAN">a</Speak></Response>',
        b"<Response><Number>14155550100</Number></Response>",
        b"<Response>" + b" " * 100_000 + b"</Response>",
    ],
)
def test_an_unlisted_document_does_not_leave(document: bytes) -> None:
    """The last look before sending."""
    with pytest.raises(UnusableXML):
        check(document)


RECORD = Record(action=f"{BASE}/message?hotline=a&language=es", callback_url=f"{BASE}/recorded")


@pytest.mark.tm("TM-F8")
@pytest.mark.parametrize(
    "changes",
    [
        {"longest_seconds": 181},
        {"longest_seconds": 0},
        {"silence_seconds": 0},
        {"finish_on": "none"},
        {"finish_on": ""},
        {"action": "/telephony/main/message"},
        {"callback_url": "recorded"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_recording_is_bounded(changes: dict[str, object]) -> None:
    """180 s at most, an end by silence and by key, and two absolute addresses (`wire.md` 3.6)."""
    assert read(RECORD)[0].attrib["action"] == f"{BASE}/message?hotline=a&language=es"
    with pytest.raises(UnusableXML):
        render([replace(RECORD, **changes)])  # type: ignore[arg-type]  # each value is its field's
