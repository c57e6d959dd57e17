"""SIP phones in the database. A password that is on its way to Plivo is kept beside the one that is there."""

from collections.abc import Sequence
from datetime import datetime

from softphone.domain.endpoints import Endpoint, EndpointKind
from softphone.domain.ids import ConnectionId, EndpointId, EndpointUsername, VolunteerId
from softphone.domain.registration import EndReason
from softphone.domain.secret import Secret
from softphone.domain.sip_phones import SipPhone, Task
from softphone.store.database import Connection, Row, from_micros, to_micros
from softphone.store.sealing import Keyring, Place

_COLUMNS = (
    "e.id, e.connection_id, e.volunteer_id, e.alias, e.username, e.plivo_id, e.created_at, v.name, v.active, s.label,"
    " s.send_digits, s.given_at, s.followed_up_at, s.task, s.task_at, s.task_tries, s.problem, s.read_at,"
    " s.read_problem, s.missing, s.looked_at"
)
_FROM = " FROM sip_phones s JOIN endpoints e ON e.id = s.endpoint_id JOIN volunteers v ON v.id = e.volunteer_id"
_SELECT = f"SELECT {_COLUMNS}{_FROM}"


async def select_sip_phone(db: Connection, endpoint_id: EndpointId, *, lock: bool = False) -> SipPhone | None:
    """A SIP phone. `lock` holds it until the unit ends."""
    held = f"{db.for_update} OF s" if lock and db.for_update else ""
    row = await db.fetch_one(f"{_SELECT} WHERE e.id = $1 {held}", endpoint_id)
    return _read(row) if row else None


async def select_sip_phones_of(db: Connection, volunteer: VolunteerId) -> list[SipPhone]:
    """A volunteer's SIP phones, by name."""
    rows = await db.fetch_all(f"{_SELECT} WHERE e.volunteer_id = $1 ORDER BY s.label, e.id", volunteer)
    return [_read(row) for row in rows]


async def select_sip_phones(db: Connection, *, limit: int, offset: int) -> list[SipPhone]:
    """Everybody's SIP phones, by the volunteer's name and the device's."""
    rows = await db.fetch_all(f"{_SELECT} ORDER BY v.name, v.id, s.label, e.id LIMIT $1 OFFSET $2", limit, offset)
    return [_read(row) for row in rows]


async def count_sip_phones(db: Connection) -> int:
    """How many SIP phones there are."""
    row = await db.fetch_one("SELECT count(*) FROM sip_phones")
    return int(str(row[0])) if row else 0


async def select_due_tasks(db: Connection, *, now: datetime, limit: int) -> list[EndpointId]:
    """The phones with something to be done at Plivo now, longest due first."""
    rows = await db.fetch_all(
        "SELECT endpoint_id FROM sip_phones WHERE task IS NOT NULL AND task_at <= $1 ORDER BY task_at LIMIT $2",
        to_micros(now),
        limit,
    )
    return [EndpointId(str(row[0])) for row in rows]


async def select_watched(db: Connection, connection_id: ConnectionId) -> list[tuple[SipPhone, bool]]:
    """The phones of active volunteers that Plivo has, each with whether its owner is on duty."""
    rows = await db.fetch_all(
        f"SELECT {_COLUMNS}, v.availability = 'on_duty'{_FROM}"
        " WHERE e.connection_id = $1 AND e.plivo_id IS NOT NULL AND v.active"
        " AND (s.task IS NULL OR s.task <> 'remove') ORDER BY e.created_at, e.id",
        connection_id,
    )
    return [(_read(row), bool(row[-1])) for row in rows]


async def insert_sip_phone(db: Connection, phone: SipPhone, *, password: Secret, keyring: Keyring) -> None:
    """Add a phone with its endpoint. For one that is adopted the password is the one that it is to get."""
    end = phone.endpoint
    await db.execute(
        "INSERT INTO endpoints (id, connection_id, volunteer_id, kind, alias, username, plivo_id, password_sealed,"
        " registration_generation, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
        end.id,
        end.connection_id,
        end.volunteer_id,
        EndpointKind.SIP,
        end.alias,
        end.username,
        end.plivo_id,
        keyring.seal(password, _now_place(end.id)),
        to_micros(end.created_at),
    )
    await db.execute(
        "INSERT INTO sip_phones (endpoint_id, label, task, task_at, task_tries, next_password_sealed, missing)"
        " VALUES ($1, $2, $3, $4, 0, $5, $6)",
        end.id,
        phone.label,
        phone.task,
        to_micros(phone.task_at),
        keyring.seal(password, _next_place(end.id)) if phone.task is not Task.MAKE else None,
        False,
    )


