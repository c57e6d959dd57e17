"""Reads a Plivo XML document into verbs, strictly: what Plivo does not document is refused in a sentence."""

import re
from collections.abc import Callable, Mapping

from softphone.sandbox.attributes import Attributes, refuse_relative
from softphone.sandbox.tree import Node, XmlInvalid, read_tree
from softphone.sandbox.verbs import (
    Callee,
    Dial,
    Dtmf,
    GetDigits,
    GetInput,
    Hangup,
    Message,
    NotPlayed,
    NumberCallee,
    Play,
    PreAnswer,
    Record,
    Redirect,
    Speak,
    UserCallee,
    Verb,
    Wait,
)
from softphone.sandbox.voices import POLLY_LANGUAGES, SSML, SSML_LONGEST, languages_of

__all__ = ["XmlInvalid", "read"]

NOT_PLAYED = frozenset({"Conference", "MultiPartyCall", "Stream"})
"""Elements that Plivo knows and this sandbox passes over."""

FOR_EVER = 1_000_000
LONGEST_CALL = 86_400
"""A time limit of 24 hours or more is cut at 24 hours (`wire.md` 3.5)."""

_NUMBER = re.compile(r"\+?[0-9]{2,15}")
_SIP_URI = re.compile(r"sips?:[^\s@<>]+@[^\s@<>]+")


def read(document: bytes) -> tuple[Verb, ...]:
    """The verbs of a document, in order. Raises: XmlInvalid (hangup codes 8011 to 8014)."""
    root = read_tree(document)
    if root.name != "Response":
        raise XmlInvalid(f"the outermost element is <{root.name[:40]}>; it must be <Response>.")
    Attributes(root).done()
    return tuple(_read_verb(node, "Response") for node in root.elements())


def _read_verb(node: Node, parent: str) -> Verb:
    reader = _READERS.get(node.name)
    if node.name in NOT_PLAYED and parent == "Response":
        return NotPlayed(element=node.name)
    if reader is None or node.name not in _ALLOWED[parent]:
        raise XmlInvalid(f"<{node.name[:40]}> is not an element that may stand in <{parent}> (line {node.line}).")
    return reader(node)


def _text_only(node: Node) -> str:
    if any(isinstance(child, Node) for child in node.children):
        raise XmlInvalid(f"<{node.name}> contains an element; it may contain only text.")
    return node.text()


def _nothing_in(node: Node) -> None:
    if node.text() or any(isinstance(child, Node) for child in node.children):
        raise XmlInvalid(f"<{node.name}> must be empty.")


def _prompts(node: Node) -> tuple[Speak | Play | Wait, ...]:
    found = tuple(_read_verb(child, node.name) for child in node.elements())
    return tuple(verb for verb in found if isinstance(verb, Speak | Play | Wait))


def _speak(node: Node) -> Speak:
    given = Attributes(node)
    voice = given.text("voice") or "WOMAN"
    language = given.text("language")
    loop = given.number("loop", 0, FOR_EVER, default=1)
    given.done()
    polly = POLLY_LANGUAGES.get(voice)
    if polly is not None:
        _check_ssml(node)
        text = node.text()
        if len(text) > SSML_LONGEST:
            raise XmlInvalid(f"<Speak> has more than {SSML_LONGEST} characters for a Polly voice.")
    elif voice in ("WOMAN", "MAN"):
        text = _text_only(node)
        if language is not None and language not in languages_of(voice):
            raise XmlInvalid(f"the voice {voice} does not speak “{language[:20]}”.")
    else:
        raise XmlInvalid(f"voice of <Speak> is “{voice[:40]}”, not WOMAN, MAN or a Polly voice.")
    if not text:
        raise XmlInvalid("<Speak> has nothing to say.")
    return Speak(text=text, voice=voice, language=polly or language or "en-US", loop=loop)


def _check_ssml(node: Node) -> None:
    for child in node.children:
        if isinstance(child, str):
            continue
        rule = SSML.get(child.name)
        allowed = SSML[node.name][2] if node.name in SSML else frozenset(SSML)
        if rule is None or child.name not in allowed:
            raise XmlInvalid(f"<{child.name[:40]}> is not an element that may stand in <{node.name}>.")
        for name in child.attributes:
            if name not in rule[0]:
                raise XmlInvalid(f"<{child.name}> has no attribute “{name[:40]}”.")
        for name in rule[1]:
            if not child.attributes.get(name):
                raise XmlInvalid(f"<{child.name}> needs the attribute {name}.")
        if child.name == "prosody" and not child.attributes:
            raise XmlInvalid("<prosody> needs volume, rate or pitch.")
        _check_ssml(child)


def _play(node: Node) -> Play:
    given = Attributes(node)
    loop = given.number("loop", 0, FOR_EVER, default=1)
    given.done()
    return Play(url=refuse_relative(_text_only(node), where="the address in <Play>"), loop=loop)


