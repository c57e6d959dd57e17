"""Hotlines in the database, with their numbers and members."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from softphone.domain.hotline import Holiday, Hotline, OpenSpan, Strategy
from softphone.domain.ids import ConnectionId, HotlineId, PhoneNumber, VolunteerId
from softphone.store.database import Connection, Row, from_micros, to_micros

_COLUMNS = (
    "h.id, h.connection_id, h.name, h.time_zone, h.hours, h.holidays, h.closed, h.languages, h.default_language,"
    " h.strategy, h.ring_at_once, h.ring_seconds, h.pause_seconds, h.longest_wait_seconds, h.music_url,"
    " h.wrap_up_seconds, h.hard_wrap_up_seconds, h.outcomes, h.notes_enabled, h.fallback_made_at, h.created_at,"
    " h.updated_at"
)


async def select_hotline(db: Connection, hotline_id: HotlineId, *, lock: bool = False) -> Hotline | None:
    """A hotline by its id. `lock` holds the row until the unit ends."""
    row = await db.fetch_one(
        f"SELECT {_COLUMNS} FROM hotlines h WHERE h.id = $1 {db.for_update if lock else ''}",  # noqa: S608  # constants
        hotline_id,
    )
    return await _with_numbers(db, row) if row else None


async def select_hotline_of_number(db: Connection, connection_id: ConnectionId, number: PhoneNumber) -> Hotline | None:
    """The hotline that a number of a connection belongs to."""
    row = await db.fetch_one(
        f"SELECT {_COLUMNS} FROM hotline_numbers n JOIN hotlines h ON h.id = n.hotline_id"  # noqa: S608  # constant
        " WHERE n.connection_id = $1 AND n.number = $2",
        connection_id,
        number,
    )
    return await _with_numbers(db, row) if row else None


async def select_hotlines(db: Connection, *, limit: int, offset: int) -> list[Hotline]:
    """Hotlines by name."""
    rows = await db.fetch_all(
        f"SELECT {_COLUMNS} FROM hotlines h ORDER BY h.name, h.id LIMIT $1 OFFSET $2",  # noqa: S608  # constant
        limit,
        offset,
    )
    return [await _with_numbers(db, row) for row in rows]


async def count_hotlines(db: Connection) -> int:
    """How many hotlines there are."""
    row = await db.fetch_one("SELECT count(*) FROM hotlines")
    return int(str(row[0])) if row else 0


async def insert_hotline(db: Connection, hotline: Hotline) -> None:
    """Add a hotline with its numbers."""
    await db.execute(
        "INSERT INTO hotlines (id, connection_id, name, time_zone, hours, holidays, closed, languages,"
        " default_language, strategy, ring_at_once, ring_seconds, pause_seconds, longest_wait_seconds, music_url,"
        " wrap_up_seconds, hard_wrap_up_seconds, outcomes, notes_enabled, fallback_made_at, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        *_values(hotline),
    )
    await _insert_numbers(db, hotline)


async def update_hotline(db: Connection, hotline: Hotline) -> None:
    """Write a changed hotline back, numbers included."""
    await db.execute(
        "UPDATE hotlines SET connection_id = $2, name = $3, time_zone = $4, hours = $5, holidays = $6, closed = $7,"
        " languages = $8, default_language = $9, strategy = $10, ring_at_once = $11, ring_seconds = $12,"
        " pause_seconds = $13, longest_wait_seconds = $14, music_url = $15, wrap_up_seconds = $16,"
        " hard_wrap_up_seconds = $17, outcomes = $18, notes_enabled = $19, fallback_made_at = $20, created_at = $21,"
        " updated_at = $22 WHERE id = $1",
        *_values(hotline),
    )
    await db.execute("DELETE FROM hotline_numbers WHERE hotline_id = $1", hotline.id)
    await _insert_numbers(db, hotline)


async def delete_hotline(db: Connection, hotline_id: HotlineId) -> None:
    """Delete a hotline that has had no calls, with its numbers and members."""
    await db.execute("DELETE FROM hotline_numbers WHERE hotline_id = $1", hotline_id)
    await db.execute("DELETE FROM hotline_members WHERE hotline_id = $1", hotline_id)
    await db.execute("DELETE FROM hotlines WHERE id = $1", hotline_id)


async def count_calls_of_hotline(db: Connection, hotline_id: HotlineId) -> int:
    """How many calls a hotline has had, as far as they are kept."""
    row = await db.fetch_one("SELECT count(*) FROM hotline_calls WHERE hotline_id = $1", hotline_id)
    return int(str(row[0])) if row else 0


async def select_number_owner(db: Connection, connection_id: ConnectionId, number: PhoneNumber) -> HotlineId | None:
    """The hotline that has a number."""
    row = await db.fetch_one(
        "SELECT hotline_id FROM hotline_numbers WHERE connection_id = $1 AND number = $2", connection_id, number
    )
    return HotlineId(str(row[0])) if row else None


async def select_members(db: Connection, hotline_id: HotlineId) -> list[VolunteerId]:
    """Who has the right to answer a hotline, by name."""
    rows = await db.fetch_all(
        "SELECT m.volunteer_id FROM hotline_members m JOIN volunteers v ON v.id = m.volunteer_id"
        " WHERE m.hotline_id = $1 ORDER BY v.name, v.id",
        hotline_id,
    )
    return [VolunteerId(str(row[0])) for row in rows]


async def select_hotlines_of(db: Connection, volunteer_id: VolunteerId) -> list[Hotline]:
    """The hotlines that a volunteer has the right to answer, by name."""
    rows = await db.fetch_all(
        f"SELECT {_COLUMNS} FROM hotline_members m JOIN hotlines h ON h.id = m.hotline_id"  # noqa: S608  # constant
        " WHERE m.volunteer_id = $1 ORDER BY h.name, h.id",
        volunteer_id,
    )
    return [await _with_numbers(db, row) for row in rows]


async def replace_members(
    db: Connection, hotline_id: HotlineId, members: Sequence[VolunteerId], *, now: datetime
) -> None:
    """Write who has the right to answer a hotline."""
    await db.execute("DELETE FROM hotline_members WHERE hotline_id = $1", hotline_id)
    for member in dict.fromkeys(members):
        await db.execute(
            "INSERT INTO hotline_members (hotline_id, volunteer_id, added_at) VALUES ($1, $2, $3)",
            hotline_id,
            member,
            to_micros(now),
        )


async def update_fallback_made(db: Connection, hotline_id: HotlineId, *, now: datetime) -> None:
    """Remember when the document for Plivo's fallback was last written."""
    await db.execute("UPDATE hotlines SET fallback_made_at = $2 WHERE id = $1", hotline_id, to_micros(now))


