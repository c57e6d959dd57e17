"""Plivo XML: built from typed elements, written by an XML writer, and read back before it leaves.

Text and attribute values never become markup (threat model, TM-I1), characters that XML cannot hold are dropped
(TM-I2), and `check` refuses any document with an element, attribute or child that is not listed here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urlsplit
from xml.etree import ElementTree

from softphone.domain.endpoints import SIP_DOMAIN

MAX_BYTES = 100_000  # wire.md 3.1
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2 (Char).
NUMBER = re.compile(r"[1-9][0-9]{6,14}")
ENDPOINT_URI = re.compile(rf"sip:[A-Za-z0-9]{{1,64}}(_(MA|SA)[A-Z0-9]{{18}})?@{re.escape(SIP_DOMAIN)}")
SIP_HEADER_NAMES = frozenset({"ref"})
SIP_HEADER_VALUE = re.compile(r"[A-Za-z0-9]{1,120}")  # wire.md 3.5: Plivo's stated limit is letters and digits.
CALLER_NAME_CHARACTERS = 50
LANGUAGES = frozenset({"en-US", "en-GB", "es-ES", "es-US", "fr-FR", "ru-RU", "pt-BR", "de-DE"})
"""What Plivo's own voice WOMAN speaks, as far as we need it (`wire.md` 3.2)."""
POLLY: Mapping[str, frozenset[str | None]] = {
    "Polly.Zhiyu": frozenset({None}),
    "Polly.Zeina": frozenset({None}),
    "Polly.Seoyeon": frozenset({None}),
    "Polly.Aditi": frozenset({"hi-IN"}),
}
"""Polly voices with the languages that they are told. Most speak one and are told none (`wire.md` 3.2)."""
RINGING_SECONDS = range(5, 121)
RECORDING_SECONDS = range(1, 181)
SILENCE_SECONDS = range(1, 61)
SENT_KEYS = re.compile(r"[0-9*#w]{1,32}")  # wire.md 3.5
FINISHING_KEYS = re.compile(r"[0-9*#]{1,12}")
TALKING_SECONDS = range(1, 86_401)


class UnusableXML(ValueError):
    """A value cannot stand where it was put. The text names the place, never the value."""


@dataclass(frozen=True, slots=True)
class Speak:
    """A sentence to say, by Plivo's own voice in `language` or by a Polly voice."""

    text: str
    language: str | None = "en-US"
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """A sound to play, by absolute URL."""

    url: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence of so many seconds."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end of the call. `reason` is `rejected` or `busy`, which refuse without cost before an answer."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """More instructions are at this absolute URL."""

    url: str


