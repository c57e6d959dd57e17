"""Connections for tests."""

from typing import Any

from softphone.domain.connections import Connection, TokenSource
from softphone.domain.ids import AuthId, ConnectionId, PhoneNumber
from softphone.domain.secret import Secret
from softphone.store.connections import insert_connection
from softphone.store.database import Database
from softphone.store.sealing import Keyring
from tests.clock import NOON
from tests.plivo_wire import AUTH_ID, AUTH_TOKEN


def connection(**changes: Any) -> Connection:
    """The default connection of the pretend Plivo's account, with changes."""
    fields: dict[str, Any] = {
        "id": ConnectionId("main"),
        "name": "Main",
        "is_default": True,
        "auth_id": AuthId(AUTH_ID),
        "auth_token": Secret(AUTH_TOKEN),
        "previous_auth_token": None,
        "previous_until": None,
        "main_auth_id": None,
        "main_auth_token": None,
        "country": "US",
        "token_source": TokenSource.LOCAL,
        "settled_source": TokenSource.LOCAL,
        "token_lifetime_seconds": 600,
        "application_id": None,
        "webrtc_enabled": True,
        "allowed_countries": ("US",),
        "numbers": (PhoneNumber("14155550100"),),
        "caller_id": PhoneNumber("14155550100"),
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Connection(**{**fields, **changes})


async def add_connection(database: Database, keyring: Keyring, **changes: Any) -> Connection:
    """Put a connection into a database."""
    made = connection(**changes)
    await database.write(lambda db: insert_connection(db, made, keyring=keyring))
    return made
