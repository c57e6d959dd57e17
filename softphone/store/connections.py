"""Connections in the database. Auth Tokens are sealed before they get here and opened after they leave."""

import json
from collections.abc import Sequence
from datetime import datetime

from softphone.domain.connections import Connection, TokenSource
from softphone.domain.ids import AuthId, ConnectionId, PhoneNumber
from softphone.domain.secret import Secret
from softphone.store.database import Connection as Db
from softphone.store.database import Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_COLUMNS = (
    "id, name, is_default, auth_id, auth_token_sealed, previous_auth_token_sealed, previous_until, main_auth_id,"
    " main_auth_token_sealed, country, token_source, settled_source, token_lifetime_seconds, application_id,"
    " webrtc_enabled, allowed_countries, caller_id, created_at, updated_at"
)


async def select_connection(
    db: Db, connection_id: ConnectionId, *, keyring: Keyring, lock: bool = False
) -> Connection | None:
    """A connection by its id. `lock` holds the row until the unit ends."""
    row = await db.fetch_one(
        f"SELECT {_COLUMNS} FROM connections WHERE id = $1 {db.for_update if lock else ''}",  # noqa: S608  # constants
        connection_id,
    )
    return await _read(db, row, keyring=keyring) if row else None


async def select_default_connection(db: Db, *, keyring: Keyring) -> Connection | None:
    """The one default connection; None before the first is made."""
    row = await db.fetch_one(f"SELECT {_COLUMNS} FROM connections WHERE is_default")  # noqa: S608  # constant
    return await _read(db, row, keyring=keyring) if row else None


async def select_connections(db: Db, *, keyring: Keyring, limit: int, offset: int) -> list[Connection]:
    """Connections, the default first, then oldest first."""
    rows = await db.fetch_all(
        f"SELECT {_COLUMNS} FROM connections"  # noqa: S608  # constant
        " ORDER BY is_default DESC, created_at, id LIMIT $1 OFFSET $2",
        limit,
        offset,
    )
    return [await _read(db, row, keyring=keyring) for row in rows]


async def count_connections(db: Db) -> int:
    """How many connections there are."""
    row = await db.fetch_one("SELECT count(*) FROM connections")
    return int(str(row[0])) if row else 0


async def insert_connection(db: Db, connection: Connection, *, keyring: Keyring) -> None:
    """Add a connection with its numbers."""
    await db.execute(
        f"INSERT INTO connections ({_COLUMNS}) VALUES"  # noqa: S608  # constant
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        connection.id,
        connection.name,
        connection.is_default,
        connection.auth_id,
        keyring.seal(connection.auth_token, _place("auth_token", connection.id)),
        _seal(connection.previous_auth_token, "previous_auth_token", connection.id, keyring=keyring),
        to_micros(connection.previous_until) if connection.previous_until else None,
        connection.main_auth_id,
        _seal(connection.main_auth_token, "main_auth_token", connection.id, keyring=keyring),
        connection.country,
        connection.token_source,
        connection.settled_source,
        connection.token_lifetime_seconds,
        connection.application_id,
        connection.webrtc_enabled,
        json.dumps(connection.allowed_countries),
        connection.caller_id,
        to_micros(connection.created_at),
        to_micros(connection.updated_at),
    )
    await _insert_numbers(db, connection.id, connection.numbers)


async def update_connection(db: Db, connection: Connection, *, keyring: Keyring) -> None:
    """Write a changed connection back, numbers included. `is_default` and the WebRTC switch have their own doors."""
    await db.execute(
        "UPDATE connections SET name = $2, auth_id = $3, auth_token_sealed = $4, previous_auth_token_sealed = $5,"
        " previous_until = $6, main_auth_id = $7, main_auth_token_sealed = $8, country = $9, token_source = $10,"
        " settled_source = $11, token_lifetime_seconds = $12, application_id = $13, allowed_countries = $14,"
        " caller_id = $15, updated_at = $16 WHERE id = $1",
        connection.id,
        connection.name,
        connection.auth_id,
        keyring.seal(connection.auth_token, _place("auth_token", connection.id)),
        _seal(connection.previous_auth_token, "previous_auth_token", connection.id, keyring=keyring),
        to_micros(connection.previous_until) if connection.previous_until else None,
        connection.main_auth_id,
        _seal(connection.main_auth_token, "main_auth_token", connection.id, keyring=keyring),
        connection.country,
        connection.token_source,
        connection.settled_source,
        connection.token_lifetime_seconds,
        connection.application_id,
        json.dumps(connection.allowed_countries),
        connection.caller_id,
        to_micros(connection.updated_at),
    )
    await db.execute("DELETE FROM connection_numbers WHERE connection_id = $1", connection.id)
    await _insert_numbers(db, connection.id, connection.numbers)


