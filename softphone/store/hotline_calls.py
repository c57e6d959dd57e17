"""Calls of hotlines: where each is, what was answered in each step, and the ladder of all that was asked and told.

Nothing here holds a telephone number: callers are pseudonyms, callees are kept by a keyed hash of their address, and
answers, which may name private phones, are sealed and go when the call has ended.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.callers import CallerId
from softphone.domain.hotline_calls import CallEnding, HotlineCall, Stage
from softphone.domain.ids import CallRef, CallUUID, ConnectionId, HotlineId, VolunteerId
from softphone.domain.routing import Last
from softphone.domain.secret import Secret
from softphone.store.database import Connection, Row, Value, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_SELECT = (
    "SELECT c.call_uuid, c.ref, c.connection_id, c.hotline_id, c.caller_id, c.caller_label, c.caller_repeat, c.state,"
    " c.step, c.language, c.menu_tries, c.waiting_since, c.round, c.last, c.reconnect_to, c.answered_by,"
    " c.answered_leg, c.answered_at, c.ended_at, c.ending, c.seconds, c.hangup_code, c.outcome, c.hard, c.started_at,"
    " c.heard_at FROM hotline_calls c"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderLine:
    """One line of a ladder: what Plivo asked or told, and our answer, in words and as its XML; no number is in any."""

    seq: int
    at: datetime
    asked: str
    told: dict[str, str]
    answered: str
    document: str | None


async def lock_routing(db: Connection) -> None:
    """One decision after the other, so that no two callers are given the same free volunteer."""
    if db.for_update:
        await db.fetch_one(f"SELECT value FROM counters WHERE name = 'routing' {db.for_update}")  # noqa: S608  # constant


async def insert_hotline_call(db: Connection, call: HotlineCall) -> None:
    """Add a call."""
    await db.execute(
        "INSERT INTO hotline_calls (call_uuid, ref, connection_id, hotline_id, caller_id, caller_label, caller_repeat,"
        " state, step, language, menu_tries, waiting_since, round, last, reconnect_to, answered_by,"
        " answered_leg, answered_at, ended_at, ending, seconds, hangup_code, outcome, hard, started_at, heard_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
        " $23, $24, $25, $26)",
        *_values(call),
    )


async def update_hotline_call(db: Connection, call: HotlineCall) -> None:
    """Write a call back, but for the note. The wait is over once the caller talks, may leave a message or has gone."""
    await db.execute(
        "UPDATE hotline_calls SET ref = $2, connection_id = $3, hotline_id = $4, caller_id = $5, "
        "caller_label = $6, caller_repeat = $7, state = $8, step = $9, language = $10, "
        "menu_tries = $11, waiting_since = $12, round = $13, last = $14, reconnect_to = $15, "
        "answered_by = $16, answered_leg = $17, answered_at = $18, ended_at = $19, ending = $20, "
        "seconds = $21, hangup_code = $22, outcome = $23, hard = $24, started_at = $25, "
        "heard_at = $26, waited_until = CASE WHEN $8 IN ('talking', 'message', 'ended')"
        " THEN COALESCE(waited_until, $26) END WHERE call_uuid = $1",
        *_values(call),
    )


async def select_hotline_call(db: Connection, call_uuid: CallUUID, *, lock: bool = True) -> HotlineCall | None:
    """A call by Plivo's id. `lock` holds it until the unit ends; a read must not."""
    row = await db.fetch_one(f"{_SELECT} WHERE c.call_uuid = $1 {db.for_update if lock else ''}", call_uuid)
    return _read(row) if row else None


async def select_hotline_call_by_ref(db: Connection, ref: CallRef, *, lock: bool = False) -> HotlineCall | None:
    """A call by what pages know it by. `lock` holds it until the unit ends."""
    row = await db.fetch_one(f"{_SELECT} WHERE c.ref = $1 {db.for_update if lock else ''}", ref)
    return _read(row) if row else None


async def select_open_calls(db: Connection) -> list[HotlineCall]:
    """Every call whose end is not known, the longest waiting first."""
    rows = await db.fetch_all(f"{_SELECT} WHERE c.ended_at IS NULL ORDER BY c.waiting_since, c.call_uuid")
    return [_read(row) for row in rows]


async def select_calls_answered_by(
    db: Connection, volunteer: VolunteerId, *, limit: int, offset: int
) -> list[HotlineCall]:
    """The calls that a volunteer has answered, newest first."""
    rows = await db.fetch_all(
        f"{_SELECT} WHERE c.answered_by = $1 ORDER BY c.started_at DESC, c.call_uuid LIMIT $2 OFFSET $3",
        volunteer,
        limit,
        offset,
    )
    return [_read(row) for row in rows]


async def count_calls_answered_by(db: Connection, volunteer: VolunteerId) -> int:
    """How many calls a volunteer has answered."""
    row = await db.fetch_one("SELECT count(*) FROM hotline_calls WHERE answered_by = $1", volunteer)
    return int(str(row[0])) if row else 0


async def select_spoke_before(
    db: Connection, caller: CallerId, hotline_id: HotlineId, *, since: datetime
) -> VolunteerId | None:
    """Whom a caller last spoke to on a hotline, if that ended after `since`."""
    row = await db.fetch_one(
        "SELECT answered_by FROM hotline_calls WHERE caller_id = $1 AND hotline_id = $2 AND answered_by IS NOT NULL"
        " AND ended_at > $3 ORDER BY ended_at DESC LIMIT 1",
        caller,
        hotline_id,
        to_micros(since),
    )
    return VolunteerId(str(row[0])) if row else None