async def _insert_numbers(db: Connection, hotline: Hotline) -> None:
    for number in hotline.numbers:
        await db.execute(
            "INSERT INTO hotline_numbers (connection_id, number, hotline_id) VALUES ($1, $2, $3)",
            hotline.connection_id,
            number,
            hotline.id,
        )


def _values(hotline: Hotline) -> tuple[str | int | bool | None, ...]:
    return (
        hotline.id,
        hotline.connection_id,
        hotline.name,
        hotline.time_zone,
        _written_hours(hotline.hours),
        json.dumps([[holiday.day.isoformat(), holiday.name] for holiday in hotline.holidays], ensure_ascii=False),
        hotline.closed,
        " ".join(hotline.languages),
        hotline.default_language,
        hotline.strategy.value,
        hotline.ring_at_once,
        _seconds(hotline.ring_for),
        _seconds(hotline.pause_for),
        _seconds(hotline.longest_wait),
        hotline.music_url,
        _seconds(hotline.wrap_up),
        _seconds(hotline.hard_wrap_up),
        json.dumps(hotline.outcomes, ensure_ascii=False),
        hotline.notes_enabled,
        to_micros(hotline.fallback_made_at) if hotline.fallback_made_at else None,
        to_micros(hotline.created_at),
        to_micros(hotline.updated_at),
    )


async def _with_numbers(db: Connection, row: Row) -> Hotline:
    numbers = await db.fetch_all(
        "SELECT number FROM hotline_numbers WHERE hotline_id = $1 ORDER BY number", str(row[0])
    )
    return Hotline(
        id=HotlineId(str(row[0])),
        connection_id=ConnectionId(str(row[1])),
        name=str(row[2]),
        numbers=tuple(PhoneNumber(str(number[0])) for number in numbers),
        time_zone=str(row[3]),
        hours=_read_hours(row[4]),
        holidays=tuple(Holiday(date.fromisoformat(day), name) for day, name in json.loads(str(row[5]))),
        closed=bool(row[6]),
        languages=tuple(str(row[7]).split()),
        default_language=str(row[8]),
        strategy=Strategy(str(row[9])),
        ring_at_once=int(str(row[10])),
        ring_for=_span(row[11]),
        pause_for=_span(row[12]),
        longest_wait=_span(row[13]),
        music_url=str(row[14]) if row[14] is not None else None,
        wrap_up=_span(row[15]),
        hard_wrap_up=_span(row[16]),
        outcomes=tuple(json.loads(str(row[17]))),
        notes_enabled=bool(row[18]),
        fallback_made_at=from_micros(int(str(row[19]))) if row[19] is not None else None,
        created_at=from_micros(int(str(row[20]))),
        updated_at=from_micros(int(str(row[21]))),
    )


def _written_hours(hours: tuple[OpenSpan, ...] | None) -> str | None:
    if hours is None:
        return None
    return json.dumps([[one.weekday, one.opens.isoformat("minutes"), one.closes.isoformat("minutes")] for one in hours])


def _read_hours(written: object) -> tuple[OpenSpan, ...] | None:
    if written is None:
        return None
    return tuple(
        OpenSpan(weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for day, opens, closes in json.loads(str(written))
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _span(value: object) -> timedelta:
    return timedelta(seconds=int(str(value)))
