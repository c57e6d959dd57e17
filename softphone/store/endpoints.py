"""Endpoints in the database. The password is sealed and has its own door."""

from collections.abc import Sequence

from softphone.domain.endpoints import Endpoint, EndpointKind
from softphone.domain.ids import ConnectionId, EndpointId, EndpointUsername, VolunteerId
from softphone.domain.secret import Secret
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_SELECT = "SELECT id, connection_id, volunteer_id, kind, alias, username, plivo_id, created_at FROM endpoints"


async def select_endpoint(connection: Connection, endpoint_id: EndpointId) -> Endpoint | None:
    """An endpoint by our id."""
    row = await connection.fetch_one(f"{_SELECT} WHERE id = $1", endpoint_id)
    return _read(row) if row else None


async def select_volunteers_endpoint(
    connection: Connection, connection_id: ConnectionId, volunteer_id: VolunteerId, *, lock: bool = False
) -> Endpoint | None:
    """The browser endpoint of a volunteer on a connection. `lock` holds the row until the unit ends."""
    row = await connection.fetch_one(
        f"{_SELECT} WHERE connection_id = $1 AND volunteer_id = $2 AND kind = $3"
        f" {connection.for_update if lock else ''}",
        connection_id,
        volunteer_id,
        EndpointKind.BROWSER,
    )
    return _read(row) if row else None


async def select_endpoint_by_username(
    connection: Connection, connection_id: ConnectionId, username: EndpointUsername
) -> Endpoint | None:
    """The endpoint behind a SIP user name of a connection; how a caller's `From` becomes a volunteer."""
    row = await connection.fetch_one(f"{_SELECT} WHERE connection_id = $1 AND username = $2", connection_id, username)
    return _read(row) if row else None


async def select_endpoints(connection: Connection, connection_id: ConnectionId) -> Sequence[Endpoint]:
    """Every endpoint of a connection, oldest first."""
    rows = await connection.fetch_all(f"{_SELECT} WHERE connection_id = $1 ORDER BY created_at, id", connection_id)
    return [_read(row) for row in rows]


async def insert_endpoint(connection: Connection, endpoint: Endpoint, *, password: Secret, keyring: Keyring) -> bool:
    """Add an endpoint; False if the volunteer has a browser endpoint on this connection already.
    Of SIP endpoints they may have many.
    """
    added = await connection.execute(
        "INSERT INTO endpoints (id, connection_id, volunteer_id, kind, alias, username, plivo_id, password_sealed,"
        " registration_generation, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)"
        " ON CONFLICT (connection_id, volunteer_id) WHERE kind = 'browser' DO NOTHING",
        endpoint.id,
        endpoint.connection_id,
        endpoint.volunteer_id,
        endpoint.kind,
        endpoint.alias,
        endpoint.username,
        endpoint.plivo_id,
        keyring.seal(password, _place(endpoint.id)),
        to_micros(endpoint.created_at),
    )
    return added == 1


async def update_endpoint_confirmed(
    connection: Connection, endpoint_id: EndpointId, *, username: EndpointUsername, plivo_id: str
) -> bool:
    """Write what Plivo made of the endpoint; False if it was confirmed before."""
    changed = await connection.execute(
        "UPDATE endpoints SET username = $2, plivo_id = $3 WHERE id = $1 AND username IS NULL",
        endpoint_id,
        username,
        plivo_id,
    )
    return changed == 1


async def update_endpoints_forgotten(connection: Connection, connection_id: ConnectionId) -> int:
    """Forget what Plivo made of a connection's endpoints, because it now is another account; how many there were."""
    return await connection.execute(
        "UPDATE endpoints SET username = NULL, plivo_id = NULL WHERE connection_id = $1", connection_id
    )


async def update_generation(connection: Connection, endpoint_id: EndpointId) -> int:
    """Take the endpoint's next registration generation."""
    row = await connection.fetch_one(
        "UPDATE endpoints SET registration_generation = registration_generation + 1 WHERE id = $1"
        " RETURNING registration_generation",
        endpoint_id,
    )
    return int(str(row[0])) if row else 0


async def select_endpoint_password(
    connection: Connection, endpoint_id: EndpointId, *, keyring: Keyring
) -> Secret | None:
    """The SIP password of an endpoint."""
    row = await connection.fetch_one("SELECT password_sealed FROM endpoints WHERE id = $1", endpoint_id)
    return keyring.open(str(row[0]), _place(endpoint_id)) if row and row[0] is not None else None


def _place(endpoint_id: EndpointId) -> Place:
    return Place("endpoints", "password", endpoint_id)


def _read(row: Row) -> Endpoint:
    return Endpoint(
        id=EndpointId(str(row[0])),
        connection_id=ConnectionId(str(row[1])),
        volunteer_id=VolunteerId(str(row[2])),
        kind=EndpointKind(str(row[3])),
        alias=str(row[4]),
        username=EndpointUsername(str(row[5])) if row[5] is not None else None,
        plivo_id=str(row[6]) if row[6] is not None else None,
        created_at=from_micros(int(str(row[7]))),
    )