async def update_sip_phone_names(
    db: Connection, endpoint_id: EndpointId, *, label: str, alias: str, send_digits: str | None
) -> None:
    """Write what a phone is called, and the keys to press once it has answered."""
    await db.execute("UPDATE endpoints SET alias = $2 WHERE id = $1", endpoint_id, alias)
    await db.execute(
        "UPDATE sip_phones SET label = $2, send_digits = $3 WHERE endpoint_id = $1", endpoint_id, label, send_digits
    )


async def update_task(
    db: Connection,
    endpoint_id: EndpointId,
    task: Task,
    *,
    at: datetime,
    tries: int = 0,
    problem: str | None = None,
) -> None:
    """Write what is to be done at Plivo, and when it may be taken up."""
    await db.execute(
        "UPDATE sip_phones SET task = $2, task_at = $3, task_tries = $4, problem = $5 WHERE endpoint_id = $1",
        endpoint_id,
        task,
        to_micros(at),
        tries,
        problem,
    )


async def update_task_done(db: Connection, endpoint_id: EndpointId, *, problem: str | None = None) -> None:
    """Nothing is to be done any more; a password that was on its way is forgotten."""
    await db.execute(
        "UPDATE sip_phones SET task = NULL, task_tries = 0, next_password_sealed = NULL, problem = $2"
        " WHERE endpoint_id = $1",
        endpoint_id,
        problem,
    )


async def update_next_password(db: Connection, endpoint_id: EndpointId, password: Secret, *, keyring: Keyring) -> None:
    """Keep the password that Plivo is about to be told."""
    sealed = keyring.seal(password, _next_place(endpoint_id))
    await db.execute("UPDATE sip_phones SET next_password_sealed = $2 WHERE endpoint_id = $1", endpoint_id, sealed)


async def select_next_password(db: Connection, endpoint_id: EndpointId, *, keyring: Keyring) -> Secret | None:
    """The password that Plivo is being told."""
    row = await db.fetch_one("SELECT next_password_sealed FROM sip_phones WHERE endpoint_id = $1", endpoint_id)
    return keyring.open(str(row[0]), _next_place(endpoint_id)) if row and row[0] is not None else None


async def update_password_settled(
    db: Connection, endpoint_id: EndpointId, password: Secret, *, keyring: Keyring
) -> None:
    """Plivo has this password now, and no device knows it yet."""
    await db.execute(
        "UPDATE endpoints SET password_sealed = $2 WHERE id = $1",
        endpoint_id,
        keyring.seal(password, _now_place(endpoint_id)),
    )
    await db.execute(
        "UPDATE sip_phones SET given_at = NULL, followed_up_at = NULL, missing = $2 WHERE endpoint_id = $1",
        endpoint_id,
        False,
    )


async def update_anew(
    db: Connection, endpoint_id: EndpointId, *, alias: str, password: Secret, keyring: Keyring
) -> None:
    """Forget what Plivo had, so that it can be made again with another password."""
    await db.execute(
        "UPDATE endpoints SET username = NULL, plivo_id = NULL, alias = $2, password_sealed = $3 WHERE id = $1",
        endpoint_id,
        alias,
        keyring.seal(password, _now_place(endpoint_id)),
    )
    await db.execute(
        "UPDATE sip_phones SET given_at = NULL, followed_up_at = NULL, missing = $2, read_at = NULL,"
        " read_problem = NULL WHERE endpoint_id = $1",
        endpoint_id,
        False,
    )


async def update_signed_out(db: Connection, endpoint_id: EndpointId, *, now: datetime) -> None:
    """No device holds the endpoint any more."""
    await db.execute(
        "UPDATE registrations SET ended_at = $2, end_reason = $3 WHERE endpoint_id = $1 AND ended_at IS NULL",
        endpoint_id,
        to_micros(now),
        EndReason.GONE,
    )


async def update_made(db: Connection, endpoint_id: EndpointId, *, username: EndpointUsername, plivo_id: str) -> None:
    """Write what Plivo made."""
    await db.execute("UPDATE endpoints SET username = $2, plivo_id = $3 WHERE id = $1", endpoint_id, username, plivo_id)


async def update_missing(db: Connection, endpoint_id: EndpointId) -> None:
    """Plivo does not have the endpoint."""
    await db.execute("UPDATE sip_phones SET missing = $2 WHERE endpoint_id = $1", endpoint_id, True)


async def update_given(db: Connection, endpoint_id: EndpointId, *, now: datetime) -> None:
    """The password was shown, and a device is being set up with it."""
    await db.execute(
        "UPDATE sip_phones SET given_at = $2, followed_up_at = NULL WHERE endpoint_id = $1",
        endpoint_id,
        to_micros(now),
    )


async def update_followed_up(db: Connection, endpoint_id: EndpointId, *, now: datetime) -> None:
    """The owner was told that the phone has not registered."""
    await db.execute("UPDATE sip_phones SET followed_up_at = $2 WHERE endpoint_id = $1", endpoint_id, to_micros(now))


