"""Registrations in the database: what was said, by which device, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import ConnectionId, DeviceId, EndpointId, EndpointUsername, RegistrationId, VolunteerId
from softphone.domain.registration import EndReason, Registration
from softphone.store.database import Connection, Row, from_micros, to_micros

COLUMNS = (
    "r.id, r.endpoint_id, r.generation, r.device_id, r.device_label, r.user_agent, r.registered_at, r.refreshed_at,"
    " r.expires_at, r.ended_at, r.end_reason"
)
"""What `registration_of` reads, from `registrations r`."""
_NEWEST = (
    " JOIN (SELECT endpoint_id, max(generation) AS generation FROM registrations GROUP BY endpoint_id) n"
    " ON n.endpoint_id = r.endpoint_id AND n.generation = r.generation"
)
_WITH_OWNER = (
    f"SELECT {COLUMNS}, v.id, v.name, e.username FROM registrations r"  # noqa: S608  # constant
    " JOIN endpoints e ON e.id = r.endpoint_id JOIN volunteers v ON v.id = e.volunteer_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedRegistration:
    """A registration with the people and names that an administrator knows it by."""

    registration: Registration
    volunteer_id: VolunteerId
    volunteer_name: str
    username: EndpointUsername | None


async def select_newest_registration(connection: Connection, endpoint_id: EndpointId) -> Registration | None:
    """The newest registration of an endpoint, ended or not."""
    row = await connection.fetch_one(
        f"SELECT {COLUMNS} FROM registrations r WHERE r.endpoint_id = $1"  # noqa: S608  # constant
        " ORDER BY r.generation DESC LIMIT 1",
        endpoint_id,
    )
    return registration_of(row) if row else None


async def select_newest_of_connection(
    connection: Connection, connection_id: ConnectionId
) -> dict[VolunteerId, Registration]:
    """The newest registration of every volunteer who has one on a connection; of several phones', the one that lasts
    longest.
    """
    rows = await connection.fetch_all(
        f"{_WITH_OWNER}{_NEWEST} WHERE e.connection_id = $1"
        " ORDER BY CASE WHEN r.ended_at IS NULL THEN 1 ELSE 0 END, r.expires_at",
        connection_id,
    )
    return {VolunteerId(str(row[11])): registration_of(row) for row in rows}


async def select_newest_registrations(connection: Connection, *, limit: int, offset: int) -> list[OwnedRegistration]:
    """The newest registration of every endpoint, by the volunteer's name."""
    rows = await connection.fetch_all(
        f"{_WITH_OWNER}{_NEWEST} ORDER BY v.name, r.endpoint_id LIMIT $1 OFFSET $2", limit, offset
    )
    return [_read_owned(row) for row in rows]


async def count_registered_endpoints(connection: Connection) -> int:
    """How many endpoints have registered at least once."""
    row = await connection.fetch_one("SELECT count(DISTINCT endpoint_id) FROM registrations")
    return int(str(row[0])) if row else 0


async def select_registrations(
    connection: Connection, endpoint_id: EndpointId, *, limit: int, offset: int
) -> list[OwnedRegistration]:
    """The history of an endpoint, newest first."""
    rows = await connection.fetch_all(
        f"{_WITH_OWNER} WHERE r.endpoint_id = $1 ORDER BY r.generation DESC LIMIT $2 OFFSET $3",
        endpoint_id,
        limit,
        offset,
    )
    return [_read_owned(row) for row in rows]


async def count_registrations(connection: Connection, endpoint_id: EndpointId) -> int:
    """How many registrations an endpoint has had."""
    row = await connection.fetch_one("SELECT count(*) FROM registrations WHERE endpoint_id = $1", endpoint_id)
    return int(str(row[0])) if row else 0


async def select_begun_at(
    connection: Connection, endpoint_id: EndpointId, device_id: DeviceId, *, since: datetime
) -> Sequence[datetime]:
    """When a device began registrations of an endpoint, from `since` on."""
    rows = await connection.fetch_all(
        "SELECT registered_at FROM registrations WHERE endpoint_id = $1 AND device_id = $2 AND registered_at >= $3",
        endpoint_id,
        device_id,
        to_micros(since),
    )
    return [from_micros(int(str(row[0]))) for row in rows]


async def insert_registration(connection: Connection, registration: Registration) -> None:
    """Add a registration."""
    await connection.execute(
        "INSERT INTO registrations (id, endpoint_id, generation, device_id, device_label, user_agent, registered_at,"
        " refreshed_at, expires_at, ended_at, end_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        registration.id,
        registration.endpoint_id,
        registration.generation,
        registration.device_id,
        registration.device_label,
        registration.user_agent,
        to_micros(registration.registered_at),
        to_micros(registration.refreshed_at),
        to_micros(registration.expires_at),
        to_micros(registration.ended_at) if registration.ended_at else None,
        registration.end_reason,
    )


async def update_registration(connection: Connection, registration: Registration) -> None:
    """Write a registration's times and end back."""
    await connection.execute(
        "UPDATE registrations SET refreshed_at = $2, expires_at = $3, ended_at = $4, end_reason = $5 WHERE id = $1",
        registration.id,
        to_micros(registration.refreshed_at),
        to_micros(registration.expires_at),
        to_micros(registration.ended_at) if registration.ended_at else None,
        registration.end_reason,
    )


def registration_of(row: Row) -> Registration:
    """The registration in a row of `COLUMNS`; anything after them is ignored."""
    return Registration(
        id=RegistrationId(str(row[0])),
        endpoint_id=EndpointId(str(row[1])),
        generation=int(str(row[2])),
        device_id=DeviceId(str(row[3])),
        device_label=str(row[4]),
        user_agent=str(row[5]),
        registered_at=from_micros(int(str(row[6]))),
        refreshed_at=from_micros(int(str(row[7]))),
        expires_at=from_micros(int(str(row[8]))),
        ended_at=from_micros(int(str(row[9]))) if row[9] is not None else None,
        end_reason=EndReason(str(row[10])) if row[10] is not None else None,
    )


def _read_owned(row: Row) -> OwnedRegistration:
    return OwnedRegistration(
        registration=registration_of(row),
        volunteer_id=VolunteerId(str(row[11])),
        volunteer_name=str(row[12]),
        username=EndpointUsername(str(row[13])) if row[13] is not None else None,
    )