def _wait(node: Node) -> Wait:
    given = Attributes(node)
    _nothing_in(node)
    verb = Wait(
        length=given.number("length", 1, LONGEST_CALL, default=1),
        silence=given.flag("silence", default=False),
        min_silence=given.maybe_number("minSilence", 1, 1_000_000),
        beep=given.text("beep"),
    )
    given.done()
    return verb


def _dtmf(node: Node) -> Dtmf:
    given = Attributes(node)
    in_background = given.flag("async", default=True)
    given.done()
    keys = _text_only(node)
    if not re.fullmatch(r"[0-9*#wW]+", keys):
        raise XmlInvalid("<DTMF> holds keys of 0-9 * # and the pauses w and W.")
    return Dtmf(keys=keys, in_background=in_background)


def _hangup(node: Node) -> Hangup:
    given = Attributes(node)
    _nothing_in(node)
    reason = given.choice("reason", ("rejected", "busy"), default="")
    schedule = given.number("schedule", 0, LONGEST_CALL, default=0)
    given.done()
    return Hangup(reason=reason or None, schedule=schedule)


def _redirect(node: Node) -> Redirect:
    given = Attributes(node)
    method = given.method()
    given.done()
    return Redirect(url=refuse_relative(_text_only(node), where="the address in <Redirect>"), method=method)


def _message(node: Node) -> Message:
    given = Attributes(node)
    verb = Message(
        text=_text_only(node),
        src=given.text("src") or "",
        dst=given.text("dst") or "",
        type=given.text("type") or "sms",
        callback_url=given.url("callbackUrl"),
        callback_method=given.method("callbackMethod"),
    )
    given.done()
    return verb


def _pre_answer(node: Node) -> PreAnswer:
    Attributes(node).done()
    verbs = tuple(_read_verb(child, "PreAnswer") for child in node.elements())
    if any(isinstance(verb, Speak | Play) and verb.loop == 0 for verb in verbs):
        raise XmlInvalid("<PreAnswer> may not contain anything that loops for ever.")
    return PreAnswer(verbs=verbs)


def _get_digits(node: Node) -> GetDigits:
    given = Attributes(node)
    verb = GetDigits(
        prompts=_prompts(node),
        action=given.url("action"),
        method=given.method(),
        timeout=given.number("timeout", 1, LONGEST_CALL, default=5),
        digit_timeout=given.number("digitTimeout", 1, LONGEST_CALL, default=2),
        num_digits=given.number("numDigits", 1, 99, default=99),
        finish_on_key=given.finish_key(),
        retries=given.number("retries", 1, 1_000, default=1),
        redirect=given.flag("redirect", default=True),
        play_beep=given.flag("playBeep", default=False),
        valid_digits=given.keys("validDigits") or "1234567890*#",
        invalid_digits_sound=given.url("invalidDigitsSound"),
        log=given.flag("log", default=True),
    )
    given.done()
    return verb


def _get_input(node: Node) -> GetInput:
    given = Attributes(node)
    action = given.url("action")
    if action is None:
        raise XmlInvalid("<GetInput> needs an action.")
    verb = GetInput(
        prompts=_prompts(node),
        action=action,
        method=given.method(),
        input_type=given.choice("inputType", ("dtmf", "speech", "dtmf speech"), default="dtmf"),
        execution_timeout=given.number("executionTimeout", 5, 60, default=15),
        digit_end_timeout=given.end_timeout("digitEndTimeout"),
        speech_end_timeout=given.end_timeout("speechEndTimeout"),
        finish_on_key=given.finish_key(),
        num_digits=given.number("numDigits", 1, 32, default=32),
        speech_model=given.choice("speechModel", ("default", "command_and_search", "phone_call"), default="default"),
        hints=given.text("hints", longest=10_500) or "",
        language=given.text("language") or "en-US",
        profanity_filter=given.flag("profanityFilter", default=False),
        interim_url=given.url("interimSpeechResultsCallback"),
        interim_method=given.method("interimSpeechResultsCallbackMethod"),
        redirect=given.flag("redirect", default=True),
        log=given.flag("log", default=True),
    )
    given.done()
    return verb


def _record(node: Node) -> Record:
    given = Attributes(node)
    _nothing_in(node)
    verb = Record(
        action=given.url("action"),
        method=given.method(),
        callback_url=given.url("callbackUrl"),
        callback_method=given.method("callbackMethod"),
        file_format=given.choice("fileFormat", ("mp3", "wav"), default="mp3"),
        timeout=given.number("timeout", 1, LONGEST_CALL, default=15),
        max_length=given.number("maxLength", 1, LONGEST_CALL, default=60),
        finish_on_key=given.finish_key(),
        play_beep=given.flag("playBeep", default=True),
        redirect=given.flag("redirect", default=True),
        record_session=given.flag("recordSession", default=False),
        start_on_dial_answer=given.flag("startOnDialAnswer", default=False),
    )
    # Known to Plivo and without meaning here: one channel is recorded, and nobody writes it down.
    given.choice("recordChannelType", ("stereo", "mono"), default="stereo")
    given.choice("transcriptionType", ("auto", "hybrid", "manual"), default="auto")
    given.choice("transcriptionReportType", ("full", "compact"), default="full")
    given.url("transcriptionUrl")
    given.method("transcriptionMethod")
    given.done()
    return verb


