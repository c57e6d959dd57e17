"""Figures about calls: how many ended how, how long people waited, and when they called, in the hotline's own time."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from softphone.domain.hotline_calls import CallEnding

MISSED = frozenset({CallEnding.GAVE_UP, CallEnding.ALTERNATIVES, CallEnding.LOST})
TURNED_AWAY = frozenset({CallEnding.BLOCKED, CallEnding.TOO_MANY})
"""Endings of calls that were not let in. They count neither as missed nor in the waits."""
SLOT = timedelta(minutes=15)
"""Every offset from UTC in use is a multiple of it, so that a slot lies in one local hour."""
BUCKETS = (0, 10, 20, 30, 60, 120, 180, 300, 600)
"""Where the buckets of waiting times begin, in seconds. The last has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many calls ended how. The four add up to all of them."""

    answered: int = 0
    missed: int = 0
    voicemail: int = 0
    turned_away: int = 0

    @property
    def calls(self) -> int:
        """All of them."""
        return self.answered + self.missed + self.voicemail + self.turned_away

    @property
    def share_answered(self) -> float | None:
        """Of the calls that were let in; None if there were none."""
        let_in = self.calls - self.turned_away
        return round(self.answered / let_in, 4) if let_in else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Calls that ended so after a wait. Units: whole seconds; `seconds` None where it is not known."""

    ending: CallEnding
    seconds: int | None
    calls: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Calls of the hotlines of a time zone that began within a quarter of an hour. `number` counts those since 1970."""

    zone: str
    number: int
    calls: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Waits from some seconds on, below others; `until` None has no end."""

    since: int
    until: int | None
    calls: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Calls by local time. `week[weekday][hour]`, Monday first; `days` in order, those without a call left out."""

    week: tuple[tuple[Tally, ...], ...]
    days: tuple[tuple[date, Tally], ...]


def tally(counts: Mapping[CallEnding, int]) -> Tally:
    """How many calls ended how."""
    return Tally(
        answered=counts.get(CallEnding.ANSWERED, 0),
        missed=sum(counts.get(one, 0) for one in MISSED),
        voicemail=counts.get(CallEnding.MESSAGE, 0),
        turned_away=sum(counts.get(one, 0) for one in TURNED_AWAY),
    )


def tally_of(waits: Iterable[Waits]) -> Tally:
    """The same, from waits."""
    counts: Counter[CallEnding] = Counter()
    for one in waits:
        counts[one.ending] += one.calls
    return tally(counts)


def seconds_waited(waits: Iterable[Waits]) -> Mapping[int, int]:
    """How many of the callers who were let in waited how many seconds."""
    counts: Counter[int] = Counter()
    for one in waits:
        if one.seconds is not None and one.ending not in TURNED_AWAY:
            counts[max(0, one.seconds)] += one.calls
    return counts


def quantile(counts: Mapping[int, int], share: float) -> int | None:
    """The least value that at least this share of all does not exceed (nearest rank); None of nothing."""
    rank = math.ceil(share * sum(counts.values()))
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached >= rank:
            return value
    return None


def buckets(waits: Iterable[Waits]) -> tuple[Bucket, ...]:
    """How long callers waited, in a few steps."""
    known, ends = list(waits), (*BUCKETS[1:], None)
    answered = seconds_waited(one for one in known if one.ending is CallEnding.ANSWERED)
    everybody = seconds_waited(known)
    return tuple(
        Bucket(
            since=since, until=until, calls=_within(everybody, since, until), answered=_within(answered, since, until)
        )
        for since, until in zip(BUCKETS, ends, strict=True)
    )


def _within(counts: Mapping[int, int], since: int, until: int | None) -> int:
    return sum(calls for seconds, calls in counts.items() if since <= seconds and (until is None or seconds < until))


def calendar(slots: Iterable[Slot]) -> Calendar:
    """Calls by hour, weekday and day, each in its hotline's own time, true to the changes of the clock."""
    week: dict[tuple[int, int], list[Tally]] = {}
    days: dict[date, list[Tally]] = {}
    zones: dict[str, ZoneInfo] = {}
    for slot in slots:
        zone = zones.setdefault(slot.zone, ZoneInfo(slot.zone))
        at = datetime.fromtimestamp(slot.number * SLOT.total_seconds(), tz=zone)
        week.setdefault((at.weekday(), at.hour), []).append(slot.calls)
        days.setdefault(at.date(), []).append(slot.calls)
    return Calendar(
        week=tuple(tuple(together(week.get((day, hour), ())) for hour in range(24)) for day in range(7)),
        days=tuple((day, together(days[day])) for day in sorted(days)),
    )


def together(tallies: Iterable[Tally]) -> Tally:
    """Several as one."""
    known = list(tallies)
    return Tally(
        answered=sum(one.answered for one in known),
        missed=sum(one.missed for one in known),
        voicemail=sum(one.voicemail for one in known),
        turned_away=sum(one.turned_away for one in known),
    )
