"""The first-run code in the database: one row, used once, never removed."""

from datetime import datetime

from softphone.store.database import Connection, to_micros

ONLY = "setup"


async def upsert_setup_code(connection: Connection, code_hash: str, *, now: datetime) -> bool:
    """Write the hash of a new code, in place of an older one. False once set-up is over."""
    changed = await connection.execute(
        "INSERT INTO setup (id, code_hash, created_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash, created_at = excluded.created_at"
        " WHERE setup.used_at IS NULL",
        ONLY,
        code_hash,
        to_micros(now),
    )
    return changed == 1


async def select_setup_code(connection: Connection) -> str | None:
    """The hash of the code, while set-up is open."""
    row = await connection.fetch_one("SELECT code_hash FROM setup WHERE id = $1 AND used_at IS NULL", ONLY)
    return str(row[0]) if row else None


async def update_setup_used(connection: Connection, code_hash: str, *, now: datetime) -> bool:
    """Close set-up for ever. False if it was closed, or the code is another by now."""
    changed = await connection.execute(
        "UPDATE setup SET used_at = $1 WHERE id = $2 AND code_hash = $3 AND used_at IS NULL",
        to_micros(now),
        ONLY,
        code_hash,
    )
    return changed == 1


async def close_setup(connection: Connection, *, now: datetime) -> None:
    """Close set-up for ever, whether or not a code was made: an administrator came another way."""
    await connection.execute(
        "INSERT INTO setup (id, code_hash, created_at, used_at) VALUES ($1, '', $2, $2)"
        " ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at WHERE setup.used_at IS NULL",
        ONLY,
        to_micros(now),
    )
