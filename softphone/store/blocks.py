"""Blocked callers, by pseudonym and hotline."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.admission import BlockReason
from softphone.domain.callers import CallerId
from softphone.store.database import Connection, Row, from_micros, to_micros

_SELECT = (
    "SELECT b.id, b.hotline_id, b.caller_id, b.reason, b.made_by, v.name, b.made_at, b.until, b.lifted_at"
    " FROM blocks b LEFT JOIN volunteers v ON v.id = b.made_by"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Who may not call which hotline, until when, why, and who said so. `lifted_at` ends it early."""

    id: str
    hotline_id: str
    caller: CallerId
    reason: BlockReason
    made_by: str | None
    made_by_name: str | None
    made_at: datetime
    until: datetime
    lifted_at: datetime | None


async def select_blocked_until(db: Connection, caller: CallerId, *, hotline_id: str) -> datetime | None:
    """The latest end of a caller's blocks; None if they have none."""
    row = await db.fetch_one(
        "SELECT max(until) FROM blocks WHERE caller_id = $1 AND hotline_id = $2 AND lifted_at IS NULL",
        caller,
        hotline_id,
    )
    return from_micros(int(str(row[0]))) if row and row[0] is not None else None


async def insert_block(db: Connection, block: Block) -> None:
    """Add a block."""
    await db.execute(
        "INSERT INTO blocks (id, hotline_id, caller_id, reason, made_by, made_at, until, lifted_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        block.id,
        block.hotline_id,
        block.caller,
        block.reason.value,
        block.made_by,
        to_micros(block.made_at),
        to_micros(block.until),
        to_micros(block.lifted_at) if block.lifted_at else None,
    )


async def select_block(db: Connection, block_id: str) -> Block | None:
    """A block by its id, locked until the unit ends."""
    if db.for_update:
        await db.fetch_one(f"SELECT id FROM blocks WHERE id = $1 {db.for_update}", block_id)  # noqa: S608  # constant
    row = await db.fetch_one(f"{_SELECT} WHERE b.id = $1", block_id)
    return _block(row) if row else None


async def select_active_blocks(db: Connection, caller: CallerId, *, now: datetime) -> list[Block]:
    """What is in force against a caller, at every hotline."""
    rows = await db.fetch_all(
        f"{_SELECT} WHERE b.caller_id = $1 AND b.until > $2 AND b.lifted_at IS NULL", caller, to_micros(now)
    )
    return [_block(row) for row in rows]


async def select_blocks(db: Connection, *, limit: int, offset: int) -> list[Block]:
    """Every block that is remembered, newest first."""
    rows = await db.fetch_all(f"{_SELECT} ORDER BY b.made_at DESC, b.id LIMIT $1 OFFSET $2", limit, offset)
    return [_block(row) for row in rows]


async def count_blocks(db: Connection) -> int:
    """How many there are."""
    row = await db.fetch_one("SELECT count(*) FROM blocks")
    return int(str(row[0])) if row else 0


async def update_block(db: Connection, block_id: str, *, until: datetime, lifted_at: datetime | None) -> None:
    """Write a block's end."""
    await db.execute(
        "UPDATE blocks SET until = $2, lifted_at = $3 WHERE id = $1",
        block_id,
        to_micros(until),
        to_micros(lifted_at) if lifted_at else None,
    )


async def delete_blocks_before(db: Connection, moment: datetime, *, limit: int) -> int:
    """Forget blocks that ended before a moment; how many."""
    return await db.execute(
        "DELETE FROM blocks WHERE id IN (SELECT id FROM blocks WHERE until < $1 LIMIT $2)", to_micros(moment), limit
    )


def _block(row: Row) -> Block:
    return Block(
        id=str(row[0]),
        hotline_id=str(row[1]),
        caller=CallerId(str(row[2])),
        reason=BlockReason(str(row[3])),
        made_by=str(row[4]) if row[4] is not None else None,
        made_by_name=str(row[5]) if row[5] is not None else None,
        made_at=from_micros(int(str(row[6]))),
        until=from_micros(int(str(row[7]))),
        lifted_at=from_micros(int(str(row[8]))) if row[8] is not None else None,
    )