async def update_read(db: Connection, endpoint_id: EndpointId, *, missing: bool, now: datetime) -> None:
    """Plivo said how it stands."""
    await db.execute(
        "UPDATE sip_phones SET looked_at = $2, read_at = $2, read_problem = NULL, missing = $3 WHERE endpoint_id = $1",
        endpoint_id,
        to_micros(now),
        missing,
    )


async def update_unread(db: Connection, endpoint_id: EndpointId, *, problem: str, now: datetime) -> None:
    """Plivo could not be asked, or not be understood."""
    await db.execute(
        "UPDATE sip_phones SET looked_at = $3, read_problem = $2 WHERE endpoint_id = $1",
        endpoint_id,
        problem,
        to_micros(now),
    )


async def update_forgotten(db: Connection, connection_id: ConnectionId, *, now: datetime) -> int:
    """The connection is another account now: its phones are to be made there, and none is signed in. Run it after the
    endpoints' own rows have forgotten what Plivo made of them. How many there are.
    """
    await db.execute(
        "UPDATE registrations SET ended_at = $2, end_reason = $3 WHERE ended_at IS NULL AND endpoint_id IN"
        " (SELECT s.endpoint_id FROM sip_phones s JOIN endpoints e ON e.id = s.endpoint_id WHERE e.connection_id = $1)",
        connection_id,
        to_micros(now),
        EndReason.GONE,
    )
    return await db.execute(
        "UPDATE sip_phones SET task = CASE WHEN task = 'remove' THEN 'remove' ELSE 'make' END, task_at = $2,"
        " task_tries = 0, problem = NULL, given_at = NULL, read_at = NULL, next_password_sealed = NULL"
        " WHERE endpoint_id IN (SELECT id FROM endpoints WHERE connection_id = $1)",
        connection_id,
        to_micros(now),
    )


async def delete_sip_phone(db: Connection, endpoint_id: EndpointId) -> None:
    """Forget a phone with everything that hangs on it."""
    await db.execute("DELETE FROM phone_links WHERE endpoint_id = $1", endpoint_id)
    await db.execute("DELETE FROM ring_tests WHERE endpoint_id = $1", endpoint_id)
    await db.execute("DELETE FROM registrations WHERE endpoint_id = $1", endpoint_id)
    await db.execute("DELETE FROM sip_phones WHERE endpoint_id = $1", endpoint_id)
    await db.execute("DELETE FROM endpoints WHERE id = $1", endpoint_id)


async def select_all_endpoints(db: Connection, connection_id: ConnectionId) -> Sequence[tuple[Endpoint, str]]:
    """Every endpoint of a connection, of browsers too, each with the name of its volunteer."""
    rows = await db.fetch_all(
        "SELECT e.id, e.connection_id, e.volunteer_id, e.alias, e.username, e.plivo_id, e.created_at, e.kind, v.name"
        " FROM endpoints e JOIN volunteers v ON v.id = e.volunteer_id WHERE e.connection_id = $1"
        " ORDER BY v.name, e.created_at, e.id",
        connection_id,
    )
    return [(_endpoint(row, EndpointKind(str(row[7]))), str(row[8])) for row in rows]


def _now_place(endpoint_id: EndpointId) -> Place:
    return Place("endpoints", "password", endpoint_id)


def _next_place(endpoint_id: EndpointId) -> Place:
    return Place("sip_phones", "next_password", endpoint_id)


def _endpoint(row: Row, kind: EndpointKind) -> Endpoint:
    return Endpoint(
        id=EndpointId(str(row[0])),
        connection_id=ConnectionId(str(row[1])),
        volunteer_id=VolunteerId(str(row[2])),
        kind=kind,
        alias=str(row[3]),
        username=EndpointUsername(str(row[4])) if row[4] is not None else None,
        plivo_id=str(row[5]) if row[5] is not None else None,
        created_at=from_micros(int(str(row[6]))),
    )


def _read(row: Row) -> SipPhone:
    return SipPhone(
        endpoint=_endpoint(row, EndpointKind.SIP),
        volunteer_name=str(row[7]),
        volunteer_active=bool(row[8]),
        label=str(row[9]),
        send_digits=_text(row[10]),
        given_at=_moment(row[11]),
        followed_up_at=_moment(row[12]),
        task=Task(str(row[13])) if row[13] is not None else None,
        task_at=from_micros(int(str(row[14]))),
        task_tries=int(str(row[15])),
        problem=_text(row[16]),
        read_at=_moment(row[17]),
        read_problem=_text(row[18]),
        missing=bool(row[19]),
        looked_at=_moment(row[20]),
    )


def _moment(value: object) -> datetime | None:
    return from_micros(int(str(value))) if value is not None else None


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
