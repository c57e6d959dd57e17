"""Callers under their pseudonyms, and the keys that those are made with.

Both are sealed or hashed before they get here. What a destroyed key's callers leave behind is an id that nobody can
compute again. SQLite overwrites what is deleted (`secure_delete`); PostgreSQL keeps dead rows until its next vacuum.
"""

import base64
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.callers import CallerId, PseudonymKey
from softphone.domain.secret import Secret
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRow:
    """What is kept of a caller. `first_call_uuid` is empty where they came over from an older key."""

    id: CallerId
    key_number: int
    language: str | None
    first_call_uuid: str


async def select_keys(db: Connection, *, keyring: Keyring) -> list[PseudonymKey]:
    """The keys that are kept, the one in force first."""
    rows = await db.fetch_all("SELECT number, key_sealed, made_at FROM pseudonym_keys ORDER BY number DESC")
    return [_key(row, keyring=keyring) for row in rows]


async def insert_key(db: Connection, key: PseudonymKey, *, keyring: Keyring) -> None:
    """Add a key. Nothing happens if another process was quicker: its key is in force then."""
    text = Secret(base64.b64encode(key.key).decode())
    await db.fetch_all(
        "INSERT INTO pseudonym_keys (number, key_sealed, made_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (number) DO NOTHING RETURNING number",
        key.number,
        keyring.seal(text, Place("pseudonym_keys", "key", str(key.number))),
        to_micros(key.made_at),
    )


async def delete_spent_keys(db: Connection, *, made_before: datetime) -> int:
    """Destroy each key that had a successor already at this moment, with its callers and their blocks; how many keys.

    A key is superseded when the next one is made, so it is the successor's age that counts.
    """
    row = await db.fetch_one("SELECT max(number) FROM pseudonym_keys WHERE made_at < $1", to_micros(made_before))
    if row is None or row[0] is None:
        return 0
    successor = int(str(row[0]))
    await db.execute(
        "DELETE FROM blocks WHERE caller_id IN (SELECT id FROM callers WHERE key_number < $1)",
        successor,
    )
    await db.execute("DELETE FROM callers WHERE key_number < $1", successor)
    return await db.execute("DELETE FROM pseudonym_keys WHERE number < $1", successor)


async def select_caller(db: Connection, caller: CallerId) -> CallerRow | None:
    """A caller by their id."""
    row = await db.fetch_one("SELECT id, key_number, language, first_call_uuid FROM callers WHERE id = $1 ", caller)
    return _caller(row) if row else None


async def upsert_caller(
    db: Connection, caller: CallerRow, *, masked: str, keyring: Keyring, now: datetime
) -> CallerRow:
    """Add a caller, or note that they called again; what is kept of them then. Their row is locked until the unit ends,
    so that two calls of one caller are counted one after the other.
    """
    row = await db.fetch_one(
        "INSERT INTO callers (id, key_number, masked_sealed, language, first_call_uuid, seen_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
        " RETURNING id, key_number, language, first_call_uuid",
        caller.id,
        caller.key_number,
        keyring.seal(Secret(masked), _masked_place(caller.id)),
        caller.language,
        caller.first_call_uuid,
        to_micros(now),
    )
    return _caller(row) if row else caller


async def update_language(db: Connection, caller: CallerId, language: str, *, now: datetime) -> None:
    """Keep what a caller chose."""
    await db.execute("UPDATE callers SET language = $2, seen_at = $3 WHERE id = $1", caller, language, to_micros(now))


async def select_masked(db: Connection, caller: CallerId, *, keyring: Keyring) -> str | None:
    """The masked number of a caller; None if nothing is kept of them."""
    row = await db.fetch_one("SELECT masked_sealed FROM callers WHERE id = $1", caller)
    return keyring.open(str(row[0]), _masked_place(caller)).reveal() if row else None


async def delete_caller(db: Connection, caller: CallerId) -> int:
    """Forget a caller and their blocks; how many rows that were."""
    blocks = await db.execute("DELETE FROM blocks WHERE caller_id = $1", caller)
    admissions = await db.execute("DELETE FROM admissions WHERE caller_id = $1", caller)
    return blocks + admissions + await db.execute("DELETE FROM callers WHERE id = $1", caller)


def _key(row: Row, *, keyring: Keyring) -> PseudonymKey:
    number = int(str(row[0]))
    text = keyring.open(str(row[1]), Place("pseudonym_keys", "key", str(number)))
    return PseudonymKey(number=number, key=base64.b64decode(text.reveal()), made_at=from_micros(int(str(row[2]))))


def _caller(row: Row) -> CallerRow:
    return CallerRow(
        id=CallerId(str(row[0])),
        key_number=int(str(row[1])),
        language=str(row[2]) if row[2] is not None else None,
        first_call_uuid=str(row[3]),
    )


def _masked_place(caller: CallerId) -> Place:
    return Place("callers", "masked", caller)
