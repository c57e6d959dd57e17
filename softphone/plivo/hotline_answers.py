"""What a hotline's caller is answered, as Plivo XML: made from the decision that explains it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never
from xml.etree import ElementTree

from softphone.domain.hotline_calls import TALK_FOR
from softphone.domain.ids import CallRef, PhoneNumber
from softphone.domain.prompts import Choice, Prompt, Said
from softphone.domain.routing import Callee, Decision, Ending, Last, Pause, RingRound, SayAlternatives, TakeMessage
from softphone.domain.standing import Phone
from softphone.plivo.spoken import spoken
from softphone.plivo.xml import (
    Confirm,
    Dial,
    GetDigits,
    Hangup,
    Number,
    Play,
    Redirect,
    Speak,
    User,
    Verb,
    Wait,
)

KEY_SECONDS = 5
PROOF_SECONDS = 10
Words = tuple[Speak | Play, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where Plivo goes on asking and telling about one call, and how the hotline shows itself to ringing phones.

    `caller_id` is a number of the connection; without one Plivo would show the caller's own (`wire.md` 3.5). `say`
    gives a prompt in the caller's language, `record` what takes a message after some words.
    """

    next_url: str
    legs_url: str
    confirm_url: str
    caller_id: PhoneNumber
    caller_name: str
    ref: CallRef
    music_url: str | None
    say: Callable[[Prompt], tuple[Said, ...]]
    record: Callable[[Words], tuple[Verb, ...]]


def decision_verbs(decision: Decision, way: Way, *, last: Last) -> list[Verb]:
    """What a decision says to Plivo. Every document ends in a ring, a question to us, a recording or a hangup."""
    match decision:
        case RingRound():
            first = last is Last.NOTHING
            return [*(spoken(way.say(Prompt.PLEASE_HOLD)) if first else ()), _dial(decision, way)]
        case Pause(hold_for, held):
            line = Prompt.PLEASE_HOLD if held and last is Last.NOTHING else Prompt.STILL_TRYING
            seconds = min(120, max(1, round(hold_for.total_seconds())))
            music: Verb = Play(way.music_url) if way.music_url else Wait(seconds)
            return [*spoken(way.say(line)), music, Redirect(way.next_url)]
        case TakeMessage(ending):
            closed = ending is Ending.CLOSED
            prompt = Prompt.CLOSED_LEAVE_MESSAGE if closed else Prompt.NOBODY_LEAVE_MESSAGE
            return list(way.record(spoken(way.say(prompt))))
        case SayAlternatives(ending):
            closed = ending is Ending.CLOSED
            prompt = Prompt.CLOSED_ALTERNATIVES if closed else Prompt.NOBODY_ALTERNATIVES
            return [*spoken(way.say(prompt)), Hangup()]
        case _:
            assert_never(decision)


def menu_verbs(before: tuple[Said, ...], choices: tuple[Choice, ...], way: Way) -> list[Verb]:
    """A key for each language. Whoever presses none is asked again by the redirection."""
    prompt = spoken((*before, *(said for choice in choices for said in choice.said)))
    return [GetDigits(way.next_url, prompt, 1, KEY_SECONDS), Redirect(way.next_url)]


def proof_verbs(said: tuple[Said, ...], way: Way, *, digits: int) -> list[Verb]:
    """The spoken digits that a caller must press while a hotline is flooded."""
    return [GetDigits(way.next_url, spoken(said), digits, PROOF_SECONDS), Redirect(way.next_url)]


def farewell(said: tuple[Said, ...]) -> list[Verb]:
    """A sentence, and the end."""
    return [*spoken(said), Hangup()]


def callee(one: Callee) -> Number | User:
    """A phone as Plivo dials it."""
    address = one.address.reveal()
    return Number(address, one.send_digits) if one.phone is Phone.PRIVATE else User(address, one.send_digits)


def outline(document: bytes) -> str:
    """A document in a few words for the ladder: its verbs in order, how many phones ring, and no number."""
    parts = []
    for verb in ElementTree.fromstring(document):  # noqa: S314  # our own bytes
        if verb.tag == "Dial":
            parts.append(
                f"Dial {len(verb)} for {verb.get('timeout')} s{' with a key' if verb.get('confirmKey') else ''}"
            )
        elif verb.tag == "Wait":
            parts.append(f"Wait {verb.get('length')} s")
        elif verb.tag == "Speak":
            parts.append(f"Speak {verb.get('language') or verb.get('voice')}")
        else:
            parts.append(verb.tag)
    return ", ".join(parts)


def _dial(ring: RingRound, way: Way) -> Dial:
    return Dial(
        callees=tuple(callee(one) for one in ring.callees),
        ring_seconds=round(ring.ring_for.total_seconds()),
        talk_seconds=int(TALK_FOR.total_seconds()),
        action=way.next_url,
        callback_url=way.legs_url,
        caller_id=way.caller_id,
        caller_name=way.caller_name,
        sip_headers={"ref": way.ref},
        confirm=Confirm(sound_url=way.confirm_url) if ring.confirm else None,
    )