async def upsert_answer(db: Connection, call_uuid: CallUUID, step: int, answer: bytes, *, keyring: Keyring) -> None:
    """Keep what was answered in a step."""
    await db.execute(
        "INSERT INTO hotline_answers (call_uuid, step, answer_sealed) VALUES ($1, $2, $3)"
        " ON CONFLICT (call_uuid, step) DO NOTHING",
        call_uuid,
        step,
        keyring.seal(Secret(answer.decode()), _answer_place(call_uuid, step)),
    )


async def select_answer(db: Connection, call_uuid: CallUUID, step: int, *, keyring: Keyring) -> bytes | None:
    """What was answered in a step; None before it, and when the call has ended."""
    row = await db.fetch_one(
        "SELECT answer_sealed FROM hotline_answers WHERE call_uuid = $1 AND step = $2", call_uuid, step
    )
    return keyring.open(str(row[0]), _answer_place(call_uuid, step)).reveal().encode() if row else None


async def delete_answers(db: Connection, call_uuid: CallUUID) -> None:
    """Forget what was answered."""
    await db.execute("DELETE FROM hotline_answers WHERE call_uuid = $1", call_uuid)


async def append_ladder(
    db: Connection,
    call_uuid: CallUUID,
    *,
    asked: str,
    told: dict[str, str],
    answered: str,
    now: datetime,
    document: str | None = None,
) -> None:
    """Add a line to a call's ladder. Neither `told` nor `answered` nor `document` may hold a number."""
    await db.execute(
        "INSERT INTO hotline_ladder (call_uuid, seq, at, asked, told, answered, document)"
        " SELECT $1, count(*) + 1, $2, $3, $4, $5, $6 FROM hotline_ladder WHERE call_uuid = $1",
        call_uuid,
        to_micros(now),
        asked,
        json.dumps(told, ensure_ascii=False, separators=(",", ":")),
        answered,
        document,
    )


async def select_ladder(db: Connection, call_uuid: CallUUID) -> list[LadderLine]:
    """A call's ladder, from the first question on."""
    rows = await db.fetch_all(
        "SELECT seq, at, asked, told, answered, document FROM hotline_ladder WHERE call_uuid = $1 ORDER BY seq",
        call_uuid,
    )
    return [
        LadderLine(
            seq=int(str(row[0])),
            at=from_micros(int(str(row[1]))),
            asked=str(row[2]),
            told=json.loads(str(row[3])),
            answered=str(row[4]),
            document=_text(row[5]),
        )
        for row in rows
    ]


async def update_note(db: Connection, call: HotlineCall, note: Secret | None, *, keyring: Keyring) -> None:
    """Write a volunteer's note on a call, or take it away."""
    await db.execute(
        "UPDATE hotline_calls SET note_sealed = $2 WHERE call_uuid = $1",
        call.call_uuid,
        keyring.seal(note, _note_place(call.call_uuid)) if note else None,
    )


async def select_note(db: Connection, call_uuid: CallUUID, *, keyring: Keyring) -> Secret | None:
    """A volunteer's note on a call."""
    row = await db.fetch_one("SELECT note_sealed FROM hotline_calls WHERE call_uuid = $1", call_uuid)
    return keyring.open(str(row[0]), _note_place(call_uuid)) if row and row[0] is not None else None


def _answer_place(call_uuid: CallUUID, step: int) -> Place:
    return Place("hotline_answers", "answer", f"{call_uuid}/{step}")


def _note_place(call_uuid: CallUUID) -> Place:
    return Place("hotline_calls", "note", call_uuid)


def _values(call: HotlineCall) -> tuple[Value, ...]:
    return (
        call.call_uuid,
        call.ref,
        call.connection_id,
        call.hotline_id,
        call.caller_id,
        call.caller_label,
        call.caller_repeat,
        call.stage.value,
        call.step,
        call.language,
        call.menu_tries,
        to_micros(call.waiting_since),
        call.round,
        call.last.value,
        call.reconnect_to,
        call.answered_by,
        call.answered_leg,
        _micros(call.answered_at),
        _micros(call.ended_at),
        call.ending.value if call.ending else None,
        call.seconds,
        call.hangup_code,
        call.outcome,
        call.hard,
        to_micros(call.started_at),
        to_micros(call.heard_at),
    )


def _read(row: Row) -> HotlineCall:
    return HotlineCall(
        call_uuid=CallUUID(str(row[0])),
        ref=CallRef(str(row[1])),
        connection_id=ConnectionId(str(row[2])),
        hotline_id=HotlineId(str(row[3])),
        caller_id=CallerId(str(row[4])),
        caller_label=str(row[5]),
        caller_repeat=bool(row[6]),
        stage=Stage(str(row[7])),
        step=int(str(row[8])),
        language=_text(row[9]),
        menu_tries=int(str(row[10])),
        waiting_since=from_micros(int(str(row[11]))),
        round=int(str(row[12])),
        last=Last(str(row[13])),
        reconnect_to=VolunteerId(str(row[14])) if row[14] is not None else None,
        answered_by=VolunteerId(str(row[15])) if row[15] is not None else None,
        answered_leg=_text(row[16]),
        answered_at=_moment(row[17]),
        ended_at=_moment(row[18]),
        ending=CallEnding(str(row[19])) if row[19] is not None else None,
        seconds=_number(row[20]),
        hangup_code=_number(row[21]),
        outcome=_text(row[22]),
        hard=bool(row[23]),
        started_at=from_micros(int(str(row[24]))),
        heard_at=from_micros(int(str(row[25]))),
    )


def _micros(moment: datetime | None) -> int | None:
    return to_micros(moment) if moment is not None else None


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None else None


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
