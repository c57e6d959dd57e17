"""Sessions in the database. A session's id is never stored, only its SHA-256 (threat model, section 4)."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.domain.volunteers import Volunteer
from softphone.store.database import Connection, from_micros, to_micros
from softphone.store.volunteers import COLUMNS, volunteer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in, named by `sign_in`. `expires_at` is absolute; being idle ends it earlier. `stepped_up_at` is when
    the password was last given; the session gets a new id then.
    """

    id_hash: str
    sign_in: str
    volunteer_id: VolunteerId
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    stepped_up_at: datetime
    user_agent: str


async def insert_session(connection: Connection, session: Session) -> None:
    """Add a session."""
    await connection.execute(
        "INSERT INTO sessions (id_hash, sign_in, volunteer_id, created_at, seen_at, expires_at, stepped_up_at,"
        " user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        session.id_hash,
        session.sign_in,
        session.volunteer_id,
        to_micros(session.created_at),
        to_micros(session.seen_at),
        to_micros(session.expires_at),
        to_micros(session.stepped_up_at),
        session.user_agent,
    )


async def select_session(connection: Connection, id_hash: str) -> tuple[Session, Volunteer] | None:
    """A session and whose it is."""
    row = await connection.fetch_one(
        f"SELECT {COLUMNS}, s.id_hash, s.sign_in, s.created_at, s.seen_at, s.expires_at, s.stepped_up_at, s.user_agent"  # noqa: S608  # constants only
        " FROM sessions s JOIN volunteers v ON v.id = s.volunteer_id WHERE s.id_hash = $1",
        id_hash,
    )
    if row is None:
        return None
    volunteer = volunteer_of(row)
    found, sign_in, created, seen, expires, stepped_up, user_agent = row[-7:]
    session = Session(
        id_hash=str(found),
        sign_in=str(sign_in),
        volunteer_id=volunteer.id,
        created_at=from_micros(int(str(created))),
        seen_at=from_micros(int(str(seen))),
        expires_at=from_micros(int(str(expires))),
        stepped_up_at=from_micros(int(str(stepped_up))),
        user_agent=str(user_agent),
    )
    return session, volunteer


async def update_session_seen(connection: Connection, id_hash: str, *, seen_at: datetime) -> None:
    """Write that a session was used."""
    await connection.execute("UPDATE sessions SET seen_at = $1 WHERE id_hash = $2", to_micros(seen_at), id_hash)


async def delete_session(connection: Connection, id_hash: str) -> int:
    """End a session; 0 if it had ended already."""
    return await connection.execute("DELETE FROM sessions WHERE id_hash = $1", id_hash)


async def delete_sessions_of(connection: Connection, volunteer: VolunteerId) -> int:
    """End every session of a volunteer; how many there were."""
    return await connection.execute("DELETE FROM sessions WHERE volunteer_id = $1", volunteer)


async def delete_dead_sessions(connection: Connection, *, now: datetime, idle_since: datetime) -> int:
    """Forget the sessions that ended by themselves; how many there were."""
    return await connection.execute(
        "DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2", to_micros(now), to_micros(idle_since)
    )
