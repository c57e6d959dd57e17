"""The audit log: append-only, each row carrying the hash of the one before (threat model, TM-D8)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.store.database import Connection, from_micros, to_micros

FIRST_HASH = "0" * 64
MOST_ROWS = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it: a signed-in person, or a part of the system (`id` None)."""

    id: VolunteerId | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that somebody did. `detail` never holds a secret, a token or a caller's number."""

    seq: int
    at: datetime
    actor: Actor
    action: str
    subject: str
    detail: Mapping[str, object]
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What is to be written: `action` is `noun.verb`, such as `connection.token_changed`; `subject` names the thing."""

    actor: Actor
    action: str
    subject: str
    detail: Mapping[str, object]


async def append_audit(connection: Connection, entry: AuditEntry, *, now: datetime) -> int:
    """Write an entry in the same unit as the change it tells of. Returns its number."""
    row = await connection.fetch_one("UPDATE counters SET value = value + 1 WHERE name = 'audit' RETURNING value")
    seq = int(str(row[0])) if row else 0
    last = await connection.fetch_one("SELECT hash FROM audit WHERE seq = $1", seq - 1)
    previous = str(last[0]) if last else (await _start(connection))[1]
    detail = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    micros = to_micros(now)
    connection.put(
        "INSERT INTO audit (seq, at, actor_id, actor_name, action, subject, detail, previous_hash, hash)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        seq,
        micros,
        entry.actor.id,
        entry.actor.name,
        entry.action,
        entry.subject,
        detail,
        previous,
        _hash(previous, (seq, micros, entry.actor.id, entry.actor.name, entry.action, entry.subject, detail)),
    )
    return seq


async def select_audit(connection: Connection, *, limit: int, offset: int) -> list[AuditRow]:
    """Rows of the log, newest first."""
    rows = await connection.fetch_all(
        "SELECT seq, at, actor_id, actor_name, action, subject, detail, previous_hash, hash"
        " FROM audit ORDER BY seq DESC LIMIT $1 OFFSET $2",
        limit,
        offset,
    )
    return [
        AuditRow(
            seq=int(str(r[0])),
            at=from_micros(int(str(r[1]))),
            actor=Actor(id=VolunteerId(str(r[2])) if r[2] is not None else None, name=str(r[3])),
            action=str(r[4]),
            subject=str(r[5]),
            detail=json.loads(str(r[6])),
            previous_hash=str(r[7]),
            hash=str(r[8]),
        )
        for r in rows
    ]


async def count_audit(connection: Connection) -> int:
    """How many rows the log has."""
    row = await connection.fetch_one("SELECT count(*) FROM audit")
    return int(str(row[0])) if row else 0


async def verify_audit(connection: Connection) -> tuple[int, int | None]:
    """How many rows hold together from the first on, and the number of the first that does not, if any.

    A row that is missing at the end shows, because the counter knows how many there were (threat model, TM-D8). Rows
    whose time is over are gone, and the chain goes on from the last of them; they count as holding.
    """
    verified, previous = await _start(connection)
    while rows := await connection.fetch_all(
        "SELECT seq, at, actor_id, actor_name, action, subject, detail, previous_hash, hash"
        " FROM audit WHERE seq > $1 ORDER BY seq LIMIT 500",
        verified,
    ):
        for row in rows:
            seq, fields, recorded = int(str(row[0])), tuple(row[:7]), str(row[8])
            unbroken = hmac.compare_digest(str(row[7]), previous)
            if seq != verified + 1 or not unbroken or not hmac.compare_digest(recorded, _hash(previous, fields)):
                return verified, verified + 1
            previous, verified = recorded, seq
    counted = await connection.fetch_one("SELECT value FROM counters WHERE name = 'audit'")
    whole = counted is not None and int(str(counted[0])) == verified
    return verified, None if whole else verified + 1


async def delete_audit_before(connection: Connection, moment: datetime, *, limit: int) -> int:
    """Forget the oldest rows, from before a moment; how many. The chain's new beginning is written down."""
    row = await connection.fetch_one(
        "SELECT max(seq) FROM (SELECT seq FROM audit WHERE seq <"
        " (SELECT COALESCE(min(seq), $3) FROM audit WHERE at >= $1) ORDER BY seq LIMIT $2) AS old",
        to_micros(moment),
        limit,
        MOST_ROWS,
    )
    if row is None or row[0] is None:
        return 0
    last = int(str(row[0]))
    await connection.execute(
        "INSERT INTO audit_starts (id, seq, hash) SELECT 'audit', seq, hash FROM audit WHERE seq = $1"
        " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        last,
    )
    return await connection.execute("DELETE FROM audit WHERE seq <= $1", last)


async def _start(connection: Connection) -> tuple[int, str]:
    row = await connection.fetch_one("SELECT seq, hash FROM audit_starts WHERE id = 'audit'")
    return (int(str(row[0])), str(row[1])) if row else (0, FIRST_HASH)


def _hash(previous: str, fields: tuple[object, ...]) -> str:
    text = json.dumps([previous, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
