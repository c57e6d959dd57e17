"""What was removed because its time was over, run by run. Runs that removed nothing leave one row: the last."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from softphone.store.database import Connection, from_micros, to_micros

NOTHING = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeRun:
    """A run, and how many of each kind it removed."""

    at: datetime
    removed: Mapping[str, int]


async def insert_run(db: Connection, run: PurgeRun) -> None:
    """Write a run down."""
    await db.execute("DELETE FROM purge_runs WHERE removed = $1", NOTHING)
    await db.execute(
        "INSERT INTO purge_runs (at, removed) VALUES ($1, $2) ON CONFLICT (at) DO NOTHING",
        to_micros(run.at),
        json.dumps(run.removed, sort_keys=True),
    )


async def select_runs(db: Connection, *, limit: int) -> list[PurgeRun]:
    """Runs, newest first."""
    rows = await db.fetch_all("SELECT at, removed FROM purge_runs ORDER BY at DESC LIMIT $1", limit)
    return [PurgeRun(at=from_micros(int(str(row[0]))), removed=json.loads(str(row[1]))) for row in rows]


async def delete_runs_before(db: Connection, moment: datetime) -> int:
    """Forget old runs; how many."""
    return await db.execute("DELETE FROM purge_runs WHERE at < $1", to_micros(moment))