def _dial(node: Node) -> Dial:
    given = Attributes(node)
    verb = Dial(
        callees=tuple(_read_callee(child) for child in node.elements()),
        action=given.url("action"),
        method=given.method(),
        redirect=given.flag("redirect", default=True),
        timeout=given.maybe_number("timeout", 1, LONGEST_CALL),
        time_limit=min(given.number("timeLimit", 1, FOR_EVER, default=14_400), LONGEST_CALL),
        caller_id=given.text("callerId", longest=100),
        caller_name=given.text("callerName", longest=50),
        hangup_on_star=given.flag("hangupOnStar", default=False),
        call_type=given.choice("callType", ("voice", "whatsapp"), default="voice"),
        callback_url=given.url("callbackUrl"),
        callback_method=given.method("callbackMethod"),
        confirm_sound=given.url("confirmSound"),
        confirm_key=given.keys("confirmKey"),
        confirm_timeout=given.number("confirmTimeout", 1, LONGEST_CALL, default=120),
        dial_music=_music(given.text("dialMusic")),
        digits_match=given.patterns("digitsMatch"),
        digits_match_b_leg=given.patterns("digitsMatchBLeg"),
        sip_headers=given.sip_headers(),
    )
    given.done()
    _check_dial(verb)
    return verb


def _music(value: str | None) -> str | None:
    return value if value in (None, "real", "none") else refuse_relative(value, where="dialMusic of <Dial>")


def _check_dial(dial: Dial) -> None:
    if not dial.callees:
        raise XmlInvalid("<Dial> has nobody to ring: it needs a <Number> or a <User>.")
    if dial.confirm_key is not None and (len(dial.confirm_key) != 1 or dial.confirm_sound is None):
        raise XmlInvalid("confirmKey of <Dial> is one key, and needs confirmSound.")
    if (dial.digits_match or dial.digits_match_b_leg) and dial.callback_url is None:
        raise XmlInvalid("digitsMatch of <Dial> needs callbackUrl.")


def _read_callee(node: Node) -> Callee:
    given = Attributes(node)
    send_digits = given.keys("sendDigits", also="wW")
    early = given.flag("sendOnPreanswer", default=False)
    text = _text_only(node)
    if node.name == "Number":
        given.choice("sendDigitsMode", ("rfc2833",), default="rfc2833")
        given.done()
        if not _NUMBER.fullmatch(text):
            raise XmlInvalid("<Number> holds digits, with or without a plus.")
        return NumberCallee(number=text.removeprefix("+"), send_digits=send_digits, send_on_preanswer=early)
    if node.name != "User":
        raise XmlInvalid(f"<{node.name[:40]}> is not an element that may stand in <Dial> (line {node.line}).")
    headers = given.sip_headers()
    name, password = given.text("sipAuthUsername"), given.text("sipAuthPassword")
    given.done()
    if not _SIP_URI.fullmatch(text):
        raise XmlInvalid("<User> holds a SIP address: sip:name@phone.plivo.com.")
    if (name is None) != (password is None) or (password is not None and not 8 <= len(password) <= 128):
        raise XmlInvalid("<User> needs sipAuthUsername and sipAuthPassword (8 to 128 characters) together.")
    return UserCallee(
        uri=text, send_digits=send_digits, send_on_preanswer=early, sip_headers=headers, sip_auth_username=name
    )


_READERS: Mapping[str, Callable[[Node], Verb]] = {
    "Speak": _speak,
    "Play": _play,
    "Wait": _wait,
    "DTMF": _dtmf,
    "Hangup": _hangup,
    "Redirect": _redirect,
    "Message": _message,
    "PreAnswer": _pre_answer,
    "GetDigits": _get_digits,
    "GetInput": _get_input,
    "Record": _record,
    "Dial": _dial,
}

_ALLOWED: Mapping[str, frozenset[str]] = {
    "Response": frozenset(_READERS),
    "GetDigits": frozenset({"Speak", "Play", "Wait"}),
    "GetInput": frozenset({"Speak", "Play", "Wait"}),
    "PreAnswer": frozenset({"Speak", "Play", "Wait", "GetDigits", "Redirect", "Message", "DTMF"}),
}
"""Which element may stand in which (`wire.md` 3.1)."""
