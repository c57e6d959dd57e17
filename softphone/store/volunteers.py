"""Volunteers in the database."""

from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.domain.volunteers import Availability, Dialling, Role, Volunteer
from softphone.store.database import Connection, Row, from_micros, to_micros

COLUMNS = (
    "v.id, v.login, v.name, v.role, v.extension, v.languages, v.dialling, v.webrtc_enabled, v.active,"
    " v.password_hash IS NOT NULL, v.availability, v.availability_since, v.created_at"
)
"""What `volunteer_of` reads, from `volunteers v`."""


def volunteer_of(row: Row) -> Volunteer:
    """The volunteer in a row of `COLUMNS`; anything after them is ignored."""
    return Volunteer(
        id=VolunteerId(str(row[0])),
        login=str(row[1]),
        name=str(row[2]),
        role=Role(str(row[3])),
        extension=str(row[4]),
        languages=tuple(str(row[5]).split()),
        dialling=Dialling(str(row[6])),
        webrtc_enabled=bool(row[7]),
        active=bool(row[8]),
        has_password=bool(row[9]),
        availability=Availability(str(row[10])),
        availability_since=from_micros(int(str(row[11]))),
        created_at=from_micros(int(str(row[12]))),
    )


async def insert_volunteer(connection: Connection, volunteer: Volunteer, *, password_hash: str | None = None) -> None:
    """Add a volunteer. `has_password` follows from `password_hash`."""
    await connection.execute(
        "INSERT INTO volunteers (id, login, name, role, extension, languages, dialling, webrtc_enabled, active,"
        " password_hash, availability, availability_since, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        volunteer.id,
        volunteer.login,
        volunteer.name,
        volunteer.role.value,
        volunteer.extension,
        " ".join(volunteer.languages),
        volunteer.dialling.value,
        volunteer.webrtc_enabled,
        volunteer.active,
        password_hash,
        volunteer.availability.value,
        to_micros(volunteer.availability_since),
        to_micros(volunteer.created_at),
    )


async def update_volunteer(connection: Connection, volunteer: Volunteer) -> None:
    """Write everything but the login, the password and the creation."""
    await connection.execute(
        "UPDATE volunteers SET name = $1, role = $2, extension = $3, languages = $4, dialling = $5,"
        " webrtc_enabled = $6, active = $7, availability = $8, availability_since = $9 WHERE id = $10",
        volunteer.name,
        volunteer.role.value,
        volunteer.extension,
        " ".join(volunteer.languages),
        volunteer.dialling.value,
        volunteer.webrtc_enabled,
        volunteer.active,
        volunteer.availability.value,
        to_micros(volunteer.availability_since),
        volunteer.id,
    )


async def update_availability(
    connection: Connection, volunteer: VolunteerId, availability: Availability, *, since: datetime
) -> None:
    """Write whether a volunteer is on duty, and since when."""
    await connection.execute(
        "UPDATE volunteers SET availability = $1, availability_since = $2 WHERE id = $3",
        availability.value,
        to_micros(since),
        volunteer,
    )


async def update_languages(connection: Connection, volunteer: VolunteerId, languages: tuple[str, ...]) -> None:
    """Write the languages of a volunteer, best first."""
    await connection.execute("UPDATE volunteers SET languages = $1 WHERE id = $2", " ".join(languages), volunteer)


async def update_password(connection: Connection, volunteer: VolunteerId, password_hash: str) -> None:
    """Write the hash of a new password."""
    await connection.execute("UPDATE volunteers SET password_hash = $1 WHERE id = $2", password_hash, volunteer)


async def select_volunteer(connection: Connection, volunteer: VolunteerId, *, lock: bool = False) -> Volunteer | None:
    """The volunteer with an id. `lock` holds the row until the unit ends."""
    row = await connection.fetch_one(
        f"SELECT {COLUMNS} FROM volunteers v WHERE v.id = $1 {connection.for_update if lock else ''}",  # noqa: S608  # constants only
        volunteer,
    )
    return volunteer_of(row) if row else None


async def select_volunteer_by_login(connection: Connection, login: str) -> Volunteer | None:
    """The volunteer who signs in as `login`."""
    row = await connection.fetch_one(f"SELECT {COLUMNS} FROM volunteers v WHERE v.login = $1", login)  # noqa: S608  # constants only
    return volunteer_of(row) if row else None


async def select_volunteer_by_extension(connection: Connection, extension: str) -> Volunteer | None:
    """The volunteer whom colleagues dial as `extension`."""
    row = await connection.fetch_one(f"SELECT {COLUMNS} FROM volunteers v WHERE v.extension = $1", extension)  # noqa: S608  # constants only
    return volunteer_of(row) if row else None


async def select_active_volunteers(connection: Connection) -> list[Volunteer]:
    """Every volunteer who is not disabled, by name. A hotline has tens of them, not thousands."""
    rows = await connection.fetch_all(f"SELECT {COLUMNS} FROM volunteers v WHERE v.active ORDER BY v.name, v.id")  # noqa: S608  # constants only
    return [volunteer_of(row) for row in rows]


async def select_volunteers(connection: Connection, *, limit: int, offset: int) -> list[Volunteer]:
    """A page of all volunteers, disabled ones too, by name."""
    rows = await connection.fetch_all(
        f"SELECT {COLUMNS} FROM volunteers v ORDER BY v.name, v.id LIMIT $1 OFFSET $2",  # noqa: S608  # constants only
        limit,
        offset,
    )
    return [volunteer_of(row) for row in rows]


async def count_volunteers(connection: Connection) -> int:
    """How many volunteers there are, disabled ones too."""
    row = await connection.fetch_one("SELECT count(*) FROM volunteers")
    return int(str(row[0])) if row else 0


async def select_colleagues(
    connection: Connection, volunteer: VolunteerId, *, limit: int, offset: int
) -> list[Volunteer]:
    """A page of the active volunteers besides one, by name."""
    rows = await connection.fetch_all(
        f"SELECT {COLUMNS} FROM volunteers v WHERE v.active AND v.id <> $1 ORDER BY v.name, v.id LIMIT $2 OFFSET $3",  # noqa: S608  # constants only
        volunteer,
        limit,
        offset,
    )
    return [volunteer_of(row) for row in rows]


async def count_colleagues(connection: Connection, volunteer: VolunteerId) -> int:
    """How many active volunteers there are besides one."""
    row = await connection.fetch_one("SELECT count(*) FROM volunteers WHERE active AND id <> $1", volunteer)
    return int(str(row[0])) if row else 0


async def select_active_admins(connection: Connection) -> list[VolunteerId]:
    """The administrators who are not disabled, held until the unit ends, so that two units cannot both remove one of
    the last two.
    """
    rows = await connection.fetch_all(
        f"SELECT id FROM volunteers WHERE role = 'admin' AND active ORDER BY id {connection.for_update}"  # noqa: S608  # constants only
    )
    return [VolunteerId(str(row[0])) for row in rows]


async def select_extensions(connection: Connection) -> set[str]:
    """Every extension in use."""
    return {str(row[0]) for row in await connection.fetch_all("SELECT extension FROM volunteers")}


async def select_password_hash(connection: Connection, volunteer: VolunteerId) -> str | None:
    """The hash of a volunteer's password; None before one is set."""
    row = await connection.fetch_one("SELECT password_hash FROM volunteers WHERE id = $1", volunteer)
    return str(row[0]) if row and row[0] is not None else None
