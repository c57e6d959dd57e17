"""Calls: what Plivo told about one, folded into one record.

    (asked) --refused--> refused
       `----dial-------> ringing --answer--> answered --end--> ended
                            `----------------end-------------> ended

Every callback is kept as a fact, once. The record is computed from the set of facts, so that repeated, late and
reordered callbacks give the same record (threat model, TM-W9), and a state never moves backwards: facts only grow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from softphone.domain.refusals import Refusal


class CallState(StrEnum):
    """Where a call is."""

    REFUSED = "refused"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a call went, in a word."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REFUSED = "refused"


class PeerKind(StrEnum):
    """Who is at the other end."""

    COLLEAGUE = "colleague"
    NUMBER = "number"
    UNKNOWN = "unknown"


class FactKind(StrEnum):
    """Which callback told it."""

    LEG = "leg"
    DIALLED = "dialled"
    HANGUP = "hangup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one callback told. `key` tells facts of a kind apart; `word` is Plivo's own: DialAction or DialStatus.

    Units: `seconds` of talk, as Plivo counts them.
    """

    kind: FactKind
    key: str
    word: str
    joined: bool
    seconds: int | None
    code: int | None
    cause: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a call has come. The hangup fields are Plivo's words for its end."""

    state: CallState
    outcome: Outcome | None
    answered_at: datetime | None
    ended_at: datetime | None
    seconds: int | None
    hangup_code: int | None
    hangup_cause: str | None
    hangup_source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A volunteer as another volunteer's call list names them."""

    id: str
    name: str
    extension: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it is kept. `masked` is all that is shown of a number; `page_ref` is the caller's page's own mark."""

    id: str
    caller: Party | None
    peer_kind: PeerKind
    peer: Party | None
    masked: str | None
    page_ref: str | None
    refusal: Refusal | None
    started_at: datetime
    progress: Progress


NOT_BEGUN = Progress(
    state=CallState.RINGING,
    outcome=None,
    answered_at=None,
    ended_at=None,
    seconds=None,
    hangup_code=None,
    hangup_cause=None,
    hangup_source=None,
)

BY_CODE: dict[int, Outcome] = {
    1000: Outcome.CANCELLED,
    3000: Outcome.NO_ANSWER,
    3070: Outcome.NO_ANSWER,
    6010: Outcome.NO_ANSWER,
    3010: Outcome.BUSY,
    3100: Outcome.BUSY,
    3020: Outcome.DECLINED,
    3110: Outcome.DECLINED,
}
"""`wire.md` 4.6. Every other code of a call that nobody answered means that it failed."""
BY_CAUSE: dict[str, Outcome] = {
    "CALL_REJECTED": Outcome.DECLINED,
    "USER_BUSY": Outcome.BUSY,
    "NO_ANSWER": Outcome.NO_ANSWER,
    "ORIGINATOR_CANCEL": Outcome.CANCELLED,
}
BY_STATUS: dict[str, Outcome] = {
    "busy": Outcome.BUSY,
    "cancel": Outcome.CANCELLED,
    "timeout": Outcome.NO_ANSWER,
    "no-answer": Outcome.NO_ANSWER,
}
NORMAL_CODES = range(4000, 5000)


def refused(at: datetime) -> Progress:
    """The record of a call that was not put through."""
    return Progress(
        state=CallState.REFUSED,
        outcome=Outcome.REFUSED,
        answered_at=None,
        ended_at=at,
        seconds=0,
        hangup_code=None,
        hangup_cause=None,
        hangup_source=None,
    )


def fold(known: Iterable[Fact]) -> Progress:
    """The record that a set of facts makes, in whatever order they came."""
    facts = sorted(known, key=lambda fact: (fact.kind, fact.key, fact.word))
    joined = [fact for fact in facts if fact.joined]
    # A leg's hangup is the call's end too: we ring one callee at a time, and the other two callbacks may be lost.
    ends = [fact for fact in facts if fact.kind is not FactKind.LEG or fact.word == "hangup"]
    if not ends:
        answered_at = min((fact.at for fact in joined), default=None)
        state = CallState.ANSWERED if joined else CallState.RINGING
        return _progress(state, answered_at=answered_at)
    told = next((fact for kind in _BY_WEIGHT for fact in ends if fact.kind is kind and fact.code is not None), ends[0])
    seconds = max((fact.seconds or 0 for fact in facts), default=0) if joined else 0
    return Progress(
        state=CallState.ENDED,
        outcome=Outcome.ANSWERED if joined else _why_not(ends),
        answered_at=min((fact.at for fact in joined), default=None),
        ended_at=min(fact.at for fact in ends),
        seconds=seconds,
        hangup_code=told.code,
        hangup_cause=told.cause or None,
        hangup_source=told.source or None,
    )


_BY_WEIGHT = (FactKind.HANGUP, FactKind.LEG, FactKind.DIALLED)


def _why_not(ends: list[Fact]) -> Outcome:
    # What the callee's side said weighs more than what the caller's leg ended with: that one ends normally whatever
    # happened (`wire.md` 4.2).
    by_kind = {fact.kind: fact for fact in ends}
    dialled, leg, hangup = (by_kind.get(kind) for kind in (FactKind.DIALLED, FactKind.LEG, FactKind.HANGUP))
    if dialled is not None and dialled.word == "cancel":
        return Outcome.CANCELLED
    for fact in (leg, dialled):
        if fact is not None and fact.code in BY_CODE:
            return BY_CODE[fact.code]
        if fact is not None and fact.cause in BY_CAUSE:
            return BY_CAUSE[fact.cause]
    if dialled is not None:
        return BY_STATUS.get(dialled.word, Outcome.FAILED)
    if leg is not None:
        return Outcome.FAILED
    code = hangup.code if hangup is not None else None
    if code in BY_CODE:
        return BY_CODE[code]
    caller_left = hangup is not None and hangup.source == "Caller" and code in NORMAL_CODES
    return Outcome.CANCELLED if caller_left else Outcome.FAILED


def _progress(state: CallState, *, answered_at: datetime | None) -> Progress:
    return Progress(
        state=state,
        outcome=None,
        answered_at=answered_at,
        ended_at=None,
        seconds=None,
        hangup_code=None,
        hangup_cause=None,
        hangup_source=None,
    )
