"""Who rings for a caller, and why the others do not. Pure: from facts and the time to one decision.

    Decision
    ├── RingRound    these phones ring, all at once
    ├── Pause        a spoken line, music, and then the question again
    ├── TakeMessage  the caller leaves a message
    └── SayAlternatives  where messages are switched off: the sentence with alternatives

Each round has two halves: browsers and softphones ring first, then private phones. They cannot share one `<Dial>`,
because its confirmation key, without which a private voicemail could take the call, would be asked of every callee
(`wire.md` 3.5).

        start ──► (spoke before) ──► apps ──► private phones ──► pause ──► apps of the next round …

A caller waits while somebody on duty is busy and may become free, at most for the hotline's longest wait. Plivo is
answered, and the administrator's explanation is made, from the same value.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from softphone.domain.hotline import Hotline, Strategy
from softphone.domain.hours import open_at
from softphone.domain.ids import VolunteerId
from softphone.domain.secret import Secret
from softphone.domain.standing import BUSY, Phone, Standing, Why

MOST_AT_ONCE = 40
"""People in one Dial. Plivo has a limit that it does not publish (hangup code 1020, `wire.md` 3.5)."""
SHORTEST_HOLD = timedelta(seconds=5)
"""Between two looks for a free volunteer, so that a caller on hold does not keep us busy."""
RECONNECT_WITHIN = timedelta(minutes=10)
APPS = frozenset({Phone.BROWSER, Phone.SIP})
PRIVATE = frozenset({Phone.PRIVATE})


class Ending(StrEnum):
    """Why a caller is not rung for any more."""

    CLOSED = "closed"
    NOBODY = "nobody"
    WAITED = "waited"


class Last(StrEnum):
    """What was done for the caller before this question."""

    NOTHING = "nothing"
    SPOKE_BEFORE = "spoke_before"
    APPS = "apps"
    PRIVATE = "private"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Callee:
    """One phone to ring. `address` is a SIP address of ours or a private number, so it does not print itself.
    `send_digits` are keys to press once it has answered.
    """

    volunteer_id: VolunteerId
    phone: Phone
    address: Secret
    send_digits: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A volunteer, as far as ringing them goes. `obstacle` is why they cannot ring for anybody; None if they can.

    `phones` are those that Plivo would reach now. `rung` are the halves of a round in which this caller has rung them,
    once for each time.
    """

    volunteer_id: VolunteerId
    name: str
    languages: frozenset[str]
    obstacle: Why | None
    phones: tuple[Callee, ...]
    idle_since: datetime
    rung: tuple[Last, ...] = ()
    declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is asked: this caller of this hotline. `round` counts begun rounds, `halves` are what has rung so far, in
    order. `takes_messages` is the voicemail switch. `reconnect_to` is the volunteer they spoke to within
    `RECONNECT_WITHIN`.
    """

    hotline: Hotline
    language: str
    waiting_since: datetime
    round: int
    last: Last
    halves: tuple[Last, ...]
    reconnect_to: VolunteerId | None
    takes_messages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRound:
    """These phones ring at once. `confirm` asks whoever answers to press a key first."""

    callees: tuple[Callee, ...]
    number: int
    half: Last
    ring_for: timedelta
    confirm: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold the caller that long, then ask again. `held` is true if everybody who could answer is busy."""

    hold_for: timedelta
    held: bool


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """The caller may leave a message."""

    ending: Ending


@dataclass(frozen=True, slots=True)
class SayAlternatives:
    """The caller hears where else there is help."""

    ending: Ending


Decision = RingRound | Pause | TakeMessage | SayAlternatives


@dataclass(frozen=True, slots=True)
class Routed:
    """The decision, with where every volunteer stands in it."""

    decision: Decision
    standings: tuple[Standing, ...]


def route(situation: Situation, candidates: Sequence[Candidate], *, now: datetime) -> Routed:
    """Decide what happens for this caller now. It always ends in a person, a message or a sentence."""
    hotline = situation.hotline
    if hotline.closed or not open_at(hotline, situation.waiting_since):
        return _ended(situation, candidates, Ending.CLOSED, Why.CLOSED)
    if now - situation.waiting_since >= hotline.longest_wait:
        return _ended(situation, candidates, Ending.WAITED, Why.WAITED)
    free = [one for one in candidates if one.obstacle is None]
    if not free:
        if any(one.obstacle in BUSY for one in candidates):
            return _paused(candidates, max(hotline.pause_for, SHORTEST_HOLD), held=True)
        return _ended(situation, candidates, Ending.NOBODY, Why.UNREACHABLE)
    choice = _choose(situation, free)
    if choice is None:
        return _paused(candidates, max(hotline.pause_for, timedelta(seconds=1)), held=False)
    return _rung(situation, candidates, choice)


@dataclass(frozen=True, slots=True)
class _Choice:
    """Who of the free rings, at which of their phones, and why each of the others does not."""

    people: Sequence[Candidate]
    half: Last
    among: frozenset[Phone]
    otherwise: Callable[[Candidate], Why]


