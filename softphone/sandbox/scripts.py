"""What a party without a browser is told to do, read from JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ScriptInvalid(ValueError):
    """A script that cannot be played; the text is a sentence."""


class News(StrEnum):
    """What a party can wait for. `told`: somebody outside the call tells it to go on."""

    RINGING = "ringing"
    ANSWERED = "answered"
    SPEECH = "speech"
    KEYS = "keys"
    BEEP = "beep"
    RECORDING = "recording"
    CONNECTED = "connected"
    TOLD = "told"


class Outcome(StrEnum):
    """What a called party does."""

    ANSWER = "answer"
    MACHINE = "machine"
    BUSY = "busy"
    DECLINE = "decline"
    NO_ANSWER = "no_answer"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Go on when this has happened; `text` is part of a sentence, in any case."""

    news: News
    text: str = ""


@dataclass(frozen=True, slots=True)
class WaitMs:
    """Go on after so many milliseconds."""

    ms: int


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys."""

    keys: str


@dataclass(frozen=True, slots=True)
class Talk:
    """Make a sound for so many milliseconds."""

    ms: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Step = WaitFor | WaitMs | Press | Talk | HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What a party does. `speech_ms`: how long a sentence takes for it; None as long as reading.

    `patience_ms`: a wait for something that takes longer ends the call.
    """

    steps: tuple[Step, ...] = ()
    speech_ms: int | None = None
    patience_ms: int = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What a called party does: it rings after `ring_ms`, and its outcome comes `after_ms` later."""

    outcome: Outcome = Outcome.ANSWER
    ring_ms: int = 0
    after_ms: int = 500
    script: Script = Script()


LONGEST_MS = 86_400_000
MOST_STEPS = 200


def read_script(body: Mapping[str, object]) -> Script:
    """The script in `steps`, `speech_ms` and `patience_ms`. Raises: ScriptInvalid."""
    steps = body.get("steps", [])
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise ScriptInvalid(f"steps is a list of at most {MOST_STEPS} steps.")
    speech = body.get("speech_ms")
    return Script(
        steps=tuple(_read_step(step) for step in steps),
        speech_ms=None if speech is None else whole("speech_ms", speech),
        patience_ms=whole("patience_ms", body.get("patience_ms", 60_000)),
    )


def read_behaviour(body: Mapping[str, object]) -> Behaviour:
    """A called party's behaviour. Raises: ScriptInvalid."""
    try:
        outcome = Outcome(str(body.get("outcome", "answer")))
    except ValueError as error:
        raise ScriptInvalid(f"outcome is one of {', '.join(Outcome)}.") from error
    script = read_script(body)
    if outcome is Outcome.MACHINE and any(isinstance(step, Press) for step in script.steps):
        raise ScriptInvalid("A machine presses no key.")
    return Behaviour(
        outcome=outcome,
        ring_ms=whole("ring_ms", body.get("ring_ms", 0)),
        after_ms=whole("after_ms", body.get("after_ms", 500)),
        script=script,
    )


def whole(name: str, value: object, *, low: int = 0, high: int = LONGEST_MS) -> int:
    """A whole number. Raises: ScriptInvalid."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ScriptInvalid(f"{name} is a whole number from {low} to {high}.")
    return value


def _read_step(step: object) -> Step:
    match step:
        case {"wait_for": str(news), **rest} if not set(rest) - {"text"}:
            return WaitFor(_news(news), str(rest.get("text", "")))
        case {"wait_ms": ms, **rest} if not rest:
            return WaitMs(whole("wait_ms", ms))
        case {"talk_ms": ms, **rest} if not rest:
            return Talk(whole("talk_ms", ms))
        case {"press": str(keys), **rest} if not rest and re.fullmatch(r"[0-9*#A-D]{1,99}", keys):
            return Press(keys)
        case {"hang_up": True, **rest} if not rest:
            return HangUp()
        case _:
            raise ScriptInvalid(_KNOWN)


def _news(word: str) -> News:
    try:
        return News(word)
    except ValueError as error:
        raise ScriptInvalid(f"wait_for is one of {', '.join(News)}.") from error


_KNOWN = (
    "A step is one of {wait_for, text?}, {wait_ms}, {talk_ms}, {press} with keys of 0-9 * # A-D, and {hang_up: true}."
)
