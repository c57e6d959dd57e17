"""Calls and what was told about them. Numbers are kept as a keyed hash and a masked tail, never in clear."""

import json
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.calls import Call, CallState, Fact, FactKind, Outcome, Party, PeerKind, Progress
from softphone.domain.ids import CallUUID, ConnectionId, EndpointId, VolunteerId
from softphone.domain.refusals import Refusal
from softphone.domain.secret import Secret
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_SELECT = (
    "SELECT c.call_uuid, c.peer_kind, c.peer_masked, c.page_ref, c.state, c.refusal, c.started_at, c.answered_at,"
    " c.ended_at, c.seconds, c.hangup_code, c.hangup_cause, c.hangup_source, c.outcome,"
    " v.id, v.name, v.extension, v.languages, p.id, p.name, p.extension, p.languages"
    " FROM calls c LEFT JOIN volunteers v ON v.id = c.volunteer_id LEFT JOIN volunteers p ON p.id = c.peer_volunteer_id"
)
_OWN = "(c.volunteer_id = $1 OR (c.peer_volunteer_id = $1 AND c.state <> 'refused'))"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """What is written of a call when it is first asked about, beside the call itself."""

    connection_id: ConnectionId
    endpoint_id: EndpointId | None
    peer_hash: str | None
    answer: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is there already under a call's id."""

    state: CallState | None
    answer: bytes | None
    asked_at: datetime | None
    facts: int


async def select_known(db: Connection, call_uuid: CallUUID, *, keyring: Keyring) -> Known:
    """Whether a call was asked about before, what we answered, and how many facts came ahead of it."""
    row = await db.fetch_one(
        "SELECT (SELECT state FROM calls WHERE call_uuid = $1), (SELECT answer_sealed FROM calls WHERE call_uuid = $1),"
        " (SELECT started_at FROM calls WHERE call_uuid = $1), (SELECT count(*) FROM call_events WHERE call_uuid = $1)",
        call_uuid,
    )
    state, sealed, asked_at, facts = row if row is not None else (None, None, None, 0)
    return Known(
        state=CallState(str(state)) if state is not None else None,
        answer=keyring.open(str(sealed), _place(call_uuid)).reveal().encode() if sealed is not None else None,
        asked_at=_moment(asked_at),
        facts=int(str(facts)),
    )


async def insert_call(db: Connection, call: Call, new: NewCall, *, keyring: Keyring) -> None:
    """Add a call. The answer is kept, sealed, for as long as Plivo may ask for it again: until the call has ended."""
    over = call.progress.ended_at is not None
    sealed = None if over else keyring.seal(Secret(new.answer.decode()), _place(CallUUID(call.id)))
    progress = call.progress
    db.put(
        "INSERT INTO calls (call_uuid, connection_id, kind, volunteer_id, endpoint_id, peer_kind, peer_volunteer_id,"
        " peer_hash, peer_masked, page_ref, answer_sealed, state, refusal, started_at, answered_at, ended_at, seconds,"
        " hangup_code, hangup_cause, hangup_source, outcome) VALUES"
        " ($1, $2, 'direct', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        call.id,
        new.connection_id,
        call.caller.id if call.caller else None,
        new.endpoint_id,
        call.peer_kind.value,
        call.peer.id if call.peer else None,
        new.peer_hash,
        call.masked,
        call.page_ref,
        sealed,
        progress.state.value,
        call.refusal.value if call.refusal else None,
        to_micros(call.started_at),
        _micros(progress.answered_at),
        _micros(progress.ended_at),
        progress.seconds,
        progress.hangup_code,
        progress.hangup_cause,
        progress.hangup_source,
        progress.outcome.value if progress.outcome else None,
    )


async def update_progress(db: Connection, call_uuid: CallUUID, progress: Progress) -> None:
    """Write how far a call has come. The kept answer goes when the call has ended."""
    await db.fetch_all(
        "UPDATE calls SET state = $2, answered_at = $3, ended_at = $4, seconds = $5, hangup_code = $6,"
        " hangup_cause = $7, hangup_source = $8, outcome = $9,"
        " answer_sealed = CASE WHEN $2 = 'ended' THEN NULL ELSE answer_sealed END"
        " WHERE call_uuid = $1 RETURNING call_uuid",
        call_uuid,
        progress.state.value,
        _micros(progress.answered_at),
        _micros(progress.ended_at),
        progress.seconds,
        progress.hangup_code,
        progress.hangup_cause,
        progress.hangup_source,
        progress.outcome.value if progress.outcome else None,
    )