def _choose(situation: Situation, free: Sequence[Candidate]) -> _Choice | None:
    """The next half of a round that has somebody to ring; None if the pause between two rounds comes first."""
    hint = next((one for one in free if one.volunteer_id == situation.reconnect_to), None)
    if not situation.halves and hint is not None:
        among = APPS if _has(hint, APPS) else PRIVATE
        return _Choice((hint,), Last.SPOKE_BEFORE, among, lambda _: Why.SPOKE_BEFORE)
    willing = [one for one in free if not one.declined] or free
    # By id: looking for a person among hundreds, for each of hundreds, would keep a caller waiting.
    asked = frozenset(one.volunteer_id for one in willing)
    if situation.last is not Last.APPS and situation.last is not Last.PRIVATE:
        people = _by_strategy(situation, willing, APPS, Last.APPS)
        if people:
            return _Choice(people, Last.APPS, APPS, lambda one: _other(situation, one, asked, APPS))
    if situation.last is not Last.PRIVATE:
        people = _by_strategy(situation, willing, PRIVATE, Last.PRIVATE)
        if people:
            return _Choice(people, Last.PRIVATE, PRIVATE, lambda one: _other(situation, one, asked, PRIVATE))
    return None


def _by_strategy(
    situation: Situation, willing: Sequence[Candidate], among: frozenset[Phone], half: Last
) -> Sequence[Candidate]:
    pool = [one for one in willing if _has(one, among)]
    speakers = [one for one in willing if situation.language in one.languages]

    def turn(one: Candidate) -> tuple[int, bool, datetime, str]:
        # Whom this caller has rung least, then who speaks the language, then who has waited longest for a call.
        return one.rung.count(half), situation.language not in one.languages, one.idle_since, one.volunteer_id

    match situation.hotline.strategy:
        case Strategy.EVERYONE:
            most = MOST_AT_ONCE
        case Strategy.LONGEST_IDLE:
            most = min(situation.hotline.ring_at_once, MOST_AT_ONCE)
        case Strategy.LANGUAGE_FIRST:
            most = MOST_AT_ONCE
            if speakers and _is_first_round(situation):
                pool = [one for one in speakers if _has(one, among)]
    return sorted(pool, key=turn)[:most]


def _is_first_round(situation: Situation) -> bool:
    begun = 1 if situation.last is Last.APPS else 0
    return Last.PRIVATE not in situation.halves and situation.halves.count(Last.APPS) <= begun


def _other(situation: Situation, one: Candidate, asked: frozenset[VolunteerId], among: frozenset[Phone]) -> Why:
    """Why a free volunteer is not in this half of the round."""
    if one.volunteer_id not in asked:
        return Why.DECLINED
    if not _has(one, among):
        return Why.PRIVATE_LATER if among is APPS else Why.APPS_FIRST
    if situation.hotline.strategy is Strategy.LANGUAGE_FIRST and situation.language not in one.languages:
        return Why.OTHER_LANGUAGE
    return Why.OTHERS_FIRST


def _rung(situation: Situation, candidates: Sequence[Candidate], choice: _Choice) -> Routed:
    chosen = {one.volunteer_id for one in choice.people}
    callees = tuple(callee for one in choice.people for callee in one.phones if callee.phone in choice.among)
    begins = choice.half is not Last.PRIVATE or situation.last is not Last.APPS
    decision = RingRound(
        callees=callees,
        number=situation.round + 1 if begins else situation.round,
        half=choice.half,
        ring_for=situation.hotline.ring_for,
        confirm=choice.among is PRIVATE,
    )

    def standing(one: Candidate) -> Standing:
        if one.volunteer_id in chosen:
            return _standing(one, Why.RINGS, tuple(c.phone for c in callees if c.volunteer_id == one.volunteer_id))
        return _standing(one, one.obstacle or choice.otherwise(one))

    return Routed(decision, tuple(standing(one) for one in candidates))


def _paused(candidates: Sequence[Candidate], hold_for: timedelta, *, held: bool) -> Routed:
    return Routed(Pause(hold_for, held), tuple(_standing(one, one.obstacle or Why.PAUSE) for one in candidates))


def _ended(situation: Situation, candidates: Sequence[Candidate], ending: Ending, why: Why) -> Routed:
    # A hotline that is closed is the reason for everybody; else what keeps a person comes first.
    closed = ending is Ending.CLOSED
    standings = tuple(_standing(one, why if closed else one.obstacle or why) for one in candidates)
    return Routed(TakeMessage(ending) if situation.takes_messages else SayAlternatives(ending), standings)


def _standing(one: Candidate, why: Why, phones: tuple[Phone, ...] = ()) -> Standing:
    return Standing(volunteer_id=one.volunteer_id, name=one.name, why=why, phones=phones)


def _has(one: Candidate, among: frozenset[Phone]) -> bool:
    return any(callee.phone in among for callee in one.phones)
