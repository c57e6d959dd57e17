"""Look back at hotline calls: pages of them, one with its ladder, all as rows for a file, and figures about them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from softphone.actions.record_audit import actor_of, record_audit
from softphone.actions.world import World
from softphone.domain.call_figures import Calendar, Slot, Waits, calendar
from softphone.domain.call_log import LogFilter, LoggedCall, Period
from softphone.domain.errors import InvalidInput, NotFound
from softphone.domain.hotline import Hotline
from softphone.domain.hotline_calls import Leg, Round
from softphone.domain.ids import CallRef, HotlineId, VolunteerId
from softphone.domain.volunteers import Volunteer
from softphone.store.board import select_names
from softphone.store.call_log import (
    After,
    count_logged_calls,
    select_logged_call,
    select_logged_calls,
    select_logged_calls_after,
    select_slots,
    select_waits,
)
from softphone.store.database import Connection
from softphone.store.hotline_calls import LadderLine, select_ladder
from softphone.store.hotlines import select_hotlines
from softphone.store.page_signs import select_ring_reports
from softphone.store.rounds import select_legs, select_rounds

MOST_HOTLINES = 500
BATCH = 500
"""Calls of one read of an export: none holds the database for as long as somebody's download takes."""
SHOWN_DAYS = 28
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Asked:
    """From a day to a day, both included, as they were asked for; None is open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, how many calls there are in all, and the time zone that its days were read in."""

    calls: tuple[LoggedCall, ...]
    total: int
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStory:
    """One call with everything that is known of it."""

    call: LoggedCall
    rounds: tuple[Round, ...]
    legs: tuple[Leg, ...]
    heard: Mapping[tuple[int, VolunteerId], datetime]
    ladder: tuple[LadderLine, ...]
    names: Mapping[VolunteerId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the charts are drawn from."""

    days: Days
    time_zone: str
    calendar: Calendar
    waits: tuple[Waits, ...]


async def see_call_log(world: World, chosen: LogFilter, days: Asked, *, limit: int, offset: int) -> LogPage:
    """A page of calls, newest first.

    Raises: InvalidInput if there is no such hotline.
    """

    async def unit(db: Connection) -> LogPage:
        zone = time_zone(await _hotlines(db, chosen.hotline_id))
        wanted = within(chosen, days, zone)
        calls = await select_logged_calls(db, wanted, limit=limit, offset=offset)
        return LogPage(tuple(calls), await count_logged_calls(db, wanted), zone)

    return await world.database.read(unit)


async def see_call(world: World, ref: CallRef) -> CallStory:
    """One call.

    Raises: NotFound.
    """

    async def unit(db: Connection) -> CallStory:
        call = await select_logged_call(db, ref)
        if call is None:
            raise NotFound(message="There is no such call, or it is no longer kept.")
        return CallStory(
            call=call,
            rounds=tuple(await select_rounds(db, call.call_uuid)),
            legs=tuple(await select_legs(db, call.call_uuid)),
            heard=await select_ring_reports(db, call.call_uuid),
            ladder=tuple(await select_ladder(db, call.call_uuid)),
            names=await select_names(db),
        )

    return await world.database.read(unit)


async def export_calls(
    world: World, who: Volunteer, chosen: LogFilter, days: Asked
) -> AsyncGenerator[Sequence[LoggedCall], None]:
    """Every call that a filter finds, newest first, in batches. Who took it is written down before the first.

    Raises: InvalidInput if there is no such hotline, before the first batch.
    """

    async def begin(db: Connection) -> LogFilter:
        wanted = within(chosen, days, time_zone(await _hotlines(db, chosen.hotline_id)))
        detail = {
            "hotline": chosen.hotline_id,
            "from": days.first.isoformat() if days.first else None,
            "to": days.last.isoformat() if days.last else None,
        }
        await record_audit(
            db, actor_of(who), "hotline_calls.exported", subject="calls", detail=detail, now=world.clock()
        )
        return wanted

    return _batches(world, await world.database.write(begin))


async def _batches(world: World, wanted: LogFilter) -> AsyncGenerator[Sequence[LoggedCall], None]:
    after: After | None = None
    while batch := await _next_batch(world, wanted, after):
        yield batch
        after = After(batch[-1].started_at, batch[-1].call_uuid)


async def _next_batch(world: World, wanted: LogFilter, after: After | None) -> Sequence[LoggedCall]:
    return await world.database.read(lambda db: select_logged_calls_after(db, wanted, after=after, limit=BATCH))


async def see_figures(world: World, hotline_id: HotlineId | None, days: Asked) -> Figures:
    """Figures of some days: the last four weeks unless others are asked for.

    Raises: InvalidInput for an unknown hotline or too many days.
    """
    now = world.clock()

    async def unit(db: Connection) -> tuple[Sequence[Hotline], Days, Sequence[Slot], Sequence[Waits]]:
        hotlines = await _hotlines(db, hotline_id)
        zone = time_zone(hotlines)
        shown = _shown(days, today=now.astimezone(ZoneInfo(zone)).date())
        wanted = within(LogFilter(hotline_id=hotline_id), shown, zone)
        return hotlines, shown, await select_slots(db, wanted), await select_waits(db, wanted)

    hotlines, shown, slots, waits = await world.database.read(unit)
    # A year has 35,000 quarters of an hour: not on the loop that answers callers.
    made = await asyncio.to_thread(calendar, slots)
    return Figures(days=shown, time_zone=time_zone(hotlines), calendar=made, waits=tuple(waits))


def _shown(days: Asked, *, today: date) -> Days:
    last = days.last or max(today, days.first or today)
    first = days.first or last - timedelta(days=SHOWN_DAYS - 1)
    if last - first >= timedelta(days=MOST_DAYS):
        raise InvalidInput(f"Choose at most {MOST_DAYS} days.", field="from")
    return Days(first, last)


def time_zone(hotlines: Sequence[Hotline]) -> str:
    """The zone that days are read in: that of the hotlines, where they share one."""
    zones = {one.time_zone for one in hotlines}
    return next(iter(zones)) if len(zones) == 1 else "UTC"


def within(chosen: LogFilter, days: Asked | Days, zone: str) -> LogFilter:
    """The filter with its days as moments."""
    if days.first is None and days.last is None:
        return chosen
    first, last = days.first or date(1970, 1, 2), days.last or date(9000, 1, 1)
    if first > last:
        raise InvalidInput("`from` is after `to`.", field="from")
    return replace(chosen, period=Period.of_days(first, last, zone))


async def _hotlines(db: Connection, hotline_id: HotlineId | None) -> Sequence[Hotline]:
    hotlines = await select_hotlines(db, limit=MOST_HOTLINES, offset=0)
    if hotline_id is None:
        return hotlines
    found = [one for one in hotlines if one.id == hotline_id]
    if not found:
        raise InvalidInput("There is no such hotline.", field="hotline")
    return found
