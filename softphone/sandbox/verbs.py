"""The elements of a Plivo XML document, one type each, with the defaults of `wire.md` 3.2 to 3.5. Spans are seconds."""

from dataclasses import dataclass

SipHeaders = tuple[tuple[str, str], ...]
"""The pairs of a `sipHeaders` attribute; the callee gets each as `X-PH-{name}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """Say `text`. `loop` 0 is for ever."""

    text: str
    voice: str = "WOMAN"
    language: str = "en-US"
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Play a recording. `loop` 0 is for ever."""

    url: str
    loop: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Wait `length` seconds. `min_silence` is in milliseconds."""

    length: int = 1
    silence: bool = False
    min_silence: int | None = None
    beep: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtmf:
    """Send keys: `0-9 * #`, `w` half a second, `W` a second. With `in_background` the document goes on meanwhile."""

    keys: str
    in_background: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hangup:
    """End the call, now or `schedule` seconds from now. `reason` is `rejected`, `busy` or None."""

    reason: str | None = None
    schedule: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """Go on with the document that `url` gives."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Send a text message. The sandbox only notes it."""

    text: str
    src: str = ""
    dst: str = ""
    type: str = "sms"
    callback_url: str | None = None
    callback_method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreAnswer:
    """What is heard before the call is answered."""

    verbs: tuple["Verb", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GetDigits:
    """Ask for keys. `finish_on_key` is empty when no key ends the input; without `action` the next element follows."""

    prompts: tuple[Speak | Play | Wait, ...] = ()
    action: str | None = None
    method: str = "POST"
    timeout: int = 5
    digit_timeout: int = 2
    num_digits: int = 99
    finish_on_key: str = "#"
    retries: int = 1
    redirect: bool = True
    play_beep: bool = False
    valid_digits: str = "1234567890*#"
    invalid_digits_sound: str | None = None
    log: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GetInput:
    """Ask for keys or speech. The sandbox hears keys only. A `*_end_timeout` of None is `auto`."""

    action: str
    prompts: tuple[Speak | Play | Wait, ...] = ()
    method: str = "POST"
    input_type: str = "dtmf"
    execution_timeout: int = 15
    digit_end_timeout: int | None = None
    speech_end_timeout: int | None = None
    finish_on_key: str = "#"
    num_digits: int = 32
    speech_model: str = "default"
    hints: str = ""
    language: str = "en-US"
    profanity_filter: bool = False
    interim_url: str | None = None
    interim_method: str = "POST"
    redirect: bool = True
    log: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Record the caller: `max_length` seconds at most, until `timeout` seconds of silence or a finish key.

    With `record_session` or `start_on_dial_answer` the whole call is recorded while the document goes on.
    """

    action: str | None = None
    method: str = "POST"
    callback_url: str | None = None
    callback_method: str = "POST"
    file_format: str = "mp3"
    timeout: int = 15
    max_length: int = 60
    finish_on_key: str = "#"
    play_beep: bool = True
    redirect: bool = True
    record_session: bool = False
    start_on_dial_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCallee:
    """A number to ring: digits without a plus."""

    number: str
    send_digits: str | None = None
    send_on_preanswer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCallee:
    """A SIP address to ring, as it was written: `sip:name@phone.plivo.com`."""

    uri: str
    send_digits: str | None = None
    send_on_preanswer: bool = False
    sip_headers: SipHeaders = ()
    sip_auth_username: str | None = None


Callee = NumberCallee | UserCallee


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Ring every callee at once and join the first to answer. `timeout` None: the carrier's 120 s."""

    callees: tuple[Callee, ...]
    action: str | None = None
    method: str = "POST"
    redirect: bool = True
    timeout: int | None = None
    time_limit: int = 14_400
    caller_id: str | None = None
    caller_name: str | None = None
    hangup_on_star: bool = False
    call_type: str = "voice"
    callback_url: str | None = None
    callback_method: str = "POST"
    confirm_sound: str | None = None
    confirm_key: str | None = None
    confirm_timeout: int = 120
    dial_music: str | None = None
    digits_match: tuple[str, ...] = ()
    digits_match_b_leg: tuple[str, ...] = ()
    sip_headers: SipHeaders = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlayed:
    """An element that Plivo knows and this sandbox does not play: it is noted and passed over."""

    element: str


Verb = (
    Speak
    | Play
    | Wait
    | Dtmf
    | Hangup
    | Redirect
    | Message
    | PreAnswer
    | GetDigits
    | GetInput
    | Record
    | Dial
    | NotPlayed
)