@dataclass(frozen=True, slots=True)
class GetDigits:
    """Keys to press, after a prompt; they are sent to `action`."""

    action: str
    prompt: tuple[Speak | Play, ...]
    digits: int = 1
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number to ring: E.164 digits. `send_digits` are pressed once it has answered."""

    digits: str
    send_digits: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    """An endpoint to ring, by the address made from its stored user name. `send_digits` as for a number."""

    uri: str
    send_digits: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """Whoever answers is played what `sound_url` says and must press `key` within `seconds`; else they have not
    answered. It holds for every callee of a Dial (`wire.md` 3.5).
    """

    sound_url: str
    key: str = "1"
    seconds: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Ring all of these at once. Both time limits are always written: Plivo's own are none and four hours (TM-F3).

    Without `action` the document goes on when the Dial has ended, and without `callback_url` nobody is told of legs.
    """

    callees: tuple[Number | User, ...]
    ring_seconds: int
    talk_seconds: int
    action: str | None
    callback_url: str | None
    caller_id: str | None
    caller_name: str | None = None
    sip_headers: Mapping[str, str]
    confirm: Confirm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record what the caller says, after a beep, until they press a key, fall silent, hang up or time is over.

    The limits are always written. `action` is asked what happens next, without it the document goes on; `callback_url`
    is told that the file is there. It never records a conversation: the attributes for that do not exist here.
    """

    action: str | None
    callback_url: str | None
    longest_seconds: int = 180
    silence_seconds: int = 15
    finish_on: str = "#"


Verb = Speak | Play | Wait | Hangup | Redirect | GetDigits | Dial | Record

ALLOWED: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Response": (
        frozenset(),
        frozenset({"Speak", "Play", "Wait", "Hangup", "Redirect", "GetDigits", "Dial", "Record"}),
    ),
    "Speak": (frozenset({"language", "voice"}), frozenset()),
    "Play": (frozenset(), frozenset()),
    "Wait": (frozenset({"length"}), frozenset()),
    "Hangup": (frozenset({"reason"}), frozenset()),
    "Redirect": (frozenset({"method"}), frozenset()),
    "GetDigits": (
        frozenset({"action", "method", "numDigits", "timeout", "retries", "redirect"}),
        frozenset({"Speak", "Play"}),
    ),
    "Dial": (
        frozenset(
            {
                "timeout",
                "timeLimit",
                "callerId",
                "callerName",
                "action",
                "method",
                "redirect",
                "callbackUrl",
                "callbackMethod",
                "sipHeaders",
                "confirmSound",
                "confirmKey",
                "confirmTimeout",
            }
        ),
        frozenset({"Number", "User"}),
    ),
    "Record": (
        frozenset(
            {
                "action",
                "method",
                "callbackUrl",
                "callbackMethod",
                "fileFormat",
                "timeout",
                "maxLength",
                "finishOnKey",
                "playBeep",
                "redirect",
            }
        ),
        frozenset(),
    ),
    "Number": (frozenset({"sendDigits"}), frozenset()),
    "User": (frozenset({"sendDigits"}), frozenset()),
}
"""For each element: its attributes, and its children (`wire.md` 3.1 to 3.6)."""


def render(verbs: Sequence[Verb]) -> bytes:
    """The document that says these verbs, one after the other.

    Raises: UnusableXML for a value out of range or a URL, number or address of the wrong shape.
    """
    root = ElementTree.Element("Response")
    for verb in verbs:
        root.append(_element(verb))
    body: bytes = ElementTree.tostring(root, encoding="utf-8")
    document = b'<?xml version="1.0" encoding="UTF-8"?>\n' + body
    check(document)
    return document


def check(document: bytes) -> None:
    """Read a document back and compare it with the list.

    Raises: UnusableXML if it is not well-formed, too long, or holds anything unlisted.
    """
    if len(document) > MAX_BYTES:
        raise UnusableXML("the document is over 100 kB")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  # our own bytes, without a document type
    except ElementTree.ParseError as error:
        raise UnusableXML("the document is not well-formed") from error
    if root.tag != "Response":
        raise UnusableXML("the root is not Response")
    for parent in root.iter():
        attributes, children = ALLOWED.get(parent.tag, (None, None))
        if attributes is None or children is None or not set(parent.attrib) <= attributes:
            raise UnusableXML(f"{parent.tag} has an attribute that is not listed")
        if parent.get("voice") not in {None, *POLLY}:
            raise UnusableXML("a voice is not listed")
        if any(child.tag not in children for child in parent):
            raise UnusableXML(f"{parent.tag} has a child that is not listed")


def clean(text: str) -> str:
    """The text without characters that XML 1.0 cannot hold."""
    return ILLEGAL.sub("", text)


def sip_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that may be sent along; others are dropped and the call goes on (TM-I4)."""
    return {
        name: value
        for name, value in headers.items()
        if name in SIP_HEADER_NAMES and SIP_HEADER_VALUE.fullmatch(value) is not None
    }


def _element(verb: Verb) -> ElementTree.Element:
    match verb:
        case Speak(text, language, voice):
            _within(voice, {None, *POLLY}, "Speak voice")
            _within(language, LANGUAGES if voice is None else POLLY[voice], "Speak language")
            return _made("Speak", clean(text), {"language": language, "voice": voice})
        case Play(url):
            return _made("Play", _url(url, "Play"), {})
        case Wait(seconds):
            _within(seconds, range(1, 121), "Wait length")
            return _made("Wait", None, {"length": str(seconds)})
        case Hangup(reason):
            _within(reason, {None, "rejected", "busy"}, "Hangup reason")
            return _made("Hangup", None, {"reason": reason})
        case Redirect(url):
            return _made("Redirect", _url(url, "Redirect"), {"method": "POST"})
        case GetDigits():
            return _get_digits(verb)
        case Dial():
            return _dial(verb)
        case Record():
            return _record(verb)
        case _:
            assert_never(verb)


