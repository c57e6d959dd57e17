"""Direct dial: whether a volunteer's call is put through, and to whom. Pure: from what is known to one decision.

DialDecision
├── DialNumber     a telephone number, with our caller ID
├── DialColleague  another volunteer's phones
└── Refuse         with the one reason
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from softphone.domain.candidates import Line, ringing_lines
from softphone.domain.connections import Connection
from softphone.domain.endpoints import EndpointKind
from softphone.domain.ids import PhoneNumber
from softphone.domain.numbers import Dialled, ReadColleague, ReadNumber, Unreadable
from softphone.domain.policy import WebRTCOff, WebRTCReason, webrtc_decision
from softphone.domain.refusals import Refusal
from softphone.domain.routing import Callee
from softphone.domain.volunteers import Dialling, Volunteer

RING_FOR = timedelta(seconds=45)
TALK_FOR = timedelta(hours=1)  # Threat model, TM-F2: an hour a day; and no call without an end (TM-F3).
CALLS_PER_HOUR = 10
TALK_PER_DAY = timedelta(minutes=60)
SAME_PAIR_CALLS = 2
SAME_PAIR_WINDOW = timedelta(seconds=60)
LATE = timedelta(seconds=60)
LONGEST_CALL = RING_FOR + TALK_FOR + LATE
"""A call whose end was never told has ended by now: both limits are in its XML (TM-F3), and Plivo keeps them."""
SHORTEST_TALK = timedelta(seconds=60)
"""With less than this left of the day, a call is not begun: it would be cut almost at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Another volunteer as somebody to ring, with all their lines on the connection."""

    volunteer: Volunteer
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a volunteer has used up: calls to numbers this hour and their talk today, calls going on, calls to the same
    peer within the last minute.
    """

    calls_this_hour: int
    talk_today: timedelta
    going_on: int
    same_pair: int

    @classmethod
    def nothing(cls) -> "Spent":
        """Nothing used up yet."""
        return cls(calls_this_hour=0, talk_today=timedelta(), going_on=0, same_pair=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialFacts:
    """All that the decision rests on. `calls_from` is what the caller has dialled on."""

    now: datetime
    connection: Connection
    caller: Volunteer | None
    calls_from: EndpointKind
    dialled: Dialled
    colleague: Colleague | None
    spent: Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNumber:
    """Ring a telephone number."""

    number: PhoneNumber
    caller_id: PhoneNumber
    talk_for: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DialColleague:
    """Ring a colleague at their phones, all at once. Without a number of our own there is no caller ID, and the name
    stands alone.
    """

    volunteer: Volunteer
    phones: tuple[Callee, ...]
    caller_id: PhoneNumber | None
    talk_for: timedelta


@dataclass(frozen=True, slots=True)
class Refuse:
    """Do not put the call through."""

    refusal: Refusal


DialDecision = DialNumber | DialColleague | Refuse


def decide_dial(facts: DialFacts) -> DialDecision:
    """Decide what becomes of a call that an endpoint has started."""
    if facts.caller is None:
        return Refuse(Refusal.UNKNOWN_CALLER)
    match webrtc_decision(facts.caller, facts.connection):
        case WebRTCOff(WebRTCReason.INACTIVE):
            return Refuse(Refusal.UNKNOWN_CALLER)
        # The switch is the browsers': a softphone goes on dialling.
        case WebRTCOff() if facts.calls_from is EndpointKind.BROWSER:
            return Refuse(Refusal.WEBRTC_OFF)
        case _:
            pass
    if facts.caller.dialling is Dialling.NOBODY:
        return Refuse(Refusal.DIALLING_OFF)
    match facts.dialled:
        case Unreadable(refusal):
            return Refuse(refusal)
        case ReadNumber():
            decision = _to_number(facts, facts.caller, facts.dialled)
        case ReadColleague():
            decision = _to_colleague(facts, facts.caller, facts.dialled)
        case _:
            assert_never(facts.dialled)
    if isinstance(decision, Refuse):
        return decision
    return _held_back(facts.spent) or decision


def own_caller_id(connection: Connection) -> PhoneNumber | None:
    """The number that outgoing calls show: one of the connection's own, or none at all (TM-F5)."""
    if connection.caller_id in connection.numbers:
        return connection.caller_id
    return connection.numbers[0] if connection.numbers else None


def _to_number(facts: DialFacts, caller: Volunteer, dialled: ReadNumber) -> DialDecision:
    if dialled.number in facts.connection.numbers:
        return Refuse(Refusal.OWN_NUMBER)
    if caller.dialling is not Dialling.NUMBERS:
        return Refuse(Refusal.DIALLING_OFF)
    if dialled.country not in facts.connection.allowed_countries:
        return Refuse(Refusal.COUNTRY_NOT_ALLOWED)
    caller_id = own_caller_id(facts.connection)
    if caller_id is None:
        return Refuse(Refusal.NO_CALLER_ID)
    if facts.spent.calls_this_hour >= CALLS_PER_HOUR:
        return Refuse(Refusal.TOO_MANY_CALLS)
    left = TALK_PER_DAY - facts.spent.talk_today
    if left < SHORTEST_TALK:
        return Refuse(Refusal.TOO_MANY_MINUTES)
    return DialNumber(number=dialled.number, caller_id=caller_id, talk_for=min(left, TALK_FOR))


def _to_colleague(facts: DialFacts, caller: Volunteer, dialled: ReadColleague) -> DialDecision:
    colleague = facts.colleague
    if colleague is None:
        return Refuse(dialled.otherwise)
    if colleague.volunteer.id == caller.id:
        return Refuse(Refusal.YOURSELF)
    phones = ringing_lines(colleague.volunteer, colleague.lines, facts.connection, now=facts.now)
    if not phones or not colleague.volunteer.active:
        return Refuse(Refusal.COLLEAGUE_UNREACHABLE)
    return DialColleague(
        volunteer=colleague.volunteer,
        phones=phones,
        caller_id=own_caller_id(facts.connection),
        talk_for=TALK_FOR,
    )


def _held_back(spent: Spent) -> Refuse | None:
    if spent.going_on:
        return Refuse(Refusal.ALREADY_IN_CALL)
    if spent.same_pair >= SAME_PAIR_CALLS:
        return Refuse(Refusal.SAME_NUMBER_AGAIN)
    return None
