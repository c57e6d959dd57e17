"""Ring me: one call to exactly one SIP phone, to see whether it rings.

calling ──answered──► answered ──key──► confirmed ──ended──► confirmed
   └──ended──► failed        └──ended──► answered (without a key)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.ids import EndpointId, VolunteerId
from softphone.domain.times import iso

RING_FOR = timedelta(seconds=30)
TALK_FOR = timedelta(seconds=60)
NO_NEWS_AFTER = timedelta(seconds=120)
"""A call of which nothing was heard for longer than it can last."""


class RingState(StrEnum):
    """How far it went."""

    CALLING = "calling"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingTest:
    """A test call. `device` is what was signed in when it began, in words; `problem` why Plivo did not call."""

    id: str
    endpoint_id: EndpointId
    asked_by: VolunteerId
    state: RingState
    device: str | None
    started_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    hangup_code: int | None = None
    problem: str | None = None


WORDS: Mapping[int, str] = {
    1010: "The Plivo account has no credit.",
    2000: "Plivo does not know this phone's address. Ask an administrator to compare with Plivo.",
    2020: "Plivo says that no device is signed in with these credentials.",
    3000: "It rang, and nobody answered.",
    3010: "The phone said that it is busy.",
    3020: "The phone declined the call.",
    3030: "Plivo does not accept the caller ID. Ask an administrator.",
    3070: "The phone did not answer Plivo. Is it switched on, and on a network?",
    3100: "The phone said that it is busy.",
    3110: "The phone declined the call.",
    3120: "Plivo does not know this phone. Ask an administrator to compare with Plivo.",
    6010: "It rang, and nobody answered.",
    6020: "The call was connected, but no sound arrived. Check STUN and the router.",
}
"""By hangup code (`wire.md` 4.6)."""
BY_THOUSAND: Mapping[int, str] = {
    1: "The Plivo account cannot call now. Ask an administrator.",
    2: "Plivo could not reach this phone's address.",
    3: "The phone or its network did not take the call.",
    5: "Plivo's network failed. Try again in a minute.",
    7: "Plivo could not reach this service. Ask an administrator to check its address.",
    8: "Plivo did not understand this service. Tell an administrator.",
}
UNKNOWN = "The call ended before anybody answered."


def answered(test: RingTest, *, now: datetime) -> RingTest:
    """The test after somebody has picked up; the first time counts."""
    if test.answered_at is not None:
        return test
    return replace(test, state=RingState.ANSWERED, answered_at=now)


def confirmed(test: RingTest) -> RingTest:
    """The test after the key was pressed."""
    return replace(test, state=RingState.CONFIRMED) if test.answered_at is not None else test


def ended(test: RingTest, *, code: int | None, now: datetime) -> RingTest:
    """The test after its call; a second end changes nothing."""
    if test.ended_at is not None:
        return test
    state = RingState.FAILED if test.answered_at is None else test.state
    return replace(test, state=state, ended_at=now, hangup_code=code)


def refused(test: RingTest, *, problem: str, now: datetime) -> RingTest:
    """The test that Plivo did not begin."""
    return replace(test, state=RingState.FAILED, ended_at=now, problem=problem)


def without_news(test: RingTest, *, now: datetime) -> RingTest:
    """The test as it must be taken when nothing more was heard."""
    if test.ended_at is not None or now < test.started_at + NO_NEWS_AFTER:
        return test
    problem = None if test.answered_at else "Plivo has told nothing of the call. Try again."
    state = RingState.FAILED if test.answered_at is None else test.state
    return replace(test, state=state, ended_at=now, problem=problem)


def in_words(test: RingTest) -> str:
    """What came of it, as one sentence."""
    device = test.device or "the phone"
    if test.answered_at is not None:
        seconds = (test.answered_at - test.started_at).total_seconds()
        said = f"Answered by {device} after {seconds:.1f} s."
        if test.state is RingState.CONFIRMED:
            return f"{said} The key was heard: the phone works."
        return f"{said} No key was heard: check that sound goes both ways." if test.ended_at else said
    if test.ended_at is None:
        return f"Ringing {device}."
    if test.problem:
        return test.problem
    code = test.hangup_code or 0
    return WORDS.get(code) or BY_THOUSAND.get(code // 1000) or UNKNOWN


def ring_body(test: RingTest) -> dict[str, object]:
    """A test call as pages know it, asked for or told."""
    waited = test.answered_at - test.started_at if test.answered_at else None
    return {
        "id": test.id,
        "phone": test.endpoint_id,
        "state": test.state.value,
        "words": in_words(test),
        "device": test.device,
        "answered_after_seconds": round(waited.total_seconds(), 1) if waited is not None else None,
        "hangup_code": test.hangup_code,
        "started_at": iso(test.started_at),
        "ended_at": iso(test.ended_at) if test.ended_at else None,
    }
