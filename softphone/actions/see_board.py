"""The live board: callers, volunteers and today's figures, read as one view of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from softphone.actions.look_at_shifts import MOST_HOTLINES, HotlineShift, Shifts, look_at_shifts
from softphone.actions.world import World
from softphone.domain.alerts import Alert
from softphone.domain.call_figures import Waits
from softphone.domain.call_log import LogFilter, Period
from softphone.domain.doubts import Doubt
from softphone.domain.errors import InvalidInput
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import HotlineCall, Stage
from softphone.domain.ids import CallRef, CallUUID, HotlineId, VolunteerId
from softphone.domain.standing import Phone, Standing
from softphone.domain.volunteers import Volunteer
from softphone.store.board import OpenRound, select_names, select_on_duty, select_open_rounds
from softphone.store.call_log import select_waits
from softphone.store.database import Connection
from softphone.store.doubts import Told, select_doubts, select_open_alerts
from softphone.store.hotline_calls import select_open_calls
from softphone.store.hotlines import select_hotline, select_hotlines


@dataclass(frozen=True, slots=True, kw_only=True)
class With:
    """A volunteer whose phone rings for a caller, or who talks with them. `heard` is None where no page can say."""

    volunteer_id: VolunteerId
    name: str
    phone: Phone | None
    heard: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCall:
    """A caller who is there now. `since` is when their present state began."""

    call: HotlineCall
    hotline: Hotline
    since: datetime
    people: tuple[With, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """What has ended since the hotline's midnight."""

    day: date
    waits: tuple[Waits, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardHotline:
    """A hotline, who is there for it, and its day."""

    shift: HotlineShift
    doubtful: int
    today: Today


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardVolunteer:
    """A volunteer, where they stand in each of their hotlines, and what of theirs would ring now."""

    person: Volunteer
    phones: tuple[Phone, ...]
    standings: tuple[tuple[Hotline, Standing], ...]
    doubt: Told | None
    call: CallRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that an administrator sees at a glance."""

    at: datetime
    hotlines: tuple[BoardHotline, ...]
    calls: tuple[BoardCall, ...]
    volunteers: tuple[BoardVolunteer, ...]
    alerts: tuple[Alert, ...]


async def see_board(world: World, hotline_id: HotlineId | None) -> Board:
    """The board of a hotline, or of all of them.

    Raises: InvalidInput if there is no such hotline.
    """
    now = world.clock()

    async def unit(db: Connection) -> Board:
        hotlines = await _hotlines(db, hotline_id)
        seen = await look_at_shifts(world, db, hotlines, now=now)
        calls = await _calls(db, {one.id: one for one in hotlines}, now=now)
        shown = {one.id for one in hotlines}
        told = await select_doubts(db)
        return Board(
            at=now,
            hotlines=tuple([await _hotline(db, one, seen, now=now) for one in seen.shifts]),
            calls=calls,
            volunteers=_volunteers(
                seen,
                [] if hotline_id else await select_on_duty(db),
                doubts={who: _told(told.get(who), why, now=now) for who, why in seen.doubts.items()},
                talking={one.call.answered_by: one.call.ref for one in calls if one.call.stage is Stage.TALKING},
            ),
            alerts=tuple(one for one in await select_open_alerts(db) if one.hotline_id in shown),
        )

    return await world.database.read(unit)


async def _hotlines(db: Connection, hotline_id: HotlineId | None) -> Sequence[Hotline]:
    if hotline_id is None:
        return await select_hotlines(db, limit=MOST_HOTLINES, offset=0)
    hotline = await select_hotline(db, hotline_id)
    if hotline is None:
        raise InvalidInput("There is no such hotline.", field="hotline")
    return [hotline]


async def _hotline(db: Connection, one: HotlineShift, seen: Shifts, *, now: datetime) -> BoardHotline:
    zone = one.hotline.time_zone
    day = now.astimezone(ZoneInfo(zone)).date()
    chosen = LogFilter(hotline_id=one.hotline.id, period=Period.of_days(day, day, zone))
    return BoardHotline(
        shift=one,
        doubtful=len(one.would_ring & seen.doubts.keys()),
        today=Today(day, tuple(await select_waits(db, chosen))),
    )


async def _calls(db: Connection, hotlines: Mapping[HotlineId, Hotline], *, now: datetime) -> tuple[BoardCall, ...]:
    names, rounds = await select_names(db), await select_open_rounds(db, now=now)
    found = []
    for call in await select_open_calls(db):
        hotline = hotlines.get(call.hotline_id)
        if hotline is not None:
            ringing = rounds.get(CallUUID(call.call_uuid)) if call.stage is Stage.RINGING else None
            since = call.answered_at if call.stage is Stage.TALKING else ringing.made.began_at if ringing else None
            people = _with(call, ringing, names)
            found.append(BoardCall(call=call, hotline=hotline, since=since or call.waiting_since, people=people))
    return tuple(found)


def _with(call: HotlineCall, ringing: OpenRound | None, names: Mapping[VolunteerId, str]) -> tuple[With, ...]:
    if call.answered_by is not None:
        name = names.get(call.answered_by, "")
        return (With(volunteer_id=call.answered_by, name=name, phone=None, heard=None),)
    if ringing is None:
        return ()
    return tuple(
        With(
            volunteer_id=one.volunteer_id,
            name=names.get(one.volunteer_id, ""),
            phone=one.phone,
            heard=one.volunteer_id in ringing.heard if one.phone is Phone.BROWSER else None,
        )
        for one in ringing.made.rung
    )


def _volunteers(
    seen: Shifts,
    on_duty: Sequence[Volunteer],
    *,
    doubts: Mapping[VolunteerId, Told],
    talking: Mapping[VolunteerId | None, CallRef],
) -> tuple[BoardVolunteer, ...]:
    people: dict[VolunteerId, Volunteer] = {one.id: one for one in on_duty}
    phones: dict[VolunteerId, tuple[Phone, ...]] = {}
    standings: dict[VolunteerId, list[tuple[Hotline, Standing]]] = {}
    for one in seen.shifts:
        for known, candidate, standing in zip(
            one.shift.known, one.shift.candidates, one.shift.routed.standings, strict=True
        ):
            person = known.volunteer
            people[person.id] = person
            reached = tuple(callee.phone for callee in candidate.phones)
            phones[person.id] = tuple(dict.fromkeys((*phones.get(person.id, ()), *reached)))
            standings.setdefault(person.id, []).append((one.hotline, standing))
    return tuple(
        BoardVolunteer(
            person=person,
            phones=phones.get(person.id, ()),
            standings=tuple(standings.get(person.id, ())),
            doubt=doubts.get(person.id),
            call=talking.get(person.id),
        )
        for person in sorted(people.values(), key=lambda one: (one.name, one.id))
        if person.active
    )


def _told(told: Told | None, why: Doubt, *, now: datetime) -> Told:
    return told if told is not None and told.why is why else Told(why, now)
