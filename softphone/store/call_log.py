"""The log of hotline calls: filtered, in pages, as a whole, and counted. Every filter reads one index alone."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.call_figures import MISSED, SLOT, TURNED_AWAY, Slot, Tally, Waits
from softphone.domain.call_log import LogFilter, LoggedCall
from softphone.domain.callers import CallerId
from softphone.domain.hotline_calls import CallEnding, Stage
from softphone.domain.ids import CallRef, CallUUID, HotlineId, VolunteerId
from softphone.store.database import Connection, Row, Value, from_micros, to_micros

SECOND = 1_000_000
LATEST = 2**62
"""A moment after all that can be."""

# Fixed text: a filter that is not set is a parameter that is NULL.
_WHERE = (
    " l.started_at >= $1 AND l.started_at < $2"
    " AND (CAST($3 AS text) IS NULL OR l.hotline_id = $3)"
    " AND (CAST($4 AS text) IS NULL OR COALESCE(l.ending, 'open') = $4)"
    " AND (CAST($5 AS text) IS NULL OR l.language = $5)"
    " AND (CAST($6 AS text) IS NULL OR l.answered_by = $6)"
    " AND (CAST($7 AS text) IS NULL OR l.caller_label = $7)"
)
_CALL = (
    "SELECT c.call_uuid, c.ref, c.hotline_id, h.name, c.caller_id, c.caller_label, c.caller_repeat, c.language,"
    " c.state, c.ending, c.started_at, c.waiting_since, c.waited_until, c.answered_at, c.ended_at, c.answered_by,"
    " v.name, c.outcome, c.hard, c.hangup_code FROM hotline_calls c JOIN hotlines h ON h.id = c.hotline_id"
    " LEFT JOIN volunteers v ON v.id = c.answered_by"
)
_NEWEST = " ORDER BY c.started_at DESC, c.call_uuid DESC"


@dataclass(frozen=True, slots=True)
class After:
    """Where the log goes on: with the calls that began before this one."""

    started_at: datetime
    call_uuid: CallUUID


async def select_logged_calls(db: Connection, chosen: LogFilter, *, limit: int, offset: int) -> list[LoggedCall]:
    """Calls, newest first."""
    rows = await db.fetch_all(
        f"{_CALL} WHERE c.call_uuid IN (SELECT l.call_uuid FROM hotline_calls l WHERE{_WHERE}"  # noqa: S608  # constants
        f" ORDER BY l.started_at DESC, l.call_uuid DESC LIMIT $8 OFFSET $9){_NEWEST}",
        *_values(chosen),
        limit,
        offset,
    )
    return [_logged(row) for row in rows]


async def select_logged_calls_after(
    db: Connection, chosen: LogFilter, *, after: After | None, limit: int
) -> list[LoggedCall]:
    """The next calls after one, newest first; the newest of all after None."""
    rows = await db.fetch_all(
        f"{_CALL} WHERE c.call_uuid IN (SELECT l.call_uuid FROM hotline_calls l WHERE{_WHERE}"  # noqa: S608  # constants
        " AND (l.started_at, l.call_uuid) < ($8, $9)"
        f" ORDER BY l.started_at DESC, l.call_uuid DESC LIMIT $10){_NEWEST}",
        *_values(chosen),
        to_micros(after.started_at) if after else LATEST,
        after.call_uuid if after else "",
        limit,
    )
    return [_logged(row) for row in rows]


async def count_logged_calls(db: Connection, chosen: LogFilter) -> int:
    """How many calls a filter finds."""
    row = await db.fetch_one(f"SELECT count(*) FROM hotline_calls l WHERE{_WHERE}", *_values(chosen))  # noqa: S608  # constant
    return int(str(row[0])) if row else 0


async def select_logged_call(db: Connection, ref: CallRef) -> LoggedCall | None:
    """One call by what pages know it by."""
    row = await db.fetch_one(f"{_CALL} WHERE c.ref = $1", ref)
    return _logged(row) if row else None


async def select_waits(db: Connection, chosen: LogFilter) -> list[Waits]:
    """How many calls ended how, after how many seconds of waiting. Calls that have not ended are left out."""
    rows = await db.fetch_all(
        "SELECT l.ending, (l.waited_until - l.waiting_since) / $8, count(*) FROM hotline_calls l"  # noqa: S608  # constant
        f" WHERE{_WHERE} AND l.ending IS NOT NULL GROUP BY 1, 2",
        *_values(chosen),
        SECOND,
    )
    return [
        Waits(
            ending=CallEnding(str(row[0])),
            seconds=int(str(row[1])) if row[1] is not None else None,
            calls=int(str(row[2])),
        )
        for row in rows
    ]


async def select_slots(db: Connection, chosen: LogFilter) -> list[Slot]:
    """How many calls of the hotlines of each time zone began in which quarter of an hour, and ended how."""
    rows = await db.fetch_all(
        "SELECT h.time_zone, l.started_at / $8, sum(CASE WHEN l.ending = 'answered' THEN 1 ELSE 0 END),"  # noqa: S608  # constant
        " sum(CASE WHEN l.ending IN ($9, $10, $11) THEN 1 ELSE 0 END),"
        " sum(CASE WHEN l.ending = 'message' THEN 1 ELSE 0 END),"
        " sum(CASE WHEN l.ending IN ($12, $13) THEN 1 ELSE 0 END)"
        " FROM hotline_calls l JOIN hotlines h ON h.id = l.hotline_id"
        f" WHERE{_WHERE} AND l.ending IS NOT NULL GROUP BY 1, 2",
        *_values(chosen),
        int(SLOT.total_seconds()) * SECOND,
        *sorted(one.value for one in MISSED),
        *sorted(one.value for one in TURNED_AWAY),
    )
    return [_slot(row) for row in rows]


async def delete_logged_calls_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget calls that began before a moment and have ended, and all that was told about them; how many calls."""
    old = (
        "SELECT call_uuid FROM hotline_calls WHERE started_at < $1 AND ended_at IS NOT NULL"
        " ORDER BY started_at, call_uuid LIMIT $2"
    )
    found = (to_micros(moment), limit)
    await db.execute(f"DELETE FROM hotline_ladder WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant
    await db.execute(f"DELETE FROM hotline_legs WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant
    await db.execute(f"DELETE FROM hotline_rounds WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant
    await db.execute(f"DELETE FROM hotline_answers WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant
    await db.execute(f"DELETE FROM ring_reports WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant
    return await db.execute(f"DELETE FROM hotline_calls WHERE call_uuid IN ({old})", *found)  # noqa: S608  # constant


def _slot(row: Row) -> Slot:
    answered, missed, voicemail, turned_away = (int(str(count)) for count in row[2:])
    tally = Tally(answered=answered, missed=missed, voicemail=voicemail, turned_away=turned_away)
    return Slot(str(row[0]), int(str(row[1])), tally)


def _values(chosen: LogFilter) -> tuple[Value, ...]:
    period = chosen.period
    return (
        to_micros(period.since) if period else 0,
        to_micros(period.until) if period else LATEST,
        chosen.hotline_id,
        chosen.ending,
        chosen.language,
        chosen.volunteer_id,
        chosen.label,
    )


def _logged(row: Row) -> LoggedCall:
    return LoggedCall(
        call_uuid=CallUUID(str(row[0])),
        ref=CallRef(str(row[1])),
        hotline_id=HotlineId(str(row[2])),
        hotline_name=str(row[3]),
        caller_id=CallerId(str(row[4])),
        label=str(row[5]),
        repeat=bool(row[6]),
        language=_text(row[7]),
        stage=Stage(str(row[8])),
        ending=CallEnding(str(row[9])) if row[9] is not None else None,
        started_at=from_micros(int(str(row[10]))),
        waiting_since=from_micros(int(str(row[11]))),
        waited_until=_moment(row[12]),
        answered_at=_moment(row[13]),
        ended_at=_moment(row[14]),
        answered_by=VolunteerId(str(row[15])) if row[15] is not None else None,
        answered_by_name=_text(row[16]),
        outcome=_text(row[17]),
        hard=bool(row[18]),
        hangup_code=int(str(row[19])) if row[19] is not None else None,
    )


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
