"""Invites in the database: hashed, used once."""

from dataclasses import dataclass
from datetime import datetime

from softphone.domain.ids import VolunteerId
from softphone.store.database import Connection, from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """The right to choose a password, once, until `expires_at`. Only the hash of its secret is kept."""

    id: str
    secret_hash: str
    volunteer_id: VolunteerId
    created_at: datetime
    expires_at: datetime


async def insert_invite(connection: Connection, invite: Invite) -> None:
    """Add an invite."""
    await connection.execute(
        "INSERT INTO invites (id, secret_hash, volunteer_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        invite.id,
        invite.secret_hash,
        invite.volunteer_id,
        to_micros(invite.created_at),
        to_micros(invite.expires_at),
    )


async def select_open_invite(connection: Connection, invite_id: str, *, now: datetime) -> Invite | None:
    """The invite, if it is neither used nor expired."""
    row = await connection.fetch_one(
        "SELECT id, secret_hash, volunteer_id, created_at, expires_at FROM invites"
        " WHERE id = $1 AND used_at IS NULL AND expires_at > $2",
        invite_id,
        to_micros(now),
    )
    if row is None:
        return None
    return Invite(
        id=str(row[0]),
        secret_hash=str(row[1]),
        volunteer_id=VolunteerId(str(row[2])),
        created_at=from_micros(int(str(row[3]))),
        expires_at=from_micros(int(str(row[4]))),
    )


async def update_invite_used(connection: Connection, invite_id: str, *, now: datetime) -> bool:
    """Use an invite. False if somebody was faster: of any number that try at once, one succeeds."""
    changed = await connection.execute(
        "UPDATE invites SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND expires_at > $1",
        to_micros(now),
        invite_id,
    )
    return changed == 1


async def delete_open_invites(connection: Connection, volunteer: VolunteerId) -> int:
    """Have the invites that were not used open nothing any more; how many there were."""
    return await connection.execute("DELETE FROM invites WHERE volunteer_id = $1 AND used_at IS NULL", volunteer)


async def select_invited(connection: Connection, *, now: datetime) -> set[VolunteerId]:
    """Who has an invite that can still be used."""
    rows = await connection.fetch_all(
        "SELECT volunteer_id FROM invites WHERE used_at IS NULL AND expires_at > $1", to_micros(now)
    )
    return {VolunteerId(str(row[0])) for row in rows}