async def update_webrtc_enabled(db: Db, connection_id: ConnectionId, *, enabled: bool, now: datetime) -> bool:
    """Switch WebRTC on or off for a connection; whether that changed anything."""
    changed = await db.execute(
        "UPDATE connections SET webrtc_enabled = $2, updated_at = $3 WHERE id = $1 AND webrtc_enabled <> $2",
        connection_id,
        enabled,
        to_micros(now),
    )
    return changed == 1


async def select_webrtc_enabled(db: Db, connection_id: ConnectionId) -> bool:
    """Whether WebRTC is on for a connection at this moment."""
    row = await db.fetch_one("SELECT webrtc_enabled FROM connections WHERE id = $1", connection_id)
    return row is not None and bool(row[0])


async def update_settled_source(db: Db, connection_id: ConnectionId, settled: TokenSource) -> bool:
    """Remember what `auto` has learned; whether that was news."""
    changed = await db.execute(
        "UPDATE connections SET settled_source = $2 WHERE id = $1 AND settled_source <> $2", connection_id, settled
    )
    return changed == 1


async def update_application_id(db: Db, connection_id: ConnectionId, application_id: str, *, now: datetime) -> None:
    """Remember our application at Plivo."""
    await db.execute(
        "UPDATE connections SET application_id = $2, updated_at = $3 WHERE id = $1",
        connection_id,
        application_id,
        to_micros(now),
    )


async def _insert_numbers(db: Db, connection_id: ConnectionId, numbers: Sequence[PhoneNumber]) -> None:
    for number in dict.fromkeys(numbers):
        await db.execute(
            "INSERT INTO connection_numbers (connection_id, number) VALUES ($1, $2)", connection_id, number
        )


async def _read(db: Db, row: Row, *, keyring: Keyring) -> Connection:
    connection_id = ConnectionId(str(row[0]))
    numbers = await db.fetch_all(
        "SELECT number FROM connection_numbers WHERE connection_id = $1 ORDER BY number", connection_id
    )
    return Connection(
        id=connection_id,
        name=str(row[1]),
        is_default=bool(row[2]),
        auth_id=AuthId(str(row[3])),
        auth_token=keyring.open(str(row[4]), _place("auth_token", connection_id)),
        previous_auth_token=_open(row[5], "previous_auth_token", connection_id, keyring=keyring),
        previous_until=from_micros(int(str(row[6]))) if row[6] is not None else None,
        main_auth_id=AuthId(str(row[7])) if row[7] is not None else None,
        main_auth_token=_open(row[8], "main_auth_token", connection_id, keyring=keyring),
        country=str(row[9]),
        token_source=TokenSource(str(row[10])),
        settled_source=TokenSource(str(row[11])),
        token_lifetime_seconds=int(str(row[12])),
        application_id=str(row[13]) if row[13] is not None else None,
        webrtc_enabled=bool(row[14]),
        allowed_countries=tuple(json.loads(str(row[15]))),
        numbers=tuple(PhoneNumber(str(number[0])) for number in numbers),
        caller_id=PhoneNumber(str(row[16])) if row[16] is not None else None,
        created_at=from_micros(int(str(row[17]))),
        updated_at=from_micros(int(str(row[18]))),
    )


def _place(column: str, connection_id: ConnectionId) -> Place:
    return Place("connections", column, connection_id)


def _seal(secret: Secret | None, column: str, connection_id: ConnectionId, *, keyring: Keyring) -> str | None:
    return keyring.seal(secret, _place(column, connection_id)) if secret else None


def _open(sealed: object, column: str, connection_id: ConnectionId, *, keyring: Keyring) -> Secret | None:
    return keyring.open(str(sealed), _place(column, connection_id)) if sealed is not None else None