async def insert_fact(db: Connection, call_uuid: CallUUID, fact: Fact) -> bool:
    """Keep what a callback told; False if it was told before."""
    detail = {
        "word": fact.word,
        "joined": fact.joined,
        "seconds": fact.seconds,
        "code": fact.code,
        "cause": fact.cause,
        "source": fact.source,
    }
    row = await db.fetch_one(
        "INSERT INTO call_events (call_uuid, kind, key, detail, received_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (call_uuid, kind, key) DO NOTHING RETURNING kind",
        call_uuid,
        fact.kind.value,
        fact.key,
        json.dumps(detail, separators=(",", ":")),
        to_micros(fact.at),
    )
    return row is not None


async def select_facts(db: Connection, call_uuid: CallUUID) -> list[Fact]:
    """Everything that callbacks have told about a call."""
    rows = await db.fetch_all("SELECT kind, key, detail, received_at FROM call_events WHERE call_uuid = $1", call_uuid)
    return [_fact(row) for row in rows]


async def select_call(db: Connection, call_uuid: CallUUID) -> Call | None:
    """A call by Plivo's id."""
    # The row lock, where there are any, keeps two callbacks of one call from folding without each other's fact.
    if db.for_update:
        await db.fetch_one(f"SELECT call_uuid FROM calls WHERE call_uuid = $1 {db.for_update}", call_uuid)  # noqa: S608  # constant
    row = await db.fetch_one(f"{_SELECT} WHERE c.call_uuid = $1", call_uuid)
    return _call(row) if row else None


async def select_calls_of(db: Connection, volunteer: VolunteerId, *, limit: int, offset: int) -> list[Call]:
    """A volunteer's calls, made and received, newest first."""
    rows = await db.fetch_all(
        f"{_SELECT} WHERE {_OWN} ORDER BY c.started_at DESC, c.call_uuid LIMIT $2 OFFSET $3", volunteer, limit, offset
    )
    return [_call(row) for row in rows]


async def count_calls_of(db: Connection, volunteer: VolunteerId) -> int:
    """How many calls a volunteer has made and received."""
    row = await db.fetch_one(f"SELECT count(*) FROM calls c WHERE {_OWN}", volunteer)  # noqa: S608  # constant
    return int(str(row[0])) if row else 0


async def select_calls(db: Connection, *, limit: int, offset: int) -> list[Call]:
    """Every call, newest first."""
    rows = await db.fetch_all(f"{_SELECT} ORDER BY c.started_at DESC, c.call_uuid LIMIT $1 OFFSET $2", limit, offset)
    return [_call(row) for row in rows]


async def count_calls(db: Connection) -> int:
    """How many calls there are."""
    row = await db.fetch_one("SELECT count(*) FROM calls")
    return int(str(row[0])) if row else 0


async def delete_calls_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget calls that began before a moment, and all that was told about them; how many calls."""
    old = "SELECT call_uuid FROM calls WHERE started_at < $1 ORDER BY started_at, call_uuid LIMIT $2"
    micros = to_micros(moment)
    await db.execute(f"DELETE FROM call_events WHERE call_uuid IN ({old})", micros, limit)  # noqa: S608  # constant
    return await db.execute(f"DELETE FROM calls WHERE call_uuid IN ({old})", micros, limit)  # noqa: S608  # constant


async def delete_facts_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget what was told before a moment; how many callbacks. The calls themselves keep what it came to."""
    return await db.execute(
        "DELETE FROM call_events WHERE received_at < $1 AND call_uuid IN"
        " (SELECT call_uuid FROM call_events WHERE received_at < $1 LIMIT $2)",
        to_micros(moment),
        limit,
    )


def _call(row: Row) -> Call:
    return Call(
        id=str(row[0]),
        caller=_party(row[14:18]),
        peer_kind=PeerKind(str(row[1])),
        peer=_party(row[18:22]),
        masked=_text(row[2]),
        page_ref=_text(row[3]),
        refusal=Refusal(str(row[5])) if row[5] is not None else None,
        started_at=from_micros(int(str(row[6]))),
        progress=Progress(
            state=CallState(str(row[4])),
            outcome=Outcome(str(row[13])) if row[13] is not None else None,
            answered_at=_moment(row[7]),
            ended_at=_moment(row[8]),
            seconds=_number(row[9]),
            hangup_code=_number(row[10]),
            hangup_cause=_text(row[11]),
            hangup_source=_text(row[12]),
        ),
    )


def _party(columns: Row) -> Party | None:
    if columns[0] is None:
        return None
    languages = tuple(str(columns[3]).split())
    return Party(id=str(columns[0]), name=str(columns[1]), extension=str(columns[2]), languages=languages)


def _fact(row: Row) -> Fact:
    detail = json.loads(str(row[2]))
    return Fact(kind=FactKind(str(row[0])), key=str(row[1]), at=from_micros(int(str(row[3]))), **detail)


def _place(call_uuid: CallUUID) -> Place:
    return Place("calls", "answer", call_uuid)


def _micros(moment: datetime | None) -> int | None:
    return to_micros(moment) if moment is not None else None


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None


def _number(value: object) -> int | None:
    return int(str(value)) if value is not None else None


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