def _get_digits(verb: GetDigits) -> ElementTree.Element:
    _within(verb.digits, range(1, 100), "GetDigits numDigits")
    _within(verb.seconds, range(1, 61), "GetDigits timeout")
    attributes = {
        "action": _url(verb.action, "GetDigits action"),
        "method": "POST",
        "numDigits": str(verb.digits),
        "timeout": str(verb.seconds),
        "retries": "1",
    }
    element = _made("GetDigits", None, attributes)
    element.extend(_element(part) for part in verb.prompt)
    return element


def _dial(dial: Dial) -> ElementTree.Element:
    if not dial.callees:
        raise UnusableXML("Dial has nobody to ring")
    _within(dial.ring_seconds, RINGING_SECONDS, "Dial timeout")
    _within(dial.talk_seconds, TALKING_SECONDS, "Dial timeLimit")
    if dial.caller_id is not None and NUMBER.fullmatch(dial.caller_id) is None:
        raise UnusableXML("Dial callerId is not a number")
    headers = ",".join(f"{name}={value}" for name, value in sip_headers(dial.sip_headers).items())
    name = clean(dial.caller_name or "")[:CALLER_NAME_CHARACTERS].strip()
    element = _made(
        "Dial",
        None,
        {
            "timeout": str(dial.ring_seconds),
            "timeLimit": str(dial.talk_seconds),
            "callerId": dial.caller_id,
            "callerName": name or None,
            "action": _url(dial.action, "Dial action") if dial.action else None,
            "method": "POST" if dial.action else None,
            "callbackUrl": _url(dial.callback_url, "Dial callbackUrl") if dial.callback_url else None,
            "callbackMethod": "POST" if dial.callback_url else None,
            "sipHeaders": headers or None,
            **(_confirm(dial.confirm) if dial.confirm else {}),
        },
    )
    for callee in dial.callees:
        match callee:
            case Number(digits, keys) if NUMBER.fullmatch(digits):
                element.append(_made("Number", digits, {"sendDigits": _keys(keys)}))
            case User(uri, keys) if ENDPOINT_URI.fullmatch(uri):
                element.append(_made("User", uri, {"sendDigits": _keys(keys)}))
            case _:
                raise UnusableXML("a callee is neither an E.164 number nor an endpoint's address")
    return element


def _keys(keys: str | None) -> str | None:
    if keys is not None and SENT_KEYS.fullmatch(keys) is None:
        raise UnusableXML("sendDigits holds something that is no key")
    return keys


def _confirm(confirm: Confirm) -> dict[str, str | None]:
    _within(confirm.seconds, range(1, 121), "Dial confirmTimeout")
    if re.fullmatch(r"[0-9*#]", confirm.key) is None:
        raise UnusableXML("Dial confirmKey is no key")
    sound = _url(confirm.sound_url, "Dial confirmSound")
    return {"confirmSound": sound, "confirmKey": confirm.key, "confirmTimeout": str(confirm.seconds)}


def _record(record: Record) -> ElementTree.Element:
    _within(record.longest_seconds, RECORDING_SECONDS, "Record maxLength")
    _within(record.silence_seconds, SILENCE_SECONDS, "Record timeout")
    if FINISHING_KEYS.fullmatch(record.finish_on) is None:
        raise UnusableXML("Record finishOnKey is no key")
    attributes = {
        "action": _url(record.action, "Record action") if record.action else None,
        "method": "POST" if record.action else None,
        "callbackUrl": _url(record.callback_url, "Record callbackUrl") if record.callback_url else None,
        "callbackMethod": "POST" if record.callback_url else None,
        "fileFormat": "mp3",
        "timeout": str(record.silence_seconds),
        "maxLength": str(record.longest_seconds),
        "finishOnKey": record.finish_on,
        "playBeep": "true",
        "redirect": "true" if record.action else None,
    }
    return _made("Record", None, attributes)


def _made(tag: str, text: str | None, attributes: Mapping[str, str | None]) -> ElementTree.Element:
    element = ElementTree.Element(tag, {name: value for name, value in attributes.items() if value is not None})
    element.text = text
    return element


def _within(
    value: object, allowed: "range | frozenset[str] | frozenset[str | None] | set[str | None]", place: str
) -> None:
    if value not in allowed:
        raise UnusableXML(f"{place} is out of range")


def _url(url: str, place: str) -> str:
    # `wire.md` 3.1: absolute, or Plivo ignores it. ASCII without blanks, so that it is signed as we configured it.
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii() or re.search(r"[\s<>\"]", url):
        raise UnusableXML(f"{place} is not an absolute URL")
    return url
