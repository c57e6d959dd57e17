"""A caller's way through a hotline, step by step, and who of the volunteers has the call.

    proving ──► menu ──► waiting ◄──► ringing ──► talking ──► ended
       |          |         |            |                      ▲
       |          |         +─► message ─+──────────────────────+
       +──────────+─────────+────────────+──────────────────────+

Each question that Plivo asks about a call moves it on by one step, once: what was answered in a step is kept, and a
question that comes again gets the same answer (threat model, TM-W3, TM-W9). Every state but `ended` has a time by which
it is over even if nothing more is heard.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.callers import CallerId
from softphone.domain.ids import CallRef, CallUUID, ConnectionId, HotlineId, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.standing import Phone

TALK_FOR = timedelta(hours=3)
"""The longest conversation: no call is without an end (threat model, TM-F3)."""
LATE = timedelta(seconds=30)
"""A callback may be on its way for that long: three tries of 8 s (threat model, section 4)."""
SILENT_AFTER = timedelta(minutes=5)
"""A caller who is not talking is heard of more often than that: a message is the longest single step, at 180 s."""
LOST_RACE = 9000  # wire.md 4.6
DECLINED = frozenset({3020, 3110})  # wire.md 4.6


class Stage(StrEnum):
    """Where a caller is."""

    PROVING = "proving"
    MENU = "menu"
    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    MESSAGE = "message"
    ENDED = "ended"


class CallEnding(StrEnum):
    """How a caller's way through the hotline ended."""

    ANSWERED = "answered"
    GAVE_UP = "gave_up"
    MESSAGE = "message"
    ALTERNATIVES = "alternatives"
    BLOCKED = "blocked"
    TOO_MANY = "too_many"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class HotlineCall:
    """A call of a hotline. `step` is that of the last answer; `round` and `last` are where ringing stands.

    `ref` is what pages and ringing phones know the call by. `heard_at` is when Plivo last told anything.
    """

    call_uuid: CallUUID
    ref: CallRef
    connection_id: ConnectionId
    hotline_id: HotlineId
    caller_id: CallerId
    caller_label: str
    caller_repeat: bool
    stage: Stage
    step: int
    language: str | None
    menu_tries: int
    waiting_since: datetime
    round: int
    last: Last
    reconnect_to: VolunteerId | None
    answered_by: VolunteerId | None
    answered_leg: str | None
    answered_at: datetime | None
    ended_at: datetime | None
    ending: CallEnding | None
    seconds: int | None
    hangup_code: int | None
    outcome: str | None
    hard: bool
    started_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """One phone that rang in a round. The address is kept as a keyed hash only."""

    volunteer_id: VolunteerId
    phone: Phone
    address_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A half of a round: who rang, from when to when. `ended_at` is None until we know that it is over."""

    step: int
    number: int
    half: Last
    rung: tuple[Rung, ...]
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What was told about one dialled leg. `volunteer_id` is None where its address is none that we rang."""

    leg_uuid: str
    volunteer_id: VolunteerId | None
    phone: Phone | None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    hangup_code: int | None = None
    hangup_cause: str | None = None


def has_call(legs: Iterable[Leg]) -> Leg | None:
    """The one leg that has, or had, the caller, from what is known so far, in whatever order it came.

    `connected` proves it. `answer` is taken for it, the earliest first, but not of a private phone, where a mailbox may
    have answered and the key is still to be pressed; nor of a leg that lost the race (`wire.md` 3.5).
    """
    known = [leg for leg in legs if leg.volunteer_id is not None and leg.hangup_code != LOST_RACE]
    connected = [leg for leg in known if leg.connected_at is not None]
    answered = [leg for leg in known if leg.answered_at is not None and leg.phone is not Phone.PRIVATE]
    return min(
        connected or answered,
        key=lambda leg: (leg.connected_at or leg.answered_at, leg.leg_uuid),
        default=None,
    )


def has_declined(leg: Leg) -> bool:
    """True if the volunteer refused this caller by their own act, rather than not being there."""
    return leg.answered_at is None and (leg.hangup_code in DECLINED or leg.hangup_cause == "CALL_REJECTED")


def is_silent(call: HotlineCall, *, now: datetime) -> bool:
    """True if nothing was heard of a call for longer than can be while it lives: its end was never told."""
    longest = TALK_FOR + LATE if call.stage is Stage.TALKING else SILENT_AFTER
    return call.ended_at is None and now >= call.heard_at + longest
