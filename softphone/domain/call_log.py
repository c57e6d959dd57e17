"""Calls of hotlines as administrators look back at them, and what became of each phone that rang."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from softphone.domain.callers import CallerId
from softphone.domain.doubts import is_unreached
from softphone.domain.hotline_calls import LOST_RACE, CallEnding, Leg, Round, Rung, Stage, has_declined
from softphone.domain.ids import CallRef, CallUUID, HotlineId, VolunteerId

OPEN = "open"
"""The ending, in a filter, of calls that have none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedCall:
    """A call as the log has it. `waited_until` is when somebody answered, the caller gave up or the message began."""

    call_uuid: CallUUID
    ref: CallRef
    hotline_id: HotlineId
    hotline_name: str
    caller_id: CallerId
    label: str
    repeat: bool
    language: str | None
    stage: Stage
    ending: CallEnding | None
    started_at: datetime
    waiting_since: datetime
    waited_until: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    answered_by: VolunteerId | None
    answered_by_name: str | None
    outcome: str | None
    hard: bool
    hangup_code: int | None

    @property
    def waited_seconds(self) -> int | None:
        """How long the caller waited for a person."""
        return _seconds(self.waiting_since, self.waited_until)

    @property
    def talked_seconds(self) -> int | None:
        """How long caller and volunteer talked."""
        return _seconds(self.answered_at, self.ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of a time zone, as moments: from `since` on, before `until`."""

    since: datetime
    until: datetime

    @classmethod
    def of_days(cls, first: date, last: date, zone: str) -> Self:
        """Whole days, both included."""
        return cls(since=midnight(first, zone), until=midnight(last + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which calls are asked for; None leaves nothing out. `ending` may be `OPEN`."""

    hotline_id: HotlineId | None = None
    ending: str | None = None
    language: str | None = None
    volunteer_id: VolunteerId | None = None
    label: str | None = None
    period: Period | None = None


class Fate(StrEnum):
    """What became of one phone that rang."""

    ANSWERED = "answered"
    DECLINED = "declined"
    LOST_RACE = "lost_race"
    NOT_REACHED = "not_reached"
    NO_ANSWER = "no_answer"
    STOPPED = "stopped"
    RINGING = "ringing"


FATE_WORDS = {
    Fate.ANSWERED: "It was answered.",
    Fate.DECLINED: "The volunteer declined.",
    Fate.LOST_RACE: "A colleague answered first.",
    Fate.NOT_REACHED: "The phone could not be reached.",
    Fate.NO_ANSWER: "Nobody answered.",
    Fate.STOPPED: "It stopped ringing, and nothing more was told.",
    Fate.RINGING: "It rings.",
}


def midnight(day: date, zone: str) -> datetime:
    """The first moment of a day in a time zone."""
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def leg_of(rung: Rung, made: Round, rounds: Sequence[Round], legs: Sequence[Leg]) -> Leg | None:
    """The leg that a ringing phone became: that of the same phone whose news came in this half of a round."""
    later = [one for one in rounds if one.step > made.step and (rung.volunteer_id, rung.phone) in _phones(one)]
    until = min((one.began_at for one in later), default=None)
    for leg in legs:
        told = leg.answered_at or leg.connected_at or leg.ended_at
        same = (leg.volunteer_id, leg.phone) == (rung.volunteer_id, rung.phone)
        if same and told is not None and told >= made.began_at and (until is None or told < until):
            return leg
    return None


def fate_of(leg: Leg | None, made: Round) -> Fate:
    """What became of a phone, from the last that was told of it."""
    if leg is None:
        return Fate.RINGING if made.ended_at is None else Fate.STOPPED
    if leg.hangup_code == LOST_RACE:
        return Fate.LOST_RACE
    if leg.answered_at is not None or leg.connected_at is not None:
        return Fate.ANSWERED
    if has_declined(leg):
        return Fate.DECLINED
    return Fate.NOT_REACHED if is_unreached(leg.hangup_code) else Fate.NO_ANSWER


def _phones(made: Round) -> set[tuple[VolunteerId, str]]:
    return {(one.volunteer_id, one.phone) for one in made.rung}


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    return max(0, int((until - since).total_seconds())) if since and until else None
